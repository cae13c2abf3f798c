package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"

	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// recorder keeps the calls that a client makes, as it makes them. The bare side of a pair makes the very same ones again,
// with the SDK alone: nothing is decided, encoded, decoded or metered there, and every expression is ready.
type recorder struct{ calls []any }

// client is a client whose calls are kept. Only calls that come one after another are: a copy of each, as it is before the
// SDK gives a transaction the token by which it would be known as a repeat.
func (r *recorder) client(of *dynamodb.Client) *dynamodb.Client {
	return dynamodb.New(of.Options(), func(options *dynamodb.Options) {
		options.APIOptions = append(slices.Clone(options.APIOptions), func(stack *middleware.Stack) error {
			return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("keep", r.keep), middleware.Before)
		})
	})
}

func (r *recorder) keep(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	switch call := in.Parameters.(type) {
	case *dynamodb.TransactWriteItemsInput:
		r.calls = append(r.calls, *call)
	case *dynamodb.BatchGetItemInput:
		r.calls = append(r.calls, *call)
	case *dynamodb.QueryInput:
		r.calls = append(r.calls, *call)
	default:
		return middleware.InitializeOutput{}, middleware.Metadata{}, fmt.Errorf("%T: say here how it is made again", call)
	}
	return next.HandleInitialize(ctx, in)
}

// again makes the calls once more through client.
func (r *recorder) again(ctx context.Context, client *dynamodb.Client) error {
	for _, call := range r.calls {
		var err error
		switch call := call.(type) {
		case dynamodb.TransactWriteItemsInput:
			_, err = client.TransactWriteItems(ctx, &call)
		case dynamodb.BatchGetItemInput:
			_, err = client.BatchGetItem(ctx, &call)
		case dynamodb.QueryInput:
			_, err = client.Query(ctx, &call)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// written are the rows that the calls write, each once.
func (r *recorder) written() []table.Key {
	var keys []table.Key
	for _, call := range r.calls {
		in, _ := call.(dynamodb.TransactWriteItemsInput)
		for _, item := range in.TransactItems {
			var at table.Item
			switch {
			case item.Put != nil:
				at = item.Put.Item
			case item.Update != nil:
				at = item.Update.Key
			case item.Delete != nil:
				at = item.Delete.Key
			}
			if k := (table.Key{PK: word(at["PK"]), SK: word(at["SK"])}); !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	return keys
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
