package user

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// forgetPage is how many rows are read at once.
const forgetPage = 200

// Forget takes a person who is being erased out of what others' rows say of them: orders, removals, requests, exports, and
// activity month by month, where their id stays and who they were goes. It reads all of these rows, 1 unit for each 4 KB,
// and writes those that told of them. A call that ends before it is through goes on where it was, and may be made at any
// time; of somebody who is not being erased nothing changes.
func (s *Store) Forget(ctx context.Context, acc account.Account, u id.User, now time.Time) error {
	for {
		person, was, err := s.erasing(ctx, acc.ID, u)
		if err != nil || person.Erase == nil {
			return err
		}
		left := stretches(acc, now)
		if person.Erase.Done >= len(left) {
			person.Erase, person.State = nil, Erased
			return s.progress(ctx, acc.ID, person, was)
		}
		if err := s.forgetIn(ctx, acc, person, left[person.Erase.Done]); err != nil {
			return err
		}
		person.Erase.Done++
		if err := s.progress(ctx, acc.ID, person, was); err != nil {
			return err
		}
	}
}

func (s *Store) erasing(ctx context.Context, a id.Account, u id.User) (User, table.Item, error) {
	item, err := s.table.Get(ctx, table.User(a, u))
	if err != nil {
		return User{}, nil, err
	}
	var person User
	return person, item, table.Decode(item, &person)
}

// progress notes how far it is. Somebody who was faster has noted more: the work is done again, and changes nothing.
func (s *Store) progress(ctx context.Context, a id.Account, person User, was table.Item) error {
	item, err := table.Encode(person)
	if err != nil {
		return err
	}
	table.UserSorts("", person.ID).Put(item)
	return s.table.Write(ctx, table.Replace(table.User(a, person.ID), was, item))
}

// stretches are the rows of others that may tell of a person, in an order to which only ends are added.
func stretches(acc account.Account, now time.Time) []table.Query {
	a := acc.ID
	all := []table.Query{{PK: table.Orders(a)}, {PK: table.Removals(a)}, {PK: table.Requests(a)}, {PK: table.Exports(a)}}
	for _, m := range activity.Months(acc.CreatedAt, now) {
		all = append(all, table.Query{PK: table.Activities(a, m)})
	}
	return all
}

func (s *Store) forgetIn(ctx context.Context, acc account.Account, person User, q table.Query) error {
	f := table.Forgotten{Person: string(person.ID), Email: person.Erase.Email}
	if person.Erase.Done == 0 { // once: an import that comes later makes somebody new
		if err := s.unheard(ctx, acc, person.ID, f.Email); err != nil {
			return err
		}
	}
	q.Limit = forgetPage
	for {
		items, more, err := s.table.Query(ctx, q)
		if err != nil {
			return err
		}
		for _, item := range items {
			if err := s.forgetOne(ctx, acc, person.ID, f, item); err != nil {
				return err
			}
		}
		if !more || len(items) == 0 {
			return nil
		}
		q.After = table.At(items[len(items)-1], table.Primary)
	}
}

// forgetOne takes the person out of a row, again where somebody else changed it meanwhile.
func (s *Store) forgetOne(ctx context.Context, acc account.Account, u id.User, f table.Forgotten, item table.Item) error {
	for range rounds {
		after, changed := f.From(item)
		if !changed {
			return nil
		}
		for _, address := range addresses(item, u) {
			if err := s.unheard(ctx, acc, u, address); err != nil {
				return err
			}
		}
		op := table.Amend(item, after)
		err := s.table.Write(ctx, op)
		var unmet *table.ConditionError
		if !errors.As(err, &unmet) {
			return err
		}
		table.Pause(ctx)
		if item, err = s.table.Get(ctx, op.Key()); err != nil || item == nil {
			return err
		}
	}
	return fmt.Errorf("forget in %s: %w", table.Place(item), fault.New(fault.Busy, "busy"))
}

// addresses are those that a record says a person had.
func addresses(item table.Item, u id.User) (all []string) {
	var r activity.Record
	if err := table.Decode(item, &r); err != nil || r.Subject.ID != string(u) {
		return nil // an order or another row, whose fields have other forms
	}
	for _, side := range []activity.Values{r.Before, r.After} {
		if address, _ := side["email"].(string); address != "" {
			all = append(all, address)
		}
	}
	return all
}

// unheard forgets what the CRM said of the person under an address, so that an import of it makes a new one. Under an
// address that is somebody else's by now it is theirs, and stays.
func (s *Store) unheard(ctx context.Context, acc account.Account, u id.User, email string) error {
	if acc.CRM == "" || email == "" {
		return nil
	}
	err := s.table.Write(ctx, table.Delete(table.CRMUser(acc.CRM, email), nil, table.Is(string(u), "id")))
	var unmet *table.ConditionError
	if errors.As(err, &unmet) {
		return nil
	}
	return err
}
