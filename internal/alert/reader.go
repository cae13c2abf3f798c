package alert

import (
	"context"
	"errors"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/request"
	"github.com/seatkeeper/seatkeeper/internal/text"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// Reader is one who is mailed.
type Reader struct {
	// ID is the user's, or the partner's: who has another address tomorrow is the same reader.
	ID          string
	Name, Email string
	Lang        text.Lang
	// Partner tells that they set the account's terms, rather than administer it.
	Partner bool
}

// person is one of the account's people, with what they set for themselves.
type person struct {
	user.User
	own account.Own
}

// readers are an account's active administrators who did not mute the kind, and its partner's contact; each address once.
// People are written to in the language that they chose, else the one written down for them, else the account's.
func readers(acc account.Account, partner *account.Partner, people []person, kind account.AlertMail) []Reader {
	var all []Reader
	for _, p := range people {
		admin := slices.Contains(p.Roles, access.SuperAdministrator) || slices.Contains(p.Roles, access.Administrator)
		if p.State != user.Active || !admin || p.own.Mutes(kind) {
			continue
		}
		all = append(all, Reader{ID: string(p.ID), Name: p.Name, Email: p.Email, Lang: text.Match("", p.own.Language, p.Language, acc.Locale)})
	}
	if partner == nil || partner.Contact.Email == "" {
		return all
	}
	whom := acc.Whom(partner)
	known := func(r Reader) bool { return text.FoldAddress(r.Email) == text.FoldAddress(whom.Email) }
	if slices.ContainsFunc(all, known) {
		return all
	}
	return append(all, Reader{ID: string(partner.ID), Name: whom.Name, Email: whom.Email, Lang: text.Match("", acc.Locale), Partner: true})
}

// audience is all that a mail is made from beside its alert.
type audience struct {
	account  account.Account
	partner  *account.Partner
	contract contract.Contract
	readers  []Reader
	// request and author are of a request alone.
	request request.Request
	author  user.User
}

// audience reads who is told of an alert: 2 batches, of 3 rows and of 2 for each administrator, 1 more for what they set
// for themselves, and 1 call for the partner. ok is false where the account is not there any more.
func (s *Sender) audience(ctx context.Context, a Alert) (to audience, ok bool, err error) {
	if a.Request != "" {
		return s.asked(ctx, a)
	}
	settings, supers, of := table.Settings(a.Account), table.SuperAdministrators(a.Account), table.Contract(a.Account, a.Contract)
	rows, err := s.table.GetMany(ctx, settings, supers, of)
	if err != nil || rows[settings] == nil {
		return to, false, err
	}
	admins, err := administrators(rows[supers])
	if err := errors.Join(err, table.Decode(rows[settings], &to.account), table.Decode(rows[of], &to.contract)); err != nil {
		return to, false, err
	}
	people, err := s.people(ctx, a.Account, admins)
	if err != nil {
		return to, false, err
	}
	if to.partner, err = s.accounts.PartnerOf(ctx, to.account); err != nil {
		return to, false, err
	}
	to.readers = readers(to.account, to.partner, people, a.Kind)
	return to, true, nil
}

// administrators are an account's, of both kinds.
func administrators(item table.Item) ([]id.User, error) {
	var listed user.Supers
	err := table.Decode(item, &listed)
	return listed.All(), err
}

// people reads people with their own settings, which are found by the identity that each was bound to.
func (s *Sender) people(ctx context.Context, a id.Account, users []id.User) ([]person, error) {
	if len(users) == 0 {
		return nil, nil
	}
	var keys []table.Key
	for _, u := range users {
		keys = append(keys, table.User(a, u), table.Bound(a, u))
	}
	rows, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return nil, err
	}
	own, err := account.OwnOf(ctx, s.table, a, users, rows)
	if err != nil {
		return nil, err
	}
	people := make([]person, 0, len(users))
	for _, u := range users {
		p := person{own: own[u]}
		if err := table.Decode(rows[table.User(a, u)], &p.User); err != nil {
			return nil, err
		}
		people = append(people, p)
	}
	return people, nil
}
