// Command publisher is the Lambda function that turns the table's stream into events: PublisherFunction in template.yaml.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/internal/platform/bus/eventbridge"
)

func main() {
	lambda.Start(functions.Publisher(functions.Publishing(eventbridge.Deployed)))
}
