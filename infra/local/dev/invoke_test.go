package dev_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/local/bus"
	"github.com/seatkeeper/seatkeeper/infra/local/dev"
	"github.com/seatkeeper/seatkeeper/infra/local/function"
	"github.com/seatkeeper/seatkeeper/infra/local/schedule"
	"github.com/seatkeeper/seatkeeper/infra/template"
)

// called is a function that answers what it was called with, or fails.
func called(id string, err error) function.Function {
	return function.Function{ID: id, Timeout: 5 * time.Second, Handler: lambda.NewHandler(func(_ context.Context, in map[string]any) (map[string]any, error) { return in, err })}
}

func TestAFunctionIsCalledAsLambdaCallsIt(t *testing.T) {
	l := start(t)
	l.Functions = dev.Functions{"Good": called("Good", nil), "Bad": called("Bad", errors.New("broken"))}
	for _, row := range []struct {
		name, body   string
		status       int
		functionFail string
		said         string
	}{
		{"Good", `{"a":1}`, 200, "", `{"a":1}`},
		{"Good", ``, 200, "", `{}`},
		{"Bad", `{}`, 200, "Unhandled", `{"errorMessage":"Bad: broken"}`},
		{"Good", `nonsense`, 200, "Unhandled", `invalid character`},
		{"Gone", `{}`, 404, "", "Bad Good"},
		{"Good", strings.Repeat(" ", 6<<20+1), 413, "", "longer"},
	} {
		r := httptest.NewRequest("POST", dev.InvokePath+"/2015-03-31/functions/"+row.name+"/invocations", strings.NewReader(row.body))
		r.Host = "localhost:8080"
		w := httptest.NewRecorder()
		l.Handler().ServeHTTP(w, r)
		if w.Code != row.status || w.Header().Get("X-Amz-Function-Error") != row.functionFail || !strings.Contains(w.Body.String(), row.said) {
			t.Errorf("%s with %.20q: %d %q %.200s", row.name, row.body, w.Code, w.Header().Get("X-Amz-Function-Error"), w.Body)
		}
	}
	if status, _ := l.send(t, "POST", dev.InvokePath+"/2015-03-31/functions/Good/invocations", `{}`, "Host", "evil.example"); status != http.StatusForbidden {
		t.Errorf("another site's page calls functions: %d", status)
	}
}

func TestASchedulesFunctionRunsWhenSomebodyAsks(t *testing.T) {
	l := start(t)
	l.Schedules = schedule.New([]schedule.Job{{Schedule: template.Schedule{ID: "S", Every: time.Hour, Input: `{"deep":true}`}, Function: called("ExpiryFunction", nil)}}, l.Clock.Now, slog.New(slog.DiscardHandler))
	if status, said := l.send(t, "POST", "/dev/schedules/ExpiryFunction", ""); status != http.StatusOK || said != `{"deep":true}` {
		t.Errorf("%d %s", status, said)
	}
	if status, said := l.send(t, "POST", "/dev/schedules/Other", ""); status != http.StatusBadGateway || !strings.Contains(said, "ExpiryFunction") {
		t.Errorf("of a function without schedule: %d %s", status, said)
	}
	if status, _ := l.send(t, "GET", "/dev/schedules/ExpiryFunction", ""); status != http.StatusMethodNotAllowed {
		t.Errorf("by looking: %d", status)
	}
}

func TestTheBusIsMadeToRefuse(t *testing.T) {
	l := start(t)
	status, shown := l.send(t, "POST", "/dev/faults", `[{"call": "publish", "mode": "refuse"}, {"call": "write", "mode": "conflict"}, {"call": "publish", "mode": "twice", "p": 0.5, "times": 3}]`)
	want := []bus.Fault{{Mode: bus.Refuse, P: 1}, {Mode: bus.Twice, P: 0.5, Times: 3}}
	if diff := cmp.Diff(want, l.Bus.Armed()); status != http.StatusOK || diff != "" || len(l.Faults.Armed()) != 1 {
		t.Errorf("%d, %d of the table, of the bus (-want +got):\n%s", status, len(l.Faults.Armed()), diff)
	}
	if _, again := l.send(t, "POST", "/dev/faults", shown); again != shown {
		t.Errorf("what is shown is taken for %s", again)
	}
	for _, wrong := range []string{`[{"call": "publish", "mode": "conflict"}]`, `[{"call": "publish"}]`, `[{"call": "publish", "mode": "refuse", "p": 2}]`, `[{"call": "publish", "mode": "refuse", "times": -1}]`,
		`[{"call": "publish", "mode": "refuse", "delay": "1s"}]`, `[{"call": "publish", "mode": "refuse", "skip": 1}]`, `[{"mode": "refuse"}]`, `[{"call": "publish", "mode": "refuse"}, {"mode": "explode"}]`} {
		if status, _ := l.send(t, "POST", "/dev/faults", wrong); status != http.StatusBadRequest {
			t.Errorf("%s: %d", wrong, status)
		}
	}
	if diff := cmp.Diff(want, l.Bus.Armed()); diff != "" {
		t.Errorf("after wrong ones (-want +got):\n%s", diff)
	}
	if l.send(t, "DELETE", "/dev/faults", ""); len(l.Bus.Armed()) != 0 {
		t.Error("still armed")
	}
}
