package seat_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// listed reads the licence list page by page, and holds every page to its size.
func (w *world) listed(l seat.Listing, size int) []seat.Row {
	w.t.Helper()
	var all []seat.Row
	var at *seat.Position
	for page := 0; ; page++ {
		rows, next, _, err := w.seats.List(w.t.Context(), w.account, today, l, at, size)
		w.must(err)
		if len(rows) > size || page > 1000 {
			w.t.Fatalf("%+v: page %d has %d rows, at most %d were asked for", l, page, len(rows), size)
		}
		if page > 0 && len(rows) == 0 {
			w.t.Errorf("%+v: page %d is empty, and the one before it had a token", l, page)
		}
		if all = append(all, rows...); next == nil {
			return all
		}
		at = next
	}
}

// shown is rows as a reader tells them apart: a seat by product and name, available licences by product, cost center
// and number.
func (w *world) shown(rows []seat.Row) []string {
	names := map[id.CostCenter]string{"": "none"}
	all := []string{}
	for _, r := range rows {
		if r.CostCenter != "" && names[r.CostCenter] == "" {
			cc, err := w.centers.Get(w.t.Context(), w.account, r.CostCenter)
			w.must(err)
			names[r.CostCenter] = cc.Name
		}
		if r.State == seat.StateAvailable {
			all = append(all, fmt.Sprintf("%s of %s: %d free", r.Product, names[r.CostCenter], r.Available))
		} else {
			all = append(all, fmt.Sprintf("%s of %s: %s %s", r.Product, names[r.CostCenter], r.UserName, r.Extension))
		}
	}
	return all
}

func (w *world) lists(what string, l seat.Listing, want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(append([]string{}, want...), w.shown(w.listed(l, 50))); diff != "" {
		w.t.Errorf("%s (-want +got): %s", what, diff)
	}
}

// The licence list: product, assigned to or available, extension, cost center. Search by name, address or extension;
// filter by one or more cost centers (FEATURES.md, Seats).
func TestTheLicenceList(t *testing.T) {
	w := newWorld(t)
	people := w.people(4)
	phone, chat := w.line("phone", 5, "2027-01-01"), w.line("chat", 2, "2027-01-01")
	w.line("phone-plus", 1, "2027-01-01") // begins as another product does
	w.line("unset", -1, "2027-01-01")
	w.line("gone", 5, today)
	w.line("zero", 0, "2027-01-01")
	paris, lyon := w.center("Paris"), w.center("Lyon")
	w.must(w.pools(phone, "phone", map[id.CostCenter]int{paris: 2, lyon: 1}))
	of := func(cc id.CostCenter, users ...id.User) {
		done, err := w.seats.Assign(t.Context(), w.change(), seat.Order{Contract: phone, Product: "phone", Pool: contract.PoolOf(cc), Users: users}, false, keepNothing)
		w.must(err)
		w.wants("assign", done, slices.Repeat([]seat.Result{seat.Assigned}, len(users))...)
	}
	of(paris, people[2])
	of(lyon, people[1])
	w.assign(chat, "chat", people[0], people[3])
	w.set(people[3], func(u *user.User) { u.Name = "Émile Älter" })

	byName := []string{"chat of none: Émile Älter 1003", "chat of none: Person 000 1000", "phone of Lyon: Person 001 1001", "phone of Paris: Person 002 1002"}
	var free []string // by the ids of the cost centers
	for _, pool := range w.lineOf(phone, "phone").Pools.IDs() {
		if name := map[contract.PoolID]string{contract.PoolOf(paris): "Paris", contract.Unassigned: "none"}[pool]; name != "" {
			free = append(free, fmt.Sprintf("phone of %s: %d free", name, map[string]int{"Paris": 1, "none": 2}[name]))
		}
	}
	freeByProduct := append(slices.Clone(free), "phone-plus of none: 1 free")
	w.lists("all", seat.Listing{}, append(slices.Clone(byName), freeByProduct...)...)
	w.lists("assigned", seat.Listing{State: seat.StateAssigned}, byName...)
	w.lists("available", seat.Listing{State: seat.StateAvailable}, freeByProduct...)
	w.lists("a product", seat.Listing{Product: "phone"}, append(slices.Clone(byName[2:]), free...)...)
	w.lists("a product that nobody has", seat.Listing{Product: "phon"})
	w.lists("a line", seat.Listing{Product: "phone", Contract: phone, State: seat.StateAssigned}, byName[2:]...)
	w.lists("a line of another product", seat.Listing{Product: "chat", Contract: phone})
	w.lists("a cost center", seat.Listing{Pools: []contract.PoolID{contract.PoolOf(paris)}}, "phone of Paris: Person 002 1002", "phone of Paris: 1 free")
	w.lists("two, and a product", seat.Listing{Product: "phone", Pools: []contract.PoolID{contract.PoolOf(lyon), contract.Unassigned}}, "phone of Lyon: Person 001 1001", "phone of none: 2 free")
	w.lists("none, assigned", seat.Listing{State: seat.StateAssigned, Pools: []contract.PoolID{contract.Unassigned}}, byName[:2]...)
	w.lists("by a name without marks", seat.Listing{Search: "emi alt"}, byName[0])
	w.lists("by an extension", seat.Listing{Search: "1002"}, byName[3])
	w.lists("by an address", seat.Listing{Search: w.user(people[1]).Email}, byName[2])
	w.lists("by several, of one product", seat.Listing{Search: "person", Product: "phone"}, byName[2:]...)
	w.lists("by several, of one cost center", seat.Listing{Search: "person", Pools: []contract.PoolID{contract.PoolOf(lyon)}}, byName[2])
	w.lists("by one that is not there", seat.Listing{Search: "nobody"})
	w.lists("available licences have no name", seat.Listing{Search: "person", State: seat.StateAvailable})

	// Over its limit a line has nothing to offer, whatever a cost center has left.
	zero := 0
	w.must(first2(w.contracts.SetTerms(t.Context(), contract.Changing{Account: w.account, Now: w.now}, phone, contract.Terms{Limits: map[string]*int{"phone": &zero}}, func(int) error { return nil })))
	w.must(first(w.seats.Remove(t.Context(), w.change(), phone, "phone", people[2])))
	if p := w.lineOf(phone, "phone").Pools[contract.PoolOf(paris)]; p.Available != 1 {
		t.Errorf("Paris has %+v, want one free", p)
	}
	w.lists("over its limit", seat.Listing{Product: "phone", State: seat.StateAvailable})
	w.recount()
}

func first2[A, B any](_ A, _ B, err error) error { return err }

func (w *world) user(u id.User) user.User {
	w.t.Helper()
	is, _, err := w.users.Get(w.t.Context(), w.account, u)
	w.must(err)
	return is
}

// Pages of any size give every row exactly once, also where one line has many pools.
func TestPagesOfTheLicenceListGiveEveryRowOnce(t *testing.T) {
	w := newWorld(t)
	people := w.people(5)
	many := w.line("phone", 40, "2027-01-01")
	split := map[id.CostCenter]int{}
	var some id.CostCenter
	for i := range 12 {
		some = w.center(fmt.Sprint("Center ", i))
		split[some] = 2
	}
	w.must(w.pools(many, "phone", split))
	w.assign(many, "phone", people...)
	for _, product := range []string{"phone", "phone", "mail", "chat"} {
		c := w.line(product, 4, "2027-01-01")
		w.must(w.pools(c, product, map[id.CostCenter]int{some: 2}))
	}
	for name, l := range map[string]seat.Listing{
		"all":             {},
		"available":       {State: seat.StateAvailable},
		"a product":       {Product: "phone"},
		"a line":          {Product: "phone", Contract: many},
		"of cost centers": {Pools: []contract.PoolID{contract.PoolOf(some), contract.Unassigned}},
		"a search":        {Search: "person"},
	} {
		whole := w.listed(l, 1000)
		if len(whole) < 4 {
			t.Errorf("%s: only %d rows", name, len(whole))
		}
		for _, size := range []int{1, 2, 3, 5, len(whole) - 1, len(whole), len(whole) + 1} {
			if diff := cmp.Diff(whole, w.listed(l, size)); diff != "" {
				t.Errorf("%s, in pages of %d (-want +got): %s", name, size, diff)
			}
		}
	}
}

// The token is absent on the last page (DESIGN.md, HTTP API): also where what comes behind a full page has no rows.
func TestTheLastPageOfTheLicenceListHasNoToken(t *testing.T) {
	w := newWorld(t)
	people := w.people(3)
	w.assign(w.line("phone", 3, "2027-01-01"), "phone", people...)
	empty := contract.PoolOf(w.center("Empty"))
	unset := contract.Contract{ID: id.New[id.Contract](w.ids, w.now), Facts: contract.Facts{Expiry: "2027-01-01"}}
	var ops []table.Op
	for n := range 120 { // more than one read looks at, and nothing free on any
		op, err := contract.LineOp(w.account, contract.LineRow{}, contract.NewLine(unset, fmt.Sprintf("unset-%03d", n), ""))
		w.must(err)
		ops = append(ops, op)
	}
	for some := range slices.Chunk(ops, table.MaxOps) {
		w.must(w.table.Write(t.Context(), some...))
	}
	for _, whole := range []int{3, 4, 5} {
		for what, l := range map[string]seat.Listing{"all": {}, "of cost centers": {Pools: []contract.PoolID{contract.Unassigned, empty}}} {
			for _, size := range []int{1, 2, whole, whole + 1} {
				if n := len(w.listed(l, size)); n != whole {
					t.Errorf("%s: %d rows in pages of %d, want %d", what, n, size, whole)
				}
			}
		}
		if n := len(w.listed(seat.Listing{State: seat.StateAvailable}, max(whole-3, 1))); n != whole-3 {
			t.Errorf("%d available, want %d", n, whole-3)
		}
		w.line([]string{"available", "zoom", "more"}[whole-3], 1, "2027-01-01") // before those without a limit, then behind them
	}
}

// A search that meets more than it looks at says so.
func TestASearchThatIsTooWideSaysSo(t *testing.T) {
	w := newWorld(t)
	w.people(3)
	truncated := func() bool {
		_, _, truncated, err := w.seats.List(t.Context(), w.account, today, seat.Listing{Search: "person"}, nil, 10)
		w.must(err)
		return truncated
	}
	if truncated() {
		t.Error("three people are too many")
	}
	var ops []table.Op
	for i := range 198 {
		u := user.User{ID: id.New[id.User](w.ids, w.now), Details: user.Details{Name: fmt.Sprint("Person ", i)}, State: user.Active}
		item, err := table.Encode(u)
		w.must(err)
		ops = append(ops, table.Put(table.User(w.account, u.ID), item, table.Absent()))
		ops = append(ops, table.TermOps(table.UserTerms(w.account), string(u.ID), "", nil, u.Name, []string{"person"})...)
	}
	for some := range slices.Chunk(ops, table.MaxOps) {
		w.must(w.table.Write(t.Context(), some...))
	}
	if !truncated() {
		t.Error("201 people, and it does not say that it left some out")
	}
}
