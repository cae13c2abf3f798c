package seat_test

import (
	"fmt"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// pools splits a line over cost centers.
func (w *world) pools(c id.Contract, product string, wanted map[id.CostCenter]int) error {
	by := map[contract.PoolID]int{}
	for cc, n := range wanted {
		by[contract.PoolOf(cc)] = n
	}
	_, err := w.contracts.SetPools(w.t.Context(), contract.Changing{Account: w.account, Now: w.now}, c, product, by)
	return err
}

func (w *world) archive(cc id.CostCenter) error {
	_, err := w.centers.Set(w.t.Context(), costcenter.Change{Account: w.account, Now: w.now}, cc, func(c costcenter.CostCenter) (costcenter.CostCenter, error) {
		c.State = costcenter.Archived
		return c, nil
	})
	return err
}

// carries is on how many lines a cost center says that it carries seats.
func (w *world) carries(cc id.CostCenter) int {
	w.t.Helper()
	row, err := w.centers.Get(w.t.Context(), w.account, cc)
	w.must(err)
	return row.Pools
}

// Moving a seat between cost centers is one call: its purchase goes with it, and the cost center is told of its first
// seat of a line and of its last (issue 5, Pools).
func TestASeatMovesWithItsPurchase(t *testing.T) {
	w := newWorld(t)
	c, people := w.line("phone", 3, "2027-01-01"), w.people(3)
	w.assign(c, "phone", people...)
	paris, lyon := w.center("Paris"), w.center("Lyon")
	for i, step := range []struct {
		user               id.User
		to                 id.CostCenter
		inParis, inLyon    int // seats
		ofParis, ofLyon    int // lines
		records, purchased int // purchased of no cost center
	}{
		{people[0], paris, 1, 0, 1, 0, 1, 2},
		{people[0], paris, 1, 0, 1, 0, 0, 2}, // the one that it is in
		{people[1], paris, 2, 0, 1, 0, 1, 1},
		{people[1], lyon, 1, 1, 1, 1, 1, 1},
		{people[0], lyon, 0, 2, 0, 1, 1, 1}, // the last one of a pool
		{people[2], lyon, 0, 3, 0, 1, 1, 0}, // no other carries anything
		{people[2], "", 0, 2, 0, 1, 1, 1},
		{people[2], "", 0, 2, 0, 1, 0, 1},
		{people[0], "", 0, 1, 0, 1, 1, 2},
		{people[1], "", 0, 0, 0, 0, 1, 3},
	} {
		before := len(w.all(table.Activities(w.account, w.now)))
		moved, err := w.seats.Move(t.Context(), w.change(), c, "phone", step.user, step.to)
		w.must(err)
		pools := w.lineOf(c, "phone").Pools
		got := []int{pools[contract.PoolOf(paris)].Used(), pools[contract.PoolOf(lyon)].Used(), w.carries(paris), w.carries(lyon), len(w.all(table.Activities(w.account, w.now))) - before, pools[contract.Unassigned].Purchased}
		want := []int{step.inParis, step.inLyon, step.ofParis, step.ofLyon, step.records, step.purchased}
		if fmt.Sprint(got) != fmt.Sprint(want) || moved.CostCenter != step.to {
			t.Errorf("step %d: %v, want %v; under %q, want %q", i, got, want, moved.CostCenter, step.to)
		}
		w.recount()
	}
	w.must(w.archive(paris))
	w.must(w.archive(lyon))
}

// What a move refuses, and whose seat it is blind to.
func TestASeatMovesOnlyToACostCenterThatMayCarryIt(t *testing.T) {
	w := newWorld(t)
	c, other, people := w.line("phone", 60, "2027-01-01"), w.line("phone", 5, "2027-01-01"), w.people(2)
	w.assign(c, "phone", people[0])
	archived, full := w.center("Archived"), w.center("One too many")
	w.must(w.archive(archived))
	for name, test := range map[string]struct {
		on   id.Contract
		user id.User
		to   id.CostCenter
		want string
	}{
		"archived":                     {c, people[0], archived, "cost_center_archived"},
		"unknown":                      {c, people[0], id.New[id.CostCenter](w.ids, w.now), "cost_center_unknown"},
		"a seat of another contract":   {other, people[0], full, "not_found"},
		"somebody without a seat":      {c, people[1], full, "not_found"},
		"a contract that is not there": {id.New[id.Contract](w.ids, w.now), people[0], full, "not_found"},
	} {
		if _, err := w.seats.Move(t.Context(), w.change(), test.on, "phone", test.user, test.to); !fault.Is(err, test.want) {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
	fifty := map[id.CostCenter]int{}
	var some id.CostCenter
	for i := range contract.MaxPools {
		some = w.center(fmt.Sprint("Center ", i))
		fifty[some] = 1
	}
	w.must(w.pools(c, "phone", fifty))
	if _, err := w.seats.Move(t.Context(), w.change(), c, "phone", people[0], full); !fault.Is(err, "too_many_pools") {
		t.Errorf("a fifty-first: %v, want too_many_pools", err)
	}
	w.must(first(w.seats.Move(t.Context(), w.change(), c, "phone", people[0], some)))
	w.recount()
}

// A seat that is returned goes back to its pool, and the next one is taken of the pool that is named, else of the one
// with most free (issue 5, Pools).
func TestALineIsSplitOverCostCenters(t *testing.T) {
	w := newWorld(t)
	c, people := w.line("phone", 6, "2027-01-01"), w.people(6)
	paris, lyon, archived := w.center("Paris"), w.center("Lyon"), w.center("Archived")
	w.must(w.archive(archived))
	w.must(w.pools(c, "phone", map[id.CostCenter]int{paris: 3, lyon: 1}))
	w.must(w.pools(c, "phone", map[id.CostCenter]int{paris: 3, lyon: 1})) // the same again
	assign := func(u id.User, cc id.CostCenter) seat.Outcome {
		done, err := w.seats.Assign(t.Context(), w.change(), seat.Order{Contract: c, Product: "phone", Pool: poolNamed(cc), Users: []id.User{u}}, false, keepNothing)
		w.must(err)
		return done.Outcomes[0]
	}
	if got := assign(people[0], ""); got.CostCenter != paris {
		t.Errorf("taken of %q, want of the one with most free", got.CostCenter)
	}
	if got := assign(people[1], lyon); got.CostCenter != lyon {
		t.Errorf("taken of %q, want of the one that was named", got.CostCenter)
	}
	if got := assign(people[2], lyon); got.Result != seat.PoolExhausted || got.Refusal.Args[1] != fault.Int("available", 0) {
		t.Errorf("%s, want that the cost center has none", got.Result)
	}
	for name, test := range map[string]struct {
		wanted map[id.CostCenter]int
		want   string
	}{
		"fewer than are used":     {map[id.CostCenter]int{paris: 3, lyon: 0}, "pool_below_use"},
		"left out, and used":      {map[id.CostCenter]int{paris: 3}, "pool_below_use"},
		"more than the line has":  {map[id.CostCenter]int{paris: 6, lyon: 1}, "split_beyond_limit"},
		"an archived cost center": {map[id.CostCenter]int{paris: 3, lyon: 1, archived: 1}, "cost_center_archived"},
		"one that is not there":   {map[id.CostCenter]int{paris: 3, lyon: 1, id.New[id.CostCenter](w.ids, w.now): 1}, "cost_center_unknown"},
	} {
		if err := w.pools(c, "phone", test.wanted); !fault.Is(err, test.want) {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
	if err := w.pools(c, "chat", nil); !fault.Is(err, "not_found") {
		t.Errorf("a line that is not there: %v, want not_found", err)
	}
	w.must(first(w.seats.Remove(t.Context(), w.change(), c, "phone", people[1])))
	if p := w.lineOf(c, "phone").Pools[contract.PoolOf(lyon)]; p.Available != 1 {
		t.Errorf("returned, Lyon has %+v", p)
	}
	w.must(w.pools(c, "phone", map[id.CostCenter]int{paris: 6}))
	if w.carries(lyon) != 0 || w.carries(paris) != 1 {
		t.Errorf("Lyon carries seats of %d lines, Paris of %d", w.carries(lyon), w.carries(paris))
	}
	w.recount()
}

// Deactivating a user frees all their seats in the same transaction, whatever else holds them; the record lists them
// (FEATURES.md, Seats). Renaming one shows the new name on every seat.
func TestWhoLeavesFreesAllSeatsAndWhoIsRenamedShowsItOnEach(t *testing.T) {
	w := newWorld(t)
	s, u := w.shelf(), w.people(1)[0]
	c := w.lines(s.phone, s.mail, s.suite, s.desk)
	w.queues(u, 1)
	w.switched(u, []string{s.phone, s.mail, s.suite, s.desk}, nil)
	paris := w.center("Paris")
	w.must(first(w.seats.Move(t.Context(), w.change(), c[s.mail], s.mail, u, paris)))
	w.set(u, func(u *user.User) { u.Name, u.Extension = "Zoe Other", "77" })
	for _, seat := range w.seatsOf(u) {
		if seat.UserName != "Zoe Other" || seat.Extension != "77" {
			t.Errorf("a seat shows %s, %s", seat.UserName, seat.Extension)
		}
	}
	listed := func(search string) int {
		rows, _, _, err := w.seats.List(t.Context(), w.account, today, seat.Listing{Search: search}, nil, 50)
		w.must(err)
		return len(rows)
	}
	if listed("zoe") != 4 || listed("person") != 0 {
		t.Errorf("found by the new name %d, by the old one %d seats", listed("zoe"), listed("person"))
	}
	w.recount()
	w.set(u, func(u *user.User) { u.State = user.Deactivated })
	if len(w.seatsOf(u)) != 0 || len(w.holding(u).Seats) != 0 {
		t.Errorf("after leaving: %v, %v", w.seatsOf(u), w.holding(u).Seats)
	}
	for product, ctr := range c {
		if l := w.lineOf(ctr, product); l.Used != 0 || l.Available != 10 {
			t.Errorf("%s: %d used, %d available", product, l.Used, l.Available)
		}
	}
	if p := w.lineOf(c[s.mail], s.mail).Pools[contract.PoolOf(paris)]; p.Available != 1 || w.carries(paris) != 1 {
		t.Errorf("what Paris carried: %+v, of %d lines", p, w.carries(paris))
	}
	w.set(u, func(u *user.User) { u.State = user.Active })
	if len(w.seatsOf(u)) != 0 {
		t.Errorf("back again: %v", w.seatsOf(u))
	}
	w.recount()
}
