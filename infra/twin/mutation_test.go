package twin_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"
	"pgregory.net/rapid"
)

// standing is a client of the engine with something between it and who calls it.
func standing(client *dynamodb.Client, name string, do func(context.Context, middleware.InitializeInput, middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error)) *dynamodb.Client {
	return dynamodb.New(client.Options(), func(o *dynamodb.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Initialize.Add(middleware.InitializeMiddlewareFunc(name, do), middleware.Before)
		})
	})
}

// unguarded is the engine as a program without the guard of the limit would use it: who assigns is told of one seat more that
// is free, and no condition on a line holds them up.
func unguarded(s *seatkeeper, client *dynamodb.Client) *dynamodb.Client {
	return standing(client, "unguarded", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		if !s.assigning {
			return next.HandleInitialize(ctx, in)
		}
		return unguard(ctx, in, next)
	})
}

func unguard(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	unconditional(in.Parameters)
	out, metadata, err := next.HandleInitialize(ctx, in)
	if read, ok := out.Result.(*dynamodb.BatchGetItemOutput); ok && err == nil {
		for _, items := range read.Responses {
			for _, item := range items {
				if ofLine(item) {
					oneMore(item)
				}
			}
		}
	}
	return out, metadata, err
}

// unconditional takes the conditions of lines out of a write.
func unconditional(request any) {
	if write, ok := request.(*dynamodb.TransactWriteItemsInput); ok {
		for _, item := range write.TransactItems {
			if u := item.Update; u != nil && ofLine(u.Key) && u.ConditionExpression != nil {
				always := "(" + *u.ConditionExpression + ") OR attribute_exists(PK)"
				u.ConditionExpression = &always
			}
		}
	}
}

func ofLine(item map[string]types.AttributeValue) bool { return within(item, "#LINES") }

// within tells whether a row is in a partition of an account with that ending.
func within(item map[string]types.AttributeValue, partition string) bool {
	pk, ok := item["PK"].(*types.AttributeValueMemberS)
	return ok && strings.HasSuffix(pk.Value, partition)
}

// oneMore raises what is available of a line and of each of its pools.
func oneMore(item map[string]types.AttributeValue) {
	if n, ok := item["available"].(*types.AttributeValueMemberN); ok {
		is, _ := strconv.Atoi(n.Value)
		item["available"] = &types.AttributeValueMemberN{Value: strconv.Itoa(is + 1)}
	}
	if pools, ok := item["pools"].(*types.AttributeValueMemberM); ok {
		for _, pool := range pools.Value {
			if m, ok := pool.(*types.AttributeValueMemberM); ok {
				oneMore(m.Value)
			}
		}
	}
}

// forgetful is the engine as a program that keeps no answer of an order would use it.
func forgetful(_ *seatkeeper, client *dynamodb.Client) *dynamodb.Client {
	return standing(client, "forgetful", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		puts := func(partition string) func(types.TransactWriteItem) bool {
			return func(item types.TransactWriteItem) bool { return item.Put != nil && within(item.Put.Item, partition) }
		}
		if write, ok := in.Parameters.(*dynamodb.TransactWriteItemsInput); ok && slices.ContainsFunc(write.TransactItems, puts("#ORDERS")) {
			write.TransactItems = slices.DeleteFunc(slices.Clone(write.TransactItems), puts("#IDEM"))
		}
		return next.HandleInitialize(ctx, in)
	})
}

// Neither a program that oversells a line by one seat, nor one that answers a repeated order anew, gets past the model.
func TestAProgramWithoutAGuardIsFoundOut(t *testing.T) {
	for name, broken := range map[string]func(*seatkeeper, *dynamodb.Client) *dynamodb.Client{"the limit": unguarded, "the answer that is kept": forgetful} {
		real := over(t, broken)
		start, found, played := real.Now, "", 0
		histories := rapid.Custom(func(t *rapid.T) []string {
			real.Now = start
			return play(t, real)
		})
		for ; played < 20 && found == ""; played++ {
			if differs := histories.Example(played); len(differs) > 0 {
				found = differs[0]
			}
		}
		if found == "" {
			t.Errorf("twenty histories of a program without %s were answered as the model says", name)
		}
		t.Logf("without %s, after %d histories: %s", name, played, found)
	}
}
