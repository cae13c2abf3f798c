// Command expiry is the Lambda function that marks and announces what is due: ExpiryFunction in template.yaml.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/internal/platform/bus/eventbridge"
)

func main() {
	lambda.Start(functions.Expiry(functions.Publishing(eventbridge.Deployed)))
}
