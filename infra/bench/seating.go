package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// The products of a seating: three of four seats are of the first, the others of one that sorts before it. Their names are
// equally long, so that a page costs the same whatever is on it.
const product, otherProduct = "phone", "inbox"

// seating is an account with seats that somebody sits on, and with people who have none yet.
type seating struct {
	ground
	contract contract.Contract
	people   []id.User
	// rows are the lines, and what the people hold, as they were seeded.
	rows map[table.Key]table.Item
}

// seating seeds a contract of two lines, each with a limit and three pools, seats on them, and some people. Only those
// people have a holding: who sits on the other seats is not looked at.
func (g ground) seating(ctx context.Context, seated, limit, people int) (seating, error) {
	facts := contract.Facts{Name: "Order form 2026-000001", Start: "2026-01-01", Expiry: today.AddDays(400)}
	c := contract.Contract{ID: id.New[id.Contract](g.ids, g.now), CRM: "800L2cEpVZzAQlxI0G", Facts: facts, TermsRev: 1}
	c.Products = c.Products.With(product).With(otherProduct)
	s := seating{ground: g, contract: c.Settled(g.now)}
	lines := map[string]contract.Line{}
	pools := []contract.PoolID{contract.Unassigned}
	for range 2 {
		pools = append(pools, contract.PoolOf(id.New[id.CostCenter](g.ids, g.now)))
	}
	for _, p := range []string{product, otherProduct} {
		l := contract.NewLine(s.contract, p, "The "+p).With(contract.Quantities{Contracted: &limit})
		l.Pools, _ = l.Pools.Split(map[contract.PoolID]int{pools[1]: limit / 3, pools[2]: limit / 3})
		lines[p] = l
	}
	if err := g.fill(ctx, seated, func(i int) (table.Item, error) {
		p, pool := product, pools[i%len(pools)]
		if i%4 == 3 {
			p = otherProduct
		}
		lines[p] = lines[p].Taken(map[contract.PoolID]int{pool: 1})
		return g.sits(lines[p], pool, i)
	}); err != nil {
		return s, err
	}
	ops, err := contract.CreateOps(g.account, s.contract)
	if err != nil {
		return s, err
	}
	keys := make([]table.Key, 0, len(lines)+people)
	for _, l := range lines {
		op, err := contract.LineOp(g.account, contract.LineRow{}, l)
		if err != nil {
			return s, err
		}
		ops, keys = append(ops, op), append(keys, op.Key())
	}
	for i := range people {
		op, err := s.join(i)
		if err != nil {
			return s, err
		}
		ops, keys = append(ops, op), append(keys, op.Key())
	}
	if err := g.write(ctx, len(ops), func(i int) ([]table.Op, error) { return ops[i : i+1], nil }); err != nil {
		return s, err
	}
	s.rows, err = g.db.GetMany(ctx, keys...)
	return s, err
}

// sits is the row of a seat.
func (g ground) sits(l contract.Line, pool contract.PoolID, i int) (table.Item, error) {
	on := seat.Seat{
		User: id.New[id.User](g.ids, g.now), UserName: fmt.Sprintf("Anne%06d Martin%06d", i*7919%1_000_003, i), Extension: "4021",
		Product: l.Product, ProductName: l.ProductName, Contract: l.Contract, CostCenter: pool.CostCenter(), AddedAt: g.now, Rev: 1,
	}
	item, err := table.Encode(on)
	if err != nil {
		return nil, err
	}
	key := table.Seat(g.account, on.User, on.Product)
	item["PK"], item["SK"] = &types.AttributeValueMemberS{Value: key.PK}, &types.AttributeValueMemberS{Value: key.SK}
	table.SeatSorts(on.Product, on.Contract, string(pool), on.UserName, on.User).Put(item)
	return item, nil
}

// fill seeds the table with rows that nothing is held to, which is quicker than write.
func (g ground) fill(ctx context.Context, rows int, make func(i int) (table.Item, error)) error {
	const batch, writers = 25, 4
	busy, ctx := errgroup.WithContext(ctx)
	busy.SetLimit(writers)
	var puts []types.WriteRequest
	for i := range rows {
		item, err := make(i)
		if err != nil {
			return errors.Join(err, busy.Wait())
		}
		if puts = append(puts, types.WriteRequest{PutRequest: &types.PutRequest{Item: item}}); len(puts) < batch && i < rows-1 {
			continue
		}
		in := &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{tableName: puts}}
		puts = nil
		busy.Go(func() error {
			out, err := g.client.BatchWriteItem(ctx, in)
			if err == nil && len(out.UnprocessedItems) > 0 {
				err = errors.New("the engine left rows over")
			}
			return err
		})
	}
	return busy.Wait()
}

// join adds somebody who has no seat yet.
func (s *seating) join(i int) (table.Op, error) {
	u := id.New[id.User](s.ids, s.now)
	s.people = append(s.people, u)
	holding, err := table.Encode(user.Holding{User: u, Name: fmt.Sprintf("Paul%06d Bernard%06d", i*7919%1_000_003, i), Extension: "4022", State: user.Active, Rev: 1})
	return table.Put(table.Holding(s.account, u), holding, table.Absent()), err
}

// store keeps seats in t. It knows the catalog already: that is read once a minute and process, and no part of a work.
func (s seating) store(ctx context.Context, t *table.Table) (*seat.Store, error) {
	products := catalog.NewStore(t, s.ids)
	_, err := products.All(ctx, s.now)
	return seat.NewStore(t, s.ids, products), err
}

// work is what a store of seats is asked to do; rows are the seats that it was about.
type work func(ctx context.Context, store *seat.Store) (rows int, err error)

func (s seating) change() seat.Change {
	by := activity.Author{Kind: access.Member, ID: string(s.people[0]), Name: "Claire Dubois", IP: "203.0.113.7", UserAgent: "Mozilla/5.0 (X11; Linux x86_64)", RequestID: "JKJaXmPLvHcESHA="}
	return seat.Change{Account: s.account, Today: today, Now: s.now, By: by}
}

// assign puts people on seats of the first line.
func (s seating) assign(people []id.User) work {
	o := seat.Order{Contract: s.contract.ID, Product: product, Users: people}
	return func(ctx context.Context, store *seat.Store) (int, error) {
		return given(store.Assign(ctx, s.change(), o, false, func(seat.Done) ([]table.Op, error) { return nil, nil }))
	}
}

// remove takes somebody's seat of the first line.
func (s seating) remove(u id.User) work {
	return func(ctx context.Context, store *seat.Store) (int, error) {
		return given(store.Remove(ctx, s.change(), s.contract.ID, product, u))
	}
}

// given counts the wishes that were fulfilled. One that was refused is an error here, and one that changed nothing: it
// would be measured as quick, or counted as done.
func given(done seat.Done, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	for _, o := range done.Outcomes {
		if o.Result != seat.Assigned && o.Result != seat.Removed {
			return 0, fmt.Errorf("the seat of %s is %s", o.User, o.Result)
		}
	}
	return len(done.Outcomes), nil
}
