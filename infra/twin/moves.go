package twin

import "slices"

// Answer is what a call is to be answered: a status, the code of a refusal, and of many wishes what became of each.
type Answer struct {
	Status  int
	Code    string
	Results []string
}

func ok() Answer                             { return Answer{Status: 200} }
func refused(status int, code string) Answer { return Answer{Status: status, Code: code} }

// Assign puts people on seats of a line. center is the cost center whose seats to take; "none" is what nobody carries, and
// "" whichever has most free.
func (w *World) Assign(contract, product, center string, people []string, partial bool) Answer {
	c := w.Contracts[contract]
	l := c.Lines[product]
	before, results, exhausted := clone(l.Seats), make([]string, len(people)), false
	for i, who := range people {
		results[i] = w.seat(c, l, product, center, who)
		exhausted = exhausted || results[i] == "seat_limit_reached" || results[i] == "cost_center_limit_reached" || results[i] == "seat_limit_exceeded"
	}
	bad := slices.ContainsFunc(results, failed)
	if !bad || partial && slices.ContainsFunc(results, func(r string) bool { return !failed(r) }) {
		return Answer{Status: 200, Results: results}
	}
	l.Seats = before
	if exhausted && !partial {
		// Of an order that is too large the whole is refused, also those for whom there would have been a seat.
		word := l.exhausted(center)
		for i, r := range results {
			if r == "assigned" || r == "seat_limit_reached" || r == "cost_center_limit_reached" || r == "seat_limit_exceeded" {
				results[i] = word
			}
		}
	}
	return refused(409, common(results))
}

func failed(result string) bool { return result != "assigned" && result != "unchanged" }

// common is the one reason for which all that are refused are, else that there are several.
func common(results []string) string {
	var code string
	for _, r := range results {
		switch {
		case !failed(r) || r == code:
		case code == "":
			code = r
		default:
			return "seats_refused"
		}
	}
	return code
}

// seat decides on one wish, and does it.
func (w *World) seat(c *Contract, l *Line, product, center, who string) string {
	if _, has := w.Holds(who, product); has {
		return "unchanged"
	}
	switch needs := w.Needs[product]; {
	case w.Expired(c):
		return "contract_expired"
	case l.Limit() == nil:
		return "seat_limit_not_set"
	case !w.People[who]:
		return "user_deactivated"
	case needs != "":
		if _, has := w.Holds(who, needs); !has {
			return "product_needs_other"
		}
	}
	from := center
	switch center {
	case "":
		from = l.mostFree()[0]
	case "none":
		from = ""
	}
	if l.Free() < 1 || l.FreeOf(from) < 1 {
		return l.exhausted(center)
	}
	l.Seats[who] = from
	return "assigned"
}

// exhausted is the word for too few seats: of the line that is over, of the pool that was named, or of the line.
func (l *Line) exhausted(center string) string {
	if len(l.Seats) > l.Seatable() {
		return "seat_limit_exceeded"
	}
	named := center
	if center == "none" {
		named = ""
	}
	if center != "" && max(0, l.FreeOf(named)) < max(0, l.Free()) {
		return "cost_center_limit_reached"
	}
	return "seat_limit_reached"
}

// Remove takes a seat from somebody. To take one that they do not have changes nothing; one that they have under another
// contract is not there.
func (w *World) Remove(contract, product, who string) Answer {
	l := w.Contracts[contract].Lines[product]
	if under, has := w.Holds(who, product); has && under != contract {
		return refused(404, "not_found")
	}
	if _, sits := l.Seats[who]; !sits {
		return ok()
	}
	for other, needs := range w.Needs {
		if _, has := w.Holds(who, other); has && needs == product {
			return refused(409, "product_needed")
		}
	}
	delete(l.Seats, who)
	return ok()
}

// Move puts somebody's seat under another cost center, and its purchase with it.
func (w *World) Move(contract, product, who, to string) Answer {
	l := w.Contracts[contract].Lines[product]
	from, sits := l.Seats[who]
	switch {
	case !sits:
		return refused(404, "not_found")
	case from == to:
		return ok()
	}
	l.Pools[from]--
	l.Pools[to]++
	l.Seats[who] = to
	l.prune()
	return ok()
}

func (l *Line) prune() {
	for center, purchased := range l.Pools {
		if center != "" && purchased == 0 {
			delete(l.Pools, center)
		}
	}
}

// Terms sets or, with nil, takes back the partner's or operator's limit of a line.
func (w *World) Terms(contract, product string, limit *int) Answer {
	c := w.Contracts[contract]
	l := c.Lines[product]
	if !same(l.Override, limit) {
		c.Terms++
	}
	was := l.Seatable()
	l.Override = limit
	l.Resize(l.Seatable() - was)
	l.prune()
	return ok()
}

// Take is what the CRM says now of several lines, of which a change alone counts: one change of the terms.
func (w *World) Take(contract string, seats map[string]*int) {
	c := w.Contracts[contract]
	changed := false
	for product, n := range seats {
		changed = changed || !same(c.Lines[product].Contracted, n)
		w.Contracted(contract, product, n)
	}
	if changed {
		c.Terms++
	}
}

// Contracted is what it says of one line.
func (w *World) Contracted(contract, product string, seats *int) {
	l := w.Contracts[contract].Lines[product]
	was := l.Seatable()
	l.Contracted = seats
	l.Resize(l.Seatable() - was)
	l.prune()
}

// Extend gives a contract another expiry date.
func (w *World) Extend(contract string, days int) {
	c, expiry := w.Contracts[contract], w.Today().AddDate(0, 0, days)
	if !c.Expiry.Equal(expiry) {
		c.Terms++
	}
	c.Expiry = expiry
}

func same(a, b *int) bool { return a == b || a != nil && b != nil && *a == *b }

// Connect puts systems on a contract: those that are on none. One that is on another is a conflict of its own.
func (w *World) Connect(contract string, systems []string) Answer {
	c := w.Contracts[contract]
	results, changes := make([]string, len(systems)), false
	for i, s := range systems {
		switch on := w.Systems[s]; on {
		case contract:
			results[i] = "unchanged"
		case "":
			results[i], changes = "connected", true
		default:
			results[i] = "system_already_connected"
		}
	}
	if changes && w.Expired(c) {
		return refused(409, "contract_expired")
	}
	if !slices.ContainsFunc(results, func(r string) bool { return r != "system_already_connected" }) {
		if len(systems) == 1 {
			return refused(409, "system_already_connected")
		}
		return refused(409, "no_system_connected")
	}
	for i, s := range systems {
		if results[i] == "connected" {
			w.Systems[s] = contract
		}
	}
	return Answer{Status: 200, Results: results}
}

// Disconnect takes a system off a contract, also off one that is expired. One that is on none already changes nothing; one
// that is on another is not there.
func (w *World) Disconnect(contract, system string) Answer {
	if on := w.Systems[system]; on != "" && on != contract {
		return refused(404, "not_found")
	}
	w.Systems[system] = ""
	return Answer{Status: 204}
}

// Leave frees all seats of somebody (FEATURES.md, Seats: when a person leaves); Return lets them come back without any.
func (w *World) Leave(who string) {
	w.People[who] = false
	for _, c := range w.Contracts {
		for _, l := range c.Lines {
			delete(l.Seats, who)
		}
	}
}

// Return makes somebody active again.
func (w *World) Return(who string) { w.People[who] = true }

func clone(seats map[string]string) map[string]string {
	out := make(map[string]string, len(seats))
	for who, center := range seats {
		out[who] = center
	}
	return out
}
