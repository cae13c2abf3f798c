package table

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Index is an order to read a partition in.
type Index string

// The orders. The local indexes hold whole rows and are strongly consistent.
const (
	Primary Index = ""
	LSI1    Index = "LSI1"
	LSI2    Index = "LSI2"
	LSI3    Index = "LSI3"
)

// Sorts are a row's sort values in the indexes; an index that is not named does not hold the row.
type Sorts map[Index]string

// Put writes the sort values into a row, and takes out those that it no longer has.
func (s Sorts) Put(item Item) {
	for _, i := range []Index{LSI1, LSI2, LSI3} {
		if v := s[i]; v != "" {
			item[string(i)] = &types.AttributeValueMemberS{Value: v}
		} else {
			delete(item, string(i))
		}
	}
}

// Position is where a listing stands: the row it showed last, by its sort values.
type Position struct {
	SK   string `json:"s"`
	Sort string `json:"i,omitempty"`
}

// At is the position of a row in an order.
func At(item Item, index Index) *Position {
	p := &Position{SK: attr(item, "SK")}
	if index != Primary {
		p.Sort = attr(item, string(index))
	}
	return p
}

// By compares rows as an index orders them.
func By(index Index) func(a, b Item) int {
	attribute := "SK"
	if index != Primary {
		attribute = string(index)
	}
	return func(a, b Item) int { return strings.Compare(attr(a, attribute), attr(b, attribute)) }
}

// PageOf is Query for rows that are already here, such as what a search found: it sorts them and takes the limit rows
// behind a position; next is nil on the last page.
func PageOf(rows []Item, compare func(a, b Item) int, index Index, after *Position, limit int) (page []Item, next *Position) {
	slices.SortFunc(rows, compare)
	if after != nil {
		mark := Item{"SK": &types.AttributeValueMemberS{Value: after.SK}}
		if index != Primary {
			mark[string(index)] = &types.AttributeValueMemberS{Value: after.Sort}
		}
		rows = rows[slices.IndexFunc(append(slices.Clone(rows), nil), func(row Item) bool { return row == nil || compare(row, mark) > 0 }):]
	}
	if len(rows) <= limit {
		return rows, nil
	}
	return rows[:limit], At(rows[limit-1], index)
}

// Page reads the next q.Limit rows of a query into structs: 1 Query, of one row more, so that the last page is known to
// be the last. next is nil there.
func Page[T any](ctx context.Context, t *Table, q Query) (rows []T, next *Position, err error) {
	limit := q.Limit
	q.Limit++
	items, more, err := t.Query(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	more = more || len(items) > limit
	items = items[:min(limit, len(items))]
	rows = make([]T, len(items))
	for i, item := range items {
		if err := Decode(item, &rows[i]); err != nil {
			return nil, nil, err
		}
	}
	if more {
		next = At(items[len(items)-1], q.Index)
	}
	return rows, next, nil
}

// PageWhere is Page for rows that are already here, of those that keep accepts.
func PageWhere[T any](rows []Item, keep func(T) bool, index Index, after *Position, limit int) (page []T, next *Position, err error) {
	var kept []Item
	for _, row := range rows {
		var one T
		if err := Decode(row, &one); err != nil {
			return nil, nil, err
		}
		if keep(one) {
			kept = append(kept, row)
		}
	}
	kept, next = PageOf(kept, By(index), index, after, limit)
	page = make([]T, len(kept))
	for i, row := range kept {
		if err := Decode(row, &page[i]); err != nil {
			return nil, nil, err
		}
	}
	return page, next, nil
}
