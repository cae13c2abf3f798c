package check

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/export"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// place is an account with what a path can name in it.
type place struct {
	account  id.Account
	contract id.Contract
	system   id.System
	user     id.User
	set      id.PermissionSet
	// product is on the contract with 5 seats, of which the cost center carries 2. Its code is the place's own.
	product string
	// spare is on the contract too, with 5 seats.
	spare      string
	costCenter id.CostCenter
	// company is a partner with one member of staff; operator is one of the vendor's. Neither has signed in.
	company         id.Partner
	staff, operator id.Staff
	// owner and order are what the CRM calls the account and the contract.
	owner, order id.CRM
	// buyer is a super administrator with the product in their cart, which was quoted; bought is an order from before.
	buyer  access.Subject
	quote  id.Quote
	bought id.Order
	// removal waits, on a line of its own; request is the buyer's, for seats.
	removal id.Removal
	request id.Request
	// export is one that nobody wrote in time.
	export id.Export
}

// town is a table of the real engine with accounts and people of its own in it.
type town struct {
	t        testing.TB
	table    *table.Table
	ids      *id.Maker
	accounts *account.Store
	by       activity.Author
	gateway  *gateway
	operator access.Subject
}

func newTown(t testing.TB) *town {
	client, name := enginetest.Open(t)
	return townIn(t, table.New(client, name, nil))
}

// townIn is a town in a table.
func townIn(t testing.TB, db *table.Table) *town {
	w := &town{t: t, table: db, ids: id.NewMaker(rand.Reader), by: activity.Author{Kind: access.Operator, Name: "Test"}}
	w.accounts = account.NewStore(w.table, w.ids)
	w.gateway = newGateway(func(string) functions.Ground { return ground(t, w.table, func() time.Time { return t0 }) })
	w.operator = w.staff("")
	return w
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) write(ops []table.Op, err error) {
	w.t.Helper()
	w.must(err)
	w.must(w.table.Write(w.t.Context(), ops...))
}

// subject is somebody of whom nobody has heard.
func (w *town) subject() access.Subject {
	return access.Subject{Issuer: issuer, ID: rand.Text()}
}

// crm is a CRM id that no other test uses.
func (w *town) crm(prefix string) id.CRM {
	w.t.Helper()
	c, err := id.ParseCRM(prefix + rand.Text()[:15-len(prefix)])
	w.must(err)
	return c
}

// open makes an account with one contract of one line, one system that is on none, one person, one permission set and one
// cost center, as an operator does and a licence manager.
func (w *town) open(name string) place {
	w.t.Helper()
	name += " " + rand.Text() // the operators' list has the accounts of all tests
	owner, order, product, spare := w.crm("001"), w.crm("800"), w.product(), w.product()
	agreed := w.do("PUT", "/v1/crm/contracts/"+string(order), fmt.Sprintf(
		`{"changedAt":"2026-11-19T08:00:00Z","account":{"crmId":%q,"name":%q},"name":"Order","expiryDate":"2028-01-01","systemsPurchased":1,"lines":[{"product":%q,"seats":5},{"product":%q,"seats":5}]}`,
		owner, name, product, spare))
	installed := w.do("PUT", "/v1/crm/systems/"+string(w.crm("02i")), fmt.Sprintf(
		`{"changedAt":"2026-11-19T08:00:00Z","accountCrmId":%q,"name":"Archive","kind":"commercial"}`, owner))
	var listed struct{ Items []struct{ ID id.Account } }
	w.must(json.Unmarshal([]byte(w.do("GET", "/v1/accounts?q="+url.QueryEscape(name), "").Body), &listed))
	if len(listed.Items) != 1 {
		w.t.Fatalf("%d accounts named %s", len(listed.Items), name)
	}
	p := place{account: listed.Items[0].ID, contract: id.Contract(agreed.word("id")), system: id.System(installed.word("id")), owner: owner, order: order, product: product, spare: spare}
	inside := "/v1/accounts/" + string(p.account)
	p.user = id.User(w.do("POST", inside+"/users", `{"name":"Ada","email":"ada@example.com"}`).word("id"))
	p.company, _ = w.partner("Company " + name)
	hired := func(path string) id.Staff {
		w.t.Helper()
		return id.Staff(w.do("POST", path, fmt.Sprintf(`{"name":"Ada","email":"%s@example.com"}`, rand.Text())).word("id"))
	}
	p.staff, p.operator = hired("/v1/partners/"+string(p.company)+"/staff"), hired("/v1/operators")
	p.set = id.PermissionSet(w.do("POST", inside+"/permission-sets", `{"name":"Readers","permissions":["view"]}`).word("id"))
	manager := w.member(p, access.LicenceManager)
	p.costCenter = id.CostCenter(w.doAs(manager, "POST", inside+"/cost-centers", `{"name":"Workshop"}`).word("id"))
	w.doAs(manager, "PUT", p.line()+"/pools", fmt.Sprintf(`{"pools":[{"costCenterId":%q,"purchased":2}]}`, p.costCenter))
	w.buying(&p)
	w.removing(&p)
	p.export = w.exported(p, t0.Add(-3*time.Hour))
	return p
}

// exported asks for an export at a time.
func (w *town) exported(p place, at time.Time) id.Export {
	w.t.Helper()
	e, err := export.NewStore(w.table, w.ids).Begin(w.t.Context(), p.account, w.by, at, func(export.Export) ([]table.Op, error) { return nil, nil })
	w.must(err)
	return e.ID
}

// line is the path of the line of the place's contract.
func (p place) line() string {
	return "/v1/accounts/" + string(p.account) + "/contracts/" + string(p.contract) + "/lines/" + p.product
}

// product puts a product into the catalog, under a code that no other test uses, with a price for a month and a year.
func (w *town) product() string {
	w.t.Helper()
	code := "product_" + rand.Text()
	w.do("PUT", "/v1/catalog/products/"+code, `{"name":{"en":"Desk","fr":"Poste"},"kind":"product","prices":[
		{"currency":"EUR","period":"monthly","tiers":[{"from":1,"amount":1000}]},{"currency":"EUR","period":"yearly","tiers":[{"from":1,"amount":10000}]}]}`)
	return code
}

// do has the operator do something that must succeed.
func (w *town) do(method, path, body string) response {
	w.t.Helper()
	return w.doAs(w.operator, method, path, body)
}

// doAs has somebody do something that must succeed; headers are pairs.
func (w *town) doAs(who access.Subject, method, path, body string, headers ...string) response {
	w.t.Helper()
	q := request{as: who, method: method, path: path, body: body, headers: map[string]string{}}
	for pair := range slices.Chunk(headers, 2) {
		q.headers[pair[0]] = pair[1]
	}
	r := w.gateway.send(w.t, q)
	if r.StatusCode >= http.StatusBadRequest {
		w.t.Fatalf("%s %s answered %d: %s", method, path, r.StatusCode, r.Body)
	}
	return r
}

// partner makes a partner and somebody of its staff.
func (w *town) partner(name string) (id.Partner, access.Subject) {
	w.t.Helper()
	made, ops, err := w.accounts.NewPartner(name, account.Contact{Name: name}, t0, w.by)
	w.write(ops, err)
	return made.ID, w.staff(made.ID)
}

// staff makes somebody who works for a partner, or for the vendor where the partner is empty.
func (w *town) staff(p id.Partner) access.Subject {
	w.t.Helper()
	who := w.subject()
	w.must(w.accounts.Staff(w.t.Context(), who, "Staff", p, t0, w.by))
	return who
}

// link gives an account to a partner.
func (w *town) link(p place, to id.Partner) {
	w.t.Helper()
	_, err := w.accounts.Link(w.t.Context(), p.account, to, t0, w.by)
	w.must(err)
}

// member makes somebody a member of an account.
func (w *town) member(p place, roles ...access.Role) access.Subject {
	w.t.Helper()
	who := w.subject()
	w.enrol(who, account.Member{Account: p.account, Roles: roles})
	return who
}

// enrol makes a subject the member that m says, with an id and a name.
func (w *town) enrol(who access.Subject, m account.Member) {
	w.t.Helper()
	m.User, m.Name = id.New[id.User](w.ids, t0), "Member"
	if m.Email != "" {
		ch := user.Change{Account: m.Account, Caller: access.Caller{Kind: access.Operator}, Now: t0, By: w.by}
		d := user.Details{Name: m.Name, Email: m.Email, Roles: m.Roles, Sets: m.Sets}
		_, err := user.NewStore(w.table, w.ids, nil).AddAs(w.t.Context(), ch, m.User, d, func(user.User) ([]table.Op, error) { return nil, nil })
		w.must(err)
	}
	w.must(w.accounts.Enrol(w.t.Context(), who, m, t0, w.by))
}

// crowd puts a second thing of each kind into a place, two systems on its contract and two people on its line, so that
// every listing has more than one row.
func (w *town) crowd(p place) {
	w.t.Helper()
	w.partner("Second")
	w.do("PUT", "/v1/crm/contracts/"+string(w.crm("800")), fmt.Sprintf(
		`{"changedAt":"2026-11-19T08:00:00Z","account":{"crmId":%q},"name":"Second","expiryDate":"2028-01-01","systemsPurchased":1,"lines":[{"product":%q,"seats":5}]}`, p.owner, p.product))
	w.do("PUT", "/v1/crm/contracts/"+string(w.crm("800")), fmt.Sprintf( // an alert beside that of the systems below
		`{"changedAt":"2026-11-19T08:00:00Z","account":{"crmId":%q},"name":"Third","expiryDate":"2026-12-20","systemsPurchased":1}`, p.owner))
	for range 2 {
		w.do("PUT", "/v1/crm/systems/"+string(w.crm("02i")), fmt.Sprintf(
			`{"changedAt":"2026-11-19T08:00:00Z","accountCrmId":%q,"name":"Annex","kind":"commercial","contractCrmId":%q}`, p.owner, p.order))
	}
	inside := "/v1/accounts/" + string(p.account)
	second := w.do("POST", inside+"/users", `{"name":"Grace","email":"second@example.com"}`).word("id")
	w.do("POST", p.line()+"/seats", fmt.Sprintf(`{"userIds":[%q,%q]}`, p.user, second))
	w.doAs(w.member(p, access.LicenceManager), "POST", inside+"/cost-centers", `{"name":"Annex"}`)
	w.reprice(p.product)
	w.again(p)
	w.ordered(p)
	w.exported(p, t0.Add(-30*time.Minute))
}
