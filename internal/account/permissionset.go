package account

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// MaxSets is how many permission sets an account may have: all are in one row, which every request of a member reads.
const MaxSets = 50

// PermissionSet is a named set of single permissions. Members are given it by id, so a change counts for all of them
// at their next call.
type PermissionSet struct {
	ID          id.PermissionSet    `dynamodbav:"id" json:"id"`
	Name        string              `dynamodbav:"name" json:"name"`
	Permissions []access.Permission `dynamodbav:"permissions" json:"permissions" nullable:"false" enum:"view,manage_licences,manage_users,manage_billing"`
}

// PermissionSets is the row of an account's sets.
type PermissionSets struct {
	Sets []PermissionSet `dynamodbav:"sets"`
	Rev  int             `dynamodbav:"rev"`
}

// Find gives the set of an id.
func (s PermissionSets) Find(set id.PermissionSet) (PermissionSet, bool) {
	i := slices.IndexFunc(s.Sets, func(p PermissionSet) bool { return p.ID == set })
	if i < 0 {
		return PermissionSet{}, false
	}
	return s.Sets[i], true
}

// Granted is what sets allow together. A set that was deleted allows nothing any more.
func (s PermissionSets) Granted(sets []id.PermissionSet) (granted []access.Permission) {
	for _, one := range sets {
		found, _ := s.Find(one)
		granted = append(granted, found.Permissions...)
	}
	return granted
}

// PermissionSets reads an account's sets: 1 call.
func (s *Store) PermissionSets(ctx context.Context, a id.Account) (PermissionSets, error) {
	_, sets, err := s.permissionSets(ctx, a)
	return sets, err
}

func (s *Store) permissionSets(ctx context.Context, a id.Account) (table.Item, PermissionSets, error) {
	item, err := s.table.Get(ctx, table.PermissionSets(a))
	if err != nil {
		return nil, PermissionSets{}, err
	}
	var sets PermissionSets
	return item, sets, table.Decode(item, &sets)
}

// ChangeSets reads an account's sets, lets decide make the new ones, and writes them with their record: 2 calls. keep
// may add the record of an idempotency key. A decision that changes nothing writes nothing. A caller whose own rights
// have changed since their request was let in is refused (busy: the repeat is judged by the rights of then).
func (s *Store) ChangeSets(ctx context.Context, c access.Caller, a id.Account, now time.Time, by activity.Author, decide func(PermissionSets) (after []PermissionSet, changed PermissionSet, err error), keep func(PermissionSet) ([]table.Op, error)) error {
	for range rounds {
		was, before, err := s.permissionSets(ctx, a)
		if err != nil {
			return err
		}
		after, changed, err := decide(before)
		if err != nil {
			return err
		}
		if before.RevAfter(after) == before.Rev {
			return nil
		}
		op, err := setsOp(a, was, after)
		if err != nil {
			return err
		}
		standing, err := Standing(c, a, map[table.Key]table.Item{table.PermissionSets(a): was})
		if err != nil {
			return err
		}
		recorded, err := s.setRecord(a, now, by, before, PermissionSets{Sets: after}, changed)
		if err != nil {
			return err
		}
		kept, err := keep(changed)
		if err != nil {
			return err
		}
		err = s.table.Write(ctx, slices.Concat([]table.Op{op, recorded}, standing, kept)...)
		var unmet *table.ConditionError
		if !errors.As(err, &unmet) {
			return err
		}
		for i := range standing {
			if _, changed := unmet.Image(2 + i); changed {
				return Superseded()
			}
		}
		if _, stale := unmet.Image(0); !stale {
			return err // the kept answer is there already: it is the answer
		}
	}
	return fault.New(fault.Busy, "busy").After(time.Second)
}

func setsOp(a id.Account, was table.Item, after []PermissionSet) (table.Op, error) {
	item, err := table.Encode(PermissionSets{Sets: after})
	if err != nil {
		return table.Op{}, err
	}
	return table.Keep(table.PermissionSets(a), was, item), nil
}

func (s *Store) setRecord(a id.Account, now time.Time, by activity.Author, before, after PermissionSets, changed PermissionSet) (table.Op, error) {
	was, had := before.Find(changed.ID)
	is, has := after.Find(changed.ID)
	action := activity.PermissionSetChanged
	switch {
	case !had:
		action = activity.PermissionSetCreated
	case !has:
		action = activity.PermissionSetDeleted
	}
	r := activity.New(s.ids, now, a, by, action, activity.Thing{Noun: "permissionSet", ID: string(changed.ID), Name: changed.Name})
	r.Before, r.After = setValues(was, had), setValues(is, has)
	return r.Op()
}

func setValues(s PermissionSet, there bool) activity.Values {
	if !there {
		return nil
	}
	return activity.Values{"name": s.Name, "permissions": s.Permissions}
}

// RevAfter is the revision of the sets once they are after: the one that they have where nothing differs.
func (s PermissionSets) RevAfter(after []PermissionSet) int {
	same := func(x, y PermissionSet) bool {
		return x.ID == y.ID && x.Name == y.Name && slices.Equal(x.Permissions, y.Permissions)
	}
	if slices.EqualFunc(s.Sets, after, same) {
		return s.Rev
	}
	return s.Rev + 1
}

// With is the sets with one added or changed; refused are a name that another set has, and one set too many.
func (s PermissionSets) With(set PermissionSet) ([]PermissionSet, error) {
	for _, other := range s.Sets {
		if other.ID != set.ID && text.Fold(other.Name) == text.Fold(set.Name) {
			return nil, fault.New(fault.Conflict, "permission_set_name_taken", fault.Text("name", strings.TrimSpace(set.Name)))
		}
	}
	after := slices.DeleteFunc(slices.Clone(s.Sets), func(p PermissionSet) bool { return p.ID == set.ID })
	if len(after) == MaxSets {
		return nil, fault.New(fault.Conflict, "too_many_permission_sets", fault.Int("max", MaxSets))
	}
	after = append(after, set)
	slices.SortFunc(after, func(x, y PermissionSet) int { return strings.Compare(text.Fold(x.Name), text.Fold(y.Name)) })
	return after, nil
}

// Without is the sets without one; ok is false where it is not there.
func (s PermissionSets) Without(set id.PermissionSet) (after []PermissionSet, ok bool) {
	after = slices.DeleteFunc(slices.Clone(s.Sets), func(p PermissionSet) bool { return p.ID == set })
	return after, len(after) < len(s.Sets)
}
