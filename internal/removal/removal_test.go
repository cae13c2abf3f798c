package removal_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/removal"
	"github.com/seatkeeper/seatkeeper/internal/seat"
)

// What is removed from a later date on is out of stock at once, counts on its day, and the limit shrinks by it
// (FEATURES.md, Buying).
func TestRemovedLicencesAreOutOfStockAtOnceAndLeaveTheLimitOnTheirDay(t *testing.T) {
	w := newWorld(t)
	product := w.product(catalog.Monthly)
	c := w.bought(product, 10, "2026-01-10", "2027-01-10")
	paris := w.center(c, product, 4)
	if _, err := w.assign(t.Context(), c, product, paris, w.people(1)...); err != nil {
		t.Fatal(err)
	}

	wish := removal.Wish{Contract: c, Product: product, Counts: counts{paris: 3, none: 2}}
	reviewed, err := w.removals.Review(t.Context(), w.change(), wish)
	w.must(err)
	if reviewed.Effective != "2026-12-10" || reviewed.Bill.Unit.Amount != 1000 || reviewed.Line.Available != 4 || w.row(c, product).Pending != 0 {
		t.Errorf("reviewed %+v, bill %+v; the line has %d pending", reviewed.Removal, reviewed.Bill, w.row(c, product).Pending)
	}
	r := w.mustRemove(c, product, wish.Counts)
	if l := w.recount(c, product); *l.Limit != 10 || l.Pending != 5 || l.Available != 4 {
		t.Errorf("limit %d, pending %d, available %d", *l.Limit, l.Pending, l.Available)
	}
	done, err := w.assign(t.Context(), c, product, paris, w.people(1)...)
	w.must(err)
	if done.Outcomes[0].Result != seat.PoolExhausted {
		t.Errorf("a seat of a pool whose free ones are out of stock: %s", done.Outcomes[0].Result)
	}

	if applied, err := w.removals.Apply(t.Context(), w.clock(), r.ID, "2026-12-09"); applied || err != nil {
		t.Errorf("applied on the day before: %v %v", applied, err)
	}
	for _, want := range []bool{true, false} {
		if applied, err := w.removals.Apply(t.Context(), w.clock(), r.ID, "2026-12-10"); applied != want || err != nil {
			t.Errorf("applied %v %v, want %v", applied, err, want)
		}
	}
	if l := w.recount(c, product); *l.Limit != 5 || l.Pending != 0 || l.Available != 4 || l.Pools[paris].Purchased != 1 {
		t.Errorf("limit %d, pending %d, available %d, pools %v", *l.Limit, l.Pending, l.Available, l.Pools)
	}
	if got, err := w.removals.Get(t.Context(), w.account.ID, r.ID); err != nil || got.State != removal.Applied || got.Left() != 5 {
		t.Errorf("%+v %v", got.Removal, err)
	}
}

// Monthly terms: at the next billing date; yearly, and what the CRM contracted: at the contract's end. The line knows which
// of its seats are which; only where there are both the caller says which are meant.
func TestARemovalCountsFromTheNextBillingDateOrTheContractsEnd(t *testing.T) {
	w := newWorld(t)
	both := w.product(catalog.Monthly, catalog.Yearly)
	w.catalog = catalog.NewStore(w.table, w.ids) // one that has not cached the catalog yet
	w.removals = removal.NewStore(w.table, w.ids, w.catalog)
	for name, tt := range map[string]struct {
		contracted, monthly, n int
		named                  catalog.Period
		from                   date.Date
		code                   string
		figures                []int
	}{
		"contracted":                                    {5, 0, 5, "", "2028-06-01", "", nil},
		"contracted, and said to be":                    {5, 0, 5, catalog.Yearly, "2028-06-01", "", nil},
		"contracted, and said to be by the month":       {5, 0, 1, catalog.Monthly, "", "not_billed_so", []int{0}},
		"bought by the month":                           {0, 5, 5, "", "2026-12-10", "", nil},
		"bought by the month, and said to be by year":   {0, 5, 1, catalog.Yearly, "", "not_billed_so", []int{0}},
		"both, and nothing said":                        {3, 4, 1, "", "", "period_needed", []int{4, 3}},
		"both, by the month":                            {3, 4, 4, catalog.Monthly, "2026-12-10", "", nil},
		"both, by the year":                             {3, 4, 3, catalog.Yearly, "2028-06-01", "", nil},
		"more than are billed by the month":             {3, 4, 5, catalog.Monthly, "", "not_billed_so", []int{4}},
		"more than are billed until the contract's end": {3, 4, 4, catalog.Yearly, "", "not_billed_so", []int{3}},
	} {
		c := w.line(both, tt.contracted, "2026-01-10", "2028-06-01")
		if tt.monthly > 0 {
			w.must(w.buy(t.Context(), c, both, counts{none: tt.monthly}))
		}
		r, err := w.removals.Review(t.Context(), w.change(), removal.Wish{Contract: c, Product: both, Period: tt.named, Counts: counts{none: tt.n}})
		if tt.code != "" {
			f, _ := fault.Of(err)
			if f == nil || f.Code != tt.code {
				t.Errorf("%s: %v, want %s", name, err, tt.code)
				continue
			}
			for i, want := range tt.figures {
				if got := f.Args[1+i].Value; got != want {
					t.Errorf("%s: refused with %v, want %v in place %d", name, got, want, i)
				}
			}
			continue
		}
		if err != nil || r.Effective != tt.from {
			t.Errorf("%s: from %s, want %s: %v", name, r.Effective, tt.from, err)
		}
	}
}

// What is billed by what is decided again on the line as it is when the removal is confirmed, and a withdrawal gives it back.
func TestARemovalIsHeldToWhatIsBilledByItsPeriod(t *testing.T) {
	w := newWorld(t)
	product := w.product(catalog.Monthly, catalog.Yearly)
	for _, by := range []catalog.Period{catalog.Monthly, catalog.Yearly} {
		c := w.line(product, 4, "2026-01-10", "2028-01-10")
		w.must(w.buy(t.Context(), c, product, counts{none: 4}))
		first, wish := true, removal.Wish{Contract: c, Product: product, Period: by, Counts: counts{none: 3}}
		var twin removal.Review
		_, err := w.removals.Remove(t.Context(), w.change(), wish, func(removal.Review) (_ []table.Op, err error) {
			if first { // somebody else is between the decision and its write
				first = false
				twin, err = w.remove(context.Background(), c, product, counts{none: 2}, by)
			}
			return nil, err
		})
		if f, _ := fault.Of(err); f == nil || f.Code != "not_billed_so" || f.Args[1].Value != 2 {
			t.Errorf("%s: removed 3 where 2 of 4 are left: %v", by, err)
		}
		if l := w.recount(c, product); l.InStock(by) != 2 || l.Pending != 2 {
			t.Errorf("%s: %d in stock, %d pending", by, l.InStock(by), l.Pending)
		}
		w.must(w.removals.Withdraw(t.Context(), w.change(), twin.ID))
		w.mustRemove(c, product, counts{none: 4}, by)
		if l := w.recount(c, product); l.InStock(by) != 0 || l.Pending != 4 || l.Available != 4 {
			t.Errorf("%s: %d in stock, %d pending, %d available", by, l.InStock(by), l.Pending, l.Available)
		}
	}
}

// A row from before it was counted what is billed by the month has none that is; it is counted from then on.
func TestALineFromBeforeThatWasCountedIsBilledUntilTheContractsEnd(t *testing.T) {
	w := newWorld(t)
	product := w.product(catalog.Monthly, catalog.Yearly)
	c := w.line(product, 4, "2026-01-10", "2028-01-10")
	key := table.Line(w.account.ID, c, product)
	item, err := w.table.Get(t.Context(), key)
	w.must(err)
	var forget table.Edit
	forget.Drop("monthly")
	w.write(table.Update(key, item, item, forget, table.Exists()))
	if r := w.mustRemove(c, product, counts{none: 1}); r.Effective != "2028-01-10" {
		t.Errorf("from %s", r.Effective)
	}
	w.must(w.buy(t.Context(), c, product, counts{none: 2}))
	if r := w.mustRemove(c, product, counts{none: 2}, catalog.Monthly); r.Effective != "2026-12-10" {
		t.Errorf("from %s", r.Effective)
	}
	if l := w.recount(c, product); l.InStock(catalog.Monthly) != 0 || l.InStock(catalog.Yearly) != 3 {
		t.Errorf("%d by the month, %d until the end", l.InStock(catalog.Monthly), l.InStock(catalog.Yearly))
	}
}

// An account whose terms a partner manages removes nothing by itself, also where it got the partner at that very moment.
func TestARemovalIsRefusedWhereTheAccountGotAPartnerMeanwhile(t *testing.T) {
	w := newWorld(t)
	product := w.product(catalog.Monthly)
	c := w.bought(product, 4, "2026-01-10", "2028-01-10")
	waits := w.mustRemove(c, product, counts{none: 1})
	key := table.Settings(w.account.ID)
	linked := false
	_, err := w.removals.Remove(t.Context(), w.change(), removal.Wish{Contract: c, Product: product, Counts: counts{none: 1}}, func(removal.Review) ([]table.Op, error) {
		if linked {
			return nil, nil
		}
		linked = true
		item, err := w.table.Get(context.Background(), key)
		w.must(err)
		var edit table.Edit
		edit.Set("ptn_somebody", "partner")
		w.write(table.Update(key, item, item, edit, table.Exists()))
		return nil, nil
	})
	if !fault.Is(err, "partner_managed") {
		t.Errorf("removed: %v", err)
	}
	if err := w.removals.Withdraw(t.Context(), w.change(), waits.ID); !fault.Is(err, "partner_managed") {
		t.Errorf("withdrawn: %v", err)
	}
	if l := w.recount(c, product); l.Pending != 1 {
		t.Errorf("%d are pending", l.Pending)
	}
}

// What was assigned since the review is refused, with the new number of each cost center.
func TestWhatWasAssignedMeanwhileIsNotRemoved(t *testing.T) {
	w := newWorld(t)
	product := w.product()
	c := w.line(product, 5, "", "2027-01-01")
	paris := w.center(c, product, 3)
	wish := removal.Wish{Contract: c, Product: product, Counts: counts{paris: 3}}
	if _, err := w.removals.Review(t.Context(), w.change(), wish); err != nil {
		t.Fatal(err)
	}
	people := w.people(2)
	for _, u := range people { // the second one between the decision and its write
		first := true
		_, err := w.removals.Remove(t.Context(), w.change(), wish, func(removal.Review) ([]table.Op, error) {
			if first {
				first = false
				_, err := w.assign(context.Background(), c, product, paris, u)
				return nil, err
			}
			return nil, nil
		})
		f, _ := fault.Of(err)
		if !fault.Is(err, "not_removable") || f.Kind != fault.Conflict {
			t.Fatalf("answered %v", err)
		}
		free := w.row(c, product).Pools[paris].Available
		want := []removal.Part{{CostCenter: paris.CostCenter(), Quantity: free}, {Quantity: 2}}
		if diff := cmp.Diff(want, f.Members[0].Value); diff != "" {
			t.Error(diff)
		}
	}
	if l := w.recount(c, product); l.Pending != 0 {
		t.Errorf("%d are pending", l.Pending)
	}
}

func TestRemovalsAreRefusedForAReason(t *testing.T) {
	w := newWorld(t)
	product := w.product()
	c, gone := w.line(product, 5, "", "2027-01-01"), w.line(product, 5, "", "2026-11-21")
	never := id.New[id.CostCenter](w.ids, w.now)
	for name, tt := range map[string]struct {
		wish removal.Wish
		code string
	}{
		"a contract that is not there": {removal.Wish{Contract: id.New[id.Contract](w.ids, w.now), Product: product, Counts: counts{none: 1}}, "contract_not_found"},
		"a product without a line":     {removal.Wish{Contract: c, Product: "fax", Counts: counts{none: 1}}, "product_not_on_contract"},
		"an unknown cost center":       {removal.Wish{Contract: c, Product: product, Counts: counts{contract.PoolOf(never): 1}}, "cost_center_unknown"},
		"more than is free":            {removal.Wish{Contract: c, Product: product, Counts: counts{none: 6}}, "not_removable"},
		"an expired contract":          {removal.Wish{Contract: gone, Product: product, Counts: counts{none: 1}}, "removal_expired"},
	} {
		if _, err := w.removals.Remove(t.Context(), w.change(), tt.wish, keepNothing); !fault.Is(err, tt.code) {
			t.Errorf("%s: %v, want %s", name, err, tt.code)
		}
	}
	for range removal.MaxPending {
		c2 := w.change()
		_, err := w.contracts.SetPools(t.Context(), w.clock(), c, product, counts{})
		w.must(err)
		limit := *w.row(c, product).Limit + 1
		_, _, err = w.contracts.SetTerms(t.Context(), w.clock(), c, contract.Terms{Limits: map[string]*int{product: &limit}}, func(int) error { return nil })
		w.must(err)
		_, err = w.removals.Remove(t.Context(), c2, removal.Wish{Contract: c, Product: product, Counts: counts{none: 1}}, keepNothing)
		w.must(err)
	}
	if _, err := w.remove(t.Context(), c, product, counts{none: 1}); !fault.Is(err, "too_many_removals") {
		t.Errorf("one more than can wait: %v", err)
	}
}

// A removal can be withdrawn until it counts, once.
func TestAWithdrawnRemovalPutsItsLicencesBackIntoTheirPools(t *testing.T) {
	w := newWorld(t)
	product := w.product(catalog.Monthly)
	c := w.bought(product, 6, "2026-01-10", "2028-01-10")
	paris := w.center(c, product, 3)
	before := w.row(c, product).Line
	r, late := w.mustRemove(c, product, counts{paris: 3, none: 3}), w.change()
	if l := w.recount(c, product); l.Usage().State != contract.Full {
		t.Errorf("a line of which nothing is free is %s", l.Usage().State)
	}
	late.Now = time.Date(2026, 12, 10, 9, 0, 0, 0, time.UTC)
	if err := w.removals.Withdraw(t.Context(), late, r.ID); !fault.Is(err, "removal_not_pending") {
		t.Errorf("withdrawn on the day that it counts, before the sweep: %v", err)
	}
	w.must(w.removals.Withdraw(t.Context(), w.change(), r.ID))
	after := w.recount(c, product)
	after.Rev = before.Rev
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error(diff)
	}
	if err := w.removals.Withdraw(t.Context(), w.change(), r.ID); !fault.Is(err, "removal_not_pending") {
		t.Errorf("withdrawn twice: %v", err)
	}
	if applied, err := w.removals.Apply(t.Context(), w.clock(), r.ID, "2030-01-01"); applied || err != nil {
		t.Errorf("applied although withdrawn: %v %v", applied, err)
	}
	if err := w.removals.Withdraw(t.Context(), w.change(), id.New[id.Removal](w.ids, w.now)); !fault.Is(err, "not_found") {
		t.Errorf("one that never was: %v", err)
	}
}

// New purchases use what is pending up first, the youngest first.
func TestAPurchaseTakesTheYoungestRemovalsBack(t *testing.T) {
	w := newWorld(t)
	product := w.product(catalog.Monthly)
	c := w.bought(product, 10, "2026-01-10", "2028-01-10")
	paris := w.center(c, product, 4)
	old := w.mustRemove(c, product, counts{none: 3})
	w.now = w.now.Add(time.Second)
	young := w.mustRemove(c, product, counts{paris: 2})
	w.must(w.buy(t.Context(), c, product, counts{paris: 4}))
	for rem, want := range map[id.Removal]struct {
		state removal.State
		left  int
	}{young.ID: {removal.UsedUp, 0}, old.ID: {removal.Pending, 1}} {
		if r, err := w.removals.Get(t.Context(), w.account.ID, rem); err != nil || r.State != want.state || r.Left() != want.left {
			t.Errorf("%s of %d is %s, %d left; want %s, %d: %v", rem, r.Quantity, r.State, r.Left(), want.state, want.left, err)
		}
	}
	if l := w.recount(c, product); *l.Limit != 10 || l.Pending != 1 || l.Available != 9 || l.Pools[paris].Purchased != 6 {
		t.Errorf("limit %d, pending %d, available %d, pools %v", *l.Limit, l.Pending, l.Available, l.Pools)
	}
	// One that is due is off the bill: a purchase is not told that its seats are paid for.
	pending, err := w.removals.Pending(t.Context(), w.account.ID, product, c)
	w.must(err)
	for what, charge := range map[string]removal.Charge{
		"one that is due":                  {Period: catalog.Monthly, Today: "2026-12-10", Until: "2026-12-10"},
		"one that is billed for less long": {Period: catalog.Monthly, Today: "2026-11-21", Until: "2027-01-10"},
		"one of another period":            {Period: catalog.Yearly, Today: "2026-11-21", Until: "2026-12-10"},
	} {
		if taken := removal.Take(pending, 5, charge, w.now); taken.Total() != 0 || len(taken.Changed) != 0 {
			t.Errorf("took %v of %s", taken.Counts, what)
		}
	}
	if taken := removal.Take(pending, 5, removal.Charge{Period: catalog.Monthly, Today: "2026-11-21", Until: "2026-12-10"}, w.now); taken.Total() != 1 {
		t.Errorf("took %v of one that is billed until then", taken.Counts)
	}
}

// A contract that has expired by then, and a limit that was lowered meanwhile, hold no removal up.
func TestARemovalOfAnExpiredContractCountsAllTheSame(t *testing.T) {
	w := newWorld(t)
	product := w.product()
	c := w.line(product, 6, "", "2026-12-01")
	if _, err := w.assign(t.Context(), c, product, none, w.people(2)...); err != nil {
		t.Fatal(err)
	}
	r, limit := w.mustRemove(c, product, counts{none: 4}), 3
	_, _, err := w.contracts.SetTerms(t.Context(), w.clock(), c, contract.Terms{Limits: map[string]*int{product: &limit}}, func(int) error { return nil })
	w.must(err)
	if applied, err := w.removals.Apply(t.Context(), w.clock(), r.ID, "2026-12-01"); !applied || err != nil {
		t.Fatalf("%v %v", applied, err)
	}
	if l := w.recount(c, product); *l.Limit != 2 || l.Used != 2 || l.Available != 0 {
		t.Errorf("limit %d, used %d, available %d: the limit never falls below what is used", *l.Limit, l.Used, l.Available)
	}
}
