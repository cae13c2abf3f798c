// Command client is a Lambda function with a DynamoDB client and nothing else: what `bench start` compares the start of ours
// with. Its client is made as ours are, from the environment and without the SDK's default configuration.
package main

import (
	"context"
	"encoding/json"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

func main() {
	client := dynamodb.New(dynamodb.Options{
		Region:       os.Getenv("AWS_REGION"),
		BaseEndpoint: aws.String(os.Getenv("DYNAMODB_ENDPOINT")),
		Credentials:  aws.NewCredentialsCache(credentials.NewStaticCredentialsProvider(os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), "")),
	})
	table := os.Getenv("TABLE")
	// What ours call, so that the linker keeps it here too.
	lambda.Start(func(ctx context.Context, _ json.RawMessage) error {
		if _, err := client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{}); err != nil {
			return err
		}
		if _, err := client.Query(ctx, &dynamodb.QueryInput{TableName: &table}); err != nil {
			return err
		}
		_, err := client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{})
		return err
	})
}
