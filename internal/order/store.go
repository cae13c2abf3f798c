package order

import (
	"context"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/removal"
	"github.com/seatkeeper/seatkeeper/internal/request"
)

// Store keeps carts, quotes and orders.
type Store struct {
	table    *table.Table
	ids      *id.Maker
	catalog  *catalog.Store
	centers  *costcenter.Store
	removals *removal.Store
	requests *request.Store
}

// NewStore keeps them in t, priced by what the catalog offers; orders get their ids from ids.
func NewStore(t *table.Table, ids *id.Maker, products *catalog.Store) *Store {
	return &Store{t, ids, products, costcenter.NewStore(t, ids), removal.NewStore(t, ids, products), request.NewStore(t, ids, products)}
}

// Get reads an order: 1 call, 1 unit for each 4 KB.
func (s *Store) Get(ctx context.Context, a id.Account, o id.Order) (Order, error) {
	item, err := s.table.Get(ctx, table.Order(a, o))
	if err != nil {
		return Order{}, err
	}
	if item == nil {
		return Order{}, fault.Missing()
	}
	var found Order
	return found, table.Decode(item, &found)
}

// List reads orders, newest first; those of one status where it is not empty: 1 Query, 1 unit for each 4 KB.
func (s *Store) List(ctx context.Context, a id.Account, status Status, after *table.Position, limit int) ([]Order, *table.Position, error) {
	q := table.Query{PK: table.Orders(a), Desc: true, Limit: limit, After: after}
	if status != "" {
		q.Index, q.Prefix = table.LSI1, string(status)+"#"
	}
	return table.Page[Order](ctx, s.table, q)
}
