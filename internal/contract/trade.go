package contract

import (
	"maps"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
)

// InStock is how many of a line's seats that no removal has taken are billed by a period: by the month those that were
// bought by it, until the contract's end (Yearly) all others. Both sum to the limit less what is pending. A limit that was
// set below what was bought leaves those bought by the month.
func (l Line) InStock(by catalog.Period) int {
	stock := max(0, seats(l.Limit)-l.Pending)
	monthly := min(l.Monthly, stock)
	if by == catalog.Monthly {
		return monthly
	}
	return stock - monthly
}

// Withheld is the line with free seats taken out of stock, by pool, that are billed by a period: they are billed, and part
// of the limit, until they have Lapsed. Counts below zero are seats that come back into stock.
func (l Line) Withheld(counts map[PoolID]int, by catalog.Period) Line {
	n := total(counts)
	l.Pending += n
	l.Available -= n
	if by == catalog.Monthly {
		l.Monthly -= n
	}
	l.Pools = l.Pools.with(counts, Pool.withheld)
	return l
}

// Rebought is the line with seats that an order adds, billed by a period, by the pool that carries them (FEATURES.md,
// Buying). Some of them are taken back from those withheld that are billed by the same, by the pools that they were
// withheld of: to take back changes no limit, whoever changed it meanwhile. Only what is bought beyond them raises it; counts
// are all of them, by the pools that carry them then. What a lower limit took of those bought by the month is gone with it: it
// does not come back as what this order adds.
func (l Line) Rebought(taken, counts map[PoolID]int, by catalog.Period) Line {
	back := total(taken)
	l.Monthly = l.InStock(catalog.Monthly)
	l.Pending -= back
	l.Available += back
	if by == catalog.Monthly {
		l.Monthly += total(counts)
	}
	l.Pools = l.Pools.with(taken, Pool.released).
		with(counts, func(p Pool, k int) Pool { return Pool{p.Purchased + k, p.Available + k, p.Pending} })
	if more := total(counts) - back; more > 0 {
		l.Quantities = l.Quantities.ordered(more)
		l.Available += more
	}
	l.Limit = l.Quantities.Limit()
	return l
}

// Lapsed is the line without seats that were withheld from these pools, on the day that their removal counts: the limit
// never falls below what is used by it. Where somebody has lowered the limit since the seats were withheld, so far that they
// were missing already, only what is still there goes; the rest of them is what the unassigned pool owed. What is billed by
// what was settled when they were withheld.
func (l Line) Lapsed(counts map[PoolID]int) Line {
	n := total(counts)
	gone := min(n, max(0, seats(l.Limit)-l.Used))
	q := l.Quantities
	said := (Quantities{Contracted: q.Contracted, Bought: q.Bought}).Limit()
	switch {
	case q.Override != nil:
		q.Override = plus(q.Override, -gone)
		if said != nil {
			q.Bought = plus(q.Bought, -min(n, max(0, *said)))
		}
	case gone > 0:
		q.Bought = plus(q.Bought, -gone)
	}
	l.Quantities, l.Limit = q, q.Limit()
	l.Pending -= n
	l.Available += n - gone
	l.Pools = l.Pools.with(counts, Pool.released)
	if n > gone {
		l.Pools.add(Unassigned, n-gone)
	}
	return l
}

// with is the pools after a change of each that is counted. Those of cost centers that carry nothing are gone.
func (p Pools) with(counts map[PoolID]int, change func(Pool, int) Pool) Pools {
	after := maps.Clone(p)
	if after == nil {
		after = Pools{Unassigned: {}}
	}
	for pool, k := range counts {
		after[pool] = change(after[pool], k)
	}
	after.prune()
	return after
}

func total(counts map[PoolID]int) int {
	n := 0
	for _, k := range counts {
		n += k
	}
	return n
}

func plus(n *int, more int) *int {
	sum := more
	if n != nil {
		sum += *n
	}
	return &sum
}
