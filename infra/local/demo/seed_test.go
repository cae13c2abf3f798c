package demo_test

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/engine"
	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/infra/local/demo"
	"github.com/seatkeeper/seatkeeper/infra/template"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/system"
)

const issuer = "http://localhost:8080/dev/oidc"

// t0 is the seed's instant: still the 20th in London, and in Paris the 21st already.
var t0 = time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC)

func TestMain(m *testing.M) { enginetest.Main(m) }

// fresh is an empty table of the test's own: the demo data is the same for everybody and would meet itself.
func fresh(t *testing.T, faults *table.Faults) *table.Table {
	t.Helper()
	client, _ := enginetest.Open(t)
	root, err := template.Root()
	if err != nil {
		t.Fatal(err)
	}
	definition, err := template.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	var random [6]byte
	_, _ = rand.Read(random[:])
	name := "demo-" + hex.EncodeToString(random[:])
	request, _, err := definition.Table(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := engine.EnsureTable(t.Context(), client, request); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := client.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &name}); err != nil {
			t.Error(err)
		}
	})
	return table.New(client, name, faults)
}

func seedOf(on *table.Table, issuer string, now time.Time) demo.Seed {
	return demo.Seed{Table: on, Issuer: issuer, Random: rand.Reader, Now: now, Notices: io.Discard}
}

func plant(t *testing.T, s demo.Seed) demo.World {
	t.Helper()
	w, err := s.Plant(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func accounts(on *table.Table) *account.Store { return account.NewStore(on, id.NewMaker(rand.Reader)) }

// contracts reads all contracts of an account in the default order.
func contracts(t *testing.T, on *table.Table, a id.Account, today date.Date) []contract.Contract {
	t.Helper()
	page, err := contract.NewStore(on, nil).List(t.Context(), a, today, contract.Listing{Order: contract.ByStatus}, nil, 200)
	if err != nil || page.Next != nil {
		t.Fatalf("list contracts: %v, next %v", err, page.Next)
	}
	return page.Contracts
}

// systems reads the systems of an account: unmapped, mapped or all.
func systems(t *testing.T, on *table.Table, a id.Account, mapping string) []system.System {
	t.Helper()
	var all []system.System
	var after *table.Position
	for {
		page, next, _, err := system.NewStore(on, nil).List(t.Context(), a, system.Listing{Mapping: mapping}, after, 200)
		if err != nil {
			t.Fatal(err)
		}
		if all, after = append(all, page...), next; next == nil {
			return all
		}
	}
}

// The seed takes seconds, so that those who only read it share one.
func TestTheDemoData(t *testing.T) {
	on := fresh(t, nil)
	w := plant(t, seedOf(on, issuer, t0))
	t.Run("a second start writes nothing", func(t *testing.T) { secondStartWritesNothing(t, on, w) })
	t.Run("every rule of contracts has a case", func(t *testing.T) { everyRuleHasACase(t, on, w) })
	t.Run("something waits, and is asked for", func(t *testing.T) { somethingWaitsAndIsAskedFor(t, on, w) })
	t.Run("every state of seats has a case", func(t *testing.T) { everyStateOfSeatsHasACase(t, on, w) })
	t.Run("the catalog has a product for every rule", func(t *testing.T) { everyProductRuleHasACase(t, on) })
	t.Run("the seller and whom to bill are known", func(t *testing.T) { sellerAndBuyersAreKnown(t, on, w) })
	t.Run("the sample events name it", func(t *testing.T) { sampleEventsNameIt(t, on, w) })
	t.Run("every persona stands to the accounts as it says", func(t *testing.T) { personasStandAsTheySay(t, on, w) })
	t.Run("another issuer's personas are enrolled too", func(t *testing.T) { anotherIssuerIsEnrolled(t, on) })
	t.Run("an interrupted seed is completed", func(t *testing.T) { interruptedSeedIsCompleted(t, census(t, on, w)) })
	t.Run("the sample events run on it", func(t *testing.T) { sampleEventsRun(t, on) })
}

func secondStartWritesNothing(t *testing.T, on *table.Table, first demo.World) {
	ctx, meter := table.WithMeter(t.Context())
	second, err := seedOf(on, issuer, t0.AddDate(0, 2, 0)).Plant(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("the second start found other accounts (-first +second):\n%s", diff)
	}
	if meter.Calls() != 1 || meter.WriteUnits() != 0 {
		t.Errorf("the second start made %d calls and wrote %v units", meter.Calls(), meter.WriteUnits())
	}
}

// Whatever a start was interrupted at, and whether its last write took effect or not, the next ones complete it.
func interruptedSeedIsCompleted(t *testing.T, want map[string]any) {
	faults := table.NewFaults(1)
	on := fresh(t, faults)
	interruptions := 0
	for _, mode := range []table.Mode{table.FailBefore, table.FailAfter} {
		for _, writes := range []int{1, 2, 4, 9, 30, 165} {
			faults.Arm(table.Fault{Call: "write", Mode: mode, P: 1, Skip: writes})
			// Each on another day: the days of the demo still count from the first start.
			if _, err := seedOf(on, issuer, t0.AddDate(0, 0, interruptions)).Plant(t.Context()); err != nil {
				interruptions++
			}
		}
	}
	faults.Arm()
	if interruptions != 12 {
		t.Fatalf("the seed was interrupted %d times only", interruptions)
	}
	world := plant(t, seedOf(on, issuer, t0.AddDate(0, 1, 0)))
	if diff := cmp.Diff(want, census(t, on, world)); diff != "" {
		t.Errorf("the completed demo differs from one made at once (-whole +completed):\n%s", diff)
	}
}

// census is what can be seen in the demo accounts, without the ids that may differ.
func census(t *testing.T, on *table.Table, w demo.World) map[string]any {
	t.Helper()
	out := map[string]any{"accounts": w.Accounts}
	for key, a := range w.Accounts {
		settings, err := accounts(on).Get(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		names := map[id.Contract]string{}
		var seen []any
		for _, c := range contracts(t, on, a, "2026-11-21") {
			_, lines, err := contract.NewStore(on, nil).Get(t.Context(), a, c.ID)
			if err != nil {
				t.Fatal(err)
			}
			names[c.ID] = c.Name
			seen = append(seen, c.Facts, c.Mapped)
			for _, l := range lines {
				l.Line.Contract = ""
				seen = append(seen, l.Line)
			}
		}
		for _, s := range systems(t, on, a, "all") {
			seen = append(seen, s.Facts, names[s.Contract])
		}
		for _, s := range seats(t, on, a) {
			seen = append(seen, names[s.Contract])
			s.Contract = ""
			seen = append(seen, s)
		}
		for _, p := range people(t, on, a) {
			seen = append(seen, p.User, p.Queues, p.Products())
		}
		seen = append(seen, centers(t, on, a))
		out[key] = []any{settings.Name, settings.Terms, settings.Partner, settings.Representative, seen}
	}
	partners, _, err := accounts(on).Partners(t.Context(), "", nil, 50)
	if err != nil {
		t.Fatal(err)
	}
	out["partners"] = partners
	return out
}

func everyRuleHasACase(t *testing.T, on *table.Table, w demo.World) {
	for _, test := range []struct {
		key, locale, currency string
		today                 date.Date
		atLeast               int
	}{
		{demo.French, "fr", "EUR", "2026-11-21", 60},
		{demo.English, "en", "GBP", "2026-11-20", 10},
	} {
		a := w.Accounts[test.key]
		settings, err := accounts(on).Get(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		if today := settings.Today(t0); settings.Locale != test.locale || settings.Currency != test.currency || today != test.today {
			t.Errorf("%s: locale %s, currency %s, today %s", settings.Name, settings.Locale, settings.Currency, today)
		}
		if hasPartner := settings.Partner != ""; hasPartner != (test.key == demo.French) || (settings.Representative.Name == "") != hasPartner {
			t.Errorf("%s: partner %q, representative %v", settings.Name, settings.Partner, settings.Representative)
		}
		all := contracts(t, on, a, test.today)
		if len(all) < test.atLeast {
			t.Errorf("%s has %d contracts, want %d", settings.Name, len(all), test.atLeast)
		}
		for rule, holds := range map[string]func(contract.Contract) bool{
			"7 systems for 5": func(c contract.Contract) bool { return c.Mapped == 7 && c.Purchased == 5 },
			"exactly full":    func(c contract.Contract) bool { return c.Over() == 0 && c.Mapped > 2 },
			"none mapped":     func(c contract.Contract) bool { return c.Mapped == 0 && c.Purchased > 2 },
			"within 30 days":  expiresWithin(test.today, 1, 30),
			"within 60 days":  expiresWithin(test.today, 31, 60),
			"within 90 days":  expiresWithin(test.today, 61, 90),
			"expired today":   expiresWithin(test.today, 0, 0),
			"long expired": func(c contract.Contract) bool {
				return c.Expiry < test.today.AddDays(-100) && c.Status(test.today) == contract.Expired
			},
			"active for longer": func(c contract.Contract) bool { return c.Expiry > test.today.AddDays(200) },
		} {
			if !slices.ContainsFunc(all, holds) {
				t.Errorf("%s has no contract %s", settings.Name, rule)
			}
		}
		states := lineStates(t, on, a, all)
		for _, state := range []contract.UsageState{contract.OK, contract.Full, contract.NotSet} {
			if !states[state] {
				t.Errorf("%s has no line %s", settings.Name, state)
			}
		}
		unmapped, mapped, whole := systems(t, on, a, "unmapped"), systems(t, on, a, "mapped"), systems(t, on, a, "all")
		if trials := len(whole) - len(unmapped) - len(mapped); len(unmapped) < 25 || trials < 3 {
			t.Errorf("%s has %d unmapped systems and %d trials", settings.Name, len(unmapped), trials)
		}
	}
}

func expiresWithin(today date.Date, from, to int) func(contract.Contract) bool {
	return func(c contract.Contract) bool {
		return today.AddDays(from) <= c.Expiry && c.Expiry <= today.AddDays(to)
	}
}

func lineStates(t *testing.T, on *table.Table, a id.Account, all []contract.Contract) map[contract.UsageState]bool {
	t.Helper()
	states := map[contract.UsageState]bool{}
	for _, c := range all {
		lines, err := contract.NewStore(on, nil).Lines(t.Context(), a, c)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			states[l.Usage().State] = true
		}
	}
	return states
}

func personasStandAsTheySay(t *testing.T, on *table.Table, w demo.World) {
	kinds := map[demo.Kind]access.Kind{demo.Member: access.Member, demo.Invited: access.Member, demo.Staff: access.Partner, demo.Operator: access.Operator}
	names := map[string]bool{}
	for _, p := range demo.Personas() {
		names[p.Name] = true
		for key, a := range w.Accounts {
			loaded, err := accounts(on).Load(t.Context(), p.Subject(issuer), a, httpapi.Source{}, t0)
			if err != nil {
				t.Fatal(err)
			}
			want := access.Stranger
			if slices.Contains(p.Accounts, key) {
				want = kinds[p.Kind]
			}
			if loaded.Caller.Kind != want || want == access.Member && !slices.Equal(loaded.Caller.Roles, p.Roles) {
				t.Errorf("%s is %q with %v in %s, want %q with %v", p.Name, loaded.Caller.Kind, loaded.Caller.Roles, demo.Name(key), want, p.Roles)
			}
		}
	}
	for _, name := range []string{"super-admin", "admin", "licence-manager", "user-manager", "billing-manager", "viewer", "partner", "operator", "outsider", "newcomer"} {
		if !names[name] {
			t.Errorf("there is no persona %s", name)
		}
	}
}

// The port is part of the issuer's name: a start on another port must not make strangers of everybody.
func anotherIssuerIsEnrolled(t *testing.T, on *table.Table) {
	const other = "http://localhost:9090/dev/oidc"
	users := map[id.User]bool{}
	for _, from := range []string{other, issuer} { // and back
		w := plant(t, seedOf(on, from, t0))
		admin := demo.Personas()[1]
		loaded, err := accounts(on).Load(t.Context(), admin.Subject(from), w.Accounts[demo.French], httpapi.Source{}, t0)
		if err != nil {
			t.Fatal(err)
		}
		if loaded.Caller.Kind != access.Member {
			t.Errorf("%s of %s is %q", admin.Name, from, loaded.Caller.Kind)
		}
		users[loaded.Caller.User] = true
	}
	if len(users) != 1 {
		t.Errorf("one person is %d users", len(users))
	}
}
