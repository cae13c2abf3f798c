package seat

import (
	"context"
	"fmt"

	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// Follow is what a person's seats do when the person changes, in the transaction of that change (FEATURES.md, Seats):
// who is deactivated frees all of them, whatever rule holds others; who has another name or extension shows it on each.
// 1 call where the person has seats, else none. It is a user.Follow.
func (s *Store) Follow(ctx context.Context, ch user.Change, before, after user.User, held user.Holding) ([]table.Op, error) {
	switch {
	case len(held.Seats) == 0:
		return nil, nil
	case before.State == user.Active && after.State == user.Deactivated:
		return s.freeAll(ctx, ch, after.ID, held)
	case before.Name != after.Name || before.Extension != after.Extension:
		return s.rename(ctx, ch, after, held)
	}
	return nil, nil
}

// freeAll takes every seat from somebody; their holding is written by whoever deactivates them.
func (s *Store) freeAll(ctx context.Context, ch user.Change, u id.User, held user.Holding) ([]table.Op, error) {
	known := rows{}
	var lines []table.Key
	for product, seat := range held.Seats {
		lines = append(lines, table.Line(ch.Account, seat.Contract, product))
	}
	if err := s.read(ctx, known, lines...); err != nil {
		return nil, err
	}
	d, err := s.draft(ctx, Change{Account: ch.Account, Now: ch.Now, By: ch.By}, known, nil, lines)
	if err != nil {
		return nil, err
	}
	if len(d.lines) != len(lines) {
		return nil, fmt.Errorf("free the seats of %s: %d of %d lines are there", u, len(d.lines), len(lines))
	}
	d.people[u] = &personDraft{now: held}
	for _, product := range held.Products() {
		d.free(u, product, held.Seats[product])
	}
	return d.ops(false)
}

// rename rewrites a person's seats.
func (s *Store) rename(ctx context.Context, ch user.Change, after user.User, held user.Holding) ([]table.Op, error) {
	var keys []table.Key
	for product := range held.Seats {
		keys = append(keys, table.Seat(ch.Account, after.ID, product))
	}
	found, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return nil, err
	}
	var ops []table.Op
	for _, k := range keys {
		var seat Seat
		if err := table.Decode(found[k], &seat); err != nil {
			return nil, err
		}
		seat.UserName, seat.Extension = after.Name, after.Extension
		ops = append(ops, table.Replace(k, found[k], encode(seat)))
	}
	return ops, nil
}
