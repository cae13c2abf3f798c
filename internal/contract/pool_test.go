package contract_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seatkeeper/seatkeeper/internal/contract"
)

const none = contract.Unassigned

// Terms, orders and removals change pools by one rule: what shrinks is taken from the unassigned pool, then from the pool
// with most free; only the unassigned pool goes below zero (FEATURES.md, Seats).
func TestWhatALimitGrowsOrShrinksByIsSpreadByOneRule(t *testing.T) {
	for name, test := range map[string]struct {
		before contract.Pools
		by     int
		want   contract.Pools
	}{
		"a line without pools grows":          {nil, 5, contract.Pools{none: {5, 5, 0}}},
		"what grows is unassigned":            {contract.Pools{none: {2, 0, 0}, "a": {3, 1, 0}}, 4, contract.Pools{none: {6, 4, 0}, "a": {3, 1, 0}}},
		"nothing":                             {contract.Pools{none: {2, 1, 0}, "a": {3, 1, 0}}, 0, contract.Pools{none: {2, 1, 0}, "a": {3, 1, 0}}},
		"the unassigned pool shrinks first":   {contract.Pools{none: {4, 3, 0}, "a": {9, 9, 0}}, -3, contract.Pools{none: {1, 0, 0}, "a": {9, 9, 0}}},
		"then the one with most free":         {contract.Pools{none: {4, 3, 0}, "a": {9, 4, 0}, "b": {9, 5, 0}}, -5, contract.Pools{none: {1, 0, 0}, "a": {9, 4, 0}, "b": {7, 3, 0}}},
		"then the next":                       {contract.Pools{none: {0, 0, 0}, "a": {9, 4, 0}, "b": {9, 5, 0}}, -8, contract.Pools{none: {0, 0, 0}, "a": {6, 1, 0}, "b": {4, 0, 0}}},
		"of equals the first":                 {contract.Pools{none: {0, 0, 0}, "b": {2, 2, 0}, "a": {2, 2, 0}}, -1, contract.Pools{none: {0, 0, 0}, "a": {1, 1, 0}, "b": {2, 2, 0}}},
		"a pool that carries nothing is gone": {contract.Pools{none: {0, 0, 0}, "a": {2, 2, 0}, "b": {3, 1, 0}}, -2, contract.Pools{none: {0, 0, 0}, "b": {3, 1, 0}}},
		"what nobody has free is owed":        {contract.Pools{none: {3, 1, 0}, "a": {2, 0, 0}}, -4, contract.Pools{none: {-1, -3, 0}, "a": {2, 0, 0}}},
		"more is owed":                        {contract.Pools{none: {1, -2, 0}, "a": {2, 1, 0}}, -3, contract.Pools{none: {-1, -4, 0}, "a": {1, 0, 0}}},
		"what grows pays what is owed first":  {contract.Pools{none: {-1, -3, 0}, "a": {2, 0, 0}}, 4, contract.Pools{none: {3, 1, 0}, "a": {2, 0, 0}}},
	} {
		before := contract.Pools{}
		for pool, p := range test.before {
			before[pool] = p
		}
		if diff := cmp.Diff(test.want, test.before.Resized(test.by)); diff != "" {
			t.Errorf("%s (-want +got): %s", name, diff)
		}
		if diff := cmp.Diff(before, test.before); test.before != nil && diff != "" {
			t.Errorf("%s: what was there is changed: %s", name, diff)
		}
	}
}

// Assigning takes from the pool that is named, else from the one with most free (issue 5, Pools).
func TestSeatsArePickedFromTheNamedPoolElseFromTheOneWithMostFree(t *testing.T) {
	pools := contract.Pools{none: {5, 2, 0}, "a": {4, 3, 0}, "b": {2, 0, 0}}
	for name, test := range map[string]struct {
		pools contract.Pools
		named contract.PoolID
		n     int
		want  []contract.PoolID
	}{
		"most free, seat by seat":          {pools, "", 5, []contract.PoolID{"a", none, "a", none, "a"}},
		"fewer than asked for":             {pools, "", 9, []contract.PoolID{"a", none, "a", none, "a"}},
		"named":                            {pools, "a", 2, []contract.PoolID{"a", "a"}},
		"named, and fewer are free":        {pools, none, 3, []contract.PoolID{none, none}},
		"named, and nothing is free":       {pools, "b", 1, []contract.PoolID{}},
		"named, and not there":             {pools, "c", 1, []contract.PoolID{}},
		"nothing anywhere":                 {contract.Pools{none: {-1, -1, 0}, "b": {2, 0, 0}}, "", 1, []contract.PoolID{}},
		"no pools at all":                  {nil, "", 1, []contract.PoolID{}},
		"what is below zero takes nothing": {contract.Pools{none: {-1, -3, 0}, "a": {4, 1, 0}}, "", 2, []contract.PoolID{"a"}},
	} {
		if diff := cmp.Diff(test.want, test.pools.Pick(test.named, test.n)); diff != "" {
			t.Errorf("%s (-want +got): %s", name, diff)
		}
	}
}

// A split leaves what cost centers do not carry unassigned, and takes no seat from under anybody.
func TestASplitLeavesEveryPoolWhatIsUsedOfIt(t *testing.T) {
	for name, test := range map[string]struct {
		before contract.Pools
		wanted map[contract.PoolID]int
		want   contract.Pools
		less   contract.PoolID
	}{
		"over two":                      {contract.Pools{none: {9, 9, 0}}, map[contract.PoolID]int{"a": 4, "b": 2}, contract.Pools{none: {3, 3, 0}, "a": {4, 4, 0}, "b": {2, 2, 0}}, ""},
		"all of it":                     {contract.Pools{none: {9, 9, 0}}, map[contract.PoolID]int{"a": 9}, contract.Pools{none: {0, 0, 0}, "a": {9, 9, 0}}, ""},
		"more than there are":           {contract.Pools{none: {9, 9, 0}}, map[contract.PoolID]int{"a": 10}, nil, none},
		"what is used unassigned stays": {contract.Pools{none: {9, 2, 0}}, map[contract.PoolID]int{"a": 3}, nil, none},
		"a pool that is left out goes":  {contract.Pools{none: {1, 1, 0}, "a": {3, 3, 0}}, nil, contract.Pools{none: {4, 4, 0}}, ""},
		"unless somebody sits on it":    {contract.Pools{none: {1, 1, 0}, "a": {3, 2, 0}}, nil, nil, "a"},
		"none for a cost center":        {contract.Pools{none: {1, 1, 0}, "a": {3, 3, 0}}, map[contract.PoolID]int{"a": 0, "b": 0}, contract.Pools{none: {4, 4, 0}}, ""},
		"below what is used":            {contract.Pools{none: {1, 1, 0}, "a": {3, 1, 0}}, map[contract.PoolID]int{"a": 1}, nil, "a"},
		"exactly what is used":          {contract.Pools{none: {1, 1, 0}, "a": {3, 1, 0}}, map[contract.PoolID]int{"a": 2}, contract.Pools{none: {2, 2, 0}, "a": {2, 0, 0}}, ""},
		"what is owed stays owed":       {contract.Pools{none: {1, -2, 0}, "a": {3, 1, 0}}, map[contract.PoolID]int{"a": 3}, contract.Pools{none: {1, -2, 0}, "a": {3, 1, 0}}, ""},
		"less is owed":                  {contract.Pools{none: {1, -2, 0}, "a": {3, 1, 0}}, map[contract.PoolID]int{"a": 2}, contract.Pools{none: {2, -1, 0}, "a": {2, 0, 0}}, ""},
		"not more":                      {contract.Pools{none: {1, -2, 0}, "a": {3, 1, 0}}, map[contract.PoolID]int{"a": 4}, nil, none},
	} {
		got, less := test.before.Split(test.wanted)
		if diff := cmp.Diff(test.want, got); diff != "" || less != test.less {
			t.Errorf("%s: less than used in %q, want %q (-want +got): %s", name, less, test.less, diff)
		}
	}
}

// history is a line and what its pools must come to after any history.
type history struct {
	line contract.Line
	used map[contract.PoolID]int
}

func (h *history) check(t *rapid.T) {
	purchased, available, sum := 0, 0, 0
	for pool, p := range h.line.Pools {
		purchased, available, sum = purchased+p.Purchased, available+p.Available, sum+p.Used()
		if p.Used() != h.used[pool] {
			t.Fatalf("pool %s says %d used, and %d sit on it", pool, p.Used(), h.used[pool])
		}
		if pool != none && (p.Available < 0 || p.Purchased < 1) {
			t.Fatalf("pool %s is %+v: below zero, or there for nothing", pool, p)
		}
	}
	for pool, n := range h.used {
		if _, there := h.line.Pools[pool]; !there && n > 0 {
			t.Fatalf("pool %s is gone, and %d sit on it", pool, n)
		}
	}
	if _, there := h.line.Pools[none]; !there {
		t.Fatal("the unassigned pool is gone")
	}
	if limit := *h.line.Limit; purchased != limit || available != limit-h.line.Used-h.line.Pending || h.line.Available != available || h.line.Used != sum {
		t.Fatalf("limit %d and pools %d; available %d and pools %d; used %d and pools %d: %+v", limit, purchased, h.line.Available, available, h.line.Used, sum, h.line.Pools)
	}
}

// Pools sum to the limit, and what is available of them to the limit less what is used, after any history.
func TestPoolsSumToTheLimitAfterAnyHistory(t *testing.T) {
	pools := rapid.SampledFrom([]contract.PoolID{none, "a", "b", "c"})
	rapid.Check(t, func(rt *rapid.T) {
		limit := rapid.IntRange(0, 12).Draw(rt, "limit")
		h := history{contract.Line{Pools: contract.Pools{none: {}}}.With(contract.Quantities{Contracted: &limit}), map[contract.PoolID]int{}}
		rt.Repeat(map[string]func(*rapid.T){
			"set the limit": func(rt *rapid.T) {
				limit := rapid.IntRange(0, 20).Draw(rt, "limit")
				h.line = h.line.With(contract.Quantities{Override: &limit})
			},
			"assign": func(rt *rapid.T) {
				named := rapid.SampledFrom([]contract.PoolID{"", none, "a", "b", "c"}).Draw(rt, "named")
				for _, pool := range h.line.Pools.Pick(named, rapid.IntRange(1, 6).Draw(rt, "n")) {
					if named != "" && pool != named {
						rt.Fatalf("picked %s, named was %s", pool, named)
					}
					if h.line.Available > 0 { // the line's own guard
						h.line, h.used[pool] = h.line.Taken(map[contract.PoolID]int{pool: 1}), h.used[pool]+1
					}
				}
			},
			"give back": func(rt *rapid.T) {
				if pool := pools.Draw(rt, "pool"); h.used[pool] > 0 {
					h.line, h.used[pool] = h.line.Taken(map[contract.PoolID]int{pool: -1}), h.used[pool]-1
				}
			},
			"move": func(rt *rapid.T) {
				from, to := pools.Draw(rt, "from"), pools.Draw(rt, "to")
				if from != to && h.used[from] > 0 {
					was := h.line.Pools
					h.line.Pools = was.Moved(from, to)
					h.used[from], h.used[to] = h.used[from]-1, h.used[to]+1
					if was[from].Available != h.line.Pools[from].Available || was[to].Available != h.line.Pools[to].Available {
						rt.Fatalf("what is free changed by a move: %+v to %+v", was, h.line.Pools)
					}
				}
			},
			"split": func(rt *rapid.T) {
				wanted := rapid.MapOf(rapid.SampledFrom([]contract.PoolID{"a", "b", "c"}), rapid.IntRange(0, 8)).Draw(rt, "wanted")
				if after, less := h.line.Pools.Split(wanted); less == "" {
					h.line.Pools = after
				}
			},
			"": h.check,
		})
	})
}

// Cost centers are told when a line begins and when it ends to carry seats of theirs; nobody carries what is unassigned.
func TestCostCentersAreToldOfPoolsThatBeginAndEnd(t *testing.T) {
	got := contract.Carried(contract.Pools{none: {1, 1, 0}, "a": {1, 0, 0}, "b": {1, 1, 0}}, contract.Pools{"b": {2, 1, 0}, "c": {1, 1, 0}})
	if diff := cmp.Diff(map[contract.PoolID]int{"a": -1, "c": 1}, got); diff != "" {
		t.Errorf("(-want +got): %s", diff)
	}
}
