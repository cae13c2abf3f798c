package check

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/access"
)

// filters are values of the query parameters of listings that are no choice of a few.
func filters(p place) map[string]string {
	return map[string]string{
		"q": "a", "subjectId": string(p.contract), "month": "2026-11", "kind": "contract&month=2026-11",
		"productId": p.product, "costCenterId": string(p.costCenter), "contractId": string(p.contract),
		"from": "2026-11-01", "to": "2026-11-20",
	}
}

// listing is an operation that is read by page tokens, and what is needed to try them.
type listing struct {
	served
	query   map[string]schema
	path    string                    // in one place
	other   string                    // in another place of the same people; empty outside of accounts
	callers map[string]access.Subject // those who are let in
	tokens  map[string]string         // of the second page, by caller
}

// page answers a page of a row; a token is that of the page before.
func (w *town) page(t *testing.T, as access.Subject, path, token string) response {
	t.Helper()
	path += map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "pageSize=1"
	if token != "" {
		path += "&pageToken=" + url.QueryEscape(token)
	}
	return w.gateway.send(t, request{as: as, method: http.MethodGet, path: path})
}

// listings finds every operation that takes a page token, and has each caller read its first page.
func (w *town) listings(t *testing.T, p, other place, callers map[string]access.Subject) []listing {
	t.Helper()
	var all []listing
	described := describedOf(t)
	for _, op := range w.gateway.operations {
		d := described[op.ID]
		if !d.pages() {
			continue
		}
		l := listing{op, d.query, pathOf(t, op, p), "", map[string]access.Subject{}, map[string]string{}}
		if op.InAccount() {
			l.other = pathOf(t, op, other)
		}
		for name, who := range callers {
			r := w.page(t, who, l.path, "")
			if r.StatusCode != http.StatusOK {
				continue
			}
			l.callers[name] = who
			if token := r.word("nextPageToken"); token != "" {
				l.tokens[name] = token
			}
		}
		if len(l.tokens) == 0 {
			t.Errorf("%s gives nobody a page token: make it two rows in town.crowd", op.ID)
		}
		all = append(all, l)
	}
	return all
}

// A page token of another account, another caller, another query or another listing is 400 page_token_invalid, in every
// operation that takes one; for its own it serves.
func TestAPageTokenServesItsOwnListingAlone(t *testing.T) {
	w := newTown(t)
	home, managed := w.open("Own"), w.open("Managed")
	company, staff := w.partner("Partner")
	home.company, managed.company = company, company
	for _, p := range []place{home, managed} {
		w.crowd(p)
		w.link(p, company)
	}
	all := w.listings(t, home, managed, map[string]access.Subject{
		"partner": staff, "colleague": w.staff(company), "operator": w.operator, "other operator": w.staff(""),
		"administrator": w.member(home, access.Administrator),
	})
	if len(all) == 0 {
		t.Fatal("no operation takes a page token")
	}
	for _, l := range all {
		t.Run(l.ID, func(t *testing.T) {
			for _, holder := range slices.Sorted(maps.Keys(l.tokens)) {
				w.tryToken(t, l, all, holder, home)
			}
		})
	}
}

// tryToken takes the token of one caller wherever it does not belong.
func (w *town) tryToken(t *testing.T, l listing, all []listing, holder string, p place) {
	who, token := l.callers[holder], l.tokens[holder]
	invalid := func(where string, as access.Subject, path string) {
		t.Helper()
		if r := w.page(t, as, path, token); r.StatusCode != http.StatusBadRequest || r.word("code") != "page_token_invalid" {
			t.Errorf("the token of %s, %s: answered %d, want 400 page_token_invalid: %s", holder, where, r.StatusCode, r.Body)
		}
	}
	if r := w.page(t, who, l.path, token); r.StatusCode != http.StatusOK {
		t.Errorf("the token of %s, where it belongs: answered %d: %s", holder, r.StatusCode, r.Body)
	}
	for name, other := range l.callers {
		if name != holder {
			invalid("sent by "+name, other, l.path)
		}
	}
	if l.InAccount() && w.page(t, who, l.other, "").StatusCode == http.StatusOK {
		invalid("in another account", who, l.other)
	}
	for _, other := range all {
		if other.callers[holder] != (access.Subject{}) && other.ID != l.ID {
			invalid("for "+other.ID, who, other.path)
		}
	}
	for name, s := range l.query {
		value, known := filters(p)[name]
		switch {
		case name == "pageSize" || name == "pageToken":
			continue
		case len(s.Enum) > 0:
			value = fmt.Sprint(s.Enum[0])
		case !known:
			t.Errorf("nobody knows a value of the query parameter %s: say one in filters", name)
			continue
		}
		filtered := l.path + "?" + name + "=" + value
		if r := w.page(t, who, filtered, ""); r.StatusCode != http.StatusOK {
			t.Errorf("%s is answered %d, so nothing was tried: %s", filtered, r.StatusCode, r.Body)
		}
		invalid("with "+name, who, filtered)
	}
}
