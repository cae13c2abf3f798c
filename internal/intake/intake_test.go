package intake_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/intake"
	"github.com/seatkeeper/seatkeeper/internal/intake/sheet"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/system"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

func cut(t *testing.T, kind intake.Kind, body []byte) []sheet.Piece {
	t.Helper()
	columns, together, err := kind.Columns()
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := sheet.Parse(body, columns, 0)
	if err != nil {
		t.Fatal(err)
	}
	pieces, err := parsed.Cut(together, intake.MaxRows, intake.MaxBytes)
	if err != nil {
		t.Fatal(err)
	}
	return pieces
}

// noticesAreWorded holds every finding to a text of its own in both languages.
func (w *world) noticesAreWorded(r intake.Report) {
	w.t.Helper()
	for _, p := range append(r.Rejections, r.Warnings...) {
		en, fr := p.Say(text.English), p.Say(text.French)
		if en == p.Code || fr == p.Code || en == fr || strings.Contains(en+fr, "%!") {
			w.t.Errorf("line %d, %s: %q and %q", p.Line, p.Code, en, fr)
		}
	}
}

const (
	crmAccount  = "001nBUbHoWC8FJo"
	crmContract = "800L2cEpVZzAQlx"
	crmSystem   = "02ikzI3B44NV2EG"
)

func (w *world) crm(s string) id.CRM {
	w.t.Helper()
	c, err := id.ParseCRM(w.mine(s))
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) contractRecord(purchased int) intake.ContractRecord {
	seats := 10
	return intake.ContractRecord{
		Account: w.crm(crmAccount), AccountName: "Clinique", Contract: w.crm(crmContract),
		Facts: contract.Facts{Name: "Order", Start: "2026-01-01", Expiry: "2027-01-01", Purchased: purchased},
		Lines: []intake.LineRecord{{Product: "expenses", Seats: &seats}},
	}
}

// at says that a record speaks of an instant, minutes after the beginning.
func (w *world) at(minutes int) intake.Terms {
	in := w.terms()
	in.AsOf, in.Stated, in.Now = w.now.Add(time.Duration(minutes)*time.Minute), true, w.now.Add(time.Hour)
	return in
}

// An older change never overwrites a newer one; the same instant with other content is refused; a newer instant with
// the same content still shuts out what lies between.
func TestChangesCountInTheOrderTheCRMMadeThem(t *testing.T) {
	w := newWorld(t)
	for _, step := range []struct {
		at, purchased int
		want          intake.Result
		refused       bool
	}{
		{at: 10, purchased: 5, want: intake.Created},
		{at: 10, purchased: 5, want: intake.Unchanged},
		{at: 10, purchased: 6, want: intake.Rejected, refused: true},
		{at: 5, purchased: 7, want: intake.Skipped},
		{at: 20, purchased: 8, want: intake.Changed},
		{at: 40, purchased: 8, want: intake.Unchanged},
		{at: 30, purchased: 9, want: intake.Skipped},
		{at: 50, purchased: 9, want: intake.Changed},
	} {
		got, _, err := w.service.TakeContract(t.Context(), w.at(step.at), w.contractRecord(step.purchased))
		if got != step.want || (err != nil) != step.refused {
			t.Errorf("%d systems at minute %d: %s (%v), want %s", step.purchased, step.at, got, err, step.want)
		}
	}
	row, lines, err := w.contracts.Get(t.Context(), w.accountOf(crmAccount), w.onlyContract())
	if err != nil || row.Purchased != 9 || len(lines) != 1 {
		t.Errorf("the contract has %d systems and %d lines (%v), want 9 and 1", row.Purchased, len(lines), err)
	}
}

// A contract that the CRM ends as of a day that is over is announced as expired by the sweep, once, and not written down
// before. One that is over when it comes is nobody's news.
func TestAContractThatTheCRMEndsIsAnnounced(t *testing.T) {
	w := newWorld(t)
	rec, today := w.contractRecord(5), date.Date("2026-11-21")
	take := func(minutes int, expiry date.Date) contract.Row {
		t.Helper()
		rec.Facts.Expiry = expiry
		_, c, err := w.service.TakeContract(t.Context(), w.at(minutes), rec)
		if err != nil {
			t.Fatal(err)
		}
		row, _, err := w.contracts.Get(t.Context(), w.accountOf(crmAccount), c)
		if err != nil {
			t.Fatal(err)
		}
		return row
	}
	take(10, "2027-01-01")
	row := take(20, "2026-06-30")
	ch := contract.Changing{Account: w.accountOf(crmAccount), Now: w.now, By: activity.Author{Kind: access.Clock}}
	for _, want := range []contract.Marked{{Announced: true, Expired: true}, {}} {
		if marked, err := w.contracts.Mark(t.Context(), ch, row, today); err != nil || marked != want || row.Status(today) != contract.Expired {
			t.Errorf("marked %+v (%v), want %+v; it is written as %s until %s", marked, err, want, row.Swept, row.Expiry)
		}
		row, _, _ = w.contracts.Get(t.Context(), w.accountOf(crmAccount), row.ID)
	}
	if row = take(30, "2026-05-31"); row.Swept != contract.Expired {
		t.Errorf("expired and announced, then of another day that is over: it is written as %s", row.Swept)
	}
	rec.Contract = w.crm("800L2cEpVZzAQly")
	if row = take(40, "2026-06-30"); row.Swept != contract.Expired {
		t.Errorf("over when it came: it is written as %s", row.Swept)
	}
}

func (w *world) onlyContract() id.Contract {
	w.t.Helper()
	page, err := w.contracts.List(w.t.Context(), w.accountOf(crmAccount), "2026-11-21", contract.Listing{Order: contract.ByName}, nil, 2)
	if err != nil || len(page.Contracts) != 1 {
		w.t.Fatalf("%d contracts (%v), want one", len(page.Contracts), err)
	}
	return page.Contracts[0].ID
}

func TestADryRunAnswersTheSameAndWritesNothing(t *testing.T) {
	w := newWorld(t)
	dry := w.terms()
	dry.DryRun = true
	body := w.sample("contracts-fr.csv")
	promised, meter := w.file(dry, intake.Contracts, body)
	if meter.WriteUnits() != 0 {
		t.Errorf("the dry run wrote %v units", meter.WriteUnits())
	}
	done, _ := w.file(w.terms(), intake.Contracts, body)
	if fmt.Sprint(promised.Counts) != fmt.Sprint(done.Counts) || len(promised.Rejections) != len(done.Rejections) {
		t.Errorf("promised %v, done %v", promised.Counts, done.Counts)
	}
}

// An import can be stopped and run again without harm: whatever call fails, before or after it took effect, the repeat
// ends with the same contracts.
func TestAnImportThatBreaksOffIsRunAgainWithoutHarm(t *testing.T) {
	w := newWorld(t)
	body := w.sample("contracts-en.csv")
	for skip := 0; ; skip += 7 {
		mode := table.FailAfter
		if skip%2 == 0 {
			mode = table.FailBefore
		}
		w.faults.Arm(table.Fault{Call: "write", Mode: mode, P: 1, Times: 1, Skip: skip % 40})
		_, err := w.service.File(t.Context(), w.terms(), intake.Contracts, body)
		left := len(w.faults.Armed())
		w.faults.Arm()
		if err == nil && left > 0 {
			break
		}
	}
	report, meter := w.file(w.terms(), intake.Contracts, body)
	if report.Counts[intake.Unchanged] != 66 || meter.WriteUnits() != 0 {
		t.Errorf("at the end %v and %v write units, want 66 unchanged and none", report.Counts, meter.WriteUnits())
	}
}

func TestASystemMovesBetweenContractsWithTheirCounters(t *testing.T) {
	w := newWorld(t)
	if _, _, err := w.service.TakeContract(t.Context(), w.at(1), w.contractRecord(0)); err != nil {
		t.Fatal(err)
	}
	other := w.contractRecord(0)
	other.Contract = w.crm("800UbEctT2NLLzP")
	if _, _, err := w.service.TakeContract(t.Context(), w.at(1), other); err != nil {
		t.Fatal(err)
	}
	rec := intake.SystemRecord{Account: w.crm(crmAccount), System: w.crm(crmSystem), Facts: system.Facts{Name: "Portal", Kind: system.Commercial}}
	for i, on := range []id.CRM{"", w.crm(crmContract), other.Contract, ""} {
		rec.Contract = on
		if _, _, err := w.service.TakeSystem(t.Context(), w.at(i+2), rec); err != nil {
			t.Fatal(err)
		}
		a := w.accountOf(crmAccount)
		over, err := w.contracts.OverCount(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		page, err := w.contracts.List(t.Context(), a, "2026-11-21", contract.Listing{Order: contract.ByName}, nil, 5)
		if err != nil {
			t.Fatal(err)
		}
		mapped := 0
		for _, c := range page.Contracts {
			mapped += c.Mapped
			if (c.CRM == on) != (c.Mapped == 1) {
				t.Errorf("on %q: contract %s counts %d systems", on, c.CRM, c.Mapped)
			}
		}
		want := 1
		if on == "" {
			want = 0
		}
		if over != want || mapped != want {
			t.Errorf("on %q: %d contracts over, %d systems mapped, want %d", on, over, mapped, want)
		}
	}
}

// A new name that the CRM gives an account is taken over once, and moves it in the operators' list.
func TestAnAccountIsRenamedWhereTheCRMRenamesIt(t *testing.T) {
	w := newWorld(t)
	rec := w.contractRecord(1)
	rec.AccountName = "Avant " + string(w.letter)
	if _, _, err := w.service.TakeContract(t.Context(), w.at(1), rec); err != nil {
		t.Fatal(err)
	}
	rec.AccountName = "Après " + string(w.letter)
	if got, _, err := w.service.TakeContract(t.Context(), w.at(2), rec); err != nil || got != intake.Changed {
		t.Fatalf("%s (%v), want changed", got, err)
	}
	for name, want := range map[string]int{"avant " + string(w.letter): 0, "apres " + string(w.letter): 1} {
		found, _, err := w.accounts.List(t.Context(), name, nil, 5)
		if err != nil || len(found) != want {
			t.Errorf("%q finds %d accounts (%v), want %d", name, len(found), err, want)
		}
	}
}

func TestRowsThatContradictEachOtherAreRejectedAndTheFirstStands(t *testing.T) {
	w := newWorld(t)
	head := "Account ID,Account Name,Contract ID,Contract Name,Contract End Date,Systems Purchased,Product Code,Seats\n"
	row := func(name, product, seats string) string {
		return fmt.Sprintf("%s,Clinic,%s,%s,2027-01-01,5,%s,%s\n", w.mine(crmAccount), w.mine(crmContract), name, product, seats)
	}
	report, _ := w.file(w.terms(), intake.Contracts, []byte(head+row("A", "x", "5")+row("B", "y", "5")+row("A", "x", "6")+row("A", "x", "5")+row("A", "z", "7")))
	if got := fmt.Sprint(lines(report)); got != "[3 4]" || report.Counts[intake.Created] != 3 {
		t.Errorf("lines %s rejected and %v, want 3 and 4 rejected and three rows created", got, report.Counts)
	}
	csv, err := report.RejectedCSV(text.French)
	if err != nil || !strings.Contains(csv, "dit autre chose") || strings.Count(csv, "\n") != 3 {
		t.Errorf("the file of rejected rows is %q (%v)", csv, err)
	}
}
