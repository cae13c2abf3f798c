package contract

import (
	"maps"
	"slices"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Recounted is the line as it must be when so many sit on its seats, by pool. What others say stands: the quantities,
// what is pending removal, what each cost center purchased. From these follow the limit, what is used, and what is
// available of the line and of each pool. A cost center whose people are more than its seats gets what it lacks from
// the unassigned pool, which alone may be below zero; the pools come to the limit by the rule of Resized.
func (l Line) Recounted(used map[PoolID]int) Line {
	withheld, purchased := l.withheld(used), 0
	after := l
	after.Limit, after.Used, after.Pools = l.Quantities.Limit(), 0, Pools{Unassigned: {}}
	for _, pool := range slices.Concat(l.Pools.IDs(), slices.Collect(maps.Keys(used)), []PoolID{Unassigned}) {
		bought := l.Pools[pool].Purchased
		after.Pools[pool] = Pool{bought, bought - used[pool] - withheld[pool], withheld[pool]}
	}
	for pool, p := range after.Pools {
		after.Used, purchased = after.Used+used[pool], purchased+p.Purchased
	}
	for _, pool := range after.Pools.IDs() {
		if lacks := -after.Pools[pool].Available; pool != Unassigned && lacks > 0 {
			after.Pools.add(pool, lacks)
			after.Pools.add(Unassigned, -lacks)
		}
	}
	after.Pools = after.Pools.Resized(seats(after.Limit) - purchased)
	after.Pools.prune()
	after.Available = seats(after.Limit) - after.Used - l.Pending
	return after
}

// withheld is how many seats of each pool are out of stock for a removal that is to come: what the pools say, where that
// comes to what the line says is pending; else those that are neither free nor sat on. They are as many as the line says;
// those that no pool knows of are the unassigned pool's.
func (l Line) withheld(used map[PoolID]int) map[PoolID]int {
	by, rest := map[PoolID]int{}, l.Pending
	for pool, p := range l.Pools {
		by[pool] = p.Pending
		rest -= p.Pending
	}
	if rest == 0 {
		return by
	}
	by, rest = map[PoolID]int{}, l.Pending
	for _, pool := range l.Pools.IDs() {
		by[pool] = min(rest, max(0, l.Pools[pool].held()-used[pool]))
		rest -= by[pool]
	}
	by[Unassigned] += rest
	return by
}

// NoteRecount notes in a record what of a line as it was read is not as it must be, by the names of noteLine; nothing is
// noted of a line that is right. It looks at the attention list too, in which the row stands or not.
func NoteRecount(r *activity.Record, is LineRow, must Line) {
	at := "lines." + must.Product + "."
	if number(is.Limit) != number(must.Limit) {
		activity.Set(r, at+"limit", number(is.Limit), number(must.Limit))
	}
	activity.Changed(r, at+"used", is.Used, must.Used)
	activity.Changed(r, at+"available", is.Available, must.Available)
	for _, pool := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(is.Pools.IDs(), must.Pools.IDs())))) {
		if was, now := is.Pools.noted(pool), must.Pools.noted(pool); was != now {
			activity.Set(r, at+"pools."+string(pool), was, now)
		}
	}
	_, listed := is.was[string(table.LSI2)]
	activity.Changed(r, at+"attention", listed, must.attention())
}

// noted is a pool as a value that can be compared and shown: nil where there is none.
func (p Pools) noted(pool PoolID) any {
	n, there := p[pool]
	if !there {
		return nil
	}
	return n
}

// RecountOps are the writes of a line as it must be, with what cost centers carry by it, under the rev that was read. A
// threshold that is risen over by it is crossed at that instant, the record's: nobody knows since when it was.
func RecountOps(a id.Account, before LineRow, must Line, at time.Time) ([]table.Op, error) {
	return poolOps(a, before, must, at)
}

// CarriedBy counts the lines on which each cost center carries seats.
func CarriedBy(lines []Line) map[id.CostCenter]int {
	by := map[id.CostCenter]int{}
	for _, l := range lines {
		for pool := range l.Pools {
			if pool != Unassigned {
				by[pool.CostCenter()]++
			}
		}
	}
	return by
}

// Counts is what is counted over all contracts of an account, as it was read: Over is how many have more systems than
// purchased.
type Counts struct {
	Over int `dynamodbav:"over"`
	was  table.Item
}

// ReadCounts understands the row; nil is an account in which nothing was counted yet.
func ReadCounts(item table.Item) (Counts, error) {
	c := Counts{was: item}
	return c, table.Decode(item, &c)
}

// RecountedOver counts the contracts that have more systems than purchased, expired ones too.
func RecountedOver(contracts []Contract) (n int) {
	for _, c := range contracts {
		if c.Over() > 0 {
			n++
		}
	}
	return n
}

// Op writes another number over the one that was read. Every change of the row adds to its rev, so it is refused where a
// contract crossed meanwhile. A row from before counts had a rev gets its first.
func (c Counts) Op(a id.Account, over int) table.Op {
	if c.was != nil && table.RevOf(c.was) == 0 {
		return table.Put(table.ContractCounts(a), table.Item{"over": table.Number(over), "rev": table.Number(1)}, table.Lacks("rev"))
	}
	return table.Keep(table.ContractCounts(a), c.was, table.Item{"over": table.Number(over)})
}
