package activity_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// november is the month of these tests; its first records are made in its first second.
var november = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// world is an account of the test's own, whose records are listed by way of Lambda.
type world struct {
	t       *testing.T
	table   *table.Table
	account id.Account
	ids     *id.Maker
	lambda  func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)
	log     bytes.Buffer
}

func newWorld(t *testing.T) *world {
	client, name := enginetest.Open(t)
	w := &world{t: t, table: table.New(client, name, nil), ids: id.NewMaker(rand.Reader)}
	w.account = id.New[id.Account](w.ids, time.Now())
	sealer, err := table.NewSealer(strings.Repeat("s", 32), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	api := httpapi.New(httpapi.Config[account.Account]{
		Title: "Activity", Version: "1", Table: w.table, Sealer: sealer, Log: slog.New(slog.NewJSONHandler(&w.log, nil)),
		Now: func() time.Time { return november.AddDate(0, 2, 0) },
		Load: func(context.Context, access.Subject, id.Account, httpapi.Source, time.Time) (httpapi.Loaded[account.Account], error) {
			return httpapi.Loaded[account.Account]{Caller: access.Caller{Kind: access.Operator}, Account: account.Account{ID: w.account, CreatedAt: november.AddDate(-1, 0, 0)}}, nil
		},
	})
	account.Register(api, account.NewStore(w.table, w.ids), activity.NewStore(w.table), account.NewInviter(nil, "", nil))
	w.lambda = api.Lambda()
	return w
}

// happened writes a record.
func (w *world) happened(at time.Time, action activity.Action, subject string, more func(*activity.Record)) {
	w.t.Helper()
	r := activity.New(w.ids, at, w.account, activity.Author{Kind: access.Member, Name: "Ada", IP: "192.0.2.7"}, action, activity.Thing{Noun: action.Kind(), ID: subject})
	if more != nil {
		more(&r)
	}
	op, err := r.Op()
	if err == nil {
		err = w.table.Write(w.t.Context(), op)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// list asks for activity; the document is nil where the answer is CSV.
func (w *world) list(query, accept string) (events.APIGatewayV2HTTPResponse, map[string]any) {
	w.t.Helper()
	path := "/v1/accounts/" + string(w.account) + "/activity"
	e := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: path, RawQueryString: query, Headers: map[string]string{"accept": accept}}
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path, e.RequestContext.DomainName = "GET", path, "api.example.com"
	e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{Lambda: map[string]any{"issuer": "i", "subject": "s"}}
	w.log.Reset()
	r, err := w.lambda(w.t.Context(), e)
	if err != nil {
		w.t.Fatal(err)
	}
	var document map[string]any
	if accept != "text/csv" || r.StatusCode != 200 {
		if err := json.Unmarshal([]byte(r.Body), &document); err != nil {
			w.t.Fatalf("%v: %s", err, r.Body)
		}
	}
	return r, document
}

// calls is how many DynamoDB calls the last request made.
func (w *world) calls() int {
	var line struct{ Calls int }
	if err := json.Unmarshal(w.log.Bytes(), &line); err != nil {
		w.t.Fatal(err)
	}
	return line.Calls
}

// through reads all pages, and gives what each record was about and how many pages there were.
func (w *world) through(query string) (subjects []string, pages int) {
	w.t.Helper()
	for token := ""; pages < 100; {
		r, document := w.list(query+token, "")
		if r.StatusCode != 200 {
			w.t.Fatalf("?%s: %d %s", query, r.StatusCode, r.Body)
		}
		if n := w.calls(); n > 5 {
			w.t.Fatalf("?%s: a page of %d Queries", query, n)
		}
		pages++
		for _, item := range document["items"].([]any) {
			subjects = append(subjects, item.(map[string]any)["subject"].(map[string]any)["id"].(string))
		}
		next, more := document["nextPageToken"].(string)
		if !more {
			return subjects, pages
		}
		token = "&pageToken=" + url.QueryEscape(next)
	}
	w.t.Fatalf("?%s does not end", query)
	return nil, 0
}

// Filterable by subject, and by kind within a month (FEATURES.md, Activity).
func TestActivityIsFilteredByMonthKindAndSubject(t *testing.T) {
	w := newWorld(t)
	end := november.AddDate(0, 1, 0)
	w.happened(november.Add(-time.Millisecond), activity.ContractChanged, "october", nil)
	w.happened(november, activity.ContractImported, "c1", nil)
	w.happened(november.AddDate(0, 0, 3), activity.SystemChanged, "s1", nil)
	w.happened(november.AddDate(0, 0, 4), activity.ContractChanged, "c2", nil)
	w.happened(november.AddDate(0, 0, 5), activity.PartnerLinked, "a1", nil)
	w.happened(end.Add(-time.Millisecond), activity.ContractChanged, "c1", nil)
	w.happened(end, activity.ContractChanged, "december", nil)
	for query, want := range map[string][]string{
		"":                                        {"december", "c1", "a1", "c2", "s1", "c1", "october"},
		"month=2026-11":                           {"c1", "a1", "c2", "s1", "c1"},
		"month=2026-11&kind=contract":             {"c1", "c2", "c1"},
		"month=2026-11&kind=contract&pageSize=1":  {"c1", "c2", "c1"},
		"month=2026-11&kind=account":              {"a1"},
		"month=2026-11&kind=contr":                nil,
		"month=2026-11&subjectId=c1":              {"c1", "c1"},
		"month=2026-11&subjectId=c1&kind=system":  nil,
		"month=2026-11&subjectId=s1&kind=system":  {"s1"},
		"subjectId=c1":                            {"c1", "c1"},
		"month=2026-12":                           {"december"},
		"month=2020-01":                           nil,
		"month=2030-01&kind=contract&pageSize=20": nil,
	} {
		got, _ := w.through(query)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("?%s: %s", query, diff)
		}
	}
}

func TestAKindNeedsAMonthAndAMonthIsOne(t *testing.T) {
	w := newWorld(t)
	for query, want := range map[string]string{
		"kind=contract":              "query.month required",
		"kind=Contract&month=2026-1": "query.kind wrong_form, query.month wrong_form",
		"month=2026-13":              "query.month wrong_form",
		"month=2026-00":              "query.month wrong_form",
		"month=26-11":                "query.month wrong_form",
		"month=2026-11-01":           "query.month wrong_form",
	} {
		r, document := w.list(query, "")
		var wrong []string
		list, _ := document["errors"].([]any)
		for _, e := range list {
			wrong = append(wrong, e.(map[string]any)["location"].(string)+" "+e.(map[string]any)["code"].(string))
		}
		if got := strings.Join(wrong, ", "); r.StatusCode != 422 || got != want {
			t.Errorf("?%s: %d %s, want %s", query, r.StatusCode, got, want)
		}
	}
}

// Nothing filters an unbounded set (DESIGN.md, Data): through holds each page to five Queries.
func TestAPageInSearchOfAKindPassesOverSoManyRecordsAndNoMore(t *testing.T) {
	w := newWorld(t)
	w.happened(november, activity.ContractChanged, "rare", nil)
	for i := range 30 {
		w.happened(november.Add(time.Duration(i+1)*time.Second), activity.SystemChanged, "often", nil)
	}
	_, document := w.list("month=2026-11&kind=contract&pageSize=2", "")
	if n := w.calls(); n != 5 || len(document["items"].([]any)) != 0 || document["nextPageToken"] == nil {
		t.Errorf("after %d Queries: %v", n, document)
	}
	got, pages := w.through("month=2026-11&kind=contract&pageSize=2")
	if diff := cmp.Diff([]string{"rare"}, got); diff != "" || pages != 4 {
		t.Errorf("%d pages, want 4 of 10 records: %s", pages, diff)
	}
	if _, pages := w.through("month=2026-11&kind=system&pageSize=10"); pages > 4 {
		t.Errorf("%d pages where nearly all are of the kind", pages)
	}
}

// Exportable as CSV: who, what, whom, when, from where, before and after (FEATURES.md, Activity).
func TestActivityIsExportedAsCSV(t *testing.T) {
	w := newWorld(t)
	w.happened(november, activity.SystemsConnected, "c1", func(r *activity.Record) {
		r.Subject.Name = "=cmd"
		r.Targets = []activity.Thing{{Noun: "system", ID: "s1", Name: "North"}, {Noun: "system", ID: "s2"}}
		activity.Changed(r, "mapped", 1, 3)
	})
	w.happened(november.AddDate(0, 0, 1), activity.AccountChanged, "a1", nil)
	r, _ := w.list("month=2026-11&kind=system", "text/csv")
	header, row, _ := strings.Cut(r.Body, "\n")
	if want := "\ufeffid,at,action,author.kind,author.id,author.name,author.ip,author.userAgent,author.requestId,subject.noun,subject.id,subject.name,targets.noun,targets.id,targets.name,before,after"; header != want {
		t.Errorf("columns %s", header)
	}
	_, row, _ = strings.Cut(row, ",")
	if want := `2026-11-01T00:00:00Z,system.connected,member,,Ada,192.0.2.7,,,system,c1,'=cmd,system|system,s1|s2,North|,"{""mapped"":1}","{""mapped"":3}"` + "\n"; row != want {
		t.Errorf("row %s", row)
	}
}
