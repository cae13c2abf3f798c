package user

import (
	"context"
	"errors"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Store keeps the people of accounts.
type Store struct {
	table  *table.Table
	ids    *id.Maker
	follow Follow
}

// NewStore keeps them in t; new people get their ids from ids; follow says what changes with a person.
func NewStore(t *table.Table, ids *id.Maker, follow Follow) *Store { return &Store{t, ids, follow} }

// rounds is how often a decision is made again on fresh rows (DATA.md, Guards).
const rounds = 5

// Change is who changes a person, and when.
type Change struct {
	Account id.Account
	Caller  access.Caller
	Now     time.Time
	By      activity.Author
}

// Get reads a person and what they hold: 1 call, 2 units.
func (s *Store) Get(ctx context.Context, a id.Account, u id.User) (User, Holding, error) {
	userKey, holding := table.User(a, u), table.Holding(a, u)
	rows, err := s.table.GetMany(ctx, userKey, holding)
	if err != nil {
		return User{}, Holding{}, err
	}
	if rows[userKey] == nil {
		return User{}, Holding{}, fault.Missing()
	}
	var user User
	var held Holding
	return user, held, errors.Join(table.Decode(rows[userKey], &user), table.Decode(rows[holding], &held))
}

// Find reads the person of an account who has an address: 2 calls. Nobody is 404.
func (s *Store) Find(ctx context.Context, a id.Account, email string) (User, error) {
	item, err := s.table.Get(ctx, table.Email(a, email))
	if err != nil {
		return User{}, err
	}
	var owner claim
	if err := table.Decode(item, &owner); err != nil {
		return User{}, err
	}
	if owner.User == "" {
		return User{}, fault.Missing()
	}
	u, _, err := s.Get(ctx, a, owner.User)
	return u, err
}

// see reads what a change decides on: 2 calls. A person who is not there yet is seen as nobody.
func (s *Store) see(ctx context.Context, a id.Account, u id.User) (Seen, error) {
	rows, err := s.table.GetMany(ctx, Keys(a, u)...)
	if err != nil {
		return Seen{}, err
	}
	entry, ok, err := EntryKey(rows, a, u)
	if err != nil {
		return Seen{}, err
	}
	if ok {
		if rows[entry], err = s.table.Get(ctx, entry); err != nil {
			return Seen{}, err
		}
	}
	return Look(rows, a, u)
}

// Add makes a person, in one transaction with their address, their holding, the words that they are found by, and the
// invitation that their first sign-in answers. keep may add the record of an idempotency key.
func (s *Store) Add(ctx context.Context, ch Change, d Details, keep func(User) ([]table.Op, error)) (User, error) {
	return s.AddAs(ctx, ch, id.New[id.User](s.ids, ch.Now), d, keep)
}

// AddAs is Add of somebody whose id is known. Somebody who is there already stays as they are.
func (s *Store) AddAs(ctx context.Context, ch Change, u id.User, d Details, keep func(User) ([]table.Op, error)) (User, error) {
	return s.write(ctx, ch, u, func(seen Seen) (User, error) {
		if seen.user != nil {
			return seen.User, nil
		}
		return User{ID: u, Details: d, State: Active, AddedAt: ch.Now.UTC()}, nil
	}, keep)
}

// Set changes a person, whom decide makes of the one that was seen. Nothing different writes nothing.
func (s *Store) Set(ctx context.Context, ch Change, u id.User, decide func(Seen) (User, error)) (User, error) {
	return s.write(ctx, ch, u, func(seen Seen) (User, error) {
		if seen.user == nil {
			return User{}, fault.Missing()
		}
		if seen.User.Gone() {
			return User{}, gone()
		}
		return decide(seen)
	}, func(User) ([]table.Op, error) { return nil, nil })
}

// write reads, decides and writes, again where somebody was faster. Refused are a right that the caller lacks
// (right_lacking), an address that somebody else has (email_taken), the last super administrator's end, and a caller whose
// own rights have changed since their request was let in (busy: the repeat is judged by the rights of then).
func (s *Store) write(ctx context.Context, ch Change, u id.User, decide func(Seen) (User, error), keep func(User) ([]table.Op, error)) (User, error) {
	for range rounds {
		seen, err := s.see(ctx, ch.Account, u)
		if err != nil {
			return User{}, err
		}
		after, err := decide(seen)
		if err != nil {
			return User{}, err
		}
		if seen.same(after) {
			return seen.User, nil
		}
		p := plan{store: s, change: ch, seen: seen, after: after}
		if err := p.make(ctx, keep); err != nil {
			return User{}, err
		}
		if len(p.ops) > table.MaxOps {
			// Freeing all of many seats and rewriting all that shows a name do not fit into one transaction.
			return User{}, fault.New(fault.Conflict, "change_separately", fault.Text("name", seen.User.Name))
		}
		err = s.table.Write(ctx, p.ops...)
		var unmet *table.ConditionError
		if !errors.As(err, &unmet) {
			after.Rev = seen.User.Rev + 1
			return after, err
		}
		if p.superseded(unmet) {
			return User{}, account.Superseded()
		}
		// An address that this very person has by now was given them by another request.
		owner, decoding := p.takenBy(unmet)
		if decoding != nil {
			return User{}, decoding
		}
		if owner != "" && owner != u {
			return User{}, fault.New(fault.Conflict, "email_taken", fault.Text("email", after.Email))
		}
		if _, answered := unmet.Image(p.kept); answered && p.kept >= 0 {
			return User{}, err
		}
	}
	return User{}, fault.New(fault.Busy, "busy").After(time.Second)
}

// List reads people by name; search finds by words of name, address and extension.
func (s *Store) List(ctx context.Context, a id.Account, search string, after *table.Position, limit int) (users []User, next *table.Position, truncated bool, err error) {
	if search == "" {
		users, next, err = table.Page[User](ctx, s.table, table.Query{PK: table.Users(a), Index: table.LSI1, Limit: limit, After: after})
		return users, next, false, err
	}
	rows, truncated, err := found(ctx, s.table, a, search)
	if err != nil {
		return nil, nil, false, err
	}
	users, next, err = table.PageWhere(rows, matching(search), table.LSI1, after, limit)
	return users, next, truncated, err
}

// Find finds people by words of name, address and extension, in no order: 1 Query and 1 or 2 batches.
func Find(ctx context.Context, t *table.Table, a id.Account, search string) (users []User, truncated bool, err error) {
	rows, truncated, err := found(ctx, t, a, search)
	if err != nil {
		return nil, false, err
	}
	users, _, err = table.PageWhere(rows, matching(search), table.LSI1, nil, len(rows))
	return users, truncated, err
}

func found(ctx context.Context, t *table.Table, a id.Account, search string) ([]table.Item, bool, error) {
	return t.FindAddressed(ctx, table.UserTerms(a), search, func(u string) table.Key { return table.User(a, id.User(u)) })
}

func matching(search string) func(User) bool {
	return func(u User) bool { return table.MatchesAddressed(search, u.Email, u.Name, u.Extension) }
}

// terms are what a person is found by: their whole address, and the words of all that they have.
func (u User) terms() []string { return table.AddressTerms(u.Email, u.Name, u.Email, u.Extension) }
