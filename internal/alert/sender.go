package alert

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

const (
	// patience is how long one mail may take to leave.
	patience = 10 * time.Second
	// atOnce is how many leave beside each other.
	atOnce = 8
)

// Sender mails alerts.
type Sender struct {
	table    *table.Table
	accounts *account.Store
	mailer   mail.Mailer
	portal   string
	log      *slog.Logger
}

// NewSender sends by mailer and leads readers to the portal's address. A nil mailer is a deployment that sends no mail.
func NewSender(t *table.Table, accounts *account.Store, mailer mail.Mailer, portal string, log *slog.Logger) *Sender {
	return &Sender{t, accounts, mailer, portal, log}
}

// Report is what became of the mails of one event.
type Report struct {
	// Sent left with this delivery; Refused are addresses that take no mail; Dropped are mails of what is no longer so; Done
	// were settled by an earlier delivery.
	Sent, Refused, Dropped, Done int
}

// errHeld says that another delivery of the same event is sending a mail, or crashed over it.
var errHeld = errors.New("another delivery is at it")

// Handle mails an event to its readers, each once, however often and in whatever order events are delivered: a mail is
// claimed, sent, marked. A double is possible only after a crash between the last two, or where a server took a mail and
// its answer was lost. A step of a ladder that is no longer so is marked and not sent. An error says that the event must be
// delivered again: a mail did not leave. Mails of the same event that did are not sent again then.
//
// 3 batches of reads, 1 call for the partner, 1 write, and 2 for each mail.
func (s *Sender) Handle(ctx context.Context, kind string, detail json.RawMessage, now time.Time) (Report, error) {
	a, told, err := Read(kind, detail)
	if err != nil || !told || s.mailer == nil {
		return Report{}, err
	}
	to, ok, err := s.audience(ctx, a)
	if err != nil || !ok || len(to.readers) == 0 {
		return Report{}, err
	}
	if may, err := s.advance(ctx, a, now); err != nil || !may {
		return Report{}, err
	}
	return s.mailAll(ctx, a, to, now)
}

// mailAll mails every reader. One who cannot be mailed keeps no other from it.
func (s *Sender) mailAll(ctx context.Context, a Alert, to audience, now time.Time) (Report, error) {
	begin := ctx
	if end, ends := ctx.Deadline(); ends {
		// No mail is begun that could not be sent and marked in time: it would be sent again.
		var cancel context.CancelFunc
		begin, cancel = context.WithDeadline(ctx, end.Add(-patience-patienceToMark))
		defer cancel()
	}
	var mu sync.Mutex
	var report Report
	var failed []error
	var all errgroup.Group
	all.SetLimit(atOnce)
	for _, r := range to.readers {
		all.Go(func() error {
			var is state
			err := begin.Err()
			if err == nil {
				is, err = s.mail(ctx, a, to, r, now)
			}
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err != nil:
				failed = append(failed, err)
			case is == sent:
				report.Sent++
			case is == refused:
				report.Refused++
			case is == dropped:
				report.Dropped++
			default:
				report.Done++
			}
			return nil
		})
	}
	_ = all.Wait() // each failure is among failed
	if len(failed) > 0 {
		return report, fmt.Errorf("event %s: %d of %d mails did not leave, first: %w", a.ID, len(failed), len(to.readers), failed[0])
	}
	return report, nil
}

// mail claims, sends and marks the mail to one reader. The empty state is a mail that was settled before.
func (s *Sender) mail(ctx context.Context, a Alert, to audience, r Reader, now time.Time) (state, error) {
	m, err := a.write(to, r, s.portal)
	if err != nil {
		return "", err
	}
	key := table.MailClaim(a.Account, a.ID, r.ID)
	row, v, err := s.take(ctx, key, now)
	switch {
	case err != nil:
		return "", err
	case v == done:
		return "", nil
	case v == held:
		return "", errHeld
	case a.Outdated(to.contract):
		return dropped, s.mark(ctx, key, row, dropped, now)
	}
	err = s.send(ctx, m, now)
	switch {
	case err == nil:
		return sent, s.mark(ctx, key, row, sent, now)
	case errors.Is(err, mail.ErrRefused):
		s.log.WarnContext(ctx, "alert refused", "event", a.ID, "reader", r.ID, "reason", mail.Reason(err))
		return refused, s.mark(ctx, key, row, refused, now)
	}
	// Servers quote addresses in what they say, and errors are logged.
	return "", errors.Join(errors.New(mail.Reason(err)), s.giveBack(ctx, key, row))
}

func (s *Sender) send(ctx context.Context, m mail.Message, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return s.mailer.Send(ctx, m, now)
}

// mailID is the same for every delivery of an event to a reader. The codes of products, which an event's id has, may hold
// what a Message-ID cannot.
func (a Alert) mailID(r Reader) string {
	sum := sha256.Sum256([]byte(a.ID + "\n" + r.ID))
	return "alert_" + hex.EncodeToString(sum[:16])
}
