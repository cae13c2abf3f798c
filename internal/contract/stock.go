package contract

import (
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// StockOp is the write of free seats, billed by a period, that are taken out of stock (counts above zero) or come back into
// it (below), by pool: Line.Withheld. It is blind, as SeatsOp is, so that it neither loses nor holds up seats that are
// assigned at the same moment:
//   - taking out: that many are available, of the line and of each pool, that many in stock are billed by the period
//     (billedBy), and the contract is not expired on that day;
//   - coming back: that many are out of stock;
//   - both: the limit is the same, and the line enters or leaves the attention list exactly if it was to. The level of its
//     use, which counts who sits on it alone, does not change.
func StockOp(a id.Account, before LineRow, counts map[PoolID]int, by catalog.Period, today date.Date) (table.Op, Line, error) {
	after := before.Withheld(counts, by)
	is, err := encodeLine(after)
	if err != nil {
		return table.Op{}, after, err
	}
	table.KeepDue(before.was, is)
	n := total(counts)
	var edit table.Edit
	conds := []table.Cond{limitIs(before.Limit)}
	for pool, k := range counts {
		edit.Add(-k, "pools", string(pool), "available")
		conds = append(conds, pendingOf(&edit, before, pool, k))
		if k > 0 {
			conds = append(conds, table.AtLeast(k, "pools", string(pool), "available"))
		} else {
			conds = append(conds, table.Has("pools", string(pool)))
		}
	}
	edit.Add(n, "pendingRemoval")
	edit.Add(-n, "available")
	if n > 0 {
		conds = append(conds, table.AtLeast(n, "available"), table.Behind(string(today), "expiry"))
	} else {
		conds = append(conds, table.AtLeast(-n, "pendingRemoval"))
	}
	conds = append(conds, billedBy(&edit, before, n, by)...)
	conds = append(conds, keepsSide(before.Line, after, n)...)
	if was, is := before.attention(), after.attention(); was != is {
		edit.Sort(table.LSI2, table.LineSorts(after.Product, after.Contract, is)[table.LSI2])
	}
	return table.Update(table.Line(a, after.Contract, after.Product), before.was, is, edit, table.All(conds[0], conds[1:]...)), after, nil
}

// pendingOf is the edit of what of a pool is pending removal, by k, and the condition under which it can be made: the number is
// there as it was when the row was read, or is not. A row from before pools counted them has none to take back.
func pendingOf(edit *table.Edit, before LineRow, pool PoolID, k int) table.Cond {
	at := []string{"pools", string(pool), "pending"}
	was := before.Pools[pool].Pending
	if was == 0 {
		edit.Set(max(0, k), at...)
		return table.Either(table.Lacks(at...), table.Is(0, at...))
	}
	edit.Add(max(k, -was), at...)
	return table.Has(at...)
}

// billedBy are the conditions under which n seats in stock are billed by a period, and the edit of how many are by the month.
// Who comes and goes on the seats is no part of it. By the month that many must be left. All others are the limit less what
// is pending and less those; a condition cannot compute that, so what is pending may have risen since by no more than what was
// over then, and what is by the month not at all: else it is decided again. A row from before any was counted has none.
func billedBy(edit *table.Edit, before LineRow, n int, by catalog.Period) []table.Cond {
	_, counted := before.was["monthly"]
	switch {
	case by == catalog.Monthly && !counted:
		edit.Set(before.Monthly-n, "monthly")
		return []table.Cond{table.Lacks("monthly")}
	case by == catalog.Monthly:
		edit.Add(-n, "monthly")
		if n > 0 {
			return []table.Cond{table.AtLeast(n, "monthly")}
		}
		return nil
	case n <= 0:
		return nil
	}
	over := before.InStock(catalog.Yearly) - n
	pending := table.AtMost(before.Pending+over, "pendingRemoval")
	if !counted {
		return []table.Cond{pending, table.Lacks("monthly")}
	}
	return []table.Cond{pending, table.AtMost(before.Monthly, "monthly")}
}

// keepsSide are the conditions under which a change of what is available by n leads from the side of the attention list
// that was read to the one that was decided, whatever was assigned or given back since: a line is on it for how many sit
// on it, or because nothing of it is available.
func keepsSide(before, after Line, n int) []table.Cond {
	switch {
	case before.Limit == nil:
		return nil // it is in the list, whatever is available
	case before.Level() != LevelNone:
		return []table.Cond{side(before), table.AtLeast(warnedFrom(*before.Limit), "used")}
	}
	conds := []table.Cond{side(before), table.AtMost(warnedFrom(*before.Limit)-1, "used")}
	if after.attention() {
		return append(conds, table.AtMost(n, "available"))
	}
	return append(conds, table.AtLeast(n+1, "available"))
}
