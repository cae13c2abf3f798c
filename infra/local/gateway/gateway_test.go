package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/template"
)

// routes is a template with every form of route.
const routes = `
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties: {Auth: {DefaultAuthorizer: Bearer}}
  AuthorizerFunction: {Type: AWS::Serverless::Function, Properties: {Timeout: 10}}
  ThingsFunction:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 29
      Events:
        One:     {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: "/v1/things/{thingId}"}}
        Special: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: "/v1/things/special"}}
        Parts:   {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: "/v1/things/{thingId}/parts"}}
        Add:     {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: POST, Path: "/v1/things"}}
        Any:     {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: ANY, Path: "/v1/any"}}
        GetAny:  {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: "/v1/any"}}
        Files:   {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: "/v1/files/{path+}"}}
        Open:    {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: "/v1/open", Auth: {Authorizer: NONE}}}
`

type (
	request  = events.APIGatewayV2HTTPRequest
	response = events.APIGatewayV2HTTPResponse
)

// echo answers what it got.
func echo(_ context.Context, r request) (response, error) {
	body, err := json.Marshal(r)
	return response{StatusCode: http.StatusOK, Headers: map[string]string{"Content-Type": "application/json"}, Body: string(body)}, err
}

// open lets everybody in.
func open(context.Context, events.APIGatewayV2CustomAuthorizerV2Request) (events.APIGatewayV2CustomAuthorizerSimpleResponse, error) {
	return events.APIGatewayV2CustomAuthorizerSimpleResponse{IsAuthorized: true, Context: map[string]any{"subject": "persona|admin"}}, nil
}

func gatewayOf(t *testing.T, function, authorizer any) *Gateway {
	t.Helper()
	read, err := template.Parse([]byte(routes))
	if err != nil {
		t.Fatal(err)
	}
	g, err := New(read, map[string]lambda.Handler{
		"ThingsFunction": lambda.NewHandler(function), "AuthorizerFunction": lambda.NewHandler(authorizer),
	}, "AuthorizerFunction", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// ask sends a request with a token.
func ask(g http.Handler, method, target string, body io.Reader, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, body)
	r.Header.Set("Authorization", "Bearer t")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	g.ServeHTTP(w, r)
	return w
}

// got is the event that echo got for a request.
func got(t *testing.T, w *httptest.ResponseRecorder) request {
	t.Helper()
	var event request
	if err := json.Unmarshal(w.Body.Bytes(), &event); err != nil || w.Code != http.StatusOK {
		t.Fatalf("answer %d %s is no event (%v)", w.Code, w.Body, err)
	}
	return event
}

// refuses checks an answer of the gateway's own.
func refuses(t *testing.T, w *httptest.ResponseRecorder, status int, message string) {
	t.Helper()
	want := `{"message":"` + message + `"}`
	if w.Code != status || w.Body.String() != want || w.Header().Get("Content-Type") != "application/json" || w.Header().Get("Apigw-Requestid") == "" {
		t.Errorf("answer is %d %s %v, want %d %s", w.Code, w.Body, w.Header(), status, want)
	}
}

func TestTheMostSpecificRouteTakesARequest(t *testing.T) {
	g := gatewayOf(t, echo, open)
	for _, test := range []struct{ method, target, route string }{
		{"GET", "/v1/things/special", "GET /v1/things/special"},
		{"GET", "/v1/things/7", "GET /v1/things/{thingId}"},
		{"GET", "/v1/things/special/parts", "GET /v1/things/{thingId}/parts"},
		{"POST", "/v1/things", "POST /v1/things"},
		{"GET", "/v1/any", "GET /v1/any"},
		{"DELETE", "/v1/any", "ANY /v1/any"},
		{"GET", "/v1/files/a/b/c.txt", "GET /v1/files/{path+}"},
	} {
		if event := got(t, ask(g, test.method, test.target, nil)); event.RouteKey != test.route || event.RequestContext.RouteKey != test.route {
			t.Errorf("%s %s went to %s, want %s", test.method, test.target, event.RouteKey, test.route)
		}
	}
}

func TestWhatNoRouteTakesIsNotFound(t *testing.T) {
	g := gatewayOf(t, echo, open)
	for _, test := range []struct{ method, target string }{
		{"GET", "/"}, {"GET", "/v1"}, {"GET", "/v1/things"}, {"POST", "/v1/things/7"}, {"HEAD", "/v1/things/7"}, {"OPTIONS", "/v1/things/7"},
		{"GET", "/v1/things/"}, {"GET", "/v1/things/7/"}, {"GET", "/v1//things/7"}, {"GET", "/v1/things//parts"}, {"GET", "/V1/things/7"},
		{"GET", "/v1/files/"}, {"GET", "/v1/things/../things/7"},
	} {
		refuses(t, ask(g, test.method, test.target, nil), http.StatusNotFound, "Not Found")
	}
}

func TestAnEventIsThatOfAPIGateway(t *testing.T) {
	g := gatewayOf(t, echo, open)
	w := ask(g, "GET", "http://localhost:8080/v1/things/7/parts?b=2&a=x%20y&b=3", nil,
		"Accept", "application/json", "X-Many", "one", "X-Many", "two, three", "Cookie", "a=1; b=2", "Cookie", "c=3",
		"User-Agent", "test/1", "Connection", "keep-alive", "X-Forwarded-For", "203.0.113.9")
	event := got(t, w)

	trace, at, id := event.Headers["x-amzn-trace-id"], event.RequestContext.TimeEpoch, event.RequestContext.RequestID
	if len(trace) != len("Root=1-69203470-0a1b2c3d4e5f60718293a4b5") || len(event.RequestContext.Time) != len("21/Nov/2026:09:00:00 +0000") || at < 1e12 {
		t.Errorf("trace %q, time %q, epoch %d", trace, event.RequestContext.Time, at)
	}
	if id == "" || id != w.Header().Get("Apigw-Requestid") {
		t.Errorf("request id %q in the event, %q in the answer", id, w.Header().Get("Apigw-Requestid"))
	}
	event.RequestContext.Time, event.RequestContext.TimeEpoch, event.RequestContext.RequestID = "", 0, ""
	delete(event.Headers, "x-amzn-trace-id")
	want := request{
		Version: "2.0", RouteKey: "GET /v1/things/{thingId}/parts", RawPath: "/v1/things/7/parts", RawQueryString: "b=2&a=x%20y&b=3",
		Cookies: []string{"a=1", "b=2", "c=3"},
		Headers: map[string]string{
			"accept": "application/json", "authorization": "Bearer t", "host": "localhost:8080", "user-agent": "test/1", "x-many": "one,two, three",
			"x-forwarded-for": "203.0.113.9, 192.0.2.1", "x-forwarded-port": "8080", "x-forwarded-proto": "http",
		},
		QueryStringParameters: map[string]string{"a": "x y", "b": "2,3"},
		PathParameters:        map[string]string{"thingId": "7"},
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RouteKey: "GET /v1/things/{thingId}/parts", AccountID: "000000000000", Stage: "$default", APIID: "local",
			DomainName: "localhost", DomainPrefix: "localhost",
			Authorizer: &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{Lambda: map[string]any{"subject": "persona|admin"}},
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method: "GET", Path: "/v1/things/7/parts", Protocol: "HTTP/1.1", SourceIP: "192.0.2.1", UserAgent: "test/1",
			},
		},
	}
	if diff := cmp.Diff(want, event); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

// An HTTP API decodes the path once before it routes and hands it on, and ends it at a decoded question mark.
func TestThePathIsDecodedOnce(t *testing.T) {
	g := gatewayOf(t, echo, open)
	for _, test := range []struct{ target, rawPath, route string }{
		{"/v1/things/a%20b", "/v1/things/a b", "GET /v1/things/{thingId}"},
		{"/v1/things/%C3%A9", "/v1/things/é", "GET /v1/things/{thingId}"},
		{"/v1/things/7%2Fparts", "/v1/things/7/parts", "GET /v1/things/{thingId}/parts"},
		{"/v1/things/7%252Fparts", "/v1/things/7%2Fparts", "GET /v1/things/{thingId}"},
		{"/v1/things/%25zz", "/v1/things/%zz", "GET /v1/things/{thingId}"},
		{"/v1/things/7%3Fadmin=true", "/v1/things/7", "GET /v1/things/{thingId}"},
		{"/v1/things/%00", "/v1/things/\x00", "GET /v1/things/{thingId}"},
	} {
		event := got(t, ask(g, "GET", test.target, nil))
		if event.RawPath != test.rawPath || event.RouteKey != test.route || event.RequestContext.HTTP.Path != test.rawPath {
			t.Errorf("%s came as %q by %s, want %q by %s", test.target, event.RawPath, event.RouteKey, test.rawPath, test.route)
		}
	}
}

func TestABodyIsBase64UnlessItsTypeIsText(t *testing.T) {
	g := gatewayOf(t, echo, open)
	const bytes = "caf\xe9" // Windows-1252
	for _, test := range []struct {
		contentType, body, want string
		encoded                 bool
	}{
		{"application/json", `{"a": "é"}`, `{"a": "é"}`, false},
		{"application/json; charset=utf-8", `{}`, `{}`, false},
		{"APPLICATION/JSON", `{}`, `{}`, false},
		{"text/csv", "a;b", "a;b", false},
		{"application/xml", "<a/>", "<a/>", false},
		{"application/javascript", "1", "1", false},
		{"text/plain", bytes, "caf\ufffd", false}, // broken on the way, as on AWS
		{"application/octet-stream", bytes, "Y2Fm6Q==", true},
		{"application/x-www-form-urlencoded", "a=1", "YT0x", true},
		{"application/problem+json", "{}", "e30=", true},
		{"nonsense;;;", "{}", "e30=", true},
		{"", "{}", "e30=", true},
		{"application/octet-stream", "", "", false},
	} {
		event := got(t, ask(g, "POST", "/v1/things", strings.NewReader(test.body), "Content-Type", test.contentType))
		if event.Body != test.want || event.IsBase64Encoded != test.encoded {
			t.Errorf("%s %q came as %q (base64 %t), want %q (%t)", test.contentType, test.body, event.Body, event.IsBase64Encoded, test.want, test.encoded)
		}
	}
}

func TestTheLimitsOfAWSHold(t *testing.T) {
	g := gatewayOf(t, echo, open)
	head := func(n int) *httptest.ResponseRecorder {
		return ask(g, "GET", "/v1/open", nil, "X-Padding", strings.Repeat("x", n))
	}
	// "GET /v1/open HTTP/1.1", the host "example.com" and "Bearer t" are in it too.
	room := 10240 - len("GET /v1/open HTTP/1.1") - len("example.com") - len("Bearer t")
	got(t, head(room))
	refuses(t, head(room+1), http.StatusRequestHeaderFieldsTooLarge, "Request Header Fields Too Large")

	post := func(kind string, n int) *httptest.ResponseRecorder {
		return ask(gatewayOf(t, func(context.Context, request) (response, error) { return response{StatusCode: 204}, nil }, open),
			"POST", "/v1/things", bytes.NewReader(bytes.Repeat([]byte("x"), n)), "Content-Type", kind)
	}
	if w := post("text/plain", 6<<20-4096); w.Code != http.StatusNoContent {
		t.Errorf("a body just below Lambda's 6 MB: %d %s", w.Code, w.Body)
	}
	refuses(t, post("text/plain", 6<<20+100), http.StatusRequestEntityTooLarge, "Request Entity Too Large")
	refuses(t, post("application/octet-stream", 5<<20), http.StatusRequestEntityTooLarge, "Request Entity Too Large")
	refuses(t, post("application/octet-stream", 10<<20+1), http.StatusRequestEntityTooLarge, "Request Entity Too Large")

	// API Gateway's 10 MB are its own: nobody is asked whose request it is. Lambda's 6 MB are met later.
	for size, status := range map[int]int{10<<20 + 1: http.StatusRequestEntityTooLarge, 7 << 20: http.StatusUnauthorized} {
		w := httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest("POST", "/v1/things", bytes.NewReader(make([]byte, size))))
		if w.Code != status {
			t.Errorf("%d bytes without a token: %d, want %d", size, w.Code, status)
		}
	}

	large := func(context.Context, request) (response, error) {
		return response{StatusCode: 200, Body: strings.Repeat("x", 6<<20+100)}, nil
	}
	refuses(t, ask(gatewayOf(t, large, open), "GET", "/v1/any", nil), http.StatusInternalServerError, "Internal Server Error")
}

func TestARouteWithoutAHandlerIsAnError(t *testing.T) {
	read, err := template.Parse([]byte(routes))
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"ThingsFunction", "AuthorizerFunction"} {
		_, err := New(read, map[string]lambda.Handler{id: lambda.NewHandler(echo)}, "AuthorizerFunction", slog.New(slog.DiscardHandler))
		if err == nil {
			t.Errorf("a gateway with %s alone was made", id)
		}
	}
}

func TestTheAuthorizerIsAskedWhoseRequestItIs(t *testing.T) {
	type (
		question = events.APIGatewayV2CustomAuthorizerV2Request
		verdict  = events.APIGatewayV2CustomAuthorizerSimpleResponse
	)
	var asked atomic.Int32
	var last question
	g := gatewayOf(t, echo, func(_ context.Context, q question) (verdict, error) {
		asked.Add(1)
		last = q
		switch q.Headers["authorization"] {
		case "Bearer good":
			return verdict{IsAuthorized: true, Context: map[string]any{"subject": "s", "issuer": "i"}}, nil
		case "Bearer broken":
			return verdict{}, errors.New("no keys")
		}
		return verdict{Context: map[string]any{"subject": "not for a refused one"}}, nil
	})
	send := func(target, authorization string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", target, nil)
		if authorization != "" {
			r.Header.Set("Authorization", authorization)
		}
		w := httptest.NewRecorder()
		g.ServeHTTP(w, r)
		return w
	}
	refuses(t, send("/v1/things/7", ""), http.StatusUnauthorized, "Unauthorized")
	if event := got(t, send("/v1/open", "")); event.RequestContext.Authorizer != nil {
		t.Errorf("an open route has an authorizer's context %v", event.RequestContext.Authorizer)
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("the authorizer was asked %d times, for nothing", n)
	}
	refuses(t, send("/v1/things/7", "Bearer bad"), http.StatusForbidden, "Forbidden")
	refuses(t, send("/v1/things/7", "Bearer broken"), http.StatusInternalServerError, "Internal Server Error")
	for range 2 { // and each time anew
		event := got(t, send("/v1/things/7?a=1", "Bearer good"))
		want := map[string]any{"subject": "s", "issuer": "i"}
		if diff := cmp.Diff(want, event.RequestContext.Authorizer.Lambda); diff != "" {
			t.Errorf("context (-want +got):\n%s", diff)
		}
	}
	if n := asked.Load(); n != 4 {
		t.Errorf("the authorizer was asked %d times, want 4", n)
	}
	if last.Type != "REQUEST" || last.Version != "2.0" || !cmp.Equal(last.IdentitySource, []string{"Bearer good"}) ||
		last.RouteArn != "arn:aws:execute-api:local:000000000000:local/$default/GET/v1/things/7" || last.PathParameters["thingId"] != "7" || last.RawQueryString != "a=1" {
		t.Errorf("the authorizer was asked %+v", last)
	}
}
