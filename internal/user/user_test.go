package user_test

import (
	"context"
	"crypto/rand"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

type world struct {
	t        *testing.T
	account  id.Account
	table    *table.Table
	users    *user.Store
	accounts *account.Store
	now      time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	client, name := enginetest.Open(t)
	db, ids := table.New(client, name, nil), id.NewMaker(rand.Reader)
	w := &world{t, id.New[id.Account](ids, time.Now()), db, user.NewStore(db, ids, seat.NewStore(db, ids, catalog.NewStore(db, ids)).Follow), account.NewStore(db, ids), time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)}
	ops, err := account.CreateOps(account.Account{ID: w.account, Name: "Account " + rand.Text(), Terms: account.DefaultTerms(), CreatedAt: w.now})
	if err == nil {
		err = db.Write(t.Context(), ops...)
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

var operator = access.Caller{Kind: access.Operator}

func (w *world) as(c access.Caller) user.Change {
	return user.Change{Account: w.account, Caller: c, Now: w.now, By: activity.Author{Kind: c.Kind}}
}

func keepNothing(user.User) ([]table.Op, error) { return nil, nil }

func (w *world) add(name string, roles ...access.Role) user.User {
	w.t.Helper()
	u, err := w.users.Add(w.t.Context(), w.as(operator), user.Details{Name: name, Email: rand.Text() + "@example.com", Roles: roles}, keepNothing)
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

// set changes a person as a caller would.
func (w *world) set(c access.Caller, u user.User, change func(*user.User)) error {
	_, err := w.users.Set(context.Background(), w.as(c), u.ID, func(seen user.Seen) (user.User, error) {
		after := seen.User
		change(&after)
		return after, nil
	})
	return err
}

// signIn is the caller that somebody is, after their first sign-in at the latest.
func (w *world) signIn(who access.Subject) access.Caller {
	w.t.Helper()
	loaded, err := w.accounts.Load(context.Background(), who, w.account, httpapi.Source{}, w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	return loaded.Caller
}

func subject(u user.User) access.Subject {
	return access.Subject{Issuer: "https://issuer.example", ID: rand.Text(), Email: u.Email}
}

func may(c access.Caller, p access.Permission) bool {
	return access.Decide(c, p, true) == access.Allowed
}

// Taking a right away, deactivating and reactivating count at the next call (FEATURES.md, Rights).
func TestWhatAPersonMayDoFollowsTheirRecordAtOnce(t *testing.T) {
	w := newWorld(t)
	ada := w.add("Ada", access.UserManager)
	who := subject(ada)
	if c := w.signIn(who); !may(c, access.ManageUsers) || may(c, access.ManageSystems) {
		t.Fatalf("she may %v", c.Holds())
	}
	if err := w.set(operator, ada, func(u *user.User) { u.Roles = []access.Role{access.Viewer} }); err != nil {
		t.Fatal(err)
	}
	if c := w.signIn(who); may(c, access.ManageUsers) || !may(c, access.View) {
		t.Errorf("after the right was taken she may %v", c.Holds())
	}
	for state, want := range map[user.State]access.Kind{user.Deactivated: access.Stranger} {
		if err := w.set(operator, ada, func(u *user.User) { u.State = state }); err != nil {
			t.Fatal(err)
		}
		c := w.signIn(who)
		mine, _, err := w.accounts.Mine(t.Context(), c, nil, 5)
		if err != nil || c.Kind != want || len(mine) != 0 {
			t.Errorf("%s she is a %q with %d accounts (%v)", state, c.Kind, len(mine), err)
		}
	}
	if err := w.set(operator, ada, func(u *user.User) { u.State = user.Active }); err != nil {
		t.Fatal(err)
	}
	if c := w.signIn(who); c.Kind != access.Member {
		t.Errorf("reactivated she is a %q", c.Kind)
	}
	if _, held, err := w.users.Get(t.Context(), w.account, ada.ID); err != nil || held.State != user.Active {
		t.Errorf("her holding is %+v (%v)", held, err)
	}
}

// setSet adds a permission set or puts it over the one that it was.
func (w *world) setSet(c access.Caller, set account.PermissionSet) {
	w.t.Helper()
	w.changeSets(c, set, func(s account.PermissionSets) ([]account.PermissionSet, error) { return s.With(set) })
}

func (w *world) changeSets(c access.Caller, set account.PermissionSet, decide func(account.PermissionSets) ([]account.PermissionSet, error)) {
	w.t.Helper()
	if err := w.tryToChangeSets(c, set, decide); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) tryToChangeSets(c access.Caller, set account.PermissionSet, decide func(account.PermissionSets) ([]account.PermissionSet, error)) error {
	return w.accounts.ChangeSets(context.Background(), c, w.account, w.now, activity.Author{}, func(s account.PermissionSets) ([]account.PermissionSet, account.PermissionSet, error) {
		after, err := decide(s)
		return after, set, err
	}, func(account.PermissionSet) ([]table.Op, error) { return nil, nil })
}

// Changing a set changes its members at once; deleting it takes what it allowed.
func TestAPermissionSetCountsForItsMembersAtOnce(t *testing.T) {
	w := newWorld(t)
	set := account.PermissionSet{ID: "set_01JD0000000000000000000000", Name: "Buyers", Permissions: []access.Permission{access.ManageLicences, access.View}}
	w.setSet(operator, set)
	u, err := w.users.Add(t.Context(), w.as(operator), user.Details{Name: "Bo", Email: rand.Text() + "@example.com", Sets: []id.PermissionSet{set.ID}}, keepNothing)
	if err != nil {
		t.Fatal(err)
	}
	who := subject(u)
	if c := w.signIn(who); !may(c, access.ManageLicences) || !may(c, access.View) || may(c, access.ManageUsers) {
		t.Errorf("he may %v, want the two permissions of the set", c.Holds())
	}
	changed := set
	changed.Permissions = []access.Permission{access.ManageBilling}
	w.setSet(operator, changed)
	if c := w.signIn(who); may(c, access.ManageLicences) || !may(c, access.ManageBilling) {
		t.Errorf("after the set changed he may %v", c.Holds())
	}
	w.changeSets(operator, set, func(s account.PermissionSets) ([]account.PermissionSet, error) {
		after, _ := s.Without(set.ID)
		return after, nil
	})
	if c := w.signIn(who); len(c.Holds()) != 0 || c.Kind != access.Member {
		t.Errorf("after the set was deleted he may %v", c.Holds())
	}
}

// Nobody grants a right that they lack, nor handles somebody who has more.
func TestNobodyHandlesARightThatTheyLack(t *testing.T) {
	w := newWorld(t)
	w.add("Root", access.SuperAdministrator)
	admin, viewer := w.add("Admin", access.Administrator), w.add("Viewer", access.Viewer)
	twice := w.add("Twice", access.Viewer, access.Viewer)
	manager, boss := w.signIn(subject(w.add("Manager", access.UserManager))), w.signIn(subject(w.add("Boss", access.Administrator)))
	for name, step := range map[string]struct {
		by     access.Caller
		user   user.User
		change func(*user.User)
		lacks  bool
	}{
		"a user manager makes an administrator":           {manager, viewer, func(u *user.User) { u.Roles = []access.Role{access.Administrator} }, true},
		"a user manager demotes an administrator":         {manager, admin, func(u *user.User) { u.Roles = []access.Role{access.Viewer} }, true},
		"a user manager deactivates an administrator":     {manager, admin, func(u *user.User) { u.State = user.Deactivated }, true},
		"a user manager takes an administrator's address": {manager, admin, func(u *user.User) { u.Email = "me@example.com" }, true},
		"a user manager renames an administrator":         {manager, admin, func(u *user.User) { u.Name = "Renamed" }, false},
		"a user manager makes a user manager":             {manager, viewer, func(u *user.User) { u.Roles = []access.Role{access.UserManager} }, false},
		"a user manager hides a role among two that are one": {manager, twice, func(u *user.User) {
			u.Name, u.Roles = "Renamed", []access.Role{access.Viewer, access.SuperAdministrator}
		}, true},
		"an administrator makes a super administrator": {boss, admin, func(u *user.User) { u.Roles = []access.Role{access.SuperAdministrator} }, true},
		"a foreign permission set is given":            {operator, viewer, func(u *user.User) { u.Sets = []id.PermissionSet{"set_01JD0000000000000000000000"} }, true},
	} {
		err := w.set(step.by, step.user, step.change)
		if refused := fault.Is(err, "right_lacking") || fault.Is(err, "permission_set_unknown"); refused != step.lacks || err != nil && !refused {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The last super administrator can be neither removed nor demoted, also not by two who demote each other at once.
func TestTheLastSuperAdministratorStays(t *testing.T) {
	w := newWorld(t)
	for range 5 {
		one, other := w.add("One", access.SuperAdministrator), w.add("Other", access.SuperAdministrator)
		errs := make([]error, 2)
		var both sync.WaitGroup
		for i, u := range []user.User{one, other} {
			both.Go(func() { errs[i] = w.set(operator, u, func(u *user.User) { u.State = user.Deactivated }) })
		}
		both.Wait()
		refused := 0
		for i, err := range errs {
			if fault.Is(err, "last_super_administrator") {
				refused++
				// The one who stayed goes once the next pair is there.
				stays := []user.User{one, other}[i]
				w.add("Next", access.SuperAdministrator)
				if err := w.set(operator, stays, func(u *user.User) { u.State = user.Deactivated }); err != nil {
					t.Fatal(err)
				}
			} else if err != nil {
				t.Fatal(err)
			}
		}
		if refused != 1 {
			// From the second pair on somebody else is there, and both may go.
			t.Logf("%d refused", refused)
		}
	}
	all, _, _, err := w.users.List(t.Context(), w.account, "", nil, 100)
	if err != nil {
		t.Fatal(err)
	}
	active := 0
	for _, u := range all {
		if u.State == user.Active {
			active++
		}
	}
	if active == 0 {
		t.Error("no super administrator is left")
	}
}

// One user per address, whatever its case; a new address frees the old one, and an invitation follows it.
func TestAnAddressIsOnePersons(t *testing.T) {
	w := newWorld(t)
	ada, bo := w.add("Ada"), w.add("Bo")
	taken := func(u *user.User) { u.Email = "New." + ada.Email }
	if err := w.set(operator, ada, taken); err != nil {
		t.Fatal(err)
	}
	if err := w.set(operator, bo, func(u *user.User) { u.Email = "new." + ada.Email }); !fault.Is(err, "email_taken") {
		t.Errorf("an address in other letters: %v, want email_taken", err)
	}
	if err := w.set(operator, bo, func(u *user.User) { u.Email = ada.Email }); err != nil {
		t.Errorf("the address that Ada gave back: %v", err)
	}
	moved := ada
	moved.Email = "New." + ada.Email
	if c := w.signIn(subject(moved)); c.User != ada.ID {
		t.Errorf("the new address let in %q, want Ada", c.User)
	}
	if c := w.signIn(subject(ada)); c.User != bo.ID {
		t.Errorf("her old address let in %q, want Bo, who has it now", c.User)
	}
}

func TestPeopleAreFoundByNameAddressAndExtension(t *testing.T) {
	w := newWorld(t)
	if _, err := w.users.Add(t.Context(), w.as(operator), user.Details{Name: "Zoë Đặng", Email: "zoe.d@example.com", Extension: "1042"}, keepNothing); err != nil {
		t.Fatal(err)
	}
	w.add("Ada")
	for asked, want := range map[string]int{"zoe": 1, "DANG": 1, "zoe.d@ex": 1, "104": 1, "ada": 1, "nobody": 0} {
		found, _, _, err := w.users.List(t.Context(), w.account, asked, nil, 10)
		if err != nil || len(found) != want {
			t.Errorf("%q finds %d (%v), want %d", asked, len(found), err, want)
		}
	}
}

// Who is told what happens to an account: its active administrators, of both kinds, each once (FEATURES.md, Alerts).
func TestTheAdministratorsOfAnAccountAreListed(t *testing.T) {
	w := newWorld(t)
	super, admin, both, viewer := w.add("Super", access.SuperAdministrator), w.add("Admin", access.Administrator), w.add("Both", access.Administrator, access.SuperAdministrator), w.add("Viewer", access.Viewer)
	holds := func(when string, want ...user.User) {
		t.Helper()
		item, err := w.table.Get(t.Context(), table.SuperAdministrators(w.account))
		var listed user.Supers
		if err == nil {
			err = table.Decode(item, &listed)
		}
		if err != nil {
			t.Fatal(err)
		}
		ids := []id.User{}
		for _, u := range want {
			ids = append(ids, u.ID)
		}
		slices.Sort(ids)
		if got := listed.All(); !slices.Equal(got, ids) {
			t.Errorf("%s: %v, want %v", when, got, ids)
		}
	}
	change := func(u user.User, change func(*user.User)) {
		t.Helper()
		if err := w.set(operator, u, change); err != nil {
			t.Fatal(err)
		}
	}
	holds("at first", super, admin, both)
	change(admin, func(u *user.User) { u.State = user.Deactivated })
	change(viewer, func(u *user.User) { u.Roles = []access.Role{access.Administrator} })
	holds("after one left and one was promoted", super, both, viewer)
	change(both, func(u *user.User) { u.Roles = []access.Role{access.Administrator} })
	change(admin, func(u *user.User) { u.State = user.Active })
	holds("after one was demoted and one came back", super, admin, both, viewer)
	if err := w.set(operator, super, func(u *user.User) { u.Roles = []access.Role{access.Administrator} }); !fault.Is(err, "last_super_administrator") {
		t.Errorf("administrators made up for the last super administrator: %v", err)
	}
}
