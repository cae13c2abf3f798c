// Command accounts is the Lambda function behind the routes of AccountsFunction in template.yaml.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail/ses"
)

func main() {
	lambda.Start(functions.Accounts(functions.Linking(functions.Mailing(ses.Deployed))).Lambda())
}
