package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/intake"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/system"
)

// Each record goes in whatever people may write, up to the longest; a name that changes only in its accents too.
func TestNoNameIsTooLongOrTooLikeAnother(t *testing.T) {
	w := newWorld(t)
	for i, name := range []string{"Societe", "Société", strings.Repeat("株", 490), strings.Repeat("Ж", 450), strings.Repeat("a b ", 120)} {
		rec := w.contractRecord(i)
		rec.AccountName, rec.Facts.Name = name, name
		if got, _, err := w.service.TakeContract(t.Context(), w.at(i), rec); err != nil || got == intake.Rejected {
			t.Fatalf("%.20q: %s (%v)", name, got, err)
		}
		sys := intake.SystemRecord{Account: w.crm(crmAccount), System: w.crm(crmSystem), Facts: system.Facts{Name: name, Kind: system.Commercial}}
		if got, _, err := w.service.TakeSystem(t.Context(), w.at(i), sys); err != nil || got == intake.Rejected {
			t.Fatalf("a system %.20q: %s (%v)", name, got, err)
		}
	}
	for _, asked := range []string{strings.Repeat("㌀", 200), strings.Repeat("Ж", 200)} {
		if _, err := w.contracts.List(t.Context(), w.accountOf(crmAccount), "2026-11-21", contract.Listing{Search: asked}, nil, 5); err != nil {
			t.Errorf("a search for %.10q: %v", asked, err)
		}
	}
}

// A file without a column says nothing about it: nobody's systems are taken off their contracts by a narrower export.
func TestWhatAFileHasNoColumnForStays(t *testing.T) {
	w := newWorld(t)
	if _, _, err := w.service.TakeContract(t.Context(), w.at(0), w.contractRecord(1)); err != nil {
		t.Fatal(err)
	}
	a, c, s := w.mine(crmAccount), w.mine(crmContract), w.mine(crmSystem)
	full := "Account ID,Asset ID,Asset Name,Type,URL,Contract ID\n" + a + "," + s + ",Portal,Commercial,https://p.example.com/," + c + "\n"
	narrow := "Account ID,Asset ID,Asset Name,Type\n" + a + "," + s + ",Portal 2,Commercial\n"
	contracts := "Account ID,Account Name,Contract ID,Contract Name,Contract End Date,Systems Purchased,Product Code,Seats\n" + a + ",Clinique," + c + ",Order 2,2027-01-01,1,expenses,10\n"
	for i, step := range []struct {
		kind intake.Kind
		body string
	}{{intake.Systems, full}, {intake.Systems, narrow}, {intake.Contracts, contracts}} {
		report, _ := w.file(w.at(i+1), step.kind, []byte(step.body))
		if report.Counts[intake.Rejected] != 0 {
			t.Fatalf("%v", report.Rejections)
		}
	}
	found, _, _, err := w.systems.List(t.Context(), w.accountOf(crmAccount), system.Listing{Mapping: "all"}, nil, 5)
	if err != nil || len(found) != 1 || found[0].Name != "Portal 2" || found[0].Contract != w.onlyContract() || found[0].URL != "https://p.example.com/" {
		t.Errorf("the system is %+v (%v), want its new name, its address and its contract", found, err)
	}
	row, _, err := w.contracts.Get(t.Context(), w.accountOf(crmAccount), w.onlyContract())
	if err != nil || row.Name != "Order 2" || row.Start != "2026-01-01" {
		t.Errorf("the contract is %+v (%v), want its new name and its start", row.Contract, err)
	}
}

// Columns that were swapped are an everyday mistake: the row is rejected, and nothing is made of it.
func TestAnIDOfAnotherKindIsRejected(t *testing.T) {
	w := newWorld(t)
	if _, _, err := w.service.TakeContract(t.Context(), w.at(0), w.contractRecord(1)); err != nil {
		t.Fatal(err)
	}
	acc, ctr, sys := w.crm(crmAccount), w.crm(crmContract), w.crm(crmSystem)
	facts := system.Facts{Name: "Portal", Kind: system.Commercial}
	if _, _, err := w.service.TakeSystem(t.Context(), w.at(0), intake.SystemRecord{Account: acc, System: sys, Facts: facts}); err != nil {
		t.Fatal(err)
	}
	for name, rec := range map[string]intake.SystemRecord{
		"a contract for the account":  {Account: ctr, System: w.crm("02iNmoYZn4DP4jg"), Facts: facts},
		"an account for the contract": {Account: acc, System: w.crm("02iNmoYZn4DP4jg"), Facts: facts, Contract: acc},
		"a contract for the system":   {Account: acc, System: ctr, Facts: facts},
		"an account for the system":   {Account: acc, System: acc, Facts: facts},
	} {
		if got, _, _ := w.service.TakeSystem(t.Context(), w.at(1), rec); got != intake.Rejected {
			t.Errorf("%s: %s, want it rejected", name, got)
		}
	}
	for name, change := range map[string]func(*intake.ContractRecord){
		"a contract for the account":  func(r *intake.ContractRecord) { r.Account, r.Contract = ctr, w.crm("800UbEctT2NLLzP") },
		"an account for the contract": func(r *intake.ContractRecord) { r.Contract = acc },
		"a system for the contract":   func(r *intake.ContractRecord) { r.Contract = sys },
		"one new id for both": func(r *intake.ContractRecord) {
			r.Account, r.Contract = w.crm("800UbEctT2NLLzP"), w.crm("800UbEctT2NLLzP")
		},
	} {
		rec := w.contractRecord(1)
		change(&rec)
		if got, _, _ := w.service.TakeContract(t.Context(), w.at(1), rec); got != intake.Rejected {
			t.Errorf("%s: %s, want it rejected", name, got)
		}
	}
}

// A line that was rejected can be mended and sent at the export's own instant; a line that was taken cannot change there.
func TestAMendedLineGoesInAtTheSameInstant(t *testing.T) {
	w := newWorld(t)
	five, six := 5, 6
	rec := w.contractRecord(1)
	for _, step := range []struct {
		lines []intake.LineRecord
		want  intake.Result
	}{
		{[]intake.LineRecord{{Product: "a", Seats: &five}}, intake.Created},
		{[]intake.LineRecord{{Product: "b", Seats: &five}}, intake.Changed},
		{[]intake.LineRecord{{Product: "b", Seats: &five}, {Product: "a", Seats: &five}}, intake.Unchanged},
		{[]intake.LineRecord{{Product: "a", Seats: &six}}, intake.Rejected},
	} {
		rec.Lines = step.lines
		if got, _, err := w.service.TakeContract(t.Context(), w.at(5), rec); got != step.want {
			t.Errorf("%v: %s (%v), want %s", step.lines, got, err, step.want)
		}
	}
}

// A system whose contract was not taken goes onto it once it is, unless a customer moved the system meanwhile.
func TestASystemFollowsAContractThatComesLaterUnlessSomebodyMovedIt(t *testing.T) {
	for _, moved := range []bool{false, true} {
		w := newWorld(t)
		if _, _, err := w.service.TakeContract(t.Context(), w.at(0), w.contractRecord(1)); err != nil {
			t.Fatal(err)
		}
		late := w.mine("800UbEctT2NLLzP")
		head := "Account ID,Account Name,Contract ID,Contract Name,Contract End Date,Systems Purchased,Product Code,Seats\n"
		w.file(w.at(1), intake.Contracts, []byte(head+w.mine(crmAccount)+",Clinique,"+late+",Late,2027-02-31,1,x,1\n"))
		rec := intake.SystemRecord{Account: w.crm(crmAccount), System: w.crm(crmSystem), Facts: system.Facts{Name: "Portal", Kind: system.Commercial}, Contract: w.crm("800UbEctT2NLLzP")}
		_, sys, err := w.service.TakeSystem(t.Context(), w.at(2), rec)
		if err != nil {
			t.Fatal(err)
		}
		a, first := w.accountOf(crmAccount), w.onlyContract()
		if moved {
			change := system.Change{Account: a, Today: "2026-11-21", Now: w.now}
			if _, err := w.systems.Connect(t.Context(), change, first, []string{string(sys)}, func(system.Connection) ([]table.Op, error) { return nil, nil }); err != nil {
				t.Fatal(err)
			}
		}
		w.file(w.at(3), intake.Contracts, []byte(head+w.mine(crmAccount)+",Clinique,"+late+",Late,2027-02-28,1,x,1\n"))
		if _, _, err := w.service.TakeSystem(t.Context(), w.at(4), rec); err != nil {
			t.Fatal(err)
		}
		found, _, _, err := w.systems.List(t.Context(), a, system.Listing{Mapping: "mapped"}, nil, 5)
		if err != nil || len(found) != 1 || (found[0].Contract == first) != moved {
			t.Errorf("moved %v: the system is %+v (%v), the first contract is %s", moved, found, err, first)
		}
	}
}

// A contract has at most fifty products, however many records they come in.
func TestAContractHasAtMostFiftyProducts(t *testing.T) {
	w := newWorld(t)
	rec := w.contractRecord(1)
	for i, want := range []intake.Result{intake.Created, intake.Rejected} {
		rec.Lines = nil
		for n := range 40 {
			rec.Lines = append(rec.Lines, intake.LineRecord{Product: fmt.Sprintf("p%d-%d", i, n)})
		}
		if got, _, err := w.service.TakeContract(t.Context(), w.at(i), rec); got != want {
			t.Errorf("products %d to %d: %s (%v), want %s", i*40, i*40+39, got, err, want)
		}
	}
}

// An older name of an account never comes back, and one instant has one name.
func TestAnAccountsNameIsTheLatestThatTheCRMGave(t *testing.T) {
	w := newWorld(t)
	name := func(s string) intake.ContractRecord {
		rec := w.contractRecord(1)
		rec.AccountName = s + " " + string(w.letter)
		return rec
	}
	other := func(s string) intake.ContractRecord {
		rec := name(s)
		rec.Contract = w.crm("800UbEctT2NLLzP")
		return rec
	}
	for _, step := range []struct {
		at   int
		rec  intake.ContractRecord
		want string
	}{
		{10, name("A"), "A"}, {30, name("A"), "A"}, {20, other("B"), "A"}, {40, other("C"), "C"}, {40, name("D"), "C"},
	} {
		_, _, _ = w.service.TakeContract(t.Context(), w.at(step.at), step.rec) // the last one is refused
		acc, err := w.accounts.Get(t.Context(), w.accountOf(crmAccount))
		if err != nil || acc.Name != step.want+" "+string(w.letter) {
			t.Errorf("after %s at minute %d the account is %q (%v), want %s", step.rec.AccountName, step.at, acc.Name, err, step.want)
		}
	}
}
