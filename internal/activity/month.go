package activity

import (
	"context"
	"strings"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Kind is the noun of an action: that of contract.changed is contract.
func (a Action) Kind() string {
	noun, _, _ := strings.Cut(string(a), ".")
	return noun
}

// Months are those that an account that was made at since may have records of, each by its first day, the oldest first.
func Months(since, now time.Time) []time.Time {
	var all []time.Time
	last := now.UTC().Format(monthForm)
	for m := time.Date(since.UTC().Year(), since.UTC().Month(), 1, 0, 0, 0, 0, time.UTC); m.Format(monthForm) <= last; m = m.AddDate(0, 1, 0) {
		all = append(all, m)
	}
	return all
}

// queriesPerPage bounds what a page passes over in search of its kind: fewer than five times the rows asked for. There is
// no order by kind, since each order costs every change a write, and a month is soon through.
const queriesPerPage = 5

// Within reads records of one month (in UTC) of an account, newest first; subject and kind, where not empty, hold it to
// the records about one thing and to one kind of action. 1 Query without a kind; with one up to 5, each of as many rows
// as the page still lacks, so that a page may be short or empty while others follow. next is nil on the last page.
func (s *Store) Within(ctx context.Context, account id.Account, month time.Time, subject, kind string, after *table.Position, limit int) (found []Record, next *table.Position, err error) {
	for range queriesPerPage {
		lacking := limit - len(found)
		read, last, more, err := s.month(ctx, nil, account, subject, month, after, lacking)
		if err != nil {
			return nil, nil, err
		}
		for _, r := range read {
			if kind == "" || r.Action.Kind() == kind {
				found = append(found, r)
			}
		}
		if after = last; !more {
			return found, nil, nil
		}
		// A Query that ends before its limit has read 1 MB: enough for an answer, which Lambda holds to 6.
		if len(found) == limit || len(read) < lacking {
			break
		}
	}
	return found, after, nil
}
