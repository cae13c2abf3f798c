package intake_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/intake"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// Of the sample each line that EXPECTED.md names is rejected, warned of, or (219) right since its like is in another
// account; every other row is taken, and the second import finds all unchanged and writes nothing.
func TestTheSampleOfPeopleIsTakenAsExpected(t *testing.T) {
	w := newWorld(t)
	for _, p := range cut(t, intake.Contracts, w.sample("contracts-fr.csv")) {
		w.file(w.terms(), intake.Contracts, p.Body)
	}
	for round, want := range []map[intake.Result]int{{intake.Created: 357, intake.Rejected: 3}, {intake.Unchanged: 357, intake.Rejected: 3}} {
		counts, named := map[intake.Result]int{}, []string{"219 fine"}
		units := 0.0
		for _, p := range cut(t, intake.Users, w.sample("users-en.csv")) {
			in := w.terms()
			in.Now = in.Now.Add(time.Duration(round) * time.Minute)
			in.AsOf = in.Now
			report, meter := w.file(in, intake.Users, p.Body)
			w.noticesAreWorded(report)
			for result, n := range report.Counts {
				counts[result] += n
			}
			for _, r := range report.Rejections {
				named = append(named, fmt.Sprint(p.FileLine(r.Line), " ", r.Code))
			}
			for _, r := range report.Warnings {
				named = append(named, fmt.Sprint(p.FileLine(r.Line), " ", r.Code))
			}
			units += meter.WriteUnits()
		}
		expected := []string{"9 not_an_email_address", "79 role_unknown", "149 language_not_offered", "219 fine", "289 cell_empty"}
		if diff := cmp.Diff(expected, named, cmpopts.SortSlices(strings.Compare)); diff != "" {
			t.Errorf("round %d: rejected or warned of (-want +got)\n%s", round, diff)
		}
		for i, line := range wrong(t, "users-en.csv") {
			if !strings.HasPrefix(expected[i], fmt.Sprint(line, " ")) {
				t.Errorf("EXPECTED.md names line %d, this test %s", line, expected[i])
			}
		}
		if diff := cmp.Diff(want, counts); diff != "" || round == 1 && units != 0 {
			t.Errorf("round %d: %v write units, counts (-want +got)\n%s", round, units, diff)
		}
	}
	for crm, extension := range map[string]string{"001woRoWD8s7bA1": "1001", "0015ubbbPIa84yR": "1217"} {
		found, _, _, err := w.users.List(t.Context(), w.accountOf(crm), extension, nil, 5)
		if err != nil || len(found) != 1 || !strings.EqualFold(found[0].Email, "user1@example.com") {
			t.Errorf("in %s the extension %s finds %+v (%v), want one person with the address of both", crm, extension, found, err)
		}
	}
	found, _, _, err := w.users.List(t.Context(), w.accountOf("001iK2ZWeqhFWCE"), "user147", nil, 5)
	roles := []access.Role{access.UserManager, access.BillingManager}
	if err != nil || len(found) != 1 || found[0].Language != "" || !slices.Equal(found[0].Roles, roles) {
		t.Errorf("line 149 became %+v (%v), want the account's language and %v", found, err, roles)
	}
}

// An imported person is whole: found by words, let in by their address with their roles, recorded; and what the CRM
// changes of somebody who has signed in counts at their next call.
func TestAnImportedPersonIsAsOneWhomAnAdministratorAdded(t *testing.T) {
	w := newTeam(t)
	email := address()
	w.became(w.say(1, strings.ToUpper(email)+",Zoé Petit,4711,fr-FR,manage users|view"), intake.Created)
	zoe := w.find("4711")
	_, held, err := w.users.Get(t.Context(), w.account, zoe.ID)
	if err != nil || held.State != user.Active || zoe.Language != "fr" || zoe.State != user.Active {
		t.Errorf("she is %+v and holds %+v (%v)", zoe, held, err)
	}
	who := access.Subject{Issuer: "https://issuer.example", ID: rand.Text(), Email: email}
	if c := w.caller(who); c.User != zoe.ID || access.Decide(c, access.ManageUsers, true) != access.Allowed {
		t.Fatalf("at her first sign-in she is %+v", c)
	}
	w.became(w.say(2, email+",Zoé Grand,4711,fr-FR,view"), intake.Changed)
	if c := w.caller(who); c.Name != "Zoé Grand" || access.Decide(c, access.ManageUsers, true) == access.Allowed {
		t.Errorf("after the CRM took the right she is %+v", c)
	}
	w.find("grand")
	records, _, err := w.records.List(t.Context(), w.account, string(zoe.ID), w.now, w.now.Add(time.Hour), nil, 10)
	if err != nil || len(records) != 3 {
		t.Errorf("%d records of her (%v), want added, signed in first, changed", len(records), err)
	}
}

// Field by field: what an administrator changed stays until the CRM's own value changes.
func TestAnAdministratorsChangeOfAPersonSurvivesUntilTheCRMsValueChanges(t *testing.T) {
	w := newTeam(t)
	email := address()
	w.became(w.say(1, email+",Ada,10,en,view"), intake.Created)
	moved := address()
	w.administer(w.find("ada"), func(u *user.User) {
		u.Name, u.Roles, u.Email = "Ada Byron", []access.Role{access.BillingManager}, moved
	})
	w.became(w.say(2, email+",Ada,11,en,view"), intake.Changed)
	want := user.Details{Name: "Ada Byron", Email: moved, Extension: "11", Language: "en", Roles: []access.Role{access.BillingManager}}
	if diff := cmp.Diff(want, w.find("ada").Details); diff != "" {
		t.Errorf("after the CRM changed the extension (-want +got)\n%s", diff)
	}
	w.became(w.say(3, email+",Ada King,11,en,view|manage_licences"), intake.Changed)
	want.Name, want.Roles = "Ada King", []access.Role{access.LicenceManager, access.Viewer}
	if diff := cmp.Diff(want, w.find("ada").Details); diff != "" {
		t.Errorf("after the CRM changed name and roles (-want +got)\n%s", diff)
	}
}

func TestChangesOfAPersonCountInTheOrderTheCRMMadeThem(t *testing.T) {
	w := newTeam(t)
	email := address()
	for _, step := range []struct {
		at        int
		extension string
		want      intake.Result
	}{
		{10, "1", intake.Created}, {10, "1", intake.Unchanged}, {10, "2", intake.Rejected}, {5, "3", intake.Skipped}, {20, "4", intake.Changed},
		{40, "4", intake.Unchanged}, {30, "5", intake.Skipped}, {50, "5", intake.Changed},
	} {
		w.became(w.say(step.at, email+",Ada,"+step.extension+",,"), step.want)
	}
	if u := w.find("ada"); u.Extension != "5" {
		t.Errorf("the extension is %q, want 5", u.Extension)
	}
}

func TestARowThatIsOlderWarnsOfNothing(t *testing.T) {
	w := newTeam(t)
	email := address()
	w.became(w.say(5, email+",Ada,,,"), intake.Created)
	report := w.say(1, email+",Ada,1,tlh,", email+",Ada,2,tlh,")
	if got := warned(report); report.Counts[intake.Skipped] != 2 || len(got) != 0 {
		t.Errorf("of %v it warns: %v", report.Counts, got)
	}
}

// Within one account the later row of an address wins, with a warning at its line.
func TestOfTwoRowsForOneAddressTheLaterCounts(t *testing.T) {
	w := newTeam(t)
	email := address()
	report := w.say(1, email+",First,,,", address()+",Other,,,", strings.ToUpper(email)+",Second,,tlh,view", email+",Third,,,emperor")
	if diff := cmp.Diff([]string{"4 language language_not_offered", "4 email address_again"}, warned(report)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[intake.Result]int{intake.Created: 3, intake.Rejected: 1}, report.Counts); diff != "" {
		t.Error(diff)
	}
	if u := w.find("second"); !slices.Equal(u.Roles, []access.Role{access.Viewer}) {
		t.Errorf("they are %+v", u)
	}
}

// Somebody whom an administrator wrote down before the CRM named them stays as they are; what the CRM changes later counts.
func TestAPersonWhomTheCRMNamesLaterStaysAsAnAdministratorMadeThem(t *testing.T) {
	w := newTeam(t)
	email := address()
	made, err := w.users.Add(t.Context(), w.change(), user.Details{Name: "Ada", Email: email, Roles: []access.Role{access.Viewer}}, func(user.User) ([]table.Op, error) { return nil, nil })
	if err != nil {
		t.Fatal(err)
	}
	w.became(w.say(1, email+",Augusta,7,en,administrator"), intake.Unchanged)
	if diff := cmp.Diff(made.Details, w.find("ada").Details); diff != "" {
		t.Error(diff)
	}
	w.became(w.say(2, email+",Augusta,8,en,administrator"), intake.Changed)
	made.Extension = "8"
	if diff := cmp.Diff(made.Details, w.find("ada").Details); diff != "" {
		t.Error(diff)
	}
}

// The last super administrator stays, whatever the CRM says; the row is rejected and the others stand.
func TestAnImportNeverTakesTheLastSuperAdministrator(t *testing.T) {
	w := newTeam(t)
	one, two := address(), address()
	w.became(w.say(1, one+",One,,,super_administrator"), intake.Created)
	report := w.say(2, one+",One,,,view", two+",Two,,,view")
	if got := fmt.Sprint(lines(report)); got != "[2]" || report.Rejections[0].Code != "last_super_administrator" || report.Counts[intake.Created] != 1 {
		t.Errorf("%v %v, want line 2 rejected and the other row created", report.Counts, report.Rejections)
	}
	if u := w.find("one"); !slices.Contains(u.Roles, access.SuperAdministrator) {
		t.Errorf("the last super administrator is %+v", u)
	}
	// Once there is another, in the same file even, the row goes in.
	report = w.say(3, two+",Two,,,super administrator", one+",One,,,view")
	if report.Counts[intake.Changed] != 2 {
		t.Errorf("%v %v, want two rows changed", report.Counts, report.Rejections)
	}
}

func TestAnImportReactivatesNobody(t *testing.T) {
	w := newTeam(t)
	email := address()
	w.became(w.say(1, email+",Ada,1,,view"), intake.Created)
	w.administer(w.find("ada"), func(u *user.User) { u.State = user.Deactivated })
	w.became(w.say(2, email+",Ada,2,,administrator"), intake.Changed)
	if u := w.find("ada"); u.State != user.Deactivated || u.Extension != "2" {
		t.Errorf("she is %+v, want her deactivated, with the new extension", u)
	}
	if c := w.caller(access.Subject{Issuer: "https://issuer.example", ID: rand.Text(), Email: email}); c.Kind != access.Stranger {
		t.Errorf("signing in she is a %q", c.Kind)
	}
}

// What the CRM takes away is taken also from somebody who signs in for the first time at that moment.
func TestAnImportDuringTheFirstSignInReachesTheMembership(t *testing.T) {
	w := newTeam(t)
	email := address()
	w.became(w.say(1, email+",Ada,,,administrator"), intake.Created)
	in, body := w.at(2), w.rows(email+",Ada,,,view")
	who := access.Subject{Issuer: "https://issuer.example", ID: rand.Text(), Email: email}
	err := enginetest.Meanwhile(t, "get", 2, func(client *dynamodb.Client, name string) error {
		_, err := intake.NewService(table.New(client, name, nil), id.NewMaker(rand.Reader)).File(context.Background(), in, intake.Users, body)
		return err
	}, func() { w.caller(who) })
	if err != nil {
		t.Fatal(err)
	}
	if c := w.caller(who); !slices.Equal(c.Roles, []access.Role{access.Viewer}) {
		t.Errorf("she has the roles %v", c.Roles)
	}
}

// Nobody gives a right that they lack, by a file either.
func TestAnImportGivesNoRightThatItsCallerLacks(t *testing.T) {
	w := newTeam(t)
	in := w.at(1)
	manager := address()
	w.became(w.say(0, manager+",Ugo,,,manage_users"), intake.Created)
	in.Caller = w.caller(access.Subject{Issuer: "https://issuer.example", ID: rand.Text(), Email: manager})
	report, _ := w.file(in, intake.Users, w.rows(address()+",Ada,,,administrator", address()+",Bob,,,view"))
	if got := fmt.Sprint(lines(report)); got != "[2]" || report.Rejections[0].Code != "right_lacking" {
		t.Errorf("%v %v, want line 2 rejected", report.Counts, report.Rejections)
	} else if said := report.Rejections[0].Say(text.French); !strings.Contains(said, "« ") || strings.Contains(said, "_") {
		t.Errorf("in French it is %q", said)
	}
}

// An extension is kept as names are: without what cannot be seen.
func TestAnImportedExtensionIsCleaned(t *testing.T) {
	w := newTeam(t)
	w.became(w.say(1, address()+",Ada,10\u200b 42,,"), intake.Created)
	if u := w.find("ada"); u.Extension != "10 42" {
		t.Errorf("it is %q", u.Extension)
	}
}

// A file without a column says nothing about it: nobody loses their roles by a narrower export.
func TestWhatAFileOfPeopleHasNoColumnForStays(t *testing.T) {
	w := newTeam(t)
	email := address()
	w.became(w.say(1, email+",Ada,10,fr,view"), intake.Created)
	w.head = "ID du compte,Adresse e-mail,Nom"
	w.became(w.say(2, email+",Augusta"), intake.Changed)
	want := user.Details{Name: "Augusta", Email: email, Extension: "10", Language: "fr", Roles: []access.Role{access.Viewer}}
	if diff := cmp.Diff(want, w.find("augusta").Details); diff != "" {
		t.Error(diff)
	}
	w.head = allTitles
	w.became(w.say(3, email+",Augusta,10,fr,"), intake.Changed)
	if u := w.find("augusta"); len(u.Roles) != 0 {
		t.Errorf("an empty cell leaves the roles %v", u.Roles)
	}
}

func TestARowOfAPersonThatCannotBeTakenIsRejectedWithItsReason(t *testing.T) {
	w := newTeam(t)
	long := strings.Repeat("é", 201)
	report := w.say(1,
		"ada@localhost,Ada,,,", address()+",,,,", address()+","+long+",,,", address()+",Ada,"+long[:82]+",,", address()+",Ada,,,view|king", address()+",Ada,,,gérer la facturation | VIEW |")
	if got := fmt.Sprint(lines(report)); got != "[2 3 4 5 6]" || report.Counts[intake.Created] != 1 {
		t.Errorf("lines %s rejected, %v", got, report.Counts)
	}
	if u := w.find("ada"); !slices.Equal(u.Roles, []access.Role{access.BillingManager, access.Viewer}) {
		t.Errorf("the roles are %v", u.Roles)
	}
	csv, err := report.RejectedCSV(text.French)
	if err != nil || !strings.Contains(csv, "n’est pas un rôle") || strings.Count(csv, "\n") != 6 {
		t.Errorf("the file of rejected rows is %q (%v)", csv, err)
	}
	stranger := strings.Replace(string(w.rows(address()+",Ada,,,")), w.mine(crmAccount), w.mine("001v5UTG79BG16Q"), 1)
	swapped := strings.Replace(string(w.rows(address()+",Ada,,,")), w.mine(crmAccount), w.mine(crmContract), 1)
	for code, body := range map[string]string{"account_unknown": stranger, "crm_id_of_other_kind": swapped} {
		if report, _ := w.file(w.at(2), intake.Users, []byte(body)); len(report.Rejections) != 1 || report.Rejections[0].Code != code {
			t.Errorf("%v, want %s", report.Rejections, code)
		}
	}
}

// A dry run answers as the import does and writes nothing; an import that breaks off is run again without harm.
func TestAnImportOfPeopleIsPreviewedAndRepeated(t *testing.T) {
	w := newTeam(t)
	var rows []string
	for n := range 12 {
		rows = append(rows, fmt.Sprintf("%s,Person %d,%d,,%s", address(), n, n, []string{"view", "super_administrator", ""}[n%3]))
	}
	dry := w.at(1)
	dry.DryRun = true
	if promised, meter := w.file(dry, intake.Users, w.rows(rows...)); promised.Counts[intake.Created] != 12 || meter.WriteUnits() != 0 {
		t.Errorf("the dry run promises %v and writes %v units", promised.Counts, meter.WriteUnits())
	}
	for n := range 6 {
		w.faults.Arm(table.Fault{Call: "write", Mode: []table.Mode{table.FailBefore, table.FailAfter}[n%2], P: 1, Times: 1, Skip: n % 3})
		_, err := w.service.File(t.Context(), w.at(1), intake.Users, w.rows(rows...))
		w.faults.Arm()
		if err == nil {
			t.Fatalf("call %d did not break off", n)
		}
	}
	w.file(w.at(1), intake.Users, w.rows(rows...))
	report, meter := w.file(w.at(1), intake.Users, w.rows(rows...))
	if report.Counts[intake.Unchanged] != 12 || meter.WriteUnits() != 0 {
		t.Errorf("at the end %v and %v write units, want 12 unchanged and none", report.Counts, meter.WriteUnits())
	}
	people, _, _, err := w.users.List(t.Context(), w.account, "", nil, 50)
	if err != nil || len(people) != 12 {
		t.Errorf("%d people (%v), want 12", len(people), err)
	}
}

func TestTwoImportsAtOnceMakeEachPersonOnce(t *testing.T) {
	w := newTeam(t)
	var rows []string
	for n := range 12 {
		rows = append(rows, fmt.Sprintf("%s,Person %d,%d,,super_administrator", address(), n, n))
	}
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			report, err := w.service.File(t.Context(), w.at(1), intake.Users, w.rows(rows...))
			if n := report.Counts[intake.Created] + report.Counts[intake.Unchanged]; err != nil || n != 12 {
				t.Errorf("%v %v (%v), want 12 rows created or unchanged", report.Counts, report.Rejections, err)
			}
		})
	}
	both.Wait()
	people, _, _, err := w.users.List(t.Context(), w.account, "", nil, 50)
	if err != nil || len(people) != 12 {
		t.Errorf("%d people (%v), want 12", len(people), err)
	}
}
