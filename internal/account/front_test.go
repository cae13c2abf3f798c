package account_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// front is a world as clients see it: its accounts behind the functions.
type front struct {
	*world
	t         *testing.T
	operator  access.Subject
	functions map[string]*account.API
	post      *post
}

// post takes mail away, and remembers what it took.
type post struct {
	mu    sync.Mutex
	taken []mail.Message
}

func (p *post) Send(_ context.Context, m mail.Message, _ time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken = append(p.taken, m)
	return nil
}

func newFront(t *testing.T, w *world) *front {
	t.Helper()
	f := &front{world: w, t: t, operator: somebody(""), functions: map[string]*account.API{}, post: &post{}}
	sealer, err := table.NewSealer(strings.Repeat("s", 32), rand.Reader)
	if err == nil {
		err = w.store.Staff(t.Context(), f.operator, "Olga", "", w.now, by)
	}
	if err != nil {
		t.Fatal(err)
	}
	for name, open := range functions.HTTP() {
		f.functions[name] = open(functions.Ground{
			Table: w.table, Sealer: sealer, IDs: id.NewMaker(rand.Reader), Now: func() time.Time { return w.now }, Mailer: f.post, Portal: "https://portal.example/",
			Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})),
		})
	}
	return f
}

type answer struct {
	events.APIGatewayV2HTTPResponse
	document map[string]any
}

func (a answer) word(name string) string { s, _ := a.document[name].(string); return s }

// rows are the named field of a listing's items.
func (a answer) rows(list, field string) []string {
	items, _ := a.document[list].([]any)
	all := []string{}
	for _, v := range items {
		item, _ := v.(map[string]any)
		all = append(all, fmt.Sprint(item[field]))
	}
	return all
}

// call sends a request as API Gateway does; headers are given as name, value.
func (f *front) call(as access.Subject, method, path, body string, headers ...string) answer {
	f.t.Helper()
	raw, query, _ := strings.Cut(path, "?")
	e := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: raw, RawQueryString: query, Body: body, Headers: map[string]string{"content-type": "application/json", "accept-language": "en"}}
	for pair := range slices.Chunk(headers, 2) {
		e.Headers[pair[0]] = pair[1]
	}
	e.RequestContext.DomainName = "api.example.com"
	e.RequestContext.HTTP = events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: method, Path: raw, SourceIP: "192.0.2.7"}
	who := map[string]any{"issuer": as.Issuer, "subject": as.ID}
	if as.Email != "" {
		who["email"] = as.Email
	}
	e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{Lambda: who}
	function := "accounts"
	if strings.Contains(raw, "/users") {
		function = "users"
	}
	out, err := f.functions[function].Lambda()(context.Background(), e)
	if err != nil {
		f.t.Error(err)
	}
	a := answer{APIGatewayV2HTTPResponse: out}
	if strings.Contains(out.Headers["Content-Type"], "json") {
		if err := json.Unmarshal([]byte(out.Body), &a.document); err != nil {
			f.t.Error(err)
		}
	}
	return a
}

// want sends a request and holds its answer to a status and, where it is a refusal, to a code.
func (f *front) want(status int, code string, as access.Subject, method, path, body string, headers ...string) answer {
	f.t.Helper()
	a := f.call(as, method, path, body, headers...)
	if a.StatusCode != status || a.word("code") != code {
		f.t.Errorf("%s %s %s: answered %d %s, want %d %s: %s", method, path, body, a.StatusCode, a.word("code"), status, code, a.Body)
	}
	return a
}

// get reads what must be there.
func (f *front) get(as access.Subject, path string) answer {
	f.t.Helper()
	return f.want(http.StatusOK, "", as, "GET", path, "")
}

func inside(a account.Account) string { return "/v1/accounts/" + string(a.ID) }

// address is one that nobody has.
func address() string { return strings.ToLower(rand.Text()) + "@example.com" }

// hire adds somebody under a path, and gives theirs.
func (f *front) hire(path, name, email string) string {
	f.t.Helper()
	a := f.want(http.StatusCreated, "", f.operator, "POST", path, fmt.Sprintf(`{"name":%q,"email":%q}`, name, email))
	return path + "/" + a.word("id")
}

// partner makes a partner that manages an account, and gives the path of its staff.
func (f *front) partner(manages account.Account) (name, staff string) {
	f.t.Helper()
	name = "Partner " + rand.Text()
	made := f.want(http.StatusCreated, "", f.operator, "POST", "/v1/partners", fmt.Sprintf(`{"name":%q,"contact":{}}`, name), "idempotency-key", rand.Text())
	f.want(http.StatusOK, "", f.operator, "PUT", inside(manages)+"/partner", fmt.Sprintf(`{"partnerId":%q}`, made.word("id")))
	return name, "/v1/partners/" + made.word("id") + "/staff"
}
