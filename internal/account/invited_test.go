package account_test

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// accounts makes n more, in the order of their ids.
func (f *front) accounts(n int) (made []account.Account) {
	f.t.Helper()
	for i := range n {
		a := account.Account{ID: id.New[id.Account](f.ids, f.now), Name: fmt.Sprintf("Account %02d", i), Terms: account.DefaultTerms(), CreatedAt: f.now}
		ops, err := account.CreateOps(a)
		if err == nil {
			err = f.table.Write(f.t.Context(), ops...)
		}
		if err != nil {
			f.t.Fatal(err)
		}
		made = append(made, a)
	}
	return made
}

// namesOf are the names of the accounts that somebody is told of.
func (f *front) namesOf(who access.Subject) []string {
	f.t.Helper()
	names := f.get(who, "/v1/me").rows("accounts", "name")
	slices.Sort(names)
	return names
}

func names(of ...account.Account) []string {
	all := []string{}
	for _, a := range of {
		all = append(all, a.Name)
	}
	slices.Sort(all)
	return all
}

// Somebody whom several accounts wait for is let into all of them by their first sign-in, wherever that is, and into a
// partner's accounts too.
func TestAFirstSignInAnswersAllInvitations(t *testing.T) {
	f := newFront(t, newWorld(t))
	third := f.accounts(1)[0]
	company, staff := f.partner(third)
	for _, first := range []string{"/v1/me", inside(f.mine) + "/me", inside(f.other) + "/me", inside(third) + "/me"} {
		ada := somebody(address())
		f.invite(t, f.mine.ID, ada.Email, access.Viewer)
		f.invite(t, f.other.ID, ada.Email, access.Administrator)
		f.hire(staff, "Ada", ada.Email)
		f.get(ada, first)
		if got := f.get(ada, inside(f.other)+"/me"); got.word("kind") != "member" || !slices.Contains(got.rowsOf("roles"), "administrator") {
			t.Errorf("first at %s: in the other account she is %s", first, got.Body)
		}
		f.get(ada, inside(f.mine)+"/me")
		if got := f.get(ada, inside(third)+"/me"); got.word("kind") != "partner" {
			t.Errorf("first at %s: at the partner's account she is %s", first, got.Body)
		}
		if me := f.get(ada, "/v1/me"); me.document["partner"].(map[string]any)["name"] != company {
			t.Errorf("first at %s: she is %s", first, me.Body)
		}
		f.want(http.StatusForbidden, "address_already_bound", twin(ada), "GET", inside(f.other), "")
	}
}

// Who works for the partner of an account acts on it, also where somebody who manages its users adds them without a right.
func TestAnInvitationTakesNoRightFromAPartnersStaff(t *testing.T) {
	f := newFront(t, newWorld(t))
	_, staff := f.partner(f.other)
	paula := somebody(address())
	f.hire(staff, "Paula", paula.Email)
	if got := f.get(paula, inside(f.other)+"/me"); got.word("kind") != "partner" {
		t.Fatalf("hired, she is %s", got.Body)
	}
	f.invite(t, f.other.ID, paula.Email)
	f.now = f.now.Add(time.Hour)
	f.get(paula, "/v1/me")
	if got := f.get(paula, inside(f.other)+"/me"); got.word("kind") != "partner" {
		t.Errorf("invited, she is %s", got.Body)
	}
	f.get(paula, inside(f.other))
}

// rowsOf are the words of a list.
func (a answer) rowsOf(list string) (all []string) {
	words, _ := a.document[list].([]any)
	for _, w := range words {
		all = append(all, fmt.Sprint(w))
	}
	return all
}

// A transaction takes some of very many invitations: that of the account in the path, and the first by key. The others
// are answered by what comes next.
func TestMoreInvitationsThanATransactionTakesAreAnsweredOneAfterTheOther(t *testing.T) {
	f := newFront(t, newWorld(t))
	many := f.accounts(45)
	ada := somebody(address())
	for _, a := range many {
		f.invite(t, a.ID, ada.Email, access.Viewer)
	}
	f.get(ada, inside(many[44])+"/me")
	mine, _, err := f.store.Mine(t.Context(), access.Caller{Subject: ada}, nil, 100)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(mine); got < 16 || got > 20 || mine[0].Account.ID != many[0].ID || mine[got-1].Account.ID != many[44].ID || mine[got-2].Account.ID != many[got-2].ID {
		t.Errorf("the first sign-in let her into %d, want that of the path and the first ones", got)
	}
	f.want(http.StatusForbidden, "address_already_bound", twin(ada), "GET", inside(many[43]), "")
	f.get(ada, inside(many[43])+"/me")
	if got := f.namesOf(ada); !slices.Equal(got, names(many...)) {
		t.Errorf("she is told of %d accounts, want all %d", len(got), len(many))
	}
}

// Who is bound already is let into a further account by an invitation to the address that their token proves: in that
// account, or by asking who they are. So no tenant can lock out another's people.
func TestWhoIsBoundAnswersFurtherInvitations(t *testing.T) {
	f := newFront(t, newWorld(t))
	third, fourth := f.accounts(1)[0], f.accounts(1)[0]
	_, staff := f.partner(third)
	ada := somebody(address())
	f.invite(t, f.mine.ID, ada.Email, access.Viewer)
	f.get(ada, "/v1/me")
	f.now = f.now.Add(time.Hour)
	f.want(http.StatusNotFound, "not_found", ada, "GET", inside(f.other)+"/me", "")

	f.invite(t, f.other.ID, ada.Email, access.Viewer)
	f.get(ada, inside(f.other)+"/me")
	f.hire(staff, "Ada", ada.Email)
	if got := f.get(ada, inside(third)+"/me"); got.word("kind") != "partner" {
		t.Errorf("hired, she is %s", got.Body)
	}
	f.hire("/v1/operators", "Ada", ada.Email) // staff of one company at most: it waits
	f.invite(t, fourth.ID, ada.Email, access.Viewer)
	if me := f.get(ada, "/v1/me"); me.document["operator"] != false || me.document["partner"] == nil {
		t.Errorf("she is %s", me.Body)
	}
	if got := f.get(ada, inside(fourth)+"/me"); got.word("kind") != "member" {
		t.Errorf("invited a last time, she is %s", got.Body)
	}

	// A member of the account under another address keeps who they are there.
	moved := ada
	moved.Email = address()
	f.invite(t, f.mine.ID, moved.Email, access.Administrator)
	f.get(moved, "/v1/me")
	if got := f.get(moved, inside(f.mine)+"/me"); slices.Contains(got.rowsOf("roles"), "administrator") {
		t.Errorf("by a second invitation into her account she is %s", got.Body)
	}
	// Without a verified address nothing is answered.
	fifth, unverified := f.accounts(1)[0], ada
	unverified.Email = ""
	f.invite(t, fifth.ID, ada.Email, access.Viewer)
	f.get(unverified, "/v1/me")
	f.want(http.StatusNotFound, "not_found", unverified, "GET", inside(fifth)+"/me", "")
}

// An address that another subject has proven lets nobody else in, and a stranger is told nothing of it.
func TestAProvenAddressLetsInNoOtherKnownSubject(t *testing.T) {
	f := newFront(t, newWorld(t))
	ada, bo := somebody(address()), somebody(address())
	f.invite(t, f.mine.ID, ada.Email, access.Viewer)
	f.invite(t, f.mine.ID, bo.Email, access.Viewer)
	f.get(ada, "/v1/me")
	f.get(bo, "/v1/me")
	f.invite(t, f.other.ID, ada.Email, access.Viewer)
	posing := bo
	posing.Email = ada.Email
	nowhere := f.other
	nowhere.ID = id.New[id.Account](f.ids, f.now)
	there := f.want(http.StatusNotFound, "not_found", posing, "GET", inside(f.other)+"/me", "")
	if diff := cmp.Diff(there, f.call(posing, "GET", inside(nowhere)+"/me", ""), cmp.AllowUnexported(answer{})); diff != "" {
		t.Errorf("(-an account that waits for the address +none):\n%s", diff)
	}
	if got := f.namesOf(posing); !slices.Equal(got, names(f.mine)) {
		t.Errorf("by another's address he is told of %v", got)
	}
	f.get(ada, inside(f.other)+"/me")
}

// Two at once bind one identity per invitation, whether they were known before or not.
func TestOfTwoAtOnceOneAnswersAllInvitations(t *testing.T) {
	f := newFront(t, newWorld(t))
	third := f.accounts(1)[0]
	for i := range 12 {
		one := somebody(address())
		other := twin(one)
		if i%3 > 0 {
			known := other
			known.Email = address()
			f.invite(t, third.ID, known.Email, access.Viewer)
			f.get(known, "/v1/me")
		}
		if i%3 == 2 {
			other.ID = one.ID // two requests of one unknown person
		}
		f.invite(t, f.mine.ID, one.Email, access.Viewer)
		f.invite(t, f.other.ID, one.Email, access.Viewer)
		var both sync.WaitGroup
		both.Go(func() { f.call(one, "GET", inside(f.mine)+"/me", "") })
		both.Go(func() { f.call(other, "GET", inside(f.other)+"/me", "") })
		both.Wait()
		in := func(who access.Subject, a account.Account) bool {
			return f.call(who, "GET", inside(a)+"/me", "").StatusCode == http.StatusOK
		}
		if other.ID == one.ID {
			if !in(one, f.mine) || !in(one, f.other) {
				t.Errorf("round %d: one person's two requests did not let them in", i)
			}
		} else if in(one, f.mine) == in(other, f.mine) || in(one, f.mine) != in(one, f.other) || in(other, f.mine) != in(other, f.other) {
			t.Errorf("round %d: one is in %t and %t, the other in %t and %t", i, in(one, f.mine), in(one, f.other), in(other, f.mine), in(other, f.other))
		}
	}
}

// One known person's two requests to the account that invites them are both let in.
func TestTwoRequestsOfWhoIsBoundAreBothLetIn(t *testing.T) {
	f := newFront(t, newWorld(t))
	_, staff := f.partner(f.other)
	for i := range 10 {
		ada := somebody(address())
		f.invite(t, f.mine.ID, ada.Email, access.Viewer)
		f.get(ada, "/v1/me")
		f.now = f.now.Add(time.Hour)
		if i%2 == 0 {
			f.hire(staff, "Ada", ada.Email)
		} else {
			f.invite(t, f.other.ID, ada.Email, access.Viewer)
		}
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() { f.get(ada, inside(f.other)+"/me") })
		}
		both.Wait()
	}
}

// A removal from a company and an answer at once leave nobody half bound.
func TestARemovalDuringAnAnswerLeavesTheMembership(t *testing.T) {
	f := newFront(t, newWorld(t))
	_, staff := f.partner(f.other)
	for range 10 {
		ada := somebody(address())
		path := f.hire(staff, "Ada", ada.Email)
		f.get(ada, "/v1/me")
		f.invite(t, f.mine.ID, ada.Email, access.Viewer)
		var both sync.WaitGroup
		both.Go(func() { f.call(ada, "GET", inside(f.mine)+"/me", "") })
		both.Go(func() { f.want(http.StatusNoContent, "", f.operator, "DELETE", path, "") })
		both.Wait()
		f.get(ada, inside(f.mine)+"/me")
		f.want(http.StatusNotFound, "not_found", ada, "GET", inside(f.other)+"/me", "")
		if me := f.want(http.StatusOK, "", ada, "PATCH", "/v1/me", `{"language":"en"}`); me.word("language") != "en" {
			t.Errorf("she is not known any more: %s", me.Body)
		}
	}
}

// Members and operators pay nothing for any of this; strangers, one Query, and who is let in, the rest.
func TestLookingForInvitationsCostsMembersNothing(t *testing.T) {
	f := newFront(t, newWorld(t))
	ada, both, more, otto := somebody(address()), somebody(address()), somebody(address()), somebody(address())
	f.invite(t, f.mine.ID, ada.Email, access.Viewer)
	f.invite(t, f.mine.ID, more.Email, access.Viewer)
	f.hire("/v1/operators", "Otto", otto.Email)
	for _, who := range []access.Subject{ada, more, otto} {
		f.get(who, "/v1/me")
	}
	f.invite(t, f.other.ID, more.Email, access.Viewer)
	f.invite(t, f.mine.ID, both.Email, access.Viewer)
	f.invite(t, f.other.ID, both.Email, access.Viewer)
	f.now = f.now.Add(time.Hour)
	nowhere := id.New[id.Account](f.ids, f.now)
	for _, test := range []struct {
		who     string
		subject access.Subject
		a       id.Account
		calls   int
	}{
		{"a member", ada, f.mine.ID, 1}, {"a member elsewhere", ada, f.other.ID, 2},
		{"an operator", otto, f.mine.ID, 1}, {"an operator where nothing is", otto, nowhere, 1}, {"an operator outside", otto, "", 1}, {"a member outside", ada, "", 1},
		{"somebody unknown", somebody(address()), f.mine.ID, 2}, {"somebody unknown without an address", somebody(""), f.mine.ID, 1},
		{"a second subject", twin(ada), f.mine.ID, 2},
		{"somebody invited twice", both, f.mine.ID, 4 /* load, Query, transaction, load */}, {"they, elsewhere", both, f.other.ID, 1},
		{"a member who is invited", more, f.other.ID, 5 /* and the batch */}, {"they, later", more, f.other.ID, 1},
	} {
		ctx, meter := table.WithMeter(t.Context())
		_, _ = f.store.Load(ctx, test.subject, test.a, httpapi.Source{}, f.now)
		if meter.Calls() != test.calls {
			t.Errorf("%s costs %d calls, want %d", test.who, meter.Calls(), test.calls)
		}
	}
}
