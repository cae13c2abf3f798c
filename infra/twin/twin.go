// Package twin is a second Seatkeeper: accounts, contracts, systems, people and seats as plain values in memory, written
// from FEATURES.md and DATA.md and without a look at the code that it checks. Its tests drive both with the same random
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
	Today     time.Time // midnight of the account's day
	Contracts map[string]*Contract
	Systems   map[string]string // the contract that a system is on; empty: on none
	People    map[string]bool   // whether they are active
	Centers   []string          // cost centers, all active
	// Needs says which product a seat of another needs.
	Needs map[string]string
}

// Contract covers systems, and has lines by product.
type Contract struct {
	Expiry    time.Time
	Purchased int
	Lines     map[string]*Line
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
func (w *World) Expired(c *Contract) bool { return !w.Today.Before(c.Expiry) }

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
