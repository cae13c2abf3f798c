package mail

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
)

// SES sends by Amazon SES, API version 2. It replaces Date and Message-ID: see IDHeader.
type SES struct {
	client *sesv2.Client
	from   Address
}

// NewSES makes a Mailer over a client, which repeats by its own rules what may pass. The error is a sender's address that
// is none; that SES may send for it shows at the first message.
func NewSES(client *sesv2.Client, from Address) (*SES, error) {
	from, err := sender(from)
	return &SES{client, from}, err
}

// Send hands the message over as it stands. That SES took it says nothing of the address: a bounce comes later, as an
// event that carries the ID in the tag "mail".
func (s *SES) Send(ctx context.Context, m Message, now time.Time) error {
	raw, err := render(s.from, m, now)
	if err != nil {
		return err
	}
	if strings.ContainsFunc(m.To.Email, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return fmt.Errorf("mail %s by SES: %w: it takes no address beyond ASCII", m.ID, ErrRefused)
	}
	_, err = s.client.SendEmail(ctx, &sesv2.SendEmailInput{
		Content:     &types.EmailContent{Raw: &types.RawMessage{Data: raw}},
		Destination: &types.Destination{ToAddresses: []string{m.To.Email}},
		EmailTags:   []types.MessageTag{{Name: aws.String("mail"), Value: aws.String(m.ID)}},
	})
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil || passesAtSES(err):
		return fmt.Errorf("mail %s by SES: %w: %w", m.ID, ErrTemporary, err)
	case refusedBySES(err):
		return fmt.Errorf("mail %s by SES: %w: %w", m.ID, ErrRefused, err)
	}
	return fmt.Errorf("mail %s by SES: %w", m.ID, err)
}

// passesAtSES tells what the SDK itself would repeat (throttled, 5xx, no connection), and a used-up quota.
func passesAtSES(err error) bool {
	var quota *types.LimitExceededException
	return errors.As(err, &quota) || retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err).Bool()
}

// refusedBySES leaves out the one rejection that is ours: a sender that is not verified, or a reader who would have to be
// while our account is still in the sandbox.
func refusedBySES(err error) bool {
	var rejected *types.MessageRejected
	return errors.As(err, &rejected) && !strings.Contains(rejected.ErrorMessage(), "not verified")
}
