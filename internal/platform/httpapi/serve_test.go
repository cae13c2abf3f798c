package httpapi_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
)

func TestEveryAnswerForbidsCachesAndGuessing(t *testing.T) {
	w := newWorld(t)
	for _, q := range []request{
		{as: "administrator", method: "GET", path: things},
		{as: "administrator", method: "GET", path: "/nowhere"},
		{method: "GET", path: things},
		{as: "administrator", method: "DELETE", path: things + "/" + string(thing)},
	} {
		r := w.send(q)
		for name, want := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Vary": "Accept, Accept-Language"} {
			if r.Headers[name] != want {
				t.Errorf("%s %s: %s: %q", q.method, q.path, name, r.Headers[name])
			}
		}
	}
}

func TestAGoodAnswerIsJSONWithTheStatusOfItsOperation(t *testing.T) {
	w := newWorld(t)
	one := w.send(request{as: "administrator", method: "GET", path: things + "/" + string(thing)})
	if want := `{"id":"` + string(thing) + `","name":"Ours"}`; one.Body != want || one.StatusCode != 200 {
		t.Errorf("got %d %s, want %s", one.StatusCode, one.Body, want)
	}
	if one.Headers["Content-Type"] != "application/json" || one.Headers["Content-Language"] != "fr" || one.Headers["Etag"] != `"7"` {
		t.Errorf("headers: %v", one.Headers)
	}
	made := w.send(request{as: "administrator", method: "POST", path: things, body: `{"name":"A & <b>"}`})
	if want := `{"id":"` + string(thing) + `","name":"A & <b>"}`; made.Body != want || made.StatusCode != 201 {
		t.Errorf("got %d %s, want 201 %s", made.StatusCode, made.Body, want)
	}
	gone := w.send(request{as: "administrator", method: "DELETE", path: things + "/" + string(thing)})
	if gone.StatusCode != 204 || gone.Body != "" || gone.Headers["Content-Type"] != "" {
		t.Errorf("got %d %q %v, want 204 and nothing", gone.StatusCode, gone.Body, gone.Headers)
	}
	list := w.send(request{as: "administrator", method: "GET", path: things})
	if items, ok := list.doc["items"].([]any); !ok || len(items) != 0 {
		t.Errorf("an empty page's items: %s", list.Body)
	}
}

func TestTheHandlerIsToldWhoCallsFromWhereAndWhen(t *testing.T) {
	w := newWorld(t)
	var seen httpapi.Call[string]
	w.handle = func(_ context.Context, call httpapi.Call[string], _ *thingInput) (*Thing, error) {
		seen = call
		return &Thing{}, nil
	}
	w.send(request{as: "administrator", method: "POST", path: things, body: `{"name":"xy"}`, edit: func(e *events.APIGatewayV2HTTPRequest) {
		e.RequestContext.HTTP.UserAgent = "a\x1b[2Jb\r\n" + strings.Repeat("é", 300)
	}})
	if seen.Caller.Subject != (access.Subject{Issuer: "https://issuer.example", ID: "administrator", Email: "administrator@example.com"}) {
		t.Errorf("subject: %v", seen.Caller.Subject)
	}
	if seen.AccountID != ours || seen.Account != "Ours" || !seen.Now.Equal(t0) || seen.Lang != "fr" {
		t.Errorf("call: %+v", seen)
	}
	if s := seen.Source; s.IP != "192.0.2.7" || s.RequestID != "req-1" || !strings.HasPrefix(s.UserAgent, "a[2Jbé") || len(s.UserAgent) > 256 {
		t.Errorf("source: %+v", s)
	}
}

func TestOneLogLineARequestWithoutPersonalData(t *testing.T) {
	w := newWorld(t)
	w.send(request{as: "administrator", method: "GET", path: things + "?q=" + url.QueryEscape("Marie Curie")})
	w.send(request{as: "view", method: "DELETE", path: things + "/" + string(thing)})
	lines := w.lines()
	if len(lines) != 2 {
		t.Fatalf("%d lines for 2 requests:\n%s", len(lines), w.log)
	}
	names := slices.Sorted(maps.Keys(lines[0]))
	if want := []string{"account", "calls", "code", "level", "ms", "msg", "operation", "readUnits", "requestId", "status", "time", "writeUnits"}; !slices.Equal(names, want) {
		t.Errorf("line has %v, want %v", names, want)
	}
	if l := lines[1]; l["operation"] != "removeThing" || l["code"] != "permission_missing" || l["status"] != 403.0 || l["account"] != string(ours) || l["requestId"] != "req-1" {
		t.Errorf("line: %v", l)
	}
	for _, private := range []string{"Marie", "192.0.2.7", "@example.com", "curl", string(thing)} {
		if strings.Contains(w.log.String(), private) {
			t.Errorf("the log holds %q:\n%s", private, w.log)
		}
	}
}

func TestAPanicIsOne500AndTheNextRequestIsServed(t *testing.T) {
	w := newWorld(t)
	w.handle = func(context.Context, httpapi.Call[string], *thingInput) (*Thing, error) { panic("out of seats") }
	q := request{as: "administrator", method: "POST", path: things, body: `{"name":"xy"}`}
	r := w.want(q, 500, "internal_error")
	if strings.Contains(r.Body, "seats") {
		t.Errorf("the caller is told the cause: %s", r.Body)
	}
	line := w.lines()[0]
	if stack, _ := line["stack"].(string); line["cause"] != "panic: out of seats" || !strings.Contains(stack, "world_test.go") || line["level"] != "ERROR" {
		t.Errorf("line: %v", line)
	}
	w.handle = nil
	w.want(q, 201, "")
}

func TestAnUnknownErrorIs500WithItsCauseInTheLogAlone(t *testing.T) {
	w := newWorld(t)
	w.handle = func(context.Context, httpapi.Call[string], *thingInput) (*Thing, error) {
		return nil, errors.New("index 3 is missing")
	}
	q := request{as: "administrator", method: "POST", path: things, body: `{"name":"xy"}`}
	if r := w.want(q, 500, "internal_error"); strings.Contains(r.Body, "index 3") {
		t.Errorf("the caller is told the cause: %s", r.Body)
	}
	if line := w.lines()[0]; line["cause"] != "index 3 is missing" || line["stack"] != nil {
		t.Errorf("line: %v", line)
	}
	w.want(request{as: "broken", method: "GET", path: things}, 500, "internal_error")

	w.handle = func(context.Context, httpapi.Call[string], *thingInput) (*Thing, error) { return nil, nil }
	w.want(q, 500, "internal_error")
	if line := w.lines()[2]; line["cause"] != "operation do answered neither an output nor an error" {
		t.Errorf("line: %v", line)
	}
}

func TestWhatIsBusyOrTakesTooLongIs503WithRetryAfter(t *testing.T) {
	w := newWorld(t)
	q := request{as: "administrator", method: "POST", path: things, body: `{"name":"xy"}`}
	for _, tt := range []struct {
		err   error
		code  string
		after string
	}{
		{fault.New(fault.Busy, "busy").After(1200 * time.Millisecond), "busy", "2"},
		{fault.New(fault.Busy, "busy"), "busy", "1"},
		{context.DeadlineExceeded, "timed_out", "1"},
		{context.Canceled, "timed_out", "1"},
		{fault.New(fault.Busy, "busy").Because(context.DeadlineExceeded), "timed_out", "1"},
	} {
		w.handle = func(context.Context, httpapi.Call[string], *thingInput) (*Thing, error) { return nil, tt.err }
		if r := w.want(q, 503, tt.code); r.Headers["Retry-After"] != tt.after {
			t.Errorf("%v: Retry-After %q, want %q", tt.err, r.Headers["Retry-After"], tt.after)
		}
	}
}

func TestARequestGivesUpBeforeLambdaEndsTheFunction(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	end, _ := ctx.Deadline()
	var left time.Duration // of Lambda's own time, when the handler's is over
	w.handle = func(ctx context.Context, _ httpapi.Call[string], _ *thingInput) (*Thing, error) {
		own, _ := ctx.Deadline()
		left = end.Sub(own)
		return nil, context.DeadlineExceeded
	}
	r := w.sendContext(ctx, request{as: "administrator", method: "POST", path: things, body: `{"name":"xy"}`})
	if r.StatusCode != 503 || left < 100*time.Millisecond || left > time.Second {
		t.Errorf("%d %s; %s were left of Lambda's own time", r.StatusCode, r.code(), left)
	}
}

func TestWithoutLambdaNobodyIsKnown(t *testing.T) {
	w := newWorld(t)
	r, _ := http.NewRequest("GET", "https://api.example.com"+things, nil)
	r.Header.Set("X-GoLambdaProxy-ApiGw-Context", `{"authorizer":{"lambda":{"issuer":"i","subject":"operator"}}}`)
	rec := &recorder{header: http.Header{}}
	w.api.Handler().ServeHTTP(rec, r)
	if rec.status != 401 {
		t.Errorf("status %d, want 401", rec.status)
	}
}

type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(s int)           { r.status = s }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }
