package alert_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/alert"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/event"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// Duplicate and out-of-order deliveries change nothing (FEATURES.md, Alerts): many at once, each event several times.
func TestAnEventThatComesAgainIsOneMailForEachReader(t *testing.T) {
	w := newWorld(t)
	readers := []user.User{w.hire("en", access.SuperAdministrator), w.hire("en", access.Administrator), w.hire("en", access.Administrator)}
	var all []event.Event
	for range 3 {
		all = append(all, w.rose(70, 85, 7)...)
		all = append(all, w.rose(95, 100, 9)...)
		all = append(all, w.over(4))
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	var at sync.WaitGroup
	for _, e := range all {
		at.Go(func() { _, _ = w.deliver(e, t0) }) // one that meets another at it is delivered again
	}
	at.Wait()
	w.delivered(t0.Add(time.Minute), all...)
	for _, r := range readers {
		ids := map[string]int{}
		subjects := map[string]int{}
		for _, m := range w.post.to(r.Email) {
			ids[m.ID]++
			subjects[m.Subject]++
		}
		if subjects[subject100] != 1 || subjects[subject80] > 1 || len(subjects) < 2 || len(ids) != len(w.post.to(r.Email)) {
			t.Errorf("%s got %v by %v, want each event once", r.Name, subjects, ids)
		}
	}
}

// What the sweep announces of a line, and the record of the stream that was late, are one mail; the line has changed since.
func TestACrossingThatIsAnnouncedTwiceIsOneMail(t *testing.T) {
	w := newWorld(t)
	ada := w.hire("en", access.SuperAdministrator)
	now := w.used(87, 9)
	now.To80 = 7
	late := event.Untold(w.account, map[contract.Level]int{contract.LevelWarning: 6}, now)
	w.delivered(t0, append(late, w.rose(70, 85, 7)...)...)
	if diff := cmp.Diff([]string{subject80}, w.subjects(ada.Email)); diff != "" || len(late) != 1 {
		t.Errorf("of %d late events (-want +got):\n%s", len(late), diff)
	}
}

// A step over both thresholds is two events and one mail.
func TestAStepOverBothThresholdsIsOneMail(t *testing.T) {
	for _, order := range [][2]int{{0, 1}, {1, 0}} {
		w := newWorld(t)
		ada := w.hire("en", access.SuperAdministrator)
		both := w.rose(70, 100, 7)
		if len(both) != 2 {
			t.Fatalf("%d events, want 2", len(both))
		}
		w.delivered(t0, both[order[0]], both[order[1]])
		if diff := cmp.Diff([]string{subject100}, w.subjects(ada.Email)); diff != "" {
			t.Errorf("in the order %v (-want +got):\n%s", order, diff)
		}
	}
}

// What comes after something newer about the same thing was mailed is too late; falling and crossing again is news.
func TestAMailThatCameTooLateIsNotSent(t *testing.T) {
	w := newWorld(t)
	ada := w.hire("en", access.SuperAdministrator)
	w.delivered(t0, w.rose(95, 100, 9)...)
	w.delivered(t0, w.rose(70, 85, 7)...)
	if diff := cmp.Diff([]string{subject100}, w.subjects(ada.Email)); diff != "" {
		t.Errorf("after the newer one (-want +got):\n%s", diff)
	}
	w.delivered(t0, w.rose(70, 85, 12)...)
	if diff := cmp.Diff([]string{subject80, subject100}, w.subjects(ada.Email)); diff != "" {
		t.Errorf("after it fell and rose again (-want +got):\n%s", diff)
	}
	expired, step := w.step(activity.ContractExpired, 0, t0.Add(time.Hour)), w.step(activity.ContractExpiring, 7, t0)
	w.delivered(t0, expired, step)
	if got := w.subjects(ada.Email); len(got) != 3 || got[1] != "Exemple SA: The contract “Order form” has expired" {
		t.Errorf("she got %q, want that it has expired and not that it will", got)
	}
	w.delivered(t0, w.over(6), w.over(5))
	if n := len(w.post.to(ada.Email)); n != 4 {
		t.Errorf("%d mails, want one about the systems: rev 5 comes too late", n)
	}
}

// A mail says what is so when it leaves: a step of a ladder whose contract got another expiry since is settled without one,
// for good, also where it comes again after the old date was set again. What is no step is mailed all the same.
func TestAStepThatIsNoLongerSoIsNotMailed(t *testing.T) {
	for _, action := range []activity.Action{activity.ContractExpiring, activity.ContractExpired} {
		t.Run(string(action), func(t *testing.T) {
			w := newWorld(t)
			ada := w.hire("en", access.SuperAdministrator)
			old, step := w.contract.Expiry, w.step(action, 7, t0)
			expires := func(on date.Date) {
				t.Helper()
				_, _, err := w.contracts.SetTerms(t.Context(), contract.Changing{Account: w.account, Now: t0}, w.contract.ID, contract.Terms{Expiry: &on}, func(int) error { return nil })
				w.must(err)
			}
			w.post.hook = func(mail.Message) error { return errDown }
			if _, err := w.deliver(step, t0); err == nil {
				t.Fatal("the server is not away")
			}
			w.post.hook = nil
			for i, again := range []struct {
				expiry date.Date
				want   alert.Report
			}{{old.AddDays(365), alert.Report{Dropped: 1}}, {old.AddDays(365), alert.Report{Done: 1}}, {old, alert.Report{Done: 1}}} {
				expires(again.expiry)
				if got, err := w.deliver(step, t0.Add(time.Hour)); err != nil || got != again.want || w.post.count() > 0 {
					t.Errorf("delivery %d: %+v (%v) and %d mails, want %+v and none", i+2, got, err, w.post.count(), again.want)
				}
			}
			w.delivered(t0.Add(2*time.Hour), w.step(action, 7, t0.Add(2*time.Hour)))
			expires(old.AddDays(365))
			w.delivered(t0, w.over(4), w.rose(95, 100, 9)[0])
			if n := len(w.post.to(ada.Email)); n != 3 {
				t.Errorf("%d mails, want that of the step that is so, of the systems and of the use", n)
			}
		})
	}
}

// Who crashed before sending: after ten minutes another one takes over, and not before. Who crashed after sending: the one
// double that there can be, with the same id.
func TestAClaimThatWasLeftBehindIsTakenOverAfterTenMinutes(t *testing.T) {
	for _, row := range []struct {
		name  string
		sends bool
		mails int
	}{{"before sending", false, 1}, {"after sending", true, 2}} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			ada := w.hire("en", access.SuperAdministrator)
			e := w.rose(70, 85, 7)[0]
			w.post.hook = func(mail.Message) error { // the process ends here: nothing more is written
				w.faults.Arm(table.Fault{Call: "write", Mode: table.FailBefore, P: 1})
				if row.sends {
					return nil
				}
				return errDown
			}
			if _, err := w.deliver(e, t0); err == nil {
				t.Fatal("a crash was no error")
			}
			w.faults.Arm()
			w.post.hook = nil
			before := len(w.post.to(ada.Email))
			if _, err := w.deliver(e, t0.Add(9*time.Minute)); err == nil || len(w.post.to(ada.Email)) != before {
				t.Errorf("nine minutes later: %v, %d mails; want it left to who claimed it, and delivered again", err, len(w.post.to(ada.Email)))
			}
			w.delivered(t0.Add(10*time.Minute), e, e)
			got := w.post.to(ada.Email)
			if len(got) != row.mails || got[0].ID != got[len(got)-1].ID {
				t.Errorf("%d mails, want %d with one id", len(got), row.mails)
			}
		})
	}
}

// A server that is away is an error, so that the rule delivers again; who was reached is not mailed again.
func TestAMailThatDoesNotLeaveNowIsTriedAgainAlone(t *testing.T) {
	w := newWorld(t)
	ada, bo := w.hire("en", access.SuperAdministrator), w.hire("en", access.Administrator)
	e := w.rose(70, 85, 7)[0]
	w.post.hook = func(m mail.Message) error {
		if m.To.Email == bo.Email {
			return errDown
		}
		return nil
	}
	report, err := w.deliver(e, t0)
	if err == nil || report.Sent != 1 || strings.Contains(fmt.Sprint(err), bo.Email) {
		t.Errorf("%+v (%v), want one sent, and an error that names no address", report, err)
	}
	w.post.hook = nil
	if report, err := w.deliver(e, t0.Add(time.Minute)); err != nil || report.Sent != 1 || report.Done != 1 {
		t.Errorf("%+v (%v), want the other one sent", report, err)
	}
	for _, r := range []user.User{ada, bo} {
		if n := len(w.post.to(r.Email)); n != 1 {
			t.Errorf("%s got %d mails", r.Name, n)
		}
	}
}

// An address that is refused for good is no error and not tried again; it keeps nobody else from their mail.
func TestARefusedAddressIsNotTriedAgain(t *testing.T) {
	w := newWorld(t)
	ada, bo := w.hire("en", access.SuperAdministrator), w.hire("en", access.Administrator)
	e := w.rose(70, 85, 7)[0]
	tries := 0
	w.post.hook = func(m mail.Message) error {
		if m.To.Email == bo.Email {
			tries++
			return errNoSuchAddress
		}
		return nil
	}
	report, err := w.deliver(e, t0)
	if err != nil || report != (alert.Report{Sent: 1, Refused: 1}) {
		t.Errorf("%+v (%v), want one sent and one refused", report, err)
	}
	w.delivered(t0.Add(time.Hour), e)
	if len(w.post.to(ada.Email)) != 1 || tries != 1 {
		t.Errorf("%d mails, and %d tries of the refused address, want 1 of each", len(w.post.to(ada.Email)), tries)
	}
}

// Administrators who are active are told, in the language that each chose, was written down with, or the account's.
func TestActiveAdministratorsAreMailedInTheirLanguage(t *testing.T) {
	w := newWorld(t)
	french, english, chose := w.hire("", access.SuperAdministrator), w.hire("en", access.Administrator), w.hire("fr", access.Administrator, access.SuperAdministrator)
	viewer, left, demoted, promoted := w.hire("en", access.Viewer), w.hire("en", access.Administrator), w.hire("en", access.Administrator), w.hire("en", access.UserManager)
	w.change(left, func(u *user.User) { u.State = user.Deactivated })
	w.change(demoted, func(u *user.User) { u.Roles = []access.Role{access.Viewer} })
	w.change(promoted, func(u *user.User) { u.Roles = []access.Role{access.Administrator} })
	if _, err := w.accounts.SetOwn(t.Context(), w.signIn(chose), account.Own{Language: "en"}); err != nil {
		t.Fatal(err)
	}
	w.delivered(t0, w.rose(70, 85, 7)...)
	for who, want := range map[string][]string{
		french.Email:  {"Exemple SA : 80 % des sièges de « Telephony user » sont occupés"},
		english.Email: {subject80}, chose.Email: {subject80}, promoted.Email: {subject80},
		viewer.Email: {}, left.Email: {}, demoted.Email: {},
	} {
		if diff := cmp.Diff(want, w.subjects(who)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	m := w.post.to(english.Email)[0]
	for _, part := range []string{"85 of 100 seats", "Contract: Order form", "contact Rosa", "https://portal.example/", "because you administer Exemple SA"} {
		if !strings.Contains(m.Text, part) || !strings.Contains(m.HTML, part) {
			t.Errorf("the mail lacks %q:\n%s", part, m.Text)
		}
	}
}

// The partner's contact is told what the partner does about it, in the account's language, and once where they are an
// administrator too.
func TestThePartnersContactIsMailed(t *testing.T) {
	w := newWorld(t)
	ada := w.hire("en", access.SuperAdministrator)
	const contact = "paule@partner.example"
	w.managed(contact)
	w.delivered(t0, append(w.rose(70, 100, 7), w.over(4), w.step(activity.ContractExpiring, 30, t0))...)
	if got := w.post.to(contact); len(got) != 3 {
		t.Fatalf("the partner got %d mails, want 3", len(got))
	}
	for _, m := range w.post.to(contact) {
		if m.Lang != "fr" || !strings.Contains(m.Text, "Vous gérez les conditions de Exemple SA") || strings.Contains(m.Text, "Paule") {
			t.Errorf("the partner got in %s:\n%s", m.Lang, m.Text)
		}
	}
	for _, m := range w.post.to(ada.Email) {
		if !strings.Contains(m.Text, "ontact Paule") {
			t.Errorf("the account's people are not told whom to contact:\n%s", m.Text)
		}
	}
	w.managed(strings.ToUpper(ada.Email))
	before := w.post.count()
	w.delivered(t0, w.rose(70, 85, 9)...)
	if n := w.post.count() - before; n != 1 {
		t.Errorf("%d mails to one address, want 1", n)
	}
}

// What somebody muted is not mailed to them, in whichever of their accounts it happens.
func TestAMutedKindIsNotMailed(t *testing.T) {
	w := newWorld(t)
	ada, bo := w.hire("en", access.SuperAdministrator), w.hire("en", access.Administrator)
	who := w.signIn(ada)
	w.mute(who, account.MailUsage80, account.MailSystemsOver)
	w.delivered(t0, append(w.rose(70, 85, 7), w.over(4))...)
	w.delivered(t0, w.rose(95, 100, 9)...)
	if diff := cmp.Diff([]string{subject100}, w.subjects(ada.Email)); diff != "" {
		t.Errorf("who muted two kinds got (-want +got):\n%s", diff)
	}
	if n := len(w.subjects(bo.Email)); n != 3 {
		t.Errorf("who muted nothing got %d mails, want 3", n)
	}
	w.mute(who)
	w.delivered(t0, w.rose(70, 85, 12)...)
	if n := len(w.subjects(ada.Email)); n != 2 {
		t.Errorf("after taking it back she got %d mails, want 2", n)
	}
}

// It goes to the queue of what was not delivered, where somebody sees it; guessing at it would mail something untrue.
// Guessing at it would mail something untrue; as an error it is kept where somebody sees it.
func TestAnEventThatIsNotUnderstoodIsAnError(t *testing.T) {
	w := newWorld(t)
	w.hire("en", access.SuperAdministrator)
	good, err := w.over(4).Entry()
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct{ kind, detail string }{
		"another type":       {"SeatAssigned", string(good.Detail)},
		"another version":    {good.Type, strings.Replace(string(good.Detail), `"version":1`, `"version":2`, 1)},
		"no account":         {good.Type, strings.Replace(string(good.Detail), string(w.account), "acc_1", 1)},
		"no contract":        {good.Type, strings.Replace(string(good.Detail), string(w.contract.ID), "ctr_1", 2)},
		"no JSON":            {good.Type, `{`},
		"an odd threshold":   {event.UsageThresholdCrossed, strings.Replace(string(good.Detail), `"rev"`, `"threshold":90,"rev"`, 1)},
		"a step of no date":  {"ContractExpiring", strings.Replace(string(good.Detail), `"rev"`, fmt.Sprintf(`"subject":{"id":%q},"rev"`, w.contract.ID), 1)},
		"a step of no thing": {"ContractExpired", strings.Replace(string(good.Detail), `"rev"`, `"expiryDate":"2027-01-01","rev"`, 1)},
	} {
		if _, err := w.sender.Handle(t.Context(), row.kind, []byte(row.detail), t0); err == nil || w.post.count() != 0 {
			t.Errorf("%s: %v, %d mails; want an error and none", name, err, w.post.count())
		}
	}
}
