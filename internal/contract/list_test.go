package contract_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Each check fills an account; 25 of them meet every branch.
func TestMain(m *testing.M) { enginetest.Drawing(m, 25) }

// account is an account of the test's own, with its contracts.
type account struct {
	id        id.Account
	table     *table.Table
	store     *contract.Store
	ids       *id.Maker
	contracts []contract.Contract
}

func newAccount(t testing.TB) *account {
	client, name := enginetest.Open(t)
	ids := id.NewMaker(rand.Reader)
	db := table.New(client, name, nil)
	return &account{id: id.New[id.Account](ids, time.Now()), table: db, store: contract.NewStore(db, ids), ids: ids}
}

type fataler interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// add puts a contract there, written down as it was when a day had begun everywhere.
func (a *account) add(t fataler, writtenOn date.Date, f contract.Facts, mapped int) contract.Contract {
	t.Helper()
	c := contract.Contract{ID: id.New[id.Contract](a.ids, time.Now()), CRM: "800L2cEpVZzAQlxI0G", Facts: f, Mapped: mapped}.Settled(begun(writtenOn))
	ops, err := contract.CreateOps(a.id, c)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.table.Write(context.Background(), ops...); err != nil {
		t.Fatal(err)
	}
	c.Rev = 1
	a.contracts = append(a.contracts, c)
	return c
}

// begun is the instant at which a day begins in the westernmost zone.
func begun(day date.Date) time.Time {
	at, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		panic(err)
	}
	return at.Add(12 * time.Hour)
}

// all reads every page of a listing.
func (a *account) all(t fataler, today date.Date, l contract.Listing, pageSize int) (listed []contract.Contract) {
	t.Helper()
	var from *contract.Position
	for range 200 {
		page, err := a.store.List(context.Background(), a.id, today, l, from, pageSize)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Contracts) > pageSize {
			t.Fatalf("a page of %d contracts, %d were asked for", len(page.Contracts), pageSize)
		}
		listed = append(listed, page.Contracts...)
		if page.Next == nil {
			return listed
		}
		from = page.Next
	}
	t.Fatal("200 pages and no end")
	return nil
}

// expected is the listing as FEATURES.md says it, from what is known.
func (a *account) expected(today date.Date, l contract.Listing) (want []contract.Contract) {
	for _, c := range a.contracts {
		if l.Status == "" || c.Status(today) == l.Status {
			want = append(want, c)
		}
	}
	slices.SortFunc(want, func(x, y contract.Contract) int {
		order := cmp.Or(column(l.Order, today, x, y), cmp.Compare(x.ID, y.ID))
		if l.Desc {
			return -order
		}
		return order
	})
	return want
}

func column(o contract.Order, today date.Date, x, y contract.Contract) int {
	byName := cmp.Compare(text.Fold(x.Name), text.Fold(y.Name))
	switch o {
	case contract.ByExpiry:
		return cmp.Compare(x.Expiry, y.Expiry)
	case contract.BySystems:
		return cmp.Compare(x.Over(), y.Over())
	case contract.ByStatus:
		return cmp.Or(cmp.Compare(x.Status(today), y.Status(today)), byName)
	default:
		return byName
	}
}

var orders = []contract.Order{contract.ByStatus, contract.ByName, contract.ByExpiry, contract.BySystems}

// Sortable by each column both ways, filterable by status, paged; and the status shown never waits for the sweep, so
// contracts that expired since they were written down are where a reader expects them (FEATURES.md, Contracts).
func TestEveryListingShowsEachContractOnceInItsPlace(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := newAccount(t)
		names := rapid.SampledFrom([]string{"Été", "ete 2", "Zebra", "Order #1", "order", "Œuvre", "", "é"})
		for range rapid.IntRange(0, 14).Draw(rt, "contracts") {
			a.add(rt, "2026-11-21", contract.Facts{
				Name:      names.Draw(rt, "name"),
				Expiry:    date.Date("2026-11-21").AddDays(rapid.IntRange(-3, 5).Draw(rt, "expires in")),
				Purchased: rapid.IntRange(0, 3).Draw(rt, "purchased"),
			}, rapid.IntRange(0, 4).Draw(rt, "mapped"))
		}
		today := date.Date("2026-11-21").AddDays(rapid.IntRange(0, 6).Draw(rt, "nights without a sweep"))
		for _, order := range orders {
			for _, status := range []contract.Status{"", contract.Active, contract.Expired} {
				for _, desc := range []bool{false, true} {
					l := contract.Listing{Status: status, Order: order, Desc: desc}
					got := a.all(rt, today, l, rapid.IntRange(1, 6).Draw(rt, "page size"))
					if diff := gocmp.Diff(shown(a.expected(today, l)), shown(got)); diff != "" {
						rt.Fatalf("%+v on %s: (-want +got)\n%s", l, today, diff)
					}
				}
			}
		}
	})
}

func shown(contracts []contract.Contract) []string {
	out := []string{}
	for _, c := range contracts {
		out = append(out, fmt.Sprintf("%s %q %s %+d", c.ID, c.Name, c.Expiry, c.Over()))
	}
	return out
}

func TestTheLastPageIsKnownToBeTheLast(t *testing.T) {
	a := newAccount(t)
	for i := range 4 {
		a.add(t, "2026-11-21", contract.Facts{Name: fmt.Sprint("Order ", i), Expiry: "2028-01-01"}, 0)
	}
	for _, order := range orders {
		first, err := a.store.List(t.Context(), a.id, "2026-11-21", contract.Listing{Order: order}, nil, 4)
		if err != nil || len(first.Contracts) != 4 || first.Next != nil {
			t.Errorf("by %s: %d contracts and next %v (%v), want all four and no other page", order, len(first.Contracts), first.Next, err)
		}
	}
}

// A reader is not shown an empty page between full ones, however many contracts expired since the last sweep.
func TestNoPageIsEmptyBecauseTheSweepIsLate(t *testing.T) {
	a := newAccount(t)
	for i := range 12 {
		f := contract.Facts{Name: fmt.Sprintf("Order %02d", i), Expiry: "2026-11-25"}
		if i >= 8 {
			f.Expiry = "2028-01-01"
		}
		a.add(t, "2026-11-21", f, 0)
	}
	for _, order := range orders {
		page, err := a.store.List(t.Context(), a.id, "2026-11-30", contract.Listing{Order: order, Status: contract.Active}, nil, 2)
		if err != nil || len(page.Contracts) == 0 {
			t.Errorf("by %s the first page has %d contracts (%v), four are active", order, len(page.Contracts), err)
		}
	}
}

// A page of the default order is one Query; a page in another order two (README of platform/table).
func TestAPageCostsTheSameWhateverTheAccountHolds(t *testing.T) {
	a := newAccount(t)
	for i := range 30 {
		a.add(t, "2026-11-21", contract.Facts{Name: fmt.Sprint("Order ", i), Expiry: "2028-01-01"}, 0)
	}
	for _, test := range []struct {
		listing contract.Listing
		calls   int
	}{
		{contract.Listing{Order: contract.ByStatus}, 1},
		{contract.Listing{Order: contract.ByName}, 2},
		{contract.Listing{Order: contract.ByName, Status: contract.Active}, 1},
		{contract.Listing{Order: contract.ByName, Status: contract.Expired}, 2},
	} {
		ctx, meter := table.WithMeter(t.Context())
		if _, err := a.store.List(ctx, a.id, "2026-11-21", test.listing, nil, 5); err != nil {
			t.Fatal(err)
		}
		if meter.Calls() != test.calls {
			t.Errorf("%+v: %d calls, want %d", test.listing, meter.Calls(), test.calls)
		}
	}
}

func TestSearchFindsByWordsAndByEitherFormOfTheCRMID(t *testing.T) {
	a := newAccount(t)
	a.add(t, "2026-11-21", contract.Facts{Name: "Bon de commande n° 2024-0001 (renouvelé)", Expiry: "2028-01-01"}, 0)
	a.add(t, "2026-11-21", contract.Facts{Name: "Bon de commande n° 2025-0002", Expiry: "2026-01-01"}, 0)
	for asked, want := range map[string]int{
		"bon": 2, "RENOUVELE": 1, "commande 2025": 1, "2024-0001": 1, "800L2cEpVZzAQlx": 2, "800L2cEpVZzAQlxI0G": 2, "nothing": 0, "bon 9": 0, "!": 0,
	} {
		for _, order := range orders {
			if got := a.all(t, "2026-11-21", contract.Listing{Search: asked, Order: order}, 1); len(got) != want {
				t.Errorf("%q by %s finds %d, want %d", asked, order, len(got), want)
			}
		}
	}
	if got := a.all(t, "2026-11-21", contract.Listing{Search: "bon", Status: contract.Expired, Order: contract.ByStatus}, 5); len(got) != 1 {
		t.Errorf("the expired ones of a search are %d, want 1", len(got))
	}
}

// An account that moves to a zone where it is still the day before sees its contract active again.
func TestAContractThatExpiredInOneZoneIsListedAsActiveInAnother(t *testing.T) {
	a := newAccount(t)
	midnight := time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC) // the 21st begins in Auckland
	f := contract.Facts{Name: "Order", Expiry: "2026-11-21"}
	c := contract.Contract{ID: id.New[id.Contract](a.ids, midnight), CRM: "800L2cEpVZzAQlxI0G", Facts: f}.Settled(midnight)
	ops, err := contract.CreateOps(a.id, c)
	if err == nil {
		err = a.table.Write(t.Context(), ops...)
	}
	if err != nil {
		t.Fatal(err)
	}
	for zone, want := range map[string]contract.Status{"Pacific/Auckland": contract.Expired, "Europe/Paris": contract.Active} {
		z, err := date.Zone(zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, order := range orders {
			for _, status := range []contract.Status{"", want} {
				got := a.all(t, date.Today(midnight, z), contract.Listing{Order: order, Status: status}, 5)
				if len(got) != 1 || got[0].Status(date.Today(midnight, z)) != want {
					t.Errorf("in %s, by %s, %q: %d contracts, want one %s", zone, order, status, len(got), want)
				}
			}
		}
	}
}
