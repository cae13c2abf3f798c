package contract

import "maps"

// Ordered is the line with seats that an order adds, by the pool that carries them (FEATURES.md, Buying). Where an
// override stands the limit is that number, so it rises with what was bought: an order raises the limit whoever set it.
func (l Line) Ordered(counts map[PoolID]int) Line {
	n := total(counts)
	q := l.Quantities
	q.Bought = plus(q.Bought, n)
	if q.Override != nil {
		q.Override = plus(q.Override, n)
	}
	l.Quantities, l.Limit = q, q.Limit()
	l.Available += n
	l.Pools = l.Pools.with(counts, func(p Pool, k int) Pool { return Pool{p.Purchased + k, p.Available + k} })
	return l
}

// Withheld is the line with free seats taken out of stock, by pool: they are billed, and part of the limit, until they
// have Lapsed.
func (l Line) Withheld(counts map[PoolID]int) Line {
	n := total(counts)
	l.Pending += n
	l.Available -= n
	l.Pools = l.Pools.with(counts, func(p Pool, k int) Pool { return Pool{p.Purchased, p.Available - k} })
	return l
}

// Reinstated is the line with seats back in stock that were withheld from these pools.
func (l Line) Reinstated(counts map[PoolID]int) Line {
	back := maps.Clone(counts)
	for pool, k := range back {
		back[pool] = -k
	}
	return l.Withheld(back)
}

// Rebought is Ordered where some of the seats are taken back from those withheld, by the pools that they were withheld of:
// to take back changes no limit, whoever changed it meanwhile. Only what is bought beyond them raises it; counts are all of
// them, by the pools that carry them then.
func (l Line) Rebought(taken, counts map[PoolID]int) Line {
	back := total(taken)
	l.Pending -= back
	l.Available += back
	l.Pools = l.Pools.with(taken, func(p Pool, k int) Pool { return Pool{p.Purchased - k, p.Available} }).
		with(counts, func(p Pool, k int) Pool { return Pool{p.Purchased + k, p.Available + k} })
	if more := total(counts) - back; more > 0 {
		l.Quantities.Bought = plus(l.Bought, more)
		if l.Override != nil {
			l.Quantities.Override = plus(l.Override, more)
		}
		l.Available += more
	}
	l.Limit = l.Quantities.Limit()
	return l
}

// Lapsed is the line without seats that were withheld from these pools, on the day that their removal counts: the limit never falls below what is used by it. Where somebody has
// lowered the limit since the seats were withheld, so far that they were missing already, only what is still there goes;
// the rest of them is what the unassigned pool owed.
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
	l.Pools = l.Pools.with(counts, func(p Pool, k int) Pool { return Pool{p.Purchased - k, p.Available} })
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
