package order_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/apitest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/order"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/request"
)

// asked is a world in which people send requests for seats, one of which the buyer puts into their cart.
func asked(t *testing.T) (w *world, ask func(items string) (path string)) {
	w = newWorld(t)
	request.Register(w.API, request.NewStore(w.Table, w.IDs, w.catalog), order.Requested(w.orders, w.Accounts))
	w.contract("2028-01-01", 10, "phone", "mail")
	author := w.Member(w.Account, access.Viewer)
	return w, func(items string) string {
		t.Helper()
		a := w.Want(http.StatusCreated, "", author, http.MethodPost, w.path+"/requests", fmt.Sprintf(`{"kind":"more_seats","items":[%s]}`, items))
		path := w.path + "/requests/" + a.Word("id")
		w.Want(http.StatusOK, "", w.buyer, http.MethodPost, path+"/cart", "")
		return path
	}
}

func (w *world) stateOf(path, want string) apitest.Answer {
	w.t.Helper()
	a := w.Want(http.StatusOK, "", w.buyer, http.MethodGet, path, "")
	if a.Word("state") != want {
		w.t.Errorf("the request is %s, want %s", a.Word("state"), want)
	}
	return a
}

// A request that was put into a cart is closed by the order of that cart, in its transaction, with the order's id.
func TestAnOrderClosesTheRequestsOfItsCart(t *testing.T) {
	w, ask := asked(t)
	first, second := ask(`{"productId":"phone","quantity":2}`), ask(`{"productId":"phone","quantity":1},{"productId":"mail","quantity":3}`)
	w.Want(http.StatusConflict, "request_in_cart", w.buyer, http.MethodPost, first+"/cart", "")
	q := w.quoted(`{}`)
	w.stateOf(first, "in_cart")
	o := w.placed(q.ID)
	for _, path := range []string{first, second} {
		if a := w.stateOf(path, "ordered"); a.Word("orderId") != string(o.ID) {
			t.Errorf("ordered by %q, want %s", a.Word("orderId"), o.ID)
		}
		w.Want(http.StatusConflict, "request_closed", w.buyer, http.MethodPost, path+"/answer", `{"state":"declined"}`)
	}
	says(t, w.Want(http.StatusOK, "", w.buyer, http.MethodGet, w.path+"/requests?state=ordered", ""), first[len(w.path)+len("/requests/"):])
	if o.Rows[0].Quantity != 3 || o.Rows[1].Quantity != 3 {
		t.Errorf("ordered %+v", o.Rows)
	}
}

// One whose products were all taken out of the cart is open again; one of which something is left is not.
func TestARequestThatLeavesTheCartIsOpenAgain(t *testing.T) {
	w, ask := asked(t)
	phones, both := ask(`{"productId":"phone","quantity":2}`), ask(`{"productId":"phone","quantity":1},{"productId":"mail","quantity":3}`)
	w.Want(http.StatusOK, "", w.buyer, http.MethodDelete, w.path+"/cart/items/phone", "")
	w.stateOf(both, "in_cart")
	a := w.stateOf(phones, "open")
	if actions, _ := a.Document["actions"].([]any); !slices.Contains(actions, any("cart")) || a.Document["answer"] != nil {
		t.Errorf("an open request again is %s", a.Body)
	}
	w.Want(http.StatusNoContent, "", w.buyer, http.MethodDelete, w.path+"/cart", "")
	w.stateOf(both, "open")
	w.Want(http.StatusOK, "", w.buyer, http.MethodPost, both+"/cart", "")
	w.stateOf(both, "in_cart")
}

// An order closes what it buys all of: a request of which it buys less is open again, in the same transaction, with its record;
// seats that were bought for one request are not there for another.
func TestAnOrderGivesBackTheRequestsThatItDoesNotCover(t *testing.T) {
	w, ask := asked(t)
	first := ask(`{"productId":"phone","quantity":2}`)
	w.Now = w.Now.Add(time.Second)
	second := ask(`{"productId":"phone","quantity":2}`)
	three, both := ask(`{"productId":"phone","quantity":1}`), ask(`{"productId":"phone","quantity":1},{"productId":"mail","quantity":3}`)
	w.put("phone", 3)
	w.Want(http.StatusOK, "", w.buyer, http.MethodDelete, w.path+"/cart/items/mail", "")
	q := w.quoted(`{}`)
	w.stateOf(second, "in_cart")
	o := w.placed(q.ID)
	for path, state := range map[string]string{first: "ordered", second: "open", three: "ordered", both: "open"} {
		want := map[string]string{"ordered": string(o.ID)}[state]
		if a := w.stateOf(path, state); a.Word("orderId") != want {
			t.Errorf("the request that is %s names order %q, want %q", state, a.Word("orderId"), want)
		}
	}
	reopened := 0
	for _, item := range w.all(table.Activities(w.Account, w.Now)) {
		var record activity.Record
		w.must(table.Decode(item, &record))
		if record.Action == activity.RequestReopened {
			reopened++
		}
	}
	if reopened != 2 {
		t.Errorf("%d records tell of requests that are open again, want 2", reopened)
	}
	w.Want(http.StatusOK, "", w.buyer, http.MethodPost, both+"/cart", "")
	w.placed(w.quoted(`{}`).ID)
	w.stateOf(both, "ordered")
}

// One that was declined while it was in a cart stays so, whatever becomes of the cart.
func TestADeclinedRequestIsNotOrdered(t *testing.T) {
	w, ask := asked(t)
	path := ask(`{"productId":"phone","quantity":2}`)
	q := w.quoted(`{}`)
	w.Want(http.StatusOK, "", w.buyer, http.MethodPost, path+"/answer", `{"state":"declined"}`)
	w.placed(q.ID)
	w.stateOf(path, "declined")
}

// A cart holds at most twenty requests, so that one order closes all of them.
func TestACartHoldsNoMoreRequestsThanAnOrderCloses(t *testing.T) {
	w, ask := asked(t)
	for range order.MaxRequests - 1 {
		ask(`{"productId":"phone","quantity":1}`)
	}
	last := ask(`{"productId":"mail","quantity":1}`)
	other := w.Member(w.Account, access.Viewer)
	a := w.Want(http.StatusCreated, "", other, http.MethodPost, w.path+"/requests", `{"kind":"more_seats","items":[{"productId":"mail","quantity":1}]}`)
	more := w.path + "/requests/" + a.Word("id")
	w.Want(http.StatusConflict, "cart_requests_full", w.buyer, http.MethodPost, more+"/cart", "")
	w.stateOf(more, "open")
	w.placed(w.quoted(`{}`).ID)
	w.stateOf(last, "ordered")
}

// The contract of a request is what its author asked for: one that has expired since, or another one in the buyer's cart, is not
// chosen over their head, and what the buyer chooses now comes first.
func TestTheBuyerDecidesOnTheContractOfARequest(t *testing.T) {
	w := newWorld(t)
	request.Register(w.API, request.NewStore(w.Table, w.IDs, w.catalog), order.Requested(w.orders, w.Accounts))
	author := w.Member(w.Account, access.Viewer)
	soon, other := w.contract("2026-12-01", 10, "phone"), w.contract("2028-01-01", 10, "phone")
	asks := func() string {
		t.Helper()
		a := w.Want(http.StatusCreated, "", author, http.MethodPost, w.path+"/requests", fmt.Sprintf(`{"kind":"more_seats","items":[{"productId":"phone","quantity":3,"contractId":%q}]}`, soon))
		return w.path + "/requests/" + a.Word("id") + "/cart"
	}
	holds := func(want string) {
		t.Helper()
		c := cartOf(t, w.Want(http.StatusOK, "", w.buyer, http.MethodGet, w.path+"/cart", ""))
		if got := fmt.Sprint(len(c.Items), c.Items[0].Quantity, c.Items[0].ContractID); got != want {
			t.Errorf("the cart holds %s, want %s", got, want)
		}
	}
	first, second, third := asks(), asks(), asks()
	w.Want(http.StatusOK, "", w.buyer, http.MethodPost, first, "")
	holds(fmt.Sprint(1, 3, soon))
	w.Want(http.StatusOK, "", w.buyer, http.MethodPut, w.path+"/cart/items/phone", fmt.Sprintf(`{"quantity":5,"contractId":%q}`, other))
	w.Want(http.StatusOK, "", w.buyer, http.MethodPost, second, "")
	holds(fmt.Sprint(1, 8, other))
	w.Want(http.StatusNoContent, "", w.buyer, http.MethodDelete, w.path+"/cart", "")
	w.Want(http.StatusOK, "", w.buyer, http.MethodPost, third, fmt.Sprintf(`{"contractId":%q}`, other))
	holds(fmt.Sprint(1, 3, other))
	w.Want(http.StatusNoContent, "", w.buyer, http.MethodDelete, w.path+"/cart", "")
	w.Now = w.Now.AddDate(0, 1, 0)
	w.Want(http.StatusOK, "", w.buyer, http.MethodPost, first, "")
	holds(fmt.Sprint(1, 3, other))
}
