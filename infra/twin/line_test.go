package twin_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/bits"
	mathrand "math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/anishathalye/porcupine"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go/middleware"

	"github.com/seatkeeper/seatkeeper/infra/apitest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// asked is one call on a line: assign or remove a person, by number; buy or give back n seats. What is bought was quoted, with
// so many back that were pending removal then.
type asked struct {
	what            string
	person, n, back int
}

// Answers that are not codes of refusals. Unknown is what a caller knows whose answer was lost, or who was told to come again.
const (
	done    = "done"
	unknown = "unknown"
)

// stock is a line as the model has it: its limit, what waits to be removed, and who sits on it, a bit for each.
type stock struct {
	limit, pending int
	on             uint64
}

// step gives the states that a call may lead to by its answer; none where the answer cannot be. What is bought takes back as
// many pending seats as its quote said: where fewer are left it is refused, and changes nothing; where more are they stay.
func (s stock) step(in asked, out string) []any {
	after, answer, bit := s, done, uint64(1)<<in.person
	free := s.limit - s.pending - bits.OnesCount64(s.on)
	switch in.what {
	case "assign":
		if s.on&bit == 0 && free < 1 {
			answer = "seat_limit_reached"
		} else {
			after.on |= bit
		}
	case "remove":
		after.on &^= bit
	case "give back":
		if free < in.n {
			answer = "not_removable"
		} else {
			after.pending += in.n
		}
	case "buy":
		if s.pending < in.back {
			answer = "quote_changed"
		} else {
			after.limit, after.pending = s.limit+in.n-in.back, s.pending-in.back
		}
	}
	switch out {
	case unknown:
		return []any{s, after}
	case answer:
		return []any{after}
	default:
		return nil
	}
}

// linearizable tells whether there is an order of the calls, each between its beginning and its end, in which a line that
// takes one caller after the other gives the same answers.
func linearizable(limit int, calls []porcupine.Operation) bool {
	model := porcupine.NondeterministicModel{
		Init: func() []any { return []any{stock{limit: limit}} },
		Step: func(state, in, out any) []any { return state.(stock).step(in.(asked), out.(string)) },
	}
	return porcupine.CheckOperations(model.ToModel(), calls)
}

// rush is several clients on one line at once, each with people and a cart of its own.
type rush struct {
	*seatkeeper
	clients []access.Subject
	clock   atomic.Int64

	mu    sync.Mutex
	calls []porcupine.Operation
}

// opened is a line that was bought, with so many seats.
func opened(s *seatkeeper, clients, limit int) *rush {
	s.begin()
	r := &rush{seatkeeper: s}
	for i := range clients {
		r.clients = append(r.clients, s.Member(s.account, access.Administrator))
		s.person(fmt.Sprint("person", 2*i))
		s.person(fmt.Sprint("person", 2*i+1))
	}
	quote, _ := r.quoted(s.administrator, limit)
	s.order(quote, rand.Text())
	return r
}

// quoted is a quote of n seats, empty where there is none, with how many of them come back.
func (r *rush) quoted(who access.Subject, n int) (quote string, back int) {
	r.Call(who, "PUT", r.path+"/cart/items/chat", encoded(map[string]any{"quantity": n, "contractId": r.id("founding")}))
	a := r.Call(who, "POST", r.path+"/cart/quote", `{}`)
	if quote = a.Word("id"); quote != "" {
		back = reinstated(a)
	}
	return quote, back
}

// reinstated is how many seats of a quote or an order come back.
func reinstated(a apitest.Answer) int {
	return int(a.Document["rows"].([]any)[0].(map[string]any)["reinstated"].(float64))
}

// call makes a call and writes down what was asked and answered, and when.
func (r *rush) call(client int, in asked) {
	who, line, quote := r.clients[client], r.line("founding", "chat")+"/seats", ""
	if in.what == "buy" {
		if quote, in.back = r.quoted(who, in.n); quote == "" {
			return
		}
	}
	began := r.clock.Add(1)
	var a apitest.Answer
	switch in.what {
	case "assign":
		a = r.Call(who, "POST", line, encoded(map[string]any{"userIds": []string{r.id(fmt.Sprint("person", in.person))}}))
	case "remove":
		a = r.Call(who, "DELETE", line+"/"+r.id(fmt.Sprint("person", in.person)), "")
	case "give back":
		a = r.Call(who, "POST", r.path+"/removals", encoded(map[string]any{
			"contractId": r.id("founding"), "productId": "chat", "quantities": []any{map[string]any{"quantity": in.n}}, "confirm": true,
		}), "idempotency-key", rand.Text())
	case "buy":
		a = r.Call(who, "POST", r.path+"/orders", encoded(map[string]any{"quoteId": quote, "confirmedCharges": true}), "idempotency-key", rand.Text())
	}
	ended := r.clock.Add(1)
	out := done
	switch {
	case a.StatusCode >= 500:
		out = unknown
	case a.StatusCode >= 300:
		out = a.Word("code")
	case in.what == "buy" && reinstated(a) != in.back:
		out = fmt.Sprintf("%d back, not %d", reinstated(a), in.back)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, porcupine.Operation{ClientId: client, Input: in, Call: began, Output: out, Return: ended})
}

// Whatever many buy, give back and assign on one line at once, they are answered as if they had come one after the other,
// also where transactions conflict and answers are lost. Each client has people of its own: a line is told from another
// client's alone.
func TestTheAnswersOfALineThatIsTradedAreThoseOfOneCallerAfterTheOther(t *testing.T) {
	const clients, calls, limit = 8, 8, 4
	s := over(t, nil)
	for name, faults := range map[string][]table.Fault{
		"calm":                            nil,
		"with conflicts and lost answers": {{Call: "write", Mode: table.Conflict, P: 0.2}, {Call: "write", Mode: table.FailAfter, P: 0.1}},
	} {
		r := opened(s, clients, limit)
		// What a history must show does not wait for the race to draw it.
		for person := range limit + 1 {
			r.call(person/2, asked{what: "assign", person: person})
		}
		r.call(0, asked{what: "give back", n: 1})
		r.call(0, asked{what: "remove", person: 0})
		r.call(0, asked{what: "give back", n: 1})
		r.call(0, asked{what: "buy", n: 2})
		s.faults.Arm(faults...)
		var all sync.WaitGroup
		for client := range clients {
			random := mathrand.New(mathrand.NewPCG(9, uint64(client)))
			all.Go(func() {
				for range calls {
					in := asked{what: "assign", person: 2*client + random.IntN(2), n: 1 + random.IntN(2)}
					switch n := random.IntN(20); {
					case n < 5:
						in.what = "remove"
					case n < 8:
						in.what = "buy"
					case n < 13:
						in.what = "give back"
					}
					r.call(client, in)
				}
			})
		}
		all.Wait()
		s.faults.Arm()
		counts := map[string]int{}
		for _, op := range r.calls {
			counts[op.Input.(asked).what+" "+op.Output.(string)]++
		}
		t.Logf("%s: %v", name, counts)
		for _, seen := range []string{"assign done", "assign seat_limit_reached", "give back done", "give back not_removable", "buy done"} {
			if counts[seen] == 0 {
				t.Errorf("%s: the history shows too little: %v", name, counts)
			}
		}
		if !linearizable(limit, r.calls) {
			t.Errorf("%s: no order of these calls gives their answers: %+v", name, r.calls)
		}
	}
}

// The check above can fail: one who assigns the last seat and one who gives it back both decide before either writes. A
// guard tells one of them so; without it both have their way, which no order of the two can explain.
func TestATradedLineWithoutItsGuardIsFoundOut(t *testing.T) {
	for name, broken := range map[string]bool{"guarded": false, "the guard broken": true} {
		var meet atomic.Pointer[sync.WaitGroup]
		var met atomic.Int32
		s := over(t, func(_ *seatkeeper, client *dynamodb.Client) *dynamodb.Client {
			return standing(client, "meeting", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
				if broken {
					unconditional(in.Parameters)
				}
				out, metadata, err := next.HandleInitialize(ctx, in)
				if both := meet.Load(); both != nil && readsLine(out.Result) && met.Add(1) <= 2 {
					both.Done()
					both.Wait()
				}
				return out, metadata, err
			})
		})
		r := opened(s, 2, 1)
		both := &sync.WaitGroup{}
		both.Add(2)
		meet.Store(both)
		var all sync.WaitGroup
		all.Go(func() { r.call(0, asked{what: "assign", person: 0}) })
		all.Go(func() { r.call(1, asked{what: "give back", n: 1}) })
		all.Wait()
		if linearizable(1, r.calls) == broken {
			t.Errorf("%s: the history passes: %v: %+v", name, !broken, r.calls)
		}
	}
}

func readsLine(result any) bool {
	read, ok := result.(*dynamodb.BatchGetItemOutput)
	if !ok {
		return false
	}
	for _, items := range read.Responses {
		for _, item := range items {
			if ofLine(item) {
				return true
			}
		}
	}
	return false
}
