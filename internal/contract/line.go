package contract

import (
	"maps"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
)

// MaxLines is how many lines a contract may have, so that one transaction can take all of them over.
const MaxLines = 50

// MaxSeats is the highest limit that a line can be given.
const MaxSeats = 10_000_000

// Line is one product on a contract, and the counter of its seats (DATA.md, Guards). Limit, Available and Pools follow
// from the rest; they are kept because the condition of a write cannot compute.
type Line struct {
	Contract    id.Contract `dynamodbav:"contract"`
	Product     string      `dynamodbav:"product"`
	ProductName string      `dynamodbav:"productName"`
	// Expiry is the contract's, kept in step with it, so that the write of a seat can be held to it.
	Expiry date.Date `dynamodbav:"expiry"`
	Quantities
	// Limit is how many users may sit on the line; nil is a line that nobody set a limit for. 0 is a limit.
	Limit *int `dynamodbav:"limit,omitempty"`
	Used  int  `dynamodbav:"used"`
	// Pending is what will be removed from a later date on, and is out of stock already.
	Pending int `dynamodbav:"pendingRemoval"`
	// Monthly are the seats bought by the month that no pending removal has taken (InStock). All others are billed until the
	// contract's end: those that the CRM contracted, that an override adds, that were bought by the year.
	Monthly int `dynamodbav:"monthly"`
	// Available is limit − used − pending; negative when over the limit.
	Available int   `dynamodbav:"available"`
	Pools     Pools `dynamodbav:"pools"`
	Rose
	Rev int `dynamodbav:"rev"`
}

// Quantities are who says how many seats (DATA.md, Who owns which fact); nil is nothing said.
type Quantities struct {
	Contracted *int `dynamodbav:"contracted,omitempty"` // the CRM
	Bought     *int `dynamodbav:"bought,omitempty"`     // orders, less removals
	Override   *int `dynamodbav:"override,omitempty"`   // partner or operator
}

// Limit is the override, else what was contracted and bought; nil where none of the three is said. It is never below none:
// removals may take more than was bought, and what they took of what the CRM said it may take back as well.
func (q Quantities) Limit() *int {
	switch {
	case q.Override != nil:
		return q.Override
	case q.Contracted == nil && q.Bought == nil:
		return nil
	}
	sum := max(0, seats(q.Contracted)+seats(q.Bought))
	return &sum
}

// ordered is the quantities with n seats more that were bought. They count from the limit that is there: what removals took
// beyond what is contracted now is forgotten, or the order would raise the limit by less than was paid for. Where an
// override stands the limit is that number, so it rises too: an order raises the limit whoever set it.
func (q Quantities) ordered(n int) Quantities {
	q.Bought = plus(q.Bought, max(0, -seats(q.Contracted)-seats(q.Bought))+n)
	if q.Override != nil {
		q.Override = plus(q.Override, n)
	}
	return q
}

// With is the line under other quantities: what its limit grows or shrinks by is spread over its pools. Nobody loses a
// seat by it.
func (l Line) With(q Quantities) Line {
	limit := q.Limit()
	by := seats(limit) - seats(l.Limit)
	l.Quantities, l.Limit = q, limit
	l.Pools = l.Pools.Resized(by)
	l.Available += by
	return l
}

// seats is what is said as a number of seats; nothing said is none.
func seats(said *int) int {
	if said == nil {
		return 0
	}
	return *said
}

// Taken is the line with seats of its pools assigned, Given with seats given back to them; counts by pool.
func (l Line) Taken(counts map[PoolID]int) Line {
	l.Pools = maps.Clone(l.Pools)
	for pool, n := range counts {
		p := l.Pools[pool]
		p.Available -= n
		l.Pools[pool] = p
		l.Used += n
		l.Available -= n
	}
	return l
}

// UsageState says how full a line is.
type UsageState string

// The states of a line's use.
const (
	OK        UsageState = "ok"
	Warning   UsageState = "warning"    // from 80 % of the limit on
	Full      UsageState = "full"       // nothing is free
	OverLimit UsageState = "over_limit" // a limit was set below what is used
	NotSet    UsageState = "not_set"    // misconfigured: nothing can be added
)

// warningPercent is where the warning begins (FEATURES.md, Seats).
const warningPercent = 80

// Usage is how full a line is. Limit and Percent are absent where no limit is set.
type Usage struct {
	Limit     *int       `json:"limit,omitempty" doc:"Seats; absent where no limit is set."`
	Used      int        `json:"used" doc:"Seats that somebody sits on."`
	Available int        `json:"available" doc:"Seats that can still be assigned; negative when over the limit."`
	Percent   *int       `json:"percent,omitempty" doc:"Used seats of a hundred, rounded down."`
	State     UsageState `json:"state" enum:"ok,warning,full,over_limit,not_set"`
}

// Usage follows DESIGN.md: percent rounds down, the state is decided on whole numbers (79.9 % is ok), and a limit of
// 0 is full. What is pending removal counts as neither used nor available: such a line is full once nothing is free.
func (l Line) Usage() Usage {
	if l.Limit == nil {
		return Usage{Used: l.Used, State: NotSet}
	}
	u := Usage{Limit: l.Limit, Used: l.Used, Available: l.Available, State: OK}
	percent := 100
	if *l.Limit > 0 {
		percent = 100 * l.Used / *l.Limit
	}
	u.Percent = &percent
	switch {
	case l.Used > *l.Limit:
		u.State = OverLimit
	case l.Available <= 0:
		u.State = Full
	case l.Used >= warnedFrom(*l.Limit):
		u.State = Warning
	}
	return u
}

// warnedFrom is the least number of used seats that is 80 % of a limit or more.
func warnedFrom(limit int) int { return (warningPercent*limit + 99) / 100 }

// attention tells that the line is one to look at: it stands in the attention list.
func (l Line) attention() bool { return l.Usage().State != OK }

// Thing is the line as activity names it.
func (l Line) Thing() activity.Thing {
	return activity.Thing{Noun: "line", ID: l.Product, Name: l.ProductName}
}
