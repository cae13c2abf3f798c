package order_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/money"
	"github.com/seatkeeper/seatkeeper/internal/order"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Cart, review, cost centers, confirm, statement: what was quoted is what is ordered, and it is the line's limit at once
// (FEATURES.md, Buying).
func TestTwelveSeatsOfTwoProductsOneRowSplitOverANewAndAnOldCostCenter(t *testing.T) {
	w := newWorld(t)
	ctr := w.contract("2028-01-01", 10, "phone")
	old := w.center("Paris")
	w.put("phone", 12)
	w.put("mail", 12)
	q := w.quoted(fmt.Sprintf(`{"rows":[{"productId":"phone","split":[{"newCostCenterName":"Lyon","quantity":7},{"costCenterId":%q,"quantity":5}]}]}`, old))
	if len(w.all(table.CostCenters(w.Account))) != 3 { // the row, its name, the count
		t.Error("a quote created a cost center")
	}
	o := w.placed(q.ID)

	// 10 days of November's 30: 12 × 10.00 × 10 / 30 = 40.00; 12 × 3.33 × 10 / 30 = 13.32. VAT of 53.32 at 20 % is 10.664.
	in := func(amount int64) money.Money { return money.Money{Amount: amount, Currency: "EUR"} }
	want := order.Totals{Net: in(5332), Tax: in(1066), Gross: in(6398), Taxes: []order.Tax{{BasisPoints: 2000, Reason: "standard", Base: in(5332), Amount: in(1066)}}}
	if diff := cmp.Diff(want, o.Totals); diff != "" {
		t.Errorf("totals (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(q.Totals, o.Totals); diff != "" {
		t.Errorf("the order is not what was quoted (-quoted +ordered):\n%s", diff)
	}
	rec := []order.Recurring{{Period: "monthly", NextBilling: "2026-12-01", Net: in(15996), Tax: in(3199), Gross: in(19195)}}
	if diff := cmp.Diff(rec, o.Recurring); diff != "" {
		t.Errorf("recurring (-want +got):\n%s", diff)
	}
	split := o.Rows[0].Split
	if len(split) != 2 || split[0].CostCenterName != "Lyon" || split[0].CostCenter == "" || split[0].Quantity != 7 || split[1].CostCenter != old || split[0].Net.Amount+split[1].Net.Amount != 4000 {
		t.Errorf("split: %+v", split)
	}

	phone, mail := w.line(ctr, "phone"), w.line(ctr, "mail")
	w.agrees(phone)
	w.agrees(mail)
	if *phone.Limit != 22 || *phone.Bought != 12 || phone.Pools[contract.PoolOf(split[0].CostCenter)].Purchased != 7 || phone.Pools[contract.PoolOf(old)].Available != 5 || *mail.Limit != 12 {
		t.Errorf("lines after the order: %+v, %+v", phone, mail)
	}
	for _, p := range split {
		row, err := costcenter.NewStore(w.Table, w.IDs).Get(t.Context(), w.Account, p.CostCenter)
		w.must(err)
		if row.Pools != 1 {
			t.Errorf("%s carries seats on %d lines, want 1", row.Name, row.Pools)
		}
	}
	row, lines, err := contract.NewStore(w.Table, w.IDs).Get(t.Context(), w.Account, ctr)
	w.must(err)
	if len(lines) != 2 || row.TermsRev != 2 {
		t.Errorf("the contract has %d lines and terms %d", len(lines), row.TermsRev)
	}
	w.papers(o)
	if cart := w.Want(http.StatusOK, "", w.buyer, http.MethodGet, w.path+"/cart", ""); len(cart.Document["items"].([]any)) != 0 {
		t.Errorf("the cart after the order: %s", cart.Body)
	}
}

// papers holds what is kept of an order to its answer.
func (w *world) papers(o order.Order) {
	w.t.Helper()
	kept, err := w.orders.Get(w.t.Context(), w.Account, o.ID)
	w.must(err)
	shown := func(v any) string {
		text, err := json.Marshal(v)
		w.must(err)
		return string(text)
	}
	if diff := cmp.Diff(shown(o), shown(kept)); diff != "" {
		w.t.Errorf("the order that was kept (-answered +kept):\n%s", diff)
	}
	read := w.Want(http.StatusOK, "", w.buyer, http.MethodGet, w.path+"/orders/"+string(o.ID), "")
	if diff := cmp.Diff(shown(o), read.Body); diff != "" {
		w.t.Errorf("the order that is read (-answered +read):\n%s", diff)
	}
	item, err := w.Table.Get(w.t.Context(), table.Invoice(w.Account, o.Invoice))
	w.must(err)
	var invoice order.Invoice
	w.must(table.Decode(item, &invoice))
	if invoice.State != order.Draft || invoice.Order != o.ID || shown(invoice.Priced) != shown(o.Priced) {
		w.t.Errorf("invoice %+v", invoice)
	}
	if _, numbered := item["number"]; numbered {
		w.t.Error("a draft invoice has a number")
	}
}
