package demo_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/local/demo"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/removal"
	"github.com/seatkeeper/seatkeeper/internal/request"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/tax"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// rows reads a partition to its end.
func rows(t *testing.T, on *table.Table, pk string) []table.Item {
	t.Helper()
	q := table.Query{PK: pk, Limit: 1000}
	var all []table.Item
	for {
		page, more, err := on.Query(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if all = append(all, page...); !more {
			return all
		}
		q.After = table.At(page[len(page)-1], table.Primary)
	}
}

// seats are an account's, by their users and products.
func seats(t *testing.T, on *table.Table, a id.Account) []seat.Seat {
	t.Helper()
	var all []seat.Seat
	for _, item := range rows(t, on, table.Seats(a)) {
		var s seat.Seat
		if err := table.Decode(item, &s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

func centers(t *testing.T, on *table.Table, a id.Account) []costcenter.CostCenter {
	t.Helper()
	found, _, _, err := costcenter.NewStore(on, nil).List(t.Context(), a, costcenter.Active, "", nil, 100)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// inhabitant is one of an account's people with what they hold.
type inhabitant struct {
	User user.User
	user.Holding
}

// people are an account's, but for the personas.
func people(t *testing.T, on *table.Table, a id.Account) []inhabitant {
	t.Helper()
	of := map[id.User]user.Holding{}
	for _, item := range rows(t, on, table.Holding(a, "").PK) {
		row, err := user.ReadHolding(item)
		if err != nil {
			t.Fatal(err)
		}
		of[row.Holding.User] = row.Holding
	}
	var all []inhabitant
	for _, item := range rows(t, on, table.Users(a)) {
		var u user.User
		if err := table.Decode(item, &u); err != nil {
			t.Fatal(err)
		}
		if u.ID != "" && !strings.HasSuffix(u.Email, "@demo.example") {
			all = append(all, inhabitant{u, of[u.ID]})
		}
	}
	return all
}

// lined is a line with its contract.
type lined struct {
	contract.Line
	of contract.Contract
}

func (l lined) expired(today date.Date) bool { return l.of.Expiry <= today }

func linesOf(t *testing.T, on *table.Table, a id.Account, today date.Date) []lined {
	t.Helper()
	var all []lined
	for _, c := range contracts(t, on, a, today) {
		found, err := contract.NewStore(on, nil).Lines(t.Context(), a, c)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range found {
			all = append(all, lined{l.Line, c})
		}
	}
	return all
}

// at is a line that is so full, and can be read as that: it is not expired.
func at(percent int, state contract.UsageState, today date.Date) func(lined) bool {
	return func(l lined) bool {
		u := l.Usage()
		return !l.expired(today) && u.State == state && u.Percent != nil && *u.Percent == percent && u.Used > 0
	}
}

// somethingWaitsAndIsAskedFor: licences of an account that buys by itself are to be removed by the month and at the
// contract's end, and there are requests that are open, declined and answered.
func somethingWaitsAndIsAskedFor(t *testing.T, on *table.Table, w demo.World) {
	days, states := map[date.Date]int{}, map[request.State]int{}
	for _, key := range []string{demo.English, demo.Other} {
		for _, item := range rows(t, on, table.Removals(w.Accounts[key])) {
			r, err := removal.Read(item)
			if err != nil || r.State != removal.Pending {
				t.Errorf("%+v %v", r, err)
			}
			days[r.Effective] += r.Left()
		}
		for _, item := range rows(t, on, table.Requests(w.Accounts[key])) {
			var r request.Request
			if err := table.Decode(item, &r); err != nil || r.Author.User == "" {
				t.Errorf("%+v %v", r, err)
			}
			states[r.State]++
		}
	}
	if len(days) != 2 {
		t.Errorf("licences are to be removed on %v, want two days", days)
	}
	if diff := cmp.Diff(map[request.State]int{request.Open: 3, request.Declined: 1, request.Answered: 1}, states); diff != "" {
		t.Errorf("requests by state: %s", diff)
	}
}

func everyStateOfSeatsHasACase(t *testing.T, on *table.Table, w demo.World) {
	for _, test := range []struct {
		key, other string // the language that a few read, who are not of the account's
		today      date.Date
		people     int
	}{{demo.French, "en", "2026-11-21", 130}, {demo.English, "fr", "2026-11-20", 60}} {
		a := w.Accounts[test.key]
		lines := linesOf(t, on, a, test.today)
		for state, holds := range map[string]func(lined) bool{
			"79 %":  at(79, contract.OK, test.today),
			"80 %":  at(80, contract.Warning, test.today),
			"100 %": at(100, contract.Full, test.today),
			"over limit": func(l lined) bool {
				return l.Usage().State == contract.OverLimit && l.Override != nil && l.Available < 0
			},
			"not set":                      func(l lined) bool { return l.Usage().State == contract.NotSet && !l.expired(test.today) },
			"expired, with somebody on it": func(l lined) bool { return l.expired(test.today) && l.Used > 0 },
			"with pools of three cost centers, in use": func(l lined) bool {
				used := 0
				for pool, n := range l.Pools {
					if pool != contract.Unassigned && n.Used() > 0 {
						used++
					}
				}
				return len(l.Pools) >= 3 && used >= 2
			},
		} {
			if !slices.ContainsFunc(lines, holds) {
				t.Errorf("%s has no line %s", test.key, state)
			}
		}
		everybodyHasACase(t, people(t, on, a), test.people, test.other)
		theCountersAgree(t, lines, seats(t, on, a))
		theirUseHasAPast(t, on, a, lines, test.today)
		if n := len(centers(t, on, a)); n < 3 {
			t.Errorf("%s has %d cost centers", test.key, n)
		}
	}
}

func everybodyHasACase(t *testing.T, all []inhabitant, atLeast int, other string) {
	t.Helper()
	if len(all) < atLeast {
		t.Errorf("%d people, want %d", len(all), atLeast)
	}
	names := map[string]bool{}
	for _, p := range all {
		if names[p.User.Name] {
			t.Errorf("two people are called %s", p.User.Name)
		}
		names[p.User.Name] = true
	}
	for state, holds := range map[string]func(inhabitant) bool{
		"who has left":                        func(p inhabitant) bool { return p.User.State == user.Deactivated && len(p.Seats) == 0 },
		"in a queue, with a derived seat":     func(p inhabitant) bool { _, agent := p.Seats["contact-center"]; return agent && len(p.Queues) > 0 },
		"with several products":               func(p inhabitant) bool { return len(p.Seats) >= 3 },
		"with no seat at all":                 func(p inhabitant) bool { return p.User.State == user.Active && len(p.Seats) == 0 },
		"with features switched on":           func(p inhabitant) bool { return len(p.Seats["telephony-standard"].Features) == 2 },
		"without an extension":                func(p inhabitant) bool { return p.User.Extension == "" },
		"who reads the other language":        func(p inhabitant) bool { return p.User.Language == other },
		"with a product that excludes others": func(p inhabitant) bool { _, basic := p.Seats["meetings-basic"]; return basic },
	} {
		if !slices.ContainsFunc(all, holds) {
			t.Errorf("there is nobody %s", state)
		}
	}
}

// theCountersAgree holds what lines count to who sits on them.
func theCountersAgree(t *testing.T, lines []lined, seats []seat.Seat) {
	t.Helper()
	for _, l := range lines {
		sitting := 0
		for _, s := range seats {
			if s.Contract == l.Line.Contract && s.Product == l.Product {
				sitting++
			}
		}
		if sitting != l.Used {
			t.Errorf("%s on %s counts %d, and %d sit there", l.Product, l.of.Name, l.Used, sitting)
		}
	}
}

// theirUseHasAPast: a chart has something to show on the first day, and says nothing of that day itself.
func theirUseHasAPast(t *testing.T, on *table.Table, a id.Account, lines []lined, today date.Date) {
	t.Helper()
	days := map[string][]date.Date{}
	for _, item := range rows(t, on, table.Days(a)) {
		d, line, _ := strings.Cut(table.At(item, table.Primary).SK, "#")
		days[line] = append(days[line], date.Date(d))
	}
	for _, l := range lines {
		known := days[table.Line(a, l.Line.Contract, l.Product).SK]
		atLeast := 1
		if l.Used > 10 && l.of.Start.DaysTo(today) >= 90 {
			atLeast = 20
		}
		if l.of.Start < today && len(known) < atLeast {
			t.Errorf("of %s on %s the use of %d days is known, want %d", l.Product, l.of.Name, len(known), atLeast)
		}
		if slices.ContainsFunc(known, func(d date.Date) bool { return d >= today || d < l.of.Start }) {
			t.Errorf("of %s on %s the use is known on %v", l.Product, l.of.Name, known)
		}
	}
}

func everyProductRuleHasACase(t *testing.T, on *table.Table) {
	found, _, err := catalog.NewStore(on, nil).List(t.Context(), nil, 100)
	if err != nil {
		t.Fatal(err)
	}
	for rule, holds := range map[string]func(catalog.Product) bool{
		"with features":              func(p catalog.Product) bool { return len(p.Features) > 1 },
		"that needs another":         func(p catalog.Product) bool { return len(p.DependsOn) > 0 && !p.Derived },
		"that excludes another":      func(p catalog.Product) bool { return len(p.Excludes) > 0 },
		"that is derived":            func(p catalog.Product) bool { return p.Derived && len(p.DependsOn) > 0 },
		"that stands by itself":      func(p catalog.Product) bool { return p.ID == "fax-archive" },
		"with a name in each tongue": func(p catalog.Product) bool { return p.Name.French != "" && p.Name.French != p.Name.English },
		"for the entry edition only": func(p catalog.Product) bool { return p.For("entry") && !p.For("standard") },
		"not for the entry edition":  func(p catalog.Product) bool { return !p.For("entry") && p.For("standard") },
		"to upgrade to":              func(p catalog.Product) bool { return p.Kind == catalog.Upgrade },
		"to add":                     func(p catalog.Product) bool { return p.Kind == catalog.AddOn && p.For("entry") && p.For("standard") },
		"to have if one likes":       func(p catalog.Product) bool { return p.Kind == catalog.Optional },
	} {
		if !slices.ContainsFunc(found, holds) {
			t.Errorf("the catalog has no product %s", rule)
		}
	}
	for _, p := range found {
		for _, currency := range []string{"EUR", "GBP"} {
			month, monthly := p.In(currency, catalog.Monthly)
			year, yearly := p.In(currency, catalog.Yearly)
			if !monthly || !yearly || month.Unit(1) <= month.Unit(25) || month.Unit(25) <= month.Unit(100) || year.Unit(100) >= 12*month.Unit(100) || p.Flaws() != nil {
				t.Errorf("%s in %s: %v, %v, %v", p.ID, currency, month, year, p.Flaws())
			}
		}
	}
}

// The demo's vendor sells from France, and each account says whom to bill.
func sellerAndBuyersAreKnown(t *testing.T, on *table.Table, w demo.World) {
	ps, err := catalog.NewStore(on, nil).All(t.Context(), t0)
	if err != nil {
		t.Fatal(err)
	}
	seller := ps.Seller()
	if _, err := seller.Cleaned("seller"); err != nil || seller.LegalName != "Seatkeeper Demo SAS" || seller.Country != "FR" {
		t.Errorf("the seller is %+v (%v)", seller, err)
	}
	want := map[string]tax.Treatment{demo.French: {BasisPoints: 2000, Reason: tax.AtRate}, demo.English: {Reason: tax.Outside}, demo.Other: {BasisPoints: 2000, Reason: tax.AtRate}}
	for key, a := range w.Accounts {
		acc, err := account.NewStore(on, nil).Get(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		clean, err := acc.Billing.Cleaned("billing")
		if got := tax.Of(seller.Tax(), acc.Billing.Tax(), tax.Standard); err != nil || clean != acc.Billing || got != want[key] {
			t.Errorf("%s is billed as %+v (%v), taxed %+v", acc.Name, acc.Billing, err, got)
		}
	}
}
