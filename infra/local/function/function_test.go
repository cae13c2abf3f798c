package function

import (
	"context"
	"strings"
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
	for name, row := range map[string]struct {
		handler any
		want    string
	}{
		"a panic":                        {func() error { panic("of the function") }, "F: panic: of the function"},
		"a call beyond its time":         {func(ctx context.Context) error { <-ctx.Done(); time.Sleep(time.Second); return nil }, "F: ran out of its 50ms"},
		"one that does not look at time": {func() error { time.Sleep(time.Second); return nil }, "F: ran out of its 50ms"},
	} {
		began := time.Now()
		if _, err := called(t, 50*time.Millisecond, row.handler); err == nil || !strings.HasPrefix(err.Error(), row.want) {
			t.Errorf("%s: %v, want %s", name, err, row.want)
		}
		if took := time.Since(began); took > 900*time.Millisecond {
			t.Errorf("%s: answered after %s", name, took)
		}
	}
}
