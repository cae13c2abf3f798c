package twin_test

import (
	"crypto/rand"
	"encoding/json"
	"flag"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/infra/apitest"
	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// TestMain plays fewer histories than rapid would: each is some sixty calls. -rapid.checks plays more.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "30"); err != nil {
		panic(err)
	}
	enginetest.Main(m)
}

// seatkeeper is the real one, called over HTTP by its operator and by an administrator of one account.
type seatkeeper struct {
	*apitest.Office
	operator, administrator access.Subject
	crm                     string
	path                    string
	// ids are what it calls the things that a history names.
	ids map[string]string
}

// over is all functions over a table.
func over(t *testing.T, o *apitest.Office, db *table.Table) *seatkeeper {
	t.Helper()
	s := &seatkeeper{Office: o, ids: map[string]string{}}
	functions.RegisterAll(o.API, functions.Ground{Table: db, IDs: o.IDs})
	s.operator = o.Operator()
	return s
}

// begin is an account of its own.
func (s *seatkeeper) begin() {
	s.crm, s.ids = crmID("001"), map[string]string{}
	s.contract("founding", s.Now, 400, 0, nil)
	name := s.crm
	listed := s.Want(200, "", s.operator, "GET", "/v1/accounts?q="+url.QueryEscape(name), "")
	account := id.Account(listed.Column("id")[0])
	s.administrator = s.Member(account, access.Administrator)
	s.path = "/v1/accounts/" + string(account)
}

// crmID is a record of the CRM that nobody has named before.
func crmID(noun string) string { return noun + strings.ToUpper(rand.Text())[:12] }

func (s *seatkeeper) id(name string) string { return s.ids[name] }

// contract is what the CRM says of one; seats are by product, nil says nothing of a limit.
func (s *seatkeeper) contract(name string, at time.Time, days, purchased int, seats map[string]*int) {
	s.T.Helper()
	crm := s.ids["crm "+name]
	if crm == "" {
		crm = crmID("800")
		s.ids["crm "+name] = crm
	}
	var lines []string
	for _, product := range []string{"desk", "phone"} {
		n, said := seats[product]
		switch {
		case !said:
		case n == nil:
			lines = append(lines, fmt.Sprintf(`{"product":%q}`, s.product(product)))
		default:
			lines = append(lines, fmt.Sprintf(`{"product":%q,"seats":%d}`, s.product(product), *n))
		}
	}
	body := fmt.Sprintf(`{"changedAt":%q,"account":{"crmId":%q,"name":%q},"name":%q,"expiryDate":%q,"systemsPurchased":%d,"lines":[%s],"defaults":{"timeZone":"UTC","locale":"en"}}`,
		s.Now.Format(time.RFC3339Nano), s.crm, s.crm, name, at.AddDate(0, 0, days).Format(time.DateOnly), purchased, strings.Join(lines, ","))
	s.ids[name] = s.Want(200, "", s.operator, "PUT", "/v1/crm/contracts/"+crm, body).Word("id")
}

// product is one of the catalog that no other test has.
func (s *seatkeeper) product(name string) string {
	key := "product " + name
	if s.ids[key] == "" {
		s.ids[key] = name + "-" + strings.ToLower(rand.Text())
	}
	return s.ids[key]
}

func (s *seatkeeper) offer() {
	s.Want(200, "", s.operator, "PUT", "/v1/catalog/products/"+s.product("desk"), `{"name":{"en":"Desk","fr":"Poste"}}`)
	s.Want(200, "", s.operator, "PUT", "/v1/catalog/products/"+s.product("phone"), fmt.Sprintf(`{"name":{"en":"Phone","fr":"Téléphone"},"dependsOn":[%q]}`, s.product("desk")))
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
	return s.path + "/contracts/" + s.id(contract) + "/lines/" + s.product(product)
}

func (s *seatkeeper) assign(contract, product, center string, people []string, partial bool) apitest.Answer {
	if center != "" && center != "none" {
		center = s.id(center)
	}
	body := map[string]any{"userIds": s.all(people), "partial": partial}
	if center != "" {
		body["costCenterId"] = center
	}
	return s.Call(s.administrator, "POST", s.line(contract, product)+"/seats", encoded(body))
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
	return s.Call(s.administrator, "DELETE", s.line(contract, product)+"/seats/"+s.id(who), "")
}

func (s *seatkeeper) move(contract, product, who, to string) apitest.Answer {
	center := "none"
	if to != "" {
		center = s.id(to)
	}
	return s.Call(s.administrator, "PATCH", s.line(contract, product)+"/seats/"+s.id(who), encoded(map[string]any{"costCenterId": center}))
}

func (s *seatkeeper) terms(contract string, change map[string]any) apitest.Answer {
	path := s.path + "/contracts/" + s.id(contract)
	detail := s.Want(200, "", s.operator, "GET", path, "")
	return s.Call(s.operator, "PATCH", path+"/terms", encoded(change), "if-match", fmt.Sprintf("%q", fmt.Sprint(int(detail.Document["termsRev"].(float64)))))
}

func (s *seatkeeper) limit(contract, product string, limit *int) apitest.Answer {
	return s.terms(contract, map[string]any{"limits": []any{map[string]any{"productId": s.product(product), "limit": limit}}})
}

func (s *seatkeeper) connect(contract string, systems []string) apitest.Answer {
	return s.Call(s.administrator, "POST", s.path+"/contracts/"+s.id(contract)+"/systems", encoded(map[string]any{"systemIds": s.all(systems)}))
}

func (s *seatkeeper) disconnect(contract, system string) apitest.Answer {
	return s.Call(s.administrator, "DELETE", s.path+"/contracts/"+s.id(contract)+"/systems/"+s.id(system), "")
}

func (s *seatkeeper) become(who, state string) apitest.Answer {
	path := s.path + "/users/" + s.id(who)
	tag := s.Want(200, "", s.administrator, "GET", path, "").Headers["Etag"]
	return s.Call(s.administrator, "PATCH", path, encoded(map[string]any{"state": state}), "if-match", tag)
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
			return strings.TrimPrefix(name, "product ")
		}
	}
	return fmt.Sprint(id)
}

func sorted(words []string) []string {
	slices.Sort(words)
	return words
}
