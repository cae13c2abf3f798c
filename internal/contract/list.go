package contract

import (
	"context"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// A reader is shown a status that follows from the date, while the orders are kept by the status that the sweep last
// wrote. The two differ for the contracts that expired since: the late ones. So a listing is a merge of a few sorted
// sources, each one Query a page: the contracts written as active, those written as expired, and, where only expired
// ones are asked for, the late ones (few, found by date, sorted in memory).

// Order is a column of the listing.
type Order string

// The columns.
const (
	ByStatus  Order = "status" // active ones first, by name within
	ByName    Order = "name"
	ByExpiry  Order = "expiryDate"
	BySystems Order = "systems" // by mapped less purchased
)

func (o Order) index() table.Index {
	switch o {
	case ByExpiry:
		return table.LSI2
	case BySystems:
		return table.LSI3
	default:
		return table.LSI1
	}
}

// Listing is what a reader asks for.
type Listing struct {
	Status Status // empty: both
	Search string // empty: all
	Order  Order
	Desc   bool
}

// Position is where a listing stands: in which of its groups, and how far in each of the group's sources.
type Position struct {
	Group int    `json:"g,omitempty"`
	Marks []Mark `json:"m,omitempty"`
}

// Mark is how far a listing is in one source; a nil At is its beginning.
type Mark struct {
	At   *table.Position `json:"a,omitempty"`
	Done bool            `json:"d,omitempty"`
}

// Page is a page of contracts; Next is nil on the last. Truncated tells that a search met more than it looks at.
type Page struct {
	Contracts []Contract
	Next      *Position
	Truncated bool
}

// source reads rows of one sorted stretch behind a position; more tells that others follow.
type source func(ctx context.Context, after *table.Position, limit int) (rows []table.Item, more bool, err error)

// List reads a page. 1 Query in the default order and with a status filter (1 more for expired ones: the late); 2 at
// once in the other orders without a filter. A page may be shorter than limit.
func (s *Store) List(ctx context.Context, a id.Account, today date.Date, l Listing, from *Position, limit int) (Page, error) {
	var page Page
	groups := s.groups(a, today, l)
	if l.Search != "" {
		found, truncated, err := s.search(ctx, a, today, l)
		if err != nil {
			return Page{}, err
		}
		groups, page.Truncated = found, truncated
	}
	if from == nil {
		from = &Position{}
	}
	marks, reads := from.Marks, 0
	for g := from.Group; g < len(groups); {
		rows, next, err := merge(ctx, groups[g], marks, l, limit-len(page.Contracts))
		if err != nil {
			return Page{}, err
		}
		for _, row := range rows {
			var c Contract
			if err := table.Decode(row, &c); err != nil {
				return Page{}, err
			}
			if groups[g].shows == "" || c.Status(today) == groups[g].shows {
				page.Contracts = append(page.Contracts, c)
			}
		}
		if reads++; next != nil && (len(page.Contracts) > 0 || reads == maxReads) {
			page.Next = &Position{Group: g, Marks: next}
			return page, nil
		}
		// With a full page the next group is still looked at, for none of its rows: is there another page?
		if marks = next; next == nil {
			g++
		}
	}
	return page, nil
}

// maxReads bounds the work of a page whose rows are all late ones: it is read on rather than shown empty.
const maxReads = 10

// group is a set of sources that are merged; of their rows only those of a status are shown, where one is named.
type group struct {
	sources []source
	shows   Status
}

func (s *Store) groups(a id.Account, today date.Date, l Listing) []group {
	active := group{[]source{s.written(a, today, Active, l)}, Active}
	expired := group{[]source{s.written(a, today, Expired, l), s.late(a, today, l)}, Expired}
	switch {
	case l.Status == Active:
		return []group{active}
	case l.Status == Expired:
		return []group{expired}
	case l.Order == ByStatus && l.Desc:
		return []group{expired, active}
	case l.Order == ByStatus:
		return []group{active, expired}
	default:
		return []group{{sources: []source{s.written(a, today, Active, l), s.written(a, today, Expired, l)}}}
	}
}

// written reads the contracts that are written down with a status.
func (s *Store) written(a id.Account, today date.Date, status Status, l Listing) source {
	q := table.Query{PK: table.Contracts(a), Index: l.Order.index(), Prefix: string(status) + "#", Desc: l.Desc}
	if l.Status == Active && l.Order == ByExpiry {
		// In the order of dates the late ones need not be read at all; "$" is the character behind "#".
		q.Prefix, q.From, q.To = "", string(Active)+"#"+string(today.AddDays(1)), string(Active)+"$"
	}
	return func(ctx context.Context, after *table.Position, limit int) ([]table.Item, bool, error) {
		q.Limit, q.After = limit, after
		return s.table.Query(ctx, q)
	}
}

// late reads the contracts that are written as active and expired since: normally none, never many while the sweep
// runs. All of them are read, for the order asked for is not the order of dates.
func (s *Store) late(a id.Account, today date.Date, l Listing) source {
	return func(ctx context.Context, after *table.Position, limit int) ([]table.Item, bool, error) {
		q := table.Query{PK: table.Contracts(a), Index: table.LSI2, From: string(Active) + "#", To: string(Active) + "#" + string(today) + "~", Limit: 1000}
		var all []table.Item
		for {
			items, more, err := s.table.Query(ctx, q)
			if err != nil {
				return nil, false, err
			}
			all = append(all, items...)
			if !more {
				return inMemory(all, l)(ctx, after, limit)
			}
			q.After = table.At(items[len(items)-1], table.LSI2)
		}
	}
}

// inMemory is a source of rows that are already here.
func inMemory(rows []table.Item, l Listing) source {
	return func(_ context.Context, after *table.Position, limit int) ([]table.Item, bool, error) {
		page, next := table.PageOf(rows, l.compare, l.Order.index(), after, limit)
		return page, next != nil, nil
	}
}

// compare orders rows by the column, whatever status they are written with.
func (l Listing) compare(x, y table.Item) int {
	c := strings.Compare(l.value(x), l.value(y))
	if l.Desc {
		return -c
	}
	return c
}

// value is a row's sort value without the status that it begins with.
func (l Listing) value(row table.Item) string {
	_, v, _ := strings.Cut(table.At(row, l.Order.index()).Sort, "#")
	return v
}

// merge takes the next limit rows of sources that are sorted alike. next is nil when all are through.
func merge(ctx context.Context, g group, marks []Mark, l Listing, limit int) (taken []table.Item, next []Mark, err error) {
	marks = append([]Mark(nil), marks...)
	for len(marks) < len(g.sources) {
		marks = append(marks, Mark{})
	}
	rows, more, err := readSources(ctx, g.sources, marks, limit)
	if err != nil {
		return nil, nil, err
	}
	for len(taken) < limit {
		first := -1
		for i := range rows {
			if len(rows[i]) > 0 && (first < 0 || l.compare(rows[i][0], rows[first][0]) < 0) {
				first = i
			}
		}
		if first < 0 {
			break
		}
		row := rows[first][0]
		taken, rows[first] = append(taken, row), rows[first][1:]
		marks[first].At = table.At(row, l.Order.index())
		if len(rows[first]) == 0 && more[first] {
			break // what follows in this source is not here; nothing behind it may overtake
		}
	}
	through := true
	for i := range marks {
		marks[i].Done = marks[i].Done || len(rows[i]) == 0 && !more[i]
		through = through && marks[i].Done
	}
	if through {
		return taken, nil, nil
	}
	return taken, marks, nil
}

// readSources reads each source that is not through, behind its mark: at once where there are several. One row more than
// needed is read, so that the last page is known to be the last.
func readSources(ctx context.Context, sources []source, marks []Mark, limit int) (rows [][]table.Item, more []bool, err error) {
	rows, more = make([][]table.Item, len(sources)), make([]bool, len(sources))
	if len(sources) == 1 {
		rows[0], more[0], err = sources[0](ctx, marks[0].At, limit+1)
		return rows, more, err
	}
	fetch, ctx := errgroup.WithContext(ctx)
	for i, read := range sources {
		if marks[i].Done {
			continue
		}
		fetch.Go(func() (err error) {
			rows[i], more[i], err = read(ctx, marks[i].At, limit+1)
			return err
		})
	}
	return rows, more, fetch.Wait()
}

// search finds contracts by words of their name or their CRM id: 1 Query and 2 batches at most.
func (s *Store) search(ctx context.Context, a id.Account, today date.Date, l Listing) ([]group, bool, error) {
	rows, truncated, err := s.table.Find(ctx, table.ContractTerms(a), l.Search, func(c string) table.Key { return table.Contract(a, id.Contract(c)) })
	if err != nil || len(rows) == 0 {
		return nil, truncated, err
	}
	byStatus := map[Status][]table.Item{}
	for _, row := range rows {
		var c Contract
		if err := table.Decode(row, &c); err != nil {
			return nil, false, err
		}
		if table.Matches(l.Search, string(c.CRM), c.Name) {
			byStatus[c.Status(today)] = append(byStatus[c.Status(today)], row)
		}
	}
	active, expired := group{[]source{inMemory(byStatus[Active], l)}, ""}, group{[]source{inMemory(byStatus[Expired], l)}, ""}
	switch {
	case l.Status == Active:
		return []group{active}, truncated, nil
	case l.Status == Expired:
		return []group{expired}, truncated, nil
	case l.Order == ByStatus && l.Desc:
		return []group{expired, active}, truncated, nil
	case l.Order == ByStatus:
		return []group{active, expired}, truncated, nil
	default:
		return []group{{sources: append(active.sources, expired.sources...)}}, truncated, nil
	}
}
