package removal_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/removal"
	"github.com/seatkeeper/seatkeeper/internal/seat"
)

// rush is one line that many buy of, assign of and remove of at once.
type rush struct {
	*world
	line    id.Contract
	product string
	pools   []contract.PoolID

	opened sync.WaitGroup // by each caller that removes

	mu     sync.Mutex
	came   map[string]int
	made   []id.Removal
	limit  int // what was contracted and bought
	billed int // of it what was bought by the month
}

// Removal races assignment and purchase, eight callers of each on one line, with withdrawals and removals that count in
// between: the limit never falls below what is used by a removal, and nothing is lost (issue 7).
func TestRemovalsRaceAssignmentsAndPurchases(t *testing.T) {
	const callers, calls, contracted = 8, 4, 60
	w := newWorld(t)
	r := &rush{world: w, product: w.product(catalog.Monthly, catalog.Yearly), came: map[string]int{}, limit: contracted}
	r.line = w.line(r.product, contracted, "2026-01-10", "2028-01-10")
	r.pools = []contract.PoolID{none, w.center(r.line, r.product, 20)}
	people := w.people(callers * calls)
	w.faults.Arm(table.Fault{Call: "write", Mode: table.Conflict, P: 0.3})
	r.opened.Add(callers)
	var all sync.WaitGroup
	for caller := range callers {
		for what, call := range map[string]func(*rand.Rand, int) error{
			"assign": func(random *rand.Rand, i int) error { return r.assigning(random, people[caller*calls+i]) },
			"buy":    func(random *rand.Rand, _ int) error { return r.buying(random) },
			"remove": func(random *rand.Rand, _ int) error { return r.removing(random) },
		} {
			random := rand.New(rand.NewPCG(uint64(caller), uint64(len(what))))
			all.Go(func() {
				if what == "remove" {
					r.note(what, r.opening(caller%2 == 0))
				}
				for i := range calls {
					r.note(what, call(random, i))
				}
			})
		}
	}
	all.Wait()
	w.faults.Arm()
	t.Logf("%v", r.came)
	for _, what := range []string{"assign", "buy", "remove", "withdraw", "apply"} {
		if r.came[what] == 0 {
			t.Errorf("not one call of %s came through", what)
		}
	}
	l := w.recount(r.line, r.product)
	want := r.limit - r.total(func(m removal.Removal) int { // what purchases took back, and what counted
		if m.State == removal.Applied {
			return m.Quantity
		}
		return m.Quantity - m.Left()
	})
	if monthly := r.billed - r.total(taken); l.Monthly != monthly || l.Monthly+l.Pending > *l.Limit {
		t.Errorf("%d are billed by the month, bought and removed come to %d; %d are pending of %d", l.Monthly, monthly, l.Pending, *l.Limit)
	}
	if *l.Limit != want || *l.Limit < l.Used {
		t.Errorf("the limit is %d with %d used; bought and removed come to %d", *l.Limit, l.Used, want)
	}
}

func (r *rush) assigning(random *rand.Rand, u id.User) error {
	pool := contract.PoolID("")
	if random.IntN(2) == 0 {
		pool = r.pools[random.IntN(2)]
	}
	done, err := r.assign(context.Background(), r.line, r.product, pool, u)
	if err == nil && done.Outcomes[0].Result != seat.Assigned {
		err = errors.New(string(done.Outcomes[0].Result))
	}
	return err
}

// buying counts what the limit grows by: seats that were pending removal come back, and are no new ones.
func (r *rush) buying(random *rand.Rand) error {
	n := 1 + random.IntN(3)
	if err := r.buy(context.Background(), r.line, r.product, counts{r.pools[random.IntN(2)]: n}); err != nil {
		return err
	}
	r.mu.Lock()
	r.limit += n
	r.billed += n
	r.mu.Unlock()
	return nil
}

// opening removes one that nobody else can take back: purchases are by the month, and the others are not told of it before it
// is withdrawn, or applied. No caller goes on before all have opened: of the 40 that no cost center carries 32 at most are
// assigned, so each finds one.
func (r *rush) opening(withdraw bool) error {
	defer r.opened.Wait()
	defer r.opened.Done()
	made, err := r.remove(context.Background(), r.line, r.product, counts{none: 1}, catalog.Yearly)
	if err != nil {
		return err
	}
	if withdraw {
		r.note("withdraw", r.removals.Withdraw(context.Background(), r.change(), made.ID))
	} else {
		r.applying(made.ID)
	}
	r.mu.Lock()
	r.made = append(r.made, made.ID)
	r.mu.Unlock()
	return nil
}

// removing removes, and withdraws or applies one of those that were made before.
func (r *rush) removing(random *rand.Rand) error {
	by := []catalog.Period{catalog.Monthly, catalog.Yearly}[random.IntN(2)]
	made, err := r.remove(context.Background(), r.line, r.product, counts{r.pools[random.IntN(2)]: 1 + random.IntN(3)}, by)
	if err != nil {
		return err
	}
	r.mu.Lock()
	r.made = append(r.made, made.ID)
	rem := r.made[random.IntN(len(r.made))]
	r.mu.Unlock()
	if random.IntN(3) == 0 {
		r.note("withdraw", r.removals.Withdraw(context.Background(), r.change(), rem))
		return nil
	}
	r.applying(rem)
	return nil
}

// applying applies a removal on the last day, when each of them counts.
func (r *rush) applying(rem id.Removal) {
	for range 20 { // as the sweep does: what was always overtaken is due again
		applied, err := r.removals.Apply(context.Background(), r.clock(), rem, "2028-01-10")
		if fault.Is(err, "busy") {
			continue
		}
		if applied || err != nil {
			r.note("apply", err)
		}
		return
	}
}

// note counts what a call came to. Nothing else than these refusals can come of calls that are in each other's way.
func (r *rush) note(what string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	expected := map[string]bool{"busy": true, "not_removable": true, "not_billed_so": true, "removal_not_pending": true}
	f, is := fault.Of(err)
	switch {
	case err == nil:
		r.came[what]++
	case is && expected[f.Code]:
		r.came[what+" "+f.Code]++
	case what == "assign" && (err.Error() == string(seat.LimitReached) || err.Error() == string(seat.PoolExhausted)):
		r.came[what+" "+err.Error()]++
	default:
		r.t.Errorf("%s: %v", what, err)
	}
}

// taken is how many seats that are billed by the month a removal took and did not give back by being withdrawn. What purchases
// took back of it is part of what they bought.
func taken(m removal.Removal) int {
	switch {
	case m.Period != catalog.Monthly:
		return 0
	case m.State == removal.Withdrawn:
		return m.Quantity - m.Left()
	}
	return m.Quantity
}

// total sums something of all removals, of which there are as many as were made.
func (r *rush) total(of func(removal.Removal) int) int {
	r.t.Helper()
	items, _, err := r.table.Query(context.Background(), table.Query{PK: table.Removals(r.account.ID), Limit: 1000})
	r.must(err)
	n := 0
	for _, item := range items {
		row, err := removal.Read(item)
		r.must(err)
		n += of(row.Removal)
	}
	if len(items) != len(r.made) {
		r.t.Errorf("%d removals were made, and there are %d", len(r.made), len(items))
	}
	return n
}
