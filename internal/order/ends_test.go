package order_test

import (
	"net/http"
	"testing"
)

// Where the contract ends by the next billing date nothing is billed again: the recurring total has nothing of it.
func TestNothingRecursWhereTheContractEndsFirst(t *testing.T) {
	w := newWorld(t)
	w.contract("2026-12-01", 10, "phone") // on the very next billing day
	w.put("phone", 3)
	q := w.quoted(`{}`)
	r := q.Rows[0]
	if len(q.Recurring) != 0 || r.Recurring.Amount != 0 || r.NextBilling != "" || r.Until != "2026-12-01" || r.Net.Amount != 1000 {
		t.Errorf("recurring %+v, row %+v", q.Recurring, r)
	}
	if c := cartOf(t, w.Want(http.StatusOK, "", w.buyer, http.MethodGet, w.path+"/cart", "")); len(c.Recurring) != 0 {
		t.Errorf("the cart says %+v", c.Recurring)
	}
	w.contract("2028-01-01", 10, "mail")
	w.put("mail", 3)
	if q = w.quoted(`{}`); len(q.Recurring) != 1 || q.Recurring[0].Net.Amount != 999 {
		t.Errorf("recurring %+v, want the other contract's alone", q.Recurring)
	}
	w.placed(q.ID)
}
