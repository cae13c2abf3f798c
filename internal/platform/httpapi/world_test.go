package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// The accounts of these tests: one French, one of other people, and an id that nobody has.
const (
	ours    = id.Account("acc_01JD0000000000000000000001")
	foreign = id.Account("acc_01JD0000000000000000000002")
	nobodys = id.Account("acc_01JD0000000000000000000003")
	thing   = id.System("sys_01JD0000000000000000000001")
)

// t0 is when these tests happen.
var t0 = time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)

// world is an API with a small noun of its own: things, which stand in for systems. Its wire is that of API Gateway.
type world struct {
	t      *testing.T
	api    *httpapi.API[string]
	lambda func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)
	table  *table.Table
	faults *table.Faults
	log    *syncBuffer
	// ours and foreign are the accounts of this world; on the shared engine each world has its own.
	ours, foreign id.Account

	mu    sync.Mutex
	now   time.Time
	calls int
	// last is the input that a handler saw.
	last any
	// handle, where set, is what the operation `do` does.
	handle func(context.Context, httpapi.Call[string], *thingInput) (*Thing, error)
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}
func (b *syncBuffer) String() string { b.mu.Lock(); defer b.mu.Unlock(); return b.b.String() }

// Thing is a wire type of the noun.
type Thing struct {
	ID       id.System `json:"id"`
	Name     string    `json:"name"`
	revision int
}

// Revision makes its answer carry an ETag.
func (t Thing) Revision() int { return t.revision }

type listInput struct {
	httpapi.Paging
	State string    `query:"state" enum:"on,off"`
	Q     string    `query:"q" maxLength:"20"`
	Since time.Time `query:"since"`
	Loud  bool      `query:"loud"`
}

type thingInput struct {
	DryRun bool `query:"dryRun"`
	Body   struct {
		Name     string      `json:"name" minLength:"2" maxLength:"10"`
		Quantity int         `json:"quantity,omitempty" minimum:"1" maximum:"2000000"`
		Count    int64       `json:"count,omitempty"`
		Ratio    float64     `json:"ratio,omitempty" exclusiveMinimum:"0"`
		Day      date.Date   `json:"day,omitempty"`
		When     time.Time   `json:"when,omitzero"`
		Email    string      `json:"email,omitempty" format:"email"`
		Kind     string      `json:"kind,omitempty" enum:"commercial,trial"`
		Systems  []id.System `json:"systems,omitempty" maxItems:"3"`
		Loud     bool        `json:"loud,omitempty"`
		Inner    struct {
			Deep string `json:"deep,omitempty"`
		} `json:"inner,omitzero"`
	}
}

type oneInput struct {
	Thing id.System `path:"thingId"`
}

type changeInput struct {
	httpapi.IfMatch
	Thing id.System `path:"thingId"`
	Body  struct {
		Name string `json:"name"`
	}
}

type fileInput struct {
	Kind    string `query:"kind" required:"true" enum:"contracts,systems"`
	RawBody []byte
}

type fileOutput struct {
	Bytes int `json:"bytes"`
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, now: t0, log: &syncBuffer{}, ours: ours, foreign: foreign}
	sealer, err := table.NewSealer(strings.Repeat("s", 32), bytes.NewReader(bytes.Repeat([]byte("nonce"), 1000)))
	if err != nil {
		t.Fatal(err)
	}
	w.build(sealer)
	return w
}

// build makes the API anew, with what the world has by now.
func (w *world) build(sealer *table.Sealer) {
	w.api = httpapi.New(httpapi.Config[string]{
		Title: "Things", Version: "1", Load: w.load, Table: w.table, Sealer: sealer, Now: w.clock,
		Log: slog.New(slog.NewJSONHandler(w.log, nil)),
	})
	registerThings(w)
	w.lambda = w.api.Lambda()
}

func (w *world) clock() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now }

func (w *world) advance(d time.Duration) { w.mu.Lock(); defer w.mu.Unlock(); w.now = w.now.Add(d) }

// saw keeps what a handler was given.
func (w *world) saw(in any) { w.mu.Lock(); defer w.mu.Unlock(); w.last = in; w.calls++ }

// load knows everybody by their subject: member roles, a partner, an operator; "outsider" is of the foreign account.
func (w *world) load(_ context.Context, s access.Subject, a id.Account, _ httpapi.Source, _ time.Time) (httpapi.Loaded[string], error) {
	out := httpapi.Loaded[string]{}
	if a == w.ours {
		out.Locale, out.Account = "fr", "Ours"
	}
	if a == w.foreign {
		out.Locale, out.Account = "fr", "Foreign"
	}
	switch s.ID {
	case "operator":
		out.Caller.Kind = access.Operator
	case "outsider":
		if a == w.foreign {
			out.Caller = access.Caller{Kind: access.Member, Roles: []access.Role{access.Administrator}}
		}
	case "broken":
		return out, errors.New("no such index")
	default:
		if a == w.ours {
			out.Caller = access.Caller{Kind: access.Member, Roles: []access.Role{access.Role(s.ID)}}
		}
	}
	if s.ID == string(access.Viewer) {
		out.Caller.Language = "en"
	}
	return out, nil
}

const things = "/v1/accounts/" + string(ours) + "/things"

func registerThings(w *world) {
	const within = "/v1/accounts/{accountId}/things"
	httpapi.Register(w.api, httpapi.Operation{ID: "listThings", Method: "GET", Path: within, Needs: access.View, Tag: "things"},
		func(_ context.Context, call httpapi.Call[string], in *listInput) (*httpapi.Page[Thing], error) {
			w.saw(in)
			at, err := httpapi.From[int](call, in.PageToken)
			if err != nil {
				return nil, err
			}
			// Three pages: from nothing, from 1 and from 2.
			to := new(int)
			switch {
			case at == nil:
				*to = 1
			case *at == 1:
				*to = 2
			default:
				to = nil
			}
			next, err := httpapi.Next(call, to)
			page := httpapi.NewPage[Thing](nil, next)
			return &page, err
		})
	httpapi.Register(w.api, httpapi.Operation{ID: "getThing", Method: "GET", Path: within + "/{thingId}", Needs: access.View},
		func(_ context.Context, call httpapi.Call[string], in *oneInput) (*Thing, error) {
			w.saw(in)
			return &Thing{ID: in.Thing, Name: call.Account, revision: 7}, nil
		})
	httpapi.Register(w.api, httpapi.Operation{ID: "changeThing", Method: "PUT", Path: within + "/{thingId}", Needs: access.ManageSystems},
		func(_ context.Context, _ httpapi.Call[string], in *changeInput) (*Thing, error) {
			w.saw(in)
			if err := in.RequireMatch(7); err != nil {
				return nil, err
			}
			return &Thing{ID: in.Thing, Name: in.Body.Name, revision: 8}, nil
		})
	httpapi.Register(w.api, httpapi.Operation{ID: "removeThing", Method: "DELETE", Path: within + "/{thingId}", Needs: access.ManageSystems},
		func(_ context.Context, _ httpapi.Call[string], in *oneInput) (*httpapi.NoBody, error) {
			w.saw(in)
			return &httpapi.NoBody{}, nil
		})
	httpapi.Register(w.api, httpapi.Operation{ID: "do", Method: "POST", Path: within, Needs: access.ManageSystems, Key: httpapi.KeyAccepted, Success: 201, Refusals: []int{409}},
		func(ctx context.Context, call httpapi.Call[string], in *thingInput) (*Thing, error) {
			w.saw(in)
			if w.handle != nil {
				return w.handle(ctx, call, in)
			}
			return &Thing{ID: thing, Name: in.Body.Name}, nil
		})
	httpapi.Register(w.api, httpapi.Operation{ID: "makeVendorThing", Method: "POST", Path: "/v1/things", Needs: access.ManageAccounts, Key: httpapi.KeyRequired},
		func(_ context.Context, _ httpapi.Call[string], in *thingInput) (*Thing, error) {
			w.saw(in)
			return &Thing{Name: in.Body.Name}, nil
		})
	httpapi.Register(w.api, httpapi.Operation{ID: "takeFile", Method: "POST", Path: "/v1/files", Needs: access.ImportCRM, MaxBody: 1000},
		func(_ context.Context, _ httpapi.Call[string], in *fileInput) (*fileOutput, error) {
			w.saw(in)
			return &fileOutput{Bytes: len(in.RawBody)}, nil
		})
}

// request is one request as a client would send it.
type request struct {
	as           string // the subject; empty is nobody
	method, path string
	body         string
	headers      map[string]string
	edit         func(*events.APIGatewayV2HTTPRequest)
}

type response struct {
	events.APIGatewayV2HTTPResponse
	doc map[string]any
}

func (r response) code() string { s, _ := r.doc["code"].(string); return s }

// wrong lists the refused values as "location code".
func (r response) wrong() []string {
	var all []string
	list, _ := r.doc["errors"].([]any)
	for _, e := range list {
		m, _ := e.(map[string]any)
		all = append(all, m["location"].(string)+" "+m["code"].(string))
	}
	return all
}

func (q request) event() events.APIGatewayV2HTTPRequest {
	path, query, _ := strings.Cut(q.path, "?")
	e := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: path, RawQueryString: query, Body: q.body, Headers: map[string]string{"content-type": "application/json"}}
	maps.Copy(e.Headers, q.headers)
	e.RequestContext.RequestID = "req-1"
	e.RequestContext.DomainName = "api.example.com"
	e.RequestContext.HTTP = events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: q.method, Path: path, SourceIP: "192.0.2.7", UserAgent: "curl/8"}
	if q.as != "" {
		e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
			Lambda: map[string]any{"issuer": "https://issuer.example", "subject": q.as, "email": q.as + "@example.com"},
		}
	}
	if q.edit != nil {
		q.edit(&e)
	}
	return e
}

// send puts a request through Lambda's door, by way of the JSON that Lambda is given.
func (w *world) send(q request) response {
	w.t.Helper()
	return w.sendContext(context.Background(), q)
}

func (w *world) sendContext(ctx context.Context, q request) response {
	w.t.Helper()
	raw, err := json.Marshal(q.event())
	if err != nil {
		w.t.Fatal(err)
	}
	var e events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(raw, &e); err != nil {
		w.t.Fatal(err)
	}
	out, err := w.lambda(ctx, e)
	if err != nil {
		w.t.Fatalf("%s %s: the function failed: %v", q.method, q.path, err)
	}
	r := response{APIGatewayV2HTTPResponse: out}
	if kind := out.Headers["Content-Type"]; out.Body != "" && !strings.HasPrefix(kind, "text/") && kind != "application/pdf" {
		if err := json.Unmarshal([]byte(out.Body), &r.doc); err != nil {
			w.t.Fatalf("%s %s answered no JSON: %v: %q", q.method, q.path, err, out.Body)
		}
	}
	if out.StatusCode >= 400 {
		checkProblem(w.t, r)
	}
	return r
}

// checkProblem holds what is true of every refusal.
func checkProblem(t *testing.T, r response) {
	t.Helper()
	if got := r.Headers["Content-Type"]; got != "application/problem+json" {
		t.Errorf("Content-Type of a refusal: %q", got)
	}
	if r.doc["status"] != float64(r.StatusCode) || r.doc["type"] != "urn:seatkeeper:problem:"+r.code() || r.code() == "" {
		t.Errorf("status %d with problem %v", r.StatusCode, r.doc)
	}
	for _, member := range []string{"title", "detail", "instance"} {
		if s, _ := r.doc[member].(string); s == "" || strings.Contains(s, "%!") || s == r.code() {
			t.Errorf("%s of problem: %q", member, s)
		}
	}
}

func (w *world) want(q request, status int, code string) response {
	w.t.Helper()
	r := w.send(q)
	if r.StatusCode != status || r.code() != code {
		w.t.Errorf("%s %s as %q: %d %s, want %d %s\n%s", q.method, q.path, q.as, r.StatusCode, r.code(), status, code, r.Body)
	}
	return r
}

// lines are the log's lines.
func (w *world) lines() []map[string]any {
	w.t.Helper()
	var all []map[string]any
	d := json.NewDecoder(strings.NewReader(w.log.String()))
	for {
		var line map[string]any
		if err := d.Decode(&line); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, line)
	}
}
