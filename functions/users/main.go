// Command users is the Lambda function behind the routes of UsersFunction in template.yaml.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/seatkeeper/seatkeeper/functions"
)

func main() {
	lambda.Start(functions.Users(functions.Deployed()).Lambda())
}
