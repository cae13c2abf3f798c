package seat

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// The licence list shows seats that somebody sits on, by product and name, and behind them the licences that are
// available: one row for each line and pool with their number (FEATURES.md, Seats). It is a chain of sources, each one
// Query a page; of available licences only lines that take somebody are shown.

// State is whether somebody sits on what a row shows.
type State string

// The states.
const (
	StateAssigned  State = "assigned"
	StateAvailable State = "available"
)

// Listing is what a reader of the licence list asks for; empty fields ask for all.
type Listing struct {
	Product  string
	Contract id.Contract // needs a product
	Pools    []contract.PoolID
	State    State
	Search   string
}

// Row is one row of the licence list: a seat, or the available licences of a pool.
type Row struct {
	Seat
	State State
	// Available is how many licences the row stands for, where nobody sits on it.
	Available int
}

// Position is where the licence list stands: in which of its sources, and where in it.
type Position struct {
	Source int             `json:"s,omitempty"`
	At     *table.Position `json:"a,omitempty"`
	// Pool is the last pool that was shown of the line at At.
	Pool contract.PoolID `json:"p,omitempty"`
}

// maxReads bounds the work of a page that finds little: it is shorter then than asked.
const maxReads = 5

// linesRead is how many lines are looked at in one read for available licences.
const linesRead = 100

// source reads rows behind a position; a nil next is its end. sure tells that a row stands behind next.
type source func(ctx context.Context, from Position, limit int) (rows []Row, next *Position, sure bool, err error)

// List reads a page: 1 Query where the page lies within one source and does not end with it. next is nil on the last
// page. truncated tells that a search met more than it looks at.
func (s *Store) List(ctx context.Context, a id.Account, today date.Date, l Listing, from *Position, limit int) (rows []Row, next *Position, truncated bool, err error) {
	if l.Search != "" {
		return s.search(ctx, a, l, from, limit)
	}
	sources := s.sources(a, today, l)
	at := Position{}
	if from != nil {
		at = *from
	}
	for reads := 0; at.Source < len(sources); reads++ {
		if reads == maxReads {
			return rows, &at, false, nil
		}
		// With a full page one row is still looked for, and left to the next page: is there one?
		full := len(rows) == limit
		found, more, sure, err := sources[at.Source](ctx, at, max(limit-len(rows), 1))
		if err != nil {
			return nil, nil, false, err
		}
		if full && len(found) > 0 {
			return rows, &at, false, nil
		}
		rows = append(rows, found...)
		if more == nil {
			at = Position{Source: at.Source + 1}
			continue
		}
		more.Source = at.Source
		at = *more
		if sure && len(rows) == limit {
			return rows, &at, false, nil
		}
	}
	return rows, nil, false, nil
}

func (s *Store) sources(a id.Account, today date.Date, l Listing) []source {
	var all []source
	if l.State != StateAvailable {
		q := table.Query{PK: table.Seats(a), Index: table.LSI1}
		if l.Product != "" {
			q.Prefix = table.ProductPrefix(l.Product)
		}
		if l.Contract != "" {
			q.Prefix += table.LineSeats(l.Contract)
		}
		if len(l.Pools) == 0 {
			all = append(all, s.assigned(q))
		}
		for _, pool := range l.Pools {
			q.Index, q.Prefix = table.LSI2, table.PoolSeats(string(pool))
			if l.Product != "" {
				q.Prefix += table.ProductPrefix(l.Product)
			}
			all = append(all, s.assigned(q))
		}
	}
	if l.State != StateAssigned {
		all = append(all, s.available(a, today, l))
	}
	return all
}

// assigned reads the seats of a query.
func (s *Store) assigned(q table.Query) source {
	return func(ctx context.Context, from Position, limit int) ([]Row, *Position, bool, error) {
		q.After, q.Limit = from.At, limit
		seats, next, err := table.Page[Seat](ctx, s.table, q)
		if err != nil {
			return nil, nil, false, err
		}
		rows := make([]Row, len(seats))
		for i, seat := range seats {
			rows[i] = Row{Seat: seat, State: StateAssigned}
		}
		if next == nil {
			return rows, nil, false, nil
		}
		return rows, &Position{At: next}, true, nil
	}
}

// available reads lines by product and shows their pools that have something free.
func (s *Store) available(a id.Account, today date.Date, l Listing) source {
	return func(ctx context.Context, from Position, limit int) ([]Row, *Position, bool, error) {
		q := table.Query{PK: table.Lines(a), Limit: linesRead}
		if l.Product != "" {
			q.Prefix = table.ProductPrefix(l.Product)
		}
		if l.Contract != "" {
			q.Prefix += string(l.Contract)
		}
		if from.At != nil {
			// The line that a page ended in is read again: its other pools may be still to be shown.
			q.From, q.To, q.Prefix = from.At.SK, q.Prefix+table.Last, ""
		}
		items, more, err := s.table.Query(ctx, q)
		if err != nil {
			return nil, nil, false, err
		}
		var rows []Row
		for _, item := range items {
			line, err := contract.ReadLine(item)
			if err != nil {
				return nil, nil, false, err
			}
			at := Position{At: table.At(item, table.Primary)}
			for _, row := range free(line.Line, today, l.Pools) {
				pool := contract.PoolOf(row.CostCenter)
				if from.At != nil && at.At.SK == from.At.SK && pool <= from.Pool {
					continue
				}
				if len(rows) == limit {
					return rows, &Position{At: lastOf(a, rows), Pool: contract.PoolOf(rows[limit-1].CostCenter)}, true, nil
				}
				rows = append(rows, row)
			}
		}
		if !more {
			return rows, nil, false, nil
		}
		return rows, &Position{At: table.At(items[len(items)-1], table.Primary), Pool: contract.PoolID(table.Last)}, false, nil
	}
}

func lastOf(a id.Account, rows []Row) *table.Position {
	last := rows[len(rows)-1]
	return &table.Position{SK: table.Line(a, last.Contract, last.Product).SK}
}

// free are the rows of a line's available licences, by pool. A pool shows no more than the line as a whole has free: a
// line that is over its limit takes nobody, whatever a cost center has left.
func free(l contract.Line, today date.Date, pools []contract.PoolID) []Row {
	if MayTake(l, "", today) != nil {
		return nil
	}
	var rows []Row
	for _, pool := range l.Pools.IDs() {
		n := min(l.Pools[pool].Available, l.Available)
		if n > 0 && (len(pools) == 0 || slices.Contains(pools, pool)) {
			rows = append(rows, Row{
				Seat:  Seat{Product: l.Product, ProductName: l.ProductName, Contract: l.Contract, CostCenter: pool.CostCenter()},
				State: StateAvailable, Available: n,
			})
		}
	}
	return rows
}

// maxFound is how many seats a search shows.
const maxFound = 200

// search finds seats by words of their users' name, address or extension: 1 Query, and 2 batches for each the people,
// what they hold, and their seats.
func (s *Store) search(ctx context.Context, a id.Account, l Listing, from *Position, limit int) (rows []Row, next *Position, truncated bool, err error) {
	if l.State == StateAvailable {
		return nil, nil, false, nil
	}
	people, truncated, err := user.Find(ctx, s.table, a, l.Search)
	if err != nil || len(people) == 0 {
		return nil, nil, truncated, err
	}
	seats, more, err := s.seatsOf(ctx, a, l, people)
	if err != nil {
		return nil, nil, false, err
	}
	var after *table.Position
	if from != nil {
		after = from.At
	}
	page, at, err := table.PageWhere(seats, func(Seat) bool { return true }, table.LSI1, after, limit)
	for _, seat := range page {
		rows = append(rows, Row{Seat: seat, State: StateAssigned})
	}
	if at != nil {
		next = &Position{At: at}
	}
	return rows, next, truncated || more, err
}

// seatsOf reads the seats of people that a listing is about, the first by name where there are many.
func (s *Store) seatsOf(ctx context.Context, a id.Account, l Listing, people []user.User) (seats []table.Item, more bool, err error) {
	slices.SortFunc(people, func(a, b user.User) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(string(a.ID), string(b.ID)))
	})
	keys := make([]table.Key, len(people))
	for i, u := range people {
		keys[i] = table.Holding(a, u.ID)
	}
	holdings, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return nil, false, err
	}
	var wanted []table.Key
	for i, u := range people {
		held, err := user.ReadHolding(holdings[keys[i]])
		if err != nil {
			return nil, false, err
		}
		for _, product := range held.Products() {
			seat := held.Seats[product]
			if l.wants(product, seat) {
				wanted = append(wanted, table.Seat(a, u.ID, product))
			}
		}
	}
	if more = len(wanted) > maxFound; more {
		wanted = wanted[:maxFound]
	}
	if len(wanted) == 0 {
		return nil, false, nil
	}
	found, err := s.table.GetMany(ctx, wanted...)
	for _, k := range wanted {
		if item := found[k]; item != nil {
			seats = append(seats, item)
		}
	}
	return seats, more, err
}

func (l Listing) wants(product string, held user.HeldSeat) bool {
	return (l.Product == "" || l.Product == product) && (l.Contract == "" || l.Contract == held.Contract) &&
		(len(l.Pools) == 0 || slices.Contains(l.Pools, contract.PoolOf(held.CostCenter)))
}
