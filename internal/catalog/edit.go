package catalog

import (
	"context"
	"errors"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Edit changes many products one after another on one reading of the catalog, such as those of a file. Each is a
// transaction of its own, so an edit can stop anywhere and be made again. It is for one caller at a time.
type Edit struct {
	store *Store
	now   time.Time
	by    activity.Author
	dry   bool

	products Products
	rows     map[string]table.Item // by product
	revision table.Item
}

// Edit begins one: 1 call and 1 Query for each MB of the catalog. A dry one decides all of it and writes nothing.
func (s *Store) Edit(ctx context.Context, now time.Time, by activity.Author, dry bool) (*Edit, error) {
	e := &Edit{store: s, now: now, by: by, dry: dry}
	return e, e.load(ctx)
}

// load reads the revision before the products: what changes in between is seen as a revision that is old.
func (e *Edit) load(ctx context.Context) (err error) {
	if e.revision, err = e.store.table.Get(ctx, table.CatalogRev()); err != nil {
		return err
	}
	e.products, e.rows, err = e.store.readRows(ctx)
	return err
}

// Put adds a product or changes it: no call where nothing is different, else 1 transaction. make says what the product
// is to be from what it is; there is none where its Rev is 0. See Products.With for what is refused. changed tells that
// there is something to write, and added that the product is new.
func (e *Edit) Put(ctx context.Context, product string, make func(before Product) (Product, error)) (changed, added bool, err error) {
	for range rounds {
		before, _ := e.products.Get(product)
		p, err := make(before)
		if err != nil {
			return false, false, err
		}
		all, after, err := e.products.With(p)
		if err != nil {
			return false, false, err
		}
		added = before.Rev == 0
		if !added && after.equal(before) {
			return false, false, nil
		}
		ops, err := e.store.putOps(e.now, e.by, e.revision, e.rows[product], before, after)
		if err != nil {
			return false, false, err
		}
		if !e.dry {
			err = e.store.table.Write(ctx, ops...)
		}
		var unmet *table.ConditionError
		if errors.As(err, &unmet) {
			if err := e.load(ctx); err != nil {
				return false, false, err
			}
			continue
		}
		if err != nil {
			return false, false, err
		}
		e.store.forget()
		e.took(product, all, after, ops)
		return true, added, nil
	}
	return false, false, fault.New(fault.Busy, "busy").After(time.Second)
}

// took goes on from what was written.
func (e *Edit) took(product string, all Products, after Product, ops []table.Op) {
	written := map[table.Key]table.Item{}
	table.Apply(written, ops)
	e.rows[product], e.revision = written[table.CatalogProduct(product)], written[table.CatalogRev()]
	after.Rev++
	all.byID[product] = after
	e.products = all
}
