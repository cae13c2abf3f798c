package twin_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/infra/apitest"
	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// histories is how many are played where nothing else is said.
const histories = 16

// TestMain plays fewer histories than rapid would, and shorter ones: each is some hundred calls. -rapid.steps makes them longer.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.steps", "35"); err != nil {
		panic(err)
	}
	enginetest.Drawing(m, histories)
}

// seatkeeper is the real one, called over HTTP by its operator and by people of one account.
type seatkeeper struct {
	*apitest.Office
	operator, administrator access.Subject
	// callers are those who call by what they may do, caller is who makes the next change.
	callers map[string]access.Subject
	caller  access.Subject
	faults  *table.Faults
	sweep   func(context.Context, json.RawMessage) (functions.Swept, error)
	account id.Account
	crm     string
	path    string
	// ids are what it calls the things that a history names, products what it calls those that all histories share.
	ids, products map[string]string
	// seen counts what histories came to, by the model's words.
	seen map[string]int
	// assigning tells that seats are being assigned: a mutation is about that alone.
	assigning bool
}

// over is all functions over a table of the test's own: the sweep goes through all of it, and one sells to all. use, where it
// is given, stands between them and the engine.
func over(t *testing.T, use func(*seatkeeper, *dynamodb.Client) *dynamodb.Client) *seatkeeper {
	t.Helper()
	client, name := enginetest.Own(t)
	s := &seatkeeper{faults: table.NewFaults(1), products: map[string]string{}, seen: map[string]int{}}
	if use != nil {
		client = use(s, client)
	}
	db, ids := table.New(client, name, s.faults), id.NewMaker(rand.Reader)
	s.Office = &apitest.Office{T: t, Table: db, IDs: ids, Accounts: account.NewStore(db, ids), Now: time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)}
	sealer, err := table.NewSealer(strings.Repeat("s", 32), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return s.Now }
	log := slog.New(slog.DiscardHandler)
	s.API = httpapi.New(httpapi.Config[account.Account]{
		Title: "Seatkeeper", Version: "test", Load: s.Accounts.Load, Table: db, Sealer: sealer, Now: now, Log: log,
	})
	functions.RegisterAll(s.API, functions.Ground{Table: db, IDs: ids})
	s.sweep = functions.Expiry(functions.Ground{Table: db, IDs: ids, Now: now, Log: log}, &subscriber{})
	s.operator = s.Operator()
	s.offer()
	return s
}

// begin is an account of its own.
func (s *seatkeeper) begin() {
	s.crm, s.ids = crmID("001"), map[string]string{}
	s.contract("founding", time.Time{}, s.Now.AddDate(2, 0, 0), 0, nil)
	listed := s.Want(200, "", s.operator, "GET", "/v1/accounts?q="+url.QueryEscape(s.crm), "")
	s.account = id.Account(listed.Column("id")[0])
	s.administrator = s.Member(s.account, access.Administrator)
	s.callers = map[string]access.Subject{
		"operator": s.operator, "administrator": s.administrator, "buyer": s.Member(s.account, access.LicenceManager),
		"placer": s.Member(s.account, access.UserManager), "viewer": s.Member(s.account, access.Viewer),
	}
	s.path = "/v1/accounts/" + string(s.account)
	s.caller = s.administrator
	s.bill("FR")
}

// crmID is a record of the CRM that nobody has named before.
func crmID(noun string) string { return noun + strings.ToUpper(rand.Text())[:12] }

func (s *seatkeeper) id(name string) string { return s.ids[name] }

// contract is what the CRM says of one; seats are by product, nil says nothing of a limit.
func (s *seatkeeper) contract(name string, start, expiry time.Time, purchased int, seats map[string]*int) apitest.Answer {
	s.T.Helper()
	crm := s.ids["crm "+name]
	if crm == "" {
		crm = crmID("800")
		s.ids["crm "+name] = crm
	}
	lines := []any{}
	for _, product := range slices.Sorted(maps.Keys(seats)) {
		line := map[string]any{"product": s.products[product]}
		if n := seats[product]; n != nil {
			line["seats"] = *n
		}
		lines = append(lines, line)
	}
	body := map[string]any{
		"changedAt": s.Now.Format(time.RFC3339Nano), "account": map[string]any{"crmId": s.crm, "name": s.crm}, "name": name,
		"expiryDate": expiry.Format(time.DateOnly), "systemsPurchased": purchased, "lines": lines, "defaults": map[string]any{"timeZone": "UTC", "locale": "en"},
	}
	if !start.IsZero() {
		body["startDate"] = start.Format(time.DateOnly)
	}
	a := s.Call(s.operator, "PUT", "/v1/crm/contracts/"+crm, encoded(body))
	if a.StatusCode == 200 {
		s.ids[name] = a.Word("id")
	}
	return a
}

func (s *seatkeeper) system(name string) {
	crm := crmID("02i")
	s.ids[name] = s.Want(200, "", s.operator, "PUT", "/v1/crm/systems/"+crm, fmt.Sprintf(
		`{"changedAt":%q,"accountCrmId":%q,"name":%q,"kind":"commercial"}`, s.Now.Format(time.RFC3339Nano), s.crm, name)).Word("id")
}

func (s *seatkeeper) person(name string) {
	s.ids[name] = s.Want(201, "", s.administrator, "POST", s.path+"/users", fmt.Sprintf(
		`{"name":%q,"email":%q}`, name, strings.ToLower(name+"."+rand.Text())+"@example.com")).Word("id")
}

func (s *seatkeeper) center(name string) {
	s.ids[name] = s.Want(201, "", s.administrator, "POST", s.path+"/cost-centers", fmt.Sprintf(`{"name":%q}`, name)).Word("id")
}

func (s *seatkeeper) line(contract, product string) string {
	return s.path + "/contracts/" + s.id(contract) + "/lines/" + s.products[product]
}

func (s *seatkeeper) assign(contract, product, center string, people []string, partial bool) apitest.Answer {
	if center != "" && center != "none" {
		center = s.id(center)
	}
	body := map[string]any{"userIds": s.all(people), "partial": partial}
	if center != "" {
		body["costCenterId"] = center
	}
	s.assigning = true
	defer func() { s.assigning = false }()
	return s.Call(s.caller, "POST", s.line(contract, product)+"/seats", encoded(body))
}

func (s *seatkeeper) all(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = s.id(name)
	}
	return out
}

func encoded(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps of texts and numbers are always JSON
	}
	return string(raw)
}

func (s *seatkeeper) remove(contract, product, who string) apitest.Answer {
	return s.Call(s.caller, "DELETE", s.line(contract, product)+"/seats/"+s.id(who), "")
}

func (s *seatkeeper) move(contract, product, who, to string) apitest.Answer {
	center := "none"
	if to != "" {
		center = s.id(to)
	}
	return s.Call(s.caller, "PATCH", s.line(contract, product)+"/seats/"+s.id(who), encoded(map[string]any{"costCenterId": center}))
}

func (s *seatkeeper) terms(contract string, change map[string]any) apitest.Answer {
	path := s.path + "/contracts/" + s.id(contract)
	detail := s.Want(200, "", s.operator, "GET", path, "")
	return s.Call(s.caller, "PATCH", path+"/terms", encoded(change), "if-match", fmt.Sprintf("%q", fmt.Sprint(int(detail.Document["termsRev"].(float64)))))
}

func (s *seatkeeper) limit(contract, product string, limit *int) apitest.Answer {
	return s.terms(contract, map[string]any{"limits": []any{map[string]any{"productId": s.products[product], "limit": limit}}})
}

func (s *seatkeeper) connect(contract string, systems []string) apitest.Answer {
	return s.Call(s.caller, "POST", s.path+"/contracts/"+s.id(contract)+"/systems", encoded(map[string]any{"systemIds": s.all(systems)}))
}

func (s *seatkeeper) disconnect(contract, system string) apitest.Answer {
	return s.Call(s.caller, "DELETE", s.path+"/contracts/"+s.id(contract)+"/systems/"+s.id(system), "")
}

func (s *seatkeeper) become(who, state string) apitest.Answer {
	path := s.path + "/users/" + s.id(who)
	tag := s.Want(200, "", s.administrator, "GET", path, "").Headers["Etag"]
	return s.Call(s.caller, "PATCH", path, encoded(map[string]any{"state": state}), "if-match", tag)
}

// results are what became of each wish.
func results(a apitest.Answer) []string {
	list, _ := a.Document["results"].([]any)
	var words []string
	for _, v := range list {
		one, _ := v.(map[string]any)
		words = append(words, fmt.Sprint(one["result"]))
	}
	return words
}

// listed is every item of a listing, page by page.
func (s *seatkeeper) listed(path string) []map[string]any {
	s.T.Helper()
	var all []map[string]any
	for token := ""; ; {
		page := path
		if token != "" {
			page += map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "pageToken=" + url.QueryEscape(token)
		}
		a := s.Want(200, "", s.administrator, "GET", page, "")
		items, _ := a.Document["items"].([]any)
		for _, v := range items {
			all = append(all, v.(map[string]any))
		}
		if token = a.Word("nextPageToken"); token == "" {
			return all
		}
	}
}

// named is the name by which the history knows an id.
func (s *seatkeeper) named(id any) string {
	for name, is := range s.ids {
		if is == id && !strings.HasPrefix(name, "crm ") {
			return name
		}
	}
	for name, is := range s.products {
		if is == id {
			return name
		}
	}
	return fmt.Sprint(id)
}

func sorted(words []string) []string {
	slices.Sort(words)
	return words
}
