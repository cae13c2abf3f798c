package seat

import (
	"context"
	"fmt"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// Answer makes somebody a member of these queues and of no other, in one transaction: their holding, each derived seat
// that ends with their last queue, its line, the record. It is decided on the holding's rev, as every seat is, so nobody
// is left with a derived seat and no queue. The same list again is a success that changes nothing. Outcomes are those of
// the seats; where one is refused, since another seat needs it, nothing is done. Refused is somebody who is not there, or
// has left (user_deactivated, user_erased): 1 call each to read and to write, and 1 for the lines of seats that end.
func (s *Store) Answer(ctx context.Context, ch Change, u id.User, queues []user.Queue, keep Keep) (Done, error) {
	queues = slices.Clone(queues)
	user.SortQueues(queues)
	for range rounds {
		d, err := s.draftQueues(ctx, ch, u, queues)
		if err != nil {
			return Done{}, err
		}
		before := d.people[u].now.Queues
		outcomes, refusal := d.answer(u, queues)
		if refusal != nil {
			return Done{}, fault.New(fault.Conflict, string(refusal.Result), refusal.Args...)
		}
		done := Done{Outcomes: outcomes}
		refused := done.refusal() != nil
		if refused {
			done.withhold()
		} else {
			done.Held = d.people[u].now
		}
		kept, err := keep(done)
		if err != nil || refused {
			return done, err
		}
		again, err := s.write(ctx, d, d.recordQueues(s.ids, ch, u, before), kept)
		if !again {
			return done, err
		}
		table.Pause(ctx)
	}
	return Done{}, busy()
}

// draftQueues begins on somebody's holding, and on the lines of the seats that end with these queues.
func (s *Store) draftQueues(ctx context.Context, ch Change, u id.User, queues []user.Queue) (*draft, error) {
	holding, known := table.Holding(ch.Account, u), rows{}
	item, err := s.table.Get(ctx, holding)
	if err != nil {
		return nil, err
	}
	if item == nil {
		return nil, fault.Missing()
	}
	known[holding] = item
	held, err := user.ReadHolding(item)
	if err != nil {
		return nil, err
	}
	products, err := s.catalog.All(ctx, ch.Now)
	if err != nil {
		return nil, err
	}
	lines, err := s.readHeld(ctx, ch, known, Switch{User: u, Remove: Ending(held.Holding, queues, products)})
	if err != nil {
		return nil, err
	}
	d, err := s.draft(ctx, ch, known, []id.User{u}, lines)
	if err == nil && len(d.lines) != len(lines) {
		err = fmt.Errorf("free derived seats of %s: %d of %d lines are there", u, len(d.lines), len(lines))
	}
	return d, err
}

// answer decides on somebody's queues: with the last one their derived seats go, those that others of these need last.
func (d *draft) answer(u id.User, queues []user.Queue) ([]Outcome, *Refusal) {
	p := d.people[u]
	if slices.Equal(p.now.Queues, queues) {
		return nil, nil
	}
	if refusal := MayAnswer(p.now, queues); refusal != nil {
		return nil, refusal
	}
	ends := Ending(p.now, queues, d.products)
	p.now.Queues, p.is = queues, true
	return d.removeAll(u, ends), nil
}

// recordQueues is what the activity says of somebody's queues, and of the seats that ended with the last one.
func (d *draft) recordQueues(ids *id.Maker, ch Change, u id.User, before []user.Queue) activity.Record {
	r, now := d.record(ids, ch, Done{}), d.people[u].now
	r.Action, r.Subject = activity.UserQueuesChanged, activity.Thing{Noun: "user", ID: string(u), Name: now.Name}
	user.NoteQueues(&r, before, now.Queues)
	return r
}
