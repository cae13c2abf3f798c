package seat_test

import (
	"context"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
)

// What was decided on a line counts only where it still follows when it is written: of a pool, of the limit, and of the
// attention list (DATA.md, Guards). Each row lets somebody be faster between the decision and its write.
func TestWhatWasDecidedOnALineIsHeldToItWhenItIsWritten(t *testing.T) {
	limit := func(w *world, c id.Contract, n int) {
		_, _, err := w.contracts.SetTerms(context.Background(), contract.Changing{Account: w.account, Now: w.now}, c, contract.Terms{Limits: map[string]*int{"phone": &n}}, func(int) error { return nil })
		w.must(err)
	}
	for name, test := range map[string]struct {
		limit, used int
		named       bool // of a cost center that has one seat
		meanwhile   func(w *world, c id.Contract, cc id.CostCenter, other id.User)
		want        seat.Result
		state       contract.UsageState
	}{
		"the last of a pool goes": {20, 1, true, func(w *world, c id.Contract, cc id.CostCenter, other id.User) {
			w.must(first(w.seats.Assign(context.Background(), w.change(), seat.Order{Contract: c, Product: "phone", Pool: contract.PoolOf(cc), Users: []id.User{other}}, false, keepNothing)))
		}, seat.PoolExhausted, contract.OK},
		"another brings the line to the warning": {10, 6, false, func(w *world, c id.Contract, _ id.CostCenter, other id.User) {
			w.assign(c, "phone", other)
		}, seat.Assigned, contract.Warning},
		"the limit is raised": {10, 7, false, func(w *world, c id.Contract, _ id.CostCenter, _ id.User) {
			limit(w, c, 100)
		}, seat.Assigned, contract.OK},
		"the limit is lowered": {100, 5, false, func(w *world, c id.Contract, _ id.CostCenter, _ id.User) {
			limit(w, c, 5)
		}, seat.LimitReached, contract.Full},
		"the limit is lowered, and there is room": {100, 5, false, func(w *world, c id.Contract, _ id.CostCenter, _ id.User) {
			limit(w, c, 7)
		}, seat.Assigned, contract.Warning},
	} {
		w := newWorld(t)
		c, people, cc := w.line("phone", test.limit, "2027-01-01"), w.people(test.used+2), w.center("Paris")
		w.must(w.pools(c, "phone", map[id.CostCenter]int{cc: 1}))
		order := seat.Order{Contract: c, Product: "phone", Users: people[:1]}
		if test.named {
			order.Pool = contract.PoolOf(cc)
		}
		w.assign(c, "phone", people[2:]...)
		faster := false
		done, err := w.seats.Assign(t.Context(), w.change(), order, false, func(seat.Done) ([]table.Op, error) {
			if !faster {
				faster = true
				test.meanwhile(w, c, cc, people[1])
			}
			return nil, nil
		})
		w.must(err)
		w.wants(name, done, test.want)
		if state := w.lineOf(c, "phone").Usage().State; state != test.state {
			t.Errorf("%s: the line is %s, want %s", name, state, test.state)
		}
		w.recount()
	}
}
