package removal_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
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
