package seat_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// scene is what a call is made on: a line and its contract, people of whom the first has a seat on it, a cost center.
type scene struct {
	*world
	line   id.Contract
	people []id.User
	center id.CostCenter
}

// calls are those that must stand any failure. Each is harmless to repeat.
var calls = map[string]func(context.Context, scene) error{
	"assign one": func(ctx context.Context, s scene) error {
		return first(s.seats.Assign(ctx, s.change(), seat.Order{Contract: s.line, Product: "phone", Users: s.people[1:2]}, false, keepNothing))
	},
	"assign many": func(ctx context.Context, s scene) error {
		return first(s.seats.Assign(ctx, s.change(), seat.Order{Contract: s.line, Product: "phone", Users: s.people}, true, keepNothing))
	},
	"set": func(ctx context.Context, s scene) error {
		sw := seat.Switch{User: s.people[0], Remove: []string{"phone"}, Add: []seat.Wish{{User: s.people[0], Product: "chat"}}}
		return first(s.seats.Set(ctx, s.change(), sw, keepNothing))
	},
	"remove": func(ctx context.Context, s scene) error {
		return first(s.seats.Remove(ctx, s.change(), s.line, "phone", s.people[0]))
	},
	"move": func(ctx context.Context, s scene) error {
		return first(s.seats.Move(ctx, s.change(), s.line, "phone", s.people[0], s.center))
	},
	"terms": func(ctx context.Context, s scene) error {
		two, later := 2, date.Date("2028-01-01")
		_, _, err := s.contracts.SetTerms(ctx, contract.Changing{Account: s.account, Now: s.now}, s.line, contract.Terms{Expiry: &later, Limits: map[string]*int{"phone": &two}}, func(int) error { return nil })
		return err
	},
	"pools": func(ctx context.Context, s scene) error {
		return first(s.contracts.SetPools(ctx, contract.Changing{Account: s.account, Now: s.now}, s.line, "phone", map[contract.PoolID]int{contract.PoolOf(s.center): 2}))
	},
	"deactivate": func(ctx context.Context, s scene) error {
		return first(s.users.Set(ctx, user.Change{Account: s.account, Caller: access.Caller{Kind: access.Operator}, Now: s.now}, s.people[0], func(seen user.Seen) (user.User, error) {
			is := seen.User
			is.State = user.Deactivated
			return is, nil
		}))
	},
	"rename": func(ctx context.Context, s scene) error {
		return first(s.users.Set(ctx, user.Change{Account: s.account, Caller: access.Caller{Kind: access.Operator}, Now: s.now}, s.people[0], func(seen user.Seen) (user.User, error) {
			is := seen.User
			is.Name = "Zoe New"
			return is, nil
		}))
	},
}

// Nothing can put more users on seats than the limit, nor lose one: not a retry, not a partial failure (FEATURES.md,
// Seats). Each call of the engine fails in turn, before or after it took effect; then all is as it was or all as it was to
// be, and the repeat does what is left and records it once.
func TestAnyCallOfTheEngineMayFailAndTheRepeatIsRight(t *testing.T) {
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			for _, mode := range []table.Mode{table.FailBefore, table.FailAfter} {
				failed := 0
				for ; ; failed++ {
					w := newWorld(t)
					s := scene{w, w.line("phone", 4, "2027-01-01"), w.people(3), w.center("Paris")}
					w.line("chat", 4, "2027-01-01")
					w.assign(s.line, "phone", s.people[0])
					if !w.stands(fmt.Sprint(mode, " at call ", failed), table.Fault{Mode: mode, P: 1, Skip: failed, Times: 1}, func() error { return call(t.Context(), s) }) {
						break
					}
				}
				if failed < 2 {
					t.Errorf("%s: only %d calls were made to fail", mode, failed)
				}
			}
		})
	}
}

// stands makes a call that a fault hits, and makes it again; false tells that it made fewer calls of the engine.
func (w *world) stands(what string, f table.Fault, call func() error) bool {
	w.t.Helper()
	old := w.snapshot()
	w.faults.Arm(f)
	err := call()
	hit := len(w.faults.Armed()) == 0
	w.faults.Arm()
	if hit != (err != nil) || err != nil && !errors.Is(err, table.ErrFault) {
		w.t.Errorf("%s: hit %v, answered %v", what, hit, err)
	}
	between := w.snapshot()
	w.recount()
	w.must(call())
	is := w.snapshot()
	w.recount()
	toOld, toNew := cmp.Diff(old, between), cmp.Diff(between, is)
	switch {
	case cmp.Equal(old, is):
		w.t.Errorf("%s: the call changes nothing", what)
	case toOld != "" && toNew != "":
		w.t.Errorf("%s: it is neither as it was (-was +is): %s\nnor as it was to be (-is +to be): %s", what, toOld, toNew)
	case hit && f.Mode == table.FailBefore && toOld != "":
		w.t.Errorf("%s: something was done by a call that was not made: %s", what, toOld)
	}
	w.must(call())
	if diff := cmp.Diff(is, w.snapshot()); diff != "" {
		w.t.Errorf("%s: a third time changes something: %s", what, diff)
	}
	return hit
}

// snapshot is all that seats are about: the rows of contracts, lines, seats, people, holdings and cost centers, and how
// many records there are.
func (w *world) snapshot() map[string]any {
	w.t.Helper()
	rows := map[string]any{"records": len(w.all(table.Activities(w.account, w.now)))}
	for _, pk := range []string{
		table.Contracts(w.account), table.Lines(w.account), table.Seats(w.account), table.Users(w.account), table.Holding(w.account, "").PK, table.CostCenters(w.account),
	} {
		for _, item := range w.all(pk) {
			row := map[string]any{}
			w.must(table.Decode(item, &row))
			rows[fmt.Sprint(row["PK"], " ", row["SK"])] = row
		}
	}
	return rows
}
