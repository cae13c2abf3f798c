package account

import (
	"context"
	"errors"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// LetIn says whose address it is, of somebody who is bound. It stands beside the invitations for that address, so that
// the one Query of a first sign-in finds both, and follows the person's address for as long as they are let in.
type LetIn struct {
	Identity string `dynamodbav:"identity"`
	// Proven: it was this address, verified, that let them in. One that was only written down since keeps nobody from an
	// invitation: else whoever may change a person's address could shut a stranger out.
	Proven bool `dynamodbav:"proven,omitempty"`
}

// LetIn is what stands at an address that an identity's person has.
func (b Bound) LetIn(email string) LetIn {
	return LetIn{Identity: table.Identity(b.Who()), Proven: b.Email != "" && text.FoldAddress(b.Email) == text.FoldAddress(email)}
}

// LetInOp writes it for a member; the caller's transaction holds their membership.
func (b Bound) LetInOp(m Member) (table.Op, error) {
	item, err := table.Encode(b.LetIn(m.Email))
	return table.Put(table.LetIn(m.Email, m.Account, m.User), item, table.Guarded()), err
}

// atAddress is a row at an address: an invitation of a member or of staff, or whose address it is already.
type atAddress struct {
	Member
	Staff   id.Staff   `dynamodbav:"staff"`
	Partner id.Partner `dynamodbav:"partner"`
	LetIn
}

// verdict is what the rows at an address mean for somebody whom nobody knows.
type verdict int

const (
	unheard verdict = iota // nobody waits for them, or several people have the address
	bound                  // another request of theirs has bound them
	invited                // exactly one invitation waits
	taken                  // the address is that of another identity
)

// judge says what rows mean for an identity, and which is the invitation; more tells that there are others behind them.
func judge(rows []atAddress, more bool, identity string) (v verdict, at int) {
	invitations, known, proven := 0, false, false
	for i, row := range rows {
		switch {
		case row.Identity == identity:
			return bound, 0
		case row.Identity == "":
			invitations, at = invitations+1, i
		default:
			known, proven = true, proven || row.Proven
		}
	}
	switch {
	case proven:
		return taken, 0
	case invitations == 1 && !more:
		return invited, at
	case known:
		return taken, 0
	default:
		return unheard, 0
	}
}

// mostAtAddress is how many rows at one address are looked at. Where there are more, none of them is the only one.
const mostAtAddress = 25

// bind makes a subject the one person that its verified e-mail was invited as: 1 Query, and a transaction where there is
// one. None or several: nothing happens. The invitation is deleted in the same transaction, so of two subjects with one
// address only the first is bound; the other is refused (address_already_bound). look tells that the subject is known
// now.
func (s *Store) bind(ctx context.Context, who access.Subject, from httpapi.Source, now time.Time) (look bool, err error) {
	for range rounds {
		items, more, err := s.table.Query(ctx, table.Query{PK: table.Invitations(who.Email), Limit: mostAtAddress})
		if err != nil {
			return false, err
		}
		rows := make([]atAddress, len(items))
		for i, item := range items {
			if err := table.Decode(item, &rows[i]); err != nil {
				return false, err
			}
		}
		v, at := judge(rows, more, table.Identity(who))
		switch v {
		case bound:
			return true, nil
		case taken:
			// Said outside of accounts and in every account alike, so it tells nothing about any.
			return false, fault.New(fault.Forbidden, "address_already_bound", fault.Text("email", who.Email))
		case unheard:
			return false, nil
		}
		var ops []table.Op
		if rows[at].Staff != "" {
			ops, err = s.bindStaffOps(ctx, who, rows[at], items[at], from, now)
		} else {
			ops, err = s.bindMemberOps(who, rows[at].Member, items[at], from, now)
		}
		if err != nil {
			return false, err
		}
		if len(ops) == 0 {
			continue // whom it waited for was removed this moment
		}
		err = s.table.Write(ctx, ops...)
		var unmet *table.ConditionError
		if !errors.As(err, &unmet) {
			return err == nil, err
		}
		if me, _ := unmet.Image(selfAt); me != nil {
			return true, nil // this very subject, in another request
		}
	}
	return true, nil // what changes all the time is looked at once more, and never waited for
}

// selfAt is where the operations that let somebody in have the row of the subject itself.
const selfAt = 1

func (s *Store) bindMemberOps(who access.Subject, m Member, invitation table.Item, from httpapi.Source, now time.Time) ([]table.Op, error) {
	by := activity.By(access.Caller{Kind: access.Member, User: m.User, Name: m.Name}, from)
	key := table.Invitation(m.Email, m.Account, m.User)
	rev := m.Rev
	ops, err := s.enrolOps(who, m, self{BoundAt: now.UTC()}, by, activity.MemberSignedInFirst, now)
	return append(ops, table.Delete(key, invitation, table.Rev(rev))), err
}

// bindStaffOps reads the person's row, 1 call. There are none for one who was removed since.
func (s *Store) bindStaffOps(ctx context.Context, who access.Subject, row atAddress, invitation table.Item, from httpapi.Source, now time.Time) ([]table.Op, error) {
	key := table.StaffMember(row.Partner, row.Staff)
	rows, err := s.table.GetMany(ctx, key, table.Operators())
	if err != nil || rows[key] == nil {
		return nil, err
	}
	var staff Staff
	if err := table.Decode(rows[key], &staff); err != nil {
		return nil, err
	}
	by := activity.By(access.Caller{Kind: kindOf(row.Partner), Partner: row.Partner, Name: staff.Name}, from)
	staff.Identity = Bound{Issuer: who.Issuer, Subject: who.ID, Email: who.Email}
	ops, err := s.joinOps(staff, rows[key], self{Language: staff.Language, BoundAt: now.UTC()}, nil, rows[table.Operators()])
	if err != nil {
		return nil, err
	}
	record, err := staffRecord(s.ids, now, by, activity.StaffSignedInFirst, staff)
	return append(ops, table.Delete(table.StaffInvitation(row.Email, row.Staff), invitation, table.Rev(table.RevOf(invitation))), record), err
}
