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
// may add the record of an idempotency key.
func (s *Store) ChangeSets(ctx context.Context, a id.Account, now time.Time, by activity.Author, decide func(PermissionSets) (after []PermissionSet, changed PermissionSet, err error), keep func(PermissionSet) ([]table.Op, error)) error {
	for range rounds {
		was, before, err := s.permissionSets(ctx, a)
		if err != nil {
			return err
		}
		after, changed, err := decide(before)
		if err != nil {
			return err
		}
		ops, err := setOps(a, was, after)
		if err != nil {
			return err
		}
		record := activity.New(s.ids, now, a, by, activity.PermissionSetChanged, activity.Thing{Noun: "permissionSet", ID: string(changed.ID), Name: changed.Name})
		old, had := before.Find(changed.ID)
		now, has := (PermissionSets{Sets: after}).Find(changed.ID)
		record.Before, record.After = setValues(old, had), setValues(now, has)
		recorded, err := record.Op()
		if err != nil {
			return err
		}
		kept, err := keep(changed)
		if err != nil {
			return err
		}
		err = s.table.Write(ctx, append(append(ops, recorded), kept...)...)
		var unmet *table.ConditionError
		if !errors.As(err, &unmet) {
			return err
		}
		if _, stale := unmet.Image(0); !stale {
			return err // the kept answer is there already: it is the answer
		}
	}
	return fault.New(fault.Busy, "busy").After(time.Second)
}

func setOps(a id.Account, was table.Item, after []PermissionSet) ([]table.Op, error) {
	item, err := table.Encode(PermissionSets{Sets: after, Rev: 1})
	if err != nil {
		return nil, err
	}
	if was == nil {
		return []table.Op{table.Put(table.PermissionSets(a), item, table.Absent())}, nil
	}
	return []table.Op{table.Replace(table.PermissionSets(a), was, item)}, nil
}

func setValues(s PermissionSet, there bool) activity.Values {
	if !there {
		return nil
	}
	return activity.Values{"name": s.Name, "permissions": s.Permissions}
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
