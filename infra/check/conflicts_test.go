package check

import (
	"fmt"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/access"
)

// conflicts are requests that meet the documented refusals which nothing drawn comes to: of a state that somebody must
// have brought about first.
var conflicts = map[string][]func(w *town, p place, q *request){
	"createPermissionSet": {func(_ *town, _ place, q *request) { q.body = `{"name":"Readers","permissions":["view"]}` }},
	"changePermissionSet": {func(w *town, p place, q *request) {
		w.do("POST", "/v1/accounts/"+string(p.account)+"/permission-sets", `{"name":"Others there","permissions":["view"]}`)
		q.body = `{"name":"Others there"}`
	}},
	"changeCostCenter": {func(w *town, p place, q *request) { q.body = `{"state":"archived"}` }}, // it carries seats
	"addUser":          {func(_ *town, _ place, q *request) { q.body = `{"name":"Ada","email":"ada@example.com"}` }},
	"changeUser": {func(w *town, p place, q *request) {
		w.do("POST", "/v1/accounts/"+string(p.account)+"/users", `{"name":"Eve","email":"eve@example.com"}`)
		q.body = `{"email":"eve@example.com"}`
	}},
	"resendInvitation": {func(w *town, p place, q *request) {
		someone := w.do("POST", "/v1/accounts/"+string(p.account)+"/users", `{"name":"Eve","email":"eve@example.com"}`).word("id")
		path := "/v1/accounts/" + string(p.account) + "/users/" + someone
		r := w.gateway.send(w.t, request{as: w.operator, method: "PATCH", path: path, body: `{"state":"deactivated"}`, headers: map[string]string{"if-match": "*"}})
		if r.StatusCode != 200 {
			w.t.Fatalf("%s is not deactivated: %s", path, r.Body)
		}
		q.path = path + "/invitation"
	}},
	"eraseUser": {func(w *town, p place, q *request) { // who is active
		q.path = "/v1/accounts/" + string(p.account) + "/users/" + w.person(p) + "/erasure"
	}},
	"splitLine": {func(w *town, p place, q *request) {
		seated(w, p)
		q.body = fmt.Sprintf(`{"pools":[{"costCenterId":%q,"purchased":99}]}`, p.costCenter)
	}},
	"changeMe": {func(w *town, _ place, q *request) { q.as, q.body = w.subject(), `{"language":"en"}` }},
	"addOperator": {func(w *town, _ place, q *request) {
		q.body = fmt.Sprintf(`{"name":"Ada","email":"%s@example.com"}`, w.subject().ID)
		w.do("POST", "/v1/operators", q.body)
	}},
	"addPartnerStaff": {func(w *town, _ place, q *request) {
		q.body = fmt.Sprintf(`{"name":"Ada","email":"%s@example.com"}`, w.subject().ID)
		w.do("POST", q.path, q.body)
	}},
	"createCostCenter": {func(_ *town, _ place, q *request) { q.body = `{"name":"Workshop"}` }},
	"assignSeats":      {func(w *town, p place, q *request) { w.full(p); q.body = seatBody(p, w.person(p)) }},
	"assignNextFreeSeat": {func(w *town, p place, q *request) {
		w.full(p)
		q.path = "/v1/accounts/" + string(p.account) + "/users/" + w.person(p) + "/seats"
		q.body = wantBody("productId")(p, p.product)
	}},
	"moveSeat": {func(w *town, p place, q *request) {
		seated(w, p)
		q.body = costCenterBody(p, w.archived(p))
	}},
	"removeSeat": {func(w *town, p place, q *request) {
		addon := w.addon(p, false)
		seated(w, p)
		w.do("PATCH", "/v1/accounts/"+string(p.account)+"/users/"+string(p.user)+"/seats", fmt.Sprintf(`{"add":[{"productId":%q}]}`, addon))
	}},
	"putCartItem":        {ofPartner},
	"putRequestIntoCart": {ofPartner},
	"answerRequest":      {func(_ *town, _ place, q *request) { q.body = `{"state":"declined"}` }},               // it was answered already
	"quoteCart":          {func(w *town, p place, q *request) { q.as = w.member(p, access.SuperAdministrator) }}, // whose cart is empty
	"placeOrder":         {func(*town, place, *request) {}},                                                      // it was ordered already
	"withdrawRemoval":    {func(*town, place, *request) {}},                                                      // it was withdrawn already
	"startExport":        {func(*town, place, *request) {}},                                                      // one is under way
	"removeLicences": {
		func(_ *town, p place, q *request) {
			q.body = removeBody(p, "quantities", []map[string]any{{"quantity": 9999}}, false)
		},
		func(_ *town, p place, q *request) {
			delete(q.headers, "idempotency-key")
			q.body = removeBody(p, "contractId", string(p.contract), true)
		},
	},
	"connectSystems": {func(w *town, p place, q *request) { q.body = fmt.Sprintf(`{"systemIds":[%q]}`, w.never("sys_")) }},
	"changeSeatsOfUser": {func(w *town, p place, q *request) {
		q.path = "/v1/accounts/" + string(p.account) + "/users/" + w.person(p) + "/seats"
		q.body = fmt.Sprintf(`{"add":[{"productId":%q}]}`, w.addon(p, false))
	}},
	"changeQueuesOfUser": {func(w *town, p place, q *request) { // who has left
		one := "/v1/accounts/" + string(p.account) + "/users/" + w.person(p)
		w.doAs(w.operator, "PATCH", one, `{"state":"deactivated"}`, "if-match", "*")
		q.path = one + "/queues"
	}},
	"putProduct": {
		func(w *town, p place, q *request) {
			delete(q.headers, "if-match")
			q.body = `{"name":{"en":"Desk","fr":"Poste"}}`
		},
		func(w *town, p place, q *request) {
			q.body = `{"name":{"en":"Desk","fr":"Poste"},"dependsOn":["` + p.product + `"]}`
		},
		func(w *town, p place, q *request) {
			q.path, q.body = "/v1/catalog/products/no-such-product", `{"name":{"en":"Desk","fr":"Poste"}}`
		},
	},
	"putContract": {func(w *town, p place, q *request) {
		body := `{"changedAt":"2026-11-20T09:00:00Z","account":{"crmId":%q},"name":%q,"expiryDate":"2028-01-01","systemsPurchased":1}`
		q.path = "/v1/crm/contracts/" + string(p.order)
		w.do("PUT", q.path, fmt.Sprintf(body, p.owner, "Order"))
		q.body = fmt.Sprintf(body, p.owner, "Other at that instant")
	}},
	"putSystem": {
		func(w *town, p place, q *request) {
			q.body = fmt.Sprintf(`{"changedAt":"2026-11-19T08:00:00Z","accountCrmId":%q,"name":"Annex","kind":"commercial"}`, w.crm("001"))
		},
		func(w *town, p place, q *request) {
			crm := w.crm("02i")
			body := `{"changedAt":"2026-11-19T08:00:00Z","accountCrmId":%q,"name":%q,"kind":"commercial"}`
			w.do("PUT", "/v1/crm/systems/"+string(crm), fmt.Sprintf(body, p.owner, "Annex"))
			q.path, q.body = "/v1/crm/systems/"+string(crm), fmt.Sprintf(body, p.owner, "Other")
		},
	},
}

// ofPartner has who buys in an account with a partner ask instead: the partner does that for them.
func ofPartner(w *town, p place, q *request) {
	other := w.open("Managed")
	w.link(other, other.company)
	q.as = other.buyer
	q.path = strings.NewReplacer(string(p.account), string(other.account), string(p.request), string(other.request)).Replace(q.path)
}

// full leaves the place's line without a free seat.
func (w *town) full(p place) {
	w.t.Helper()
	r := w.gateway.send(w.t, request{as: w.operator, method: "PATCH", path: "/v1/accounts/" + string(p.account) + "/contracts/" + string(p.contract) + "/terms",
		body: fmt.Sprintf(`{"limits":[{"productId":%q,"limit":0}]}`, p.product), headers: map[string]string{"if-match": "*"}})
	if r.StatusCode != 200 {
		w.t.Fatalf("the line's limit is not set: %s", r.Body)
	}
}

// archived is a cost center of the place that takes no seats any more.
func (w *town) archived(p place) string {
	w.t.Helper()
	manager, path := w.member(p, access.LicenceManager), "/v1/accounts/"+string(p.account)+"/cost-centers"
	cc := w.doAs(manager, "POST", path, `{"name":"Closed"}`).word("id")
	if r := w.gateway.send(w.t, request{as: manager, method: "PATCH", path: path + "/" + cc, body: `{"state":"archived"}`, headers: map[string]string{"if-match": "*"}}); r.StatusCode != 200 {
		w.t.Fatalf("%s is not archived: %s", cc, r.Body)
	}
	return cc
}

// toldElsewhere are documented statuses that nothing here comes to, and what does.
var toldElsewhere = map[string]string{
	"removeOperator 409": "the last operator stays: internal/account/staff_test.go; here the tests share their operators",
	"putProduct 409":     "the catalog is full: internal/catalog/catalog_test.go",
	"sendRequest 409":    "somebody has too many open: internal/request/request_test.go",
}
