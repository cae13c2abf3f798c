// Package user owns the people of an account: who they are, what they were granted, whether they are active, and the
// holding that guards what they hold. It does not own what a permission allows (package access), how a signed-in
// subject is found (package account), nor the seats (package seat).
package user

import (
	"slices"
	"strings"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
)

// User is a person of an account (FEATURES.md, Words).
type User struct {
	ID id.User `dynamodbav:"id"`
	Details
	State   State     `dynamodbav:"state"`
	AddedAt time.Time `dynamodbav:"addedAt"`
	Rev     int       `dynamodbav:"rev"`
	// Erase is of a person who is being erased.
	Erase *Erasure `dynamodbav:"erase,omitempty"`
}

// Details are what an administrator writes down of a person.
type Details struct {
	Name      string             `dynamodbav:"name"`
	Email     string             `dynamodbav:"email"`
	Extension string             `dynamodbav:"extension,omitempty"`
	Language  string             `dynamodbav:"language,omitempty"` // empty: the account's
	Roles     []access.Role      `dynamodbav:"roles,omitempty"`
	Sets      []id.PermissionSet `dynamodbav:"sets,omitempty"`
}

// State is whether a person takes part.
type State string

// The states. Deactivated people are let in nowhere; their record, their address and their holding stay theirs.
const (
	Active      State = "active"
	Deactivated State = "deactivated"
	// Who is erased was deactivated before, and stays as an id alone. Erasing: others' rows may still say who they were.
	Erasing State = "erasing"
	Erased  State = "erased"
)

// equal tells whether nothing differs.
func (d Details) equal(other Details) bool {
	return d.Name == other.Name && d.Email == other.Email && d.Extension == other.Extension && d.Language == other.Language && d.sameRights(other)
}

func (d Details) sameRights(other Details) bool {
	return sameSet(d.Roles, other.Roles) && sameSet(d.Sets, other.Sets)
}

// sameSet looks both ways: by length alone, a value that stands twice in one list would hide one of the other's.
func sameSet[T comparable](a, b []T) bool {
	within := func(a, b []T) bool { return !slices.ContainsFunc(a, func(v T) bool { return !slices.Contains(b, v) }) }
	return within(a, b) && within(b, a)
}

// MayChange says whether a caller may make this of a person. Rights are given and taken only by somebody who has them;
// who has more rights than the caller is not deactivated, reactivated or given another address by them, since an
// address is what the first sign-in goes by (FEATURES.md, Rights).
func MayChange(c access.Caller, sets account.PermissionSets, before, after User) error {
	if !touchesRights(before, after) {
		return nil
	}
	for _, u := range []User{before, after} {
		if lacks, ok := access.MayGrant(c, u.Roles, sets.Granted(u.Sets)); !ok {
			return account.RightLacking(lacks)
		}
	}
	for _, set := range after.Sets {
		if _, ok := sets.Find(set); !ok && !slices.Contains(before.Sets, set) {
			return fault.New(fault.Invalid, "permission_set_unknown", fault.Text("permissionSetId", string(set)))
		}
	}
	return nil
}

// touchesRights tells whether a change is one of somebody's rights, of whether they have any, or of the address that a
// first sign-in goes by.
func touchesRights(before, after User) bool {
	return before.State != after.State || before.Email != after.Email || !before.sameRights(after.Details)
}

// is tells whether a person counts among the account's people with a role.
func (u User) is(role access.Role) bool {
	return u.State == Active && slices.Contains(u.Roles, role)
}

// Supers is an account's active super administrators, and its active administrators: who is told what happens to it.
type Supers struct {
	Users          []id.User `dynamodbav:"users"`
	Administrators []id.User `dynamodbav:"administrators,omitempty"`
	Rev            int       `dynamodbav:"rev"`
}

// After is both once a person has changed; the last super administrator can be neither removed nor demoted.
func (s Supers) After(u User) (after Supers, err error) {
	after = Supers{Users: listed(s.Users, u, access.SuperAdministrator), Administrators: listed(s.Administrators, u, access.Administrator), Rev: s.Rev}
	if len(after.Users) == 0 && len(s.Users) > 0 {
		return s, fault.New(fault.Conflict, "last_super_administrator", fault.Text("name", u.Name))
	}
	return after, nil
}

// listed is a list of the people with a role once one of them has changed.
func listed(all []id.User, u User, role access.Role) []id.User {
	all = slices.DeleteFunc(slices.Clone(all), func(other id.User) bool { return other == u.ID })
	if u.is(role) {
		all = append(all, u.ID)
	}
	return all
}

// same tells whether two of them name the same people.
func (s Supers) same(other Supers) bool {
	return sameSet(s.Users, other.Users) && sameSet(s.Administrators, other.Administrators)
}

// All is everybody in it, each once: a person may have both roles.
func (s Supers) All() []id.User {
	all := slices.Concat(s.Users, s.Administrators)
	slices.Sort(all)
	return slices.Compact(all)
}

// Member is what the person's membership says of them, or their invitation until they are bound.
func (u User) Member(a id.Account) account.Member {
	return account.Member{Account: a, User: u.ID, Name: u.Name, Email: u.Email, Language: u.Language, Roles: u.Roles, Sets: u.Sets, Deactivated: u.State == Deactivated}
}

// Thing is the person as activity names them.
func (u User) Thing() activity.Thing {
	return activity.Thing{Noun: "user", ID: string(u.ID), Name: u.Name}
}

// action is what a change is called.
func action(before, after User) activity.Action {
	switch {
	case before.ID == "":
		return activity.UserAdded
	case before.State == Active && after.State == Deactivated:
		return activity.UserDeactivated
	case before.State == Deactivated && after.State == Active:
		return activity.UserReactivated
	default:
		return activity.UserChanged
	}
}

func differences(r *activity.Record, before, after User) {
	activity.Changed(r, "name", before.Name, after.Name)
	activity.Changed(r, "email", before.Email, after.Email)
	activity.Changed(r, "extension", before.Extension, after.Extension)
	activity.Changed(r, "language", before.Language, after.Language)
	activity.Changed(r, "roles", joined(before.Roles), joined(after.Roles))
	activity.Changed(r, "permissionSetIds", joined(before.Sets), joined(after.Sets))
	activity.Changed(r, "state", before.State, after.State)
	if before.ID == "" {
		r.Before = nil // nobody was there; what is empty of them now is left out as it is
	}
}

func joined[T ~string](all []T) string {
	words := make([]string, len(all))
	for i, v := range all {
		words[i] = string(v)
	}
	return strings.Join(words, " ")
}
