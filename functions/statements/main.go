// Command statements is the Lambda function behind the routes of StatementsFunction in template.yaml.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/internal/statement/pdf"
)

func main() {
	ground := functions.Deployed()
	ground.Press = pdf.Press()
	lambda.Start(functions.Statements(ground).Lambda())
}
