package account

import (
	"context"
	"errors"
	"slices"
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
	SK string `dynamodbav:"SK"`

	item table.Item
}

// verdict is what the rows at an address mean for somebody who has it.
type verdict int

const (
	unheard verdict = iota // nobody waits for them
	bound                  // another request of theirs has bound them
	invited                // invitations wait
	taken                  // the address is that of another identity
)

// judge says what rows mean for an identity; known tells that it is bound somewhere already.
func judge(rows []atAddress, identity string, known bool) verdict {
	own, others, proven, waiting := false, false, false, false
	for _, row := range rows {
		switch row.Identity {
		case "":
			waiting = true
		case identity:
			own = true
		default:
			others, proven = true, proven || row.Proven
		}
	}
	switch {
	case own && !known:
		return bound
	case proven:
		return taken
	case waiting:
		return invited
	case others:
		return taken
	default:
		return unheard
	}
}

// waiting are the invitations among rows, in the order in which they are answered where one transaction does not take
// all: that of the account in the path, then staff's, which may open it too, then by key.
func waiting(rows []atAddress, at id.Account) []atAddress {
	left := slices.DeleteFunc(slices.Clone(rows), func(row atAddress) bool { return row.Identity != "" })
	rank := func(row atAddress) int {
		switch {
		case at != "" && row.Account == at:
			return 0
		case row.Staff != "":
			return 1
		default:
			return 2
		}
	}
	slices.SortStableFunc(left, func(x, y atAddress) int { return rank(x) - rank(y) })
	return left
}

// atAddresses is how many rows at an address one Query reads. An account and a company have one each at most.
const atAddresses = 100

// addressed reads all rows at an address: 1 Query for each 100 of them.
func (s *Store) addressed(ctx context.Context, email string) (all []atAddress, err error) {
	q := table.Query{PK: table.Invitations(email), Limit: atAddresses}
	for {
		items, more, err := s.table.Query(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			row := atAddress{item: item}
			if err := table.Decode(item, &row); err != nil {
				return nil, err
			}
			all = append(all, row)
		}
		if !more {
			return all, nil
		}
		q.After = table.At(items[len(items)-1], table.Primary)
	}
}

// bind answers the invitations that wait for a subject's verified e-mail, those of all accounts at once: 1 Query, and
// where there are some 1 transaction, with a batch before it for who is known already or invited as staff. known tells
// that the subject is bound somewhere; at is the account in the path, if there is one. An invitation is deleted in the
// transaction that answers it, so of two subjects with one address only the first is bound by it. An address that let in
// another subject lets in nobody else: who is unknown is told so (address_already_bound). look tells that something
// about the subject changed.
func (s *Store) bind(ctx context.Context, who access.Subject, at id.Account, known bool, from httpapi.Source, now time.Time) (look bool, err error) {
	for range rounds {
		rows, err := s.addressed(ctx, who.Email)
		if err != nil {
			return false, err
		}
		switch judge(rows, table.Identity(who), known) {
		case bound:
			return true, nil
		case taken:
			if known {
				return look, nil
			}
			// Said outside of accounts and in every account alike, so it tells nothing about any.
			return false, fault.New(fault.Forbidden, "address_already_bound", fault.Text("email", who.Email))
		}
		g := greeting{store: s, who: who, known: known, by: from, now: now}
		invitations := waiting(rows, at)
		if err := g.answer(ctx, invitations); err != nil {
			return false, err
		}
		if len(g.ops) == 0 {
			// What waited and cannot be answered may have been answered this moment, by another request of theirs.
			return look || len(invitations) > 0 || letInSince(rows, table.Identity(who), at), nil
		}
		err = s.table.Write(ctx, g.ops...)
		var unmet *table.ConditionError
		if !errors.As(err, &unmet) {
			return err == nil, err
		}
		// Another request was faster with one of them, maybe this subject's own.
		look = true
	}
	return true, nil // what changes all the time is looked at once more, and never waited for
}

// letInSince tells whether another request has let a stranger to an account into it between the look at their rights
// and the look at their address.
func letInSince(rows []atAddress, identity string, at id.Account) bool {
	return at != "" && slices.ContainsFunc(rows, func(row atAddress) bool { return row.Identity == identity && table.LetsInto(row.SK, at) })
}

// greeting is the one transaction that answers invitations.
type greeting struct {
	store *Store
	who   access.Subject
	known bool
	by    httpapi.Source
	now   time.Time

	me   self
	rows map[table.Key]table.Item
	ops  []table.Op
}

// answer gathers the operations for as many invitations as a transaction takes; none where none can be answered: those
// of an account that the subject is a member of under another name, and of a second company.
func (g *greeting) answer(ctx context.Context, invitations []atAddress) (err error) {
	own := table.Self(g.who)
	var keys []table.Key
	if g.known && len(invitations) > 0 {
		keys = append(keys, own)
	}
	for _, row := range invitations {
		switch {
		case row.Staff != "":
			keys = append(keys, table.StaffMember(row.Partner, row.Staff), table.Operators())
		case g.known:
			keys = append(keys, table.Membership(g.who, row.Account))
		}
	}
	if g.rows, err = g.store.table.GetMany(ctx, keys...); err != nil {
		return err
	}
	if err := table.Decode(g.rows[own], &g.me); err != nil {
		return err
	}
	for _, row := range invitations {
		more, err := g.invitation(row)
		if err != nil {
			return err
		}
		if len(g.ops)+len(more) < table.MaxOps {
			g.ops = append(g.ops, more...)
		}
	}
	if len(g.ops) == 0 {
		return nil
	}
	// Also where nothing in it changes: whoever takes the row away at once, with a staff member's rights, decides again.
	g.me.BoundAt = g.now.UTC()
	op, err := selfOp(g.who, g.me, g.rows[own])
	g.ops = append(g.ops, op)
	return err
}

// invitation is the operations for one invitation, or none.
func (g *greeting) invitation(row atAddress) ([]table.Op, error) {
	if row.Staff != "" {
		return g.staff(row)
	}
	key := table.Membership(g.who, row.Account)
	if g.rows[key] != nil {
		return nil, nil
	}
	g.rows[key] = row.item // an account has one membership for a subject
	by := activity.By(access.Caller{Kind: access.Member, User: row.User, Name: row.Name}, g.by)
	rev := row.Member.Rev
	ops, err := g.store.enrolOps(g.who, row.Member, by, activity.MemberSignedInFirst, g.now)
	return append(ops, table.Delete(table.Invitation(row.Email, row.Account, row.User), row.item, table.Rev(rev))), err
}

// staff is the operations for one who is invited as staff: none for one who was removed since.
func (g *greeting) staff(row atAddress) ([]table.Op, error) {
	was := g.rows[table.StaffMember(row.Partner, row.Staff)]
	if was == nil || g.me.employed() {
		return nil, nil
	}
	var staff Staff
	if err := table.Decode(was, &staff); err != nil {
		return nil, err
	}
	by := activity.By(access.Caller{Kind: kindOf(row.Partner), Partner: row.Partner, Name: staff.Name}, g.by)
	staff.Identity = Bound{Issuer: g.who.Issuer, Subject: g.who.ID, Email: g.who.Email}
	if g.me.Language == "" {
		g.me.Language = staff.Language
	}
	ops, err := joinOps(staff, was, &g.me, g.rows[table.Operators()])
	if err != nil {
		return nil, err
	}
	record, err := staffRecord(g.store.ids, g.now, by, activity.StaffSignedInFirst, staff)
	return append(ops, table.Delete(table.StaffInvitation(row.Email, row.Staff), row.item, table.Rev(table.RevOf(row.item))), record), err
}
