package order_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/apitest"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/order"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// together makes calls at once and gives their answers in order.
func together(n int, call func(i int) apitest.Answer) []apitest.Answer {
	answers := make([]apitest.Answer, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { answers[i] = call(i) })
	}
	all.Wait()
	return answers
}

// A retry with the same idempotency key returns the first answer (FEATURES.md, Buying), also while the first is under way.
func TestTwentyCheckoutsAtOnceWithOneKeyAreOneOrderAndTwentyEqualAnswers(t *testing.T) {
	for _, conflicts := range []bool{false, true} {
		t.Run(fmt.Sprint("conflicts ", conflicts), func(t *testing.T) {
			w := newWorld(t)
			ctr := w.contract("2028-01-01", 10, "phone", "mail")
			w.put("phone", 3)
			w.put("mail", 2)
			q := w.quoted(`{"newCostCenterName":"Lyon"}`)
			if conflicts {
				w.conflicts()
			}
			answers := together(20, func(int) apitest.Answer { return w.order(q.ID, "one-key") })
			w.faults.Arm()
			for i, a := range answers {
				if a.StatusCode != http.StatusCreated || a.Body != answers[0].Body {
					t.Errorf("answer %d is %d: %s\nwant the first: %s", i, a.StatusCode, a.Body, answers[0].Body)
				}
			}
			w.once(ctr, 13)
		})
	}
}

// conflicts makes the first three writes meet a conflict, and one in ten of those after: none so often that the time is over
// in which it is repeated.
func (w *world) conflicts() {
	w.faults.Arm(table.Fault{Mode: table.Conflict, P: 1, Times: 3}, table.Fault{Mode: table.Conflict, P: 0.1})
}

// A quote is bought once, whoever asks with how many keys.
func TestTwoKeysOnOneQuoteAreOneOrder(t *testing.T) {
	w := newWorld(t)
	ctr := w.contract("2028-01-01", 10, "phone")
	w.put("phone", 3)
	q := w.quoted(`{}`)
	made := map[int]int{}
	for _, a := range together(8, func(int) apitest.Answer { return w.order(q.ID, rand.Text()) }) {
		made[a.StatusCode]++
		if a.StatusCode == http.StatusConflict && a.Word("code") != "quote_ordered" {
			t.Errorf("refused with %s", a.Body)
		}
	}
	if diff := cmp.Diff(map[int]int{http.StatusCreated: 1, http.StatusConflict: 7}, made); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	w.once(ctr, 13)
	if a := w.order(q.ID, rand.Text()); a.Word("orderId") == "" {
		t.Errorf("the order is not named: %s", a.Body)
	}
}

// What is bought is what was quoted: of a cart that changes between the decision and its write nothing is bought, and nothing
// of it is lost (FEATURES.md, Buying).
func TestACartThatChangesWhileItIsBoughtIsRefusedAndKept(t *testing.T) {
	w := newWorld(t)
	w.contract("2028-01-01", 10, "phone", "mail")
	b := w.buying()
	put := func(product string) error {
		return first(w.orders.Put(context.Background(), b, order.Wish{Product: product, Quantity: 2}))
	}
	w.must(put("phone"))
	q, err := w.orders.Quote(t.Context(), b, order.Carriers{})
	w.must(err)
	changed := false
	_, err = w.orders.Place(t.Context(), b, q.ID, "", func(*order.Order) ([]table.Op, error) {
		if changed {
			return nil, nil
		}
		changed = true
		return nil, put("mail") // decided, and not yet written
	})
	if !fault.Is(err, "quote_changed") {
		t.Errorf("answered %v, want a refusal since the cart changed", err)
	}
	if n := len(w.all(table.Orders(w.Account))); n != 0 {
		t.Errorf("%d orders", n)
	}
	if c, err := w.orders.Cart(t.Context(), b); err != nil || len(c.Items) != 2 {
		t.Errorf("the cart has %+v (%v), want both products", c.Items, err)
	}
}

// A cart that was emptied and filled anew is another one, though its row counts from 1 again: it is not what was quoted.
func TestACartThatIsFilledAnewWhileItIsBoughtIsKept(t *testing.T) {
	w := newWorld(t)
	w.contract("2028-01-01", 10, "phone", "mail")
	b := w.buying()
	w.must(first(w.orders.Put(t.Context(), b, order.Wish{Product: "phone", Quantity: 2})))
	q, err := w.orders.Quote(t.Context(), b, order.Carriers{})
	w.must(err)
	changed := false
	_, err = w.orders.Place(t.Context(), b, q.ID, "", func(*order.Order) ([]table.Op, error) {
		if !changed {
			changed = true
			w.must(w.orders.Clear(t.Context(), b))
			w.must(first(w.orders.Put(t.Context(), b, order.Wish{Product: "mail", Quantity: 7})))
		}
		return nil, nil
	})
	if !fault.Is(err, "quote_changed") {
		t.Errorf("answered %v, want a refusal since the cart is another", err)
	}
	if c, err := w.orders.Cart(t.Context(), b); err != nil || len(c.Items) != 1 || c.Items[0].Product != "mail" {
		t.Errorf("the cart has %+v (%v), want mail", c.Items, err)
	}
}

func first[T any](_ T, err error) error { return err }

// once holds the account to one order, one invoice, one record of it, and a line with that limit.
func (w *world) once(c id.Contract, limit int) {
	w.t.Helper()
	if orders, invoices := len(w.all(table.Orders(w.Account))), len(w.all(table.Invoice(w.Account, "").PK)); orders != 1 || invoices != 1 {
		w.t.Errorf("%d orders and %d invoices", orders, invoices)
	}
	if n := w.recorded(); n != 1 {
		w.t.Errorf("%d records of an order", n)
	}
	l := w.line(c, "phone")
	w.agrees(l)
	if *l.Limit != limit {
		w.t.Errorf("the limit is %d, want %d", *l.Limit, limit)
	}
}

func (w *world) recorded() int {
	w.t.Helper()
	n := 0
	for _, item := range w.all(table.Activities(w.Account, w.Now)) {
		var r struct {
			Action string `dynamodbav:"action"`
		}
		w.must(table.Decode(item, &r))
		if r.Action == "order.placed" {
			n++
		}
	}
	return n
}

// Placing an order writes everything in one transaction, or nothing (FEATURES.md, Buying). Each call of the engine fails in
// turn, before or after it took effect, and the request is sent again: then there is one order, and what both answered is it.
func TestAnyCallOfACheckoutMayFailAndTheRepeatLeavesOneOrder(t *testing.T) {
	for _, mode := range []table.Mode{table.FailBefore, table.FailAfter} {
		failed := 0
		for ; ; failed++ {
			w := newWorld(t)
			ctr := w.contract("2028-01-01", 10, "phone")
			w.put("phone", 3)
			w.put("mail", 2)
			q := w.quoted(`{"newCostCenterName":"Lyon"}`)
			before := w.rows()
			w.faults.Arm(table.Fault{Mode: mode, P: 1, Skip: failed, Times: 1})
			first := w.order(q.ID, "key")
			hit := len(w.faults.Armed()) == 0
			w.faults.Arm()
			between := w.rows()
			if first.StatusCode != http.StatusCreated && between != before && mode == table.FailBefore {
				t.Errorf("%s at call %d: refused with %d, and something was written", mode, failed, first.StatusCode)
			}
			if between != before {
				w.once(ctr, 13)
			}
			second := w.order(q.ID, "key")
			if second.StatusCode != http.StatusCreated || first.StatusCode == http.StatusCreated && second.Body != first.Body {
				t.Errorf("%s at call %d: answered %d, then %d: %s", mode, failed, first.StatusCode, second.StatusCode, second.Body)
			}
			w.once(ctr, 13)
			if n := len(w.all(table.CostCenters(w.Account))); n != 3 {
				t.Errorf("%s at call %d: %d rows of cost centers, want the one, its name and the count", mode, failed, n)
			}
			if !hit {
				break
			}
		}
		if failed < 5 {
			t.Errorf("%s: only %d calls were made to fail", mode, failed)
		}
	}
}

// rows is how many rows of each kind there are, and what the line says.
func (w *world) rows() string {
	w.t.Helper()
	words := ""
	for _, pk := range []string{
		table.Orders(w.Account), table.Invoice(w.Account, "").PK, table.Lines(w.Account), table.CostCenters(w.Account), table.Cart(w.Account, "").PK,
		table.Quote(w.Account, "").PK, table.Activities(w.Account, w.Now), table.Contracts(w.Account), table.Idempotency(w.Account, "", "", "").PK,
	} {
		items := w.all(pk)
		words += fmt.Sprint(len(items), " ")
		for _, item := range items {
			words += fmt.Sprint(table.RevOf(item), ",")
		}
	}
	return words
}

// Seats that come and go, and other orders, on the line that is ordered for lose nothing and are not lost (DATA.md, Guards).
func TestOrdersRaceSeatsOnOneLineAndNothingIsLost(t *testing.T) {
	for _, conflicts := range []bool{false, true} {
		t.Run(fmt.Sprint("conflicts ", conflicts), func(t *testing.T) {
			w := newWorld(t)
			ctr := w.contract("2028-01-01", 100, "phone")
			stop := make(chan struct{})
			var seats sync.WaitGroup
			taken := make([]int, 6)
			quotes := make([]id.Quote, 8)
			buyers := make([]order.Buying, 8)
			for i := range 8 {
				b := w.buying()
				buyers[i] = b
				_, err := w.orders.Put(t.Context(), b, order.Wish{Product: "phone", Quantity: 2})
				w.must(err)
				q, err := w.orders.Quote(t.Context(), b, order.Carriers{})
				w.must(err)
				quotes[i] = q.ID
			}
			if conflicts {
				w.conflicts()
			}
			for i := range taken {
				seats.Go(func() { taken[i] = w.comeAndGo(ctr, stop) })
			}
			var orders sync.WaitGroup
			for i := range 8 {
				orders.Go(func() {
					if _, err := w.orders.Place(context.Background(), buyers[i], quotes[i], "", func(*order.Order) ([]table.Op, error) { return nil, nil }); err != nil {
						t.Errorf("order %d: %v", i, err)
					}
				})
			}
			orders.Wait()
			close(stop)
			seats.Wait()
			w.faults.Arm()
			l := w.line(ctr, "phone")
			w.agrees(l)
			sum := 0
			for _, n := range taken {
				sum += n
			}
			if *l.Limit != 116 || l.Used != sum || sum == 0 {
				t.Errorf("limit %d, want 116; used %d, want %d", *l.Limit, l.Used, sum)
			}
			if n := len(w.all(table.Orders(w.Account))); n != 8 {
				t.Errorf("%d orders, want 8", n)
			}
		})
	}
}

// buying is somebody of the account who buys.
func (w *world) buying() order.Buying {
	w.t.Helper()
	item, err := w.Table.Get(w.t.Context(), table.Settings(w.Account))
	w.must(err)
	b := order.Buying{User: id.New[id.User](w.IDs, w.Now), Name: "Buyer", Now: w.Now, By: operator(), Lang: "en"}
	w.must(table.Decode(item, &b.Account))
	return b
}

// comeAndGo takes seats of the line and gives some back, until it is stopped or has five; once at least, also where the orders
// are there first. Six do: that is 97 changes of the line with those of the other orders, where an order is decided 100 times.
func (w *world) comeAndGo(c id.Contract, stop <-chan struct{}) (taken int) {
	for taken < 5 {
		for _, n := range []int{1, -1, 1} {
			if err := w.take(c, n); err != nil {
				w.T.Errorf("a seat: %v", err)
				return taken
			}
		}
		taken++
		select {
		case <-stop:
			return taken
		default:
		}
	}
	return taken
}

// take assigns a seat of the line, or gives one back, as package seat writes it; again where somebody was faster or the line was
// held.
func (w *world) take(c id.Contract, n int) error {
	for {
		item, err := w.Table.Get(context.Background(), table.Line(w.Account, c, "phone"))
		if err != nil {
			return err
		}
		row, err := contract.ReadLine(item)
		if err != nil {
			return err
		}
		op, _, err := contract.SeatsOp(w.Account, row, map[contract.PoolID]int{contract.Unassigned: n}, today, w.Now)
		if err != nil {
			return err
		}
		err = w.Table.Write(context.Background(), op)
		var unmet *table.ConditionError
		if !errors.As(err, &unmet) && !fault.Is(err, "busy") {
			return err
		}
	}
}
