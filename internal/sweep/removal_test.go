package sweep_test

import (
	"crypto/rand"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/removal"
	"github.com/seatkeeper/seatkeeper/internal/sweep"
)

// Licences that are to be removed leave the limit on their day in the account's zone, also after nights that were missed
// and where the contract has expired by then, once (FEATURES.md, Buying).
func TestTheSweepAppliesRemovalsOnTheirDay(t *testing.T) {
	w := newWorld(t)
	acc := account.Account{Terms: account.DefaultTerms()}
	acc.ID = w.account(acc.TimeZone)
	c, limit, product := w.contract(acc.ID, "2026-12-10", 7), 10, "phone_"+rand.Text()
	op, err := contract.LineOp(acc.ID, contract.LineRow{}, contract.NewLine(contract.Contract{ID: c, Facts: contract.Facts{Expiry: "2026-12-10"}}, product, "Phone").With(contract.Quantities{Contracted: &limit}))
	if err == nil {
		err = w.table.Write(t.Context(), op)
	}
	if err != nil {
		t.Fatal(err)
	}
	removals := removal.NewStore(w.table, w.ids, catalog.NewStore(w.table, w.ids))
	remove := func(n int) id.Removal {
		t.Helper()
		ch := removal.Change{Account: acc, Now: instant(t, "2026-11-21T09:00:00Z"), By: activity.Author{Kind: access.Operator}}
		r, err := removals.Remove(t.Context(), ch, removal.Wish{Contract: c, Product: product, Counts: map[contract.PoolID]int{contract.Unassigned: n}}, func(removal.Review) ([]table.Op, error) { return nil, nil })
		if err != nil {
			t.Fatal(err)
		}
		return r.ID
	}
	remove(3)
	if err := removals.Withdraw(t.Context(), removal.Change{Account: acc, Now: instant(t, "2026-11-21T10:00:00Z")}, remove(2)); err != nil {
		t.Fatal(err)
	}
	// It counts from the contract's end on, 10 December in Paris. What the contract itself announces is another's test.
	for _, tt := range []struct {
		at      string
		removed int
		limit   int
	}{{"2026-12-09T22:59:59Z", 0, 10}, {"2026-12-09T23:00:00Z", 1, 7}, {"2026-12-12T23:00:00Z", 0, 7}} {
		if report := w.run(tt.at); report.Removed != tt.removed || report.Failed != 0 {
			t.Errorf("%s: %+v, want %d removed", tt.at, report, tt.removed)
		}
		item, err := w.table.Get(t.Context(), table.Line(acc.ID, c, product))
		if err != nil {
			t.Fatal(err)
		}
		row, err := contract.ReadLine(item)
		if diff := cmp.Diff(tt.limit, *row.Limit); err != nil || diff != "" {
			t.Errorf("%s: the limit: %s %v", tt.at, diff, err)
		}
	}
	if report := w.run("2026-12-20T09:00:00Z"); report != (sweep.Report{Complete: true}) {
		t.Errorf("what is over is looked at again: %+v", report)
	}
}
