package gateway

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// function is a Lambda function, called as the Lambda runtime calls it: with JSON, through the same library.
type function struct {
	id      string
	handler lambda.Handler
	timeout time.Duration
}

// call gives the function's answer, or the refusal that its failure comes to. It does not end with the client's
// connection: a Lambda function does not see that either. On AWS the process of a function that ran out of time is
// ended; here it can only be left alone.
func (f function) call(ctx context.Context, payload []byte, requestID string, patience time.Duration) ([]byte, error) {
	ctx = lambdacontext.NewContext(context.WithoutCancel(ctx), &lambdacontext.LambdaContext{AwsRequestID: requestID})
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	type result struct {
		out []byte
		err error
	}
	done := make(chan result, 1)
	go func() {
		defer cancel()
		defer func() {
			if v := recover(); v != nil {
				done <- result{err: fmt.Errorf("panic: %v\n%s", v, debug.Stack())}
			}
		}()
		out, err := f.handler.Invoke(ctx, payload)
		done <- result{out, err}
	}()
	wait := time.NewTimer(min(patience, f.timeout))
	defer wait.Stop()
	select {
	case r := <-done:
		switch {
		case r.err != nil:
			return nil, failed(fmt.Errorf("%s: %w", f.id, r.err))
		case len(r.out) > maxPayload:
			return nil, failed(fmt.Errorf("%s: an answer of %d bytes, Lambda passes on %d", f.id, len(r.out), maxPayload))
		}
		return r.out, nil
	case <-wait.C:
		if f.timeout <= patience {
			return nil, failed(fmt.Errorf("%s: ran out of its %s", f.id, f.timeout))
		}
		return nil, &refusal{http.StatusServiceUnavailable, "Service Unavailable", fmt.Errorf("%s: no answer for %s", f.id, patience)}
	}
}

// authorize asks the authorizer whose request it is. Without what identifies a caller it is not asked.
func (x *exchange) authorize(event events.APIGatewayV2HTTPRequest) (map[string]any, error) {
	identity := event.Headers["authorization"]
	if identity == "" {
		return nil, &refusal{status: http.StatusUnauthorized, message: "Unauthorized"}
	}
	payload, err := json.Marshal(authorizerEvent(event, identity))
	if err != nil {
		return nil, failed(err)
	}
	out, err := x.g.authorizer.call(x.r.Context(), payload, x.id, min(x.g.maxWait, maxAuthorizerWait))
	if err != nil {
		return nil, err
	}
	var answer events.APIGatewayV2CustomAuthorizerSimpleResponse
	if err := json.Unmarshal(out, &answer); err != nil {
		return nil, failed(fmt.Errorf("%s: %w", x.g.authorizer.id, err))
	}
	if !answer.IsAuthorized {
		return nil, &refusal{status: http.StatusForbidden, message: "Forbidden"}
	}
	return answer.Context, nil
}

// pass writes a function's answer. What API Gateway does not read in format 2.0 (multiValueHeaders) is not read here,
// and headers that are the connection's stay its own.
func (x *exchange) pass(out []byte) error {
	var answer events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal(out, &answer); err != nil {
		return failed(fmt.Errorf("answer of the function: %w", err))
	}
	if answer.StatusCode < 200 || answer.StatusCode > 599 {
		return failed(fmt.Errorf("answer of the function: status %d", answer.StatusCode))
	}
	body := []byte(answer.Body)
	if answer.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(answer.Body); err != nil {
			return failed(fmt.Errorf("answer of the function: body: %w", err))
		}
	}
	h := x.w.Header()
	for name, value := range answer.Headers {
		h.Set(name, value)
	}
	for _, cookie := range answer.Cookies {
		h.Add("Set-Cookie", cookie)
	}
	for _, name := range append([]string{"Content-Length"}, hop...) {
		h.Del(name)
	}
	h.Set("Apigw-Requestid", x.id)
	if len(body) > 0 && h.Get("Content-Type") == "" {
		h.Set("Content-Type", "text/plain;charset=UTF-8") // Go would guess one from the bytes
	}
	x.w.WriteHeader(answer.StatusCode)
	_, _ = x.w.Write(body) // a client that went away has nobody to tell
	return nil
}
