package engine

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
)

// connections is how many are kept open between calls. Race tests send 64 calls at once; with the SDK's 10, each round
// would leave 54 ports behind it that the system holds back for a minute.
const connections = 64

// Client is a client for an engine on this machine. The engine takes any key, and wants letters and digits only.
func Client(endpoint string) *dynamodb.Client { return dynamodb.NewFromConfig(config(endpoint)) }

// Streams is a client for the streams of the same engine's tables.
func Streams(endpoint string) *dynamodbstreams.Client {
	return dynamodbstreams.NewFromConfig(config(endpoint))
}

func config(endpoint string) aws.Config {
	return aws.Config{
		Region: "eu-west-1",
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
		HTTPClient: awshttp.NewBuildableClient().WithTransportOptions(func(transport *http.Transport) {
			transport.MaxIdleConns, transport.MaxIdleConnsPerHost = connections, connections
		}),
		BaseEndpoint: aws.String(endpoint),
	}
}

// EnsureTable makes a table when it is not there, and returns when it can be used; created says whether it was made here.
// Callers may race. A table of that name with other keys or indexes is an error: indexes cannot be added to it, so it
// must go.
//
// Expiry by TTL is left off: the engine would delete by the machine's clock, where the rules go by the time they are
// given. Readers filter what has expired in any case.
func EnsureTable(ctx context.Context, client *dynamodb.Client, table *dynamodb.CreateTableInput) (created bool, err error) {
	name := aws.ToString(table.TableName)
	var exists *types.ResourceInUseException
	switch _, err := client.CreateTable(ctx, table); {
	case err == nil:
		created = true
	case !errors.As(err, &exists):
		return false, fmt.Errorf("creating table %s: %w", name, err)
	}
	waiter := dynamodb.NewTableExistsWaiter(client, func(options *dynamodb.TableExistsWaiterOptions) {
		options.MinDelay, options.MaxDelay = 50*time.Millisecond, time.Second
	})
	seen, err := waiter.WaitForOutput(ctx, &dynamodb.DescribeTableInput{TableName: table.TableName}, time.Minute)
	if err != nil {
		return created, fmt.Errorf("waiting for table %s: %w", name, err)
	}
	if got, want := shapeOf(seen.Table), shapeWanted(table); got != want {
		return created, fmt.Errorf("table %s is there with other keys than template.yaml has (%s, not %s): drop the engine's data", name, got, want)
	}
	return created, nil
}

// shapeOf and shapeWanted write down keys and indexes, in an order that the engine's answer cannot change.
func shapeOf(table *types.TableDescription) string {
	var indexes []string
	for _, index := range table.LocalSecondaryIndexes {
		indexes = append(indexes, shape(aws.ToString(index.IndexName), index.KeySchema, index.Projection))
	}
	for _, index := range table.GlobalSecondaryIndexes {
		indexes = append(indexes, shape(aws.ToString(index.IndexName), index.KeySchema, index.Projection))
	}
	return joined(table.KeySchema, indexes)
}

func shapeWanted(table *dynamodb.CreateTableInput) string {
	var indexes []string
	for _, index := range table.LocalSecondaryIndexes {
		indexes = append(indexes, shape(aws.ToString(index.IndexName), index.KeySchema, index.Projection))
	}
	for _, index := range table.GlobalSecondaryIndexes {
		indexes = append(indexes, shape(aws.ToString(index.IndexName), index.KeySchema, index.Projection))
	}
	return joined(table.KeySchema, indexes)
}

func joined(keys []types.KeySchemaElement, indexes []string) string {
	slices.Sort(indexes)
	return strings.Join(append([]string{shape("", keys, nil)}, indexes...), " ")
}

func shape(name string, keys []types.KeySchemaElement, projection *types.Projection) string {
	var attributes []string
	for _, key := range keys {
		attributes = append(attributes, aws.ToString(key.AttributeName))
	}
	text := name + "(" + strings.Join(attributes, ",") + ")"
	if projection != nil {
		text += string(projection.ProjectionType)
	}
	return text
}
