package twin

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Item is one product of a cart.
type Item struct {
	Contract, Product string
	Quantity          int
}

// Split says how many seats of a product each cost center carries; "" is none. One that names a single one carries the whole
// row, whatever its number.
type Split map[string]map[string]int

// Row is one product of a quote. Money is in cents.
type Row struct {
	Item
	Reinstated, Unit, Net, Days, Of int
	Until                           time.Time
	NewLine                         bool
	Split                           map[string]int
}

// Quote is the price of a cart for half an hour, and what it was made of.
type Quote struct {
	who    string
	made   time.Time
	cart   []Item
	terms  map[string]int
	buyer  string
	rows   []Row
	bought bool
}

// Put puts a product into somebody's cart, in the place of what it has of it.
func (w *World) Put(who string, item Item) Answer {
	if w.Expired(w.Contracts[item.Contract]) {
		return refused(409, "contract_expired")
	}
	cart := w.Carts[who]
	if i := slices.IndexFunc(cart, func(had Item) bool { return had.Product == item.Product }); i >= 0 {
		cart[i] = item
	} else {
		cart = append(cart, item)
	}
	w.Carts[who] = cart
	return Answer{Status: 200, Results: w.Shown(who)}
}

// TakeOut takes a product out of a cart.
func (w *World) TakeOut(who, product string) Answer {
	w.Carts[who] = slices.DeleteFunc(w.Carts[who], func(i Item) bool { return i.Product == product })
	return Answer{Status: 200, Results: w.Shown(who)}
}

// Shown is a cart with what it costs now, or what keeps it from being bought.
func (w *World) Shown(who string) []string {
	words := []string{}
	var rows []Row
	for _, i := range w.Carts[who] {
		row, problem := w.row(who, i)
		told := fmt.Sprint(row.Net)
		if problem != "" {
			told = problem
		} else {
			rows = append(rows, row)
		}
		words = append(words, fmt.Sprintf("%s of %s, %d: %s", i.Product, i.Contract, i.Quantity, told))
	}
	return append(words, w.total(rows, w.Buyer))
}

// row prices an item, or says why it cannot be bought.
func (w *World) row(who string, i Item) (Row, string) {
	c, p, today := w.Contracts[i.Contract], w.Sold[i.Product], w.Today()
	switch needs := w.Needs[i.Product]; {
	case needs != "" && !w.supplied(who, needs):
		return Row{}, "dependency_missing"
	case w.Expired(c):
		return Row{}, "contract_expired"
	}
	r := Row{Item: i, Unit: p.unit(i.Quantity), Until: c.next(today, p.Monthly), NewLine: c.Lines[i.Product] == nil}
	r.Days, r.Of = c.span(today, p.Monthly)
	for _, t := range w.takes(i, i.Quantity, r.Until) {
		r.Reinstated += t.n
	}
	r.Net = part(r.Unit*(i.Quantity-r.Reinstated), r.Days, r.Of)
	return r, ""
}

// supplied tells whether somebody buys a product too, or the account has it on a contract that is not expired.
func (w *World) supplied(who, product string) bool {
	for _, i := range w.Carts[who] {
		if i.Product == product {
			return true
		}
	}
	for _, c := range w.Contracts {
		if c.Lines[product] != nil && !w.Expired(c) {
			return true
		}
	}
	return false
}

// take is n seats of a removal that a purchase takes back, of one cost center.
type take struct {
	from   *Removal
	center string
	n      int
}

// takes is what a purchase takes back of pending removals, n seats at most: the youngest first, within one the cost centers in
// their order, and what nobody carries last. One that is off the bill, or will be before what the purchase charges for, is
// left alone.
func (w *World) takes(i Item, n int, until time.Time) []take {
	var all []take
	for _, r := range slices.Backward(w.Removals) {
		if r.Contract != i.Contract || r.Product != i.Product || !w.open(r) || r.Effective.Before(until) {
			continue
		}
		centers := slices.Sorted(maps.Keys(r.Counts))
		if len(centers) > 0 && centers[0] == "" {
			centers = append(centers[1:], "")
		}
		for _, center := range centers {
			if k := min(n, r.Counts[center]); k > 0 {
				all = append(all, take{r, center, k})
				n -= k
			}
		}
	}
	return all
}

// total is what rows come to: a tax once a rate, on the sum of what it is on. Who is not in the EU bears none.
func (w *World) total(rows []Row, buyer string) string {
	net, tax, bases := 0, 0, map[int]int{}
	for _, r := range rows {
		net += r.Net
		bases[w.Sold[r.Product].Rate] += r.Net
	}
	for rate, base := range bases {
		if buyer == "FR" {
			tax += part(base, rate, 10_000)
		}
	}
	return fmt.Sprintf("net %d, tax %d, gross %d", net, tax, net+tax)
}

// Quote prices somebody's cart, with who carries it.
func (w *World) Quote(who string, split Split) (Answer, *Quote) {
	cart := w.Carts[who]
	if len(cart) == 0 {
		return refused(409, "cart_empty"), nil
	}
	for product := range split {
		if !slices.ContainsFunc(cart, func(i Item) bool { return i.Product == product }) {
			return refused(422, "product_not_in_cart"), nil
		}
	}
	q := &Quote{who: who, made: w.Now, cart: slices.Clone(cart), terms: w.termsOf(cart), buyer: w.Buyer}
	for _, i := range cart {
		row, problem := w.row(who, i)
		if problem != "" {
			return refused(409, problem), nil
		}
		row.Split = map[string]int{"": i.Quantity}
		if parts := split[i.Product]; parts != nil {
			sum := 0
			row.Split = parts
			for center, n := range parts {
				if sum += n; len(parts) == 1 {
					row.Split, sum = map[string]int{center: i.Quantity}, i.Quantity
				}
			}
			if sum != i.Quantity {
				return refused(422, "split_sum"), nil
			}
		}
		q.rows = append(q.rows, row)
	}
	return Answer{Status: 201, Results: w.Told(q)}, q
}

func (w *World) termsOf(cart []Item) map[string]int {
	terms := map[string]int{}
	for _, i := range cart {
		terms[i.Contract] = w.Contracts[i.Contract].Terms
	}
	return terms
}

// Told is a quote, and the order that it becomes, in words.
func (w *World) Told(q *Quote) []string {
	var words []string
	for _, r := range q.rows {
		var parts []string
		for _, center := range slices.Sorted(maps.Keys(r.Split)) {
			parts = append(parts, fmt.Sprintf("%q %d", center, r.Split[center]))
		}
		words = append(words, fmt.Sprintf("%s of %s, %d at %d, %d reinstated, new %v, %d of %d days until %s: %d; %s",
			r.Product, r.Contract, r.Quantity, r.Unit, r.Reinstated, r.NewLine, r.Days, r.Of, r.Until.Format(time.DateOnly), r.Net, strings.Join(parts, ", ")))
	}
	return append(words, w.total(q.rows, q.buyer))
}

// Order makes a quote into an order, once. Where it is no longer the price it is refused, with the one that is.
func (w *World) Order(who string, q *Quote) (Answer, *Quote) {
	switch {
	case q == nil || q.who != who || !w.Now.Before(q.made.Add(48*time.Hour)):
		return refused(422, "quote_unknown"), nil
	case q.bought:
		return refused(409, "quote_ordered"), nil
	case !w.Now.Before(q.made.Add(30 * time.Minute)):
		return w.anew(who, q, "quote_expired")
	case w.changed(who, q):
		return w.anew(who, q, "quote_changed")
	}
	q.bought = true
	opened := map[string]bool{}
	for _, r := range q.rows {
		c := w.Contracts[r.Contract]
		if r.NewLine {
			c.Lines[r.Product] = NewLine()
			opened[r.Contract] = true
		}
		w.buy(c.Lines[r.Product], r)
	}
	for contract := range opened {
		w.Contracts[contract].Terms++
	}
	delete(w.Carts, who)
	return Answer{Status: 201, Results: w.Told(q)}, nil
}

// changed tells whether the cart, a contract's terms or who is billed is another than quoted, or fewer seats are left to take
// back. What was given back since is not in the price, which holds, also over midnight.
func (w *World) changed(who string, q *Quote) bool {
	byName := func(cart []Item) map[string]Item {
		all := map[string]Item{}
		for _, i := range cart {
			all[i.Product] = i
		}
		return all
	}
	if !maps.Equal(byName(w.Carts[who]), byName(q.cart)) || !maps.Equal(w.termsOf(q.cart), q.terms) || w.Buyer != q.buyer {
		return true
	}
	for _, r := range q.rows {
		if now, _ := w.row(who, r.Item); now.Reinstated < r.Reinstated || now.NewLine != r.NewLine {
			return true
		}
	}
	return false
}

// anew quotes the cart as it is, carried as before where that still can be: what one carried whole it does again, and a split
// holds while its sum does.
func (w *World) anew(who string, old *Quote, why string) (Answer, *Quote) {
	split := Split{}
	for _, r := range old.rows {
		for _, i := range w.Carts[who] {
			if i.Product == r.Product && (len(r.Split) == 1 || i.Quantity == r.Quantity) {
				split[r.Product] = r.Split
			}
		}
	}
	a, q := w.Quote(who, split)
	if q == nil {
		return a, nil
	}
	return refused(409, why), q
}

// buy puts a row's seats on its line: those that its quote takes back come first, from the cost centers that gave them up, and
// change no limit; the rest raises what was bought, and an override with it.
func (w *World) buy(l *Line, r Row) {
	more := r.Quantity
	for _, t := range w.takes(r.Item, r.Reinstated, r.Until) {
		more -= t.n
		t.from.Counts[t.center] -= t.n
		l.Pending -= t.n
		l.Withheld[t.center] -= t.n
		l.Pools[t.center] -= t.n
		if t.from.Left() == 0 {
			t.from.State = "used_up"
		}
	}
	for center, n := range r.Split {
		l.Pools[center] += n
	}
	if more > 0 {
		l.Bought = plus(l.Bought, more)
		if l.Override != nil {
			l.Override = plus(l.Override, more)
		}
	}
	l.prune()
}

func plus(n *int, more int) *int {
	if n != nil {
		more += *n
	}
	return &more
}
