package check

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/files"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/statement/pdf"
)

// t0 is when these tests happen.
var t0 = time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)

// issuer is whose tokens the authorizer has accepted in these tests.
const issuer = "https://issuer.example"

// ground is what a function stands on in these tests, on a table of the real engine.
func ground(t testing.TB, db *table.Table, now func() time.Time) functions.Ground {
	t.Helper()
	sealer, err := table.NewSealer(strings.Repeat("s", 32), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	mailer, err := mail.NewFile(t.TempDir(), mail.Address{Email: "us@seatkeeper.example"})
	if err != nil {
		t.Fatal(err)
	}
	return functions.Ground{
		Exports: files.Folder{Base: "https://exports.example", Key: []byte("signs links"), Now: now},
		Table:   db, Sealer: sealer, IDs: id.NewMaker(rand.Reader), Now: now, Mailer: mailer, Portal: "https://portal.example/", Press: pdf.Press(),
		Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})), // the cause of a 500

	}
}

// served is an operation, and the function that serves it.
type served struct {
	httpapi.Operation
	function string
	lambda   func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)
}

// ServeHTTP makes it something that a mux finds by its route; nothing is served that way.
func (served) ServeHTTP(http.ResponseWriter, *http.Request) {}

// gateway stands where API Gateway does: behind the authorizer, before the functions.
type gateway struct {
	operations []served
	routes     *http.ServeMux
}

// newGateway opens every HTTP function on a ground of its own.
func newGateway(ground func(function string) functions.Ground) *gateway {
	g := &gateway{routes: http.NewServeMux()}
	all := functions.HTTP()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		api := all[name](ground(name))
		lambda := api.Lambda()
		for _, op := range api.Operations() {
			s := served{op, name, lambda}
			g.operations = append(g.operations, s)
			g.routes.Handle(op.Method+" "+op.Path, s)
		}
	}
	return g
}

// request is one request as API Gateway hands it on; the zero subject is a caller without a token.
type request struct {
	as           access.Subject
	method, path string // the path with its query
	body         string
	headers      map[string]string
}

func (q request) event() events.APIGatewayV2HTTPRequest {
	path, query, _ := strings.Cut(q.path, "?")
	e := events.APIGatewayV2HTTPRequest{Version: "2.0", RouteKey: "$default", RawPath: path, RawQueryString: query, Body: q.body, Headers: map[string]string{}}
	switch {
	case strings.HasPrefix(q.body, "{"):
		e.Headers["content-type"] = "application/json"
	case q.body != "": // a file: API Gateway passes it on in base64
		e.Headers["content-type"] = "application/octet-stream"
		e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(q.body)), true
	}
	maps.Copy(e.Headers, q.headers)
	e.RequestContext.RequestID, e.RequestContext.DomainName = "one-request", "api.example"
	e.RequestContext.HTTP = events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: q.method, Path: path, SourceIP: "192.0.2.7", UserAgent: "check"}
	if q.as != (access.Subject{}) {
		context := map[string]any{"issuer": q.as.Issuer, "subject": q.as.ID}
		if q.as.Email != "" {
			context["email"] = q.as.Email
		}
		e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{Lambda: context}
	}
	return e
}

// response is an answer, with its JSON read.
type response struct {
	events.APIGatewayV2HTTPResponse
	document map[string]any
}

// word is a text of the answer's JSON, found by the names on its way; empty where there is none.
func (r response) word(way ...string) string {
	var value any = r.document
	for _, name := range way {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	s, _ := value.(string)
	return s
}

// find looks a request's operation up as a route of API Gateway.
func (g *gateway) find(t testing.TB, q request) served {
	t.Helper()
	path, _, _ := strings.Cut(q.path, "?")
	found, _ := g.routes.Handler(httptest.NewRequest(q.method, path, nil))
	op, ok := found.(served)
	if !ok {
		t.Fatalf("%s %s: no operation has that route", q.method, path)
	}
	return op
}

// send has the function of the request's route answer it.
func (g *gateway) send(t testing.TB, q request) response {
	t.Helper()
	answer, err := g.find(t, q).lambda(t.Context(), q.event())
	if err != nil {
		t.Fatalf("%s %s: the function failed: %v", q.method, q.path, err)
	}
	r := response{APIGatewayV2HTTPResponse: answer}
	if answer.Body != "" && strings.Contains(answer.Headers["Content-Type"], "json") {
		if err := json.Unmarshal([]byte(answer.Body), &r.document); err != nil {
			t.Fatalf("%s %s answered no JSON: %v: %q", q.method, q.path, err, answer.Body)
		}
	}
	return r
}
