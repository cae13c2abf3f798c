package seat_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

const today = date.Date("2026-11-21")

// world is an account with people, contracts and cost centers, and the stores that seats stand on.
type world struct {
	t         testing.TB
	account   id.Account
	table     *table.Table
	faults    *table.Faults
	ids       *id.Maker
	catalog   *catalog.Store
	seats     *seat.Store
	users     *user.Store
	contracts *contract.Store
	centers   *costcenter.Store
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
		t: t, account: id.New[id.Account](ids, time.Now()), table: db, faults: faults, ids: ids, catalog: products, seats: seats,
		users: user.NewStore(db, ids, seats.Follow), contracts: contract.NewStore(db, ids), centers: costcenter.NewStore(db, ids),
		now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC),
	}
	ops, err := account.CreateOps(account.Account{ID: w.account, Name: "Account " + rand.Text(), Terms: account.DefaultTerms(), CreatedAt: w.now})
	w.must(err)
	w.must(db.Write(t.Context(), ops...))
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) change() seat.Change {
	return seat.Change{Account: w.account, Today: today, Now: w.now, By: activity.Author{Kind: access.Operator}}
}

// line makes a contract with one line; limit below zero is none set.
func (w *world) line(product string, limit int, expiry date.Date) id.Contract {
	w.t.Helper()
	c := contract.Contract{ID: id.New[id.Contract](w.ids, w.now), CRM: "800L2cEpVZzAQlxI0G", Facts: contract.Facts{Name: "Order form " + rand.Text(), Expiry: expiry}, TermsRev: 1}
	c.Products = c.Products.With(product)
	ops, err := contract.CreateOps(w.account, c.Settled(w.now))
	w.must(err)
	l := contract.NewLine(c, product, "The "+product)
	if limit >= 0 {
		l = l.With(contract.Quantities{Contracted: &limit})
	}
	op, err := contract.LineOp(w.account, contract.LineRow{}, l)
	w.must(err)
	w.must(w.table.Write(w.t.Context(), append(ops, op)...))
	return c.ID
}

func (w *world) people(n int) []id.User {
	w.t.Helper()
	var all []id.User
	ch := user.Change{Account: w.account, Caller: access.Caller{Kind: access.Operator}, Now: w.now, By: activity.Author{Kind: access.Operator}}
	for i := range n {
		u, err := w.users.Add(w.t.Context(), ch, user.Details{Name: fmt.Sprintf("Person %03d", i), Email: rand.Text() + "@example.com", Extension: fmt.Sprint(1000 + i)}, func(user.User) ([]table.Op, error) { return nil, nil })
		w.must(err)
		all = append(all, u.ID)
	}
	return all
}

func (w *world) center(name string) id.CostCenter {
	w.t.Helper()
	cc, err := w.centers.Create(w.t.Context(), costcenter.Change{Account: w.account, Now: w.now}, name, func(costcenter.CostCenter) ([]table.Op, error) { return nil, nil })
	w.must(err)
	return cc.ID
}

func (w *world) set(u id.User, change func(*user.User)) user.User {
	w.t.Helper()
	after, err := w.users.Set(context.Background(), user.Change{Account: w.account, Caller: access.Caller{Kind: access.Operator}, Now: w.now}, u, func(seen user.Seen) (user.User, error) {
		is := seen.User
		change(&is)
		return is, nil
	})
	w.must(err)
	return after
}

func keepNothing(seat.Done) ([]table.Op, error) { return nil, nil }

// assign puts users on seats and answers the results in their order.
func (w *world) assign(c id.Contract, product string, users ...id.User) []seat.Result {
	w.t.Helper()
	done, err := w.seats.Assign(w.t.Context(), w.change(), seat.Order{Contract: c, Product: product, Users: users}, false, keepNothing)
	w.must(err)
	return resultsOf(done)
}

func resultsOf(done seat.Done) []seat.Result {
	var results []seat.Result
	for _, o := range done.Outcomes {
		results = append(results, o.Result)
	}
	return results
}

func (w *world) lineOf(c id.Contract, product string) contract.Line {
	w.t.Helper()
	item, err := w.table.Get(context.Background(), table.Line(w.account, c, product))
	w.must(err)
	row, err := contract.ReadLine(item)
	w.must(err)
	return row.Line
}

func (w *world) holding(u id.User) user.Holding {
	w.t.Helper()
	item, err := w.table.Get(context.Background(), table.Holding(w.account, u))
	w.must(err)
	row, err := user.ReadHolding(item)
	w.must(err)
	return row.Holding
}

// all reads every row of a partition.
func (w *world) all(pk string) []table.Item {
	w.t.Helper()
	q := table.Query{PK: pk, Limit: 1000}
	var rows []table.Item
	for {
		items, more, err := w.table.Query(context.Background(), q)
		w.must(err)
		rows = append(rows, items...)
		if !more {
			return rows
		}
		q.After = table.At(items[len(items)-1], table.Primary)
	}
}

// recount holds the counters to what they count, by the rules that infra/recount mends them by (DATA.md, Guards): a line
// and what is noted of it in the attention list to the seats, each holding to its person's, cost centers to the lines.
func (w *world) recount() {
	w.t.Helper()
	var seats []seat.Seat
	for _, item := range w.all(table.Seats(w.account)) {
		var s seat.Seat
		w.must(table.Decode(item, &s))
		seats = append(seats, s)
	}
	tally := seat.TallyOf(seats)
	var record activity.Record
	for _, item := range w.all(table.Holding(w.account, "").PK) {
		row, err := user.ReadHolding(item)
		w.must(err)
		seat.NoteRecount(&record, row.Holding, tally.Held[row.User])
		delete(tally.Held, row.User)
	}
	var lines []contract.Line
	for _, item := range w.all(table.Lines(w.account)) {
		row, err := contract.ReadLine(item)
		w.must(err)
		on := seat.OnLine{Contract: row.Contract, Product: row.Product}
		contract.NoteRecount(&record, row, row.Recounted(tally.Used[on]))
		delete(tally.Used, on)
		lines = append(lines, row.Line)
	}
	carried := contract.CarriedBy(lines)
	rows, err := w.centers.Rows(context.Background(), w.account, slices.Collect(maps.Keys(carried)))
	w.must(err)
	for cc, n := range carried {
		activity.Changed(&record, string(cc), rows[cc].Pools, n)
	}
	if diff := cmp.Diff(record.Before, record.After); diff != "" {
		w.t.Errorf("counters as they are (-) and as they must be (+): %s", diff)
	}
	if len(tally.Held)+len(tally.Used) > 0 {
		w.t.Errorf("seats of nobody, or on no line: %+v", tally)
	}
}
