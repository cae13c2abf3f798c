package twin

import (
	"fmt"
	"slices"
	"time"
)

// Removal takes seats out of stock at once, and off the bill on a day.
type Removal struct {
	Contract, Product string
	Counts            map[string]int // by cost center
	Asked             int
	Effective         time.Time
	State             string
}

// Left is how many seats it is about now.
func (r *Removal) Left() int {
	n := 0
	for _, k := range r.Counts {
		n += k
	}
	return n
}

// open tells whether a removal can still be taken back: it is billed until the day before it counts.
func (w *World) open(r *Removal) bool {
	return r.State == "pending" && w.Today().Before(r.Effective)
}

// Withhold removes free seats of a line: out of stock at once, off the bill on the next billing date where they are sold by
// the month, else at the contract's end. On an expired contract nothing is removed: Code is how that refusal's ends.
func (w *World) Withhold(contract, product string, counts map[string]int) Answer {
	c := w.Contracts[contract]
	l, p := c.Lines[product], w.Sold[product]
	switch {
	case l == nil:
		return refused(422, "product_not_on_contract")
	case w.Expired(c):
		return refused(409, "_expired")
	}
	r := &Removal{Contract: contract, Product: product, Counts: map[string]int{}, Effective: c.Expiry, State: "pending"}
	for center, n := range counts {
		r.Asked += n
		r.Counts[center] = n
		if n > l.FreeOf(center) {
			return refused(409, "not_removable")
		}
	}
	if r.Asked > l.Free() {
		return refused(409, "not_removable")
	}
	if p.Monthly {
		r.Effective = c.next(w.Today(), true)
	}
	for center, n := range counts {
		l.Withheld[center] += n
	}
	l.Pending += r.Asked
	w.Removals = append(w.Removals, r)
	saves := p.unit(max(1, l.Seatable())) * r.Asked
	return Answer{Status: 200, Results: []string{fmt.Sprintf("%d from %s, saves %d, %d pending", r.Asked, r.Effective.Format(time.DateOnly), saves, l.Pending)}}
}

// Withdraw puts a removal's seats back into stock.
func (w *World) Withdraw(r *Removal) Answer {
	if !w.open(r) {
		return refused(409, "removal_not_pending")
	}
	l := w.Contracts[r.Contract].Lines[r.Product]
	for center, n := range r.Counts {
		l.Withheld[center] -= n
	}
	l.Pending -= r.Left()
	r.State = "withdrawn"
	return Answer{Status: 204}
}

// Sweep does what only time brings: removals whose day has come leave the limit, and of the steps before a contract's end
// that were passed the latest is announced, once for an expiry date.
func (w *World) Sweep() {
	for _, r := range w.Removals {
		if r.State == "pending" && !w.open(r) {
			w.Contracts[r.Contract].Lines[r.Product].lapse(r)
			r.State = "applied"
		}
	}
	for name, c := range w.Contracts {
		for _, days := range []int{0, 7, 30, 60, 90} {
			if w.Today().Before(c.Expiry.AddDate(0, 0, -days)) {
				continue
			}
			if c.told.expiry.Equal(c.Expiry) && days >= c.told.days {
				break
			}
			c.told.expiry, c.told.days = c.Expiry, days
			w.Announced = append(w.Announced, fmt.Sprintf("%s: %d days to %s", name, days, c.Expiry.Format(time.DateOnly)))
			break
		}
	}
	slices.Sort(w.Announced)
}

// lapse takes a removal's seats off the line. The limit never falls below what is used by it: seats that a lower limit took
// already are none's loss a second time, and are no longer owed. Under an override what was bought falls too, never so far
// that the CRM and orders say less than none.
func (l *Line) lapse(r *Removal) {
	n := r.Left()
	gone := min(n, max(0, l.Seatable()-len(l.Seats)))
	if l.Override != nil {
		l.Override = plus(l.Override, -gone)
		if said := (&Line{Contracted: l.Contracted, Bought: l.Bought}).Limit(); said != nil {
			l.Bought = plus(l.Bought, -min(n, max(0, *said)))
		}
	} else if gone > 0 {
		l.Bought = plus(l.Bought, -gone)
	}
	l.Pending -= n
	for center, k := range r.Counts {
		l.Withheld[center] -= k
		l.Pools[center] -= k
	}
	l.Pools[""] += n - gone
	l.prune()
}
