package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
)

// seats measures assigning and removing, and pages of the licence list. Each side finds the line and the people as they
// were seeded, and makes the same calls: those with the bare SDK are the store's own, as they were seen to go out.
func seats(ctx context.Context, g ground, size int) ([]pair, error) {
	s, err := g.seating(ctx, size, 2*size+200, seat.MaxTogether)
	if err != nil {
		return nil, err
	}
	list := func(l seat.Listing) work {
		return func(ctx context.Context, store *seat.Store) (int, error) {
			rows, _, _, err := store.List(ctx, g.account, today, l, nil, page)
			return len(rows), err
		}
	}
	one, all := s.people[:1], s.people
	measured := []struct {
		name string
		do   work
	}{
		{"assign one seat and remove it", func(ctx context.Context, store *seat.Store) (int, error) {
			if n, err := s.assign(one)(ctx, store); err != nil {
				return n, err
			}
			return s.remove(one[0])(ctx, store)
		}},
		{fmt.Sprintf("assign %d seats", len(all)), s.assign(all)},
		{"licence list, first page", list(seat.Listing{})},
		{"licence list of one product", list(seat.Listing{Product: product})},
	}
	pairs := make([]pair, len(measured))
	for i, m := range measured {
		if pairs[i], err = s.against(ctx, m.do); err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		pairs[i].name = m.name
	}
	note, err := s.breakdown(ctx, s.assign(one))
	g.notes.add(note)
	return pairs, err
}

// against is a pair of a store's work and the calls that it makes.
func (s seating) against(ctx context.Context, do work) (pair, error) {
	calls, undo, err := s.recorded(ctx, do)
	if err != nil {
		return pair{}, err
	}
	store, err := s.store(ctx, s.db)
	if err != nil {
		return pair{}, err
	}
	return pair{
		store:   func(ctx context.Context) (int, error) { return do(ctx, store) },
		bare:    func(ctx context.Context) error { return calls.again(ctx, s.client) },
		restore: undo,
	}, undo(ctx)
}

// recorded does the work, and gives the calls that it made and what undoes them.
func (s seating) recorded(ctx context.Context, do work) (calls *recorder, undo func(context.Context) error, err error) {
	calls = &recorder{}
	store, err := s.store(ctx, table.New(calls.client(s.client), tableName, nil))
	if err != nil {
		return nil, nil, err
	}
	calls.forget()
	if _, err := do(ctx, store); err != nil {
		return nil, nil, err
	}
	return calls, restore(s.client, calls.written(), s.rows), nil
}

// breakdown says what a work writes, row by row, in computed units: those of the row, and those of its index arms.
func (s seating) breakdown(ctx context.Context, do work) (string, error) {
	metered, meter := table.WithMeter(ctx)
	calls, undo, err := s.recorded(metered, do)
	if err != nil {
		return "", err
	}
	keys := calls.written()
	now, err := s.db.GetMany(ctx, keys...)
	if err != nil {
		return "", err
	}
	parts, total := make([]string, len(keys)), 0.0
	for i, k := range keys {
		op := table.Put(k, now[k], table.Absent())
		if was := s.rows[k]; was != nil {
			op = table.Replace(k, was, now[k])
		}
		cost := op.Cost(true)
		total += cost.Base + cost.Arms
		noun, _, _ := strings.Cut(strings.TrimPrefix(k.PK, "ACCOUNT#"+string(s.account)+"#"), "#")
		parts[i] = fmt.Sprintf("%s %.0f", noun, cost.Base)
		if cost.Arms > 0 {
			parts[i] += fmt.Sprintf(" and %.0f for its index arms", cost.Arms)
		}
	}
	if total != meter.WriteUnits() {
		return "", fmt.Errorf("the rows cost %.0f write units, and the meter says %.0f", total, meter.WriteUnits())
	}
	return fmt.Sprintf("write units of one assignment: %s; %.0f in all", strings.Join(parts, ", "), total), undo(ctx)
}
