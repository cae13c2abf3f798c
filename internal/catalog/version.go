package catalog

import (
	"context"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Version is a product's offer as it was made at an instant. Who made it is in the vendor's activity.
type Version struct {
	Product string `dynamodbav:"product"`
	Offer
	At time.Time `dynamodbav:"at"`
}

// versionOp keeps the offer of a product's new version. Nothing ever changes or deletes it: what an order was made of can
// be looked up for good.
func versionOp(p Product, now time.Time) (table.Op, error) {
	item, err := table.Encode(Version{p.ID, p.Offer, now.UTC().Truncate(time.Millisecond)})
	if err != nil {
		return table.Op{}, err
	}
	return table.Put(table.CatalogVersion(p.ID, p.Version), item, table.Absent()), nil
}

// Versions reads how a product was and is offered, the newest first: 1 Query, and 1 call where there is none to tell
// whether the product is there.
func (s *Store) Versions(ctx context.Context, product string, after *table.Position, limit int) ([]Version, *table.Position, error) {
	if !ValidID(product) {
		return nil, nil, fault.Missing()
	}
	all, next, err := table.Page[Version](ctx, s.table, table.Query{PK: table.CatalogVersions, Prefix: table.ProductPrefix(product), Desc: true, Limit: limit, After: after})
	if err == nil && len(all) == 0 && after == nil {
		_, err = s.Get(ctx, product)
	}
	return all, next, err
}
