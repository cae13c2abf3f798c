package table

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
	"github.com/cenkalti/backoff/v5"

	"github.com/seatkeeper/seatkeeper/internal/fault"
)

// MaxOps is how many rows one transaction may touch.
const MaxOps = 100

// Cond is what must hold of the row that an operation touches; else the whole Write changes nothing.
type Cond struct {
	condition expression.ConditionBuilder
	none      bool
}

// Absent: there is no such row.
func Absent() Cond { return Cond{condition: expression.Name("PK").AttributeNotExists()} }

// Exists: there is such a row.
func Exists() Cond { return Cond{condition: expression.Name("PK").AttributeExists()} }

// Rev: the row is still the one that was read, by its `rev`.
func Rev(n int) Cond { return Cond{condition: expression.Name("rev").Equal(expression.Value(n))} }

// Newer: there is no such row, or one with a `rev` below n. It is for rows that are derived from a counted one: those who
// come late with what is older change nothing, in whatever order they come.
func Newer(n int) Cond {
	rev := expression.Name("rev")
	return Cond{condition: rev.AttributeNotExists().Or(rev.LessThan(expression.Value(n)))}
}

// Guarded: the row has no condition of its own, because it is derived from another row of the same transaction that
// has one (a search term of a contract). Nothing else may be written so.
func Guarded() Cond { return Cond{none: true} }

// Op is one conditional change of one row.
type Op struct {
	key  Key
	kind opKind
	cond Cond
	// was is the row as the decider read it, where it did; it serves the cost alone.
	was, is Item
	// attribute and n are an Add's.
	attribute string
	n         int
	edit      Edit
}

type opKind int

const (
	put opKind = iota
	remove
	check
	add
	update
)

// Put writes a whole row.
func Put(key Key, item Item, cond Cond) Op {
	return Op{key: key, kind: put, cond: cond, is: keyed(key, item)}
}

// Replace writes a whole row over the one that was read, if that is still there by its rev; the new row's rev is one
// more. This is "read, decide, write under rev" of DATA.md.
func Replace(key Key, was, item Item) Op {
	rev := RevOf(was)
	item["rev"] = Number(rev + 1)
	return Op{key: key, kind: put, cond: Rev(rev), was: was, is: keyed(key, item)}
}

// Keep is Replace of a row that may not be there yet: where was is nil, a new one, of rev 1.
func Keep(key Key, was, item Item) Op {
	op := Replace(key, was, item)
	if was == nil {
		op.cond = Absent()
	}
	return op
}

// When holds an operation that has a condition to a further one.
func (o Op) When(c Cond) Op {
	o.cond = All(o.cond, c)
	return o
}

// Delete removes a row; was is the row that was read, or nil.
func Delete(key Key, was Item, cond Cond) Op {
	return Op{key: key, kind: remove, cond: cond, was: was}
}

// Check changes nothing and holds the transaction to a condition.
func Check(key Key, cond Cond) Op { return Op{key: key, kind: check, cond: cond} }

// Add adds n to a number of a row that holds counts alone, and one to its rev, and makes the row where there is none. It
// is refused as the only operation of a Write: a lost answer could count twice there, while a transaction's token counts once.
func Add(key Key, attribute string, n int) Op {
	return Op{key: key, kind: add, cond: Guarded(), attribute: attribute, n: n}
}

// Number is a number as a row has it.
func Number(n int) types.AttributeValue { return &types.AttributeValueMemberN{Value: strconv.Itoa(n)} }

// Key is the row that the operation touches.
func (o Op) Key() Key { return o.key }

// RevOf is a row's rev; 0 for a row without.
func RevOf(item Item) int {
	v, ok := item["rev"].(*types.AttributeValueMemberN)
	if !ok {
		return 0
	}
	n, _ := strconv.Atoi(v.Value) // written by this package alone
	return n
}

func keyed(key Key, item Item) Item {
	item["PK"] = &types.AttributeValueMemberS{Value: key.PK}
	item["SK"] = &types.AttributeValueMemberS{Value: key.SK}
	return item
}

// Cost is the computed write units of the operation, within a transaction or alone.
func (o Op) Cost(transaction bool) Cost {
	if o.kind == check || o.kind == add {
		// A row that is only checked or counted is small: at most 1 KB, and no index holds it.
		return writeCost(nil, nil, transaction)
	}
	return writeCost(o.was, o.is, transaction)
}

// ConditionError says that a Write changed nothing because conditions did not hold. It is not yet a refusal: decide
// again on the images that came back (DATA.md, Guards).
type ConditionError struct {
	Unmet []Unmet
}

// Unmet is one condition that did not hold: which operation of the Write it was, and the row as it stands (nil: there
// is none).
type Unmet struct {
	Op   int
	Item Item
}

func (e *ConditionError) Error() string {
	return fmt.Sprintf("%d conditions did not hold, first of operation %d", len(e.Unmet), e.Unmet[0].Op)
}

// Image gives the row that stood in an operation's way; ok is false where that operation's condition held.
func (e *ConditionError) Image(op int) (item Item, ok bool) {
	for _, u := range e.Unmet {
		if u.Op == op {
			return u.Item, true
		}
	}
	return nil, false
}

// The budget of repeats after a conflict (DATA.md, Guards): full jitter, never longer than this nor than the context.
const (
	conflictBudget = 3 * time.Second
	firstPause     = 5 * time.Millisecond
	longestPause   = 400 * time.Millisecond
)

// pauses grow from one to the next, with full jitter.
func pauses() backoff.BackOff {
	return &backoff.ExponentialBackOff{InitialInterval: firstPause, RandomizationFactor: 1, Multiplier: 2, MaxInterval: longestPause}
}

// Pause waits a little before a decision is made again: callers who were in each other's way spread out. It ends with
// the context.
func Pause(ctx context.Context) {
	timer := time.NewTimer(pauses().NextBackOff())
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// Write makes all changes or none: one call, a plain conditional write for one operation, a transaction for more.
// It answers *ConditionError where a condition did not hold, and the fault "busy" (503) where other transactions held
// the rows for the whole budget; then nothing was written.
func (t *Table) Write(ctx context.Context, ops ...Op) error {
	if len(ops) == 0 || len(ops) > MaxOps {
		return fmt.Errorf("write of %d operations: between 1 and %d are possible", len(ops), MaxOps)
	}
	units := 0.0
	for _, o := range ops {
		c := o.Cost(len(ops) > 1)
		units += c.Base + c.Arms
	}
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := t.faults.around(ctx, "write", func() error { return t.writeOnce(ctx, ops) })
		conflict := isConflict(err)
		if conflict {
			meter(ctx).add(1, 1, 0, units)
			return struct{}{}, err
		}
		meter(ctx).add(1, 0, 0, units)
		if err != nil {
			return struct{}{}, backoff.Permanent(err)
		}
		return struct{}{}, nil
	}, backoff.WithBackOff(pauses()), backoff.WithMaxElapsedTime(t.faults.budget()))
	if isConflict(err) || errors.Is(err, context.DeadlineExceeded) {
		return fault.New(fault.Busy, "busy").After(time.Second).Because(err)
	}
	var unmet *ConditionError
	if err != nil && !errors.As(err, &unmet) {
		return fmt.Errorf("write %d rows, first %s: %w", len(ops), ops[0].key.PK, err)
	}
	return err
}

// errConflict is a conflict that a fault point made up.
var errConflict = errors.New("transaction conflict (made by a fault point)")

// isConflict tells that another transaction held a row, or that DynamoDB asked for a pause: nothing was written, and
// the same call may be repeated.
func isConflict(err error) bool {
	var canceled *types.TransactionCanceledException
	if errors.As(err, &canceled) {
		for _, r := range canceled.CancellationReasons {
			switch reason(r) {
			case "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded":
				return true
			}
		}
		return false
	}
	var conflict *types.TransactionConflictException
	var running *types.TransactionInProgressException
	return errors.As(err, &conflict) || errors.As(err, &running) || errors.Is(err, errConflict) || throttled(err)
}

// throttled tells that DynamoDB asked for a pause, and went on to when the SDK asked again: nothing was done.
func throttled(err error) bool {
	var refused smithy.APIError
	if !errors.As(err, &refused) {
		return false
	}
	switch refused.ErrorCode() {
	case "ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded":
		return true
	}
	return false
}

// orBusy is the error of a read: the fault "busy" (503) where it was throttled, since it may be asked again.
func orBusy(err error) error {
	if throttled(err) {
		return fault.New(fault.Busy, "busy").After(time.Second).Because(err)
	}
	return err
}

func reason(r types.CancellationReason) string {
	if r.Code == nil {
		return ""
	}
	return *r.Code
}

func (t *Table) writeOnce(ctx context.Context, ops []Op) error {
	if len(ops) == 1 {
		return t.writeAlone(ctx, ops[0])
	}
	in := &dynamodb.TransactWriteItemsInput{TransactItems: make([]types.TransactWriteItem, len(ops))}
	for i, o := range ops {
		var err error
		if in.TransactItems[i], err = o.transactItem(&t.name); err != nil {
			return err
		}
	}
	_, err := t.client.TransactWriteItems(ctx, in)
	var canceled *types.TransactionCanceledException
	if !errors.As(err, &canceled) {
		return err
	}
	// A failed condition outweighs a conflict beside it: its image is fresh, so the decision can be made again now.
	unmet := &ConditionError{}
	for i, r := range canceled.CancellationReasons {
		if reason(r) == "ConditionalCheckFailed" {
			unmet.Unmet = append(unmet.Unmet, Unmet{Op: i, Item: present(r.Item)})
		}
	}
	if len(unmet.Unmet) > 0 {
		return unmet
	}
	return err
}

func (t *Table) writeAlone(ctx context.Context, o Op) error {
	item, err := o.transactItem(&t.name)
	if err != nil {
		return err
	}
	switch o.kind {
	case put:
		p := item.Put
		_, err = t.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: p.TableName, Item: p.Item, ConditionExpression: p.ConditionExpression,
			ExpressionAttributeNames: p.ExpressionAttributeNames, ExpressionAttributeValues: p.ExpressionAttributeValues, ReturnValuesOnConditionCheckFailure: p.ReturnValuesOnConditionCheckFailure})
	case remove:
		d := item.Delete
		_, err = t.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: d.TableName, Key: d.Key, ConditionExpression: d.ConditionExpression,
			ExpressionAttributeNames: d.ExpressionAttributeNames, ExpressionAttributeValues: d.ExpressionAttributeValues, ReturnValuesOnConditionCheckFailure: d.ReturnValuesOnConditionCheckFailure})
	case update:
		u := item.Update
		_, err = t.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: u.TableName, Key: u.Key, UpdateExpression: u.UpdateExpression, ConditionExpression: u.ConditionExpression,
			ExpressionAttributeNames: u.ExpressionAttributeNames, ExpressionAttributeValues: u.ExpressionAttributeValues, ReturnValuesOnConditionCheckFailure: u.ReturnValuesOnConditionCheckFailure})
	default:
		return fmt.Errorf("operation on %s: a check or an addition is written beside others only", o.key.PK)
	}
	var failed *types.ConditionalCheckFailedException
	if errors.As(err, &failed) {
		return &ConditionError{Unmet: []Unmet{{Op: 0, Item: present(failed.Item)}}}
	}
	return err
}

func present(item Item) Item {
	if len(item) == 0 {
		return nil
	}
	return item
}

const old = types.ReturnValuesOnConditionCheckFailureAllOld

func (o Op) transactItem(table *string) (types.TransactWriteItem, error) {
	e, err := o.expression()
	if err != nil {
		return types.TransactWriteItem{}, fmt.Errorf("condition on %s: %w", o.key.PK, err)
	}
	names, values := e.Names(), e.Values()
	switch o.kind {
	case put:
		return types.TransactWriteItem{Put: &types.Put{TableName: table, Item: o.is, ConditionExpression: e.Condition(),
			ExpressionAttributeNames: names, ExpressionAttributeValues: values, ReturnValuesOnConditionCheckFailure: old}}, nil
	case remove:
		return types.TransactWriteItem{Delete: &types.Delete{TableName: table, Key: o.key.item(), ConditionExpression: e.Condition(),
			ExpressionAttributeNames: names, ExpressionAttributeValues: values, ReturnValuesOnConditionCheckFailure: old}}, nil
	case check:
		return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{TableName: table, Key: o.key.item(), ConditionExpression: e.Condition(),
			ExpressionAttributeNames: names, ExpressionAttributeValues: values, ReturnValuesOnConditionCheckFailure: old}}, nil
	default:
		return types.TransactWriteItem{Update: &types.Update{TableName: table, Key: o.key.item(), UpdateExpression: e.Update(), ConditionExpression: e.Condition(),
			ExpressionAttributeNames: names, ExpressionAttributeValues: values, ReturnValuesOnConditionCheckFailure: old}}, nil
	}
}

// expression compiles what the operation asks of its row; the zero expression asks nothing.
func (o Op) expression() (expression.Expression, error) {
	switch {
	case o.kind == add:
		counted := expression.Add(expression.Name(o.attribute), expression.Value(o.n)).Add(expression.Name("rev"), expression.Value(1))
		return expression.NewBuilder().WithUpdate(counted).Build()
	case o.kind == update:
		return expression.NewBuilder().WithUpdate(o.edit.builder()).WithCondition(o.cond.condition).Build()
	case o.cond.none:
		return expression.Expression{}, nil
	default:
		return expression.NewBuilder().WithCondition(o.cond.condition).Build()
	}
}

// Apply does to rows in memory what a Write of the operations did to the table; counts that were added to are left to
// be read.
func Apply(rows map[Key]Item, ops []Op) {
	for _, o := range ops {
		switch o.kind {
		case put:
			rows[o.key] = o.is
		case remove:
			rows[o.key] = nil
		}
	}
}
