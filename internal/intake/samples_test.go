package intake_test

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/intake"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/system"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// world is the table as an operator's import meets it. CRM ids are the same in every test, so each has its own by
// another first letter.
type world struct {
	t         *testing.T
	table     *table.Table
	faults    *table.Faults
	service   *intake.Service
	contracts *contract.Store
	systems   *system.Store
	accounts  *account.Store
	records   *activity.Store
	users     *user.Store
	now       time.Time
	letter    byte
}

// letters hands out what tells the CRM ids of one test from those of another on the shared table.
var letters = struct {
	sync.Mutex
	left string
}{left: "abcdefghijklmnopqrstuvwxyz0123456789"}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := nameless(t)
	letters.Lock()
	defer letters.Unlock()
	w.letter, letters.left = letters.left[0], letters.left[1:]
	return w
}

// nameless is a world for records that have no CRM id.
func nameless(t *testing.T) *world {
	t.Helper()
	client, name := enginetest.Open(t)
	faults := table.NewFaults(3)
	db := table.New(client, name, faults)
	ids := id.NewMaker(rand.Reader)
	return &world{
		t: t, table: db, faults: faults, service: intake.NewService(db, ids), contracts: contract.NewStore(db, ids), systems: system.NewStore(db, ids),
		accounts: account.NewStore(db, ids), records: activity.NewStore(db), users: user.NewStore(db, ids, seat.NewStore(db, ids, catalog.NewStore(db, ids)).Follow), now: time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC),
	}
}

var shortID = regexp.MustCompile(`\b(001|800|02i)([A-Za-z0-9]{12})([A-Z0-5]{3})?\b`)

// mine turns the CRM ids of a sample into this test's own, with their checksums.
func (w *world) mine(body string) string {
	return shortID.ReplaceAllStringFunc(body, func(s string) string {
		short := s[:3] + string(w.letter) + s[4:15]
		if len(s) == 15 {
			return short
		}
		long, err := id.ParseCRM(short)
		if err != nil {
			return s
		}
		return string(long)
	})
}

func (w *world) sample(name string) []byte {
	w.t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", "samples", name))
	if err != nil {
		w.t.Fatal(err)
	}
	return []byte(w.mine(string(body)))
}

func (w *world) terms() intake.Terms {
	return intake.Terms{AsOf: w.now, Now: w.now, Defaults: account.DefaultTerms(), Caller: operator, By: activity.Author{Kind: access.Operator, Name: "Operator"}}
}

func (w *world) file(in intake.Terms, kind intake.Kind, body []byte) (intake.Report, *table.Meter) {
	w.t.Helper()
	ctx, meter := table.WithMeter(w.t.Context())
	report, err := w.service.File(ctx, in, kind, body)
	if err != nil {
		w.t.Fatal(err)
	}
	return report, meter
}

// lines are the lines of findings, each once.
func lines(r intake.Report) []int {
	var all []int
	for _, p := range r.Rejections {
		if !slices.Contains(all, p.Line) {
			all = append(all, p.Line)
		}
	}
	return all
}

// wrong are the lines that EXPECTED.md calls wrong in a file.
func wrong(t *testing.T, file string) []int {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", "samples", "EXPECTED.md"))
	if err != nil {
		t.Fatal(err)
	}
	var all []int
	for _, m := range regexp.MustCompile(`(?m)^\| (\S+) \| (\d+) \| (.*) \|$`).FindAllStringSubmatch(string(body), -1) {
		if m[1] == file && !strings.HasPrefix(m[3], "fine") {
			n, _ := strconv.Atoi(m[2])
			all = append(all, n)
		}
	}
	if len(all) == 0 {
		t.Fatalf("EXPECTED.md calls nothing wrong in %s", file)
	}
	return all
}

// Every row that EXPECTED.md calls wrong is rejected with its line, every other is taken; the second import of a file
// reports all unchanged and writes nothing; a customer's connect in between survives it.
func TestTheSamplesAreTakenAsExpected(t *testing.T) {
	w := newWorld(t)
	for _, step := range []struct {
		file    string
		kind    intake.Kind
		created int
	}{{"contracts-fr.csv", intake.Contracts, 219 - 8}, {"systems-fr.csv", intake.Systems, 481 - 5}} {
		body := w.sample(step.file)
		pieces := cut(t, step.kind, body)
		created, unchanged, rejected := 0, 0, []int(nil)
		for _, p := range pieces {
			report, _ := w.file(w.terms(), step.kind, p.Body)
			created += report.Counts[intake.Created]
			unchanged += report.Counts[intake.Unchanged]
			for _, l := range lines(report) {
				rejected = append(rejected, p.FileLine(l))
			}
			w.noticesAreWorded(report)
		}
		slices.Sort(rejected)
		if diff := cmp.Diff(wrong(t, step.file), rejected); diff != "" {
			t.Errorf("%s: lines rejected (-want +got)\n%s", step.file, diff)
		}
		// The row that stands twice is created in one piece and unchanged in another.
		if created+unchanged != step.created || unchanged > 1 {
			t.Errorf("%s: %d rows created and %d unchanged, want %d in all", step.file, created, unchanged, step.created)
		}
	}
	w.importAgain()
	w.amendments()
}

// importAgain connects and disconnects as a customer would, then imports the files once more, a minute later.
func (w *world) importAgain() {
	t, ctx := w.t, w.t.Context()
	t.Helper()
	a := w.accountOf("001nBUbHoWC8FJo")
	acc, err := w.accounts.Get(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	today := acc.Today(w.now)
	page, err := w.contracts.List(ctx, a, today, contract.Listing{Order: contract.ByName, Status: contract.Active}, nil, 1)
	if err != nil || len(page.Contracts) == 0 {
		t.Fatal("no active contract", err)
	}
	free, _, _, err := w.systems.List(ctx, a, system.Listing{Mapping: "unmapped"}, nil, 3)
	if err != nil || len(free) != 3 {
		t.Fatal("no three unmapped systems", err)
	}
	change := system.Change{Account: a, Today: today, Now: w.now, By: activity.Author{Kind: access.Member}}
	asked := []string{string(free[0].ID), string(free[1].ID)}
	if _, err := w.systems.Connect(ctx, change, page.Contracts[0].ID, asked, func(system.Connection) ([]table.Op, error) { return nil, nil }); err != nil {
		t.Fatal(err)
	}
	again := w.terms()
	again.AsOf, again.Now = w.now.Add(time.Minute), w.now.Add(time.Minute)
	for file, kind := range map[string]intake.Kind{"contracts-fr.csv": intake.Contracts, "systems-fr.csv": intake.Systems} {
		for _, p := range cut(t, kind, w.sample(file)) {
			report, meter := w.file(again, kind, p.Body)
			if n := report.Counts[intake.Created] + report.Counts[intake.Changed] + report.Counts[intake.Skipped]; n != 0 || meter.WriteUnits() != 0 {
				t.Errorf("%s again: %v and %v write units, want all unchanged and none", file, report.Counts, meter.WriteUnits())
			}
		}
	}
	mapped, _, _, err := w.systems.List(ctx, a, system.Listing{Contract: page.Contracts[0].ID}, nil, 200)
	if err != nil {
		t.Fatal(err)
	}
	for _, sys := range asked {
		if !slices.ContainsFunc(mapped, func(s system.System) bool { return string(s.ID) == sys }) {
			t.Errorf("the customer's connect of %s did not survive the import", sys)
		}
	}
}

// amendments imports the same contracts under their 18-character ids, with later dates: none appears twice.
func (w *world) amendments() {
	t, ctx := w.t, w.t.Context()
	t.Helper()
	count := func() (n int) {
		for _, crm := range []string{"0015ubbbPIa84yR", "001v5UTG79BG16Q", "001WXaSCrUZoL8g", "001woRoWD8s7bA1", "001iK2ZWeqhFWCE", "001nBUbHoWC8FJo", "001PyYngFb51yBM", "0016J7PglOU3shV"} {
			page, err := w.contracts.List(ctx, w.accountOf(crm), "2026-11-21", contract.Listing{Order: contract.ByName}, nil, 200)
			if err != nil {
				t.Fatal(err)
			}
			n += len(page.Contracts)
		}
		return n
	}
	before := count()
	later := w.terms()
	later.AsOf, later.Now = w.now.Add(time.Hour), w.now.Add(time.Hour)
	report, _ := w.file(later, intake.Contracts, w.sample("contracts-en.csv"))
	if report.Counts[intake.Rejected] != 0 || report.Counts[intake.Changed] == 0 {
		t.Errorf("contracts-en.csv: %v, want changes and no rejection", report.Counts)
	}
	// One contract is new: the French file had an impossible date for it.
	if after := count(); before != 119 || after != 120 {
		t.Errorf("%d contracts, then %d, want 119 and 120", before, after)
	}
	// The systems whose contract was not taken the first time are warned of no more, and are on it now.
	for _, p := range cut(t, intake.Systems, w.sample("systems-fr.csv")) {
		report, _ := w.file(later, intake.Systems, p.Body)
		if len(report.Warnings) != 0 {
			t.Errorf("systems are still warned of: %v", report.Warnings)
		}
	}
	report, meter := w.file(w.terms(), intake.Contracts, w.sample("contracts-fr.csv"))
	if report.Counts[intake.Changed] != 0 || report.Counts[intake.Skipped] == 0 || meter.WriteUnits() != 0 {
		t.Errorf("the older file after the newer: %v and %v write units, want rows skipped and nothing written", report.Counts, meter.WriteUnits())
	}
}

func (w *world) accountOf(crm string) id.Account {
	w.t.Helper()
	full, err := id.ParseCRM(w.mine(crm))
	if err != nil {
		w.t.Fatal(err)
	}
	item, err := w.table.Get(context.Background(), table.CRMRecord(full))
	if err != nil || item == nil {
		w.t.Fatalf("account %s: %v", crm, err)
	}
	var row struct {
		ID id.Account `dynamodbav:"id"`
	}
	if err := table.Decode(item, &row); err != nil {
		w.t.Fatal(err)
	}
	return row.ID
}
