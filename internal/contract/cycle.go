package contract

import (
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/date"
)

// Cycle is when a contract is billed at prices of one period: on the day of its first day in each month, or on its
// anniversary in each year, cut to the month's end (31 in a month of 30 days is the 30th; 29 February is the 28th in a
// year without one). It is pure, and does not depend on what was billed so far.
type Cycle struct {
	anchor date.Date // a billing day: every other is whole periods away from it
	expiry date.Date
	months int
}

// Cycle is the contract's for a period. A contract without a first day is counted back from its expiry date.
func (c Contract) Cycle(p catalog.Period) Cycle {
	anchor := c.Start
	if anchor == "" {
		anchor = c.Expiry
	}
	if p == catalog.Yearly {
		return Cycle{anchor, c.Expiry, 12}
	}
	return Cycle{anchor, c.Expiry, 1}
}

// Around is the last billing day until a day, that day included, and the first one after it; the contract's end does not
// cut them.
func (c Cycle) Around(today date.Date) (last, next date.Date) {
	k := c.anchor.MonthsTo(today) / c.months
	for c.day(k) > today {
		k--
	}
	for c.day(k+1) <= today {
		k++
	}
	return c.day(k), c.day(k + 1)
}

// day is the billing day k periods after the anchor. It is counted from there, never from the billing day before: a cut
// one would cut all that follow.
func (c Cycle) day(k int) date.Date { return c.anchor.AddMonths(k * c.months) }

// Next is the next billing date: the first billing day after a day, and never later than the contract's end, which is the
// expiry date.
func (c Cycle) Next(today date.Date) date.Date {
	_, next := c.Around(today)
	return min(next, c.expiry)
}

// Left is what of the period that a day lies in is still to come: days from that day on, included, until the next billing
// date, not included, of all days of the period. The contract's end cuts the former and not the latter, so of an active
// contract 1 ≤ days ≤ period, and both are equal on a billing day whose period the contract outlasts.
func (c Cycle) Left(today date.Date) (until date.Date, days, period int) {
	last, next := c.Around(today)
	until = c.Next(today)
	return until, today.DaysTo(until), last.DaysTo(next)
}
