package twin_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"
	"pgregory.net/rapid"

	"github.com/seatkeeper/seatkeeper/infra/apitest"
	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// unguarded is the engine as a program without the guard of the limit would use it: of every line that is read one seat more
// is said to be free, and no condition on a line holds anything up.
func unguarded(client *dynamodb.Client) *dynamodb.Client {
	return dynamodb.New(client.Options(), func(o *dynamodb.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("unguarded", unguard), middleware.Before)
		})
	})
}

func unguard(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	if write, ok := in.Parameters.(*dynamodb.TransactWriteItemsInput); ok {
		for _, item := range write.TransactItems {
			if u := item.Update; u != nil && ofLine(u.Key) && u.ConditionExpression != nil {
				always := "(" + *u.ConditionExpression + ") OR attribute_exists(PK)"
				u.ConditionExpression = &always
			}
		}
	}
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

func ofLine(item map[string]types.AttributeValue) bool {
	pk, ok := item["PK"].(*types.AttributeValueMemberS)
	return ok && strings.HasSuffix(pk.Value, "#LINES")
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

// A program that oversells a line by one seat does not get past the model.
func TestAProgramWithoutTheGuardOfTheLimitIsFoundOut(t *testing.T) {
	client, name := enginetest.Open(t)
	o := apitest.New(t)
	real := over(t, o, table.New(unguarded(client), name, nil))
	start, found := o.Now, false
	histories := rapid.Custom(func(t *rapid.T) []string {
		o.Now = start
		return play(t, real)
	})
	for seed := 0; seed < 20 && !found; seed++ {
		found = len(histories.Example(seed)) > 0
	}
	if !found {
		t.Error("twenty histories of a program that oversells were answered as the model says")
	}
}
