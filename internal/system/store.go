package system

import (
	"context"

	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Store keeps systems.
type Store struct {
	table *table.Table
	ids   *id.Maker
}

// NewStore keeps them in t; records of changes get their ids from ids.
func NewStore(t *table.Table, ids *id.Maker) *Store { return &Store{t, ids} }

// Row is a system as it was read: what it says, and the row that a change is made over.
type Row struct {
	System
	was table.Item
}

// Read understands a row.
func Read(item table.Item) (Row, error) {
	r := Row{was: item}
	return r, table.Decode(item, &r.System)
}

// Listing names one of the lists of systems; all are in the order of names.
type Listing struct {
	// Mapping is "unmapped" (commercial systems on no contract), "mapped" or "all".
	Mapping string
	// Contract, where not empty, holds it to the systems on that contract.
	Contract id.Contract
	// Search, where not empty, holds it to systems that have a word beginning with it.
	Search string
}

// query is the listing as one stretch of the table.
func (l Listing) query(a id.Account) table.Query {
	q := table.Query{PK: table.Systems(a)}
	switch {
	case l.Contract != "":
		q.Index, q.Prefix = table.LSI2, string(l.Contract)+"#"
	case l.Mapping == "all":
		q.Index = table.LSI3
	default:
		q.Index, q.Prefix = table.LSI1, l.Mapping+"#"
	}
	return q
}

// shows tells whether a system belongs to the listing.
func (l Listing) shows(s System) bool {
	switch {
	case l.Contract != "":
		return s.Contract == l.Contract
	case l.Mapping == "all":
		return true
	default:
		return string(s.State()) == l.Mapping
	}
}

// List reads a page of systems by name: 1 Query. next is nil on the last page.
func (s *Store) List(ctx context.Context, a id.Account, l Listing, after *table.Position, limit int) (systems []System, next *table.Position, truncated bool, err error) {
	if l.Search != "" {
		return s.search(ctx, a, l, after, limit)
	}
	q := l.query(a)
	q.After, q.Limit = after, limit
	systems, next, err = table.Page[System](ctx, s.table, q)
	return systems, next, false, err
}

// search finds systems by words: 1 Query and 2 batches at most.
func (s *Store) search(ctx context.Context, a id.Account, l Listing, after *table.Position, limit int) (systems []System, next *table.Position, truncated bool, err error) {
	rows, truncated, err := s.table.Find(ctx, table.SystemTerms(a), l.Search, func(sys string) table.Key { return table.System(a, id.System(sys)) })
	if err != nil {
		return nil, nil, false, err
	}
	shows := func(sys System) bool { return l.shows(sys) && table.Matches(l.Search, string(sys.CRM), sys.Name) }
	systems, next, err = table.PageWhere(rows, shows, l.query(a).Index, after, limit)
	return systems, next, truncated, err
}

// CreateOps are the writes that make a system: itself and the words that it is found by.
func CreateOps(a id.Account, s System) ([]table.Op, error) {
	s.Rev = 1
	item, err := encode(s)
	if err != nil {
		return nil, err
	}
	return append([]table.Op{table.Put(table.System(a, s.ID), item, table.Absent())}, termOps(a, System{}, s)...), nil
}

// ChangeOps are the writes that change a system as it was read, under its rev.
func (r Row) ChangeOps(a id.Account, after System) ([]table.Op, error) {
	item, err := encode(after)
	if err != nil {
		return nil, err
	}
	return append([]table.Op{table.Replace(table.System(a, after.ID), r.was, item)}, termOps(a, r.System, after)...), nil
}

func encode(s System) (table.Item, error) {
	item, err := table.Encode(s)
	if err != nil {
		return nil, err
	}
	table.SystemSorts(string(s.State()), s.Name, s.Contract, s.ID).Put(item)
	return item, nil
}

func termOps(a id.Account, before, after System) []table.Op {
	words := func(s System) []string { return table.Terms(string(s.CRM), s.Name) }
	return table.TermOps(table.SystemTerms(a), string(after.ID), before.Name, words(before), after.Name, words(after))
}
