package contract_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
)

func of(n int) *int { return &n }

// balanced tells what is wrong with a line: its pools sum to its limit and to what is available of it.
func balanced(l contract.Line) string {
	purchased, available, limit, pending := 0, 0, 0, 0
	for _, p := range l.Pools {
		purchased += p.Purchased
		available += p.Available
		pending += p.Pending
	}
	if l.Limit != nil {
		limit = *l.Limit
	}
	switch {
	case purchased != limit:
		return "the pools do not sum to the limit"
	case available != l.Available:
		return "the pools do not sum to what is available"
	case l.Available != limit-l.Used-l.Pending:
		return "available is not limit less used less pending"
	case pending != l.Pending:
		return "the pools do not sum to what is pending removal"
	case l.Pending < 0 || l.Used < 0 || l.Monthly < 0 || limit < 0:
		return "a number is below zero"
	}
	return ""
}

// A removal takes what was withheld off the limit, and what was bought with it.
func TestRemovedSeatsLeaveTheLimitAndTheirPool(t *testing.T) {
	l := contract.Line{}.With(contract.Quantities{Contracted: of(4)}).Rebought(nil, map[contract.PoolID]int{"cc_a": 6}, catalog.Yearly)
	l = l.Taken(map[contract.PoolID]int{"cc_a": 2})
	l = l.Withheld(map[contract.PoolID]int{"cc_a": 3, contract.Unassigned: 1}, catalog.Yearly)
	if l.Available != 4 || l.Pending != 4 || *l.Limit != 10 || balanced(l) != "" {
		t.Fatalf("withheld: %+v: %s", l, balanced(l))
	}
	l = l.Lapsed(map[contract.PoolID]int{"cc_a": 3, contract.Unassigned: 1})
	if *l.Limit != 6 || *l.Bought != 2 || l.Pending != 0 || l.Available != 4 || l.Pools["cc_a"] != (contract.Pool{Purchased: 3, Available: 1}) {
		t.Errorf("removed: %+v, pools %v", l, l.Pools)
	}
	// Removing more than was bought takes from what the CRM said, by what is bought being below zero.
	l = l.Withheld(map[contract.PoolID]int{contract.Unassigned: 3}, catalog.Yearly).Lapsed(map[contract.PoolID]int{contract.Unassigned: 3})
	if *l.Limit != 3 || *l.Bought != -1 || balanced(l) != "" {
		t.Errorf("removed more than was bought: %+v: %s", l, balanced(l))
	}
}

// What waits to be removed is out of stock at once, and nobody sits on it: a cost center shows it apart from who does, as the
// line does, until it is taken back, bought again or off the limit. A split leaves it where it is.
func TestACostCenterShowsWhatIsPendingRemovalApart(t *testing.T) {
	cc := contract.PoolID("cc_00000000000000000000000000")
	in := func(n int) map[contract.PoolID]int { return map[contract.PoolID]int{cc: n} }
	check := func(what string, l contract.Line, purchased, used, available, pending int) contract.Line {
		t.Helper()
		shown := l.Show().Pools[1]
		if want := (contract.PoolWire{CostCenterID: cc.CostCenter(), Purchased: purchased, Used: used, Available: available, Pending: pending}); shown != want || balanced(l) != "" {
			t.Errorf("%s: %+v, want %+v: %s", what, shown, want, balanced(l))
		}
		return l
	}
	l := contract.Line{}.With(contract.Quantities{Contracted: of(4)}).Rebought(nil, in(8), catalog.Yearly).Taken(in(2))
	l = check("removed", l.Withheld(in(5), catalog.Yearly), 8, 2, 1, 5)
	check("withdrawn", l.Withheld(in(-2), catalog.Yearly), 8, 2, 3, 3)
	check("bought again", l.Rebought(in(3), in(4), catalog.Yearly), 9, 2, 5, 2)
	check("off the limit", l.Lapsed(in(5)), 3, 2, 1, 0)
	check("recounted", l.Recounted(in(2)), 8, 2, 1, 5)
	for n, want := range map[int]contract.PoolID{6: cc, 7: "", 8: ""} {
		if pools, less := l.Pools.Split(in(n)); less != want || less == "" && (pools[cc].Used() != 2 || pools[cc].Pending != 5) {
			t.Errorf("%d for a cost center with 2 in use and 5 pending: %+v, %q", n, pools[cc], less)
		}
	}
	moved := l
	moved.Pools = l.Pools.Moved(cc, contract.Unassigned).Moved(cc, contract.Unassigned)
	check("moved away", moved, 6, 0, 1, 5)
}

// A removal never lets the limit fall below what is used, whatever was made of the limit between the day it was asked for
// and the day it counts; the sums hold through all of it, and no seat comes back into stock by it.
func TestRemovalNeverLowersTheLimitBelowUse(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pools := []contract.PoolID{contract.Unassigned, "cc_a", "cc_b"}
	capped := 0
	for range 5_000 {
		l := contract.Line{}.With(contract.Quantities{Contracted: of(r.IntN(20))}).Rebought(nil, map[contract.PoolID]int{"cc_a": r.IntN(6), "cc_b": r.IntN(6)}, catalog.Monthly)
		var waiting []map[contract.PoolID]int
		for range 12 {
			pool := pools[r.IntN(3)]
			free := max(0, min(l.Available, l.Pools[pool].Available))
			n := r.IntN(free + 1)
			switch r.IntN(5) {
			case 0, 1:
				if n > 0 {
					l = l.Taken(map[contract.PoolID]int{pool: n})
				}
			case 2:
				if n > 0 {
					counts, by := map[contract.PoolID]int{pool: n}, catalog.Yearly
					if n <= l.InStock(catalog.Monthly) {
						by = catalog.Monthly
					}
					l, waiting = l.Withheld(counts, by), append(waiting, counts)
				}
			case 3:
				q := l.Quantities
				switch r.IntN(3) {
				case 0:
					q.Contracted = of(r.IntN(20))
				case 1:
					q.Override = of(r.IntN(20))
				default:
					q.Override = nil
				}
				l = l.With(q)
			case 4:
				if len(waiting) == 0 {
					continue
				}
				was := l
				l, waiting = l.Lapsed(waiting[0]), waiting[1:]
				lost := *was.Limit - *l.Limit
				if lost < 0 || lost > 0 && *l.Limit < l.Used {
					t.Fatalf("limit %d, used %d became limit %d", *was.Limit, was.Used, *l.Limit)
				}
				if l.Available > max(0, was.Available) {
					t.Fatalf("%d available became %d by a removal", was.Available, l.Available)
				}
				if lost < was.Pending-l.Pending {
					capped++
				}
			}
			if wrong := balanced(l); wrong != "" {
				t.Fatalf("%s: %+v, pools %v", wrong, l, l.Pools)
			}
			for _, pool := range slices.Sorted(maps.Keys(l.Pools)) {
				if pool != contract.Unassigned && l.Pools[pool].Available < 0 {
					t.Fatalf("pool %s of %v is below zero", pool, l.Pools)
				}
			}
		}
	}
	if capped < 100 {
		t.Errorf("the limit was lowered in between %d times only", capped)
	}
}

// What was taken out of stock is taken back without a change of the limit, whoever lowered that meanwhile (DATA.md, Guards:
// pools sum to the limit, always).
func TestWhatIsTakenBackChangesNoLimit(t *testing.T) {
	number := func(n int) *int { return &n }
	line := contract.Line{Pools: contract.Pools{none: {}}}.With(contract.Quantities{Contracted: number(10)}).Taken(map[contract.PoolID]int{none: 3}).Withheld(map[contract.PoolID]int{none: 5}, catalog.Yearly)
	lowered := line.With(contract.Quantities{Contracted: number(2)})
	for bought, limit := range map[int]int{5: 2, 8: 5} {
		after := lowered.Rebought(map[contract.PoolID]int{none: 5}, map[contract.PoolID]int{none: bought}, catalog.Yearly)
		purchased, available := 0, 0
		for _, p := range after.Pools {
			purchased, available = purchased+p.Purchased, available+p.Available
		}
		if *after.Limit != limit || purchased != limit || after.Pending != 0 || after.Available != limit-3 || available != after.Available {
			t.Errorf("after %d: limit %d, pools %d, pending %d, available %d, of pools %d", bought, *after.Limit, purchased, after.Pending, after.Available, available)
		}
	}
	over := contract.Line{Pools: contract.Pools{none: {}}}.With(contract.Quantities{Override: number(10)}).Withheld(map[contract.PoolID]int{none: 5}, catalog.Yearly)
	if after := over.Rebought(map[contract.PoolID]int{none: 5}, map[contract.PoolID]int{none: 5}, catalog.Yearly); after.Bought != nil || *after.Override != 10 {
		t.Errorf("bought %v, override %v: nothing was bought", after.Bought, *after.Override)
	}
}

// A line says which of its seats are billed by the month: those bought by it, less those that a removal took. All others are
// billed until the contract's end (FEATURES.md, Buying: removed at the next billing date, or at the contract's end).
func TestALineKnowsWhichOfItsSeatsAreBilledByTheMonth(t *testing.T) {
	in := func(n int) map[contract.PoolID]int { return map[contract.PoolID]int{none: n} }
	check := func(what string, l contract.Line, monthly, yearly int) contract.Line {
		t.Helper()
		if m, y := l.InStock(catalog.Monthly), l.InStock(catalog.Yearly); m != monthly || y != yearly || balanced(l) != "" {
			t.Errorf("%s: %d by the month and %d until the end, want %d and %d; %s", what, m, y, monthly, yearly, balanced(l))
		}
		return l
	}
	l := check("contracted", contract.Line{Pools: contract.Pools{none: {}}}.With(contract.Quantities{Contracted: of(10)}), 0, 10)
	l = check("bought by the month", l.Rebought(nil, in(6), catalog.Monthly), 6, 10)
	l = check("bought by the year", l.Rebought(nil, in(3), catalog.Yearly), 6, 13)
	l = check("removed of those by the month", l.Withheld(in(4), catalog.Monthly), 2, 13)
	l = check("removed of the others", l.Withheld(in(5), catalog.Yearly), 2, 8)
	check("withdrawn", l.Withheld(in(-4), catalog.Monthly), 6, 8)
	check("withdrawn, the others", l.Withheld(in(-5), catalog.Yearly), 2, 13)
	check("bought again, two of them taken back", l.Rebought(in(2), in(3), catalog.Monthly), 5, 8)
	check("the others bought again", l.Rebought(in(5), in(5), catalog.Yearly), 2, 13)
	l = check("off the limit", l.Lapsed(in(4)), 2, 8)
	check("a lower limit leaves those by the month", l.With(contract.Quantities{Override: of(6)}), 1, 0)
	check("recounted", l.Recounted(nil), 2, 8)
	l = check("all by the month", contract.Line{Pools: contract.Pools{none: {}}}.Rebought(nil, in(10), catalog.Monthly), 10, 0)
	l = check("lowered", l.With(contract.Quantities{Bought: l.Bought, Override: of(4)}), 4, 0)
	check("lowered, then bought by the year", l.Rebought(nil, in(6), catalog.Yearly), 4, 6)
	l = check("lowered, then bought by the month", l.Rebought(nil, in(6), catalog.Monthly), 10, 0)
	check("that limit raised: all others", l.With(contract.Quantities{Bought: l.Bought, Override: of(13)}), 10, 3)
}

// What the CRM and orders say together is never less than none: removals may take more than was bought, and the CRM may take
// back what they took as well. What is ordered then is the limit, all of it.
func TestALimitIsNeverBelowNone(t *testing.T) {
	in := func(n int) map[contract.PoolID]int { return map[contract.PoolID]int{none: n} }
	l := contract.Line{Pools: contract.Pools{none: {}}}.With(contract.Quantities{Contracted: of(10)}).Withheld(in(8), catalog.Yearly).Lapsed(in(8))
	l = l.With(contract.Quantities{Contracted: of(2), Bought: l.Bought, Override: of(20)})
	if l = l.With(contract.Quantities{Contracted: of(2), Bought: l.Bought}); *l.Limit != 0 || balanced(l) != "" {
		t.Fatalf("the limit is %d once the override is gone: %s", *l.Limit, balanced(l))
	}
	for what, said := range map[string]*int{"without an override": nil, "with one": of(0)} {
		after := l.With(contract.Quantities{Contracted: of(2), Bought: l.Bought, Override: said}).Rebought(nil, in(5), catalog.Monthly)
		if *after.Limit != 5 || balanced(after) != "" {
			t.Errorf("%s, 5 were ordered: the limit is %d: %s", what, *after.Limit, balanced(after))
		}
		if dropped := after.With(contract.Quantities{Contracted: of(2), Bought: after.Bought}); *dropped.Limit != 5 || balanced(dropped) != "" {
			t.Errorf("%s, then dropped: the limit is %d: %s", what, *dropped.Limit, balanced(dropped))
		}
	}
}
