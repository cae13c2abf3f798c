package activity

import (
	"context"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Store reads records.
type Store struct {
	table *table.Table
}

// NewStore reads from t.
func NewStore(t *table.Table) *Store { return &Store{t} }

// Position is where a listing of records stands: a month, and a place in it where the month is not through.
type Position struct {
	Month string          `json:"m"`
	After *table.Position `json:"a,omitempty"`
}

const monthForm = "200601"

// monthsPerPage bounds the work of one page: quiet months are passed over, but not for ever.
const monthsPerPage = 3

// List reads records of an account, newest first, since its first month; subject, where not empty, holds it to the
// records about one thing. One Query a month, three at most, so a page may be shorter than limit; next is nil on the
// last page.
func (s *Store) List(ctx context.Context, account id.Account, subject string, since, now time.Time, from *Position, limit int) (records []Record, next *Position, err error) {
	if from == nil {
		from = &Position{Month: now.UTC().Format(monthForm)}
	}
	month, err := time.Parse(monthForm, from.Month)
	if err != nil {
		return nil, nil, err
	}
	first := since.UTC().Format(monthForm)
	after := from.After
	for range monthsPerPage {
		if len(records) == limit {
			break
		}
		var more bool
		records, after, more, err = s.month(ctx, records, account, subject, month, after, limit)
		if err != nil {
			return nil, nil, err
		}
		if more {
			return records, &Position{month.Format(monthForm), after}, nil
		}
		month, after = month.AddDate(0, -1, 0), nil
		if month.Format(monthForm) < first {
			return records, nil, nil
		}
	}
	return records, &Position{Month: month.Format(monthForm)}, nil
}

// month appends a month's records up to limit; more tells that the month has others behind the position.
func (s *Store) month(ctx context.Context, records []Record, account id.Account, subject string, month time.Time, after *table.Position, limit int) ([]Record, *table.Position, bool, error) {
	q := table.Query{PK: table.Activities(account, month), Desc: true, Limit: limit - len(records), After: after}
	switch {
	case isSystem(subject):
		q.Index, q.Prefix = table.LSI2, subject+"#"
	case subject != "":
		q.Index, q.Prefix = table.LSI1, subject+"#"
	}
	found, next, err := table.Page[Record](ctx, s.table, q)
	return append(records, found...), next, next != nil, err
}
