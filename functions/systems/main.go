// Command systems is the Lambda function behind the routes of SystemsFunction in template.yaml.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/seatkeeper/seatkeeper/functions"
)

func main() {
	lambda.Start(functions.Systems(functions.Deployed()).Lambda())
}
