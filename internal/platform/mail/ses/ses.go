// Package ses is the way of mail out by Amazon SES, API version 2. It is apart from package mail because the SDK's part for
// SES costs time at the start of whatever is linked with it, and most functions send no mail.
package ses

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
)

// Mailer sends by SES. It replaces Date and Message-ID: see mail.IDHeader.
type Mailer struct {
	client *sesv2.Client
	from   mail.Address
}

// New makes a Mailer over a client, which repeats by its own rules what may pass. The error is a sender's address that
// is none; that SES may send for it shows at the first message.
func New(client *sesv2.Client, from mail.Address) (*Mailer, error) {
	from, err := mail.Sender(from)
	return &Mailer{client, from}, err
}

// Deployed is New on a client of a deployment's own region and role. Its configuration is made by hand, since loading the
// default one takes longer than all else at start.
func Deployed(region string, as aws.CredentialsProvider, from mail.Address) (mail.Mailer, error) {
	return New(sesv2.New(sesv2.Options{Region: region, Credentials: as}), from)
}

// Send hands the message over as it stands. That SES took it says nothing of the address: a bounce comes later, as an
// event that carries the ID in the tag "mail".
func (s *Mailer) Send(ctx context.Context, m mail.Message, now time.Time) error {
	raw, err := mail.Render(s.from, m, now)
	if err != nil {
		return err
	}
	if strings.ContainsFunc(m.To.Email, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return fmt.Errorf("mail %s by SES: %w: it takes no address beyond ASCII", m.ID, mail.ErrRefused)
	}
	_, err = s.client.SendEmail(ctx, &sesv2.SendEmailInput{
		Content:     &types.EmailContent{Raw: &types.RawMessage{Data: raw}},
		Destination: &types.Destination{ToAddresses: []string{m.To.Email}},
		EmailTags:   []types.MessageTag{{Name: aws.String("mail"), Value: aws.String(m.ID)}},
	})
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil || passes(err):
		return fmt.Errorf("mail %s by SES: %w: %w", m.ID, mail.ErrTemporary, err)
	case refused(err):
		return fmt.Errorf("mail %s by SES: %w: %w", m.ID, mail.ErrRefused, err)
	}
	return fmt.Errorf("mail %s by SES: %w", m.ID, err)
}

// passes tells what the SDK itself would repeat (throttled, 5xx, no connection), and a used-up quota.
func passes(err error) bool {
	var quota *types.LimitExceededException
	return errors.As(err, &quota) || retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err).Bool()
}

// refused leaves out the one rejection that is ours: a sender that is not verified, or a reader who would have to be
// while our account is still in the sandbox.
func refused(err error) bool {
	var rejected *types.MessageRejected
	return errors.As(err, &rejected) && !strings.Contains(rejected.ErrorMessage(), "not verified")
}
