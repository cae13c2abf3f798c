package httpapi_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
)

func TestForgedContextHeadersOfTheProxyAreDropped(t *testing.T) {
	w := newWorld(t)
	forged := `{"authorizer":{"lambda":{"issuer":"https://issuer.example","subject":"operator"}},"requestId":"forged"}`
	for _, name := range []string{"X-GoLambdaProxy-ApiGw-Context", "x-golambdaproxy-apigw-context", "X-GOLAMBDAPROXY-APIGW-STAGEVARS", "x-GoLambdaProxy-anything"} {
		w.want(request{method: "GET", path: things, headers: map[string]string{name: forged}}, 401, "unauthenticated")
		w.want(request{as: "view", method: "DELETE", path: things + "/" + string(thing), headers: map[string]string{name: forged}}, 403, "permission_missing")

		var seen http.Header
		door(func(_ http.ResponseWriter, r *http.Request) { seen = r.Header })(context.Background(), request{method: "GET", path: "/", headers: map[string]string{name: forged, "x-other": "1"}}.event())
		if len(seen) != 2 || seen.Get("X-Other") != "1" {
			t.Errorf("%s: the handler saw %v", name, seen)
		}
	}
	if log := w.log.String(); strings.Contains(log, "forged") {
		t.Errorf("the log has the forged request id:\n%s", log)
	}
}

// door is the adapter alone, in front of a handler of one's own.
func door(handler http.HandlerFunc) func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	return httpapi.Adapt(handler)
}

func TestAHandlerThatWritesNothingIs200(t *testing.T) {
	out, err := door(func(http.ResponseWriter, *http.Request) {})(context.Background(), request{method: "GET", path: "/"}.event())
	if err != nil || out.StatusCode != 200 || out.Body != "" {
		t.Errorf("%d %q %v", out.StatusCode, out.Body, err)
	}
}

func TestTheFirstStatusStands(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"said twice": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201); w.WriteHeader(500) },
		"after the body": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(201)
			_, _ = w.Write([]byte("x"))
			w.WriteHeader(500)
		},
	} {
		if out, _ := door(handler)(context.Background(), request{method: "GET", path: "/"}.event()); out.StatusCode != 201 {
			t.Errorf("%s: %d, want 201", name, out.StatusCode)
		}
	}
	late := func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("x")); w.WriteHeader(500) }
	if out, _ := door(late)(context.Background(), request{method: "GET", path: "/"}.event()); out.StatusCode != 200 {
		t.Errorf("a body without a status: %d, want 200", out.StatusCode)
	}
}

func TestAnAddressThatCannotBeReadIs400(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/v1/%zz", "/%", "/v1/accounts/%a", "/a\x00b", "/a\nb", things + "?q=%zz", things + "?q=\x00", things + "?%"} {
		r := w.want(request{as: "administrator", method: "GET", path: path, headers: map[string]string{"accept-language": "fr"}}, 400, "malformed_request")
		if r.Headers["Content-Language"] != "fr" || r.doc["instance"] != "urn:seatkeeper:request:req-1" {
			t.Errorf("%q: %v %s", path, r.Headers, r.Body)
		}
	}
	w.want(request{as: "administrator", method: "G E T", path: things}, 400, "malformed_request")
	w.want(request{as: "administrator", method: "GET", path: things, edit: func(e *events.APIGatewayV2HTTPRequest) { e.RequestContext.DomainName = "a b" }}, 400, "malformed_request")
	if n := len(w.lines()); n != 10 {
		t.Errorf("%d log lines for 10 requests:\n%s", n, w.log)
	}
	if strings.Contains(w.log.String(), "zz") {
		t.Errorf("the log has the address:\n%s", w.log)
	}
}

func TestAHeaderComesThroughWhole(t *testing.T) {
	var seen *http.Request
	headers := map[string]string{
		"if-match": `"a, b", W/"c"`, "accept-language": "fr-CH, fr;q=0.9", "Idempotency-Key": "one,two", "X-Forwarded-For": "192.0.2.1, 192.0.2.2", "user-agent": "a, b",
	}
	out, err := door(func(_ http.ResponseWriter, r *http.Request) { seen = r })(context.Background(), request{method: "GET", path: "/", headers: headers}.event())
	if err != nil || out.StatusCode != 200 {
		t.Fatal(out, err)
	}
	for name, want := range headers {
		if got := seen.Header.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if seen.RemoteAddr != "192.0.2.7:0" || seen.Host != "api.example.com" {
		t.Errorf("from %q to %q", seen.RemoteAddr, seen.Host)
	}
}

func TestTitleCaseHeadersOfSamLocalAreRead(t *testing.T) {
	w := newWorld(t)
	q := request{as: "administrator", method: "PUT", path: things + "/" + string(thing), body: `{"name":"xy"}`, headers: map[string]string{"If-Match": `"1", "7"`, "Accept-Language": "en"}}
	q.edit = func(e *events.APIGatewayV2HTTPRequest) {
		delete(e.Headers, "content-type")
		e.Headers["Content-Type"] = "application/json"
	}
	if r := w.want(q, 200, ""); r.Headers["Content-Language"] != "en" {
		t.Errorf("headers: %v", r.Headers)
	}
	q.headers["If-Match"] = ""
	w.want(q, 428, "if_match_required")
}

func TestABodyInBase64IsReadAndABrokenOneIs400(t *testing.T) {
	w := newWorld(t)
	send := func(body string) request {
		return request{as: "administrator", method: "POST", path: things, edit: func(e *events.APIGatewayV2HTTPRequest) { e.Body, e.IsBase64Encoded = body, true }}
	}
	w.want(send(base64.StdEncoding.EncodeToString([]byte(`{"name":"xé"}`))), 201, "")
	if got := w.last.(*thingInput).Body.Name; got != "xé" {
		t.Errorf("name: %q", got)
	}
	for _, broken := range []string{"%", "e30", "{\"name\":\"xy\"}", "e30=e30="} {
		w.want(send(broken), 400, "malformed_request")
	}
	if w.calls != 1 {
		t.Errorf("%d calls", w.calls)
	}
}

func TestAnAnswerThatIsNoTextIsBase64(t *testing.T) {
	out, _ := door(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte{0xff, 0}) })(context.Background(), request{method: "GET", path: "/"}.event())
	if !out.IsBase64Encoded || out.Body != "/wA=" {
		t.Errorf("%t %q", out.IsBase64Encoded, out.Body)
	}
}

func TestCookiesComeAndGoWhole(t *testing.T) {
	var seen []*http.Cookie
	e := request{method: "GET", path: "/", headers: map[string]string{"cookie": "a=0"}}.event()
	e.Cookies = []string{"a=1", "b=2"}
	out, _ := door(func(w http.ResponseWriter, r *http.Request) {
		seen = r.Cookies()
		http.SetCookie(w, &http.Cookie{Name: "c", Value: "3"})
		http.SetCookie(w, &http.Cookie{Name: "d", Value: "4"})
	})(context.Background(), e)
	if len(seen) != 2 || seen[0].Value != "1" || seen[1].Value != "2" {
		t.Errorf("cookies in: %v", seen)
	}
	if !slices.Equal(out.Cookies, []string{"c=3", "d=4"}) {
		t.Errorf("cookies out: %v", out.Cookies)
	}
}

func TestAPathThatAPIGatewayDecodedStaysOnePath(t *testing.T) {
	var seen *http.Request
	e := request{method: "GET"}.event()
	e.RawPath, e.RawQueryString = "/v1/a?b=c#d/é x", "q=1%202&r=3&r=4"
	e.QueryStringParameters = map[string]string{"q": "forged"}
	out, _ := door(func(_ http.ResponseWriter, r *http.Request) { seen = r })(context.Background(), e)
	if out.StatusCode != 200 || seen.URL.Path != "/v1/a?b=c#d/é x" || seen.URL.RawQuery != "q=1%202&r=3&r=4" {
		t.Errorf("%d: %q ? %q", out.StatusCode, seen.URL.Path, seen.URL.RawQuery)
	}
	e.RawPath, e.RawQueryString = "", ""
	e.RequestContext.HTTP.Path = "/from-the-context"
	out, _ = door(func(_ http.ResponseWriter, r *http.Request) { seen = r })(context.Background(), e)
	if out.StatusCode != 200 || seen.URL.Path != "/from-the-context" || seen.URL.RawQuery != "" {
		t.Errorf("%d: %q ? %q", out.StatusCode, seen.URL.Path, seen.URL.RawQuery)
	}
}
