package seat

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// Membership is a change of the queues that somebody is a member of. It names what is new and what ends, and no more, so
// that two changes at once both count.
type Membership struct {
	User  id.User
	Join  []user.Queue
	Leave []user.Queue
	// LeaveAll ends all that there are at that moment.
	LeaveAll bool
}

// Of are the queues that somebody is in after the change, in the order in which they are kept. It ends before it begins: one
// that is left and joined has the name that it is joined by. A queue that they are in is not joined again.
func (m Membership) Of(now []user.Queue) []user.Queue {
	var after []user.Queue
	if !m.LeaveAll {
		after = slices.DeleteFunc(slices.Clone(now), func(q user.Queue) bool { return slices.ContainsFunc(m.Leave, q.Same) })
	}
	for _, q := range m.Join {
		if !slices.ContainsFunc(after, q.Same) {
			after = append(after, q)
		}
	}
	user.SortQueues(after)
	return after
}

// ChangeQueues changes which queues somebody is a member of, in one transaction: their holding, each derived seat that ends
// with their last queue, its line, the record. It is decided on the holding's rev, as every seat is, so nobody is left with
// a derived seat and no queue. A change that is made already is a success that changes nothing. Outcomes are the seats that
// ended. Refused is somebody who has left, one queue too many (too_many_queues), and an end while another seat needs a
// derived one (queues_needed): 1 call each to read and to write, and 1 for the lines of seats that end.
func (s *Store) ChangeQueues(ctx context.Context, ch Change, m Membership, keep Keep) (Done, *Refusal, error) {
	for range rounds {
		d, err := s.draftQueues(ctx, ch, m)
		if err != nil {
			return Done{}, nil, err
		}
		before := d.people[m.User].now.Queues
		outcomes, refusal := d.join(m)
		if refusal != nil {
			return Done{}, refusal, nil
		}
		done := Done{Outcomes: outcomes, Held: d.people[m.User].now}
		kept, err := keep(done)
		if err != nil {
			return Done{}, nil, err
		}
		again, err := s.write(ctx, d, d.recordQueues(s.ids, ch, m.User, before), kept)
		if !again {
			return done, nil, err
		}
		table.Pause(ctx)
	}
	return Done{}, nil, busy()
}

// draftQueues begins on somebody's holding, and on the lines of the derived seats that may end.
func (s *Store) draftQueues(ctx context.Context, ch Change, m Membership) (*draft, error) {
	holding, known := table.Holding(ch.Account, m.User), rows{}
	item, err := s.table.Get(ctx, holding)
	if err != nil {
		return nil, err
	}
	if item == nil {
		return nil, fault.Missing()
	}
	known[holding] = item
	d, err := s.draft(ctx, ch, known, []id.User{m.User}, nil)
	if err != nil {
		return nil, err
	}
	held := d.people[m.User].now
	lines, err := s.readHeld(ctx, ch, known, Switch{User: m.User, Remove: Ending(held, m.Of(held.Queues), d.products)})
	if err == nil {
		err = d.know(known, lines)
	}
	if err == nil && len(d.lines) != len(lines) {
		err = fmt.Errorf("free derived seats of %s: %d of %d lines are there", m.User, len(d.lines), len(lines))
	}
	return d, err
}

// join decides on somebody's queues: with the last one their derived seats go, those that others of these need last; all of
// them, or nothing is done.
func (d *draft) join(m Membership) ([]Outcome, *Refusal) {
	p := d.people[m.User]
	after := m.Of(p.now.Queues)
	if refusal := MayJoin(p.now, after); refusal != nil {
		return nil, refusal
	}
	ends := Ending(p.now, after, d.products)
	if !slices.Equal(p.now.Queues, after) {
		p.now.Queues, p.is = after, true
	}
	outcomes := d.removeAll(m.User, ends)
	for _, product := range ends {
		needing := slices.DeleteFunc(d.products.NeededBy(product, p.now.Products()), d.products.Derived)
		if len(needing) > 0 {
			return nil, refuse(QueuesNeeded, fault.Text("user", p.now.Name), fault.Text("neededBy", strings.Join(needing, separator)), fault.Text("productId", product))
		}
	}
	return outcomes, nil
}

// recordQueues is what the activity says of somebody's queues, and of the seats that ended with the last one.
func (d *draft) recordQueues(ids *id.Maker, ch Change, u id.User, before []user.Queue) activity.Record {
	r, now := d.record(ids, ch, Done{}), d.people[u].now
	r.Action, r.Subject = activity.UserQueuesChanged, activity.Thing{Noun: "user", ID: string(u), Name: now.Name}
	user.NoteQueues(&r, before, now.Queues)
	return r
}
