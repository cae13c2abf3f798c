package httpapi

import (
	"context"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
)

// Adapt is the adapter alone, without what this package puts behind it.
func Adapt(handler http.HandlerFunc) func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	return adapt(func(w http.ResponseWriter, r *http.Request, _ error) { handler(w, r) })
}

// Findings are Huma's messages that have a code of ours, and those codes.
func Findings() (formats, codes []string) {
	for _, f := range findings() {
		formats, codes = append(formats, f.format), append(codes, f.code)
	}
	return formats, codes
}
