package main

import (
	"crypto/rand"
	"errors"
	"slices"
	"strings"
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

// ground is a deployment with an account of the test's own.
func ground(t *testing.T) (deployment, id.Account) {
	t.Helper()
	client, name := enginetest.Open(t)
	d := deployment{table: table.New(client, name, nil), ids: id.NewMaker(rand.Reader), now: time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)}
	a := id.New[id.Account](d.ids, time.Now())
	ops, err := account.CreateOps(account.Account{ID: a, Name: "Account " + rand.Text(), Terms: account.DefaultTerms(), CreatedAt: d.now})
	if err == nil {
		err = d.table.Write(t.Context(), ops...)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d, a
}

func (d deployment) caller(t *testing.T, a arguments, acc id.Account) access.Caller {
	t.Helper()
	loaded, err := account.NewStore(d.table, d.ids).Load(t.Context(), access.Subject{Issuer: a.Issuer, ID: a.Subject}, acc, httpapi.Source{}, d.now)
	if err != nil {
		t.Fatal(err)
	}
	return loaded.Caller
}

func member(a id.Account) arguments {
	return arguments{Issuer: "https://issuer.example", Subject: rand.Text(), Name: "Ada", Account: string(a), Email: strings.ToLower(rand.Text()) + "@example.com"}
}

// Whom the command lets into an account is one of its people like any other: listed, with an address that is theirs, and
// counted where the last super administrator stays.
func TestWhomTheCommandLetsInIsOneOfTheAccountsPeople(t *testing.T) {
	d, acc := ground(t)
	people := user.NewStore(d.table, d.ids, seat.NewStore(d.table, d.ids, catalog.NewStore(d.table, d.ids)).Follow)
	for range 2 { // the second time finds them
		a := member(acc)
		for range 2 {
			if err := d.letIn(t.Context(), a); err != nil {
				t.Fatal(err)
			}
		}
		found, err := people.Find(t.Context(), acc, a.Email)
		if err != nil || !slices.Equal(found.Roles, []access.Role{access.SuperAdministrator}) {
			t.Errorf("the address is that of %+v (%v)", found, err)
		}
		if c := d.caller(t, a, acc); c.User != found.ID || !slices.Equal(c.Roles, found.Roles) {
			t.Errorf("they are %+v, want %s", c, found.ID)
		}
		if _, held, err := people.Get(t.Context(), acc, found.ID); err != nil || held.State != user.Active {
			t.Errorf("they hold %+v (%v)", held, err)
		}
	}
	all, _, _, err := people.List(t.Context(), acc, "", nil, 10)
	if err != nil || len(all) != 2 {
		t.Fatalf("the people are %+v (%v)", all, err)
	}
	ch := user.Change{Account: acc, Caller: access.Caller{Kind: access.Operator}, Now: d.now}
	demote := func(u user.User) error {
		_, err := people.Set(t.Context(), ch, u.ID, func(seen user.Seen) (user.User, error) {
			after := seen.User
			after.Roles = nil
			return after, nil
		})
		return err
	}
	if err := demote(all[0]); err != nil {
		t.Fatal(err)
	}
	if err := demote(all[1]); !fault.Is(err, "last_super_administrator") {
		t.Errorf("the last one: %v", err)
	}
}

func TestWhoHasTheAddressIsWhoIsLetIn(t *testing.T) {
	d, acc := ground(t)
	people, a := user.NewStore(d.table, d.ids, seat.NewStore(d.table, d.ids, catalog.NewStore(d.table, d.ids)).Follow), member(acc)
	ch := user.Change{Account: acc, Caller: access.Caller{Kind: access.Operator}, Now: d.now, By: activity.Author{}}
	ada, err := people.Add(t.Context(), ch, user.Details{Name: "Ada", Email: a.Email, Roles: []access.Role{access.Viewer}}, func(user.User) ([]table.Op, error) { return nil, nil })
	if err != nil {
		t.Fatal(err)
	}
	promoted := a
	promoted.Role = string(access.Administrator)
	if err := d.letIn(t.Context(), promoted); err == nil {
		t.Error("roles that somebody who is there does not have are taken as given")
	}
	if err := d.letIn(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if c := d.caller(t, a, acc); c.User != ada.ID || !slices.Equal(c.Roles, []access.Role{access.Viewer}) {
		t.Errorf("let in is %+v, want Ada as she was added", c)
	}
	if left, err := d.table.Get(t.Context(), table.Invitation(a.Email, acc, ada.ID)); err != nil || left != nil {
		t.Errorf("her invitation is left: %v (%v)", left, err)
	}
	if _, err := people.Set(t.Context(), ch, ada.ID, func(seen user.Seen) (user.User, error) {
		after := seen.User
		after.State = user.Deactivated
		return after, nil
	}); err != nil {
		t.Fatal(err)
	}
	another := a
	another.Subject = rand.Text()
	for _, again := range []arguments{a, another} {
		if err := d.letIn(t.Context(), again); !errors.Is(err, account.ErrOtherwise) || d.caller(t, again, acc).Kind != access.Stranger {
			t.Errorf("deactivated, she is let in: %v", err)
		}
	}
	other := member(acc)
	if err := d.letIn(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	other.Email = member(acc).Email
	if err := d.letIn(t.Context(), other); !errors.Is(err, account.ErrOtherwise) {
		t.Errorf("one subject as two people: %v", err)
	}
	for _, wrong := range []string{"", "Ada <ada@example.com>"} {
		a.Email = wrong
		if err := d.letIn(t.Context(), a); err == nil {
			t.Errorf("let in by the address %q", wrong)
		}
	}
}
