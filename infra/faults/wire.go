// Package faults breaks every call that Seatkeeper makes, one at a time and on purpose, and holds it to its promise: what
// was asked for is done or not done, never between, and to ask again is right. It owns the places where calls go wrong (a
// wire to DynamoDB, a bus, a mailer) and what state is, so that two can be compared. Which operations there are, and how
// each is asked for, is for package check to say; what is broken, and what must hold then, is in its tests.
package faults

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"

	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Kind is how a call goes wrong.
type Kind string

// The kinds. Those of reads, and those of a bus or a mailer, are fewer: see their Kinds.
const (
	Before    Kind = "fails before it took effect"
	After     Kind = "takes effect, and its answer is lost"
	Twice     Kind = "takes effect, its answer is lost, and the SDK makes it again"
	Throttled Kind = "is throttled"
	Conflict  Kind = "meets a conflict, and its repeat does not"
	Conflicts Kind = "meets conflicts for as long as it is repeated"
	Slow      Kind = "is not made before the deadline"
	Late      Kind = "takes effect, and its answer comes after the deadline"
	LeftOver  Kind = "answers for none of the rows, for as long as it is repeated"
	Refused   Kind = "is refused"
)

// ErrLost is what a caller is told of a call that goes wrong without a word from the other side.
var ErrLost = errors.New("the line went dead")

// WriteKinds are how a write goes wrong.
func WriteKinds() []Kind {
	return []Kind{Before, After, Twice, Throttled, Conflict, Conflicts, Slow, Late}
}

// ReadKinds are how a read goes wrong. It changes nothing, so whether it was made is no matter to anybody, and it meets
// no transaction.
func ReadKinds(batch bool) []Kind {
	if batch {
		return []Kind{Before, Throttled, Slow, LeftOver}
	}
	return []Kind{Before, Throttled, Slow}
}

// Wire stands between a table and the engine. It breaks one call, and remembers what rows were before they were written.
type Wire struct {
	mu     sync.Mutex
	engine *dynamodb.Client
	name   string
	faults *table.Faults
	client *dynamodb.Client // over the wire

	kind Kind
	// at is which call is broken, of all since the last Arm.
	at   int
	seen []string // each call since then: "write", "batch", "get" or "query"
	hit  bool
	end  func() // ends the context of those who call now

	// marks are what rows were at each Mark that is not released.
	marks []map[table.Key]table.Item
}

// NewWire is a wire to a table of the engine, and the table as it is seen over it.
func NewWire(engine *dynamodb.Client, name string) (*Wire, *table.Table) {
	w := &Wire{engine: engine, name: name, faults: table.NewFaults(1)}
	w.client = dynamodb.New(engine.Options(), func(o *dynamodb.Options) {
		o.APIOptions = append(slices.Clone(o.APIOptions), func(stack *middleware.Stack) error {
			return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("wire", w.handle), middleware.Before)
		})
	})
	return w, table.New(w.client, name, w.faults)
}

// Through is the table as it is seen over the wire by a program that uses its client in a way of its own.
func (w *Wire) Through(way func(*dynamodb.Client) *dynamodb.Client) *table.Table {
	return table.New(way(w.client), w.name, w.faults)
}

// Arm breaks the call with that number, from 0 on, of those that are made from now on; the empty kind breaks none. end
// ends the context of those calls, as if its deadline had come.
func (w *Wire) Arm(kind Kind, at int, end func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kind, w.at, w.end, w.seen, w.hit = kind, at, end, nil, false
	w.faults.Hurry(kind == Conflicts || kind == LeftOver)
}

// Disarm breaks no call any more. It answers which calls were made since Arm, and whether one was broken.
func (w *Wire) Disarm() (calls []string, hit bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults.Hurry(false)
	w.kind = ""
	return w.seen, w.hit
}

// draw counts a call and says how it goes wrong, if it does.
func (w *Wire) draw(call string) (Kind, func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := len(w.seen)
	w.seen = append(w.seen, call)
	lasting := w.kind == Conflicts && call == "write" || w.kind == LeftOver && call == "batch"
	if w.kind == "" || n != w.at && !(lasting && n > w.at) {
		return "", nil
	}
	w.hit = true
	return w.kind, w.end
}

func (w *Wire) handle(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (out middleware.InitializeOutput, meta middleware.Metadata, err error) {
	if ctx.Err() != nil {
		return out, meta, &aws.RequestCanceledError{Err: ctx.Err()}
	}
	call, keys, err := callOf(in.Parameters)
	if err == nil {
		err = w.remember(context.WithoutCancel(ctx), keys)
	}
	if err != nil {
		return out, meta, err
	}
	kind, end := w.draw(call)
	switch kind {
	case Before:
		return out, meta, ErrLost
	case Throttled:
		return out, meta, canceled(in.Parameters, "ThrottlingError", &types.ProvisionedThroughputExceededException{Message: aws.String("made up")})
	case Conflict, Conflicts:
		return out, meta, canceled(in.Parameters, "TransactionConflict", &types.TransactionConflictException{Message: aws.String("made up")})
	case LeftOver:
		asked, batch := in.Parameters.(*dynamodb.BatchGetItemInput)
		if !batch { // of calls that are made side by side another was the first this time
			return out, meta, ErrLost
		}
		return middleware.InitializeOutput{Result: &dynamodb.BatchGetItemOutput{UnprocessedKeys: asked.RequestItems}}, meta, nil
	case Slow:
		return out, meta, &aws.RequestCanceledError{Err: overdue(ctx, end)}
	}
	in.Parameters = tokened(in.Parameters)
	out, meta, err = next.HandleInitialize(ctx, in)
	switch {
	case err != nil:
	case kind == Twice:
		return next.HandleInitialize(ctx, in)
	case kind == After:
		return middleware.InitializeOutput{}, meta, ErrLost
	case kind == Late:
		return middleware.InitializeOutput{}, meta, &aws.RequestCanceledError{Err: overdue(ctx, end)}
	}
	return out, meta, err
}

// tokened gives a transaction the token by which DynamoDB knows it again, as the SDK does before it makes it first.
func tokened(parameters any) any {
	in, ok := parameters.(*dynamodb.TransactWriteItemsInput)
	if !ok || in.ClientRequestToken != nil {
		return parameters
	}
	is := *in
	is.ClientRequestToken = aws.String(rand.Text())
	return &is
}

// canceled is how DynamoDB says no to a write: to a transaction with a reason for each row.
func canceled(parameters any, reason string, alone error) error {
	in, ok := parameters.(*dynamodb.TransactWriteItemsInput)
	if !ok {
		return alone
	}
	e := &types.TransactionCanceledException{Message: aws.String("made up")}
	for range in.TransactItems {
		e.CancellationReasons = append(e.CancellationReasons, types.CancellationReason{Code: aws.String("None")})
	}
	e.CancellationReasons[0].Code = aws.String(reason)
	return e
}

// callOf says what kind a call is, and which rows it writes.
func callOf(parameters any) (call string, writes []table.Key, err error) {
	switch in := parameters.(type) {
	case *dynamodb.GetItemInput:
		return "get", nil, nil
	case *dynamodb.BatchGetItemInput:
		return "batch", nil, nil
	case *dynamodb.QueryInput:
		return "query", nil, nil
	case *dynamodb.PutItemInput:
		return "write", []table.Key{keyOf(in.Item)}, nil
	case *dynamodb.UpdateItemInput:
		return "write", []table.Key{keyOf(in.Key)}, nil
	case *dynamodb.DeleteItemInput:
		return "write", []table.Key{keyOf(in.Key)}, nil
	case *dynamodb.TransactWriteItemsInput:
		for _, item := range in.TransactItems {
			switch {
			case item.Put != nil:
				writes = append(writes, keyOf(item.Put.Item))
			case item.Update != nil:
				writes = append(writes, keyOf(item.Update.Key))
			case item.Delete != nil:
				writes = append(writes, keyOf(item.Delete.Key))
			}
		}
		return "write", writes, nil
	default:
		return "", nil, fmt.Errorf("%T: say here what it is and which rows it writes", parameters)
	}
}

func keyOf(item table.Item) table.Key { return table.Key{PK: word(item["PK"]), SK: word(item["SK"])} }

func word(v types.AttributeValue) string {
	s, _ := v.(*types.AttributeValueMemberS)
	if s == nil {
		return ""
	}
	return s.Value
}
