// Package function calls a Lambda function's own handler as Lambda calls it for a bus, a stream or a schedule: with JSON,
// under a request id, for no longer than its time-out. Calls over HTTP are package gateway's.
package function

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// Function is one function of the template, with its handler.
type Function struct {
	ID      string // logical id, PublisherFunction
	Handler lambda.Handler
	Timeout time.Duration // of one call; the template always has one
}

// Call gives the function's answer. A panic is an error, as it is to Lambda's callers; so is a call that ran out of time
// or whose context ended: its handler is left alone then, where Lambda would end the process.
func (f Function) Call(ctx context.Context, payload []byte) ([]byte, error) {
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: rand.Text()})
	ctx, cancel := context.WithTimeoutCause(ctx, f.Timeout, fmt.Errorf("ran out of its %s", f.Timeout))
	type result struct {
		out []byte
		err error
	}
	done := make(chan result, 1)
	go func() {
		defer func() {
			if v := recover(); v != nil {
				done <- result{err: fmt.Errorf("panic: %v\n%s", v, debug.Stack())}
			}
		}()
		out, err := f.Handler.Invoke(ctx, payload)
		done <- result{out, err}
	}()
	defer cancel()
	select {
	case r := <-done:
		if r.err != nil {
			return nil, fmt.Errorf("%s: %w", f.ID, r.err)
		}
		return r.out, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("%s: %w", f.ID, context.Cause(ctx))
	}
}
