package alert_test

import (
	"crypto/rand"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/alert"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// listed are the alerts of a day as words, read so many at a time.
func (w *world) listed(day date.Date, size int) []string {
	w.t.Helper()
	all := []string{}
	var after *alert.Position
	for range 100 {
		page, next, err := w.list.Page(w.t.Context(), w.account, day, after, size)
		w.must(err)
		if len(page) > size || next != nil && len(page) == 0 {
			w.t.Errorf("a page of %d, asked for %d, with others to follow: %t", len(page), size, next != nil)
		}
		for _, s := range page {
			all = append(all, fmt.Sprintf("%s %s %s %s", s.Kind, s.Severity(day), s.Contract.Name, s.Line.Product))
		}
		if after = next; after == nil {
			return all
		}
	}
	w.t.Fatal("the list has no end")
	return nil
}

func (w *world) mapped(c contract.Contract, n int) {
	w.t.Helper()
	row, _, err := w.contracts.Get(w.t.Context(), w.account, c.ID)
	w.must(err)
	after := row.Contract
	after.Mapped = n
	w.write(contract.ChangeOps(w.account, contract.Change{From: row, To: after}))
}

// What is listed follows from how things stand: it is there in the next read, and gone in the one after its cause.
func TestAlertsAreListedAsThingsStand(t *testing.T) {
	w := newWorld(t)
	soon, later, old := w.agree("Soon", "2026-12-01", 1), w.agree("Later", "2027-02-19", 1), w.agree("Old", "2026-11-21", 1)
	w.agree("Far", "2027-02-20", 1)
	ancient := w.agree("Ancient", "2026-01-01", 1)
	w.line(w.contract, "A-OK", 79, 100)
	w.line(w.contract, "B-WARN", 80, 100)
	w.line(w.contract, "C-FULL", 100, 100)
	w.line(w.contract, "D-OVER", 101, 100)
	w.line(later, "E-NONE", 0, -1)
	w.line(old, "F-OLD", 10, 10)
	w.mapped(soon, 2)
	w.mapped(w.contract, 6)
	w.mapped(old, 9)
	w.mapped(ancient, 3)
	want := []string{
		"usage_warning warning Order form B-WARN", "usage_full critical Order form C-FULL", "usage_over_limit critical Order form D-OVER",
		"usage_not_set critical Later E-NONE", "contract_expiring warning Soon ", "contract_expiring info Later ",
		"systems_over warning Order form ", "systems_over warning Soon ", "systems_over warning Old ", "systems_over warning Ancient ",
	}
	// Old expired today, which is not written down yet as it is not so everywhere; Ancient is.
	for _, size := range []int{1, 2, 3, 50} {
		got := w.listed(today, size)
		if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))); diff != "" {
			t.Errorf("%d a page (-want +got):\n%s", size, diff)
		}
		if diff := cmp.Diff(w.listed(today, 50), got); diff != "" {
			t.Errorf("%d a page, in another order (-50 +%d):\n%s", size, size, diff)
		}
	}
	w.mapped(soon, 1)
	if got := w.listed(today, 50); slices.Contains(got, "systems_over warning Soon ") {
		t.Errorf("a system was taken off, and it is listed still: %v", got)
	}
}

// The work does not grow with what there is: a page is 4 Queries and the names of its contracts.
func TestAPageOfAlertsIsAFewCalls(t *testing.T) {
	w := newWorld(t)
	for n := range 60 {
		w.line(w.contract, fmt.Sprintf("P-%02d-%s", n, rand.Text()), 9, 10)
	}
	for _, row := range []struct{ size, calls int }{{20, 2}, {200, 5}} {
		ctx, meter := table.WithMeter(t.Context())
		page, _, err := w.list.Page(ctx, w.account, today, nil, row.size)
		if err != nil || len(page) != min(row.size, 60) || meter.Calls() != row.calls {
			t.Errorf("%d alerts in %d calls (%v), want %d calls", len(page), meter.Calls(), err, row.calls)
		}
	}
}
