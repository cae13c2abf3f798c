package contract

import (
	"context"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// mostLines is how many lines are looked at to see what an account lacks.
const mostLines = 1000

// Lacking tells which of some products, in the order of their codes, an account has no line of on a contract that is
// active on a day: 1 Query, of the lines from the first of them to the last. Where that reaches no end, the products behind
// it are not said to be lacking: a checkout looks again.
func (s *Store) Lacking(ctx context.Context, a id.Account, today date.Date, products []string) ([]string, error) {
	if len(products) == 0 {
		return nil, nil
	}
	lines, next, err := table.Page[Line](ctx, s.table, table.Query{
		PK: table.Lines(a), From: table.ProductPrefix(products[0]), To: table.ProductPrefix(products[len(products)-1]) + table.Last, Limit: mostLines,
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(products), func(product string) bool {
		beyond := next != nil && table.ProductPrefix(product)+table.Last > next.SK
		return beyond || slices.ContainsFunc(lines, func(l Line) bool { return l.Product == product && l.Expiry > today })
	}), nil
}
