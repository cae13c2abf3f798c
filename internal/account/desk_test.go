package account_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// partnered is a partner with somebody of its staff, and the path of its desk.
func (f *front) partnered() (p id.Partner, staff access.Subject, desk string) {
	f.t.Helper()
	made := f.want(http.StatusCreated, "", f.operator, "POST", "/v1/partners", `{"name":"Partner","contact":{}}`, "idempotency-key", address())
	p, staff = id.Partner(made.word("id")), somebody("")
	if err := f.store.Staff(f.t.Context(), staff, "Paula", p, f.now, by); err != nil {
		f.t.Fatal(err)
	}
	return p, staff, "/v1/partners/" + string(p) + "/accounts"
}

// named makes an account of that name, and gives it to a partner.
func (f *front) named(name string, p id.Partner) account.Account {
	f.t.Helper()
	a := account.Account{ID: id.New[id.Account](f.ids, f.now), Name: name, Terms: account.DefaultTerms(), CreatedAt: f.now}
	ops, err := account.CreateOps(a)
	if err == nil {
		err = f.table.Write(f.t.Context(), ops...)
	}
	if err != nil {
		f.t.Fatal(err)
	}
	f.give(a, fmt.Sprintf("%q", p))
	return a
}

func (f *front) give(a account.Account, to string) {
	f.t.Helper()
	f.want(http.StatusOK, "", f.operator, "PUT", inside(a)+"/partner", `{"partnerId":`+to+`}`)
}

// Whom to turn to is mailed: an address is one alone, of any script, and a name has letters.
func TestAContactIsSomebodyWhomMailReaches(t *testing.T) {
	f := newFront(t, newWorld(t))
	p, _, _ := f.partnered()
	a := f.named("Atelier", p)
	for body, want := range map[string]string{
		`{"name":"Partner","contact":{"email":"Zoe <zoe@x.example>"}}`: "not_an_email",
		`{"name":"Partner","contact":{"email":"zoe@localhost"}}`:       "not_an_email",
		`{"name":"\u200b ","contact":{}}`:                              "required",
	} {
		if got := f.want(http.StatusUnprocessableEntity, "invalid_request", f.operator, "POST", "/v1/partners", body, "idempotency-key", address()).rows("errors", "code"); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %v, want %s", body, got, want)
		}
	}
	f.want(http.StatusUnprocessableEntity, "invalid_request", f.operator, "PATCH", inside(a), `{"representative":{"email":"Zoe <zoe@x.example>"}}`, "if-match", "*")
	f.want(http.StatusOK, "", f.operator, "PATCH", inside(a), `{"representative":{"name":" Zoé ","email":"zoé@exemple.fr"}}`, "if-match", "*")
	if got := f.get(f.operator, inside(a)); !strings.Contains(got.Body, `"representative":{"name":"Zoé","email":"zoé@exemple.fr"}`) {
		t.Error(got.Body)
	}
}

// Partners see the accounts that they manage and no others: each with whom to turn to there, and where it is.
func TestAPartnersDeskListsItsAccountsByNameWithTheirContact(t *testing.T) {
	f := newFront(t, newWorld(t))
	p, paula, desk := f.partnered()
	zoe, ete := f.named("Zoé et fils", p), f.named("Été", p)
	f.named("atelier", p)
	tag := f.get(f.operator, inside(ete)).Headers["Etag"]
	f.want(http.StatusOK, "", f.operator, "PATCH", inside(ete), `{"representative":{"name":"Rachel Reed","email":"rachel@vendor.example","phone":"+33 1"}}`, "if-match", tag)
	for _, who := range []access.Subject{paula, f.operator} {
		first := f.get(who, desk+"?pageSize=2")
		rest := f.get(who, desk+"?pageSize=2&pageToken="+url.QueryEscape(first.word("nextPageToken")))
		if got := slices.Concat(first.rows("items", "name"), rest.rows("items", "name")); !slices.Equal(got, []string{"atelier", "Été", "Zoé et fils"}) || rest.word("nextPageToken") != "" {
			t.Errorf("the pages hold %v", got)
		}
		if got := first.rows("items", "contact"); got[1] != "map[email:rachel@vendor.example name:Rachel Reed phone:+33 1]" || got[0] != "map[]" {
			t.Errorf("the contacts are %v", got)
		}
		if link := rest.rows("items", "link")[0]; link != inside(zoe) || f.get(who, link).word("name") != zoe.Name {
			t.Errorf("the link is %s", link)
		}
	}
	sheet := f.want(http.StatusOK, "", paula, "GET", desk, "", "accept", "text/csv")
	if !strings.HasPrefix(sheet.Body, "\uFEFFid,name,contact.name,contact.email,contact.phone,link,overview.warning,overview.full,overview.overLimit,overview.notSet,overview.due,overview.overMapped,overview.atLeast,overview.asOf\n") || strings.Count(sheet.Body, "\n") != 4 || !strings.Contains(sheet.Body, "Été,Rachel Reed,rachel@vendor.example,") {
		t.Errorf("as CSV it is %q", sheet.Body)
	}
}

// What stands of each account is beside it: absent, not zero, until it was counted.
func TestADeskShowsWhatStandsOfEachAccount(t *testing.T) {
	f := newFront(t, newWorld(t))
	p, paula, desk := f.partnered()
	counted := f.named("Counted", p)
	f.named("New", p)
	row, err := table.Encode(account.Overview{Warning: 1, Full: 2, OverLimit: 3, NotSet: 4, Due: 5, OverMapped: 6, AtLeast: true, Day: "2026-11-21", AsOf: f.now, Rev: 1})
	if err == nil {
		err = f.table.Write(t.Context(), table.Put(table.Overview(counted.ID), row, table.Absent()))
	}
	if err != nil {
		t.Fatal(err)
	}
	got := f.get(paula, desk).rows("items", "overview")
	want := fmt.Sprintf("map[asOf:%s atLeast:true due:5 full:2 notSet:4 overLimit:3 overMapped:6 warning:1]", f.now.UTC().Format(time.RFC3339Nano))
	if len(got) != 2 || got[0] != want || got[1] != "<nil>" {
		t.Errorf("the overviews are %q, want %q and none", got, want)
	}
	sheet := f.want(http.StatusOK, "", paula, "GET", desk, "", "accept", "text/csv")
	if !strings.Contains(sheet.Body, ",1,2,3,4,5,6,true,2026-") || !strings.Contains(sheet.Body, ",,,,,,,,\n") {
		t.Errorf("as CSV it is %q", sheet.Body)
	}
}

// An account that goes to another partner is on that one's desk at the next call, and on no other; a new name moves it.
func TestADeskFollowsWhatTheAccountBecomes(t *testing.T) {
	f := newFront(t, newWorld(t))
	p, paula, desk := f.partnered()
	other, pia, elsewhere := f.partnered()
	a := f.named("Moving", p)
	f.named("Nearby", p)
	if _, err := f.store.Change(t.Context(), a.ID, f.now, by, "account.changed", func(a account.Account) (account.Account, error) {
		a.Name = "Zenith"
		return a, nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		to           string
		here, abroad []string
	}{
		{fmt.Sprintf("%q", p), []string{"Nearby", "Zenith"}, []string{}},
		{fmt.Sprintf("%q", other), []string{"Nearby"}, []string{"Zenith"}},
		{"null", []string{"Nearby"}, []string{}},
	} {
		f.give(a, step.to)
		here, abroad := f.get(paula, desk).rows("items", "name"), f.get(pia, elsewhere).rows("items", "name")
		if !slices.Equal(here, step.here) || !slices.Equal(abroad, step.abroad) {
			t.Errorf("given to %s: the desks list %v and %v", step.to, here, abroad)
		}
	}
}

// What the desk's rows say of an account counts for nothing once its settings name another partner.
func TestADeskShowsNoAccountThatNamesAnotherPartner(t *testing.T) {
	f := newFront(t, newWorld(t))
	p, paula, desk := f.partnered()
	row, err := table.Encode(account.Summary{ID: f.mine.ID, Name: f.mine.Name})
	if err == nil {
		err = f.table.Write(t.Context(), table.Put(table.PartnerAccount(p, f.mine.Name, f.mine.ID), row, table.Absent()))
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := f.get(paula, desk); len(got.rows("items", "name")) != 0 {
		t.Errorf("the desk lists %s", got.Body)
	}
}

func TestADeskIsThereForItsOwnStaffAndOperatorsAlone(t *testing.T) {
	f := newFront(t, newWorld(t))
	p, paula, desk := f.partnered()
	_, pia, _ := f.partnered()
	f.give(f.mine, fmt.Sprintf("%q", p))
	ada := somebody(address())
	f.invite(t, f.mine.ID, ada.Email, access.SuperAdministrator)
	f.get(ada, inside(f.mine)+"/me")
	f.get(paula, desk)
	f.want(http.StatusNotFound, "not_found", pia, "GET", desk, "")
	f.want(http.StatusForbidden, "staff_only", ada, "GET", desk, "")
	f.want(http.StatusForbidden, "staff_only", somebody(""), "GET", desk, "")
	for _, nowhere := range []string{string(id.New[id.Partner](f.ids, f.now)), string(f.mine.ID), "META", "partner"} {
		for _, who := range []access.Subject{paula, f.operator} {
			f.want(http.StatusNotFound, "not_found", who, "GET", "/v1/partners/"+nowhere+"/accounts", "")
			f.want(http.StatusNotFound, "not_found", who, "GET", "/v1/partners/"+nowhere, "")
		}
	}
}

func TestAPartnerIsToldOfToItsOwnStaffAndOperatorsAlone(t *testing.T) {
	f := newFront(t, newWorld(t))
	p, paula, _ := f.partnered()
	_, pia, _ := f.partnered()
	path := "/v1/partners/" + string(p)
	for _, who := range []access.Subject{paula, f.operator} {
		if got := f.get(who, path); got.word("id") != string(p) || got.word("name") != "Partner" {
			t.Errorf("the partner is %s", got.Body)
		}
	}
	f.want(http.StatusNotFound, "not_found", pia, "GET", path, "")
	f.want(http.StatusForbidden, "staff_only", somebody(""), "GET", path, "")
	// What is the operators' alone says so, to a partner's staff as well.
	f.want(http.StatusForbidden, "vendor_only", paula, "GET", "/v1/partners", "")
}

// A page is one Query and one batch, whoever is called by how many.
func TestAPageOfADeskIsTwoCalls(t *testing.T) {
	f := newFront(t, newWorld(t))
	p, _, _ := f.partnered()
	for i := range 60 {
		f.named(fmt.Sprintf("Account %02d", i), p)
	}
	for _, size := range []int{1, 5, 50} {
		ctx, meter := table.WithMeter(t.Context())
		managed, _, err := f.store.Desk(ctx, p, nil, size)
		if err != nil || len(managed) != size || meter.Calls() != 2 {
			t.Errorf("%d accounts in %d calls (%v)", len(managed), meter.Calls(), err)
		}
		if today := managed[0].Today(f.now); today != date.Date("2026-11-21") {
			t.Errorf("settings were not read: today is %s", today)
		}
	}
}
