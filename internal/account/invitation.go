package account

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Inviter mails people that they may sign in. The mail lets nobody in, so it holds no secret: what does is the
// invitation in the table, and the address that the reader proves at their first sign-in.
type Inviter struct {
	mailer mail.Mailer
	portal string
	log    *slog.Logger
}

// NewInviter sends by mailer and leads readers to the portal's address. A nil mailer is a deployment that sends no mail.
func NewInviter(mailer mail.Mailer, portal string, log *slog.Logger) *Inviter {
	return &Inviter{mailer, portal, log}
}

// Sends tells whether this deployment sends mail.
func (v *Inviter) Sends() bool { return v.mailer != nil }

// Invitation is one mail to one person. Their name stands in its header alone: it is whatever somebody typed, and the
// sentences of a mail are ours.
type Invitation struct {
	// ID is the mail's: the same where the same invitation is sent again by mistake, another where somebody asked for it.
	ID          string
	Name, Email string
	Lang        text.Lang
	// Company is who invites: the account, or for staff the partner; empty for the vendor, whose staff are the operators.
	Company string
}

// patience is how long a mail may keep a request waiting, well within the request's own time.
const patience = 10 * time.Second

// Send sends an invitation. Refused are an address that no mail reaches (address_refused, 409), a server that does not
// take it now (mail_unavailable, 503) and a deployment without mail (mail_not_set_up, 409). No error has a word of what
// the server said: servers quote addresses, and errors are logged.
func (v *Inviter) Send(ctx context.Context, inv Invitation, now time.Time) error {
	if v.mailer == nil {
		return fault.New(fault.Conflict, "mail_not_set_up")
	}
	err := v.deliver(ctx, inv, now)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, mail.ErrRefused):
		return fault.New(fault.Conflict, "address_refused", fault.Text("email", inv.Email))
	case errors.Is(err, mail.ErrTemporary):
		return fault.New(fault.Busy, "mail_unavailable").Because(errors.New(mail.Reason(err))).After(30 * time.Second)
	}
	return fmt.Errorf("mailing an invitation: %s", mail.Reason(err))
}

// Try sends an invitation for a change that is done and stays done: where the mail fails, a log line says so, and
// somebody can have it sent again.
func (v *Inviter) Try(ctx context.Context, inv Invitation, now time.Time, from httpapi.Source) {
	if v.mailer == nil {
		return
	}
	if err := v.deliver(ctx, inv, now); err != nil {
		v.log.WarnContext(ctx, "invitation not sent", "requestId", from.RequestID, "reason", mail.Reason(err))
	}
}

func (v *Inviter) deliver(ctx context.Context, inv Invitation, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	subject, content := inv.wording()
	content.Action = mail.Action{Label: text.Say(inv.Lang, "mail_invitation_action"), URL: v.portal}
	plain, html, err := mail.Compose(inv.Lang, content)
	if err != nil {
		return err
	}
	return v.mailer.Send(ctx, mail.Message{
		ID: inv.ID, To: mail.Address{Name: inv.Name, Email: inv.Email}, Lang: inv.Lang,
		Subject: subject, Text: plain, HTML: html,
	}, now)
}

// wording is what the mail says, but for where it leads.
func (inv Invitation) wording() (subject string, content mail.Content) {
	l := inv.Lang
	if inv.Company == "" {
		return text.Say(l, "mail_operator_subject"), mail.Content{
			Title: text.Say(l, "mail_operator_title"), Paragraphs: []string{text.Say(l, "mail_operator_body")}, Footer: text.Say(l, "mail_operator_footer"),
		}
	}
	return text.Say(l, "mail_invitation_subject", inv.Company), mail.Content{
		Title: text.Say(l, "mail_invitation_title", inv.Company), Paragraphs: []string{text.Say(l, "mail_invitation_body", inv.Company)},
		Footer: text.Say(l, "mail_invitation_footer", inv.Company),
	}
}
