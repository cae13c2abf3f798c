package contract_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/contract"
)

func of(n int) *int { return &n }

// balanced tells what is wrong with a line: its pools sum to its limit and to what is available of it.
func balanced(l contract.Line) string {
	purchased, available, limit := 0, 0, 0
	for _, p := range l.Pools {
		purchased += p.Purchased
		available += p.Available
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
	case l.Pending < 0 || l.Used < 0:
		return "a number is below zero"
	}
	return ""
}

// A removal takes what was withheld off the limit, and what was bought with it.
func TestRemovedSeatsLeaveTheLimitAndTheirPool(t *testing.T) {
	l := contract.Line{}.With(contract.Quantities{Contracted: of(4)}).Ordered(map[contract.PoolID]int{"cc_a": 6})
	l = l.Taken(map[contract.PoolID]int{"cc_a": 2})
	l = l.Withheld(map[contract.PoolID]int{"cc_a": 3, contract.Unassigned: 1})
	if l.Available != 4 || l.Pending != 4 || *l.Limit != 10 || balanced(l) != "" {
		t.Fatalf("withheld: %+v: %s", l, balanced(l))
	}
	l = l.Lapsed(map[contract.PoolID]int{"cc_a": 3, contract.Unassigned: 1})
	if *l.Limit != 6 || *l.Bought != 2 || l.Pending != 0 || l.Available != 4 || l.Pools["cc_a"] != (contract.Pool{Purchased: 3, Available: 1}) {
		t.Errorf("removed: %+v, pools %v", l, l.Pools)
	}
	// Removing more than was bought takes from what the CRM said, by what is bought being below zero.
	l = l.Withheld(map[contract.PoolID]int{contract.Unassigned: 3}).Lapsed(map[contract.PoolID]int{contract.Unassigned: 3})
	if *l.Limit != 3 || *l.Bought != -1 || balanced(l) != "" {
		t.Errorf("removed more than was bought: %+v: %s", l, balanced(l))
	}
}

// A removal never lets the limit fall below what is used, whatever was made of the limit between the day it was asked for
// and the day it counts; the sums hold through all of it, and no seat comes back into stock by it.
func TestRemovalNeverLowersTheLimitBelowUse(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pools := []contract.PoolID{contract.Unassigned, "cc_a", "cc_b"}
	capped := 0
	for range 5_000 {
		l := contract.Line{}.With(contract.Quantities{Contracted: of(r.IntN(20))}).Ordered(map[contract.PoolID]int{"cc_a": r.IntN(6), "cc_b": r.IntN(6)})
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
					counts := map[contract.PoolID]int{pool: n}
					l, waiting = l.Withheld(counts), append(waiting, counts)
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
	line := contract.Line{Pools: contract.Pools{none: {}}}.With(contract.Quantities{Contracted: number(10)}).Taken(map[contract.PoolID]int{none: 3}).Withheld(map[contract.PoolID]int{none: 5})
	lowered := line.With(contract.Quantities{Contracted: number(2)})
	for bought, limit := range map[int]int{5: 2, 8: 5} {
		after := lowered.Rebought(map[contract.PoolID]int{none: 5}, map[contract.PoolID]int{none: bought})
		purchased, available := 0, 0
		for _, p := range after.Pools {
			purchased, available = purchased+p.Purchased, available+p.Available
		}
		if *after.Limit != limit || purchased != limit || after.Pending != 0 || after.Available != limit-3 || available != after.Available {
			t.Errorf("after %d: limit %d, pools %d, pending %d, available %d, of pools %d", bought, *after.Limit, purchased, after.Pending, after.Available, available)
		}
	}
	over := contract.Line{Pools: contract.Pools{none: {}}}.With(contract.Quantities{Override: number(10)}).Withheld(map[contract.PoolID]int{none: 5})
	if after := over.Rebought(map[contract.PoolID]int{none: 5}, map[contract.PoolID]int{none: 5}); after.Bought != nil || *after.Override != 10 {
		t.Errorf("bought %v, override %v: nothing was bought", after.Bought, *after.Override)
	}
}
