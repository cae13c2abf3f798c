package order_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/apitest"
	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/order"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/tax"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

const today = date.Date("2026-11-21")

// world is an account that buys, with the operations on carts and orders over the real engine.
type world struct {
	*apitest.Office
	t       testing.TB
	faults  *table.Faults
	catalog *catalog.Store
	orders  *order.Store
	buyer   access.Subject
	path    string
}

func newWorld(t testing.TB) *world {
	t.Helper()
	client, name := enginetest.Open(t)
	faults := table.NewFaults(1)
	db, ids := table.New(client, name, faults), id.NewMaker(rand.Reader)
	products := catalog.NewStore(db, ids)
	w := &world{
		Office: &apitest.Office{T: t, Table: db, IDs: ids, Accounts: account.NewStore(db, ids), Now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)},
		t:      t, faults: faults, catalog: products, orders: order.NewStore(db, ids, products),
	}
	w.Account = w.Another()
	w.path = "/v1/accounts/" + string(w.Account)
	sealer, err := table.NewSealer(strings.Repeat("s", 32), rand.Reader)
	w.must(err)
	w.API = httpapi.New(httpapi.Config[account.Account]{
		Title: "Seatkeeper", Version: "test", Load: w.Accounts.Load, Table: db, Sealer: sealer, Now: func() time.Time { return w.Now },
		Log: slog.New(slog.DiscardHandler),
	})
	order.Register(w.API, w.orders, w.Accounts)
	w.buyer = w.Member(w.Account, access.LicenceManager)
	w.billed("FR", "")
	w.sold()
	w.sells("phone", 1000)
	w.sells("mail", 333)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func operator() activity.Author { return activity.Author{Kind: access.Operator} }

// set changes the account's settings.
func (w *world) set(change func(*account.Account)) {
	w.t.Helper()
	_, err := w.Accounts.Change(context.Background(), w.Account, w.Now, operator(), activity.AccountChanged, func(a account.Account) (account.Account, error) {
		change(&a)
		return a, nil
	})
	w.must(err)
}

// price is one for a currency and period.
func price(currency string, period catalog.Period, tiers ...catalog.Tier) catalog.Price {
	return catalog.Price{Currency: currency, Period: period, Tiers: tiers}
}

// sells puts a product into the catalog, at so many cents a month and ten times that a year.
func (w *world) sells(product string, cents int64, change ...func(*catalog.Product)) {
	w.t.Helper()
	p := catalog.Product{ID: product, Name: catalog.Name{English: "The " + product, French: "Le " + product}, Offer: catalog.Offer{
		Kind: catalog.Main, TaxCategory: tax.Standard,
		Prices: []catalog.Price{price("EUR", catalog.Monthly, catalog.Tier{From: 1, Amount: cents}), price("EUR", catalog.Yearly, catalog.Tier{From: 1, Amount: 10 * cents})},
	}}
	for _, c := range change {
		c(&p)
	}
	_, err := w.catalog.Put(w.t.Context(), w.Now, operator(), p, func(catalog.Product) error { return nil })
	w.must(err)
}

// contract makes one that began on the first of the year, with lines of a limit each.
func (w *world) contract(expiry date.Date, limit int, products ...string) id.Contract {
	w.t.Helper()
	c := contract.Contract{ID: id.New[id.Contract](w.IDs, w.Now), CRM: "800L2cEpVZzAQlxI0G", Facts: contract.Facts{Name: "Order form " + rand.Text(), Start: "2026-01-01", Expiry: expiry}, TermsRev: 1}
	for _, product := range products {
		c.Products = c.Products.With(product)
	}
	ops, err := contract.CreateOps(w.Account, c.Settled(w.Now))
	w.must(err)
	for _, product := range products {
		op, err := contract.LineOp(w.Account, contract.LineRow{}, contract.NewLine(c, product, "The "+product).With(contract.Quantities{Contracted: &limit}))
		w.must(err)
		ops = append(ops, op)
	}
	w.must(w.Table.Write(w.t.Context(), ops...))
	return c.ID
}

func (w *world) center(name string) id.CostCenter {
	w.t.Helper()
	cc, err := costcenter.NewStore(w.Table, w.IDs).Create(w.t.Context(), costcenter.Change{Account: w.Account, Now: w.Now}, name, func(costcenter.CostCenter) ([]table.Op, error) { return nil, nil })
	w.must(err)
	return cc.ID
}

func (w *world) line(c id.Contract, product string) contract.Line {
	w.t.Helper()
	item, err := w.Table.Get(context.Background(), table.Line(w.Account, c, product))
	w.must(err)
	row, err := contract.ReadLine(item)
	w.must(err)
	return row.Line
}

// put puts a product into the cart.
func (w *world) put(product string, quantity int) apitest.Answer {
	w.t.Helper()
	return w.Want(http.StatusOK, "", w.buyer, http.MethodPut, w.path+"/cart/items/"+product, fmt.Sprintf(`{"quantity":%d}`, quantity))
}

// quoted is the quote of the cart.
func (w *world) quoted(body string) order.Quote {
	w.t.Helper()
	a := w.Want(http.StatusCreated, "", w.buyer, http.MethodPost, w.path+"/cart/quote", body)
	var q order.Quote
	w.must(json.Unmarshal([]byte(a.Body), &q))
	return q
}

func confirmed(quote id.Quote) string {
	return fmt.Sprintf(`{"quoteId":%q,"confirmedCharges":true}`, quote)
}

func (w *world) order(quote id.Quote, key string) apitest.Answer {
	w.t.Helper()
	return w.Call(w.buyer, http.MethodPost, w.path+"/orders", confirmed(quote), "idempotency-key", key)
}

// placed is an order that is there.
func (w *world) placed(quote id.Quote) order.Order {
	w.t.Helper()
	a := w.order(quote, rand.Text())
	if a.StatusCode != http.StatusCreated {
		w.t.Fatalf("the order is answered %d: %s", a.StatusCode, a.Body)
	}
	var o order.Order
	w.must(json.Unmarshal([]byte(a.Body), &o))
	return o
}

// all reads every row of a partition.
func (w *world) all(pk string) []table.Item {
	w.t.Helper()
	items, more, err := w.Table.Query(context.Background(), table.Query{PK: pk, Limit: 1000})
	w.must(err)
	if more {
		w.t.Fatalf("%s has more than 1000 rows", pk)
	}
	return items
}

// agrees holds a line to itself: its pools sum to its limit and to what is available, and none but the unassigned one is
// below zero (DATA.md, Guards).
func (w *world) agrees(l contract.Line) {
	w.t.Helper()
	purchased, available := 0, 0
	for pool, p := range l.Pools {
		purchased, available = purchased+p.Purchased, available+p.Available
		if pool != contract.Unassigned && p.Available < 0 {
			w.t.Errorf("pool %s of %s is below zero: %+v", pool, l.Product, p)
		}
	}
	if purchased != *l.Limit || available != l.Available || l.Available != *l.Limit-l.Used-l.Pending {
		w.t.Errorf("line %s: limit %d (pools %d), used %d, pending %d, available %d (pools %d)", l.Product, *l.Limit, purchased, l.Used, l.Pending, l.Available, available)
	}
}
