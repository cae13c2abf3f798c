package account_test

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// world is two accounts of the test's own.
type world struct {
	table       *table.Table
	store       *account.Store
	ids         *id.Maker
	now         time.Time
	mine, other account.Account
}

var by = activity.Author{Kind: access.Operator, Name: "Operator"}

func newWorld(t *testing.T) *world {
	t.Helper()
	client, name := enginetest.Open(t)
	return worldOn(t, table.New(client, name, nil))
}

func worldOn(t *testing.T, db *table.Table) *world {
	t.Helper()
	ids := id.NewMaker(rand.Reader)
	w := &world{table: db, store: account.NewStore(db, ids), ids: ids, now: time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)}
	for _, a := range []*account.Account{&w.mine, &w.other} {
		*a = account.Account{ID: id.New[id.Account](ids, time.Now()), Name: "Account " + rand.Text(), Terms: account.DefaultTerms(), CreatedAt: w.now}
		ops, err := account.CreateOps(*a)
		if err == nil {
			err = db.Write(t.Context(), ops...)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func somebody(email string) access.Subject {
	return access.Subject{Issuer: "https://issuer.example", ID: rand.Text(), Email: email}
}

func (w *world) kind(t *testing.T, who access.Subject, a id.Account) access.Kind {
	t.Helper()
	loaded, err := w.store.Load(context.Background(), who, a, httpapi.Source{}, w.now)
	if fault.Is(err, "address_already_bound") {
		return another
	}
	if err != nil {
		t.Error(err)
	}
	return loaded.Caller.Kind
}

// another is whoever is told that their address let in somebody else.
const another access.Kind = "another"

func (w *world) invite(t *testing.T, a id.Account, email string, roles ...access.Role) {
	t.Helper()
	ch := user.Change{Account: a, Caller: access.Caller{Kind: access.Operator}, Now: w.now, By: by}
	d := user.Details{Name: "Ada", Email: email, Roles: roles}
	if _, err := user.NewStore(w.table, w.ids, nil).Add(t.Context(), ch, d, func(user.User) ([]table.Op, error) { return nil, nil }); err != nil {
		t.Fatal(err)
	}
}

// An identity is bound if the e-mail is verified and unbound people have it, each of them once
// (infra/decisions/0005).
func TestAnIdentityIsBoundOnceByAVerifiedEMail(t *testing.T) {
	w := newWorld(t)
	email := rand.Text() + "@Example.com"
	w.invite(t, w.mine.ID, email, access.Viewer)
	if got := w.kind(t, access.Subject{Issuer: "https://issuer.example", ID: rand.Text()}, w.mine.ID); got != access.Stranger {
		t.Errorf("without a verified e-mail somebody is a %q", got)
	}
	ada := somebody(email)
	if got := w.kind(t, ada, w.mine.ID); got != access.Member {
		t.Fatalf("the invited person is a %q", got)
	}
	if got := w.kind(t, somebody(email), w.mine.ID); got != another {
		t.Errorf("a second subject with the same address is a %q", got)
	}
	w.invite(t, w.other.ID, email, access.Administrator)
	if got := w.kind(t, somebody(email), w.other.ID); got != another {
		t.Errorf("a second subject is let in by a further invitation as %q", got)
	}
	if got := w.kind(t, ada, w.other.ID); got != access.Member {
		t.Errorf("whose address it is, is not let in by a further invitation: %q", got)
	}
}

// An accent is a difference between mailboxes, case is none, and an accent may be written in two ways.
func TestAnAddressThatDiffersByAnAccentBindsNone(t *testing.T) {
	w := newWorld(t)
	email := rand.Text() + "andre@example.com"
	w.invite(t, w.mine.ID, email, access.Viewer)
	if got := w.kind(t, somebody(strings.Replace(email, "andre", "andré", 1)), w.mine.ID); got != access.Stranger {
		t.Errorf("another mailbox is let in as %q", got)
	}
	if got := w.kind(t, somebody(strings.ToLower(email)), w.mine.ID); got != access.Member {
		t.Errorf("the one that was invited is a %q", got)
	}
}

func TestOfTwoFirstSignInsAtOnceOneIsBound(t *testing.T) {
	w := newWorld(t)
	for range 10 {
		email := rand.Text() + "@example.com"
		w.invite(t, w.mine.ID, email, access.Viewer)
		kinds := make([]access.Kind, 2)
		var both sync.WaitGroup
		for i := range kinds {
			both.Go(func() { kinds[i] = w.kind(t, somebody(email), w.mine.ID) })
		}
		both.Wait()
		if slices.Sort(kinds); kinds[0] != another || kinds[1] != access.Member {
			t.Errorf("they are %q, want one member and one who is told so", kinds)
		}
	}
}

// One person's two first requests at once are both let in.
func TestOnePersonsTwoFirstRequestsAreBothLetIn(t *testing.T) {
	w := newWorld(t)
	for range 10 {
		email := rand.Text() + "@example.com"
		w.invite(t, w.mine.ID, email, access.Viewer)
		ada := somebody(email)
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if got := w.kind(t, ada, w.mine.ID); got != access.Member {
					t.Errorf("she is a %q", got)
				}
			})
		}
		both.Wait()
	}
}

// Partners see the accounts that they manage and no others, from the moment of the link to its end.
func TestAPartnersStaffActOnTheAccountsThatItManages(t *testing.T) {
	w := newWorld(t)
	p, ops, err := w.store.NewPartner("Partner", account.Contact{Email: "desk@partner.example"}, w.now, by)
	if err == nil {
		err = w.table.Write(t.Context(), ops...)
	}
	if err != nil {
		t.Fatal(err)
	}
	staff := somebody("")
	if err := w.store.Staff(t.Context(), staff, "Paula", p.ID, w.now, by); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		link id.Partner
		want access.Kind
	}{{"", access.Stranger}, {p.ID, access.Partner}, {"", access.Stranger}} {
		if _, err := w.store.Link(t.Context(), w.mine.ID, step.link, w.now, by); err != nil {
			t.Fatal(err)
		}
		mine, _, err := w.store.Mine(t.Context(), access.Caller{Subject: staff, Kind: access.Partner, Partner: p.ID}, nil, 5)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.kind(t, staff, w.mine.ID); got != step.want || (len(mine) == 1) != (step.want == access.Partner) {
			t.Errorf("linked to %q: a %q with %d accounts, want a %q", step.link, got, len(mine), step.want)
		}
		if got := w.kind(t, staff, w.other.ID); got != access.Stranger {
			t.Errorf("in an account that it does not manage: a %q", got)
		}
	}
	if _, err := w.store.Link(t.Context(), w.mine.ID, "par_01JD0000000000000000000000", w.now, by); !fault.Is(err, "partner_unknown") {
		t.Errorf("a partner that does not exist: %v", err)
	}
}

func TestChangesOfSettingsAtOnceAreAllKept(t *testing.T) {
	w := newWorld(t)
	var both sync.WaitGroup
	for _, change := range []func(*account.Account){
		func(a *account.Account) { a.Locale = "en" }, func(a *account.Account) { a.Currency = "GBP" }, func(a *account.Account) { a.Edition = "entry" },
	} {
		both.Go(func() {
			_, err := w.store.Change(context.Background(), w.mine.ID, w.now, by, activity.AccountChanged, func(a account.Account) (account.Account, error) {
				change(&a)
				return a, nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	got, err := w.store.Get(t.Context(), w.mine.ID)
	if err != nil || got.Locale != "en" || got.Currency != "GBP" || got.Edition != "entry" || got.Rev != 4 {
		t.Errorf("the settings are %+v (%v), want all three changes in rev 4", got, err)
	}
}

func TestSettingsThatDoNotExistAreRefused(t *testing.T) {
	for code, terms := range map[string]account.Terms{
		"time_zone_unknown":  {TimeZone: "Europe/Atlantis", Locale: "fr", Currency: "EUR"},
		"locale_not_offered": {TimeZone: "Europe/Paris", Locale: "tlh", Currency: "EUR"},
		"currency_unknown":   {TimeZone: "Europe/Paris", Locale: "fr", Currency: "ZZZ"},
	} {
		if err := terms.Valid(); !fault.Is(err, code) {
			t.Errorf("%+v: %v, want %s", terms, err, code)
		}
	}
	if err := account.DefaultTerms().Valid(); err != nil {
		t.Error(errors.Unwrap(err))
	}
}
