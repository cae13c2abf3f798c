package intake

import (
	"context"

	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// UserRecord is what the CRM says of one person of an account. The account and the address say who it is: how the
// address is written is no fact, and a new one is somebody new.
type UserRecord struct {
	Account id.CRM
	Email   string
	Facts   user.Facts
	// ExtensionUnsaid, LanguageUnsaid and RolesUnsaid: the file has no such column. What is not said stays as it was said
	// last.
	ExtensionUnsaid, LanguageUnsaid, RolesUnsaid bool
}

// key is where it is kept what was heard of the person.
func (r UserRecord) key() table.Key { return table.CRMUser(r.Account, r.Email) }

// over is the record's facts, with what it leaves unsaid as it was heard.
func (r UserRecord) over(h heard) user.Facts {
	said := r.Facts
	if r.ExtensionUnsaid {
		said.Extension = h.User.Extension
	}
	if r.LanguageUnsaid {
		said.Language = h.User.Language
	}
	if r.RolesUnsaid {
		said.Roles = h.User.Roles
	}
	return said
}

func (s *Service) takeUser(ctx context.Context, in Terms, known images, rec UserRecord) (outcome, error) {
	return s.take(ctx, in, known,
		func(k images) (outcome, error) { return s.decideUser(ctx, in, k, rec) },
		func() error { return s.loadUsers(ctx, in, known, true, rec) })
}

// loadUsers reads what deciding on records needs: the CRM map; of those that cannot be decided by it alone, who has the
// address, and the person who was heard of with all that a change of them decides on.
func (s *Service) loadUsers(ctx context.Context, in Terms, known images, afresh bool, records ...UserRecord) error {
	var keys []table.Key
	for _, rec := range records {
		keys = append(keys, table.CRMRecord(rec.Account), rec.key())
	}
	if err := s.fetch(ctx, known, afresh, keys...); err != nil {
		return err
	}
	keys = nil
	type person struct {
		account id.Account
		user    id.User
	}
	var people []person
	for _, rec := range records {
		owner, err := known.heardOf(rec.Account)
		if err != nil {
			return err
		}
		h, err := known.heardAt(rec.key())
		if err != nil {
			return err
		}
		if _, decided := h.stale(in, hashOf(rec.over(h))); decided {
			continue
		}
		if a, ok := idOf[id.Account](owner); ok && a != "" {
			keys = append(append(keys, table.Email(a, rec.Email)), user.Keys(a, id.User(h.ID))...)
			people = append(people, person{a, id.User(h.ID)})
		}
	}
	if err := s.fetch(ctx, known, afresh, keys...); err != nil {
		return err
	}
	keys = nil
	for _, p := range people {
		entry, ok, err := user.EntryKey(known, p.account, p.user)
		if err != nil {
			return err
		}
		if ok {
			keys = append(keys, entry)
		}
	}
	return s.fetch(ctx, known, afresh, keys...)
}

// decideUser says what a record comes to, on rows as they were read.
func (s *Service) decideUser(ctx context.Context, in Terms, known images, rec UserRecord) (outcome, error) {
	h, err := known.heardAt(rec.key())
	if err != nil {
		return outcome{}, err
	}
	said := rec.over(h)
	hash := hashOf(said)
	if out, decided := h.stale(in, hash); decided {
		return out, nil
	}
	owner, err := known.heardOf(rec.Account)
	if err != nil {
		return outcome{}, err
	}
	a, isAccount := idOf[id.Account](owner)
	switch {
	case !isAccount:
		return reject("accountId", "crm_id_of_other_kind"), nil
	case a == "":
		return reject("accountId", "account_unknown"), nil
	case h.sameInstant(in): // with other content, or it were decided
		return h.contradicted(), nil
	}
	out, err := s.userOps(ctx, in, known, a, h, rec.Email, said)
	if err != nil || out.rejected != nil {
		return out, err
	}
	h.Account, h.ID, h.ChangedAt, h.Hash, h.User = a, out.id, in.AsOf, hash, said
	mapped, err := h.op()
	out.ops = append(out.ops, mapped)
	return out, err
}

// userOps are the writes of a person who is new or changed. Who has the address now is who is meant; where nobody has
// it any more, it is who was heard of under it. Somebody who has it and was never heard of was written down by an
// administrator: they stay as they are, until the CRM says something else of them than now.
func (s *Service) userOps(ctx context.Context, in Terms, known images, a id.Account, h heard, email string, said user.Facts) (outcome, error) {
	var claim struct {
		User id.User `dynamodbav:"user"`
	}
	if err := table.Decode(known[table.Email(a, email)], &claim); err != nil {
		return outcome{}, err
	}
	if claim.User != "" && string(claim.User) != h.ID {
		return outcome{result: Unchanged, id: string(claim.User)}, nil
	}
	seen, err := user.Look(known, a, id.User(h.ID))
	if err != nil {
		return outcome{}, err
	}
	if seen.User.Gone() { // whoever has the address from now on is somebody new
		h.ID, h.User = "", user.Facts{}
		if seen, err = user.Look(known, a, ""); err != nil {
			return outcome{}, err
		}
	}
	after, result := seen.User, Changed
	if h.ID == "" {
		after, result = user.User{ID: id.New[id.User](s.ids, in.Now), State: user.Active, AddedAt: in.Now.UTC()}, Created
		after.Email = email
	}
	after.Details = after.Take(h.User, said)
	ops, err := s.users.Ops(ctx, user.Change{Account: a, Caller: in.Caller, Now: in.Now, By: in.By}, seen, after)
	if f, refused := fault.Of(err); refused { // a right that the caller lacks, or the last super administrator's end
		return reject("roles", f.Code, f.Args...), nil
	}
	if len(ops) == 0 {
		result = Unchanged
	}
	return outcome{result: result, id: string(after.ID), ops: ops}, err
}
