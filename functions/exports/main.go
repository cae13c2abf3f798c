// Command exports is the Lambda function that writes exports and ends erasures: ExportsFunction in template.yaml.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/internal/platform/files/s3"
)

func main() {
	lambda.Start(functions.Exports(functions.Exporting(s3.Deployed)))
}
