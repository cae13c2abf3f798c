// Command checkout is the Lambda function behind the routes of CheckoutFunction in template.yaml.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/seatkeeper/seatkeeper/functions"
)

func main() {
	lambda.Start(functions.Checkout(functions.Deployed()).Lambda())
}
