package removal_test

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/apitest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/removal"
)

// tells is what is said of lines: what waits of each, by its removals, and what is billed by which period.
func (w *world) tells(lines ...contract.Line) string {
	w.t.Helper()
	shown, err := w.removals.Shown(w.t.Context(), account.Call{AccountID: w.account.ID, Account: w.account, Now: w.now}, lines...)
	w.must(err)
	var all []string
	for _, s := range shown {
		waits, billed := 0, ""
		for _, r := range s.Removals {
			waits += r.Quantity
		}
		for _, b := range s.Billed {
			billed += fmt.Sprintf(" %d %s", b.Quantity, b.Period)
		}
		all = append(all, fmt.Sprintf("%d of %d pending:%s", waits, s.Pending, billed))
	}
	return strings.Join(all, "; ")
}

// Seats that are taken out of stock, or come back, between the reading of a line and of its removals are told once: what is
// billed is the limit, whatever happens at that moment.
func TestServicesTellOfOneMoment(t *testing.T) {
	w := newWorld(t)
	product := w.product(catalog.Monthly, catalog.Yearly)
	first, second := w.bought(product, 10, "2026-01-10", "2028-01-10"), w.bought(product, 5, "2026-01-10", "2028-01-10")
	line := func(c id.Contract) contract.Line { return w.row(c, product).Line }
	w.mustRemove(first, product, counts{none: 2})
	before := []contract.Line{line(first), line(second)}
	more := w.mustRemove(first, product, counts{none: 3})
	if said, want := w.tells(before...), "5 of 5 pending: 10 monthly; 0 of 0 pending: 5 monthly"; said != want {
		t.Errorf("removed in between: %q, want %q", said, want)
	}
	before = []contract.Line{line(first)}
	w.must(w.removals.Withdraw(t.Context(), w.change(), more.ID))
	if said, want := w.tells(before...), "2 of 2 pending: 10 monthly"; said != want {
		t.Errorf("withdrawn in between: %q, want %q", said, want)
	}
	before = []contract.Line{line(first)}
	w.must(w.buy(t.Context(), first, product, counts{none: 4}))
	if said, want := w.tells(before...), "0 of 0 pending: 12 monthly"; said != want {
		t.Errorf("bought in between: %q, want %q", said, want)
	}
	w.mustRemove(first, product, counts{none: 1})
	before = []contract.Line{line(first)}
	ctx, meter := table.WithMeter(t.Context())
	if _, err := w.removals.Shown(ctx, account.Call{AccountID: w.account.ID, Account: w.account, Now: w.now}, before...); err != nil || meter.Calls() > 2 {
		t.Errorf("%d calls where nothing came in between, want 2: %v", meter.Calls(), err)
	}
}

// Where the limit was lowered below what waits to be removed, no more is billed than the limit.
func TestNoMoreIsBilledThanTheLimit(t *testing.T) {
	w := newWorld(t)
	product := w.product(catalog.Monthly, catalog.Yearly)
	c := w.line(product, 4, "2026-01-10", "2028-01-10")
	w.must(w.buy(t.Context(), c, product, counts{none: 6}))
	w.mustRemove(c, product, counts{none: 3}, catalog.Yearly)
	w.mustRemove(c, product, counts{none: 4}, catalog.Monthly)
	for _, row := range []struct {
		limit int
		want  string
	}{
		{10, "7 of 7 pending: 6 monthly 4 yearly"},
		{8, "7 of 7 pending: 5 monthly 3 yearly"},
		{5, "7 of 7 pending: 4 monthly 1 yearly"},
		{3, "7 of 7 pending: 3 monthly"},
		{0, "7 of 7 pending:"},
	} {
		_, _, err := w.contracts.SetTerms(t.Context(), w.clock(), c, contract.Terms{Limits: map[string]*int{product: &row.limit}}, func(int) error { return nil })
		w.must(err)
		if said := w.tells(w.row(c, product).Line); said != row.want {
			t.Errorf("a limit of %d: %q, want %q", row.limit, said, row.want)
		}
	}
}

// office serves the operations on removals to the people of the world's account.
func (w *world) office(t *testing.T) *apitest.Office {
	o := &apitest.Office{T: t, Account: w.account.ID, Table: w.table, IDs: w.ids, Accounts: account.NewStore(w.table, w.ids), Now: w.now}
	sealer, err := table.NewSealer(strings.Repeat("s", 32), rand.Reader)
	w.must(err)
	o.API = httpapi.New(httpapi.Config[account.Account]{
		Title: "Seatkeeper", Version: "test", Load: o.Accounts.Load, Table: w.table, Sealer: sealer, Now: func() time.Time { return w.now },
		Log: slog.New(slog.DiscardHandler),
	})
	removal.Register(o.API, w.removals, o.Accounts)
	return o
}

// What the list of services says can be removed is what a removal takes: nothing of an expired contract, and nothing where a
// partner manages the account, which is told why and whom to ask.
func TestServicesSayWhyNothingCanBeRemoved(t *testing.T) {
	w := newWorld(t)
	product := w.product(catalog.Monthly)
	active, ended := w.bought(product, 5, "2026-01-10", "2028-01-10"), w.bought(product, 3, "2025-01-10", "2026-11-21")
	o := w.office(t)
	who, path := o.Member(w.account.ID, access.LicenceManager), "/v1/accounts/"+string(w.account.ID)
	told := func(c id.Contract) (service map[string]any, contact any) {
		t.Helper()
		got := o.Want(http.StatusOK, "", who, "GET", path+"/services?contractId="+string(c), "")
		return got.Document["items"].([]any)[0].(map[string]any), got.Document["contact"]
	}
	try := func(c id.Contract, status int, code string) {
		t.Helper()
		o.Want(status, code, who, "POST", path+"/removals", fmt.Sprintf(`{"contractId":%q,"productId":%q,"quantities":[{"quantity":5}]}`, c, product))
	}
	removable := func(s map[string]any) string {
		said := fmt.Sprint(s["free"], " free, ", s["removable"], " of ", s["removableByCostCenter"])
		for _, b := range s["billed"].([]any) {
			said += fmt.Sprint("; ", b.(map[string]any)["quantity"], " billed, ", b.(map[string]any)["removable"], " of ", b.(map[string]any)["removableByCostCenter"])
		}
		return said
	}

	s, contact := told(active)
	if got := removable(s); got != "5 free, 5 of [map[quantity:5]]; 5 billed, 5 of [map[quantity:5]]" || s["reason"] != nil || contact != nil {
		t.Errorf("by itself: %s, %v, contact %v", got, s["reason"], contact)
	}
	try(active, http.StatusOK, "")
	s, contact = told(ended)
	if got := removable(s); got != "3 free, 0 of []; 3 billed, 0 of []" || s["reason"] != "removal_expired" || !strings.Contains(fmt.Sprint(s["detail"]), "expired on 2026-11-21") || contact != nil {
		t.Errorf("expired: %s, %v, %v, contact %v", got, s["reason"], s["detail"], contact)
	}
	try(ended, http.StatusConflict, "removal_expired")

	p, ops, err := o.Accounts.NewPartner("Partner Ltd", account.Contact{Name: "Paula Partner", Email: "paula@partner.example"}, w.now, activity.Author{})
	w.must(err)
	w.write(ops...)
	_, err = o.Accounts.Link(t.Context(), w.account.ID, p.ID, w.now, activity.Author{})
	w.must(err)
	s, contact = told(active)
	if got := removable(s); got != "5 free, 0 of []; 5 billed, 0 of []" || s["reason"] != "partner_managed" || !strings.Contains(fmt.Sprint(s["detail"]), "Contact Paula Partner") ||
		fmt.Sprint(contact) != "map[email:paula@partner.example name:Paula Partner]" {
		t.Errorf("managed: %s, %v, %v, contact %v", got, s["reason"], s["detail"], contact)
	}
	try(active, http.StatusConflict, "partner_managed")
}
