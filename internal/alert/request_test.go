package alert_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/request"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// asking sends a request and answers its event.
func (w *world) asking(author user.User, to request.Audience, message string) json.RawMessage {
	w.t.Helper()
	store := request.NewStore(w.table, w.ids, catalog.NewStore(w.table, w.ids))
	ch := request.Change{Account: w.account, Caller: access.Caller{Kind: access.Member, User: author.ID}, Now: t0, By: activity.Author{Kind: access.Member}}
	r, err := store.Send(w.t.Context(), ch, request.Request{
		Kind: request.MoreSeats, To: to, Author: request.Author{User: author.ID, Name: author.Name}, Message: message,
		Items: []request.Item{{Product: "phone", ProductName: catalog.Name{English: "Phone", French: "Téléphone"}, Quantity: 12}},
	}, func(request.Request) ([]table.Op, error) { return nil, nil })
	w.must(err)
	return json.RawMessage(fmt.Sprintf(`{"version":1,"id":"evt_%s","at":"2026-11-21T09:00:00Z","accountId":%q,"subject":{"noun":"request","id":%q}}`, r.ID, w.account, r.ID))
}

func (w *world) member(name, language string, roles ...access.Role) user.User {
	w.t.Helper()
	ch := user.Change{Account: w.account, Caller: operator, Now: t0, By: activity.Author{Kind: access.Operator}}
	email := strings.ToLower(name) + "." + strings.ToLower(string(id.New[id.User](w.ids, t0))) + "@example.com"
	u, err := w.users.Add(w.t.Context(), ch, user.Details{Name: name, Email: email, Language: language, Roles: roles}, func(user.User) ([]table.Op, error) { return nil, nil })
	w.must(err)
	return u
}

// A request for seats is mailed to each of the account's administrators in their language, once, in its author's own words;
// answers go to the author, who is not asked by themselves.
func TestARequestIsMailedToWhoIsAskedInItsAuthorsWords(t *testing.T) {
	w := newWorld(t)
	french, english := w.member("Inès", "fr", access.Administrator), w.member("Emma", "en", access.SuperAdministrator)
	author := w.member("Victor", "fr", access.Viewer)
	evil := "We need more.\n<script>alert(1)</script>" + strings.Repeat("é", 3000)
	e := w.asking(author, request.Administrators, evil)
	for range 2 {
		_, err := w.sender.Handle(t.Context(), "RequestSent", e, t0)
		w.must(err)
	}
	if w.post.count() != 2 {
		t.Fatalf("%d mails left, want one to each administrator", w.post.count())
	}
	for who, words := range map[string]string{french.Email: "Téléphone : 12 de plus", english.Email: "Phone: 12 more"} {
		m := w.post.to(who)[0]
		if !strings.Contains(m.Text, words) || !strings.Contains(m.Text, "We need more.\n") {
			t.Errorf("to %s: %s", who, m.Text)
		}
		if strings.Contains(m.HTML, "<script>") || !strings.Contains(m.HTML, "&lt;script&gt;") {
			t.Errorf("to %s the author's words are markup: %s", who, m.HTML)
		}
		if n := strings.Count(m.Text, "é"); n > 2000 || n < 1900 {
			t.Errorf("to %s: %d of 3000 letters are mailed, want some 2,000", who, n)
		}
		if m.ReplyTo.Email != author.Email || m.ReplyTo.Name != "Victor" {
			t.Errorf("to %s: answers go to %v", who, m.ReplyTo)
		}
	}
}

// Other requests go to the representative, or the partner; where there is nobody, the request is kept, and nobody mailed.
func TestARequestIsMailedToTheRepresentativeOrThePartner(t *testing.T) {
	w := newWorld(t)
	admin := w.member("Emma", "en", access.Administrator)
	w.handled(w.asking(admin, request.Representative, "Please"))
	w.handled(w.asking(admin, request.Vendor, "Please"))
	w.handled(w.asking(admin, request.Administrators, "Please")) // who is the only one
	if w.post.count() != 0 {
		t.Errorf("%d mails although nobody has an address", w.post.count())
	}
	contact := account.Contact{Name: "Paula", Email: "paula@example.com"}
	p, ops, err := w.accounts.NewPartner("Partner", contact, t0, activity.Author{Kind: access.Operator})
	w.write(ops, err)
	_, err = w.accounts.Link(t.Context(), w.account, p.ID, t0, activity.Author{Kind: access.Operator})
	w.must(err)
	w.handled(w.asking(admin, request.Partner, "Please"))
	if sent := w.post.to("paula@example.com"); len(sent) != 1 || !strings.Contains(sent[0].Text, "Please") || sent[0].ReplyTo.Email != admin.Email || sent[0].Lang != "fr" {
		t.Errorf("the partner was sent %+v", sent)
	}
}

func (w *world) handled(e json.RawMessage) {
	w.t.Helper()
	_, err := w.sender.Handle(w.t.Context(), "RequestSent", e, t0)
	w.must(err)
}
