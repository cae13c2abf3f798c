package seat_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/anishathalye/porcupine"

	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
)

// asked is one call of a history: to assign or remove a user, by number, or to set the limit.
type asked struct {
	what  string
	user  int
	limit int
}

// unknown is what a caller knows whose answer was lost, or who was told to come again: it may have been done.
const unknown seat.Result = "unknown"

// sits is a line as the model has it: its limit, and who sits on it, a bit for each.
type sits struct {
	limit int
	on    uint64
}

func (s sits) has(user int) bool { return s.on&(1<<user) != 0 }

func (s sits) count() int {
	n := 0
	for on := s.on; on != 0; on &= on - 1 {
		n++
	}
	return n
}

// step gives the states that a call may lead to by its answer; none where the answer cannot be.
func (s sits) step(in asked, out seat.Result) []any {
	after, result := s, seat.Unchanged
	switch {
	case in.what == "limit":
		after.limit, result = in.limit, seat.Changed
	case in.what == "remove" && s.has(in.user):
		after.on, result = s.on&^(1<<in.user), seat.Removed
	case in.what == "assign" && !s.has(in.user) && s.count() < s.limit:
		after.on, result = s.on|1<<in.user, seat.Assigned
	case in.what == "assign" && !s.has(in.user) && s.count() > s.limit:
		result = seat.OverLimit
	case in.what == "assign" && !s.has(in.user):
		result = seat.LimitReached
	}
	switch out {
	case unknown:
		return []any{s, after}
	case result:
		return []any{after}
	default:
		return nil
	}
}

// linearizable tells whether there is an order of the calls, each between its beginning and its end, in which a line
// that takes one caller after the other gives the same answers.
func linearizable(limit int, history []porcupine.Operation) bool {
	model := porcupine.NondeterministicModel{
		Init: func() []any { return []any{sits{limit: limit}} },
		Step: func(state, in, out any) []any { return state.(sits).step(in.(asked), out.(seat.Result)) },
	}
	return porcupine.CheckOperations(model.ToModel(), history)
}

// recorder makes calls on one line and writes down what was asked and answered, and in which order these came about.
type recorder struct {
	*world
	line   id.Contract
	people []id.User
	clock  atomic.Int64

	mu      sync.Mutex
	history []porcupine.Operation
}

// call makes a call; met, where it is given, is called once it is decided on and not yet written.
func (r *recorder) call(client int, in asked, met func()) {
	began := r.clock.Add(1)
	out, err := r.make(in, met)
	ended := r.clock.Add(1)
	if err != nil {
		if !fault.Is(err, "busy") && !errors.Is(err, table.ErrFault) {
			r.t.Errorf("%+v: %v", in, err)
		}
		out = unknown
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.history = append(r.history, porcupine.Operation{ClientId: client, Input: in, Call: began, Output: out, Return: ended})
}

func (r *recorder) make(in asked, met func()) (seat.Result, error) {
	ctx := context.Background()
	var done seat.Done
	var err error
	switch in.what {
	case "assign":
		done, err = r.seats.Assign(ctx, r.change(), seat.Order{Contract: r.line, Product: "phone", Users: []id.User{r.people[in.user]}}, false, func(seat.Done) ([]table.Op, error) {
			if met != nil {
				met()
			}
			return nil, nil
		})
	case "remove":
		done, err = r.seats.Remove(ctx, r.change(), r.line, "phone", r.people[in.user])
	default:
		_, _, err = r.contracts.SetTerms(ctx, contract.Changing{Account: r.account, Now: r.now}, r.line, contract.Terms{Limits: map[string]*int{"phone": &in.limit}}, func(int) error { return nil })
		return seat.Changed, err
	}
	if err != nil {
		return "", err
	}
	return done.Outcomes[0].Result, nil
}

// Whatever many do on one line at once, they are answered as if they had come one after the other, also where
// transactions conflict and answers are lost (issue 5). Each client has users of its own: a decision is made on rows that
// one batch reads, which DynamoDB does not read at one instant, and a line is told from another client's users alone.
func TestTheAnswersOfALineAreThoseOfOneCallerAfterTheOther(t *testing.T) {
	const clients, calls, limit = 8, 25, 5
	for name, faults := range map[string][]table.Fault{
		"calm": nil,
		"with conflicts and lost answers": {
			{Call: "write", Mode: table.Conflict, P: 0.3},
			{Call: "write", Mode: table.FailAfter, P: 0.15},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			r := &recorder{world: w, line: w.line("phone", limit, "2027-01-01"), people: w.people(2 * clients)}
			w.faults.Arm(faults...)
			var all sync.WaitGroup
			for client := range clients {
				random := rand.New(rand.NewPCG(5, uint64(client)))
				all.Go(func() {
					for range calls {
						in := asked{what: "assign", user: 2*client + random.IntN(2)}
						switch n := random.IntN(20); {
						case n < 8:
							in.what = "remove"
						case n == 8:
							in = asked{what: "limit", limit: 2 + random.IntN(5)}
						}
						r.call(client, in, nil)
					}
				})
			}
			all.Wait()
			w.faults.Arm()
			counts := map[seat.Result]int{}
			for _, op := range r.history {
				counts[op.Output.(seat.Result)]++
			}
			t.Logf("%v", counts)
			if counts[seat.Assigned] == 0 || counts[seat.LimitReached] == 0 {
				t.Errorf("the history shows too little: %v", counts)
			}
			if !linearizable(limit, r.history) {
				t.Errorf("no order of these calls gives their answers: %+v", r.history)
			}
			w.recount()
		})
	}
}

// The check above can fail: two who both decide on the last seat before either writes are told so by the guard, and
// without it both sit on it, which no order of the two can explain.
func TestAHistoryWithoutTheGuardIsFoundOut(t *testing.T) {
	for name, broken := range map[string]bool{"guarded": false, "the guard broken": true} {
		w := newWorld(t)
		if broken {
			w.seats.BreakGuard()
		}
		r := &recorder{world: w, line: w.line("phone", 1, "2027-01-01"), people: w.people(2)}
		var decided, both sync.WaitGroup
		decided.Add(2)
		for client := range 2 {
			both.Go(func() {
				r.call(client, asked{what: "assign", user: client}, sync.OnceFunc(func() {
					decided.Done()
					decided.Wait()
				}))
			})
		}
		both.Wait()
		if linearizable(1, r.history) == broken {
			t.Errorf("%s: the history passes: %v: %+v", name, !broken, r.history)
		}
		if used := w.lineOf(r.line, "phone").Used; (used == 2) != broken {
			t.Errorf("%s: %d sit on a line of one seat", name, used)
		}
	}
}
