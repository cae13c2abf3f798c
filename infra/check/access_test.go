package check

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/id"
)

// The accounts as the people of the account `own` see them.
const (
	own     = "own"     // its members are the personas with roles; the partner manages it
	managed = "managed" // another account of that partner
	foreign = "foreign" // of other people, with another partner
	absent  = "absent"  // an id that nobody has
)

type permissions []access.Permission

// persona is somebody who calls, and what they may do.
type persona struct {
	name    string
	subject access.Subject // zero: without a token
	// holds are the permissions in the accounts that are theirs to see; in all others they are strangers.
	holds map[string]permissions
	// vendor are the permissions outside of accounts.
	vendor permissions
	// another partner's staff: what their right is for is of the partner in the path, who is not theirs.
	another bool
	// refused is the code of the one answer to all that they ask, if there is one.
	refused string
}

// people makes one persona for each kind of caller that FEATURES.md (Rights) knows. What they hold is written down here
// once more, by hand: a role that is given a right by mistake differs from this table.
func people(w *town, places map[string]place) []persona {
	all := permissions{access.View, access.SendRequests, access.ViewOrders, access.ManageSystems, access.ManageLicences, access.ManageUsers, access.ManageBilling}
	ofPartner := permissions{access.View, access.SendRequests, access.ViewOrders, access.ManageSystems, access.ManageTerms}
	ofOperator := permissions{access.View, access.SendRequests, access.ViewOrders, access.ManageSystems, access.ManageUsers, access.ManageBilling, access.ManageData, access.ManageTerms, access.ManageAccounts, access.ImportCRM}

	partner, other := places[own].company, places[foreign].company
	w.link(places[own], partner)
	w.link(places[managed], partner)
	w.link(places[foreign], other)

	member := func(name string, holds permissions, roles ...access.Role) persona {
		return persona{name: name, subject: w.member(places[own], roles...), holds: map[string]permissions{own: holds}}
	}
	bySet := w.subject()
	w.enrol(bySet, account.Member{Account: places[own].account, Sets: []id.PermissionSet{places[own].set}})
	known, first, second := w.subject(), w.subject(), w.subject()
	known.Email, first.Email = known.ID+"@example.com", first.ID+"@example.com"
	second.Email = first.Email
	w.enrol(first, account.Member{Account: places[own].account, Email: first.Email})
	return []persona{
		member("super administrator", append(slices.Clone(all), access.ManageData), access.SuperAdministrator),
		member("administrator", all, access.Administrator),
		member("licence manager", permissions{access.View, access.SendRequests, access.ViewOrders, access.ManageLicences}, access.LicenceManager),
		member("user manager", permissions{access.View, access.SendRequests, access.ViewOrders, access.ManageUsers}, access.UserManager),
		member("billing manager", permissions{access.SendRequests, access.ViewOrders, access.ManageBilling}, access.BillingManager),
		member("viewer", permissions{access.View, access.SendRequests, access.ViewOrders}, access.Viewer),
		member("viewer who also manages billing", permissions{access.View, access.SendRequests, access.ViewOrders, access.ManageBilling}, access.Viewer, access.BillingManager),
		member("member without a role", permissions{}),
		{name: "member with a permission set", subject: bySet, holds: map[string]permissions{own: {access.View, access.SendRequests, access.ViewOrders}}},
		{name: "partner", subject: w.staff(partner), holds: map[string]permissions{own: ofPartner, managed: ofPartner}, vendor: ofPartner},
		{name: "other partner", subject: w.staff(other), holds: map[string]permissions{foreign: ofPartner}, vendor: ofPartner, another: true},
		{name: "operator", subject: w.operator, holds: map[string]permissions{own: ofOperator, managed: ofOperator, foreign: ofOperator}, vendor: ofOperator},
		{name: "outsider", subject: w.member(places[foreign], access.Administrator), holds: map[string]permissions{foreign: all}},
		{name: "nobody", subject: known},
		{name: "second subject of a member's address", subject: second, refused: "address_already_bound"},
		{name: "no token"},
	}
}

// may says what a persona's request comes to, from the table above alone: 200 stands for being let in.
func (p persona) may(op served, where string) int {
	holds, knows := p.vendor, !p.another || !strings.Contains(op.Path, "{partnerId}") || !slices.Contains(p.vendor, op.Needs)
	if op.InAccount() {
		holds, knows = p.holds[where], p.holds[where] != nil
	}
	switch {
	case p.subject == access.Subject{}:
		return http.StatusUnauthorized
	case p.refused != "":
		return http.StatusForbidden
	case !knows:
		return http.StatusNotFound
	case op.ID == "getRequest" && slices.Contains(holds, op.Needs) && !slices.ContainsFunc(holds, func(h access.Permission) bool { return h == access.ManageLicences || h == access.ManageTerms }):
		return http.StatusNotFound // it is another's, and theirs to see who manages licences or terms
	case op.Needs == access.SignedIn || slices.Contains(holds, op.Needs):
		return http.StatusOK
	default:
		return http.StatusForbidden
	}
}

// Every operation × every persona × own, managed, foreign and no account, made from the list of operations: a new
// operation is covered as it stands. A body is never sent, so those who are let in may still be told that it lacks.
func TestEachMayDoWhatTheirRightsSayAndNothingElse(t *testing.T) {
	w := newTown(t)
	places := map[string]place{own: w.open("Own"), managed: w.open("Managed"), foreign: w.open("Foreign")}
	unheard := places[own]
	unheard.account = id.New[id.Account](w.ids, t0)
	places[absent] = unheard
	personas := people(w, places)
	g := w.gateway
	for _, op := range g.operations {
		t.Run(op.ID, func(t *testing.T) {
			if op.Needs != access.SignedIn && !slices.ContainsFunc(personas, func(p persona) bool { return p.may(op, own) == http.StatusOK }) {
				t.Fatalf("nobody may %s: say in people() who holds %s", op.ID, op.Needs)
			}
			for _, p := range personas {
				if !op.InAccount() {
					q := request{as: p.subject, method: op.Method, path: pathOf(t, op, places[own])}
					checkAnswer(t, op, p, "", g.send(t, q), p.may(op, ""))
					continue
				}
				nowhere := g.send(t, request{as: p.subject, method: op.Method, path: pathOf(t, op, places[absent])})
				for _, where := range slices.Sorted(maps.Keys(places)) {
					r, want := nowhere, p.may(op, where)
					if where != absent {
						r = g.send(t, request{as: p.subject, method: op.Method, path: pathOf(t, op, places[where])})
					}
					checkAnswer(t, op, p, where, r, want)
					strange := want == http.StatusNotFound && p.holds[where] == nil || p.refused != ""
					if diff := cmp.Diff(nowhere, r, cmp.AllowUnexported(response{})); strange && diff != "" {
						t.Errorf("%s in %s learns that the account exists (-no such account +%s):\n%s", p.name, where, where, diff)
					}
				}
			}
		})
	}
}

// checkAnswer holds an answer to what it should be. Those who are let in may have sent too little, but are not told that
// anything is missing that is there.
func checkAnswer(t *testing.T, op served, p persona, where string, r response, want int) {
	t.Helper()
	who := p.name + " in " + where
	if p.refused != "" {
		if r.StatusCode != want || r.word("code") != p.refused || r.word("detail") == "" {
			t.Errorf("%s: %s answered %d %s, want %d %s", who, op.ID, r.StatusCode, r.Body, want, p.refused)
		}
		return
	}
	code := r.word("code")
	ok := r.StatusCode == want
	switch want {
	case http.StatusUnauthorized:
		ok = ok && code == "unauthenticated"
	case http.StatusForbidden:
		refusal := "permission_missing"
		if !op.InAccount() {
			refusal = "vendor_only" // no administrator of an account could give it
			if op.Needs == access.ManageTerms {
				refusal = "staff_only"
			}
		}
		ok = ok && code == refusal && r.word("permission") == string(op.Needs) && r.word("detail") != ""
	case http.StatusNotFound:
		ok = ok && code == "not_found"
	default:
		refused := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed}
		ok = r.StatusCode < http.StatusInternalServerError && !slices.Contains(refused, r.StatusCode)
	}
	if !ok {
		t.Errorf("%s, %s needs %s: answered %d %s, want %d (200: let in)\n%s", who, op.ID, op.Needs, r.StatusCode, code, want, r.Body)
	}
}

// The walk above takes an operation's word for the permission that it needs. These rules hold for each such word.
func TestAnOperationAsksForARightThatFitsIt(t *testing.T) {
	seen := 0
	for _, op := range functions.Describe().Operations() {
		seen++
		if op.Needs == access.SignedIn && !strings.HasSuffix(op.Path, "/me") {
			t.Errorf("%s asks for no right, and is not about the caller's own person alone", op.ID)
		}
		ofTheirOwn := op.Needs == access.SignedIn && !op.InAccount() // what people set for themselves
		if op.Method != http.MethodGet && !ofTheirOwn && (op.Needs == access.View || op.Needs == access.SignedIn) {
			t.Errorf("%s changes something and asks for %s only", op.ID, op.Needs)
		}
		if !op.InAccount() && slices.Contains([]access.Permission{access.View, access.ManageSystems, access.ManageLicences, access.ManageUsers, access.ManageBilling, access.ManageData}, op.Needs) {
			t.Errorf("%s needs %s, which members hold in their account alone; its path names none", op.ID, op.Needs)
		}
	}
	if seen == 0 {
		t.Error("no operation was looked at")
	}
}
