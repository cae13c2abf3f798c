package contract_test

import (
	"errors"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// A line takes nobody and gives nothing up once it has nothing available, whatever one of its pools has free (FEATURES.md,
// Seats). A line whose unassigned pool owes a seat has two free in a cost center and one in all: two are decided on at once,
// and the second is not written, though the cost center still has a seat for it.
func TestALineThatHasNothingLeftGivesNothingOfAPool(t *testing.T) {
	a := newAccount(t)
	now := begun("2026-11-21")
	paris := contract.PoolOf(id.New[id.CostCenter](a.ids, now))
	one := map[contract.PoolID]int{paris: 1}
	assign := func(row contract.LineRow) (table.Op, contract.Line, error) {
		return contract.SeatsOp(a.id, row, one, "2026-11-21", now)
	}
	remove := func(row contract.LineRow) (table.Op, contract.Line, error) {
		return contract.StockOp(a.id, row, one, catalog.Yearly, "2026-11-21")
	}
	type op func(contract.LineRow) (table.Op, contract.Line, error)
	for name, pair := range map[string][2]op{
		"a seat that is assigned after another": {assign, assign}, "a licence that is given up after a seat is assigned": {assign, remove},
		"a seat that is assigned after a licence is given up": {remove, assign},
	} {
		row := a.owing(t, paris, now)
		for i, want := range []bool{true, false} {
			change, _, err := pair[i](row)
			if err == nil {
				err = a.table.Write(t.Context(), change)
			}
			var unmet *table.ConditionError
			if err != nil && !errors.As(err, &unmet) {
				t.Fatal(err)
			}
			if written := err == nil; written != want {
				t.Errorf("%s: number %d is written: %v, want %v", name, i+1, written, want)
			}
		}
	}
}

// owing is a line of twenty seats as it is after its limit was lowered and somebody of a cost center left: sixteen sit on
// the fifteen that are unassigned, and of the cost center's five three are pending removal.
func (a *account) owing(t *testing.T, paris contract.PoolID, now time.Time) contract.LineRow {
	t.Helper()
	l := contract.NewLine(contract.Contract{ID: id.New[id.Contract](a.ids, now), Facts: contract.Facts{Expiry: "2027-01-01"}}, "phone", "The phone")
	l.Contracted, l.Limit, l.Used, l.Pending, l.Available = seats(20), seats(20), 16, 3, 1
	l.Pools = contract.Pools{none: {Purchased: 15, Available: -1}, paris: {Purchased: 5, Available: 2}}
	op, err := contract.LineOp(a.id, contract.LineRow{}, l)
	if err == nil {
		err = a.table.Write(t.Context(), op)
	}
	if err != nil {
		t.Fatal(err)
	}
	item, err := a.table.Get(t.Context(), table.Line(a.id, l.Contract, l.Product))
	if err != nil {
		t.Fatal(err)
	}
	row, err := contract.ReadLine(item)
	if err != nil {
		t.Fatal(err)
	}
	return row
}
