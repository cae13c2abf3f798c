package function

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

func called(t *testing.T, timeout time.Duration, handler any) (string, error) {
	t.Helper()
	out, err := Function{ID: "F", Handler: lambda.NewHandler(handler), Timeout: timeout}.Call(t.Context(), []byte(`{}`))
	return string(out), err
}

func TestAFunctionIsCalledUnderARequestIdOfItsOwn(t *testing.T) {
	handler := func(ctx context.Context) (string, error) {
		c, _ := lambdacontext.FromContext(ctx)
		return c.AwsRequestID, nil
	}
	first, err := called(t, time.Minute, handler)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := called(t, time.Minute, handler); err != nil || len(first) < 10 || first == second {
		t.Errorf("request ids %s and %s, %v", first, second, err)
	}
}

func TestWhatLambdaWouldEndIsAnError(t *testing.T) {
	var ended atomic.Bool
	answered := make(chan struct{})
	stuck := func() error {
		select {
		case <-answered:
		case <-time.After(time.Minute):
			ended.Store(true)
		}
		return nil
	}
	for name, row := range map[string]struct {
		timeout time.Duration
		handler any
		want    string
	}{
		"a panic":                        {time.Minute, func() error { panic("of the function") }, "F: panic: of the function"},
		"a call beyond its time":         {50 * time.Millisecond, func(ctx context.Context) error { <-ctx.Done(); return stuck() }, "F: ran out of its 50ms"},
		"one that does not look at time": {50 * time.Millisecond, stuck, "F: ran out of its 50ms"},
	} {
		if _, err := called(t, row.timeout, row.handler); err == nil || !strings.HasPrefix(err.Error(), row.want) {
			t.Errorf("%s: %v, want %s", name, err, row.want)
		}
		if ended.Load() {
			t.Errorf("%s: answered after the function", name)
		}
	}
	close(answered)
}
