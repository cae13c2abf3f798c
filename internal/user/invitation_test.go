package user_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/text"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

const portal = "https://portal.example/"

// post takes mail away, and remembers what it took; while it fails it takes none.
type post struct {
	mail.Mailer
	taken []mail.Message
	fails error
}

func newPost(t *testing.T) *post {
	t.Helper()
	folder, err := mail.NewFile(t.TempDir(), mail.Address{Email: "us@seatkeeper.example"})
	if err != nil {
		t.Fatal(err)
	}
	return &post{Mailer: folder}
}

func (p *post) Send(ctx context.Context, m mail.Message, now time.Time) error {
	if p.fails != nil {
		return p.fails
	}
	err := p.Mailer.Send(ctx, m, now)
	if err == nil {
		p.taken = append(p.taken, m)
	}
	return err
}

// fresh is an address that nobody has.
func fresh() string { return strings.ToLower(rand.Text()) + "@example.com" }

// arrived empties the post and holds what was in it to the addresses that mail went to.
func (o *office) arrived(when string, want ...string) (mails []mail.Message) {
	o.t.Helper()
	var to []string
	for _, m := range o.post.taken {
		to = append(to, m.To.Email)
	}
	if fmt.Sprint(to) != fmt.Sprint(want) {
		o.t.Errorf("%s: mail went to %v, want %v", when, to, want)
	}
	mails, o.post.taken = o.post.taken, nil
	return mails
}

// An invitation is in the reader's language: their own, else the account's (FEATURES.md, Language).
func TestWhoIsAddedIsMailedInTheirLanguage(t *testing.T) {
	o := newOffice(t)
	name := o.want(http.StatusOK, "", o.operator, "GET", "", "").word("name")
	for locale, want := range map[string]text.Lang{`,"locale":"en"`: text.English, `,"locale":"fr"`: text.French, "": text.French} {
		_, who := o.hire("Zoé Petit", locale)
		mails := o.arrived("added with "+locale, who.Email)
		if len(mails) != 1 {
			continue
		}
		m := mails[0]
		if m.Lang != want || m.To.Name != "Zoé Petit" || m.Subject != text.Say(want, "mail_invitation_subject", name) {
			t.Errorf("with %s: in %s to %s: %s", locale, m.Lang, m.To.Name, m.Subject)
		}
		for _, said := range []string{
			text.Say(want, "mail_invitation_title", name), text.Say(want, "mail_invitation_body", name),
			text.Say(want, "mail_invitation_action"), text.Say(want, "mail_invitation_footer", name), portal,
		} {
			if !strings.Contains(m.Text, said) || !strings.Contains(m.HTML, portal) {
				t.Errorf("with %s the mail lacks %q: %s", locale, said, m.Text)
			}
		}
	}
}

func TestARepeatWithItsKeyMailsNobody(t *testing.T) {
	o := newOffice(t)
	email := fresh()
	body := fmt.Sprintf(`{"name":"Ada","email":%q}`, email)
	path := "/users/" + o.want(http.StatusCreated, "", o.operator, "POST", "/users", body, "idempotency-key", "1").word("id")
	o.arrived("added", email)
	o.want(http.StatusCreated, "", o.operator, "POST", "/users", body, "idempotency-key", "1")
	o.want(http.StatusConflict, "email_taken", o.operator, "POST", "/users", body, "idempotency-key", "2")
	o.arrived("repeated")
	o.want(http.StatusNoContent, "", o.operator, "POST", path+"/invitation", "", "idempotency-key", "1")
	o.want(http.StatusNoContent, "", o.operator, "POST", path+"/invitation", "", "idempotency-key", "1")
	o.arrived("sent again, and that repeated", email)
}

// The person is there, whatever becomes of the mail; the log says that it failed, and not to whom.
func TestAFailingMailFailsNoChange(t *testing.T) {
	for _, fails := range []error{mail.ErrTemporary, mail.ErrRefused, errors.New("the sender may not send")} {
		o := newOffice(t)
		email, moved := fresh(), fresh()
		o.post.fails = fmt.Errorf("%w: no mailbox %s or %s", fails, email, moved)
		path := "/users/" + o.want(http.StatusCreated, "", o.operator, "POST", "/users", fmt.Sprintf(`{"name":"Ada","email":%q}`, email)).word("id")
		o.change(http.StatusOK, "", o.operator, path, fmt.Sprintf(`{"email":%q}`, moved))
		if got := o.want(http.StatusOK, "", o.operator, "GET", path, "").word("email"); got != moved {
			t.Errorf("%v: her address is %q", fails, got)
		}
		said := o.warned.String()
		if strings.Count(said, "invitation not sent") != 2 || strings.Count(said, "\n") != 2 || strings.Contains(said, email) || strings.Contains(said, moved) || strings.Contains(said, "Ada") {
			t.Errorf("%v: the log says %q", fails, said)
		}
		o.post.fails = nil
		o.want(http.StatusNoContent, "", o.operator, "POST", path+"/invitation", "")
		o.arrived("sent again", moved)
	}
}

// Whoever a change lets in is told, at the address that lets them in, and nobody is told twice.
func TestOnlyWhoCanNewlySignInIsMailed(t *testing.T) {
	o := newOffice(t)
	path, ada := o.hire("Ada", "")
	o.arrived("added", ada.Email)
	o.change(http.StatusOK, "", o.operator, path, `{"name":"Ada L.","roles":["view"]}`)
	o.change(http.StatusOK, "", o.operator, path, fmt.Sprintf(`{"email":%q}`, strings.ToUpper(ada.Email)))
	o.change(http.StatusOK, "", o.operator, path, fmt.Sprintf(`{"email":%q}`, strings.ToUpper(ada.Email)))
	o.arrived("the same mailbox")
	moved := ada
	moved.Email = fresh()
	o.change(http.StatusOK, "", o.operator, path, fmt.Sprintf(`{"email":%q}`, moved.Email))
	o.arrived("another address", moved.Email)
	o.change(http.StatusOK, "", o.operator, path, `{"state":"deactivated"}`)
	moved.Email = fresh()
	o.change(http.StatusOK, "", o.operator, path, fmt.Sprintf(`{"email":%q}`, moved.Email))
	o.arrived("deactivated, and given another address")
	o.change(http.StatusOK, "", o.operator, path, `{"state":"active"}`)
	o.arrived("reactivated", moved.Email)
	o.want(http.StatusOK, "", moved, "GET", "/me", "")
	o.change(http.StatusOK, "", o.operator, path, fmt.Sprintf(`{"email":%q}`, fresh()))
	o.change(http.StatusOK, "", o.operator, path, `{"state":"deactivated"}`)
	o.change(http.StatusOK, "", o.operator, path, `{"state":"active"}`)
	o.arrived("signed in")
}

func TestAnInvitationIsSentAgainAndRecorded(t *testing.T) {
	o := newOffice(t)
	path, ada := o.hire("Ada", `,"locale":"en"`)
	_, manager := o.hire("Ugo", `,"roles":["manage_users"]`)
	first := o.post.taken[0]
	o.post.taken, o.now = nil, o.now.Add(time.Minute)
	o.want(http.StatusNoContent, "", manager, "POST", path+"/invitation", "")
	again := o.arrived("sent again", ada.Email)
	// Mail servers drop a second message with the ID of the first.
	if len(again) != 1 {
		t.FailNow()
	}
	if again[0].ID == first.ID || again[0].Subject != first.Subject || again[0].Text != first.Text {
		t.Errorf("sent again: %+v, first: %+v", again[0], first)
	}
	records, _, err := activity.NewStore(o.table).List(t.Context(), o.account, strings.TrimPrefix(path, "/users/"), o.now, o.now, nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 2 || records[0].Action != activity.InvitationSent || records[0].Author.Kind != access.Member || records[0].After["email"] != ada.Email || string(records[0].ID) != again[0].ID {
		t.Errorf("recorded: %+v", records)
	}
}

func TestAnInvitationIsRefusedWithTheReason(t *testing.T) {
	o := newOffice(t)
	path, ada := o.hire("Ada", "")
	_, viewer := o.hire("Violette", `,"roles":["view"]`)
	elsewhere := newOffice(t)
	theirs, _ := elsewhere.hire("Bo", "")
	o.post.taken = nil
	invite := func(status int, code string, path string) answer {
		t.Helper()
		return o.want(status, code, o.operator, "POST", path+"/invitation", "")
	}
	o.want(http.StatusForbidden, "permission_missing", viewer, "POST", path+"/invitation", "")
	invite(http.StatusNotFound, "not_found", theirs)
	o.post.fails = fmt.Errorf("%w: greylisted %s", mail.ErrTemporary, ada.Email)
	if a := invite(http.StatusServiceUnavailable, "mail_unavailable", path); a.Headers["Retry-After"] == "" {
		t.Errorf("nobody is told when to come back: %v", a.Headers)
	}
	o.post.fails = fmt.Errorf("%w: no mailbox", mail.ErrRefused)
	if a := invite(http.StatusConflict, "address_refused", path); !strings.Contains(a.word("detail"), ada.Email) {
		t.Errorf("the address is not named: %s", a.Body)
	}
	o.post.fails = fmt.Errorf("%s is not verified", ada.Email)
	invite(http.StatusInternalServerError, "internal_error", path)
	if said := o.warned.String(); strings.Contains(said, ada.Email) {
		t.Errorf("the log names her: %s", said)
	}
	o.post.fails = nil
	o.change(http.StatusOK, "", o.operator, path, `{"state":"deactivated"}`)
	invite(http.StatusConflict, "user_deactivated", path)
	o.change(http.StatusOK, "", o.operator, path, `{"state":"active"}`)
	o.arrived("reactivated", ada.Email)
	o.want(http.StatusOK, "", ada, "GET", "/me", "")
	invite(http.StatusConflict, "already_signed_in", path)
	o.arrived("refused")
	records, _, err := activity.NewStore(o.table).List(t.Context(), o.account, strings.TrimPrefix(path, "/users/"), o.now, o.now, nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if r.Action == activity.InvitationSent {
			t.Errorf("what was not sent is recorded: %+v", r)
		}
	}
}

// A deployment without a sender adds people all the same, and says why it cannot mail them.
func TestADeploymentWithoutMailSaysSo(t *testing.T) {
	err := account.NewInviter(nil, "", nil).Send(t.Context(), account.Invitation{ID: "1", Email: "ada@example.com", Lang: text.French, Company: "Essai"}, time.Time{})
	if err == nil || !strings.Contains(err.Error(), "mail_not_set_up") {
		t.Errorf("answered %v", err)
	}
	account.NewInviter(nil, "", nil).Try(t.Context(), account.Invitation{}, time.Time{}, httpapi.Source{})
}

func (w *world) addAt(email string) user.User {
	w.t.Helper()
	u, err := w.users.Add(w.t.Context(), w.as(operator), user.Details{Name: "Andre", Email: email}, keepNothing)
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

// andré@ and andre@ are two people, each with an invitation of their own; É and é are one.
func TestAnAccentMakesAnotherAddressAndCaseDoesNot(t *testing.T) {
	w := newWorld(t)
	host := fresh()
	plain := w.addAt("andre." + host)
	accented := w.addAt("andré." + host)
	if _, err := w.users.Add(t.Context(), w.as(operator), user.Details{Name: "Third", Email: "ANDRÉ." + host}, keepNothing); err == nil || !strings.Contains(err.Error(), "email_taken") {
		t.Errorf("the same address in other letters: %v", err)
	}
	decomposed := accented
	decomposed.Email = "Andre\u0301." + strings.ToUpper(host)
	if c := w.signIn(subject(decomposed)); c.User != accented.ID {
		t.Errorf("let in as %q, want %q", c.User, accented.ID)
	}
	if c := w.signIn(subject(plain)); c.User != plain.ID {
		t.Errorf("let in as %q, want %q", c.User, plain.ID)
	}
}
