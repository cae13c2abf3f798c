package main

import (
	"context"
	"fmt"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// contracts measures a page of an account's contracts, in the default order and in one that merges two sources.
func contracts(ctx context.Context, g ground, size int) ([]pair, error) {
	if err := g.write(ctx, size, func(i int) ([]table.Op, error) { return contractOps(g, i, size) }); err != nil {
		return nil, err
	}
	store := contract.NewStore(g.db, g.ids)
	list := func(order contract.Order) func(context.Context) (int, error) {
		return func(ctx context.Context) (int, error) {
			p, err := store.List(ctx, g.account, today, contract.Listing{Order: order}, nil, page)
			return len(p.Contracts), err
		}
	}
	bare := func(status contract.Status) func(context.Context) error {
		return g.query(table.Contracts(g.account), "LSI1", string(status)+"#", string(status)+"#"+string(utf8.MaxRune), page+1)
	}
	active, expired := bare(contract.Active), bare(contract.Expired)
	return []pair{
		{name: "first page, default order", store: list(contract.ByStatus), bare: active},
		{name: "first page by name", store: list(contract.ByName), bare: func(ctx context.Context) error {
			both, ctx := errgroup.WithContext(ctx)
			both.Go(func() error { return active(ctx) })
			both.Go(func() error { return expired(ctx) })
			return both.Wait()
		}},
	}, nil
}

// contractOps make a contract, 9 in 10 of them active, without the words for search: they are not measured here and
// would multiply the rows by six.
func contractOps(g ground, i, size int) ([]table.Op, error) {
	f := contract.Facts{Name: fmt.Sprintf("Order form 2026-%06d", i*7919%size), Start: "2026-01-01", Expiry: today.AddDays(1 + i%700), Purchased: i % 9}
	if i%10 == 9 {
		f.Expiry = today.AddDays(-i % 700)
	}
	c := contract.Contract{ID: id.New[id.Contract](g.ids, g.now), CRM: "800L2cEpVZzAQlxI0G", Facts: f, Mapped: i % 7}.Settled(g.now)
	made, err := contract.CreateOps(g.account, c)
	if err != nil {
		return nil, err
	}
	return made[:1], nil
}
