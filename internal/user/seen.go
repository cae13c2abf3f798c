package user

import (
	"context"
	"errors"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Seen is a person and all that a change of them decides on, as it was read.
type Seen struct {
	User    User
	Holding Holding
	Bound   bool

	sets                                     account.PermissionSets
	supers                                   Supers
	user, holding, superRow, member, invited table.Item
	identity                                 account.Bound
}

// same tells whether nothing about somebody who is there would differ.
func (s Seen) same(after User) bool {
	return s.user != nil && after.State == s.User.State && after.equal(s.User.Details)
}

// Rows are rows as they were read; nil says that there is none.
type Rows = map[table.Key]table.Item

// Keys names the rows that a change of a person decides on, but for the one that only these name: EntryKey. For
// somebody without an id yet they are the account's alone.
func Keys(a id.Account, u id.User) []table.Key {
	keys := []table.Key{table.SuperAdministrators(a), table.PermissionSets(a)}
	if u != "" {
		keys = append(keys, table.User(a, u), table.Holding(a, u), table.Bound(a, u))
	}
	return keys
}

// EntryKey names the row that lets a person in: their membership once they are bound, their invitation until then. ok
// is false where the rows of Keys have nobody.
func EntryKey(rows Rows, a id.Account, u id.User) (key table.Key, ok bool, err error) {
	var person User
	var to account.Bound
	user, bound := rows[table.User(a, u)], rows[table.Bound(a, u)]
	if err := errors.Join(table.Decode(user, &person), table.Decode(bound, &to)); err != nil {
		return table.Key{}, false, err
	}
	if bound != nil {
		return table.Membership(to.Who(), a), user != nil, nil
	}
	return table.Invitation(person.Email, a, u), user != nil, nil
}

// claim is who has an address.
type claim struct {
	User id.User `dynamodbav:"user"`
}

// Look sees a person in rows, those of Keys and EntryKey. Somebody who is not there yet is seen as nobody.
func Look(rows Rows, a id.Account, u id.User) (Seen, error) {
	bound := rows[table.Bound(a, u)]
	seen := Seen{Bound: bound != nil, user: rows[table.User(a, u)], holding: rows[table.Holding(a, u)], superRow: rows[table.SuperAdministrators(a)]}
	err := errors.Join(table.Decode(seen.user, &seen.User), table.Decode(seen.holding, &seen.Holding), table.Decode(seen.superRow, &seen.supers),
		table.Decode(rows[table.PermissionSets(a)], &seen.sets), table.Decode(bound, &seen.identity))
	if err != nil || seen.user == nil {
		return seen, err
	}
	entry, _, err := EntryKey(rows, a, u)
	if seen.Bound {
		seen.member = rows[entry]
	} else {
		seen.invited = rows[entry]
	}
	return seen, err
}

// Ops are the writes of a change of somebody who was seen, for one who writes them together with more; none where
// nothing differs. They are what Add and Set write, under the same conditions, and are refused as those are; that an
// address is taken shows as the condition of its claim.
func (s *Store) Ops(ctx context.Context, ch Change, seen Seen, after User) ([]table.Op, error) {
	if seen.same(after) {
		return nil, nil
	}
	p := plan{store: s, change: ch, seen: seen, after: after}
	err := p.make(ctx, func(User) ([]table.Op, error) { return nil, nil })
	return p.ops, err
}
