package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// ErrOtherwise says that a subject cannot be enrolled as was asked, since they or the person stand otherwise: the subject
// is another person of the account, or has other roles, or the person is deactivated.
var ErrOtherwise = errors.New("not enrolled")

// Enrol makes a subject that is known by issuer and id a member of an account: 1 batch and a transaction, with 1 call
// between them for who moves. Where m names an address, the person's invitation is answered, and what it grants counts. A
// user is one subject: one who was another before moves with what they were granted, since a membership that Bound does
// not name would outlive their deactivation. Without an error the subject is that active member; doing it again changes
// nothing. See ErrOtherwise.
func (s *Store) Enrol(ctx context.Context, who access.Subject, m Member, now time.Time, by activity.Author) error {
	for range rounds {
		ops, err := s.enrolment(ctx, who, m, now, by)
		if errors.Is(err, errMoving) {
			continue
		}
		if err != nil || len(ops) == 0 {
			return err
		}
		err = s.table.Write(ctx, ops...)
		var unmet *table.ConditionError
		if !errors.As(err, &unmet) {
			return err
		}
	}
	return fault.New(fault.Busy, "busy").After(time.Second)
}

// errMoving says that the rows of a person contradict each other, since another request moves them at this moment.
var errMoving = errors.New("the person moves to another subject")

// enrolment is what there is to write; nothing where the subject is that member already.
func (s *Store) enrolment(ctx context.Context, who access.Subject, m Member, now time.Time, by activity.Author) ([]table.Op, error) {
	own, bound, standing, invitation := table.Self(who), table.Bound(m.Account, m.User), table.Membership(who, m.Account), table.Invitation(m.Email, m.Account, m.User)
	rows, err := s.table.GetMany(ctx, own, bound, standing, invitation)
	if err != nil {
		return nil, err
	}
	if rows[standing] != nil {
		var is Member
		if err := table.Decode(rows[standing], &is); err != nil {
			return nil, err
		}
		return nil, is.holdsTo(m)
	}
	ops, m, err := s.entryOps(ctx, who, m, rows[bound], rows[invitation])
	if err != nil {
		return nil, err
	}
	entered, err := s.enrolOps(who, m, by, activity.MemberEnrolled, now)
	if err != nil {
		return nil, err
	}
	if rows[bound] != nil {
		item, err := table.Encode(Bound{Issuer: who.Issuer, Subject: who.ID, Email: who.Email})
		if err != nil {
			return nil, err
		}
		entered[boundAt] = table.Put(bound, item, table.Guarded()) // guarded by the membership that is left
	}
	me := self{Name: m.Name}
	if err := table.Decode(rows[own], &me); err != nil {
		return nil, err
	}
	// Also where nothing in it changes: whoever takes the row away at once, with a staff member's rights, decides again.
	me.BoundAt = now.UTC()
	op, err := selfOp(who, me, rows[own])
	return append(append(ops, entered...), op), err
}

// holdsTo tells whether a membership that stands is the one that was asked for.
func (m Member) holdsTo(asked Member) error {
	differs := func(r access.Role) bool { return !slices.Contains(m.Roles, r) }
	switch {
	case m.User != asked.User:
		return fmt.Errorf("%w: the subject is the account's %s already, not %s", ErrOtherwise, m.User, asked.User)
	case m.Deactivated:
		return fmt.Errorf("%w: %s is deactivated: reactivate them", ErrOtherwise, m.User)
	case len(m.Roles) != len(asked.Roles) || slices.ContainsFunc(asked.Roles, differs):
		return fmt.Errorf("%w: %s is let in already, with the roles %v: change those", ErrOtherwise, m.User, m.Roles)
	}
	return nil
}

// entryOps take away what lets a person in now, under its rev, and give what it grants: their membership as another
// subject, or their invitation. It holds whoever changes or deactivates them at once to a decision on the membership to
// come. One who has no address never had an invitation.
func (s *Store) entryOps(ctx context.Context, who access.Subject, m Member, bound, invitation table.Item) ([]table.Op, Member, error) {
	key, was := table.Invitation(m.Email, m.Account, m.User), invitation
	switch {
	case bound != nil:
		var to Bound
		if err := table.Decode(bound, &to); err != nil {
			return nil, m, err
		}
		key = table.Membership(to.Who(), m.Account)
		var err error
		if was, err = s.table.Get(ctx, key); err != nil {
			return nil, m, err
		}
		if was == nil || key == table.Membership(who, m.Account) {
			return nil, m, errMoving
		}
	case m.Email == "":
		return nil, m, nil
	case invitation == nil:
		return nil, m, fmt.Errorf("%w: %s has no invitation at that address: they are deactivated, or not there", ErrOtherwise, m.User)
	}
	asked := m.User
	m = Member{}
	if err := table.Decode(was, &m); err != nil {
		return nil, m, err
	}
	if m.Deactivated {
		return nil, m, fmt.Errorf("%w: %s is deactivated: reactivate them", ErrOtherwise, asked)
	}
	return []table.Op{table.Delete(key, was, table.Rev(table.RevOf(was)))}, m, nil
}
