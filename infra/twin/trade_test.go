package twin_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/seatkeeper/seatkeeper/infra/apitest"
	"github.com/seatkeeper/seatkeeper/infra/twin"
)

// quoted is a quote of both.
type quoted struct {
	model   *twin.Quote
	who, id string
}

// kept is a request that was answered under an Idempotency-Key, and that can be sent again.
type kept struct {
	who, operation, asked, key, body string
	at                               time.Time
	again                            func(key string) apitest.Answer
}

// shopper is mostly somebody who may buy.
func (h *history) shopper() string { return h.caller("administrator", "buyer") }

// buy is a purchase from the cart to the order.
func (h *history) buy() {
	who, before := h.shopper(), len(h.quotes)
	for _, do := range []func(who string){h.put, h.quote} {
		if do(who); len(h.differs) > 0 {
			return
		}
	}
	if len(h.quotes) > before {
		h.place(who, h.quotes[before])
	}
}

// fill puts something into a cart, price quotes one, order buys what was quoted at some time.
func (h *history) fill() { h.put(h.shopper()) }

func (h *history) price() {
	who := h.shopper()
	if len(h.model.Carts[who]) == 0 && rapid.IntRange(0, 9).Draw(h.T, "nothing") < 9 {
		if h.put(who); len(h.differs) > 0 {
			return
		}
	}
	h.quote(who)
}

func (h *history) order() {
	if len(h.quotes) == 0 {
		return
	}
	latest := slices.Clone(h.quotes)
	slices.Reverse(latest)
	q := rapid.SampledFrom(latest).Draw(h.T, "quote")
	who := q.who
	if rapid.IntRange(0, 4).Draw(h.T, "another") == 4 {
		who = h.shopper()
	}
	h.place(who, q)
}

func (h *history) takeOut() {
	who, product := h.shopper(), pick(h.T, "product", []string{"desk", "phone", "chat"})
	h.tryFor(h.real.carted, who, "licences", product+" out of the cart",
		func() twin.Answer { return h.model.TakeOut(who, product) }, func() apitest.Answer { return h.real.takeOut(product) })
}

func (h *history) withdraw() {
	if len(h.removals) == 0 {
		return
	}
	i := rapid.IntRange(0, len(h.removals)-1).Draw(h.T, "removal")
	h.try(h.shopper(), "licences", fmt.Sprintf("withdraw removal %d", i),
		func() twin.Answer { return h.model.Withdraw(h.model.Removals[i]) }, func() apitest.Answer { return h.real.withdraw(h.removals[i]) })
}

func (h *history) put(who string) {
	item := twin.Item{
		Contract: pick(h.T, "contract", append(names("contract", contracts), "founding")), Product: pick(h.T, "product", []string{"chat", "desk", "phone"}),
		Quantity: rapid.IntRange(1, 5).Draw(h.T, "quantity"),
	}
	if waiting := h.waiting(); len(waiting) > 0 && rapid.Bool().Draw(h.T, "what waits") {
		r := rapid.SampledFrom(waiting).Draw(h.T, "removal")
		item.Contract, item.Product = r.Contract, r.Product
	}
	h.tryFor(h.real.carted, who, "licences", fmt.Sprintf("%d %s of %s into the cart", item.Quantity, item.Product, item.Contract),
		func() twin.Answer { return h.model.Put(who, item) }, func() apitest.Answer { return h.real.put(item) })
}

// split says who carries a cart: for some of its products nobody in particular, one cost center, or several, whose sum may be
// wrong.
func (h *history) split(who string) twin.Split {
	split := twin.Split{}
	for _, item := range h.model.Carts[who] {
		switch first := pick(h.T, "carrier", append([]string{""}, h.model.Centers...)); rapid.IntRange(0, 3).Draw(h.T, "carried") {
		case 0:
		case 1:
			split[item.Product] = map[string]int{first: item.Quantity}
		default:
			n := rapid.IntRange(1, 3).Draw(h.T, "part")
			rest := max(1, item.Quantity-n)
			split[item.Product] = map[string]int{first: n, map[string]string{"": "center0", "center0": "center1", "center1": ""}[first]: rest}
		}
	}
	return split
}

func (h *history) quote(who string) {
	split := h.split(who)
	var q *twin.Quote
	var answer apitest.Answer
	h.tryFor(h.real.rowed, who, "licences", fmt.Sprintf("quote %v", split), func() (a twin.Answer) {
		a, q = h.model.Quote(who, split)
		return a
	}, func() apitest.Answer {
		answer = h.real.quote(split)
		return answer
	})
	if q != nil {
		h.quotes = append(h.quotes, quoted{q, who, answer.Word("id")})
	}
}

// place buys a quote. A refusal may come with a new one.
func (h *history) place(who string, q quoted) {
	key := rand.Text()
	var anew *twin.Quote
	var answer apitest.Answer
	h.tryFor(h.real.rowed, who, "licences", "order what was quoted", func() (a twin.Answer) {
		a, anew = h.model.Order(who, q.model)
		return a
	}, func() apitest.Answer {
		answer = h.real.order(q.id, key)
		return answer
	})
	if anew != nil {
		h.quotes = append(h.quotes, h.offered(who, anew, answer))
	}
	h.keep(who, "order", q.id, key, answer, func(key string) apitest.Answer { return h.real.order(q.id, key) })
}

// offered is the quote that comes with a refusal, held to the model's.
func (h *history) offered(who string, q *twin.Quote, refusal apitest.Answer) quoted {
	wire, _ := refusal.Document["quote"].(map[string]any)
	a := apitest.Answer{Document: wire}
	h.agree("the quote instead", twin.Answer{Results: h.model.Told(q)}, a, h.real.rowed)
	return quoted{q, who, a.Word("id")}
}

func (h *history) keep(who, operation, asked, key string, answer apitest.Answer, again func(string) apitest.Answer) {
	if answer.StatusCode < 300 {
		h.kept = append(h.kept, kept{who, operation, asked, key, answer.Body, h.model.Now, again})
	}
}

// repeat sends a request again under its key: the same bytes come back for 48 hours, and nothing changes. Another
// request under the key is refused.
func (h *history) repeat() {
	if len(h.kept) == 0 {
		return
	}
	k := rapid.SampledFrom(h.kept).Draw(h.T, "kept")
	if !h.model.Now.Before(k.at.Add(48 * time.Hour)) {
		return
	}
	h.real.caller = h.real.callers[k.who]
	if again := k.again(k.key); again.Body != k.body {
		h.differ("a repeat is answered %d %s, the first was answered %s", again.StatusCode, again.Body, k.body)
	}
	other := rapid.SampledFrom(h.kept).Draw(h.T, "another's")
	if other.who != k.who || other.operation != k.operation || other.asked == k.asked {
		return
	}
	h.agree("another request under a key", twin.Answer{Status: 422, Code: "idempotency_key_reused"}, other.again(k.key), nil)
}

func (h *history) giveBack() {
	contract, product := h.line()
	who := h.shopper()
	counts := map[string]int{}
	for _, center := range some(h.T, "centers", append([]string{""}, h.model.Centers...)) {
		counts[center] = rapid.IntRange(1, 3).Draw(h.T, "give back")
	}
	if free := h.free(); len(free) > 0 && rapid.Bool().Draw(h.T, "what is free") {
		p := rapid.SampledFrom(free).Draw(h.T, "pool")
		contract, product, counts = p.contract, p.product, map[string]int{p.center: rapid.IntRange(1, p.n).Draw(h.T, "give back")}
	}
	key := rand.Text()
	var answer apitest.Answer
	h.tryFor(h.real.withheld, who, "licences", fmt.Sprintf("give back %v of %s %s", counts, contract, product),
		func() twin.Answer { return h.model.Withhold(contract, product, counts) }, func() apitest.Answer {
			answer = h.real.withhold(contract, product, counts, key)
			return answer
		})
	if answer.StatusCode == 200 {
		h.removals = append(h.removals, answer.Word("removalId"))
	}
	h.keep(who, "removal", fmt.Sprint(contract, product, counts), key, answer, func(key string) apitest.Answer { return h.real.withhold(contract, product, counts, key) })
}

// pool is free seats of a line that one cost center carries.
type pool struct {
	contract, product, center string
	n                         int
}

// free lists the pools of active contracts that seats can be taken of.
func (h *history) free() []pool {
	var all []pool
	for name, c := range h.model.Contracts {
		for product, l := range c.Lines {
			for center := range l.Pools {
				if n := min(l.Free(), l.FreeOf(center)); n > 0 && !h.model.Expired(c) {
					all = append(all, pool{name, product, center, n})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b pool) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return all
}

// waiting are the removals that wait on active contracts.
func (h *history) waiting() []*twin.Removal {
	var all []*twin.Removal
	for _, r := range h.model.Removals {
		if r.State == "pending" && !h.model.Expired(h.model.Contracts[r.Contract]) {
			all = append(all, r)
		}
	}
	return all
}

// due lets time pass until the day of a removal that waits, and sweeps.
func (h *history) due() {
	if waiting := h.waiting(); len(waiting) > 0 {
		r := rapid.SampledFrom(waiting).Draw(h.T, "removal")
		h.pass(max(0, r.Effective.Sub(h.model.Today())))
	}
	h.sweep()
}

// sweep does what is due, and then again, which finds nothing to do.
func (h *history) sweep() {
	h.model.Sweep()
	for i := range 1 + rapid.IntRange(0, 1).Draw(h.T, "again") {
		done, err := h.real.sweep(context.Background(), nil)
		if err != nil || !done.Complete || i > 0 && done.Marked+done.Announced+done.Removed > 0 {
			h.differ("sweep %d: %+v: %v", i, done, err)
		}
	}
}
