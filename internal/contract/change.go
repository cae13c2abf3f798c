package contract

import (
	"context"
	"errors"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// rounds is how often a decision is made again on fresh rows (DATA.md, Guards).
const rounds = 5

// Changing is who changes contracts or lines of an account, and when.
type Changing struct {
	Account id.Account
	Now     time.Time
	By      activity.Author
}

// SetTerms changes a contract's terms, in one transaction with all the lines that they touch: 3 calls, again where
// seats came or went in between. match is given the revision of the terms, and refuses a caller who saw another one.
func (s *Store) SetTerms(ctx context.Context, ch Changing, ctr id.Contract, terms Terms, match func(termsRev int) error) (Contract, []Line, error) {
	for range rounds {
		row, lines, err := s.Get(ctx, ch.Account, ctr)
		if err != nil {
			return Contract{}, nil, err
		}
		if err := match(row.TermsRev); err != nil {
			return Contract{}, nil, err
		}
		after, changed, err := terms.Over(row.Contract, lines)
		if err != nil {
			return Contract{}, nil, err
		}
		ops, err := s.termsOps(ch, row, lines, &after, changed)
		if err != nil || len(ops) == 0 {
			return after, changed, err
		}
		if len(ops) > table.MaxOps {
			return Contract{}, nil, fault.New(fault.Invalid, "too_many_limits")
		}
		err = s.table.Write(ctx, ops...)
		var unmet *table.ConditionError
		if !errors.As(err, &unmet) {
			return after, changed, err
		}
		table.Pause(ctx)
	}
	return Contract{}, nil, fault.New(fault.Busy, "busy").After(time.Second)
}

// termsOps are the writes of other terms; none where nothing is different.
func (s *Store) termsOps(ch Changing, row Row, before []LineRow, after *Contract, lines []Line) ([]table.Op, error) {
	record := activity.New(s.ids, ch.Now, ch.Account, ch.By, activity.TermsChanged, after.Thing())
	Differences(&record, row.Contract, *after)
	if row.AlertDays != after.AlertDays {
		activity.Set(&record, "alertDays", row.AlertDays.Days(), after.AlertDays.Days())
	}
	ops, err := LinesOps(ch.Account, before, lines, &record)
	if err != nil {
		return nil, err
	}
	if *after == row.Contract && len(ops) == 0 {
		return nil, nil
	}
	if after.Expiry != row.Expiry {
		*after = after.Redated(ch.Now)
	}
	after.TermsRev++
	changed, err := ChangeOps(ch.Account, Change{From: row, To: *after})
	if err != nil {
		return nil, err
	}
	recorded, err := record.Op()
	return append(append(changed, ops...), recorded), err
}

// LinesOps are the writes of lines that changed, with what cost centers carry by them, and notes in a record what became
// of their limits. Lines of which only the expiry changed do not wait for the seats that come and go on them: the rev of
// their contract, in the same transaction, guards them.
func LinesOps(a id.Account, before []LineRow, after []Line, record *activity.Record) ([]table.Op, error) {
	var ops []table.Op
	carried := map[PoolID]int{}
	for i, l := range after {
		was := before[i]
		same := l.ProductName == was.ProductName && number(l.Limit) == number(was.Limit) && l.Quantities.equal(was.Quantities) && l.Pending == was.Pending
		switch {
		case was.There() && same && l.Expiry == was.Expiry:
			continue
		case was.There() && same:
			var edit table.Edit
			edit.Set(string(l.Expiry), "expiry")
			ops = append(ops, table.Update(table.Line(a, l.Contract, l.Product), was.was, table.Item{}, edit, table.Exists()))
			continue
		}
		op, err := LineOpAt(a, was, l, record.At)
		if err != nil {
			return nil, err
		}
		ops = append(ops, op)
		for pool, n := range Carried(was.Pools, l.Pools) {
			carried[pool] += n
		}
		noteLine(record, was, l)
	}
	return append(ops, carryOps(a, carried)...), nil
}

// noteLine notes what of a line changed, by its API names.
func noteLine(r *activity.Record, was LineRow, is Line) {
	at := "lines." + is.Product + "."
	activity.Changed(r, at+"productName", was.ProductName, is.ProductName)
	for field, n := range map[string][2]*int{
		"contracted": {was.Contracted, is.Contracted}, "bought": {was.Bought, is.Bought}, "override": {was.Override, is.Override}, "limit": {was.Limit, is.Limit},
	} {
		if number(n[0]) != number(n[1]) || !was.There() && field == "limit" {
			activity.Set(r, at+field, number(n[0]), number(n[1]))
		}
	}
}

func (q Quantities) equal(o Quantities) bool {
	return number(q.Contracted) == number(o.Contracted) && number(q.Bought) == number(o.Bought) && number(q.Override) == number(o.Override)
}

// number is a limit as a value that can be compared and shown: nil where none is set.
func number(n *int) any {
	if n == nil {
		return nil
	}
	return *n
}
