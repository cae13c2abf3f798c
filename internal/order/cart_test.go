package order_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/apitest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/order"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/removal"
)

func cartOf(t *testing.T, a apitest.Answer) order.CartWire {
	t.Helper()
	var c order.CartWire
	if err := json.Unmarshal([]byte(a.Body), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// Cart: add with quantity, change, remove (FEATURES.md, Buying). Every answer carries its price.
func TestACartIsAddedToChangedAndEmptiedAndAlwaysPriced(t *testing.T) {
	w := newWorld(t)
	w.contract("2028-01-01", 10, "phone")
	for _, step := range []struct {
		what, method, path, body string
		net                      int64
		items                    int
	}{
		{"add", http.MethodPut, "/items/phone", `{"quantity":3}`, 1000, 1},
		{"add another", http.MethodPut, "/items/mail", `{"quantity":3}`, 1333, 2},
		{"change", http.MethodPut, "/items/phone", `{"quantity":6}`, 2333, 2},
		{"yearly", http.MethodPut, "/items/phone", `{"quantity":6,"period":"yearly"}`, 333 + 6740, 2}, // 600.00 × 41 ÷ 365
		{"the period stays", http.MethodPut, "/items/phone", `{"quantity":3}`, 333 + 3370, 2},
		{"read", http.MethodGet, "", "", 333 + 3370, 2},
		{"remove", http.MethodDelete, "/items/phone", "", 333, 1},
		{"remove what is not there", http.MethodDelete, "/items/phone", "", 333, 1},
		{"remove the last", http.MethodDelete, "/items/mail", "", 0, 0},
	} {
		c := cartOf(t, w.Want(http.StatusOK, "", w.buyer, step.method, w.path+"/cart"+step.path, step.body))
		if c.Totals.Net.Amount != step.net || len(c.Items) != step.items {
			t.Errorf("%s: %d items, net %d, want %d and %d", step.what, len(c.Items), c.Totals.Net.Amount, step.items, step.net)
		}
	}
	w.put("phone", 1)
	w.Want(http.StatusNoContent, "", w.buyer, http.MethodDelete, w.path+"/cart", "")
	if n := len(w.all(table.Cart(w.Account, "").PK)); n != 0 {
		t.Errorf("%d carts after it was emptied", n)
	}
	w.Want(http.StatusConflict, "cart_empty", w.buyer, http.MethodPost, w.path+"/cart/quote", `{}`)
}

// A cart is one person's, and stays while they are away.
func TestACartIsTheBuyersOwnAndSurvivesDays(t *testing.T) {
	w := newWorld(t)
	w.contract("2028-01-01", 10, "phone")
	w.put("phone", 3)
	w.Now = w.Now.Add(100 * 24 * time.Hour)
	if c := cartOf(t, w.Want(http.StatusOK, "", w.buyer, http.MethodGet, w.path+"/cart", "")); len(c.Items) != 1 || c.Items[0].Quantity != 3 || c.Items[0].Price == nil {
		t.Errorf("the cart after 100 days: %+v", c)
	}
	colleague := w.Member(w.Account, access.Administrator)
	if c := cartOf(t, w.Want(http.StatusOK, "", colleague, http.MethodGet, w.path+"/cart", "")); len(c.Items) != 0 {
		t.Errorf("a colleague's cart has %+v", c.Items)
	}
	viewer := w.Member(w.Account, access.Viewer)
	w.Want(http.StatusForbidden, "permission_missing", viewer, http.MethodGet, w.path+"/cart", "")
	w.Want(http.StatusOK, "", viewer, http.MethodGet, w.path+"/orders", "")
}

// Two windows of one buyer lose nothing of each other.
func TestACartThatIsChangedInTwoWindowsKeepsBothChanges(t *testing.T) {
	w := newWorld(t)
	w.contract("2028-01-01", 10)
	var windows sync.WaitGroup
	for _, product := range []string{"phone", "mail"} {
		windows.Go(func() { w.put(product, 2) })
	}
	windows.Wait()
	if c := cartOf(t, w.Want(http.StatusOK, "", w.buyer, http.MethodGet, w.path+"/cart", "")); len(c.Items) != 2 {
		t.Errorf("the cart has %+v", c.Items)
	}
}

// All seats of a row are at the price of the tier of its quantity.
func TestAVolumeTierIsThePriceOfAllSeats(t *testing.T) {
	w := newWorld(t)
	w.contract("2028-01-01", 10)
	w.sells("tiered", 0, func(p *catalog.Product) {
		p.Prices = []catalog.Price{price("EUR", catalog.Monthly, catalog.Tier{From: 1, Amount: 300}, catalog.Tier{From: 10, Amount: 200})}
	})
	for quantity, net := range map[int]int64{9: 900, 10: 667} { // a third of 27.00 and of 20.00
		if c := cartOf(t, w.put("tiered", quantity)); c.Totals.Net.Amount != net {
			t.Errorf("%d seats come to %d, want %d", quantity, c.Totals.Net.Amount, net)
		}
	}
}

// An order on a line that had no limit may leave it full: the crossing is dated with the order, as any other is with what
// it came by.
func TestALineThatIsFullByAnOrderIsFullSinceThen(t *testing.T) {
	w := newWorld(t)
	c := w.contract("2028-01-01", 10, "phone")
	w.sells("phone", 300)
	item, err := w.Table.Get(t.Context(), table.Line(w.Account, c, "phone"))
	w.must(err)
	row, err := contract.ReadLine(item)
	w.must(err)
	op, err := contract.LineOp(w.Account, row, row.With(contract.Quantities{}).Taken(map[contract.PoolID]int{contract.Unassigned: 3}))
	w.must(err)
	w.must(w.Table.Write(t.Context(), op))
	w.put("phone", 2)
	w.placed(w.quoted(`{}`).ID)
	if l := w.line(c, "phone"); l.Level() != contract.LevelFull || !l.When().Equal(w.Now) {
		t.Errorf("used %d, at %d %% since %s, want full since %s", l.Used, l.Level(), l.When(), w.Now)
	}
}

// removes takes seats of a line out of stock until a day, as package removal writes it.
func (w *world) removes(c id.Contract, product string, pool contract.PoolID, n int, effective date.Date) id.Removal {
	w.t.Helper()
	item, err := w.Table.Get(w.t.Context(), table.Line(w.Account, c, product))
	w.must(err)
	row, err := contract.ReadLine(item)
	w.must(err)
	counts := map[contract.PoolID]int{pool: n}
	op, err := contract.LineOp(w.Account, row, row.Withheld(counts, catalog.Monthly))
	w.must(err)
	r := removal.Removal{ID: id.New[id.Removal](w.IDs, w.Now), Contract: c, Product: product, Period: catalog.Monthly, Counts: counts, Quantity: n, Effective: effective, State: removal.Pending, Rev: 1}
	kept, err := table.Encode(r)
	w.must(err)
	table.RemovalSorts(product, c, true, r.ID).Put(kept)
	w.must(w.Table.Write(w.t.Context(), op, table.Put(table.Removal(w.Account, r.ID), kept, table.Absent())))
	return r.ID
}

// What is not known of a cart's taxes is left out.
func TestACartOfNobodyBilledNamesNoTax(t *testing.T) {
	w := newWorld(t)
	w.contract("2028-01-01", 10, "phone")
	w.set(func(a *account.Account) { a.Billing = account.Billing{} })
	if a := w.put("phone", 1); strings.Contains(a.Body, `"taxReason"`) {
		t.Errorf("answered %s", a.Body)
	}
}

// A quote holds whatever becomes pending removal after it was made: that is neither cart nor terms nor profile (FEATURES.md,
// Buying). What it promised to bring back must still be there.
func TestAQuoteHoldsWhereMoreIsPendingRemovalSince(t *testing.T) {
	w := newWorld(t)
	ctr := w.contract("2028-01-01", 10, "phone")
	w.removes(ctr, "phone", contract.Unassigned, 1, "2026-12-01")
	w.put("phone", 3)
	q := w.quoted(`{}`)
	w.Now = w.Now.Add(time.Minute)
	w.removes(ctr, "phone", contract.Unassigned, 2, "2026-12-01")
	if o := w.placed(q.ID); o.Rows[0].Reinstated != 1 || o.Totals.Net != q.Totals.Net {
		t.Errorf("ordered %+v, quoted %+v", o.Rows[0], q.Rows[0])
	}
	l := w.line(ctr, "phone")
	w.agrees(l)
	if *l.Limit != 10-1+3 || l.Pending != 2 {
		t.Errorf("the line afterwards: %+v", l)
	}
}

// Contracts that have expired hide none that is active, however many there are.
func TestAnActiveContractIsFoundBehindManyThatHaveExpired(t *testing.T) {
	w := newWorld(t)
	w.sells("needy", 500, func(p *catalog.Product) { p.DependsOn = []string{"mail"} })
	for range 60 {
		w.contract("2026-02-01", 1, "mail")
	}
	w.Now = w.Now.Add(time.Second)
	live := w.contract("2028-01-01", 10, "mail")
	if c := cartOf(t, w.put("mail", 2)); c.Items[0].ContractID != live {
		t.Errorf("it goes to %s, want %s", c.Items[0].ContractID, live)
	}
	w.Want(http.StatusNoContent, "", w.buyer, http.MethodDelete, w.path+"/cart", "")
	w.put("needy", 1)
	w.quoted(`{}`)
}

// New purchases use what is pending removal up first, and the quote says so (FEATURES.md, Buying).
func TestAPurchaseTakesPendingRemovalsBackTheYoungestFirstAndAsksNothingForThem(t *testing.T) {
	w := newWorld(t)
	ctr := w.contract("2028-01-01", 10, "phone")
	old := w.removes(ctr, "phone", contract.Unassigned, 3, "2026-12-01")
	w.Now = w.Now.Add(time.Minute)
	young := w.removes(ctr, "phone", contract.Unassigned, 2, "2026-12-01")
	w.put("phone", 4)
	q := w.quoted(`{"newCostCenterName":"Lyon"}`)
	r := q.Rows[0]
	if r.Reinstated != 4 || r.Net.Amount != 0 || r.Recurring.Amount != 4000 {
		t.Errorf("quoted %+v", r)
	}
	w.put("phone", 7)
	q = w.quoted(`{"newCostCenterName":"Lyon"}`)
	if r := q.Rows[0]; r.Reinstated != 5 || r.Net.Amount != 667 { // two seats of 10.00 for a third of the month
		t.Errorf("quoted %+v", r)
	}
	w.put("phone", 4)
	w.placed(w.quoted(`{"newCostCenterName":"Lyon"}`).ID)
	l := w.line(ctr, "phone")
	w.agrees(l)
	if *l.Limit != 10 || l.Pending != 1 || l.Available != 9 || l.Pools[contract.Unassigned].Purchased != 6 {
		t.Errorf("the line afterwards: %+v", l)
	}
	for r, want := range map[id.Removal]removal.State{old: removal.Pending, young: removal.UsedUp} {
		item, err := w.Table.Get(t.Context(), table.Removal(w.Account, r))
		w.must(err)
		row, err := removal.Read(item)
		w.must(err)
		if row.State != want {
			t.Errorf("a removal is %s, want %s", row.State, want)
		}
	}

	// Somebody else took back what is pending: the price is another.
	w.put("phone", 2)
	late, b := w.quoted(`{}`), w.buying()
	w.must(first(w.orders.Put(t.Context(), b, order.Wish{Product: "phone", Quantity: 1})))
	theirs, err := w.orders.Quote(t.Context(), b, order.Carriers{})
	w.must(err)
	w.must(first(w.orders.Place(t.Context(), b, theirs.ID, "", func(*order.Order) ([]table.Op, error) { return nil, nil })))
	if a := w.order(late.ID, "late"); a.Word("code") != "quote_changed" {
		t.Errorf("none is pending, and one was quoted: %s", a.Body)
	}
}

// Orders are listed with their status (FEATURES.md, Buying), newest first.
func TestOrdersAreListedNewestFirstByStatusAndAsCSV(t *testing.T) {
	w := newWorld(t)
	w.contract("2028-01-01", 10, "phone")
	var want []string
	for i := range 3 {
		w.Now = w.Now.Add(time.Second)
		w.put("phone", i+1)
		want = append(want, string(w.placed(w.quoted(`{}`).ID).ID))
	}
	slices.Reverse(want)
	for _, query := range []string{"", "?status=placed"} {
		if diff := cmp.Diff(want, w.Want(http.StatusOK, "", w.buyer, http.MethodGet, w.path+"/orders"+query, "").Column("id")); diff != "" {
			t.Errorf("orders%s (-want +got):\n%s", query, diff)
		}
	}
	page := w.Want(http.StatusOK, "", w.buyer, http.MethodGet, w.path+"/orders?pageSize=2", "")
	rest := w.Want(http.StatusOK, "", w.buyer, http.MethodGet, w.path+"/orders?pageSize=2&pageToken="+page.Word("nextPageToken"), "")
	if diff := cmp.Diff(want, append(page.Column("id"), rest.Column("id")...)); diff != "" {
		t.Errorf("page by page (-want +got):\n%s", diff)
	}
	if none := w.Want(http.StatusOK, "", w.buyer, http.MethodGet, w.path+"/orders?status=awaiting_payment", "").Column("id"); len(none) != 0 {
		t.Errorf("awaiting payment: %v", none)
	}
	sheet := w.Call(w.buyer, http.MethodGet, w.path+"/orders", "", "accept", "text/csv")
	if lines := strings.Split(strings.TrimSpace(sheet.Body), "\n"); len(lines) != 4 || !strings.Contains(lines[0], "gross.amount") || !strings.Contains(lines[1], want[0]) {
		t.Errorf("CSV: %s", sheet.Body)
	}
	foreign := newWorld(t)
	foreign.contract("2028-01-01", 10, "phone")
	foreign.put("phone", 1)
	o := foreign.placed(foreign.quoted(`{}`).ID)
	w.Want(http.StatusNotFound, "not_found", w.buyer, http.MethodGet, fmt.Sprint(w.path, "/orders/", o.ID), "")
}
