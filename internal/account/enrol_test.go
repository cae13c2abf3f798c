package account_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// heldUp does something on a store that waits at a call, after skip others of its kind, and something else on a plain one
// meanwhile.
func (w *world) heldUp(t *testing.T, call string, skip int, do func(*account.Store) error, meanwhile func()) error {
	t.Helper()
	return enginetest.Meanwhile(t, call, skip, func(client *dynamodb.Client, name string) error {
		return do(account.NewStore(table.New(client, name, nil), id.NewMaker(rand.Reader)))
	}, meanwhile)
}

func (w *world) newMember(roles ...access.Role) account.Member {
	return account.Member{Account: w.mine.ID, User: id.New[id.User](w.ids, w.now), Name: "Ada", Roles: roles}
}

// Without an error the subject is the member that was asked for.
func TestEnrollingSaysWhatStandsInItsWay(t *testing.T) {
	w := newWorld(t)
	who, m := somebody(""), w.newMember(access.Viewer)
	for range 2 {
		if err := w.store.Enrol(t.Context(), who, m, w.now, by); err != nil {
			t.Fatal(err)
		}
	}
	other, promoted, absent := w.newMember(access.Viewer), m, w.newMember(access.Viewer)
	promoted.Roles = []access.Role{access.Administrator}
	absent.Email = address()
	for name, asked := range map[string]struct {
		who access.Subject
		account.Member
	}{"another person of the account": {who, other}, "with other roles": {who, promoted}, "with an address that has no invitation": {somebody(""), absent}} {
		if err := w.store.Enrol(t.Context(), asked.who, asked.Member, w.now, by); !errors.Is(err, account.ErrOtherwise) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := w.heldUp(t, "write", 0, func(s *account.Store) error {
		return s.Enrol(context.Background(), somebody(""), other, w.now, by)
	}, func() {
		if err := w.store.Enrol(t.Context(), somebody(""), other, w.now, by); err != nil {
			t.Fatal(err)
		}
	}); err != nil {
		t.Errorf("of two subjects at once for one person the second: %v, want that it takes over", err)
	}
}

// A removal of staff that finds no membership takes the subject's own row away, and an enrolment at once relies on it:
// whichever is second decides again.
func TestAnEnrolmentAndARemovalOfStaffLeaveTheSubjectKnown(t *testing.T) {
	w := newWorld(t)
	if err := w.store.Staff(t.Context(), somebody(""), "Who stays", "", w.now, by); err != nil {
		t.Fatal(err)
	}
	for _, first := range []string{"the removal", "the enrolment"} {
		who, m := somebody(""), w.newMember(access.Viewer)
		if err := w.store.Staff(t.Context(), who, "Ada", "", w.now, by); err != nil {
			t.Fatal(err)
		}
		staff := w.staffOf(t, who)
		enrol := func(s *account.Store) error { return s.Enrol(context.Background(), who, m, w.now, by) }
		remove := func(s *account.Store) error { return s.RemoveStaff(context.Background(), "", staff, w.now, by) }
		if first == "the removal" {
			enrol, remove = remove, enrol
		}
		if err := w.heldUp(t, "write", 0, enrol, func() {
			if err := remove(w.store); err != nil {
				t.Fatal(err)
			}
		}); err != nil {
			t.Errorf("%s is held up: %v", first, err)
		}
		own, err := w.table.Get(t.Context(), table.Self(who))
		if err != nil || own == nil {
			t.Errorf("%s is held up: a member without a row of their own (%v)", first, err)
		}
		if got := w.kind(t, who, w.mine.ID); got != access.Member {
			t.Errorf("%s is held up: she is a %q", first, got)
		}
	}
}

// staffOf is the operator that a subject is.
func (w *world) staffOf(t *testing.T, who access.Subject) id.Staff {
	t.Helper()
	listed, _, err := w.store.StaffOf(t.Context(), "", nil, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range listed {
		if s.Identity.Who() == (access.Subject{Issuer: who.Issuer, ID: who.ID}) {
			return s.ID
		}
	}
	t.Fatal("she is not listed")
	return ""
}

// Who is removed twice at once is missing to the second.
func TestOfTwoRemovalsAtOnceTheSecondFindsNobody(t *testing.T) {
	w := newWorld(t)
	f := newFront(t, w)
	for name, held := range map[string]struct {
		call string
		skip int
	}{"before its second read": {"get", 1}, "before it writes": {"write", 0}} {
		for _, alsoMember := range []bool{false, true} {
			who := somebody("")
			if err := w.store.Staff(t.Context(), who, "Ada", "", w.now, by); err != nil {
				t.Fatal(err)
			}
			if alsoMember {
				if err := w.store.Enrol(t.Context(), who, w.newMember(access.Viewer), w.now, by); err != nil {
					t.Fatal(err)
				}
			}
			one := w.staffOf(t, who)
			err := w.heldUp(t, held.call, held.skip, func(s *account.Store) error { return s.RemoveStaff(context.Background(), "", one, w.now, by) }, func() {
				f.want(http.StatusNoContent, "", f.operator, "DELETE", "/v1/operators/"+string(one), "")
			})
			if !fault.Is(err, "not_found") {
				t.Errorf("%s, a member too: %t: %v", name, alsoMember, err)
			}
		}
	}
}

// Whoever is both is told first of what they are a member of, then of the desk, each account once.
func TestAPartnersStaffWhoAreMembersAreToldOfBoth(t *testing.T) {
	w := newWorld(t)
	f := newFront(t, w)
	third := f.accounts(1)[0]
	_, staff := f.partner(w.other)
	company := staff[len("/v1/partners/") : len(staff)-len("/staff")]
	f.want(http.StatusOK, "", f.operator, "PUT", inside(third)+"/partner", `{"partnerId":"`+company+`"}`)
	paula := somebody("")
	if err := w.store.Staff(t.Context(), paula, "Paula", id.Partner(company), w.now, by); err != nil {
		t.Fatal(err)
	}
	for _, a := range []account.Account{w.mine, w.other} {
		m := w.newMember(access.Viewer)
		m.Account = a.ID
		if err := w.store.Enrol(t.Context(), paula, m, w.now, by); err != nil {
			t.Fatal(err)
		}
	}
	caller, err := w.store.Load(t.Context(), paula, "", httpapi.Source{}, w.now)
	if err != nil {
		t.Fatal(err)
	}
	for limit := 1; limit < 6; limit++ {
		roles := map[id.Account]int{}
		var after *account.MinePosition
		for page := 0; page == 0 || after != nil; page++ {
			var mine []account.Mine
			mine, after, err = w.store.Mine(t.Context(), caller.Caller, after, limit)
			if err != nil || len(mine) > limit || page > 5 {
				t.Fatalf("page %d of %d: %d accounts (%v)", page, limit, len(mine), err)
			}
			for _, m := range mine {
				if _, twice := roles[m.Account.ID]; twice {
					t.Errorf("%d a page: %s is listed twice", limit, m.Account.Name)
				}
				roles[m.Account.ID] = len(m.Roles)
			}
		}
		if len(roles) != 3 || roles[w.mine.ID] != 1 || roles[w.other.ID] != 1 || roles[third.ID] != 0 {
			t.Errorf("%d a page: told of %v", limit, roles)
		}
	}
}

// Who was removed from the staff and is added again is let in again, also where they were a member all the time.
func TestAMemberWhoIsStaffAgainIsLetInAgain(t *testing.T) {
	f := newFront(t, newWorld(t))
	_, staff := f.partner(f.other)
	ada := somebody(address())
	f.invite(t, f.mine.ID, ada.Email, access.Viewer)
	for range 2 {
		path := f.hire(staff, "Ada", ada.Email)
		f.get(ada, "/v1/me")
		if here := f.get(ada, inside(f.other)+"/me"); here.word("kind") != "partner" {
			t.Errorf("she is %s", here.Body)
		}
		if here := f.get(ada, inside(f.mine)+"/me"); here.word("kind") != "member" {
			t.Errorf("in her own account she is %s", here.Body)
		}
		f.want(http.StatusNoContent, "", f.operator, "DELETE", path, "")
		f.want(http.StatusNotFound, "not_found", ada, "GET", inside(f.other)+"/me", "")
	}
}
