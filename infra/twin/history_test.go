package twin_test

import (
	"fmt"
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
	// differs collects what the two do not agree on.
	differs []string
}

func (h *history) differ(format string, args ...any) {
	h.differs = append(h.differs, fmt.Sprintf(format, args...))
}

// agree holds an answer to what the model says.
func (h *history) agree(what string, want twin.Answer, got apitest.Answer) {
	if got.StatusCode != want.Status || got.Word("code") != want.Code {
		h.differ("%s: answered %d %s, the model says %d %s: %s", what, got.StatusCode, got.Word("code"), want.Status, want.Code, got.Body)
		return
	}
	if want.Results != nil {
		if diff := cmp.Diff(want.Results, results(got)); diff != "" {
			h.differ("%s (-model +answer): %s", what, diff)
		}
	}
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
	real.begin()
	real.offer()
	w := &twin.World{
		Today: real.Now.Truncate(24 * time.Hour), Contracts: map[string]*twin.Contract{}, Systems: map[string]string{},
		People: map[string]bool{}, Needs: map[string]string{"phone": "desk"},
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
	for _, name := range names("contract", contracts) {
		seats := map[string]*int{"desk": limit(t), "phone": limit(t)}
		days, purchased := rapid.IntRange(1, 60).Draw(t, "days"), rapid.IntRange(0, 3).Draw(t, "purchased")
		c := &twin.Contract{Expiry: w.Today.AddDate(0, 0, days), Purchased: purchased, Lines: map[string]*twin.Line{}}
		w.Contracts[name] = c
		for product, n := range seats {
			c.Lines[product] = &twin.Line{Pools: map[string]int{"": 0}, Seats: map[string]string{}, Withheld: map[string]int{}}
			w.Contracted(name, product, n)
		}
		real.contract(name, w.Today, days, purchased, seats)
	}
	return &history{T: t, real: real, model: w}
}

// limit is a small number of seats, or none said.
func limit(t *rapid.T) *int {
	n := rapid.IntRange(-1, 6).Draw(t, "limit")
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

// step makes one call to both.
func (h *history) step() {
	t, w := h.T, h.model
	contract, product := pick(t, "contract", names("contract", contracts)), pick(t, "product", []string{"desk", "desk", "phone"})
	who := pick(t, "who", names("person", people))
	switch what := rapid.IntRange(0, 19).Draw(t, "what"); {
	case what < 7:
		from, asked, partial := pick(t, "center", append([]string{"", "", "none"}, w.Centers...)), some(t, "people", names("person", people)), rapid.Bool().Draw(t, "partial")
		h.agree(fmt.Sprintf("assign %v of %s %s from %q partial %v", asked, contract, product, from, partial),
			w.Assign(contract, product, from, asked, partial), h.real.assign(contract, product, from, asked, partial))
	case what < 10:
		h.agree(fmt.Sprintf("remove %s of %s %s", who, contract, product), w.Remove(contract, product, who), h.real.remove(contract, product, who))
	case what < 12:
		to := pick(t, "to", append([]string{""}, w.Centers...))
		h.agree(fmt.Sprintf("move %s of %s %s to %q", who, contract, product, to), w.Move(contract, product, who, to), h.real.move(contract, product, who, to))
	case what < 14:
		n := limit(t)
		h.agree(fmt.Sprintf("limit of %s %s", contract, product), w.Terms(contract, product, n), h.real.limit(contract, product, n))
	case what < 16:
		asked := some(t, "systems", names("system", systems))
		h.agree(fmt.Sprintf("connect %v to %s", asked, contract), w.Connect(contract, asked), h.real.connect(contract, asked))
	case what < 17:
		system := pick(t, "system", names("system", systems))
		h.agree(fmt.Sprintf("disconnect %s of %s", system, contract), w.Disconnect(contract, system), h.real.disconnect(contract, system))
	default:
		h.rarely(what, contract, who)
	}
}

// rarely is what happens less often: people come and go, days pass, contracts are extended.
func (h *history) rarely(what int, contract, who string) {
	t, w := h.T, h.model
	switch {
	case what == 17 && w.People[who]:
		w.Leave(who)
		h.agree(who+" leaves", twin.Answer{Status: 200}, h.real.become(who, "deactivated"))
	case what == 17:
		w.Return(who)
		h.agree(who+" returns", twin.Answer{Status: 200}, h.real.become(who, "active"))
	case what == 18:
		days := rapid.IntRange(1, 20).Draw(t, "days")
		h.real.Now = h.real.Now.AddDate(0, 0, days)
		w.Today = w.Today.AddDate(0, 0, days)
	default:
		days := rapid.IntRange(1, 60).Draw(t, "until")
		w.Extend(contract, days)
		h.agree(contract+" is extended", twin.Answer{Status: 200}, h.real.terms(contract, map[string]any{"expiryDate": w.Contracts[contract].Expiry.Format(time.DateOnly)}))
	}
}

// compare reads everything of the real one and holds it to the model.
func (h *history) compare() {
	if diff := cmp.Diff(h.ofModel(), h.ofReal()); diff != "" {
		h.differ("what can be read (-model +real): %s", diff)
	}
}

// reading is all that can be read, in words.
type reading struct {
	Contracts map[string]string // status, systems mapped and purchased
	Lines     map[string]string // limit, used, available, state
	Pools     map[string]string // purchased, used, available
	Seats     []string
	Unmapped  []string
}

func (h *history) ofModel() reading {
	w := h.model
	r := reading{Contracts: map[string]string{}, Lines: map[string]string{}, Pools: map[string]string{}}
	for name, c := range w.Contracts {
		status := "active"
		if w.Expired(c) {
			status = "expired"
		}
		r.Contracts[name] = fmt.Sprintf("%s %d/%d", status, w.Mapped(name), c.Purchased)
		for product, l := range c.Lines {
			at := name + " " + product
			limit, free := "none", 0
			if l.Limit() != nil {
				limit, free = fmt.Sprint(*l.Limit()), l.Free()
			}
			r.Lines[at] = fmt.Sprintf("limit %s, used %d, available %d, %s", limit, len(l.Seats), free, l.State())
			for center, purchased := range l.Pools {
				free := l.FreeOf(center)
				r.Pools[at+" "+center] = fmt.Sprintf("%d, used %d, available %d", purchased, purchased-free, free)
			}
			for who, center := range l.Seats {
				r.Seats = append(r.Seats, fmt.Sprintf("%s %s %s", who, at, center))
			}
		}
	}
	for system, on := range w.Systems {
		if on == "" {
			r.Unmapped = append(r.Unmapped, system)
		}
	}
	sorted(r.Seats)
	sorted(r.Unmapped)
	return r
}

func (h *history) ofReal() reading {
	s := h.real
	r := reading{Contracts: map[string]string{}, Lines: map[string]string{}, Pools: map[string]string{}}
	for _, name := range names("contract", contracts) {
		d := s.Want(200, "", s.administrator, "GET", s.path+"/contracts/"+s.id(name), "").Document
		systems := d["systems"].(map[string]any)
		r.Contracts[name] = fmt.Sprintf("%s %v/%v", d["status"], systems["mapped"], systems["purchased"])
		for _, v := range d["lines"].([]any) {
			h.readLine(&r, name, v.(map[string]any))
		}
	}
	for _, v := range s.listed(s.path + "/seats?state=assigned") {
		center := ""
		if cc, carried := v["costCenter"].(map[string]any); carried {
			center = s.named(cc["id"])
		}
		r.Seats = append(r.Seats, fmt.Sprintf("%s %s %s %s", s.named(v["user"].(map[string]any)["id"]), s.named(v["contractId"]), s.named(v["product"].(map[string]any)["id"]), center))
	}
	for _, v := range s.listed(s.path + "/systems?mapping=unmapped") {
		r.Unmapped = append(r.Unmapped, s.named(v["id"]))
	}
	sorted(r.Seats)
	sorted(r.Unmapped)
	return r
}

func (h *history) readLine(r *reading, contract string, line map[string]any) {
	at := contract + " " + h.real.named(line["product"].(map[string]any)["id"])
	usage := line["usage"].(map[string]any)
	limit := usage["limit"]
	if limit == nil {
		limit = "none"
	}
	r.Lines[at] = fmt.Sprintf("limit %v, used %v, available %v, %v", limit, usage["used"], usage["available"], usage["state"])
	for _, v := range line["pools"].([]any) {
		pool := v.(map[string]any)
		center := ""
		if cc := pool["costCenterId"]; cc != nil && cc != "" {
			center = h.real.named(cc)
		}
		r.Pools[at+" "+center] = fmt.Sprintf("%v, used %v, available %v", pool["purchased"], pool["used"], pool["available"])
	}
}

// play is one history from its first call to its last.
func play(t *rapid.T, real *seatkeeper) []string {
	h := setUp(t, real)
	for range rapid.IntRange(5, 25).Draw(t, "steps") {
		h.step()
		if len(h.differs) > 0 {
			return h.differs
		}
	}
	h.compare()
	return h.differs
}

// Every answer and everything that can be read is what FEATURES.md says, as a second program understood it.
func TestRandomHistoriesAreAnsweredAsTheModelSays(t *testing.T) {
	o := apitest.New(t)
	real := over(t, o, o.Table)
	start := real.Now
	rapid.Check(t, func(t *rapid.T) {
		real.Now = start
		for _, difference := range play(t, real) {
			t.Error(difference)
		}
	})
}
