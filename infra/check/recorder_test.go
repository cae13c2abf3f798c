package check

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"
)

// recorder notes what DynamoDB would ask IAM about the calls of one function.
type recorder struct {
	mu     sync.Mutex
	during string // the operation that is being answered
	calls  []recorded
}

type recorded struct {
	call
	during string
}

// client is a client whose calls are noted before they are sent.
func (r *recorder) client(of *dynamodb.Client) *dynamodb.Client {
	return dynamodb.New(of.Options(), func(options *dynamodb.Options) {
		options.APIOptions = append(slices.Clone(options.APIOptions), func(stack *middleware.Stack) error {
			return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("record", r.record), middleware.Before)
		})
	})
}

func (r *recorder) record(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	asked, err := askedOf(in.Parameters)
	if err != nil {
		return middleware.InitializeOutput{}, middleware.Metadata{}, err
	}
	r.mu.Lock()
	for _, c := range asked {
		r.calls = append(r.calls, recorded{c, r.during})
	}
	r.mu.Unlock()
	return next.HandleInitialize(ctx, in)
}

// begin says which operation the calls from now on belong to.
func (r *recorder) begin(operation string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.during = operation
}

// askedOf says what IAM is asked about a call. A call that it does not know is refused, not let through unseen.
func askedOf(parameters any) ([]call, error) {
	switch in := parameters.(type) {
	case *dynamodb.GetItemInput:
		return []call{{"dynamodb:GetItem", "table", []string{word(in.Key["PK"])}}}, nil
	case *dynamodb.BatchGetItemInput:
		var keys []string
		for _, table := range in.RequestItems {
			for _, key := range table.Keys {
				keys = append(keys, word(key["PK"]))
			}
		}
		return []call{{"dynamodb:BatchGetItem", "table", keys}}, nil
	case *dynamodb.QueryInput:
		resource := "table"
		if in.IndexName != nil {
			resource = "table/index/" + *in.IndexName
		}
		key, err := leading(in)
		return []call{{"dynamodb:Query", resource, []string{key}}}, err
	case *dynamodb.PutItemInput:
		return []call{{"dynamodb:PutItem", "table", []string{word(in.Item["PK"])}}}, nil
	case *dynamodb.UpdateItemInput:
		return []call{{"dynamodb:UpdateItem", "table", []string{word(in.Key["PK"])}}}, nil
	case *dynamodb.DeleteItemInput:
		return []call{{"dynamodb:DeleteItem", "table", []string{word(in.Key["PK"])}}}, nil
	case *dynamodb.TransactWriteItemsInput:
		return askedOfTransaction(in.TransactItems), nil
	default:
		return nil, fmt.Errorf("%T: say here which action IAM is asked for", parameters)
	}
}

var equals = regexp.MustCompile(`(#?\w+) = (:\w+)`)

// leading is the partition that a Query reads.
func leading(in *dynamodb.QueryInput) (string, error) {
	for _, found := range equals.FindAllStringSubmatch(*in.KeyConditionExpression, -1) {
		attribute := found[1]
		if named, ok := in.ExpressionAttributeNames[attribute]; ok {
			attribute = named
		}
		if attribute == "PK" || attribute == "GSI1PK" {
			return word(in.ExpressionAttributeValues[found[2]]), nil
		}
	}
	return "", fmt.Errorf("a Query by %q: say here which key leads it", *in.KeyConditionExpression)
}

// askedOfTransaction: there is no action of its own for a transaction, each item asks for that of its kind. Whether the
// items of one kind are asked for one by one or together is not documented; together is the stricter.
func askedOfTransaction(items []types.TransactWriteItem) (asked []call) {
	keys := map[string][]string{}
	for _, item := range items {
		switch {
		case item.Put != nil:
			keys["dynamodb:PutItem"] = append(keys["dynamodb:PutItem"], word(item.Put.Item["PK"]))
		case item.Delete != nil:
			keys["dynamodb:DeleteItem"] = append(keys["dynamodb:DeleteItem"], word(item.Delete.Key["PK"]))
		case item.Update != nil:
			keys["dynamodb:UpdateItem"] = append(keys["dynamodb:UpdateItem"], word(item.Update.Key["PK"]))
		case item.ConditionCheck != nil:
			keys["dynamodb:ConditionCheckItem"] = append(keys["dynamodb:ConditionCheckItem"], word(item.ConditionCheck.Key["PK"]))
		}
	}
	for _, action := range slices.Sorted(maps.Keys(keys)) {
		asked = append(asked, call{action, "table", keys[action]})
	}
	return asked
}

func word(value types.AttributeValue) string {
	s, ok := value.(*types.AttributeValueMemberS)
	if !ok {
		return ""
	}
	return s.Value
}

var thing = regexp.MustCompile(`(acc|par)_[0-9A-Z]{26}|[0-9a-f]{32}|\d{6}`)

// nouns are a call's keys as a policy would name them, each once.
func (c call) nouns() string {
	var all []string
	for _, key := range c.keys {
		all = append(all, thing.ReplaceAllString(key, "*"))
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", ")
}
