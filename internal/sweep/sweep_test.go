package sweep_test

import (
	"context"
	"crypto/rand"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/removal"
	"github.com/seatkeeper/seatkeeper/internal/sweep"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// world is a table of its own, since a sweep meets everything that is due in one.
type world struct {
	t         *testing.T
	table     *table.Table
	faults    *table.Faults
	ids       *id.Maker
	contracts *contract.Store
	sweep     *sweep.Sweep
}

func newWorld(t *testing.T) *world {
	t.Helper()
	client, name := enginetest.Own(t)
	faults := table.NewFaults(1)
	db, ids := table.New(client, name, faults), id.NewMaker(rand.Reader)
	contracts := contract.NewStore(db, ids)
	heal := func(context.Context, id.Account, table.Key, time.Time) (bool, error) { return false, nil }
	return &world{t, db, faults, ids, contracts, sweep.New(db, contracts, removal.NewStore(db, ids, catalog.NewStore(db, ids)), heal)}
}

func (w *world) account(zone string) id.Account {
	w.t.Helper()
	terms := account.DefaultTerms()
	terms.TimeZone = zone
	a := account.Account{ID: id.New[id.Account](w.ids, time.Now()), Name: "Account " + rand.Text(), Terms: terms, CreatedAt: time.Now()}
	ops, err := account.CreateOps(a)
	if err == nil {
		err = w.table.Write(w.t.Context(), ops...)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return a.ID
}

func (w *world) contract(a id.Account, expiry date.Date, days ...int) id.Contract {
	w.t.Helper()
	c := contract.Contract{
		ID: id.New[id.Contract](w.ids, time.Now()), CRM: "800L2cEpVZzAQlxI0G", AlertDays: contract.NewAlertDays(days),
		Facts: contract.Facts{Name: "Order form " + rand.Text(), Expiry: expiry}, Swept: contract.Active,
	}
	ops, err := contract.CreateOps(a, c)
	if err == nil {
		err = w.table.Write(w.t.Context(), ops...)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return c.ID
}

func (w *world) run(at string) sweep.Report {
	w.t.Helper()
	report, err := w.sweep.Run(w.t.Context(), instant(w.t, at))
	if err != nil {
		w.t.Fatal(err)
	}
	return report
}

func instant(t *testing.T, at string) time.Time {
	t.Helper()
	now, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	return now
}

// announced are the steps that were announced of a contract, by the days before its expiry, oldest first.
func (w *world) announced(a id.Account, c id.Contract, at string) []int {
	w.t.Helper()
	now := instant(w.t, at)
	records, _, err := activity.NewStore(w.table).List(w.t.Context(), a, string(c), now.AddDate(-1, 0, 0), now, nil, 50)
	if err != nil {
		w.t.Fatal(err)
	}
	steps := []int{}
	for _, r := range records {
		if r.Action == activity.ContractExpiring || r.Action == activity.ContractExpired {
			days, _ := r.After["days"].(float64)
			steps = append([]int{int(days)}, steps...)
		}
	}
	return steps
}

func (w *world) status(a id.Account, c id.Contract) contract.Status {
	w.t.Helper()
	row, _, err := w.contracts.Get(w.t.Context(), a, c)
	if err != nil {
		w.t.Fatal(err)
	}
	return row.Swept
}

// A contract's life: each step once, however often the sweep runs; expired on the account's own day, and written down once
// that is so everywhere.
func TestAContractIsAnnouncedStepByStep(t *testing.T) {
	w := newWorld(t)
	a := w.account("Europe/Paris")
	c := w.contract(a, "2026-12-31", 30, 7)
	for _, step := range []struct {
		at     string
		want   []int
		status contract.Status
	}{
		{"2026-11-30T22:59:00Z", []int{}, contract.Active}, // 23:59 in Paris on the day before
		{"2026-11-30T23:00:00Z", []int{30}, contract.Active},
		{"2026-12-01T00:00:00Z", []int{30}, contract.Active},
		{"2026-12-23T23:00:00Z", []int{30, 7}, contract.Active},
		{"2026-12-30T22:00:00Z", []int{30, 7}, contract.Active},
		{"2026-12-30T23:00:00Z", []int{30, 7, 0}, contract.Active}, // it is the 31st in Paris, and the 30th in Honolulu
		{"2027-01-01T12:00:00Z", []int{30, 7, 0}, contract.Expired},
		{"2027-01-05T12:00:00Z", []int{30, 7, 0}, contract.Expired},
	} {
		w.run(step.at)
		w.run(step.at)
		if diff := cmp.Diff(step.want, w.announced(a, c, step.at)); diff != "" || w.status(a, c) != step.status {
			t.Errorf("at %s it is written as %s, want %s; announced (-want +got): %s", step.at, w.status(a, c), step.status, diff)
		}
	}
}

// A contract that somebody ends as of today, or of a day that is over, is announced as expired as any other, once
// (FEATURES.md, Contracts); readers are shown it as expired before.
func TestAContractThatIsEndedIsAnnounced(t *testing.T) {
	w := newWorld(t)
	a := w.account("Europe/Paris")
	for _, row := range []struct {
		at     string
		expiry date.Date
	}{
		{"2026-11-21T09:00:00Z", "2026-11-21"}, // the 20th has not ended in the west
		{"2026-11-21T16:00:00Z", "2026-11-21"},
		{"2026-11-21T09:00:00Z", "2026-11-20"},
		{"2026-11-21T16:00:00Z", "2025-02-28"},
	} {
		c, now := w.contract(a, "2027-12-31"), instant(t, row.at)
		if _, _, err := w.contracts.SetTerms(t.Context(), contract.Changing{Account: a, Now: now}, c, contract.Terms{Expiry: &row.expiry}, func(int) error { return nil }); err != nil {
			t.Fatal(err)
		}
		for status, want := range map[contract.Status]bool{contract.Active: false, contract.Expired: true} {
			for _, order := range []contract.Order{contract.ByStatus, contract.ByExpiry} {
				page, err := w.contracts.List(t.Context(), a, "2026-11-21", contract.Listing{Status: status, Order: order}, nil, 50)
				listed := slices.ContainsFunc(page.Contracts, func(is contract.Contract) bool { return is.ID == c })
				if err != nil || listed != want {
					t.Errorf("ended at %s as of %s: before the sweep it is listed as %s by %s: %v (%v)", row.at, row.expiry, status, order, listed, err)
				}
			}
		}
		for _, at := range []string{"2026-11-21T17:00:00Z", "2026-11-21T18:00:00Z", "2026-11-23T17:00:00Z"} {
			w.run(at)
			if diff := cmp.Diff([]int{0}, w.announced(a, c, at)); diff != "" {
				t.Errorf("ended at %s as of %s: by %s it is announced (-want +got): %s", row.at, row.expiry, at, diff)
			}
		}
		if w.status(a, c) != contract.Expired {
			t.Errorf("ended at %s as of %s: in the end it is written as %s", row.at, row.expiry, w.status(a, c))
		}
	}
}

// A contract is written to on the day on which it enters what counts as due, once and without a word, so that the overview
// of its account is counted anew; and on no day between its steps.
func TestAContractComesWithinNinetyDaysInSilence(t *testing.T) {
	w := newWorld(t)
	a := w.account("Europe/Paris")
	c := w.contract(a, "2026-12-31", 100, 60)
	rev := func() int {
		row, _, err := w.contracts.Get(t.Context(), a, c)
		if err != nil {
			t.Fatal(err)
		}
		return row.Rev
	}
	for _, step := range []struct {
		at   string
		want []int
		revs int
	}{
		{"2026-09-22T00:00:00Z", []int{100}, 2},
		{"2026-10-01T21:00:00Z", []int{100}, 2},
		{"2026-10-01T22:00:00Z", []int{100}, 3}, // 2 October in Paris, 90 days before
		{"2026-10-31T22:00:00Z", []int{100}, 3},
		{"2026-11-01T00:00:00Z", []int{100, 60}, 4},
	} {
		for range 2 {
			w.run(step.at)
		}
		if diff := cmp.Diff(step.want, w.announced(a, c, step.at)); diff != "" || rev() != step.revs {
			t.Errorf("at %s its rev is %d, want %d; announced (-want +got): %s", step.at, rev(), step.revs, diff)
		}
	}
	if report := w.run("2026-11-03T00:00:00Z"); report.Examined != 0 {
		t.Errorf("between its steps it is looked at: %+v", report)
	}
}

// Two runs at once announce once.
func TestTwoSweepsAtOnceAnnounceOnce(t *testing.T) {
	w := newWorld(t)
	a := w.account("Europe/Paris")
	var all []id.Contract
	for range 20 {
		all = append(all, w.contract(a, "2026-12-31", 30))
	}
	var both sync.WaitGroup
	for range 3 {
		both.Go(func() {
			if _, err := w.sweep.Run(t.Context(), instant(t, "2026-12-05T09:00:00Z")); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	for _, c := range all {
		if diff := cmp.Diff([]int{30}, w.announced(a, c, "2026-12-05T10:00:00Z")); diff != "" {
			t.Errorf("announced (-want +got): %s", diff)
		}
	}
}

// An extension between the reading and the marking wins: the contract is not marked, and due again on its own days.
func TestAnExtensionAtTheSameMomentWins(t *testing.T) {
	w := newWorld(t)
	a := w.account("Europe/Paris")
	c := w.contract(a, "2026-12-31", 30)
	now := instant(t, "2027-01-02T09:00:00Z")
	row, _, err := w.contracts.Get(t.Context(), a, c)
	if err != nil {
		t.Fatal(err)
	}
	later := date.Date("2027-12-31")
	if _, _, err := w.contracts.SetTerms(t.Context(), contract.Changing{Account: a, Now: now}, c, contract.Terms{Expiry: &later}, func(int) error { return nil }); err != nil {
		t.Fatal(err)
	}
	marked, err := w.contracts.Mark(t.Context(), contract.Changing{Account: a, Now: now}, row, "2027-01-02")
	if err != nil || marked != (contract.Marked{}) || w.status(a, c) != contract.Active {
		t.Errorf("marked %+v (%v), it is %s; want it left alone", marked, err, w.status(a, c))
	}
	if report := w.run("2027-01-02T10:00:00Z"); report.Announced != 0 {
		t.Errorf("%+v, want nothing announced", report)
	}
	w.run("2027-12-05T10:00:00Z")
	if diff := cmp.Diff([]int{30}, w.announced(a, c, "2027-12-05T11:00:00Z")); diff != "" {
		t.Errorf("of the new date (-want +got): %s", diff)
	}
}

// The work grows with what is due, not with what there is: 16 Queries where nothing is.
func TestTheWorkGrowsWithWhatIsDue(t *testing.T) {
	w := newWorld(t)
	a := w.account("Europe/Paris")
	for range 300 {
		w.contract(a, "2028-12-31", 30)
	}
	ctx, meter := table.WithMeter(t.Context())
	report, err := w.sweep.Run(ctx, instant(t, "2026-12-05T09:00:00Z"))
	if err != nil || meter.Calls() != table.DueShards || report != (sweep.Report{Complete: true}) {
		t.Errorf("%d calls, %+v (%v), want a Query for each shard and nothing else", meter.Calls(), report, err)
	}
	for range 10 {
		w.contract(a, "2026-12-31", 30)
	}
	ctx, meter = table.WithMeter(t.Context())
	report, err = w.sweep.Run(ctx, instant(t, "2026-12-05T09:00:00Z"))
	if err != nil || report.Announced != 10 || meter.Calls() > table.DueShards+10+2*10 {
		t.Errorf("%d calls, %+v (%v), want 10 announced at a write each", meter.Calls(), report, err)
	}
}

// A row that cannot be marked holds up none, is counted, and is marked by the next run.
func TestAFailureHoldsUpNobody(t *testing.T) {
	w := newWorld(t)
	a := w.account("Europe/Paris")
	for range 10 {
		w.contract(a, "2026-12-31", 30)
	}
	w.faults.Arm(table.Fault{Call: "write", Mode: table.FailBefore, P: 1, Times: 3})
	report, err := w.sweep.Run(t.Context(), instant(t, "2026-12-05T09:00:00Z"))
	if want := (sweep.Report{Examined: 10, Announced: 7, Failed: 3, Complete: true}); err == nil || !cmp.Equal(report, want, cmpopts.EquateEmpty()) {
		t.Errorf("%+v (%v), want %+v and an error", report, err, want)
	}
	if report := w.run("2026-12-05T10:00:00Z"); report.Announced != 3 || report.Failed != 0 {
		t.Errorf("the next run: %+v, want the 3 that were left", report)
	}
}

// A run ends before its time, also where what it began hangs: a bus that does not answer is left after four seconds, and no
// row is begun in the last five, also of those that were read already.
func TestARunEndsBeforeItsTimeWhereTheBusHangs(t *testing.T) {
	w := newWorld(t)
	a := w.account("Europe/Paris")
	first, rows := table.DueShard(0), 0
	for n := 0; rows < 20; n++ {
		c, product := id.New[id.Contract](w.ids, time.Now()), "phone"
		if shard, _ := table.DueSorts("0001-01-01", a, table.DueLevel, product+"#"+string(c)); shard != first {
			continue
		}
		item := table.Item{}
		table.PutDue(item, "0001-01-01", a, table.DueLevel, product+"#"+string(c))
		if err := w.table.Write(t.Context(), table.Put(table.Line(a, c, product), item, table.Absent())); err != nil {
			t.Fatal(err)
		}
		rows++
	}
	var begun atomic.Int64
	hangs := func(ctx context.Context, _ id.Account, _ table.Key, _ time.Time) (bool, error) {
		begun.Add(1)
		<-ctx.Done()
		return false, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 8900*time.Millisecond) // what hangs is left only after the last rows were taken
	defer cancel()
	report, _ := sweep.New(w.table, w.contracts, nil, hangs).Run(ctx, instant(t, "2026-12-05T00:00:00Z"))
	if n := int(begun.Load()); ctx.Err() != nil || report.Complete || n > 8 || report.Examined != n {
		t.Errorf("%d of %d rows begun, %+v, its time is over: %v; want 8 that were begun at once, and an end before its time", n, rows, report, ctx.Err())
	}
}

// Time that runs short ends a run early; the next one goes on.
func TestARunEndsInTime(t *testing.T) {
	w := newWorld(t)
	w.contract(w.account("Europe/Paris"), "2026-12-31", 30)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	report, err := w.sweep.Run(ctx, instant(t, "2026-12-05T09:00:00Z"))
	if err != nil || report.Complete || report.Examined != 0 {
		t.Errorf("%+v (%v), want an incomplete run without an error", report, err)
	}
	if report := w.run("2026-12-05T10:00:00Z"); report.Announced != 1 {
		t.Errorf("the next run: %+v", report)
	}
}
