package account_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/id"
)

// twin is somebody else with the same address.
func twin(of access.Subject) access.Subject { return somebody(of.Email) }

// Somebody whose address let in another subject is told what to do, in their language, and nothing about any account.
func TestASecondSubjectOfAnAddressIsToldSoEverywhereAlike(t *testing.T) {
	f := newFront(t, newWorld(t))
	ada := somebody(address())
	f.invite(t, f.mine.ID, ada.Email, access.Viewer)
	f.get(ada, "/v1/me")
	f.invite(t, f.other.ID, ada.Email, access.Viewer) // an invitation elsewhere lets in her alone

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
	f.get(ada, inside(f.other)+"/me")
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

// The sign for kelvin is no k, though its lower case and its composed form are: whoever has such an address is somebody
// else.
func TestALookAlikeOfAnAddressIsNotLetIn(t *testing.T) {
	f := newFront(t, newWorld(t))
	kim, ivan := "k"+address(), "i"+address()
	for real, alike := range map[string][]string{
		kim: {"\u212A" + kim[1:]}, ivan: {"\u0130" + ivan[1:], "I\u0307" + ivan[1:], "i\u0307" + ivan[1:]},
	} {
		f.invite(t, f.mine.ID, real, access.Viewer)
		for _, email := range alike {
			f.want(http.StatusNotFound, "not_found", somebody(email), "GET", inside(f.mine)+"/me", "")
			if got := f.get(somebody(email), "/v1/me").rows("accounts", "name"); len(got) != 0 {
				t.Errorf("%q is told of %v", email, got)
			}
		}
		f.get(somebody(strings.ToUpper(real)), inside(f.mine)+"/me")
	}
}
