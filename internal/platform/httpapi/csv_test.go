package httpapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
)

// row is a wire type with everything that a cell can be made of.
type row struct {
	ID      id.System `json:"id"`
	named             // its fields stand among the row's own
	Hidden  string    `json:"-"`
	secret  int
	Since   time.Time      `json:"since"`
	Day     date.Date      `json:"day,omitempty"`
	Loud    bool           `json:"loud"`
	Use     use            `json:"use"`
	Owner   *owner         `json:"owner,omitempty"`
	Roles   []string       `json:"roles,omitempty"`
	Parts   []owner        `json:"parts,omitempty"`
	Changed map[string]any `json:"changed,omitempty"`
}

type named struct {
	Name string `json:"name"`
}

type use struct {
	Used  int   `json:"used"`
	Delta int64 `json:"delta"`
}

type owner struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

type rowsOutput struct {
	httpapi.Page[row]
	httpapi.Truncation
	Banner string `json:"banner"`
}

const rowHeader = "\ufeffid,name,since,day,loud,use.used,use.delta,owner.id,owner.name,roles,parts.id,parts.name,changed\n"

// asCSV asks for CSV and nothing else.
func asCSV(path string) request {
	return request{as: "administrator", method: "GET", path: path, headers: map[string]string{"accept": "text/csv"}}
}

// listRows adds a listing of n rows like the one given, numbered from 1 on, by pages.
func listRows(w *world, like row, n int, truncated bool) {
	httpapi.Register(w.api, httpapi.Operation{ID: "listRows", Method: "GET", Path: "/v1/accounts/{accountId}/rows", Needs: access.View},
		func(_ context.Context, c httpapi.Call[string], in *listInput) (*rowsOutput, error) {
			w.saw(in)
			page, err := httpapi.List(c, in.Paging, func(after *int, limit int) (all []row, next *int, err error) {
				from := 0
				if after != nil {
					from = *after
				}
				for i := from; i < min(n, from+limit); i++ {
					like.Use.Used = i + 1
					all = append(all, like)
				}
				if to := from + limit; to < n {
					next = &to
				}
				return all, next, nil
			}, func(r row) row { return r })
			if err != nil {
				return nil, err
			}
			return &rowsOutput{*page, httpapi.Truncation{Truncated: truncated}, "above the list"}, nil
		})
}

const rows = "/v1/accounts/" + string(ours) + "/rows"

func TestAListingIsCSVWithTheFieldsOfItsJSONAsColumns(t *testing.T) {
	w := newWorld(t)
	listRows(w, row{
		ID: thing, named: named{"Salle 1, \"nord\""}, Hidden: "x", secret: 1, Since: t0, Day: "2026-12-01", Use: use{Delta: -9007199254740993}, Owner: &owner{ID: "o1"},
		Roles: []string{"view", "manage_users"}, Parts: []owner{{"p1", "é"}, {ID: "p2"}}, Changed: map[string]any{"b": 1, "a": "<&>"},
	}, 1, false)
	r := w.want(asCSV(rows), 200, "")
	want := rowHeader + string(thing) + `,"Salle 1, ""nord""",2026-11-20T09:30:00Z,2026-12-01,false,1,-9007199254740993,o1,,view|manage_users,p1|p2,é|,"{""a"":""<&>"",""b"":1}"` + "\n"
	if diff := cmp.Diff(want, r.Body); diff != "" {
		t.Error(diff)
	}
	if got := r.Headers["Content-Type"]; got != "text/csv; charset=utf-8; header=present" || r.IsBase64Encoded {
		t.Errorf("Content-Type %q, base64 %v", got, r.IsBase64Encoded)
	}
	if strings.Contains(r.Body, "above the list") || r.Headers["Link"] != "" || r.Headers["Seatkeeper-Truncated"] != "" {
		t.Errorf("the only page, whole: %v\n%s", r.Headers, r.Body)
	}
	for _, name := range []string{"Cache-Control", "X-Content-Type-Options", "Vary"} {
		if json := w.send(request{as: "administrator", method: "GET", path: rows}); r.Headers[name] == "" || r.Headers[name] != json.Headers[name] {
			t.Errorf("%s of CSV: %q", name, r.Headers[name])
		}
	}
}

func TestCSVHasItsHeaderLineAlsoWithoutRowsAndAbsentFieldsAreEmptyCells(t *testing.T) {
	w := newWorld(t)
	listRows(w, row{}, 0, false)
	if r := w.want(asCSV(rows), 200, ""); r.Body != rowHeader {
		t.Errorf("no rows: %q", r.Body)
	}
	if r := w.want(asCSV(things), 200, ""); r.Body != "\ufeffid,name\n" {
		t.Errorf("no rows of a plain page: %q", r.Body)
	}
	w = newWorld(t)
	listRows(w, row{}, 1, false)
	if r := w.want(asCSV(rows), 200, ""); r.Body != rowHeader+",,0001-01-01T00:00:00Z,,false,1,0,,,,,,\n" {
		t.Errorf("a row of nothing: %q", r.Body)
	}
}

func TestNoCellOfCSVRunsInASpreadsheet(t *testing.T) {
	for _, begin := range []string{"=", "+", "-", "@", "\t", "\r", " =", "'="} {
		w := newWorld(t)
		evil := begin + "1+1"
		listRows(w, row{named: named{evil}, Roles: []string{evil, "x"}, Owner: &owner{Name: evil}, Parts: []owner{{evil, evil}, {}}}, 1, false)
		body := w.want(asCSV(rows), 200, "").Body
		if n := strings.Count(body, "'"+evil); n != 5 {
			t.Errorf("%q: %d of 5 cells are harmless: %q", begin, n, body)
		}
	}
}

func TestCSVIsGivenToThoseWhoWantItMoreThanJSON(t *testing.T) {
	w := newWorld(t)
	for accept, form := range map[string]string{
		"text/csv": "csv", "TEXT/CSV": "csv", "text/csv;charset=utf-8; header=present": "csv", "text/*": "csv", "text/csv, application/xml": "csv",
		"text/csv, application/json;q=0.5": "csv", "text/csv;q=0.5,*/*;q=0.1": "csv", "text/csv, */*": "csv", "text/csv, application/json;q=0": "csv",
		"text/html, text/csv;q=2": "json", "text/csv;q=NaN": "csv",
		"": "json", "*/*": "json", "application/json": "json", "text/csv, application/json": "json", "text/csv;q=0.4, */*;q=0.5": "json", "text/*, application/json": "json",
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "json", "application/problem+json, text/csv": "json", "text/csv;q=0, */*": "json", "a;,bb": "json",
		"text/csv;q=0": "406", "text/*;q=0": "406", "application/xml": "406", "text/plain": "406", "application/json;q=0": "406",
	} {
		r := w.send(request{as: "administrator", method: "GET", path: things, headers: map[string]string{"accept": accept}})
		got := map[string]string{"application/json": "json", "text/csv; charset=utf-8; header=present": "csv", "application/problem+json": fmt.Sprint(r.StatusCode)}[r.Headers["Content-Type"]]
		if got != form {
			t.Errorf("Accept %q: %q, want %q", accept, got, form)
		}
	}
}

func TestPagesOfCSVAreLinkedAndHave1000Rows(t *testing.T) {
	w := newWorld(t)
	listRows(w, row{}, 2500, false)
	path, q := rows, "?q=a%20%3E%26b&state=on"
	var sizes []int
	seen := ""
	for len(sizes) < 10 {
		r := w.want(asCSV(path+q), 200, "")
		body, found := strings.CutPrefix(r.Body, rowHeader)
		if !found {
			t.Fatalf("page %d has no header line: %.80q", len(sizes)+1, r.Body)
		}
		sizes, seen = append(sizes, strings.Count(body, "\n")), seen+body
		link := r.Headers["Link"]
		if link == "" {
			break
		}
		reference, isNext := strings.CutSuffix(strings.TrimPrefix(link, "<"), `>; rel="next"`)
		next, err := url.Parse(reference)
		if err != nil || !isNext || next.IsAbs() || next.Path != rows || next.Query().Get("q") != "a >&b" || next.Query().Get("state") != "on" || strings.ContainsAny(reference, "<> ") {
			t.Fatalf("Link: %q (%v)", link, err)
		}
		path, q = next.Path, "?"+next.RawQuery
	}
	if !slices.Equal(sizes, []int{1000, 1000, 500}) {
		t.Errorf("pages of %v rows", sizes)
	}
	for i, line := range strings.Split(strings.TrimSuffix(seen, "\n"), "\n") {
		if used := strings.Split(line, ",")[5]; used != fmt.Sprint(i+1) {
			t.Fatalf("row %d is %s", i+1, used)
		}
	}
}

func TestAPageHoldsAsManyRowsAsItsFormAllows(t *testing.T) {
	w := newWorld(t)
	size := func(accept, query string) (int, response) {
		r := w.send(request{as: "administrator", method: "GET", path: things + query, headers: map[string]string{"accept": accept, "accept-language": "en"}})
		if r.StatusCode != 200 {
			return 0, r
		}
		return w.last.(*listInput).PageSize, r
	}
	for _, tt := range []struct {
		accept, query string
		want          int
		code          string
		detail        string
	}{
		{"application/json", "", 50, "", ""}, {"application/json", "?pageSize=1", 1, "", ""}, {"application/json", "?pageSize=200", 200, "", ""},
		{"application/json", "?pageSize=201", 0, "too_large", "must be 200 or less"}, {"application/json", "?pageSize=1001", 0, "too_large", "must be 200 or less"}, {"application/json", "?pageSize=0", 0, "too_small", "must be 1 or more"},
		{"text/csv", "", 1000, "", ""}, {"text/csv", "?pageSize=1", 1, "", ""}, {"text/csv", "?pageSize=201", 201, "", ""}, {"text/csv", "?pageSize=1000", 1000, "", ""},
		{"text/csv", "?pageSize=1001", 0, "too_large", "must be 1,000 or less"}, {"text/csv", "?pageSize=0", 0, "too_small", "must be 1 or more"}, {"text/csv", "?pageSize=-1", 0, "too_small", "must be 1 or more"},
		{"text/csv", "?pageSize=x", 0, "not_an_integer", ""},
	} {
		got, r := size(tt.accept, tt.query)
		if got != tt.want {
			t.Errorf("%s %s: pages of %d, want %d", tt.accept, tt.query, got, tt.want)
		}
		if tt.code != "" && (r.StatusCode != 422 || !slices.Equal(r.wrong(), []string{"query.pageSize " + tt.code}) || !strings.Contains(r.Body, tt.detail)) {
			t.Errorf("%s %s: %d %s", tt.accept, tt.query, r.StatusCode, r.Body)
		}
	}
}

func TestAPageTokenServesItsOwnFormAlone(t *testing.T) {
	w := newWorld(t)
	listRows(w, row{}, 1500, false)
	sheet := w.want(asCSV(rows), 200, "")
	reference, _, _ := strings.Cut(strings.TrimPrefix(sheet.Headers["Link"], "<"), ">")
	w.want(asCSV(reference), 200, "")
	w.want(request{as: "administrator", method: "GET", path: reference}, 400, "page_token_invalid")
	page := w.want(request{as: "administrator", method: "GET", path: rows}, 200, "")
	token := "?pageToken=" + page.doc["nextPageToken"].(string)
	w.want(request{as: "administrator", method: "GET", path: rows + token}, 200, "")
	w.want(asCSV(rows+token), 400, "page_token_invalid")
}

func TestASearchThatMetTooMuchSaysSoAlsoInCSV(t *testing.T) {
	w := newWorld(t)
	listRows(w, row{}, 1, true)
	if r := w.want(asCSV(rows), 200, ""); r.Headers["Seatkeeper-Truncated"] != "true" || strings.Contains(r.Body, "truncated") {
		t.Errorf("%v\n%s", r.Headers, r.Body)
	}
	if r := w.want(request{as: "administrator", method: "GET", path: rows}, 200, ""); r.doc["truncated"] != true || r.Headers["Seatkeeper-Truncated"] != "" {
		t.Errorf("JSON: %v %v", r.doc["truncated"], r.Headers)
	}
}

// Every want checks that a refusal is a problem document.
func TestWhoAsksForCSVIsRefusedLikeEverybody(t *testing.T) {
	w := newWorld(t)
	q := asCSV(things + "?state=perhaps")
	w.want(q, 422, "invalid_request")
	q.as = "manage_billing"
	w.want(q, 403, "permission_missing")
	q.as = "outsider"
	w.want(q, 404, "not_found")
	q.as = ""
	w.want(q, 401, "unauthenticated")
	w.want(asCSV(things+"/"+string(thing)), 406, "not_acceptable")
	q = asCSV(things)
	q.method, q.body = "POST", `{"name":"xy"}`
	w.want(q, 406, "not_acceptable")
}

func TestOnlyAListingThatIsReadHasCSV(t *testing.T) {
	w := newWorld(t)
	httpapi.Register(w.api, httpapi.Operation{ID: "doMany", Method: "POST", Path: "/v1/accounts/{accountId}/rows", Needs: access.View},
		func(context.Context, httpapi.Call[string], *struct{}) (*httpapi.Page[Thing], error) {
			page := httpapi.NewPage[Thing](nil, "")
			return &page, nil
		})
	q := asCSV(rows)
	q.method = "POST"
	w.want(q, 406, "not_acceptable")
	defer func() {
		if recover() == nil {
			t.Error("a listing of texts is registered: it has no columns")
		}
	}()
	httpapi.Register(w.api, httpapi.Operation{ID: "listWords", Method: "GET", Path: "/v1/words", Needs: access.View},
		func(context.Context, httpapi.Call[string], *struct{}) (*httpapi.Page[string], error) { return nil, nil })
}

func TestTheOpenAPIDocumentTellsWhichOperationsAnswerCSV(t *testing.T) {
	w := newWorld(t)
	listRows(w, row{}, 0, false)
	raw, err := w.api.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	good := at(t, doc, "paths", "/v1/accounts/{accountId}/rows", "get", "responses", "200")
	if said := at(t, good, "content", "text/csv", "schema", "description").(string); !strings.Contains(said, " id, name, since, day, loud, use.used, ") {
		t.Errorf("columns: %s", said)
	}
	at(t, good, "content", "application/json")
	at(t, good, "headers", "Link")
	at(t, good, "headers", "Seatkeeper-Truncated")
	if n := strings.Count(string(raw), `"text/csv"`); n != 2 {
		t.Errorf("%d operations answer CSV, want the 2 listings", n)
	}
	if n := strings.Count(string(raw), `"Seatkeeper-Truncated"`); n != 1 {
		t.Errorf("%d operations may be cut short, want 1", n)
	}
}
