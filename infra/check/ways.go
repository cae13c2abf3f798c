package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// ways are further ways to ask for operations, whose writes are others than those of their examples; also those of reads
// that write. Each alters the example's request, after it did what must have happened.
var ways = map[string]map[string]func(w *town, p place, q *request){
	"linkPartner": {"unlinked": func(w *town, p place, q *request) {
		w.link(p, p.company)
		q.body = `{"partnerId":null}`
	}},
	"removeLicences": {"confirmed": func(_ *town, p place, q *request) { q.body = removeBody(p, "contractId", string(p.contract), true) }},
	"changeUser": {
		"deactivated in a queue": func(w *town, p place, q *request) {
			inAQueue(w, p)
			q.body = `{"state":"deactivated"}`
		},
		"deactivated": func(w *town, p place, q *request) {
			seated(w, p)
			q.body = `{"state":"deactivated"}`
		},
		"renamed in a seat": func(w *town, p place, q *request) {
			seated(w, p)
			q.body = `{"name":"Augusta"}`
		},
		"with rights": func(_ *town, p place, q *request) {
			q.body = fmt.Sprintf(`{"roles":["administrator"],"permissionSetIds":[%q]}`, p.set)
		},
		"another address": func(_ *town, _ place, q *request) { q.body = `{"email":"augusta@example.com"}` },
	},
	"putCartItem": {"more": func(_ *town, _ place, q *request) { q.body = `{"quantity":2}` }},
	"assignSeats": {
		"many, who are told": func(w *town, p place, q *request) {
			q.body = fmt.Sprintf(`{"userIds":[%q,%q,%q],"partial":true,"notify":true}`, p.user, w.person(p), w.person(p))
		},
		"the last one": func(w *town, p place, q *request) {
			w.do("POST", p.line()+"/seats", fmt.Sprintf(`{"userIds":[%q,%q]}`, w.person(p), w.person(p)))
			w.do("POST", p.line()+"/seats", fmt.Sprintf(`{"userIds":[%q,%q],"costCenterId":%q}`, w.person(p), w.person(p), p.costCenter))
		},
	},
	"changeSeatsOfUser": {"switched, and told": func(w *town, p place, q *request) {
		seated(w, p)
		q.body = fmt.Sprintf(`{"add":[{"productId":%q}],"remove":[%q],"notify":true}`, p.spare, p.product)
	}},
	"changeQueuesOfUser": {"left, with a derived seat": func(w *town, p place, q *request) {
		inAQueue(w, p)
		q.body = `{"removeAll":true}`
	}},
	"changeContractTerms": {
		"another day": func(_ *town, _ place, q *request) { q.body = `{"expiryDate":"2029-01-01"}` },
		"fewer systems": func(w *town, p place, q *request) {
			w.do("POST", "/v1/accounts/"+string(p.account)+"/contracts/"+string(p.contract)+"/systems", connectBody(p))
			q.body = `{"systemsPurchased":0}`
		},
	},
	"connectSystems": {"over what was purchased": func(w *town, p place, _ *request) {
		w.do("PUT", "/v1/crm/systems/"+string(w.crm("02i")), fmt.Sprintf(
			`{"changedAt":"2026-11-19T08:00:00Z","accountCrmId":%q,"name":"Annex","kind":"commercial","contractCrmId":%q}`, p.owner, p.order))
	}},
	"changeCostCenter": {"archived": func(w *town, p place, q *request) {
		centers := "/v1/accounts/" + string(p.account) + "/cost-centers"
		q.path = centers + "/" + w.doAs(p.buyer, "POST", centers, `{"name":"Attic"}`).word("id")
		q.body = `{"state":"archived"}`
	}},
	"importFile": {
		"systems": func(w *town, p place, q *request) {
			q.path = "/v1/crm/imports?kind=systems"
			q.body = systemTitles + fmt.Sprintf("%[1]s;%[2]s;Archives;;Commercial;%[3]s\n%[1]s;%[4]s;Entrepôt;;Commercial;\n", p.owner, w.crm("02i"), p.order, w.crm("02i"))
		},
		"people": func(_ *town, p place, q *request) {
			q.path = "/v1/crm/imports?kind=users"
			q.body = userTitles + fmt.Sprintf("%s;nina@example.com;Nina Blanc;;fr;administrateur\n%[1]s;ada@example.com;Ada Brun;;fr;consulter\n", p.owner)
		},
		"products": func(_ *town, p place, q *request) {
			q.path = "/v1/crm/imports?kind=products"
			q.body = productTitles + fmt.Sprintf("%[1]s;;;;EUR;mensuel;1;13,50;\n%[1]s-add;Add-on;Complément;complément;EUR;annuel;1;1 250,00;%[1]s\n", p.product)
		},
	},
	"putContract": {"of a new customer": func(w *town, p place, q *request) {
		q.path = "/v1/crm/contracts/" + string(w.crm("800"))
		q.body = fmt.Sprintf(`{"changedAt":"2026-11-20T08:00:00Z","account":{"crmId":%q,"name":"Newcomer"},"name":"First","expiryDate":"2029-01-01","systemsPurchased":2,"lines":[{"product":%q,"seats":6}]}`, w.crm("001"), p.product)
	}},
	"putProduct": {"new": func(_ *town, p place, q *request) {
		delete(q.headers, "if-match")
		q.path = "/v1/catalog/products/" + p.product + "-b"
	}},
	"putSeller": {"moved": func(_ *town, _ place, q *request) {
		q.body = `{"legalName":"Vendeur SAS","street":"2 rue de l’Exemple","city":"Nantes","country":"FR"}`
	}},
	"getMe":          {"at the first sign-in": newcomer},
	"getMeInAccount": {"at the first sign-in": newcomer},
}

// newcomer has somebody ask who was added to the place and has not signed in before.
func newcomer(w *town, p place, q *request) {
	q.as = w.subject()
	q.as.Email = strings.ToLower(q.as.ID) + "@example.com"
	w.do("POST", "/v1/accounts/"+string(p.account)+"/users", fmt.Sprintf(`{"name":"Eve","email":%q}`, q.as.Email))
}

// person is a further one of the place.
func (w *town) person(p place) string {
	w.t.Helper()
	return w.do("POST", "/v1/accounts/"+string(p.account)+"/users", fmt.Sprintf(`{"name":"Eve","email":"%s@example.com"}`, w.subject().ID)).word("id")
}

// addon is a further product of the place's contract, which needs the first; derived tells whether its seats follow queues.
func (w *town) addon(p place, derived bool) string {
	w.t.Helper()
	code := w.product()
	w.gateway.send(w.t, request{as: w.operator, method: "PUT", path: "/v1/catalog/products/" + code, headers: map[string]string{"if-match": "*"},
		body: fmt.Sprintf(`{"name":{"en":"Agent","fr":"Agent"},"dependsOn":[%q],"derived":%t}`, p.product, derived)})
	w.do("PUT", "/v1/crm/contracts/"+string(p.order), fmt.Sprintf(
		`{"changedAt":"2026-11-20T09:10:00Z","account":{"crmId":%q,"name":"Own"},"name":"Order","expiryDate":"2028-01-01","systemsPurchased":1,"lines":[{"product":%q,"seats":5},{"product":%q,"seats":5}]}`,
		p.owner, p.product, code))
	return code
}

// inAQueue has the place's person answer a queue, and sit on a derived seat and on the one that it needs.
func inAQueue(w *town, p place) {
	agent, one := w.addon(p, true), "/v1/accounts/"+string(p.account)+"/users/"+string(p.user)
	w.do("PATCH", one+"/queues", `{"add":[{"type":"inbox","name":"Mail"}]}`)
	w.do("PATCH", one+"/seats", fmt.Sprintf(`{"add":[{"productId":%q},{"productId":%q}]}`, p.product, agent))
}

// Way is an operation, asked for in one way.
type Way struct {
	Call
	// Account is where, also where it is the CRM that names the account.
	Account id.Account
}

// Ways hands over every operation in every way that is known here, under a name: its example and its further ways. All
// happen in one place, so whoever takes them makes undone what one did, its preparation (ready) included, before the next.
// An operation that is new and changes something fails the test that has it not among examples.
func Ways(t testing.TB, db *table.Table, take func(name string, ready func() Way)) {
	w, described := townIn(t, db), describedOf(t)
	p := w.open("Ways")
	for _, op := range w.gateway.operations {
		known := maps.Clone(ways[op.ID])
		if known == nil {
			known = map[string]func(*town, place, *request){}
		}
		known[""] = func(*town, place, *request) {}
		for _, way := range slices.Sorted(maps.Keys(known)) {
			take(strings.TrimSuffix(op.ID+" "+way, " "), func() Way {
				if first := examples[op.ID].first; first != nil && way == "" {
					first(w, p)
				}
				q := w.ask(t, op, described[op.ID], p, w.caller(p, op.Operation))
				known[way](w, p, &q)
				return Way{Call{op.Operation, op.ID, op.function, q.as, q.path, q.body, q.headers}, p.account}
			})
		}
	}
}

// Ground is what a function stands on in tests, at an instant.
func Ground(t testing.TB, db *table.Table, now time.Time) functions.Ground {
	return ground(t, db, func() time.Time { return now })
}

// Reader adds an administrator of the account whom alerts are mailed to.
func Reader(t testing.TB, db *table.Table, a id.Account) {
	townIn(t, db).do("POST", "/v1/accounts/"+string(a)+"/users", `{"name":"Rita","email":"rita@example.com","roles":["administrator"]}`)
}
