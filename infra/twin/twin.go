// Package twin is a second Seatkeeper: accounts, contracts, systems, people, seats, orders and removals as plain values in
// memory, written from FEATURES.md, DATA.md and the rules that READMEs state, in words of its own. Its tests drive both with the same random
// histories, over HTTP, and compare every answer and, at the end of each history, everything that can be read.
package twin

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// World is one account. Things are known by the names that a history gave them.
type World struct {
	Now       time.Time
	Contracts map[string]*Contract
	Systems   map[string]string // the contract that a system is on; empty: on none
	People    map[string]bool   // whether they are active
	Centers   []string          // cost centers, all active
	// Needs says which product another one needs, to be bought and to be sat on.
	Needs map[string]string
	// Sold says how products are sold; Buyer is the country of who is billed.
	Sold  map[string]Product
	Buyer string
	// Carts are people's own. Removals stand in the order in which they were asked for.
	Carts    map[string][]Item
	Removals []*Removal
	// Announced is what the sweep told of contracts.
	Announced []string
}

// Today is midnight of the account's day, which is UTC's.
func (w *World) Today() time.Time { return w.Now.Truncate(24 * time.Hour) }

// Contract covers systems, and has lines by product.
type Contract struct {
	// Start is its first day, where that is known.
	Start, Expiry time.Time
	Purchased     int
	Lines         map[string]*Line
	// Said is the expiry date as the CRM says it, whatever the terms made of it since.
	Said time.Time
	// Terms counts the changes of its terms.
	Terms int
	// told is the step of its ladder that the sweep came to last, for an expiry date.
	told struct {
		expiry time.Time
		days   int
	}
}

// Line is one product on a contract.
type Line struct {
	Contracted, Bought, Override *int
	Pending                      int
	Pools                        map[string]int    // purchased, by cost center; "" is carried by none
	Seats                        map[string]string // who sits there, and by which cost center
	Withheld                     map[string]int    // what is pending removal, by cost center
}

// Limit follows DATA.md, Who owns which fact.
func (l *Line) Limit() *int {
	if l.Override != nil {
		return l.Override
	}
	if l.Contracted == nil && l.Bought == nil {
		return nil
	}
	sum := 0
	for _, n := range []*int{l.Contracted, l.Bought} {
		if n != nil {
			sum += *n
		}
	}
	return &sum
}

// Seatable is the limit as a number.
func (l *Line) Seatable() int {
	if n := l.Limit(); n != nil {
		return *n
	}
	return 0
}

// Free is what can still be assigned; below zero when over the limit.
func (l *Line) Free() int { return l.Seatable() - len(l.Seats) - l.Pending }

// FreeOf is what can still be assigned of what a cost center carries.
func (l *Line) FreeOf(center string) int {
	free := l.Pools[center] - l.Withheld[center]
	for _, by := range l.Seats {
		if by == center {
			free--
		}
	}
	return free
}

// State is the word for how full the line is (FEATURES.md, Seats; DESIGN.md: integers decide).
func (l *Line) State() string {
	used, limit := len(l.Seats), l.Limit()
	switch {
	case limit == nil:
		return "not_set"
	case used > *limit:
		return "over_limit"
	case l.Free() <= 0:
		return "full"
	case used*100 >= *limit*80:
		return "warning"
	default:
		return "ok"
	}
}

// Resize spreads a change of the limit (FEATURES.md, Seats): what grows goes to what nobody carries; what shrinks is taken
// from there, then from the pool with most free; only what nobody carries may go below zero.
func (l *Line) Resize(by int) {
	if by >= 0 {
		l.Pools[""] += by
		return
	}
	take := func(center string) {
		n := min(-by, max(0, l.FreeOf(center)))
		l.Pools[center] -= n
		by += n
	}
	take("")
	for _, center := range l.mostFree() {
		take(center)
	}
	l.Pools[""] += by
}

// mostFree lists the cost centers, the one with most free first; of equals the one that carries none, then by name.
func (l *Line) mostFree() []string {
	return slices.SortedFunc(maps.Keys(l.Pools), func(a, b string) int {
		return cmp.Or(cmp.Compare(l.FreeOf(b), l.FreeOf(a)), cmp.Compare(a, b))
	})
}

// Expired follows FEATURES.md, Contracts: from the day named as its expiry date on.
func (w *World) Expired(c *Contract) bool { return !w.Today().Before(c.Expiry) }

// Mapped counts the systems on a contract.
func (w *World) Mapped(contract string) int {
	n := 0
	for _, on := range w.Systems {
		if on == contract {
			n++
		}
	}
	return n
}

// Holds tells whether somebody has a seat of a product, on which contract.
func (w *World) Holds(who, product string) (contract string, ok bool) {
	for name, c := range w.Contracts {
		if l := c.Lines[product]; l != nil {
			if _, sits := l.Seats[who]; sits {
				return name, true
			}
		}
	}
	return "", false
}

// NewLine is a line that nothing is said of.
func NewLine() *Line {
	return &Line{Pools: map[string]int{"": 0}, Seats: map[string]string{}, Withheld: map[string]int{}}
}
