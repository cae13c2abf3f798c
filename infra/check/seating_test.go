package check

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/id"
)

// seating is a contract of the customer's, and who sits on its lines.
type seating struct {
	*story
	of        *customer
	inside    string // the path of the account
	agreement id.CRM
	contract  id.Contract
	// desk has an optional feature and 4 seats; phone has 2 and needs a desk; spare has no limit.
	desk, phone, spare string
	workshop, office   string   // cost centers
	people             []string // by their order of coming
	emails             []string
}

// seating is lines from their first seat to their last: their terms, their pools, who sits on them.
func (s *story) seating(c *customer) {
	s.t.Helper()
	w := &seating{story: s, of: c, inside: "/v1/accounts/" + string(c.account), agreement: s.crm("800")}
	w.catalog()
	w.agree("2030-01-01", 2)
	s.want(http.StatusOK, request{as: s.operator, method: http.MethodPut, path: "/v1/crm/systems/" + string(s.crm("02i")), body: fmt.Sprintf(
		`{"changedAt":"2026-11-19T08:00:00Z","accountCrmId":%q,"name":"Standard","kind":"commercial","contractCrmId":%q}`, c.crm, w.agreement)})
	w.carrying()
	for _, name := range []string{"Rita", "Sami", "Théo", "Ugo"} {
		email := strings.ToLower(name+"."+string(w.agreement)) + "@example.com"
		w.people = append(w.people, w.as(w.operator).want("POST", "/users", fmt.Sprintf(`{"name":%q,"email":%q,"extension":"12"}`, name, email)).word("id"))
		w.emails = append(w.emails, email)
	}
	w.sitting()
	w.answering()
	w.looking()
	w.moving()
	w.terms()
	w.leaving()
}

// asking is somebody who asks for things in the account.
type asking struct {
	*seating
	who access.Subject
}

func (w *seating) as(who access.Subject) asking { return asking{w, who} }

// want sends a request to a path in the account and holds its answer to success. headers are pairs.
func (a asking) want(method, path, body string, headers ...string) response {
	a.t.Helper()
	return a.answered(map[bool]int{true: http.StatusCreated, false: http.StatusOK}[method == http.MethodPost && !strings.HasSuffix(path, "/seats")], method, path, body, headers...)
}

func (a asking) answered(status int, method, path, body string, headers ...string) response {
	a.t.Helper()
	q := request{as: a.who, method: method, path: a.inside + path, body: body, headers: map[string]string{}}
	for pair := range slices.Chunk(headers, 2) {
		q.headers[pair[0]] = pair[1]
	}
	return a.story.want(status, q)
}

// line is the path of a line, in the account.
func (w *seating) line(product string) string {
	return "/contracts/" + string(w.contract) + "/lines/" + product
}

// catalog is the vendor's three products, one of them changed.
func (w *seating) catalog() {
	w.t.Helper()
	w.desk, w.phone, w.spare = w.product(), w.product(), w.product()
	w.put(w.desk, `{"name":{"en":"Desk","fr":"Poste"},"features":[{"id":"fax","name":{"en":"Fax","fr":"Fax"}}]}`)
	w.put(w.phone, fmt.Sprintf(`{"name":{"en":"Phone","fr":"Téléphone"},"dependsOn":[%q]}`, w.desk))
	w.story.want(http.StatusOK, request{as: w.operator, method: http.MethodPut, path: "/v1/catalog/products/" + w.desk + "-b", body: `{"name":{"en":"Booth","fr":"Cabine"}}`})
	w.get(w.operator, "/v1/catalog/products?pageSize=1")
}

// put changes a product.
func (w *seating) put(product, body string) {
	w.t.Helper()
	path := "/v1/catalog/products/" + product
	q := request{as: w.operator, method: http.MethodPut, path: path, body: body, headers: map[string]string{"if-match": w.get(w.operator, path).Headers["Etag"]}}
	w.story.want(http.StatusOK, q)
}

// agree is what the CRM says of the contract.
func (w *seating) agree(expiry string, phones int) {
	w.t.Helper()
	r := w.story.want(http.StatusOK, request{as: w.operator, method: http.MethodPut, path: "/v1/crm/contracts/" + string(w.agreement), body: fmt.Sprintf(
		`{"changedAt":%q,"account":{"crmId":%q},"name":"Sièges","expiryDate":%q,"systemsPurchased":1,"lines":[{"product":%q,"seats":4},{"product":%q,"seats":%d},{"product":%q}]}`,
		w.now.Format("2006-01-02T15:04:05Z"), w.of.crm, expiry, w.desk, w.phone, phones, w.spare)})
	w.contract = id.Contract(r.word("id"))
}

// carrying is cost centers, and what they carry of the line.
func (w *seating) carrying() {
	w.t.Helper()
	a := w.as(w.of.administrator)
	key := []string{"idempotency-key", "workshop"}
	w.workshop = a.want("POST", "/cost-centers", `{"name":"Atelier"}`, key...).word("id")
	if again := a.want("POST", "/cost-centers", `{"name":"Atelier"}`, key...); again.word("id") != w.workshop {
		w.t.Errorf("the repeat made another cost center: %s", again.Body)
	}
	w.office = a.want("POST", "/cost-centers", `{"name":"Bureau"}`).word("id")
	for _, change := range []string{`{"name":"Bureaux"}`, `{"state":"archived"}`, `{"state":"active"}`} {
		one := "/cost-centers/" + w.office
		a.want("PATCH", one, change, "if-match", w.get(w.of.administrator, w.inside+one).Headers["Etag"])
	}
	for _, query := range []string{"", "?state=archived", "?q=atel"} {
		w.pages(w.of.administrator, w.inside+"/cost-centers"+query)
	}
	a.want("PUT", w.line(w.desk)+"/pools", fmt.Sprintf(`{"pools":[{"costCenterId":%q,"purchased":2}]}`, w.workshop))
}

// sitting is seats that are given and taken, one by one and many at once, with a key and again.
func (w *seating) sitting() {
	w.t.Helper()
	a, desks := w.as(w.of.administrator), w.line(w.desk)+"/seats"
	body := fmt.Sprintf(`{"userIds":[%q,%q],"costCenterId":%q,"features":["fax"]}`, w.people[0], w.people[1], w.workshop)
	first := a.want("POST", desks, body, "idempotency-key", "desks")
	if again := a.want("POST", desks, body, "idempotency-key", "desks"); again.Body != first.Body {
		w.t.Errorf("the repeat is answered %s, want %s", again.Body, first.Body)
	}
	all, _ := json.Marshal(w.people)
	a.answered(http.StatusOK, "POST", desks, fmt.Sprintf(`{"userIds":%s,"partial":true,"notify":true}`, all))
	if r := a.answered(http.StatusConflict, "POST", w.line(w.spare)+"/seats", fmt.Sprintf(`{"userIds":%s}`, all)); r.word("code") != "seat_limit_not_set" || !strings.Contains(r.word("detail"), "Second") {
		w.t.Errorf("a line without a limit is answered %s, want the partner named", r.Body)
	}
	one := "/users/" + w.people[0] + "/seats"
	a.answered(http.StatusOK, "POST", one, fmt.Sprintf(`{"productId":%q}`, w.phone), "idempotency-key", "phone")
	a.answered(http.StatusOK, "POST", one, fmt.Sprintf(`{"productId":%q}`, w.phone), "idempotency-key", "phone")
	a.want("PATCH", one, fmt.Sprintf(`{"add":[{"productId":%q,"features":[]}],"remove":[%q],"notify":true}`, w.desk, w.phone))
	a.want("PATCH", one, fmt.Sprintf(`{"add":[{"productId":%q,"contractId":%q}]}`, w.phone, w.contract), "idempotency-key", "both")
	a.want("DELETE", desks+"/"+w.people[3], "")
}

// answering is the queues of somebody, who has a derived seat as long as there is one.
func (w *seating) answering() {
	w.t.Helper()
	a, queues := w.as(w.of.administrator), "/users/"+w.people[0]+"/queues"
	w.put(w.phone, fmt.Sprintf(`{"name":{"en":"Phone","fr":"Téléphone"},"dependsOn":[%q],"derived":true}`, w.desk))
	a.want("PATCH", queues, `{"add":[{"type":"call","name":"Accueil"},{"type":"inbox","name":"Courrier"}]}`, "idempotency-key", "queues")
	if r := a.want("PATCH", queues, `{"removeAll":true}`); !strings.Contains(r.Body, `"removed"`) {
		w.t.Errorf("leaving all queues freed no seat: %s", r.Body)
	}
	a.want("PATCH", queues, `{"remove":[{"type":"call","name":"Accueil"}]}`)
	w.put(w.phone, fmt.Sprintf(`{"name":{"en":"Phone","fr":"Téléphone"},"dependsOn":[%q]}`, w.desk))
	a.want("PATCH", "/users/"+w.people[0]+"/seats", fmt.Sprintf(`{"add":[{"productId":%q}]}`, w.phone))
}

// looking is the licence list and what is said of lines.
func (w *seating) looking() {
	w.t.Helper()
	for _, query := range []string{
		"", "?state=assigned", "?state=available", "?productId=" + w.desk, "?q=sami", "?q=12&productId=" + w.phone,
		"?costCenterId=" + w.workshop + ",none",
	} {
		w.pages(w.of.administrator, w.inside+"/seats"+query)
	}
	for _, product := range []string{w.desk, w.spare} {
		w.pages(w.of.administrator, w.inside+w.line(product)+"/seats")
	}
	for _, query := range []string{"", "?state=attention", "?productId=" + w.desk} {
		w.pages(w.of.administrator, w.inside+"/usage"+query)
	}
	w.pages(w.of.administrator, w.inside+"/usage/history")
	if r := w.get(w.of.administrator, w.inside+"/usage"); !strings.Contains(r.Body, `"not_set"`) || !strings.Contains(r.Body, "Second") {
		w.t.Errorf("no banner for the line without a limit that names the partner: %s", r.Body)
	}
	w.get(w.of.administrator, w.inside+"/users/"+w.people[0])
}

// moving is a seat under one cost center after the other, and under none.
func (w *seating) moving() {
	w.t.Helper()
	for _, to := range []string{`"` + w.office + `"`, "null", `"` + w.workshop + `"`, "null"} {
		w.as(w.of.administrator).want("PATCH", w.line(w.desk)+"/seats/"+w.people[0], `{"costCenterId":`+to+`}`)
	}
}

// terms are limits, days and systems that an operator sets, and what the CRM says later.
func (w *seating) terms() {
	w.t.Helper()
	for _, body := range []string{
		fmt.Sprintf(`{"limits":[{"productId":%q,"limit":9}]}`, w.desk),
		`{"expiryDate":"2031-01-01"}`,
		fmt.Sprintf(`{"systemsPurchased":0,"alertDays":[30],"limits":[{"productId":%q,"limit":null}]}`, w.desk),
	} {
		path := "/contracts/" + string(w.contract)
		w.as(w.operator).want("PATCH", path+"/terms", body, "if-match", w.get(w.operator, w.inside+path).Headers["Etag"])
	}
	w.agree("2032-01-01", 2)
}

// leaving is people who are renamed, here and by the CRM, and who leave.
func (w *seating) leaving() {
	w.t.Helper()
	change := func(u, body string) response {
		w.t.Helper()
		path := "/users/" + u
		return w.as(w.operator).want("PATCH", path, body, "if-match", w.get(w.operator, w.inside+path).Headers["Etag"])
	}
	change(w.people[0], `{"name":"Rita Blanc"}`)
	if r := change(w.people[0], `{"state":"deactivated"}`); strings.Count(r.Body, `"contractId"`) != 2 {
		w.t.Errorf("who leaves frees a desk and a phone: %s", r.Body)
	}
	w.as(w.of.administrator).want("PUT", w.line(w.phone)+"/pools", fmt.Sprintf(`{"pools":[{"costCenterId":%q,"purchased":2}]}`, w.office))
	w.agree("2032-01-01", 0) // the office carries no phone any more
	for _, said := range [][2]string{{"Sami", "unchanged"}, {"Sami Brun", "changed"}} {
		w.counts(w.file("users", userTitles+fmt.Sprintf("%s;%s;%s;12;fr;\n", w.of.crm, w.emails[1], said[0])), map[string]int{said[1]: 1})
	}
	if r := w.get(w.of.administrator, w.inside+"/seats?q=brun"); !strings.Contains(r.Body, `"name":"Sami Brun"`) {
		w.t.Errorf("whom the CRM renamed sits here by another name: %s", r.Body)
	}
}
