// Package apitest calls operations in tests the way API Gateway does: an account on the real engine, people with roles in
// it, and an API with what the test registers. Tests that need the functions as they are wired use package functions.
package apitest

import (
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Office is an account, and an API to call about it.
type Office struct {
	T        testing.TB
	Account  id.Account
	Table    *table.Table
	IDs      *id.Maker
	Accounts *account.Store
	// Now is what the clock says; a test moves it.
	Now time.Time
	API *account.API
}

// New makes an account of its own, and an API without operations: the test registers them before the first call.
func New(t testing.TB) *Office {
	t.Helper()
	client, name := enginetest.Open(t)
	db, ids := table.New(client, name, nil), id.NewMaker(rand.Reader)
	o := &Office{T: t, Table: db, IDs: ids, Accounts: account.NewStore(db, ids), Now: time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)}
	o.Account = o.Another()
	sealer, err := table.NewSealer(strings.Repeat("s", 32), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	o.API = httpapi.New(httpapi.Config[account.Account]{
		Title: "Seatkeeper", Version: "test", Load: o.Accounts.Load, Table: db, Sealer: sealer, Now: func() time.Time { return o.Now },
		Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})),
	})
	return o
}

// Another makes a further account.
func (o *Office) Another() id.Account {
	o.T.Helper()
	a := account.Account{ID: id.New[id.Account](o.IDs, time.Now()), Name: "Account " + rand.Text(), Terms: account.DefaultTerms(), CreatedAt: o.Now}
	ops, err := account.CreateOps(a)
	if err == nil {
		err = o.Table.Write(o.T.Context(), ops...)
	}
	if err != nil {
		o.T.Fatal(err)
	}
	return a.ID
}

func subject() access.Subject {
	return access.Subject{Issuer: "https://issuer.example", ID: rand.Text()}
}

// Member is somebody with roles in an account.
func (o *Office) Member(a id.Account, roles ...access.Role) access.Subject {
	o.T.Helper()
	who := subject()
	m := account.Member{Account: a, User: id.New[id.User](o.IDs, o.Now), Name: "Member", Roles: roles}
	if err := o.Accounts.Enrol(o.T.Context(), who, m, o.Now, activity.Author{Kind: access.Operator}); err != nil {
		o.T.Fatal(err)
	}
	return who
}

// Operator is one of the vendor's own.
func (o *Office) Operator() access.Subject {
	o.T.Helper()
	who := subject()
	if err := o.Accounts.Staff(o.T.Context(), who, "Operator", "", o.Now, activity.Author{Kind: access.Operator}); err != nil {
		o.T.Fatal(err)
	}
	return who
}

// Answer is what came back, and its JSON.
type Answer struct {
	events.APIGatewayV2HTTPResponse
	Document map[string]any
}

// Word is a text of the answer.
func (a Answer) Word(name string) string { s, _ := a.Document[name].(string); return s }

// Column is a text of each item of a page.
func (a Answer) Column(name string) []string {
	list, _ := a.Document["items"].([]any)
	all := []string{}
	for _, v := range list {
		item, _ := v.(map[string]any)
		word, _ := item[name].(string)
		all = append(all, word)
	}
	return all
}

// Call sends a request; headers are given as name, value.
func (o *Office) Call(as access.Subject, method, path, body string, headers ...string) Answer {
	o.T.Helper()
	raw, query, _ := strings.Cut(path, "?")
	e := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: raw, RawQueryString: query, Body: body, Headers: map[string]string{"content-type": "application/json", "accept-language": "en"}}
	for pair := range slices.Chunk(headers, 2) {
		e.Headers[pair[0]] = pair[1]
	}
	e.RequestContext.DomainName = "api.example.com"
	e.RequestContext.HTTP = events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: method, Path: raw, SourceIP: "192.0.2.7"}
	e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{Lambda: map[string]any{"issuer": as.Issuer, "subject": as.ID}}
	out, err := o.API.Lambda()(o.T.Context(), e)
	if err != nil {
		o.T.Fatal(err)
	}
	a := Answer{APIGatewayV2HTTPResponse: out}
	if strings.Contains(out.Headers["Content-Type"], "json") {
		if err := json.Unmarshal([]byte(out.Body), &a.Document); err != nil {
			o.T.Fatal(err)
		}
	}
	return a
}

// Want is Call, held to a status and, where it is a refusal, to a code.
func (o *Office) Want(status int, code string, as access.Subject, method, path, body string, headers ...string) Answer {
	o.T.Helper()
	a := o.Call(as, method, path, body, headers...)
	if a.StatusCode != status || a.Word("code") != code {
		o.T.Errorf("%s %s %s: answered %d %s, want %d %s: %s", method, path, body, a.StatusCode, a.Word("code"), status, code, a.Body)
	}
	return a
}
