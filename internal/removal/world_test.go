package removal_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/removal"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

const none = contract.Unassigned

type counts = map[contract.PoolID]int

// world is an account with a line, who sits on it, and removals of it.
type world struct {
	t         testing.TB
	account   account.Account
	table     *table.Table
	faults    *table.Faults
	ids       *id.Maker
	catalog   *catalog.Store
	seats     *seat.Store
	users     *user.Store
	contracts *contract.Store
	centers   *costcenter.Store
	removals  *removal.Store
	now       time.Time
}

func newWorld(t testing.TB) *world {
	t.Helper()
	client, name := enginetest.Open(t)
	faults := table.NewFaults(1)
	db, ids := table.New(client, name, faults), id.NewMaker(rand.Reader)
	products := catalog.NewStore(db, ids)
	seats := seat.NewStore(db, ids, products)
	w := &world{
		t: t, table: db, faults: faults, ids: ids, catalog: products, seats: seats, users: user.NewStore(db, ids, seats.Follow),
		contracts: contract.NewStore(db, ids), centers: costcenter.NewStore(db, ids), removals: removal.NewStore(db, ids, products),
		now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC),
	}
	w.account = account.Account{ID: id.New[id.Account](ids, w.now), Name: "Account " + rand.Text(), Terms: account.DefaultTerms(), CreatedAt: w.now}
	ops, err := account.CreateOps(w.account)
	w.must(err)
	w.write(ops...)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) write(ops ...table.Op) {
	w.t.Helper()
	w.must(w.table.Write(context.Background(), ops...))
}

func (w *world) today() date.Date { return w.account.Today(w.now) }

func (w *world) change() removal.Change {
	return removal.Change{Account: w.account, Now: w.now, By: activity.Author{Kind: access.Operator, Name: "Test"}, Contact: "Paula"}
}

func (w *world) clock() contract.Changing {
	return contract.Changing{Account: w.account.ID, Now: w.now, By: activity.Author{Kind: access.Clock}}
}

// product puts one into the catalog, under a code that no other test uses, at a price of 10.00 for each period named.
func (w *world) product(periods ...catalog.Period) string {
	w.t.Helper()
	p := catalog.Product{ID: "product_" + rand.Text(), Name: catalog.Name{English: "Phone", French: "Téléphone"}}
	p.Kind, p.TaxCategory = catalog.Main, "standard"
	for _, period := range periods {
		p.Prices = append(p.Prices, catalog.Price{Currency: "EUR", Period: period, Tiers: []catalog.Tier{{From: 1, Amount: 1000}}})
	}
	_, err := w.catalog.Put(context.Background(), w.now, activity.Author{Kind: access.Operator}, p, func(catalog.Product) error { return nil })
	w.must(err)
	return p.ID
}

// line makes a contract with one line.
func (w *world) line(product string, limit int, start, expiry date.Date) id.Contract {
	w.t.Helper()
	c := contract.Contract{ID: id.New[id.Contract](w.ids, w.now), CRM: "800L2cEpVZzAQlxI0G", Facts: contract.Facts{Name: "Order form " + rand.Text(), Start: start, Expiry: expiry}, TermsRev: 1}
	c.Products = c.Products.With(product)
	ops, err := contract.CreateOps(w.account.ID, c.Settled(w.now))
	w.must(err)
	op, err := contract.LineOp(w.account.ID, contract.LineRow{}, contract.NewLine(c, product, "The "+product).With(contract.Quantities{Contracted: &limit}))
	w.must(err)
	w.write(append(ops, op)...)
	return c.ID
}

// bought makes a contract with one line, whose seats were all bought by the month.
func (w *world) bought(product string, n int, start, expiry date.Date) id.Contract {
	w.t.Helper()
	c := w.line(product, 0, start, expiry)
	w.must(w.buy(context.Background(), c, product, counts{none: n}))
	return c
}

func (w *world) people(n int) []id.User {
	w.t.Helper()
	all := make([]id.User, n)
	ch := user.Change{Account: w.account.ID, Caller: access.Caller{Kind: access.Operator}, Now: w.now, By: activity.Author{Kind: access.Operator}}
	for i := range n {
		u, err := w.users.Add(context.Background(), ch, user.Details{Name: fmt.Sprintf("Person %03d", i), Email: rand.Text() + "@example.com"}, func(user.User) ([]table.Op, error) { return nil, nil })
		w.must(err)
		all[i] = u.ID
	}
	return all
}

// center makes a cost center that carries so many seats of a line.
func (w *world) center(c id.Contract, product string, seats int) contract.PoolID {
	w.t.Helper()
	cc, err := w.centers.Create(context.Background(), costcenter.Change{Account: w.account.ID, Now: w.now}, "Center "+rand.Text(), func(costcenter.CostCenter) ([]table.Op, error) { return nil, nil })
	w.must(err)
	pool := contract.PoolOf(cc.ID)
	_, err = w.contracts.SetPools(context.Background(), w.clock(), c, product, counts{pool: seats})
	w.must(err)
	return pool
}

func (w *world) row(c id.Contract, product string) contract.LineRow {
	w.t.Helper()
	item, err := w.table.Get(context.Background(), table.Line(w.account.ID, c, product))
	w.must(err)
	row, err := contract.ReadLine(item)
	w.must(err)
	return row
}

func (w *world) seatChange() seat.Change {
	return seat.Change{Account: w.account.ID, Today: w.today(), Now: w.now, By: activity.Author{Kind: access.Operator}}
}

func (w *world) assign(ctx context.Context, c id.Contract, product string, pool contract.PoolID, u ...id.User) (seat.Done, error) {
	return w.seats.Assign(ctx, w.seatChange(), seat.Order{Contract: c, Product: product, Pool: pool, Users: u}, false, func(seat.Done) ([]table.Op, error) { return nil, nil })
}

func keepNothing(removal.Review) ([]table.Op, error) { return nil, nil }

func (w *world) remove(ctx context.Context, c id.Contract, product string, by counts, period ...catalog.Period) (removal.Review, error) {
	wish := removal.Wish{Contract: c, Product: product, Counts: by}
	for _, p := range period {
		wish.Period = p
	}
	return w.removals.Remove(ctx, w.change(), wish, keepNothing)
}

// mustRemove removes what can be.
func (w *world) mustRemove(c id.Contract, product string, by counts, period ...catalog.Period) removal.Review {
	w.t.Helper()
	r, err := w.remove(context.Background(), c, product, by, period...)
	w.must(err)
	return r
}

// buy adds seats to a line by the month as an order does: pending removals are used up first, all in one transaction.
func (w *world) buy(ctx context.Context, c id.Contract, product string, by counts) error {
	n := 0
	for _, k := range by {
		n += k
	}
	for range 200 {
		pending, err := w.removals.Pending(ctx, w.account.ID, product, c)
		if err != nil {
			return err
		}
		item, err := w.table.Get(ctx, table.Line(w.account.ID, c, product))
		if err != nil {
			return err
		}
		row, err := contract.ReadLine(item)
		if err != nil {
			return err
		}
		taken := removal.Take(pending, n, removal.Charge{Period: catalog.Monthly, Today: w.today(), Until: w.today()}, w.now)
		after := row.Line.Rebought(taken.Counts, by, catalog.Monthly)
		op, err := contract.LineOp(w.account.ID, row, after)
		if err != nil {
			return err
		}
		ops, err := w.removals.TakeOps(w.account.ID, taken)
		if err != nil {
			return err
		}
		for pool, n := range contract.Carried(row.Pools, after.Pools) {
			ops = append(ops, costcenter.CarryOp(w.account.ID, pool.CostCenter(), n))
		}
		err = w.table.Write(ctx, append(ops, op)...)
		var unmet *table.ConditionError
		if !errors.As(err, &unmet) {
			return err
		}
		table.Pause(ctx)
	}
	return errors.New("always overtaken")
}

// recount holds a line to what it counts: seats that somebody sits on and licences that wait to be removed, by pool; and
// its sums to each other.
func (w *world) recount(c id.Contract, product string) contract.Line {
	w.t.Helper()
	used, waiting := counts{}, counts{}
	items, _, err := w.table.Query(context.Background(), table.Query{PK: table.Seats(w.account.ID), Index: table.LSI1, Prefix: table.ProductPrefix(product) + table.LineSeats(c), Limit: 1000})
	w.must(err)
	for _, item := range items {
		var s seat.Seat
		w.must(table.Decode(item, &s))
		used[contract.PoolOf(s.CostCenter)]++
	}
	items, _, err = w.table.Query(context.Background(), table.Query{PK: table.Removals(w.account.ID), Limit: 1000})
	w.must(err)
	for _, item := range items {
		r, err := removal.Read(item)
		w.must(err)
		if r.State == removal.Pending && r.Contract == c && r.Product == product {
			for pool, n := range r.Counts {
				waiting[pool] += n
			}
		}
	}
	l := w.row(c, product).Line
	sums := contract.Pool{}
	allUsed, allWaiting := 0, 0
	for pool, p := range l.Pools {
		sums.Purchased, sums.Available = sums.Purchased+p.Purchased, sums.Available+p.Available
		allUsed, allWaiting = allUsed+used[pool], allWaiting+waiting[pool]
		if p.Used() != used[pool] || p.Pending != waiting[pool] {
			w.t.Errorf("pool %s has %+v: %d sit on it, %d wait to be removed", pool, p, used[pool], waiting[pool])
		}
		if pool != none && p.Available < 0 {
			w.t.Errorf("pool %s is below zero: %+v", pool, p)
		}
	}
	if l.Used != allUsed || l.Pending != allWaiting || sums.Purchased != *l.Limit || sums.Available != l.Available || l.Available != *l.Limit-l.Used-l.Pending {
		w.t.Errorf("used %d (seats %d), pending %d (removals %d), limit %d (pools %d), available %d (pools %d)", l.Used, allUsed, l.Pending, allWaiting, *l.Limit, sums.Purchased, l.Available, sums.Available)
	}
	w.listed(l)
	return l
}

// listed holds the attention list to the line's state.
func (w *world) listed(l contract.Line) {
	w.t.Helper()
	listed, _, err := w.contracts.UsagePage(context.Background(), w.account.ID, "attention", l.Product, nil, 200)
	w.must(err)
	in := false
	for _, o := range listed {
		in = in || o.Contract == l.Contract
	}
	if want := l.Usage().State != contract.OK; in != want {
		w.t.Errorf("the line is %s (used %d, available %d): in the attention list %v", l.Usage().State, l.Used, l.Available, in)
	}
}
