package contract_test

import (
	"maps"
	"testing"

	"pgregory.net/rapid"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
)

const sales, stores = contract.PoolID("cc_sales"), contract.PoolID("cc_stores")

func recounted(pools contract.Pools, used, available, pending int, sat map[contract.PoolID]int) contract.Line {
	limit := 10
	l := contract.Line{Quantities: contract.Quantities{Contracted: &limit}, Limit: &limit, Used: used, Available: available, Pending: pending, Pools: pools}
	return l.Recounted(sat)
}

// The seats say what is used, the quantities what the limit is, and the rest follows (DATA.md, Guards).
func TestALineIsRecountedFromItsSeats(t *testing.T) {
	for name, row := range map[string]struct {
		is              contract.Pools
		used, available int
		pending         int
		sat             map[contract.PoolID]int
		want            contract.Pools
		wantUsed, wants int
	}{
		"right already": {
			contract.Pools{contract.Unassigned: {7, 5, 0}, sales: {3, 2, 0}}, 3, 7, 0, map[contract.PoolID]int{contract.Unassigned: 2, sales: 1},
			contract.Pools{contract.Unassigned: {7, 5, 0}, sales: {3, 2, 0}}, 3, 7,
		},
		"used and available are off, of the line and of a pool": {
			contract.Pools{contract.Unassigned: {7, 1, 0}, sales: {3, 3, 0}}, 9, 1, 0, map[contract.PoolID]int{contract.Unassigned: 2, sales: 1},
			contract.Pools{contract.Unassigned: {7, 5, 0}, sales: {3, 2, 0}}, 3, 7,
		},
		"the pools come to more than the limit: what is free goes, the unassigned first": {
			contract.Pools{contract.Unassigned: {8, 8, 0}, sales: {5, 4, 0}}, 1, 9, 0, map[contract.PoolID]int{sales: 1},
			contract.Pools{contract.Unassigned: {5, 5, 0}, sales: {5, 4, 0}}, 1, 9,
		},
		"more sit on a cost center's seats than it has": {
			contract.Pools{contract.Unassigned: {9, 9, 0}, sales: {1, 0, 0}}, 1, 9, 0, map[contract.PoolID]int{sales: 3},
			contract.Pools{contract.Unassigned: {7, 7, 0}, sales: {3, 0, 0}}, 3, 7,
		},
		"a pool that people sit on is not there, and one that carries nothing is": {
			contract.Pools{contract.Unassigned: {10, 10, 0}, stores: {0, 0, 0}}, 0, 10, 0, map[contract.PoolID]int{sales: 2},
			contract.Pools{contract.Unassigned: {8, 8, 0}, sales: {2, 0, 0}}, 2, 8,
		},
		"over the limit": {
			contract.Pools{contract.Unassigned: {10, 0, 0}}, 10, 0, 0, map[contract.PoolID]int{contract.Unassigned: 12},
			contract.Pools{contract.Unassigned: {10, -2, 0}}, 12, -2,
		},
		"what is pending removal is neither used nor available, of the pool that it is taken from": {
			contract.Pools{contract.Unassigned: {6, 6, 0}, sales: {4, 1, 0}}, 9, 7, 2, map[contract.PoolID]int{sales: 1},
			contract.Pools{contract.Unassigned: {6, 6, 0}, sales: {4, 1, 2}}, 1, 7,
		},
		"what is pending removal stays where the pools say, whatever else of them is off": {
			contract.Pools{contract.Unassigned: {6, 6, 1}, sales: {4, 4, 1}}, 0, 8, 2, map[contract.PoolID]int{sales: 2},
			contract.Pools{contract.Unassigned: {6, 5, 1}, sales: {4, 1, 1}}, 2, 6,
		},
		"what is pending and no pool knows of is the unassigned pool's": {
			contract.Pools{contract.Unassigned: {6, 6, 0}, sales: {4, 3, 0}}, 1, 7, 2, map[contract.PoolID]int{sales: 1},
			contract.Pools{contract.Unassigned: {6, 4, 2}, sales: {4, 3, 0}}, 1, 7,
		},
	} {
		l := recounted(row.is, row.used, row.available, row.pending, row.sat)
		if l.Used != row.wantUsed || l.Available != row.wants || *l.Limit != 10 || l.Pending != row.pending {
			t.Errorf("%s: used %d, available %d, limit %d, pending %d", name, l.Used, l.Available, *l.Limit, l.Pending)
		}
		if diff := cmp.Diff(row.want, l.Pools); diff != "" {
			t.Errorf("%s: pools (-want +got):\n%s", name, diff)
		}
	}
}

// Whatever a line says and whoever sits on it: recounted it agrees with itself, nobody loses a seat, and counting again
// changes nothing.
func TestARecountedLineAgreesWithItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		few, ids := rapid.IntRange(0, 20), rapid.SampledFrom([]contract.PoolID{contract.Unassigned, sales, stores})
		pools := contract.Pools(rapid.MapOf(ids, rapid.Custom(func(t *rapid.T) contract.Pool {
			return contract.Pool{Purchased: few.Draw(t, "purchased"), Available: rapid.IntRange(-20, 20).Draw(t, "available")}
		})).Draw(t, "pools"))
		sat := rapid.MapOf(ids, few).Draw(t, "sat")
		before := maps.Clone(pools)
		l := recounted(pools, few.Draw(t, "used"), few.Draw(t, "free"), rapid.IntRange(0, 3).Draw(t, "pending"), sat)
		purchased, available, used, pending := 0, 0, 0, 0
		for pool, p := range l.Pools {
			purchased, available, used, pending = purchased+p.Purchased, available+p.Available, used+sat[pool], pending+p.Pending
			if pool != contract.Unassigned && p.Available < 0 {
				t.Fatalf("pool %s is %+v, and %d sit on it", pool, p, sat[pool])
			}
		}
		if l.Used != used || purchased != *l.Limit || available != l.Available || pending != l.Pending || l.Available != *l.Limit-l.Used-l.Pending {
			t.Fatalf("the line does not agree with itself: %+v, limit %d, %d sit", l, *l.Limit, used)
		}
		if diff := cmp.Diff(l, l.Recounted(sat)); diff != "" {
			t.Fatalf("counted again it is another (-once +twice):\n%s", diff)
		}
		if diff := cmp.Diff(before, pools); diff != "" {
			t.Fatalf("the line that was counted is changed: %s", diff)
		}
	})
}

func TestNothingIsNotedOfALineThatIsRight(t *testing.T) {
	limit := 10
	l := contract.Line{Product: "desk", Quantities: contract.Quantities{Contracted: &limit}, Limit: &limit, Available: 10, Pools: contract.Pools{contract.Unassigned: {10, 10, 0}}}
	var r activity.Record
	contract.NoteRecount(&r, contract.LineRow{Line: l}, l.Recounted(nil))
	if r.After != nil {
		t.Errorf("noted of a line that is right: %+v", r)
	}
	l.Used, l.Available = 1, 9
	contract.NoteRecount(&r, contract.LineRow{Line: l}, l.Recounted(nil))
	want := activity.Values{"lines.desk.used": 0, "lines.desk.available": 10}
	if diff := cmp.Diff(want, r.After); diff != "" {
		t.Errorf("noted (-want +got):\n%s", diff)
	}
}
