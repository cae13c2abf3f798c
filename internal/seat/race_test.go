package seat_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// crowd is a line that many work on at once.
type crowd struct {
	*world
	line    id.Contract
	people  []id.User
	centers []id.CostCenter

	mu     sync.Mutex
	counts map[string]int
}

// One line, worked on by eight callers in random calls of 1 to 48 users, with removals, moves, other limits, people who
// leave and come back, and repeats in between: a recount agrees, and never was the line over by an assign (issue 5).
func TestALineOfFiveThousandSeatsAgreesAfterEightCallersAtOnce(t *testing.T) {
	const callers, calls = 8, 20
	w := newWorld(t)
	c := &crowd{world: w, line: w.line("phone", 5000, "2027-01-01"), people: w.people(150), centers: []id.CostCenter{"", w.center("Paris"), w.center("Lyon"), w.center("Nantes")}}
	split := map[contract.PoolID]int{contract.PoolOf(c.centers[1]): 1000, contract.PoolOf(c.centers[2]): 20}
	w.must(first(w.contracts.SetPools(t.Context(), contract.Changing{Account: w.account, Now: w.now}, c.line, "phone", split)))
	for seed, faults := range [][]table.Fault{nil, {{Call: "write", Mode: table.Conflict, P: 0.3}}} {
		t.Run(fmt.Sprintf("%d faults", len(faults)), func(t *testing.T) {
			c.t, c.counts = t, map[string]int{}
			w.faults.Arm(faults...)
			var all sync.WaitGroup
			for caller := range callers {
				random := rand.New(rand.NewPCG(uint64(seed), uint64(caller)))
				all.Go(func() {
					for range calls {
						c.call(context.Background(), random)
					}
				})
			}
			all.Wait()
			w.faults.Arm()
			t.Logf("%v", c.counts)
			for _, what := range []string{"assign", "remove", "move", "limit", "leave"} {
				if c.counts[what] == 0 {
					t.Errorf("not one call of %s came through", what)
				}
			}
			c.recount()
		})
	}
}

// call makes one call, some of them twice.
func (c *crowd) call(ctx context.Context, random *rand.Rand) {
	u := c.people[random.IntN(len(c.people))]
	var name string
	var do func() error
	switch n := random.IntN(20); {
	case n < 9:
		name, do = "assign", c.assigning(ctx, random)
	case n < 14:
		some := random.Perm(len(c.people))[:1+random.IntN(12)]
		name, do = "remove", func() error {
			for _, i := range some {
				if err := first(c.seats.Remove(ctx, c.change(), c.line, "phone", c.people[i])); err != nil {
					return err
				}
			}
			return nil
		}
	case n < 16:
		to := c.centers[random.IntN(len(c.centers))]
		name, do = "move", func() error { return first(c.seats.Move(ctx, c.change(), c.line, "phone", u, to)) }
	case n < 18:
		limit := []int{5000, 5000 + random.IntN(10), 60 + random.IntN(60)}[random.IntN(3)]
		name, do = "limit", func() error { return c.limit(ctx, limit) }
	default:
		state := []user.State{user.Active, user.Active, user.Deactivated}[random.IntN(3)]
		name, do = "leave", func() error { return c.become(ctx, u, state) }
	}
	for range 1 + random.IntN(5)/4 {
		c.note(name, do())
	}
}

// assigning puts 1 to 48 of the people on seats. What it answers is never a line that is over by it.
func (c *crowd) assigning(ctx context.Context, random *rand.Rand) func() error {
	o := seat.Order{Contract: c.line, Product: "phone", Pool: poolNamed(c.centers[max(0, random.IntN(8)-4)])}
	for _, i := range random.Perm(len(c.people))[:1+random.IntN(seat.MaxTogether)] {
		o.Users = append(o.Users, c.people[i])
	}
	partial := random.IntN(2) == 0
	return func() error {
		done, err := c.seats.Assign(ctx, c.change(), o, partial, keepNothing)
		results := map[seat.Result]int{}
		for _, out := range done.Outcomes {
			results[out.Result]++
		}
		c.mu.Lock()
		for result, n := range results {
			c.counts["  "+string(result)] += n
		}
		c.mu.Unlock()
		if results[seat.Assigned] > 0 && (done.Line.Used > *done.Line.Limit || done.Line.Available < 0) {
			c.t.Errorf("%d were assigned, and then %d of %d are used", results[seat.Assigned], done.Line.Used, *done.Line.Limit)
		}
		if !partial && results[seat.Assigned] > 0 && results[seat.Assigned]+results[seat.Unchanged] != len(o.Users) {
			c.t.Errorf("all or nothing came to %v", results)
		}
		return err
	}
}

func (c *crowd) limit(ctx context.Context, n int) error {
	_, _, err := c.contracts.SetTerms(ctx, contract.Changing{Account: c.account, Now: c.now}, c.line, contract.Terms{Limits: map[string]*int{"phone": &n}}, func(int) error { return nil })
	return err
}

func (c *crowd) become(ctx context.Context, u id.User, state user.State) error {
	_, err := c.users.Set(ctx, user.Change{Account: c.account, Caller: access.Caller{Kind: access.Operator}, Now: c.now}, u, func(seen user.Seen) (user.User, error) {
		is := seen.User
		is.State = state
		return is, nil
	})
	return err
}

// note counts what a call came to; whoever was always overtaken is told so, and a seat that is not there is not_found.
func (c *crowd) note(name string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var f *fault.Error
	switch {
	case err == nil:
		c.counts[name]++
	case fault.Is(err, "busy"), fault.Is(err, "not_found") && name == "move":
		errors.As(err, &f)
		c.counts[name+" "+f.Code]++
	default:
		c.t.Errorf("%s: %v", name, err)
	}
}

// Deactivating somebody who is just being assigned leaves no seat behind, and renaming leaves the new name on it
// (FEATURES.md, Seats).
func TestWhoLeavesOrIsRenamedWhileBeingAssigned(t *testing.T) {
	w := newWorld(t)
	c, people := w.line("phone", 100, "2027-01-01"), w.people(24)
	var all sync.WaitGroup
	results := make([]seat.Result, len(people))
	for i, u := range people {
		all.Go(func() {
			done, err := w.seats.Assign(context.Background(), w.change(), seat.Order{Contract: c, Product: "phone", Users: []id.User{u}}, false, keepNothing)
			if err != nil {
				t.Error(err)
				return
			}
			results[i] = done.Outcomes[0].Result
		})
		all.Go(func() {
			_, err := w.users.Set(context.Background(), user.Change{Account: w.account, Caller: access.Caller{Kind: access.Operator}, Now: w.now}, u, func(seen user.Seen) (user.User, error) {
				is := seen.User
				if i%2 == 0 {
					is.State = user.Deactivated
				} else {
					is.Name, is.Extension = fmt.Sprint("Renamed ", i), fmt.Sprint(9000+i)
				}
				return is, nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for i, u := range people {
		seats := w.seatsOf(u)
		switch {
		case i%2 == 0 && (len(seats) != 0 || len(w.holding(u).Seats) != 0):
			t.Errorf("person %d (%s) left, and has %v", i, results[i], seats)
		case i%2 == 1 && (len(seats) != 1 || seats[0].UserName != fmt.Sprint("Renamed ", i) || seats[0].Extension != fmt.Sprint(9000+i)):
			t.Errorf("person %d (%s) was renamed, and has %+v", i, results[i], seats)
		}
	}
	w.recount()
}

// The same, each at the worst moment: decided, and not yet written.
func TestWhoLeavesOrIsRenamedBetweenDecisionAndWrite(t *testing.T) {
	for name, change := range map[string]func(*user.User){
		"leaves":  func(u *user.User) { u.State = user.Deactivated },
		"renamed": func(u *user.User) { u.Name = "Zoe New" },
	} {
		w := newWorld(t)
		c, u := w.line("phone", 5, "2027-01-01"), w.people(1)[0]
		changed := false
		done, err := w.seats.Assign(t.Context(), w.change(), seat.Order{Contract: c, Product: "phone", Users: []id.User{u}}, false, func(seat.Done) ([]table.Op, error) {
			if !changed {
				changed = true
				w.set(u, change)
			}
			return nil, nil
		})
		w.must(err)
		seats := w.seatsOf(u)
		switch result := done.Outcomes[0].Result; {
		case name == "leaves" && (result != seat.Deactivated || len(seats) != 0):
			t.Errorf("%s: %s, and has %v", name, result, seats)
		case name == "renamed" && (result != seat.Assigned || len(seats) != 1 || seats[0].UserName != "Zoe New"):
			t.Errorf("%s: %s, and has %v", name, result, seats)
		}
		w.recount()
	}
}

// seatsOf reads the seats that somebody has.
func (w *world) seatsOf(u id.User) []seat.Seat {
	w.t.Helper()
	items, _, err := w.table.Query(context.Background(), table.Query{PK: table.Seats(w.account), Prefix: string(u) + "#", Limit: 100})
	w.must(err)
	seats := make([]seat.Seat, len(items))
	for i, item := range items {
		w.must(table.Decode(item, &seats[i]))
	}
	return seats
}

// poolNamed is the pool of a cost center; none names no pool.
func poolNamed(cc id.CostCenter) contract.PoolID {
	if cc == "" {
		return ""
	}
	return contract.PoolOf(cc)
}
