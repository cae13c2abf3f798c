package check

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/access"
)

// Whoever an account has let go is a stranger there at their next call, with the same token: to every operation, also
// with a page token and an Idempotency-Key from before. Nothing tells them that the account is still there.
func TestWhoeverLeftAnAccountIsAStrangerAtTheNextCall(t *testing.T) {
	w := newTown(t)
	company, staff := w.partner("Partner")
	next, _ := w.partner("Next partner")
	for _, row := range []struct {
		name string
		who  func(p place) access.Subject
		left func(p place, who access.Subject)
	}{
		{"the partner, once the account is nobody's", func(p place) access.Subject { w.link(p, company); return staff }, func(p place, _ access.Subject) {
			w.do("PUT", "/v1/accounts/"+string(p.account)+"/partner", `{"partnerId":null}`)
		}},
		{"the partner, once the account is another's", func(p place) access.Subject { w.link(p, company); return staff }, func(p place, _ access.Subject) {
			w.do("PUT", "/v1/accounts/"+string(p.account)+"/partner", fmt.Sprintf(`{"partnerId":%q}`, next))
		}},
		{"a person, once they are deactivated", w.employ, func(p place, who access.Subject) {
			path := "/v1/accounts/" + string(p.account) + "/users/" + w.gateway.send(t, request{as: who, method: "GET", path: "/v1/accounts/" + string(p.account) + "/me"}).word("userId")
			r := w.gateway.send(t, request{as: w.operator, method: "PATCH", path: path, body: `{"state":"deactivated"}`, headers: map[string]string{"if-match": "*"}})
			if r.StatusCode != http.StatusOK {
				t.Fatalf("deactivating answered %d: %s", r.StatusCode, r.Body)
			}
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := w.open("Own")
			w.crowd(p)
			who := row.who(p)
			requests := w.acts(t, p, who)
			row.left(p, who)
			nowhere := w.never(string(p.account))
			before := w.rows(t, p)
			for _, q := range requests {
				r := w.gateway.send(t, q)
				q.path = strings.Replace(q.path, string(p.account), nowhere, 1)
				if diff := cmp.Diff(w.gateway.send(t, q).without(nowhere), r.without(string(p.account)), cmp.AllowUnexported(response{})); r.StatusCode != http.StatusNotFound || diff != "" {
					t.Errorf("%s %s: answered %d, want 404 (-no such account +the one they left):\n%s", q.method, q.path, r.StatusCode, diff)
				}
			}
			if diff := cmp.Diff(before, w.rows(t, p)); diff != "" {
				t.Errorf("somebody who left changed something:\n%s", diff)
			}
			if r := w.gateway.send(t, request{as: who, method: "GET", path: "/v1/me"}); strings.Contains(r.Body, string(p.account)) {
				t.Errorf("they are still told of the account: %s", r.Body)
			}
		})
	}
}

// employ has an operator add an administrator, who then signs in.
func (w *town) employ(p place) access.Subject {
	who := w.subject()
	who.Email = strings.ToLower(who.ID) + "@example.com"
	w.do("POST", "/v1/accounts/"+string(p.account)+"/users", fmt.Sprintf(`{"name":"Member","email":%q,"roles":["administrator"]}`, who.Email))
	return who
}

// acts has somebody do every operation in an account, and gives the requests to be sent again: with the same
// Idempotency-Key, and with the page token that a listing gave.
func (w *town) acts(t *testing.T, p place, who access.Subject) []request {
	t.Helper()
	var all []request
	tokens, keys := 0, 0
	described := describedOf(t)
	for _, op := range w.gateway.operations {
		if !op.InAccount() {
			continue
		}
		d := described[op.ID]
		if e := examples[op.ID]; e.first != nil {
			e.first(w, p)
		}
		q := w.ask(t, op, d, p, who)
		if d.pages() {
			q.path += "?pageSize=1"
		}
		r := w.gateway.send(t, q)
		if r.StatusCode == http.StatusNotFound {
			t.Errorf("%s is 404 to them before they leave, so nothing is tried", op.ID)
		}
		if token := r.word("nextPageToken"); token != "" {
			tokens++
			with := q
			with.path += "&pageToken=" + token
			all = append(all, with)
		}
		if d.keyed() && r.StatusCode < http.StatusMultipleChoices {
			keys++
		}
		all = append(all, q)
	}
	if tokens == 0 || keys == 0 {
		t.Errorf("they have %d page tokens and %d keys from before, want some of both", tokens, keys)
	}
	return all
}
