package user

import (
	"context"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// plan is the one transaction that a change of a person is: everything that shows them changes with them.
type plan struct {
	store  *Store
	change Change
	seen   Seen
	after  User

	ops []table.Op
	// claim and kept are the operations that claim a new address and keep an answer; -1 where there is none.
	claim, kept int
	// standing are those that hold to the caller's own rights.
	standing []int
}

// make gathers the operations, if the caller may make the change.
func (p *plan) make(ctx context.Context, keep func(User) ([]table.Op, error)) error {
	if err := MayChange(p.change.Caller, p.seen.sets, p.seen.User, p.after); err != nil {
		return err
	}
	p.claim, p.kept = -1, -1
	for _, step := range []func() error{p.person, p.address, p.membership, p.supers, p.holding, p.record, p.caller} {
		if err := step(); err != nil {
			return err
		}
	}
	if p.seen.user != nil {
		ops, err := p.store.follow(ctx, p.change, p.seen.User, p.after, p.seen.Holding)
		if err != nil {
			return err
		}
		p.ops = append(p.ops, ops...)
	}
	kept, err := keep(p.after)
	if len(kept) > 0 {
		p.kept = len(p.ops)
	}
	p.ops = append(p.ops, kept...)
	return err
}

// row writes over the row that was read, or a new one.
func (p *plan) row(key table.Key, was table.Item, v any) error {
	item, err := table.Encode(v)
	if err != nil {
		return err
	}
	p.ops = append(p.ops, table.Keep(key, was, item))
	return nil
}

// person is the user's own row, in the order of names, and the words that they are found by.
func (p *plan) person() error {
	a, before := p.change.Account, p.seen.User
	item, err := table.Encode(p.after)
	if err != nil {
		return err
	}
	table.UserSorts(p.after.Name, p.after.ID).Put(item)
	p.ops = append(p.ops, table.Keep(table.User(a, p.after.ID), p.seen.user, item))
	p.ops = append(p.ops, table.TermOps(table.UserTerms(a), string(p.after.ID), before.Name, before.terms(), p.after.Name, p.after.terms())...)
	return nil
}

// address gives back the address that the person had and claims the new one; one that differs only in case stays.
func (p *plan) address() error {
	was, is := table.Email(p.change.Account, p.seen.User.Email), table.Email(p.change.Account, p.after.Email)
	if p.seen.user != nil && was == is {
		return nil
	}
	if p.seen.user != nil {
		p.ops = append(p.ops, table.Delete(was, nil, table.Guarded()))
	}
	item, err := table.Encode(claim{p.after.ID})
	p.claim = len(p.ops)
	p.ops = append(p.ops, table.Put(is, item, table.Absent()))
	return err
}

// membership is what decides the person's rights at their next call: their membership once they are bound, the
// invitation until then.
func (p *plan) membership() error {
	a, member := p.change.Account, p.after.Member(p.change.Account)
	if p.seen.Bound {
		if err := p.letIn(member); err != nil {
			return err
		}
		item, err := table.Encode(member)
		// Without a row the person has just moved to another subject. No row has the rev of none, so it is decided again.
		p.ops = append(p.ops, table.Replace(table.Membership(p.seen.identity.Who(), a), p.seen.member, item))
		return err
	}
	if p.seen.user != nil && p.seen.invited == nil {
		// A first sign-in may have come between the two reads: it took the invitation, and what is decided here would not
		// reach the membership.
		p.ops = append(p.ops, table.Check(table.Bound(a, p.after.ID), table.Absent()))
	}
	was, is := table.Invitation(p.seen.User.Email, a, p.after.ID), table.Invitation(p.after.Email, a, p.after.ID)
	if p.seen.invited != nil && (was != is || p.after.State == Deactivated) {
		p.ops = append(p.ops, table.Delete(was, p.seen.invited, table.Rev(table.RevOf(p.seen.invited))))
		p.seen.invited = nil
	}
	if p.after.State == Deactivated {
		return nil
	}
	return p.row(is, p.seen.invited, member)
}

// letIn keeps, beside the invitations for an address, that it is the address of somebody who is bound and active: whoever
// signs in with it as somebody else is told so. The membership of the same transaction guards these rows.
func (p *plan) letIn(member account.Member) error {
	before, after := p.seen.User, p.after
	was, is := table.LetIn(before.Email, member.Account, after.ID), table.LetIn(after.Email, member.Account, after.ID)
	if was != is || after.State == Deactivated {
		p.ops = append(p.ops, table.Delete(was, nil, table.Guarded()))
	}
	if after.State == Deactivated || was == is && before.State == after.State {
		return nil
	}
	op, err := p.seen.identity.LetInOp(member)
	p.ops = append(p.ops, op)
	return err
}

// supers keeps the list of super administrators, in which the last one is seen, and of administrators.
func (p *plan) supers() error {
	after, err := p.seen.supers.After(p.after)
	if err != nil || after.same(p.seen.supers) {
		return err
	}
	after.Rev = 1
	return p.row(table.SuperAdministrators(p.change.Account), p.seen.superRow, after)
}

// holding is there from the first day and follows the person's state and name: written whenever these change, also
// where there is no seat, so that one that is just being assigned is decided again. Who is deactivated holds nothing, and
// is in no queue: who cannot sign in answers none, and a derived seat must not come back by an old membership when
// they are reactivated.
func (p *plan) holding() error {
	held, is := p.seen.Holding, p.after
	if p.seen.holding != nil && held.State == is.State && held.Name == is.Name && held.Extension == is.Extension {
		return nil
	}
	if held.Seats == nil || is.State == Deactivated {
		held.Seats = map[string]HeldSeat{}
	}
	if is.State == Deactivated {
		held.Queues = nil
	}
	held.User, held.Name, held.Extension, held.State, held.Rev = is.ID, is.Name, is.Extension, is.State, 1
	return p.row(table.Holding(p.change.Account, is.ID), p.seen.holding, held)
}

// caller holds a change of what somebody may do, or of who they are, to the caller's own rights.
func (p *plan) caller() error {
	if !touchesRights(p.seen.User, p.after) {
		return nil
	}
	replaced := map[table.Key]table.Item{}
	if p.seen.Bound {
		replaced[table.Membership(p.seen.identity.Who(), p.change.Account)] = p.seen.member
	}
	checks, err := account.Standing(p.change.Caller, p.change.Account, replaced)
	for _, check := range checks {
		p.standing = append(p.standing, len(p.ops))
		p.ops = append(p.ops, check)
	}
	return err
}

// superseded tells whether the caller's own rights have changed since their request was let in.
func (p *plan) superseded(unmet *table.ConditionError) bool {
	return slices.ContainsFunc(p.standing, func(op int) bool { _, changed := unmet.Image(op); return changed })
}

// takenBy tells whose the address is that could not be claimed; nobody's where it could.
func (p *plan) takenBy(unmet *table.ConditionError) (id.User, error) {
	if p.claim < 0 {
		return "", nil
	}
	var claim claim
	image, _ := unmet.Image(p.claim)
	return claim.User, table.Decode(image, &claim)
}

func (p *plan) record() error {
	r := activity.New(p.store.ids, p.change.Now, p.change.Account, p.change.By, action(p.seen.User, p.after), p.after.Thing())
	differences(&r, p.seen.User, p.after)
	if freed := p.seen.Holding.Products(); p.after.State == Deactivated && len(freed) > 0 {
		activity.Set(&r, "seats", freed, []string{})
	}
	if p.seen.User.State == Active && p.after.State == Deactivated {
		NoteQueues(&r, p.seen.Holding.Queues, nil)
	}
	op, err := r.Op()
	p.ops = append(p.ops, op)
	return err
}
