package faults_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"

	"github.com/seatkeeper/seatkeeper/infra/check"
	"github.com/seatkeeper/seatkeeper/infra/enginetest"
)

// careless is a client as a program would use it that lacks a guard: transact says what becomes of each transaction, by
// way of the client itself.
func careless(transact func(ctx context.Context, c *dynamodb.Client, in *dynamodb.TransactWriteItemsInput) error) func(*dynamodb.Client) *dynamodb.Client {
	return func(c *dynamodb.Client) *dynamodb.Client {
		return dynamodb.New(c.Options(), func(o *dynamodb.Options) {
			o.APIOptions = append(slices.Clone(o.APIOptions), func(stack *middleware.Stack) error {
				return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("careless", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (out middleware.InitializeOutput, meta middleware.Metadata, err error) {
					if write, ok := in.Parameters.(*dynamodb.TransactWriteItemsInput); ok {
						return middleware.InitializeOutput{Result: &dynamodb.TransactWriteItemsOutput{}}, meta, transact(ctx, c, write)
					}
					return next.HandleInitialize(ctx, in)
				}), middleware.Before)
			})
		})
	}
}

// forgetful keeps no answer by its Idempotency-Key.
func forgetful(ctx context.Context, c *dynamodb.Client, in *dynamodb.TransactWriteItemsInput) error {
	kept := *in
	kept.TransactItems = slices.DeleteFunc(slices.Clone(in.TransactItems), func(item types.TransactWriteItem) bool {
		return item.Put != nil && strings.Contains(item.Put.Item["PK"].(*types.AttributeValueMemberS).Value, "IDEM")
	})
	_, err := c.TransactWriteItems(ctx, &kept)
	return err
}

// piecemeal writes the rows of a transaction one after the other.
func piecemeal(ctx context.Context, c *dynamodb.Client, in *dynamodb.TransactWriteItemsInput) error {
	for _, item := range in.TransactItems {
		if item.ConditionCheck != nil {
			continue
		}
		if _, err := c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{item}}); err != nil {
			return err
		}
	}
	return nil
}

// A program whose transactions are none, or that forgets what it answered, does not get past a failing call.
func TestAProgramThatWritesInPiecesOrForgetsIsFoundOut(t *testing.T) {
	for name, row := range map[string]struct {
		careless func(context.Context, *dynamodb.Client, *dynamodb.TransactWriteItemsInput) error
		story    string
		found    string
	}{
		"in pieces": {piecemeal, "splitLine", "neither as it was"},
		"forgets":   {forgetful, "createPartner", "not as it was to be"},
	} {
		client, table := enginetest.Own(t)
		l := over(t, client, table)
		l.found = new([]string)
		sound := l.table
		check.Ways(t, sound, func(story string, ready func() check.Way) {
			if story != row.story {
				return
			}
			w := ready()
			l.owner, l.table = books{t, l.wire.Past(), w.Account}, l.wire.Through(careless(row.careless))
			l.wire.Mark()
			l.prove(l.asked(story, w))
			l.wire.Release()
		})
		if !slices.ContainsFunc(*l.found, func(s string) bool { return strings.Contains(s, row.found) }) {
			t.Errorf("%s: %d faults of %s were stood: %q", name, l.faults, row.story, *l.found)
		}
	}
}
