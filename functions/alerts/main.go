// Command alerts is the Lambda function that mails what rules of the event bus send it: AlertsFunction in template.yaml.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail/ses"
)

func main() {
	lambda.Start(functions.Alerts(functions.Alerting(ses.Deployed)))
}
