package main

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"
	"golang.org/x/sync/errgroup"

	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// recorder keeps the calls that a client makes, as it makes them. The bare side of a pair makes the very same ones again,
// with the SDK alone: nothing is decided, encoded, decoded or metered there, and every expression is ready. Calls that were
// under way at the same time are a group, and are made again at the same time.
type recorder struct {
	mu       sync.Mutex
	groups   [][]any
	underWay int
	// look is told the rows that a call is about to write; it may be nil.
	look func(ctx context.Context, keys []table.Key) error
}

// client is a client whose calls are kept: a copy of each, as it is before the SDK gives a transaction the token by which it
// would be known as a repeat.
func (r *recorder) client(of *dynamodb.Client) *dynamodb.Client {
	return dynamodb.New(of.Options(), func(options *dynamodb.Options) {
		options.APIOptions = append(slices.Clone(options.APIOptions), func(stack *middleware.Stack) error {
			return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("keep", r.keep), middleware.Before)
		})
	})
}

func (r *recorder) keep(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	call, err := copied(in.Parameters)
	if err != nil {
		return middleware.InitializeOutput{}, middleware.Metadata{}, err
	}
	if rows := writtenBy(call); r.look != nil && len(rows) > 0 {
		if err := r.look(ctx, keysOf(rows)); err != nil {
			return middleware.InitializeOutput{}, middleware.Metadata{}, err
		}
	}
	r.mu.Lock()
	if r.underWay == 0 {
		r.groups = append(r.groups, nil)
	}
	last := len(r.groups) - 1
	r.groups[last] = append(r.groups[last], call)
	r.underWay++
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		r.underWay--
		r.mu.Unlock()
	}()
	return next.HandleInitialize(ctx, in)
}

func copied(parameters any) (any, error) {
	switch call := parameters.(type) {
	case *dynamodb.TransactWriteItemsInput:
		return *call, nil
	case *dynamodb.PutItemInput:
		return *call, nil
	case *dynamodb.UpdateItemInput:
		return *call, nil
	case *dynamodb.DeleteItemInput:
		return *call, nil
	case *dynamodb.GetItemInput:
		return *call, nil
	case *dynamodb.BatchGetItemInput:
		return *call, nil
	case *dynamodb.QueryInput:
		return *call, nil
	default:
		return nil, fmt.Errorf("%T: say here how it is made again", call)
	}
}

// forget begins anew.
func (r *recorder) forget() { r.groups = nil }

// again makes the calls once more through client.
func (r *recorder) again(ctx context.Context, client *dynamodb.Client) error {
	return again(ctx, client, r.groups)
}

func again(ctx context.Context, client *dynamodb.Client, groups [][]any) error {
	for _, group := range groups {
		if len(group) == 1 {
			if err := one(ctx, client, group[0]); err != nil {
				return err
			}
			continue
		}
		together, ctx := errgroup.WithContext(ctx)
		for _, call := range group {
			together.Go(func() error { return one(ctx, client, call) })
		}
		if err := together.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// one makes a call.
func one(ctx context.Context, client *dynamodb.Client, call any) (err error) {
	switch call := call.(type) {
	case dynamodb.TransactWriteItemsInput:
		_, err = client.TransactWriteItems(ctx, &call)
	case dynamodb.PutItemInput:
		_, err = client.PutItem(ctx, &call)
	case dynamodb.UpdateItemInput:
		_, err = client.UpdateItem(ctx, &call)
	case dynamodb.DeleteItemInput:
		_, err = client.DeleteItem(ctx, &call)
	case dynamodb.GetItemInput:
		_, err = client.GetItem(ctx, &call)
	case dynamodb.BatchGetItemInput:
		_, err = client.BatchGetItem(ctx, &call)
	case dynamodb.QueryInput:
		_, err = client.Query(ctx, &call)
	}
	return err
}

// written are the rows that the calls write, each once.
func (r *recorder) written() []table.Key {
	var keys []table.Key
	for _, group := range r.groups {
		for _, call := range group {
			for _, k := range keysOf(writtenBy(call)) {
				if !slices.Contains(keys, k) {
					keys = append(keys, k)
				}
			}
		}
	}
	return keys
}

func keysOf(rows []table.Item) []table.Key {
	keys := make([]table.Key, len(rows))
	for i, at := range rows {
		keys[i] = table.Key{PK: word(at["PK"]), SK: word(at["SK"])}
	}
	return keys
}

func writtenBy(call any) (rows []table.Item) {
	switch in := call.(type) {
	case dynamodb.PutItemInput:
		return []table.Item{in.Item}
	case dynamodb.UpdateItemInput:
		return []table.Item{in.Key}
	case dynamodb.DeleteItemInput:
		return []table.Item{in.Key}
	case dynamodb.TransactWriteItemsInput:
		for _, item := range in.TransactItems {
			switch {
			case item.Put != nil:
				rows = append(rows, item.Put.Item)
			case item.Update != nil:
				rows = append(rows, item.Update.Key)
			case item.Delete != nil:
				rows = append(rows, item.Delete.Key)
			}
		}
	}
	return rows
}

// restore brings rows back to what they were; one that was not there goes. Of no rows it does nothing.
func restore(client *dynamodb.Client, keys []table.Key, were map[table.Key]table.Item) func(context.Context) error {
	items := make([]types.TransactWriteItem, len(keys))
	for i, k := range keys {
		if was := were[k]; was != nil {
			items[i].Put = &types.Put{TableName: aws.String(tableName), Item: was}
		} else {
			items[i].Delete = &types.Delete{TableName: aws.String(tableName), Key: table.Item{"PK": &types.AttributeValueMemberS{Value: k.PK}, "SK": &types.AttributeValueMemberS{Value: k.SK}}}
		}
	}
	return func(ctx context.Context) error {
		if len(items) == 0 {
			return nil
		}
		_, err := client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: items})
		return err
	}
}

func word(v types.AttributeValue) string {
	s, _ := v.(*types.AttributeValueMemberS)
	if s == nil {
		return ""
	}
	return s.Value
}
