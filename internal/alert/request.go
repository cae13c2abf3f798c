package alert

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/event"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/request"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// requestSent is the event of a request, which package event makes from activity.
const requestSent = "RequestSent"

// longestQuote is how many characters of a request's own words are mailed; the rest is read in the portal.
const longestQuote = 2000

// ofRequest reads that somebody sent a request. What it asks for is read from the table: an event says no more than that
// there is one.
func ofRequest(detail json.RawMessage) (Alert, bool, error) {
	var e event.Recorded
	err := read(detail, &e, &e.Heading, nil)
	if err != nil {
		return Alert{}, false, err
	}
	asked, ok := id.Parse[id.Request](e.Subject.ID)
	if !ok {
		return Alert{}, false, errors.New("it names no request")
	}
	return Alert{ID: e.ID, Account: e.Account, About: string(asked), Order: 1, Request: asked}, true, nil
}

// asked is who is told of a request: 1 batch, and for the account's own administrators 2 more; 1 call for the partner. A
// request that is over is mailed to nobody, and its author is not asked by themselves.
func (s *Sender) asked(ctx context.Context, a Alert) (to audience, ok bool, err error) {
	settings, of := table.Settings(a.Account), table.Request(a.Account, a.Request)
	rows, err := s.table.GetMany(ctx, settings, table.SuperAdministrators(a.Account), of)
	if err != nil || rows[settings] == nil || rows[of] == nil {
		return to, false, err
	}
	if err := errors.Join(table.Decode(rows[settings], &to.account), table.Decode(rows[of], &to.request)); err != nil {
		return to, false, err
	}
	if to.request.State != request.Open {
		return to, false, nil
	}
	author := to.request.Author.User
	ids := []id.User{author}
	if to.request.To == request.Administrators {
		supers, err := administrators(rows[table.SuperAdministrators(a.Account)])
		if err != nil {
			return to, false, err
		}
		ids = append(ids, slices.DeleteFunc(supers, func(u id.User) bool { return u == author })...)
	}
	people, err := s.people(ctx, a.Account, ids)
	if err != nil {
		return to, false, err
	}
	to.author = people[0].User
	switch to.request.To {
	case request.Administrators:
		to.readers = readers(to.account, nil, people[1:], "")
	case request.Partner:
		if to.partner, err = s.accounts.PartnerOf(ctx, to.account); err != nil || to.partner == nil {
			return to, false, err
		}
		to.readers = readers(to.account, to.partner, nil, "")
	case request.Representative:
		if whom := to.account.Representative; whom.Email != "" {
			to.readers = []Reader{{ID: "representative", Name: whom.Name, Email: whom.Email, Lang: text.Match("", to.account.Locale), Partner: true}}
		}
	}
	return to, true, nil
}

// ask is the mail about a request to one reader: what is asked for, and the author's own words, cut where they are long.
// Answers go to the author.
func (a Alert) ask(to audience, r Reader, portal string) (mail.Message, error) {
	asked, l := to.request, r.Lang
	who := asked.Author.Name
	if who == "" {
		who = text.Say(l, "mail_request_somebody")
	}
	content := mail.Content{
		Title:  text.Say(l, "mail_request_"+string(asked.Kind), who),
		Action: mail.Action{Label: text.Say(l, "mail_request_action"), URL: portal},
		Footer: text.Say(l, "mail_request_footer", to.account.Name),
	}
	for _, item := range asked.Items {
		content.Paragraphs = append(content.Paragraphs, text.Say(l, "mail_request_item", item.ProductName.In(l), item.Quantity))
	}
	if asked.Message != "" {
		content.Paragraphs = append(content.Paragraphs, text.Say(l, "mail_request_said"))
		content.Paragraphs = append(content.Paragraphs, quoted(asked.Message)...)
	}
	next := "mail_request_next"
	if r.Partner {
		next, content.Footer = "mail_request_next_other", text.Say(l, "mail_request_footer_other", to.account.Name)
	}
	content.Paragraphs = append(content.Paragraphs, text.Say(l, next))
	plain, html, err := mail.Compose(l, content)
	m := mail.Message{
		ID: a.mailID(r), To: mail.Address{Name: r.Name, Email: r.Email}, Lang: l,
		Subject: text.Say(l, "mail_request_subject", to.account.Name, content.Title), Text: plain, HTML: html,
	}
	if _, unfit := mail.ParseAddress(who, to.author.Email); unfit == nil { // nobody is kept from the mail by its author's address
		m.ReplyTo = mail.Address{Name: who, Email: to.author.Email}
	}
	return m, err
}

// quoted is a person's own words as paragraphs, a line each, of longestQuote characters at most.
func quoted(words string) []string {
	if runes := []rune(words); len(runes) > longestQuote {
		words = string(runes[:longestQuote-1]) + "…"
	}
	var lines []string
	for line := range strings.Lines(words) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
