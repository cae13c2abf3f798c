package user

import (
	"context"
	"errors"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Erasure is what is still known of a person who is being erased, to find them where others' rows tell of them. It goes
// with the last of these rows.
type Erasure struct {
	Email string `dynamodbav:"email"`
	// Done is how many stretches of rows (Store.stretches) are through.
	Done int `dynamodbav:"done"`
}

// Gone tells whether a person was erased, or is being: nothing of theirs can be changed any more.
func (u User) Gone() bool { return u.State == Erasing || u.State == Erased }

// gone refuses a change of them.
func gone() error { return fault.New(fault.Conflict, "user_erased") }

// MayErase says whether a person may be erased by somebody who repeats their address: only who was deactivated first, so
// that nobody erases a person who works, or the last super administrator (user_active, email_differs).
func (u User) MayErase(email string) error {
	switch {
	case u.State != Deactivated:
		return fault.New(fault.Conflict, "user_active", fault.Text("name", u.Name))
	case text.FoldAddress(email) != text.FoldAddress(u.Email):
		return fault.New(fault.Invalid, "email_differs")
	}
	return nil
}

// erased is the person once they are, but for what Erasure still needs: an id, a state, when they came.
func (u User) erased() User {
	return User{ID: u.ID, State: Erasing, AddedAt: u.AddedAt, Erase: &Erasure{Email: u.Email}}
}

// Leave empties the cart of a person, so that what was asked for with it waits for others again. It may be repeated at any
// time.
type Leave func(ctx context.Context, ch Change, u id.User) error

// Erase takes everything that says who a person is off what is theirs, in one transaction: their row, address, words,
// identity and membership, and what they held. leave has emptied their cart before, apart, since as many requests as a cart
// holds would not fit beside; the transaction holds to that. What others' rows say of them follows by Forget, which its event
// starts. 4 to 6 reads, 1 transaction, and what leave calls. Of somebody who is being erased nothing changes.
func (s *Store) Erase(ctx context.Context, ch Change, u id.User, email string, leave Leave, keep func(User) ([]table.Op, error)) (User, error) {
	for range rounds {
		seen, err := s.see(ctx, ch.Account, u)
		if err != nil {
			return User{}, err
		}
		switch {
		case seen.user == nil:
			return User{}, fault.Missing()
		case seen.User.Gone():
			return seen.User, nil
		}
		if err := seen.User.MayErase(email); err != nil {
			return User{}, err
		}
		if err := leave(ctx, ch, u); err != nil {
			return User{}, err
		}
		after := seen.User.erased()
		ops, err := s.eraseOps(ctx, ch, seen, after)
		if err != nil {
			return User{}, err
		}
		kept, err := keep(after)
		if err != nil {
			return User{}, err
		}
		if len(ops)+len(kept) > table.MaxOps {
			return User{}, fault.New(fault.Conflict, "change_separately", fault.Text("name", seen.User.Name))
		}
		err = s.table.Write(ctx, append(ops, kept...)...)
		var unmet *table.ConditionError
		if !errors.As(err, &unmet) {
			return after, err
		}
		if _, answered := unmet.Image(len(ops)); answered && len(kept) > 0 {
			return User{}, err
		}
		table.Pause(ctx)
	}
	return User{}, fault.New(fault.Busy, "busy").After(time.Second)
}

func (s *Store) eraseOps(ctx context.Context, ch Change, seen Seen, after User) ([]table.Op, error) {
	a, before := ch.Account, seen.User
	p := plan{store: s, change: ch, seen: seen, after: after}
	if err := errors.Join(p.person(), p.bare()); err != nil {
		return nil, err
	}
	p.ops = append(p.ops, table.Delete(table.Email(a, before.Email), nil, table.Guarded()), table.Check(table.Cart(a, before.ID), table.Absent()))
	if seen.invited != nil {
		p.ops = append(p.ops, table.Delete(table.Invitation(before.Email, a, before.ID), seen.invited, table.Rev(table.RevOf(seen.invited))))
	}
	if seen.Bound {
		left, err := account.LeaveOps(ctx, s.table, seen.identity.Who(), a)
		if err != nil {
			return nil, err
		}
		p.ops = append(append(p.ops, left...), table.Delete(table.Bound(a, before.ID), nil, table.Exists()))
	} else {
		p.ops = append(p.ops, table.Check(table.Bound(a, before.ID), table.Absent()))
	}
	checks, err := account.Standing(ch.Caller, a, nil)
	if err != nil {
		return nil, err
	}
	p.ops = append(p.ops, checks...)
	record, err := activity.New(s.ids, ch.Now, a, ch.By, activity.UserErased, after.Thing()).Op()
	return append(p.ops, record), err
}

// bare leaves of what the person holds that it is theirs and nothing. Their seats were freed when they left.
func (p *plan) bare() error {
	held := Holding{User: p.after.ID, State: Deactivated, Seats: map[string]HeldSeat{}, Rev: 1}
	return p.row(table.Holding(p.change.Account, p.after.ID), p.seen.holding, held)
}
