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
)

// through reads a listing to its end, and gives a field of its rows.
func (f *front) through(path, field string) (all []string) {
	f.t.Helper()
	for token, n := "", 0; ; n++ {
		page := f.get(f.operator, path+token)
		all = append(all, page.rows("items", field)...)
		next := page.word("nextPageToken")
		if next == "" {
			return all
		}
		if n == 20 {
			f.t.Fatalf("%s does not end", path)
		}
		token = "&pageToken=" + url.QueryEscape(next)
	}
}

// Every change is listed newest first (FEATURES.md, Activity), also one of the vendor's own, after months without any.
func TestTheVendorsActivityIsListedToItsOperators(t *testing.T) {
	f := newFront(t, newWorld(t))
	today := f.now
	f.now = time.Date(2026, 2, 3, 9, 0, 0, 0, time.UTC)
	p, _, _ := f.partnered()
	f.now = today
	staff := "/v1/partners/" + string(p) + "/staff"
	email := address()
	added := strings.TrimPrefix(f.hire(staff, "Ada", email), staff+"/")
	f.now = today.Add(time.Minute)
	f.want(http.StatusNoContent, "", f.operator, "DELETE", staff+"/"+added, "")

	const path = "/v1/activity?pageSize=1"
	if got := f.through(path+"&subjectId="+added, "action"); !slices.Equal(got, []string{"staff.removed", "staff.invited"}) {
		t.Errorf("of the person it lists %v", got)
	}
	if got := f.through(path+"&subjectId="+string(p), "action"); !slices.Equal(got, []string{"partner.created"}) {
		t.Errorf("of the partner it lists %v", got)
	}
	for query, want := range map[string]int{"&month=2026-02&kind=partner": 1, "&month=2026-02&kind=staff": 0, "&month=2026-11&kind=partner": 0, "&month=2026-02": 1} {
		if got := f.through(path+query+"&subjectId="+string(p), "action"); len(got) != want {
			t.Errorf("?%s lists %v, want %d", query, got, want)
		}
	}
	f.want(http.StatusUnprocessableEntity, "invalid_request", f.operator, "GET", "/v1/activity?kind=staff", "")

	newest := f.get(f.operator, "/v1/activity?subjectId="+added)
	first := newest.document["items"].([]any)[0].(map[string]any)
	author := first["author"].(map[string]any)
	if author["kind"] != "operator" || author["name"] != "Olga" || author["ip"] != "192.0.2.7" {
		t.Errorf("it was done by %v", author)
	}
	sheet := f.want(http.StatusOK, "", f.operator, "GET", "/v1/activity?subjectId="+added, "", "accept", "text/csv")
	if !strings.HasPrefix(sheet.Body, "\uFEFFid,at,action,author.kind,") || strings.Count(sheet.Body, "\n") != 3 {
		t.Errorf("as CSV it is %q", sheet.Body)
	}
}

// What is an account's is in the account's activity alone, and what is the vendor's in none.
func TestTheVendorsActivityAndAnAccountsAreApart(t *testing.T) {
	f := newFront(t, newWorld(t))
	p, _, _ := f.partnered()
	f.give(f.mine, fmt.Sprintf("%q", p))
	if got := f.through("/v1/activity?pageSize=100&subjectId="+string(f.mine.ID), "action"); len(got) != 0 {
		t.Errorf("the vendor's lists %v of an account", got)
	}
	if got := f.through(inside(f.mine)+"/activity?pageSize=100&subjectId="+string(f.mine.ID), "action"); !slices.Contains(got, "account.partner_linked") {
		t.Errorf("the account's lists %v", got)
	}
	if got := f.through(inside(f.mine)+"/activity?pageSize=100&subjectId="+string(p), "action"); len(got) != 0 {
		t.Errorf("the account's lists %v of the vendor", got)
	}
}

func TestTheVendorsActivityIsRefusedToEverybodyElse(t *testing.T) {
	f := newFront(t, newWorld(t))
	_, paula, _ := f.partnered()
	ada := somebody(address())
	f.invite(t, f.mine.ID, ada.Email, access.SuperAdministrator)
	f.get(ada, inside(f.mine)+"/me")
	for name, who := range map[string]access.Subject{"a partner": paula, "a member": ada, "a stranger": somebody("")} {
		t.Run(name, func(t *testing.T) {
			f := *f
			f.t = t
			for _, query := range []string{"", "?month=2026-11", "?month=2026-11&kind=staff"} {
				f.want(http.StatusForbidden, "vendor_only", who, "GET", "/v1/activity"+query, "")
			}
		})
	}
}
