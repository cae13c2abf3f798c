package twin_test

import (
	"flag"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seatkeeper/seatkeeper/infra/apitest"
	"github.com/seatkeeper/seatkeeper/infra/twin"
)

const (
	people    = 8
	centers   = 2
	systems   = 5
	contracts = 3
)

// history drives the model and the real one with the same calls.
type history struct {
	*rapid.T
	real  *seatkeeper
	model *twin.World
	start time.Time
	// quotes, kept answers and removals are those of the real one beside those of the model.
	quotes   []quoted
	kept     []kept
	removals []string
	// differs collects what the two do not agree on.
	differs []string
}

func (h *history) differ(format string, args ...any) {
	h.differs = append(h.differs, fmt.Sprintf(format, args...))
}

// agree holds an answer to what the model says; words finds in it what the model says in words. A code of the model that
// begins with an underscore is how the answer's ends.
func (h *history) agree(what string, want twin.Answer, got apitest.Answer, words func(apitest.Answer) []string) {
	h.real.seen[strings.TrimSpace(fmt.Sprint(want.Status, " ", want.Code))]++
	code := got.Word("code")
	if strings.HasPrefix(want.Code, "_") && strings.HasSuffix(code, want.Code) {
		code = want.Code
	}
	if got.StatusCode != want.Status || code != want.Code {
		h.differ("%s: answered %d %s, the model says %d %s: %s", what, got.StatusCode, code, want.Status, want.Code, got.Body)
		return
	}
	if want.Results != nil {
		if diff := cmp.Diff(want.Results, words(got)); diff != "" {
			h.differ("%s (-model +answer): %s", what, diff)
		}
	}
}

// try has somebody make a call that needs a right. Who lacks it changes nothing, so the model is not asked then.
func (h *history) try(who, right, what string, model func() twin.Answer, real func() apitest.Answer) {
	h.tryFor(results, who, right, what, model, real)
}

func (h *history) tryFor(words func(apitest.Answer) []string, who, right, what string, model func() twin.Answer, real func() apitest.Answer) {
	want := twin.Lacking()
	if twin.May(who, right) {
		want = model()
	}
	h.real.caller = h.real.callers[who]
	h.agree(who+": "+what, want, real(), words)
}

func names(noun string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprint(noun, i)
	}
	return all
}

// setUp makes an account with people, cost centers, systems and contracts; the lines have few seats, so that they run out.
func setUp(t *rapid.T, real *seatkeeper) *history {
	start := real.Now
	real.begin()
	w := &twin.World{
		Now: real.Now, Contracts: map[string]*twin.Contract{}, Systems: map[string]string{}, People: map[string]bool{},
		Needs: needed(), Sold: sold(), Buyer: "FR", Carts: map[string][]twin.Item{},
	}
	for _, name := range names("person", people) {
		real.person(name)
		w.People[name] = true
	}
	for _, name := range names("center", centers) {
		real.center(name)
		w.Centers = append(w.Centers, name)
	}
	for _, name := range names("system", systems) {
		real.system(name)
		w.Systems[name] = ""
	}
	h := &history{T: t, real: real, model: w, start: start}
	w.Contracts["founding"] = &twin.Contract{Expiry: w.Today().AddDate(2, 0, 0), Lines: map[string]*twin.Line{}}
	for _, name := range names("contract", contracts) {
		seats := map[string]*int{"desk": limit(t), "phone": limit(t)}
		days, purchased := rapid.SampledFrom([]int{100, 45, 20, 200, 7, 1}).Draw(t, "days"), rapid.IntRange(0, 3).Draw(t, "purchased")
		c := &twin.Contract{Expiry: w.Today().AddDate(0, 0, days), Purchased: purchased, Lines: map[string]*twin.Line{}}
		if ago := rapid.SampledFrom([]int{-1, 20, 365, 0, 9, 113, 294, 662}).Draw(t, "began"); ago >= 0 {
			c.Start = w.Today().AddDate(0, 0, -ago)
		}
		w.Contracts[name] = c
		for product, n := range seats {
			c.Lines[product] = twin.NewLine()
			w.Contracted(name, product, n)
		}
		h.agree(name+" is taken over", twin.Answer{Status: 200}, real.contract(name, c.Start, c.Expiry, purchased, seats), nil)
		c.Said = c.Expiry
	}
	return h
}

// limit is a small number of seats, or none said.
func limit(t *rapid.T) *int {
	n := rapid.SampledFrom([]int{3, 5, 2, 6, 1, 0, -1}).Draw(t, "limit")
	if n < 0 {
		return nil
	}
	return &n
}

func pick(t *rapid.T, what string, from []string) string {
	return rapid.SampledFrom(from).Draw(t, what)
}

func some(t *rapid.T, what string, from []string) []string {
	all := rapid.Permutation(from).Draw(t, what)
	return all[:rapid.IntRange(1, len(all)).Draw(t, "how many")]
}

// caller is mostly somebody who may; one in ten is anybody.
func (h *history) caller(may ...string) string {
	if rapid.IntRange(0, 9).Draw(h.T, "anybody") == 9 {
		may = []string{"viewer", "buyer", "placer", "administrator"}
	}
	return pick(h.T, "caller", may)
}

// line picks one that there is.
func (h *history) line() (contract, product string) {
	var all []string
	for name, c := range h.model.Contracts {
		for product := range c.Lines {
			all = append(all, name+" "+product)
		}
	}
	contract, product, _ = strings.Cut(pick(h.T, "line", sorted(all)), " ")
	return contract, product
}

// happens is what can happen next, by name. Draws favour the first of a list.
var happens = []string{
	"assign", "give back", "buy", "price", "wait", "order", "due", "withdraw", "give back", "buy", "sweep", "remove", "limit", "order", "fill",
	"price", "repeat", "contracted", "connect", "move", "extend", "person", "disconnect", "bill", "take out",
}

func (h *history) steps() map[string]func() {
	return map[string]func(){
		"assign": h.assign, "remove": h.remove, "move": h.move, "connect": h.connect, "disconnect": h.disconnect, "limit": h.limit, "contracted": h.contracted,
		"extend": h.extend, "person": h.person, "wait": h.wait, "bill": h.bill, "fill": h.fill, "take out": h.takeOut, "price": h.price, "order": h.order,
		"buy": h.buy, "repeat": h.repeat, "give back": h.giveBack, "withdraw": h.withdraw, "due": h.due, "sweep": h.sweep,
	}
}

// step makes one call to both, or a few that go together.
func (h *history) step(t *rapid.T) {
	if len(h.differs) > 0 {
		return // the first difference is the one to read
	}
	h.T = t
	h.steps()[pick(t, "step", happens)]()
}

func (h *history) assign() {
	t, w := h.T, h.model
	contract, product := h.line()
	who, from := h.caller("administrator", "placer", "operator"), pick(t, "center", append([]string{"", "none"}, w.Centers...))
	asked, partial := some(t, "people", names("person", people)), rapid.Bool().Draw(t, "partial")
	h.try(who, "users", fmt.Sprintf("assign %v of %s %s from %q partial %v", asked, contract, product, from, partial),
		func() twin.Answer { return w.Assign(contract, product, from, asked, partial) },
		func() apitest.Answer { return h.real.assign(contract, product, from, asked, partial) })
}

func (h *history) remove() {
	contract, product := h.line()
	who := pick(h.T, "who", names("person", people))
	h.try(h.caller("administrator", "placer"), "users", fmt.Sprintf("remove %s of %s %s", who, contract, product),
		func() twin.Answer { return h.model.Remove(contract, product, who) }, func() apitest.Answer { return h.real.remove(contract, product, who) })
}

func (h *history) move() {
	contract, product := h.line()
	who, to := pick(h.T, "who", names("person", people)), pick(h.T, "to", append([]string{""}, h.model.Centers...))
	h.try(h.caller("administrator", "placer"), "users", fmt.Sprintf("move %s of %s %s to %q", who, contract, product, to),
		func() twin.Answer { return h.model.Move(contract, product, who, to) }, func() apitest.Answer { return h.real.move(contract, product, who, to) })
}

func (h *history) connect() {
	contract, asked := pick(h.T, "contract", names("contract", contracts)), some(h.T, "systems", names("system", systems))
	h.try(h.caller("administrator", "operator"), "systems", fmt.Sprintf("connect %v to %s", asked, contract),
		func() twin.Answer { return h.model.Connect(contract, asked) }, func() apitest.Answer { return h.real.connect(contract, asked) })
}

func (h *history) disconnect() {
	contract, system := pick(h.T, "contract", names("contract", contracts)), pick(h.T, "system", names("system", systems))
	h.try(h.caller("administrator", "operator"), "systems", fmt.Sprintf("disconnect %s of %s", system, contract),
		func() twin.Answer { return h.model.Disconnect(contract, system) }, func() apitest.Answer { return h.real.disconnect(contract, system) })
}

// limit sets one, or takes it back; never of chat, which is only ever bought.
func (h *history) limit() {
	contract, product, n := pick(h.T, "contract", names("contract", contracts)), pick(h.T, "product", []string{"desk", "phone"}), limit(h.T)
	h.try(h.caller("operator"), "terms", fmt.Sprintf("limit of %s %s", contract, product),
		func() twin.Answer { return h.model.Terms(contract, product, n) }, func() apitest.Answer { return h.real.limit(contract, product, n) })
}

// pass lets time pass.
func (h *history) pass(d time.Duration) {
	h.real.Now = h.real.Now.Add(d)
	h.model.Now = h.model.Now.Add(d)
}

func (h *history) wait() {
	const day = 24 * time.Hour
	h.pass(rapid.SampledFrom([]time.Duration{40 * time.Minute, 7 * day, 20 * time.Minute, day, 30 * day, 3 * day}).Draw(h.T, "time"))
}

// then is a model's answer to what is always done.
func then(do func()) func() twin.Answer {
	return func() twin.Answer {
		do()
		return twin.Answer{Status: 200}
	}
}

func (h *history) person() {
	who, as := pick(h.T, "who", names("person", people)), h.caller("administrator", "placer")
	if h.model.People[who] {
		h.try(as, "users", who+" leaves", then(func() { h.model.Leave(who) }), func() apitest.Answer { return h.real.become(who, "deactivated") })
	} else {
		h.try(as, "users", who+" returns", then(func() { h.model.Return(who) }), func() apitest.Answer { return h.real.become(who, "active") })
	}
}

// extend gives a contract another last day, also an earlier one.
func (h *history) extend() {
	contract, days := pick(h.T, "contract", names("contract", contracts)), rapid.SampledFrom([]int{60, 100, 7, 30, 1}).Draw(h.T, "until")
	until := h.model.Today().AddDate(0, 0, days).Format(time.DateOnly)
	h.try(h.caller("operator"), "terms", contract+" expires on "+until, then(func() { h.model.Extend(contract, days) }),
		func() apitest.Answer { return h.real.terms(contract, map[string]any{"expiryDate": until}) })
}

func (h *history) bill() {
	country := pick(h.T, "country", []string{"US", "FR"})
	h.try(h.caller("administrator"), "billing", "billed in "+country, then(func() { h.model.Buyer = country }), func() apitest.Answer { return h.real.bill(country) })
}

// contracted has the CRM say other numbers of seats, and the same of all else. It takes back no seat that a removal took.
func (h *history) contracted() {
	contract := pick(h.T, "contract", names("contract", contracts))
	h.pass(time.Second)
	c, seats := h.model.Contracts[contract], map[string]*int{}
	for _, product := range []string{"desk", "phone"} {
		n := rapid.SampledFrom([]int{4, 2, 6, 1, 0, 3}).Draw(h.T, "contracted")
		if bought := c.Lines[product].Bought; bought != nil {
			n = max(n, -*bought)
		}
		seats[product] = &n
	}
	h.model.Take(contract, seats)
	h.agree(fmt.Sprintf("the CRM contracts %v of desk, %v of phone on %s", *seats["desk"], *seats["phone"], contract), twin.Answer{Status: 200},
		h.real.contract(contract, c.Start, c.Said, c.Purchased, seats), nil)
}

// play is one history from its first call to its last.
func play(t *rapid.T, real *seatkeeper) []string {
	h := setUp(t, real)
	t.Repeat(map[string]func(*rapid.T){"step": h.step})
	if len(h.differs) == 0 {
		h.compare()
	}
	for _, r := range h.model.Removals {
		real.seen["removal "+r.State]++
		if r.State != "pending" {
			real.seen["removals ended"]++
		}
	}
	real.seen["announced"] += len(h.model.Announced)
	return h.differs
}

// Every answer and everything that can be read is what FEATURES.md says, as a second program understood it.
func TestRandomHistoriesAreAnsweredAsTheModelSays(t *testing.T) {
	real := over(t, nil)
	start := real.Now
	rapid.Check(t, func(t *rapid.T) {
		real.Now = start
		for _, difference := range play(t, real) {
			t.Error(difference)
		}
	})
	t.Logf("%v", real.seen)
	for _, what := range []string{"200", "201", "403 permission_missing", "removals ended", "announced"} {
		if real.seen[what] == 0 && !t.Failed() && flag.Lookup("rapid.checks").Value.String() == strconv.Itoa(histories) {
			t.Errorf("no history came to %q: %v", what, real.seen)
		}
	}
}
