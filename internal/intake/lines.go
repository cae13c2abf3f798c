package intake

import (
	"context"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// loadOtherLines reads the lines that records do not name of contracts whose expiry they change: all lines have it.
func (s *Service) loadOtherLines(ctx context.Context, known images, afresh bool, records []ContractRecord) error {
	var keys []table.Key
	for _, rec := range records {
		h, err := known.heardOf(rec.Contract)
		if err != nil {
			return err
		}
		c, ok := idOf[id.Contract](h)
		item := known[table.Contract(h.Account, c)]
		if !ok || item == nil || h.Contract.Expiry == rec.Facts.Expiry {
			continue
		}
		row, err := contract.Read(item)
		if err != nil {
			return err
		}
		for _, product := range row.Products.List() {
			keys = append(keys, table.Line(h.Account, c, product))
		}
	}
	if len(keys) == 0 {
		return nil
	}
	return s.fetch(ctx, known, afresh, keys...)
}

// lines are the writes of the lines that the record names and that are new or changed, and of those that it does not
// name where the contract's expiry changed. New products are entered in the contract.
func (ch *change) lines(a id.Account, rec ContractRecord, c *contract.Contract, record *activity.Record) ([]table.Op, error) {
	var before []contract.LineRow
	var after []contract.Line
	named := map[string]bool{}
	for _, said := range rec.Lines {
		named[said.Product] = true
		was, err := contract.ReadLine(ch.known[table.Line(a, ch.contractID, said.Product)])
		if err != nil {
			return nil, err
		}
		is := was.Line
		if !was.There() {
			is = contract.NewLine(*c, said.Product, said.Product)
			c.Products = c.Products.With(said.Product)
		}
		if said.Name != "" {
			is.ProductName = said.Name
		}
		q := is.Quantities
		q.Contracted = said.Seats
		before, after = append(before, was), append(after, is.With(q))
	}
	for _, product := range c.Products.List() {
		if item := ch.known[table.Line(a, ch.contractID, product)]; item != nil && !named[product] {
			was, err := contract.ReadLine(item)
			if err != nil {
				return nil, err
			}
			before, after = append(before, was), append(after, was.Line)
		}
	}
	for i := range after {
		after[i].Expiry = c.Expiry
	}
	return contract.LinesOps(a, before, after, record)
}

// equal tells whether two numbers of seats are the same, or both left unsaid.
func equal(a, b *int) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }
