package contract

import (
	"cmp"
	"maps"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/id"
)

// PoolID names a pool of a line: the id of the cost center that carries it, or Unassigned.
type PoolID string

// Unassigned is the pool that no cost center carries, the default one. It alone may go below zero.
const Unassigned PoolID = "none"

// PoolOf is the pool that a cost center carries; none is Unassigned.
func PoolOf(cc id.CostCenter) PoolID {
	if cc == "" {
		return Unassigned
	}
	return PoolID(cc)
}

// CostCenter is who carries the pool; empty is nobody.
func (p PoolID) CostCenter() id.CostCenter {
	if p == Unassigned {
		return ""
	}
	return id.CostCenter(p)
}

// MaxPools is how many cost centers can carry seats of one line (DATA.md, Guards).
const MaxPools = 50

// Pool is the part of a line's seats that one cost center carries.
type Pool struct {
	Purchased int `dynamodbav:"purchased"`
	Available int `dynamodbav:"available"`
	// Pending are those of the line's pendingRemoval that are the pool's: out of stock, and nobody sits on them. A row from
	// before pools counted them says none; recounting finds them.
	Pending int `dynamodbav:"pending,omitempty"`
}

// Used is how many of the pool's seats somebody sits on.
func (p Pool) Used() int { return p.held() - p.Pending }

// held is how many of the pool's seats are not free: somebody sits on them, or they wait to be removed.
func (p Pool) held() int { return p.Purchased - p.Available }

// withheld is the pool with n of its free seats out of stock; below zero they come back.
func (p Pool) withheld(n int) Pool {
	return Pool{p.Purchased, p.Available - n, max(0, p.Pending+n)}
}

// released is the pool without n seats that were out of stock.
func (p Pool) released(n int) Pool {
	return Pool{p.Purchased - n, p.Available, max(0, p.Pending-n)}
}

// Pools are a line's. Their sums are the line's limit and what is available of it, always.
type Pools map[PoolID]Pool

// IDs lists the pools in their order.
func (p Pools) IDs() []PoolID { return slices.Sorted(maps.Keys(p)) }

// Resized spreads a change of the limit by one rule (FEATURES.md, Seats): what grows goes to the unassigned pool; what
// shrinks is taken from the unassigned pool, then from the pool with most free, and what nobody has free is owed by the
// unassigned pool, which then is below zero.
func (p Pools) Resized(by int) Pools {
	after := maps.Clone(p)
	if after == nil {
		after = Pools{}
	}
	after.add(Unassigned, 0)
	if by >= 0 {
		after.add(Unassigned, by)
		return after
	}
	owed := -by
	for _, pool := range append([]PoolID{Unassigned}, after.byFree()...) {
		n := min(owed, max(0, after[pool].Available))
		after.add(pool, -n)
		owed -= n
	}
	after.add(Unassigned, -owed)
	after.prune()
	return after
}

// add buys n seats more for a pool.
func (p Pools) add(pool PoolID, n int) {
	was := p[pool]
	p[pool] = Pool{was.Purchased + n, was.Available + n, was.Pending}
}

// byFree lists the pools, the one with most free first; of equal ones the unassigned, then by id.
func (p Pools) byFree() []PoolID {
	return slices.SortedFunc(maps.Keys(p), func(a, b PoolID) int {
		return cmp.Or(
			cmp.Compare(p[b].Available, p[a].Available),
			-cmp.Compare(unassignedFirst(a), unassignedFirst(b)),
			cmp.Compare(a, b),
		)
	})
}

func unassignedFirst(p PoolID) int {
	if p == Unassigned {
		return 1
	}
	return 0
}

// Pick takes n seats, each from the pool that is named, or from the one with most free at that seat; the pools come in
// the order of the seats. It takes fewer where fewer are free.
func (p Pools) Pick(named PoolID, n int) []PoolID {
	free := maps.Clone(p)
	picked := make([]PoolID, 0, n)
	for range n {
		pool := named
		if named == "" {
			if len(free) == 0 {
				return picked
			}
			pool = free.byFree()[0]
		}
		was := free[pool]
		if was.Available < 1 {
			return picked
		}
		was.Available--
		free[pool] = was
		picked = append(picked, pool)
	}
	return picked
}

// Moved is the pools once a seat that somebody sits on has gone from one to another, and its purchase with it: both
// keep what is free. A pool that carries nothing any more is gone.
func (p Pools) Moved(from, to PoolID) Pools {
	after := maps.Clone(p)
	for pool, n := range map[PoolID]int{from: -1, to: 1} {
		was := after[pool]
		was.Purchased += n
		after[pool] = was
	}
	after.prune()
	return after
}

// prune drops the pools of cost centers that carry nothing.
func (p Pools) prune() {
	maps.DeleteFunc(p, func(pool PoolID, n Pool) bool { return pool != Unassigned && n == Pool{} })
}

// Split is the pools once cost centers carry these numbers of seats; what they leave over is unassigned. less names the
// pool whose number would be below what is used of it or waits to be removed, where there is one: a seat that somebody sits
// on is moved, not split away. Where the line is over its limit the unassigned pool stays below zero by no more than before.
func (p Pools) Split(purchased map[PoolID]int) (after Pools, less PoolID) {
	total := 0
	for _, pool := range p {
		total += pool.Purchased
	}
	after = Pools{}
	for _, pool := range slices.Sorted(maps.Keys(purchased)) {
		n := purchased[pool]
		total -= n
		after[pool] = Pool{n, n - p[pool].held(), p[pool].Pending}
		if after[pool].Available < 0 {
			return nil, pool
		}
	}
	for pool, was := range p {
		if _, kept := purchased[pool]; !kept && pool != Unassigned && was.held() > 0 {
			return nil, pool
		}
	}
	after[Unassigned] = Pool{total, total - p[Unassigned].held(), p[Unassigned].Pending}
	if after[Unassigned].Available < min(0, p[Unassigned].Available) {
		return nil, Unassigned
	}
	after.prune()
	return after, ""
}

// Carried says by how many lines more or fewer each cost center carries seats after a change of a line's pools.
func Carried(before, after Pools) map[PoolID]int {
	by := map[PoolID]int{}
	for pool := range before {
		if _, stays := after[pool]; !stays && pool != Unassigned {
			by[pool] = -1
		}
	}
	for pool := range after {
		if _, was := before[pool]; !was && pool != Unassigned {
			by[pool] = 1
		}
	}
	return by
}
