package account_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Partners see and act on the accounts that they manage and no others: from the first sign-in of a staff member whom an
// operator added to their removal.
func TestAPartnersStaffAreAddedLetInAndRemoved(t *testing.T) {
	f := newFront(t, newWorld(t))
	company, staff := f.partner(f.mine)
	paula := somebody(address())
	body := fmt.Sprintf(`{"name":" Paula  Arnaud ","email":%q,"locale":"fr"}`, strings.ToUpper(paula.Email))
	added := f.want(http.StatusCreated, "", f.operator, "POST", staff, body, "idempotency-key", "1")
	if again := f.want(http.StatusCreated, "", f.operator, "POST", staff, body, "idempotency-key", "1"); again.Body != added.Body {
		t.Errorf("the repeat is answered %s, want %s", again.Body, added.Body)
	}
	if added.word("name") != "Paula Arnaud" || added.word("locale") != "fr" || added.word("state") != "invited" {
		t.Errorf("added is %s", added.Body)
	}
	if n := len(f.post.taken); n != 1 || !strings.Contains(f.post.taken[0].Subject+f.post.taken[0].Text, company) || f.post.taken[0].Lang != "fr" {
		t.Errorf("%d mails were sent: %+v", n, f.post.taken)
	}
	f.want(http.StatusConflict, "staff_email_taken", f.operator, "POST", staff, fmt.Sprintf(`{"name":"Twin","email":%q}`, paula.Email))

	me := f.get(paula, "/v1/me")
	if partner, _ := me.document["partner"].(map[string]any); partner["name"] != company || me.word("name") != "Paula Arnaud" || !slices.Equal(me.rows("accounts", "name"), []string{f.mine.Name}) {
		t.Errorf("at her first sign-in she is %s", me.Body)
	}
	if here := f.get(paula, inside(f.mine)+"/me"); here.word("kind") != "partner" {
		t.Errorf("in the account she is %s", here.Body)
	}
	f.want(http.StatusNotFound, "not_found", paula, "GET", inside(f.other)+"/me", "")
	if list := f.get(f.operator, staff); !slices.Equal(list.rows("items", "state"), []string{"active"}) {
		t.Errorf("the staff are %s", list.Body)
	}

	path := staff + "/" + added.word("id")
	f.want(http.StatusNoContent, "", f.operator, "DELETE", path, "")
	f.want(http.StatusNotFound, "not_found", paula, "GET", inside(f.mine)+"/me", "")
	if me := f.get(paula, "/v1/me"); me.document["partner"] != nil || len(me.rows("accounts", "name")) != 0 {
		t.Errorf("after her removal she is %s", me.Body)
	}
	f.want(http.StatusNotFound, "not_found", f.operator, "DELETE", path, "")
	f.hire(staff, "Paula", paula.Email)
	if again := f.get(paula, "/v1/me"); len(again.rows("accounts", "name")) != 1 {
		t.Errorf("added again she is %s", again.Body)
	}
}

func TestAnOperatorIsLetInByTheirFirstRequest(t *testing.T) {
	f := newFront(t, newWorld(t))
	otto := somebody(address())
	path := f.hire("/v1/operators", "Otto", otto.Email)
	f.get(otto, "/v1/accounts")
	f.get(otto, inside(f.mine))
	f.want(http.StatusNoContent, "", f.operator, "DELETE", path, "")
	f.want(http.StatusForbidden, "vendor_only", otto, "GET", "/v1/accounts", "")
	f.want(http.StatusNotFound, "not_found", otto, "GET", inside(f.mine), "")
}

func TestWhoIsRemovedBeforeTheirFirstSignInIsNotLetIn(t *testing.T) {
	f := newFront(t, newWorld(t))
	_, staff := f.partner(f.mine)
	for _, path := range []string{staff, "/v1/operators"} {
		who := somebody(address())
		f.want(http.StatusNoContent, "", f.operator, "DELETE", f.hire(path, "Nobody", who.Email), "")
		f.want(http.StatusNotFound, "not_found", who, "GET", inside(f.mine)+"/me", "")
		f.hire(path, "Somebody", who.Email) // the address is free again, and one invitation waits for it
		if me := f.get(who, "/v1/me"); me.word("name") != "Somebody" {
			t.Errorf("added again under %s they are %s", path, me.Body)
		}
	}
}

// A first sign-in and a removal at once: whichever comes first, nobody keeps rights who is not listed.
func TestARemovalDuringTheFirstSignInLeavesNoRights(t *testing.T) {
	f := newFront(t, newWorld(t))
	_, staff := f.partner(f.mine)
	for range 10 {
		who := somebody(address())
		path := f.hire(staff, "Brief", who.Email)
		var both sync.WaitGroup
		both.Go(func() { f.call(who, "GET", "/v1/me", "") })
		both.Go(func() { f.want(http.StatusNoContent, "", f.operator, "DELETE", path, "") })
		both.Wait()
		f.want(http.StatusNotFound, "not_found", who, "GET", inside(f.mine)+"/me", "")
	}
}

func TestStaffAreListedByNameInPagesAndAsCSV(t *testing.T) {
	f := newFront(t, newWorld(t))
	partner, ops, err := f.store.NewPartner("Partner", account.Contact{}, f.now, by)
	if err == nil {
		err = f.table.Write(t.Context(), ops...)
	}
	if err == nil {
		err = f.store.Staff(t.Context(), somebody(""), "Émile", partner.ID, f.now, by)
	}
	if err != nil {
		t.Fatal(err)
	}
	staff := "/v1/partners/" + string(partner.ID) + "/staff"
	for _, name := range []string{"Zoé", "ada"} {
		f.hire(staff, name, address())
	}
	first := f.get(f.operator, staff+"?pageSize=2")
	rest := f.get(f.operator, staff+"?pageSize=2&pageToken="+url.QueryEscape(first.word("nextPageToken")))
	if got := slices.Concat(first.rows("items", "name"), rest.rows("items", "name")); !slices.Equal(got, []string{"ada", "Émile", "Zoé"}) || rest.word("nextPageToken") != "" {
		t.Errorf("the pages hold %v", got)
	}
	if got := slices.Concat(first.rows("items", "state"), rest.rows("items", "state")); !slices.Equal(got, []string{"invited", "active", "invited"}) {
		t.Errorf("their states are %v", got)
	}
	if sheet := f.want(http.StatusOK, "", f.operator, "GET", staff, "", "accept", "text/csv"); !strings.HasPrefix(sheet.Body, "\uFEFFid,name,email,locale,state\n") || strings.Count(sheet.Body, "\n") != 4 {
		t.Errorf("as CSV they are %q", sheet.Body)
	}
}

func TestStaffOfACompanyThatIsNotThereAreMissing(t *testing.T) {
	f := newFront(t, newWorld(t))
	nowhere := "/v1/partners/" + string(id.New[id.Partner](f.ids, f.now)) + "/staff"
	someone := fmt.Sprintf(`{"name":"Ada","email":%q}`, address())
	f.want(http.StatusNotFound, "not_found", f.operator, "GET", nowhere, "")
	f.want(http.StatusNotFound, "not_found", f.operator, "POST", nowhere, someone)
	f.want(http.StatusNotFound, "not_found", f.operator, "DELETE", "/v1/operators/OPERATORS", "")
	_, staff := f.partner(f.mine)
	_, elsewhere := f.partner(f.other)
	added := f.hire(staff, "Ada", address())
	f.want(http.StatusNotFound, "not_found", f.operator, "DELETE", elsewhere+strings.TrimPrefix(added, staff), "")
	for _, body := range []string{`{"name":"Ada","email":"Ada <ada@example.com>"}`, `{"name":" ","email":"ada@example.com"}`, `{"name":"Ada"}`} {
		f.want(http.StatusUnprocessableEntity, "invalid_request", f.operator, "POST", staff, body)
	}
}

// The last operator who has signed in stays: nobody else could let another one in.
func TestTheLastOperatorStays(t *testing.T) {
	client, name := enginetest.Own(t)
	f := newFront(t, worldOn(t, table.New(client, name, nil)))
	olga := "/v1/operators/" + f.get(f.operator, "/v1/operators").rows("items", "id")[0]
	f.want(http.StatusConflict, "last_operator", f.operator, "DELETE", olga, "")
	otto := somebody(address())
	path := f.hire("/v1/operators", "Otto", otto.Email)
	f.want(http.StatusConflict, "last_operator", f.operator, "DELETE", olga, "") // he has not signed in yet
	f.get(otto, "/v1/accounts")
	f.want(http.StatusNoContent, "", otto, "DELETE", olga, "")
	f.want(http.StatusForbidden, "vendor_only", f.operator, "GET", "/v1/operators", "")
	f.want(http.StatusConflict, "last_operator", otto, "DELETE", path, "")
}

func TestOfTwoOperatorsWhoRemoveEachOtherOneStays(t *testing.T) {
	client, name := enginetest.Own(t)
	f := newFront(t, worldOn(t, table.New(client, name, nil)))
	left := f.operator
	leftPath := "/v1/operators/" + f.get(left, "/v1/operators").rows("items", "id")[0]
	for range 8 {
		other := somebody(address())
		f.operator = left
		otherPath := f.hire("/v1/operators", "Another", other.Email)
		f.get(other, "/v1/accounts")
		answers := make([]answer, 2)
		var both sync.WaitGroup
		both.Go(func() { answers[0] = f.call(left, "DELETE", otherPath, "") })
		both.Go(func() { answers[1] = f.call(other, "DELETE", leftPath, "") })
		both.Wait()
		done := 0
		for _, a := range answers {
			if a.StatusCode == http.StatusNoContent {
				done++
			}
		}
		if answers[1].StatusCode == http.StatusNoContent {
			left, leftPath = other, otherPath
		}
		if listed := f.get(left, "/v1/operators"); done != 1 || len(listed.rows("items", "id")) != 1 {
			t.Fatalf("answered %d %d; left are %s", answers[0].StatusCode, answers[1].StatusCode, listed.Body)
		}
	}
}

// Somebody's accounts do not go with their work for the vendor.
func TestAMemberWhoWasAnOperatorStaysAMember(t *testing.T) {
	f := newFront(t, newWorld(t))
	ada := somebody(address())
	f.invite(t, f.mine.ID, ada.Email, access.Viewer)
	f.get(ada, inside(f.mine)+"/me")
	for range 2 { // the second time changes nothing
		if err := f.store.Staff(t.Context(), access.Subject{Issuer: ada.Issuer, ID: ada.ID}, "Ada", "", f.now, by); err != nil {
			t.Fatal(err)
		}
	}
	if here := f.get(ada, inside(f.mine)+"/me"); here.word("kind") != "operator" {
		t.Fatalf("she is %s", here.Body)
	}
	listed, _, err := f.store.StaffOf(t.Context(), "", nil, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var hers []account.Staff
	for _, s := range listed {
		if s.Identity.Subject == ada.ID {
			hers = append(hers, s)
		}
	}
	if len(hers) != 1 {
		t.Fatalf("she is listed %d times", len(hers))
	}
	f.want(http.StatusNoContent, "", f.operator, "DELETE", "/v1/operators/"+string(hers[0].ID), "")
	if here := f.get(ada, inside(f.mine)+"/me"); here.word("kind") != "member" {
		t.Errorf("after that she is %s", here.Body)
	}
	f.want(http.StatusForbidden, "vendor_only", ada, "GET", "/v1/accounts", "")
}

// What is done to staff is in the vendor's own record.
func TestStaffAreInTheVendorsRecord(t *testing.T) {
	f := newFront(t, newWorld(t))
	_, staff := f.partner(f.mine)
	who := somebody(address())
	path := f.hire(staff, "Ada", who.Email)
	f.get(who, "/v1/me")
	f.want(http.StatusNoContent, "", f.operator, "DELETE", path, "")
	records, _, err := activity.NewStore(f.table).List(t.Context(), "", strings.TrimPrefix(path, staff+"/"), f.now, f.now, nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range records {
		got = append(got, fmt.Sprintf("%s by %s %s", r.Action, r.Author.Kind, r.Author.Name))
	}
	if want := []string{"staff.removed by operator Olga", "staff.signed_in_first by partner Ada", "staff.invited by operator Olga"}; !slices.Equal(got, want) {
		t.Errorf("the record has %q, want %q", got, want)
	}
}

// A new operator is told by the vendor's own words, in their language.
func TestANewOperatorIsMailedInTheVendorsOwnWords(t *testing.T) {
	f := newFront(t, newWorld(t))
	for _, lang := range text.Langs {
		f.want(http.StatusCreated, "", f.operator, "POST", "/v1/operators", fmt.Sprintf(`{"name":"Otto","email":%q,"locale":%q}`, address(), lang))
		m := f.post.taken[len(f.post.taken)-1]
		if m.Subject != text.Say(lang, "mail_operator_subject") || strings.Count(m.Subject, "Seatkeeper") != 1 || m.Lang != lang {
			t.Errorf("in %s the mail is headed %q", m.Lang, m.Subject)
		}
		for _, said := range []string{text.Say(lang, "mail_operator_title"), text.Say(lang, "mail_operator_body"), text.Say(lang, "mail_invitation_action"), text.Say(lang, "mail_operator_footer"), "https://portal.example/"} {
			if !strings.Contains(m.Text, said) {
				t.Errorf("in %s the mail lacks %q: %s", lang, said, m.Text)
			}
		}
	}
}
