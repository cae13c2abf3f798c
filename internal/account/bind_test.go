package account_test

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// twin is somebody else with the same address.
func twin(of access.Subject) access.Subject { return somebody(of.Email) }

// Somebody whose address let in another subject is told what to do, in their language, and nothing about any account.
func TestASecondSubjectOfAnAddressIsToldSoEverywhereAlike(t *testing.T) {
	f := newFront(t, newWorld(t))
	ada := somebody(address())
	f.invite(t, f.mine.ID, ada.Email, access.Viewer)
	f.get(ada, "/v1/me")
	f.invite(t, f.other.ID, ada.Email, access.Viewer) // an invitation elsewhere lets in neither of them

	second := twin(ada)
	nowhere := f.mine
	nowhere.ID = id.New[id.Account](f.ids, f.now)
	first := f.want(http.StatusForbidden, "address_already_bound", second, "GET", "/v1/me", "")
	for _, path := range []string{inside(f.mine) + "/me", inside(f.other) + "/me", inside(nowhere) + "/me", inside(f.mine) + "/users", "/v1/accounts", "/v1/operators"} {
		if diff := cmp.Diff(first, f.call(second, "GET", path, ""), cmp.AllowUnexported(answer{})); diff != "" {
			t.Errorf("GET %s (-/v1/me +this):\n%s", path, diff)
		}
	}
	french := f.want(http.StatusForbidden, "address_already_bound", second, "GET", "/v1/me", "", "accept-language", "fr")
	if french.Headers["Content-Language"] != "fr" || french.word("detail") == first.word("detail") || first.word("email") != ada.Email {
		t.Errorf("in French it is %s, in English %s", french.Body, first.Body)
	}
	f.get(ada, inside(f.mine)+"/me")
	f.want(http.StatusNotFound, "not_found", ada, "GET", inside(f.other)+"/me", "") // never again by e-mail
}

func TestAnAddressThatIsNotVerifiedIsToldNothing(t *testing.T) {
	f := newFront(t, newWorld(t))
	ada := somebody(address())
	f.invite(t, f.mine.ID, ada.Email, access.Viewer)
	f.get(ada, "/v1/me")
	second := somebody("")
	f.want(http.StatusNotFound, "not_found", second, "GET", inside(f.mine)+"/me", "")
	f.get(second, "/v1/me")
}

// The refusal follows the person's address for as long as they are let in.
func TestTheRefusalFollowsAPersonsAddress(t *testing.T) {
	f := newFront(t, newWorld(t))
	ada, later := somebody(address()), somebody(address())
	people := inside(f.mine) + "/users"
	path := f.hire(people, "Ada", ada.Email)
	f.get(ada, inside(f.mine)+"/me")
	change := func(body string) {
		t.Helper()
		f.want(http.StatusOK, "", f.operator, "PATCH", path, body, "if-match", "*")
	}
	told := func(when string, who access.Subject, want bool) {
		t.Helper()
		if a := f.call(twin(who), "GET", "/v1/me", ""); (a.word("code") == "address_already_bound") != want || !want && a.StatusCode != http.StatusOK {
			t.Errorf("%s: answered %d %s", when, a.StatusCode, a.Body)
		}
	}
	told("at first", ada, true)
	change(`{"name":"Ada L."}`)
	told("under another name", ada, true)
	change(fmt.Sprintf(`{"email":%q}`, later.Email))
	told("her former address", ada, false)
	told("her new address", later, true)
	change(`{"state":"deactivated"}`)
	told("while she is deactivated", later, false)
	change(`{"state":"active"}`)
	told("once she is back", later, true)

	// Nobody proved the new address yet: whoever has it is let in where they are invited.
	f.invite(t, f.other.ID, later.Email, access.Viewer)
	f.get(later, inside(f.other)+"/me")
	change(fmt.Sprintf(`{"email":%q}`, ada.Email))
	f.invite(t, f.other.ID, ada.Email, access.Viewer)
	told("her first address, which let her in, though somebody is invited by it", ada, true)
	f.get(ada, inside(f.mine)+"/me")
}

func TestTheRefusalEndsWithAStaffMembersRemoval(t *testing.T) {
	f := newFront(t, newWorld(t))
	_, staff := f.partner(f.mine)
	paula := somebody(address())
	path := f.hire(staff, "Paula", paula.Email)
	f.get(paula, "/v1/me")
	f.want(http.StatusForbidden, "address_already_bound", twin(paula), "GET", inside(f.mine), "")
	f.want(http.StatusNoContent, "", f.operator, "DELETE", path, "")
	f.get(twin(paula), "/v1/me")
}

// Two first sign-ins at once bind one identity, and the other one is told so; one person's two requests are both let in.
func TestOfTwoFirstSignInsAtOnceTheOtherIsToldSo(t *testing.T) {
	f := newFront(t, newWorld(t))
	_, staff := f.partner(f.mine)
	for i := range 12 {
		one := somebody(address())
		other := one
		want := []int{http.StatusOK, http.StatusOK}
		if i%2 == 0 {
			other, want = twin(one), []int{http.StatusOK, http.StatusForbidden}
		}
		if i%3 == 0 {
			f.hire(staff, "Ada", one.Email)
		} else {
			f.invite(t, f.mine.ID, one.Email, access.Viewer)
		}
		got := make([]int, 2)
		var both sync.WaitGroup
		for n, who := range []access.Subject{one, other} {
			both.Go(func() {
				a := f.call(who, "GET", inside(f.mine)+"/me", "")
				if got[n] = a.StatusCode; got[n] == http.StatusForbidden && a.word("code") != "address_already_bound" {
					t.Errorf("refused with %s", a.Body)
				}
			})
		}
		both.Wait()
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("two at once are answered %v, want %v", got, want)
		}
	}
}

// Whoever is known pays nothing for the refusal; whoever is not, one Query.
func TestTheRefusalCostsOthersNothing(t *testing.T) {
	w := newWorld(t)
	ada, both := somebody(address()), somebody(address())
	w.invite(t, w.mine.ID, ada.Email, access.Viewer)
	w.invite(t, w.mine.ID, both.Email, access.Viewer)
	w.invite(t, w.other.ID, both.Email, access.Viewer)
	w.kind(t, ada, w.mine.ID)
	for _, test := range []struct {
		who     string
		subject access.Subject
		a       account.Account
		calls   int
	}{
		{"a member", ada, w.mine, 1}, {"a member elsewhere", ada, w.other, 2 /* bound this moment: looked at twice */},
		{"somebody unknown", somebody(address()), w.mine, 2}, {"somebody unknown without an address", somebody(""), w.mine, 1},
		{"somebody invited twice", both, w.mine, 2}, {"a second subject", twin(ada), w.mine, 2},
	} {
		ctx, meter := table.WithMeter(t.Context())
		_, _ = w.store.Load(ctx, test.subject, test.a.ID, httpapi.Source{}, w.now)
		if meter.Calls() != test.calls {
			t.Errorf("%s costs %d calls, want %d", test.who, meter.Calls(), test.calls)
		}
	}
}
