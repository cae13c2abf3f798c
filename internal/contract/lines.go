package contract

import (
	"context"
	"errors"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// LineRow is a line as it was read: what it says, and the row that a change is made over. The zero value is a line that
// is not there.
type LineRow struct {
	Line
	was table.Item
}

// ReadLine understands a row; nil is a line that is not there.
func ReadLine(item table.Item) (LineRow, error) {
	r := LineRow{was: item}
	return r, table.Decode(item, &r.Line)
}

// There tells whether there is such a line.
func (l LineRow) There() bool { return l.was != nil }

// Lines reads the lines of a contract by product: 1 call, a unit each.
func (s *Store) Lines(ctx context.Context, a id.Account, c Contract) ([]LineRow, error) {
	products := c.Products.List()
	if len(products) == 0 {
		return nil, nil
	}
	keys := make([]table.Key, len(products))
	for i, product := range products {
		keys[i] = table.Line(a, c.ID, product)
	}
	rows, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return nil, err
	}
	lines := make([]LineRow, len(keys))
	for i, k := range keys {
		if lines[i], err = ReadLine(rows[k]); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// NewLine is a line as a contract gets it, before anybody says how many seats it has.
func NewLine(c Contract, product, name string) Line {
	return Line{Contract: c.ID, Product: product, ProductName: name, Expiry: c.Expiry, Pools: Pools{Unassigned: {}}}
}

// LineOp is the write of a line that is new, or that stays at its level, under the rev that was read. What Carried says of
// its pools is written with it by whoever changes them.
func LineOp(a id.Account, before LineRow, after Line) (table.Op, error) {
	return LineOpAt(a, before, after, time.Time{})
}

// LineOpAt is LineOp of a line whose level may rise by it: at dates the crossing of a threshold, and nothing else.
func LineOpAt(a id.Account, before LineRow, after Line, at time.Time) (table.Op, error) {
	after.Rev, after.Rose = 1, before.Rose
	if before.There() {
		after.rise(before.Level(), after.Level(), before.Rev+1, at, nil)
	}
	item, err := encodeLine(after)
	if err != nil {
		return table.Op{}, err
	}
	switch {
	case !before.There():
	case before.Level() != after.Level():
		mark(item, a, after)
	default:
		table.KeepDue(before.was, item)
	}
	key := table.Line(a, after.Contract, after.Product)
	if before.There() {
		return table.Replace(key, before.was, item), nil
	}
	return table.Put(key, item, table.Absent()), nil
}

// marked is when a line whose level changed is due: before everything that has a day, at the next sweep.
const marked date.Date = "0001-01-01"

// mark enters a line whose level changes into the index of what is due, in the transaction that changes it: the sweep
// looks at it, and announces the level if nobody has. Whoever loses the change's stream record loses no alert by it. What
// the late announcement needs is in the line itself (Rose).
func mark(item table.Item, a id.Account, l Line) {
	table.PutDue(item, marked, a, table.DueLevel, markOf(l))
}

func markOf(l Line) string { return l.Product + "#" + string(l.Contract) }

func encodeLine(l Line) (table.Item, error) {
	item, err := table.Encode(l)
	if err != nil {
		return nil, err
	}
	table.LineSorts(l.Product, l.Contract, l.attention()).Put(item)
	return item, nil
}

// SeatsOp is the write of seats that are assigned (counts above zero) or given back (below) on a line, by pool; now dates
// the crossing of a threshold, and nothing else. It is blind: it does not need the line to be as it was read, only that what was decided on the line still follows, so that
// many callers change one line at once (DATA.md, Guards):
//   - assigning: that many are available, of the line and of each pool, and the contract is not expired on that day;
//   - both: the limit is the same, and the line enters or leaves the attention list exactly if it was to.
func SeatsOp(a id.Account, before LineRow, counts map[PoolID]int, today date.Date, now time.Time) (table.Op, Line, error) {
	after := before.Taken(counts)
	var edit table.Edit
	after.rise(before.Level(), after.Level(), before.Rev+1, now, &edit)
	is, err := encodeLine(after)
	if err != nil {
		return table.Op{}, after, err
	}
	total := 0
	conds := []table.Cond{limitIs(before.Limit)}
	for pool, n := range counts {
		total += n
		edit.Add(-n, "pools", string(pool), "available")
		if n > 0 {
			conds = append(conds, table.AtLeast(n, "pools", string(pool), "available"))
		} else {
			conds = append(conds, table.Has("pools", string(pool)))
		}
	}
	edit.Add(total, "used")
	edit.Add(-total, "available")
	if total > 0 {
		conds = append(conds, table.AtLeast(total, "available"), table.Behind(string(today), "expiry"))
	}
	conds = append(conds, stays(before.Line, after, total)...)
	if was, is := before.attention(), after.attention(); was != is {
		edit.Sort(table.LSI2, table.LineSorts(after.Product, after.Contract, is)[table.LSI2])
	}
	if before.Level() != after.Level() {
		mark(is, a, after)
		edit.Due(marked, a, table.DueLevel, markOf(after))
	}
	return table.Update(table.Line(a, after.Contract, after.Product), before.was, is, edit, table.All(conds[0], conds[1:]...)), after, nil
}

func limitIs(limit *int) table.Cond {
	if limit == nil {
		return table.Lacks("limit")
	}
	return table.Is(*limit, "limit")
}

// stays are the conditions under which a change of the use by n leads from the level that was read to the one that was
// decided, and to that side of the attention list, whatever was assigned or given back since.
func stays(before, after Line, n int) []table.Cond {
	if before.Limit == nil {
		return nil // a line without a limit has no level and is in the list, however many sit on it
	}
	low, high := before.Level().used(*before.Limit)
	lowAfter, highAfter := after.Level().used(*before.Limit)
	conds := []table.Cond{table.AtLeast(max(low, lowAfter-n), "used"), table.AtMost(min(high, highAfter-n), "used"), side(before)}
	if after.Level() != LevelNone {
		return conds
	}
	// Below 80 % a line is to be looked at where nothing is available, for what is pending removal.
	if after.attention() {
		return append(conds, table.AtMost(n, "available"))
	}
	return append(conds, table.AtLeast(n+1, "available"))
}

// used is from how many to how many used seats of a limit the level reaches.
func (l Level) used(limit int) (low, high int) {
	switch l {
	case LevelFull:
		return limit, MaxSeats
	case LevelWarning:
		return warnedFrom(limit), limit - 1
	default:
		return 0, warnedFrom(limit) - 1
	}
}

// side holds the row to the side of the attention list that it was read on.
func side(before Line) table.Cond {
	if before.attention() {
		return table.Has(string(table.LSI2))
	}
	return table.Lacks(string(table.LSI2))
}

// Unmark takes a line out of the index of what is due, if it is as it was read: once its level was looked at.
func (s *Store) Unmark(ctx context.Context, a id.Account, row LineRow) error {
	is, err := encodeLine(row.Line)
	if err != nil {
		return err
	}
	var edit table.Edit
	edit.Undue()
	err = s.table.Write(ctx, table.Update(table.Line(a, row.Contract, row.Product), row.was, is, edit, table.Rev(row.Rev)))
	var unmet *table.ConditionError
	if errors.As(err, &unmet) {
		return nil // it has changed since, and is looked at again
	}
	return err
}

// MoveOps are the writes by which a seat that somebody sits on goes from one pool to another, and its purchase with it.
// Between pools that stay they are blind, as SeatsOp is; where one begins or ends they are made under the rev that was
// read, with what the cost centers carry. Refused is one cost center more than a line takes (too_many_pools).
func MoveOps(a id.Account, before LineRow, from, to PoolID) ([]table.Op, error) {
	after := before.Line
	after.Pools = before.Pools.Moved(from, to)
	_, there := before.Pools[to]
	_, stays := after.Pools[from]
	if there && stays {
		is, err := encodeLine(after)
		if err != nil {
			return nil, err
		}
		var edit table.Edit
		edit.Add(-1, "pools", string(from), "purchased")
		edit.Add(1, "pools", string(to), "purchased")
		cond := table.All(table.Has("pools", string(from)), table.Has("pools", string(to)))
		if from != Unassigned {
			// The pool does not end by it: something of it stays, in use or free.
			cond = table.All(cond, table.AtLeast(2, "pools", string(from), "purchased"))
		}
		return []table.Op{table.Update(table.Line(a, after.Contract, after.Product), before.was, is, edit, cond)}, nil
	}
	return poolOps(a, before, after, time.Time{}) // who sits on the line is the same, and so is its level
}

// poolOps are the writes of other pools of a line, under the rev that was read; at is when.
func poolOps(a id.Account, before LineRow, after Line, at time.Time) ([]table.Op, error) {
	if len(after.Pools) > MaxPools+1 {
		return nil, fault.New(fault.Conflict, "too_many_pools", fault.Text("product", after.ProductName), fault.Int("max", MaxPools))
	}
	op, err := LineOpAt(a, before, after, at)
	if err != nil {
		return nil, err
	}
	return append([]table.Op{op}, carryOps(a, Carried(before.Pools, after.Pools))...), nil
}

// carryOps tell cost centers on how many lines more or fewer they carry seats.
func carryOps(a id.Account, carried map[PoolID]int) []table.Op {
	var ops []table.Op
	for pool, n := range carried {
		if n != 0 {
			ops = append(ops, costcenter.CarryOp(a, pool.CostCenter(), n))
		}
	}
	return ops
}
