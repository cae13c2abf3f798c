// Command authorizer is the Lambda authorizer of the HTTP API: it says whose bearer token a request carries.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/seatkeeper/seatkeeper/functions"
)

func main() {
	log := functions.Logger()
	lambda.Start(functions.Authorizer().Authorize(func(err error) { log.Info("token refused", "reason", err.Error()) }))
}
