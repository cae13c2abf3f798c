package catalog

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Store keeps the catalog.
type Store struct {
	table *table.Table
	ids   *id.Maker

	mu     sync.Mutex
	cached *Products
	readAt time.Time
}

// NewStore keeps it in t; records of changes get their ids from ids.
func NewStore(t *table.Table, ids *id.Maker) *Store { return &Store{table: t, ids: ids} }

// freshFor is how long All answers from memory. A change of the catalog is the vendor's and rare; that a process learns
// of it up to a minute late harms nobody.
const freshFor = time.Minute

// rounds is how often a decision is made again on fresh rows (DATA.md, Guards).
const rounds = 5

// All are the products, as they were within the last minute: no call, or 1 Query for each MB.
func (s *Store) All(ctx context.Context, now time.Time) (Products, error) {
	if kept, ok := s.kept(now); ok {
		return kept, nil
	}
	ps, err := s.read(ctx)
	if err != nil {
		return Products{}, err
	}
	s.keep(ps, now)
	return ps, nil
}

// kept is what was read within the last minute, by a clock that may have been turned back since.
func (s *Store) kept(now time.Time) (Products, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if age := now.Sub(s.readAt); s.cached == nil || age < 0 || age >= freshFor {
		return Products{}, false
	}
	return *s.cached, true
}

func (s *Store) keep(ps Products, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cached, s.readAt = &ps, now
}

func (s *Store) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cached = nil
}

func (s *Store) read(ctx context.Context) (Products, error) {
	ps, _, err := s.readRows(ctx)
	return ps, err
}

// readRows is the whole partition: the products with their rows, who sells them, and the revision, which is left out.
func (s *Store) readRows(ctx context.Context) (Products, map[string]table.Item, error) {
	var all []Product
	items := map[string]table.Item{}
	var seller Seller
	for after := (*table.Position)(nil); ; {
		rows, more, err := s.table.Query(ctx, table.Query{PK: table.Catalog, Limit: MaxProducts, After: after})
		if err != nil {
			return Products{}, nil, err
		}
		for _, row := range rows {
			after = table.At(row, table.Primary)
			switch {
			case after.SK == table.CatalogSeller().SK:
				err = table.Decode(row, &seller)
			case strings.HasPrefix(after.SK, table.CatalogPrefix):
				var p Product
				err = table.Decode(row, &p)
				all, items[p.ID] = append(all, p), row
			}
			if err != nil {
				return Products{}, nil, err
			}
		}
		if !more {
			return NewProducts(all...).SoldBy(seller), items, nil
		}
	}
}

// List reads products in the order of their codes: 1 Query.
func (s *Store) List(ctx context.Context, after *table.Position, limit int) ([]Product, *table.Position, error) {
	return table.Page[Product](ctx, s.table, table.Query{PK: table.Catalog, Prefix: table.CatalogPrefix, Limit: limit, After: after})
}

// Get reads a product: 1 call, 1 unit for each 4 KB.
func (s *Store) Get(ctx context.Context, product string) (Product, error) {
	item, err := s.table.Get(ctx, table.CatalogProduct(product))
	if err != nil {
		return Product{}, err
	}
	if item == nil {
		return Product{}, fault.Missing()
	}
	var p Product
	return p, table.Decode(item, &p)
}

// Put adds a product or changes it: 1 call for what is there, 1 Query for each MB of the catalog, 1 transaction. allow may
// refuse the product that it finds; there is none where its Rev is 0. The catalog has one revision, under which every
// change is made, so that two changes that are each in order cannot make a circle together. Nothing different writes
// nothing. See Products.With for what is refused.
func (s *Store) Put(ctx context.Context, now time.Time, by activity.Author, p Product, allow func(before Product) error) (Product, error) {
	revKey, key := table.CatalogRev(), table.CatalogProduct(p.ID)
	for range rounds {
		// The revision is read before the products: what changes in between is seen as a revision that is old.
		rows, err := s.table.GetMany(ctx, revKey, key)
		if err != nil {
			return Product{}, err
		}
		var before Product
		if err := table.Decode(rows[key], &before); err != nil {
			return Product{}, err
		}
		if err := allow(before); err != nil {
			return Product{}, err
		}
		ps, err := s.read(ctx)
		if err != nil {
			return Product{}, err
		}
		_, after, err := ps.With(p)
		if err != nil {
			return Product{}, err
		}
		if before.Rev > 0 && after.equal(before) {
			return before, nil
		}
		ops, err := s.putOps(now, by, rows[revKey], rows[key], before, after)
		if err != nil {
			return Product{}, err
		}
		err = s.table.Write(ctx, ops...)
		var unmet *table.ConditionError
		if errors.As(err, &unmet) {
			continue
		}
		s.forget()
		after.Rev = before.Rev + 1
		return after, err
	}
	return Product{}, fault.New(fault.Busy, "busy").After(time.Second)
}

// putOps are the product, the catalog's revision, the version where the offer changed, and the vendor's record of it.
func (s *Store) putOps(now time.Time, by activity.Author, revision, was table.Item, before, after Product) ([]table.Op, error) {
	after.Rev = 1
	item, err := table.Encode(after)
	if err != nil {
		return nil, err
	}
	ops := make([]table.Op, 0, 4)
	for _, row := range []struct {
		key     table.Key
		was, is table.Item
	}{{table.CatalogProduct(after.ID), was, item}, {table.CatalogRev(), revision, table.Item{"rev": table.Number(1)}}} {
		if row.was == nil {
			ops = append(ops, table.Put(row.key, row.is, table.Absent()))
		} else {
			ops = append(ops, table.Replace(row.key, row.was, row.is))
		}
	}
	if after.Version != before.Version {
		version, err := versionOp(after, now)
		if err != nil {
			return nil, err
		}
		ops = append(ops, version)
	}
	action := activity.ProductChanged
	if was == nil {
		action = activity.ProductAdded
	}
	r := activity.New(s.ids, now, "", by, action, after.Thing())
	differences(&r, before, after)
	record, err := r.Op()
	return append(ops, record), err
}

func differences(r *activity.Record, before, after Product) {
	activity.Changed(r, "name.en", before.Name.English, after.Name.English)
	activity.Changed(r, "name.fr", before.Name.French, after.Name.French)
	activity.Changed(r, "features", featured(before), featured(after))
	activity.Changed(r, "dependsOn", strings.Join(before.DependsOn, " "), strings.Join(after.DependsOn, " "))
	activity.Changed(r, "excludes", strings.Join(before.Excludes, " "), strings.Join(after.Excludes, " "))
	activity.Changed(r, "derived", before.Derived, after.Derived)
	activity.Changed(r, "kind", before.Kind, after.Kind)
	activity.Changed(r, "editions", strings.Join(before.Editions, " "), strings.Join(after.Editions, " "))
	activity.Changed(r, "taxCategory", before.TaxCategory, after.TaxCategory)
	activity.Changed(r, "prices", before.priced(), after.priced())
	activity.Changed(r, "version", before.Version, after.Version)
}

// featured is a product's features as a record shows them.
func featured(p Product) string {
	words := make([]string, len(p.Features))
	for i, f := range p.Features {
		words[i] = f.ID + " (" + f.Name.English + " / " + f.Name.French + ")"
	}
	return strings.Join(words, ", ")
}
