package seat

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

const (
	// MaxNotices is how many people one call mails; those whom it names after them are not told.
	MaxNotices = 48
	// atOnce is how many mails leave beside each other.
	atOnce = 8
	// patience is how long all mails of a call may keep its answer waiting, well within the request's own time.
	patience = 10 * time.Second
)

// Notifier mails people which products they can use now, and which no longer. Seats are written by then and stay as
// they are, whatever becomes of the mail: it gets a log line, and the caller's answer is the same.
type Notifier struct {
	mailer mail.Mailer
	portal string
	log    *slog.Logger
}

// NewNotifier sends by mailer and leads readers to the portal's address. A nil mailer is a deployment that sends no mail.
func NewNotifier(mailer mail.Mailer, portal string, log *slog.Logger) *Notifier {
	return &Notifier{mailer, portal, log}
}

// notice is what one person is to be told: products by their codes, with what their lines call them.
type notice struct {
	user           id.User
	added, removed []Outcome
}

// notices are what outcomes come to for each person, in their order: whoever got or lost nothing is told nothing.
func notices(outcomes []Outcome) []*notice {
	var all []*notice
	of := map[id.User]*notice{}
	for _, o := range outcomes {
		if o.Result != Assigned && o.Result != Removed {
			continue
		}
		n := of[o.User]
		if n == nil {
			n = &notice{user: o.User}
			of[o.User], all = n, append(all, n)
		}
		if o.Result == Assigned {
			n.added = append(n.added, o)
		} else {
			n.removed = append(n.removed, o)
		}
	}
	return all
}

// reader is one who may be mailed, with the language that they chose for themselves.
type reader struct {
	user.User
	chose string
}

// tell mails who got or lost a seat: 1 call for their addresses, and 1 for what those who signed in set for themselves.
func (h *API) tell(ctx context.Context, c account.Call, outcomes []Outcome) {
	all := notices(outcomes)
	if h.notify.mailer == nil || len(all) == 0 {
		return
	}
	all = all[:min(len(all), MaxNotices)]
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	products, err := h.store.catalog.All(ctx, c.Now)
	var readers map[id.User]reader
	if err == nil {
		readers, err = h.store.readers(ctx, c.AccountID, all)
	}
	if err != nil {
		h.notify.failed(ctx, c, len(all), "the readers could not be read: "+err.Error())
		return
	}
	h.notify.send(ctx, c, all, readers, products)
}

// readers are the people of notices.
func (s *Store) readers(ctx context.Context, a id.Account, all []*notice) (map[id.User]reader, error) {
	var users []id.User
	var keys []table.Key
	for _, n := range all {
		users = append(users, n.user)
		keys = append(keys, table.User(a, n.user), table.Bound(a, n.user))
	}
	rows, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return nil, err
	}
	own, err := account.OwnOf(ctx, s.table, a, users, rows)
	if err != nil {
		return nil, err
	}
	readers := make(map[id.User]reader, len(users))
	for _, u := range users {
		r := reader{chose: own[u].Language}
		if err := table.Decode(rows[table.User(a, u)], &r.User); err != nil {
			return nil, err
		}
		readers[u] = r
	}
	return readers, nil
}

// send mails each person who is active now. What did not leave is one log line for all of them.
func (v *Notifier) send(ctx context.Context, c account.Call, all []*notice, readers map[id.User]reader, products catalog.Products) {
	var mu sync.Mutex
	var reasons []string
	var mailing errgroup.Group
	mailing.SetLimit(atOnce)
	for _, n := range all {
		to := readers[n.user]
		if to.State != user.Active {
			continue
		}
		mailing.Go(func() error {
			if err := v.deliver(ctx, c, to, n, products); err != nil {
				mu.Lock()
				defer mu.Unlock()
				reasons = append(reasons, mail.Reason(err))
			}
			return nil
		})
	}
	_ = mailing.Wait() // each failure is among the reasons
	if len(reasons) > 0 {
		slices.Sort(reasons)
		v.failed(ctx, c, len(reasons), strings.Join(slices.Compact(reasons), ", "))
	}
}

// failed tells the log, and not whom it was about.
func (v *Notifier) failed(ctx context.Context, c account.Call, mails int, reason string) {
	v.log.WarnContext(ctx, "mails about seats not sent", "requestId", c.Source.RequestID, "mails", mails, "reason", reason)
}

// deliver mails one person: in the language that they chose, else the one written down for them, else the account's.
func (v *Notifier) deliver(ctx context.Context, c account.Call, u reader, n *notice, products catalog.Products) error {
	lang, company := text.Match("", u.chose, u.Language, c.Account.Locale), c.Account.Name
	said := []string{text.Say(lang, "mail_seats_body", company)}
	if len(n.added) > 0 {
		said = append(said, text.Say(lang, "mail_seats_added", named(n.added, products, lang)))
	}
	if len(n.removed) > 0 {
		said = append(said, text.Say(lang, "mail_seats_removed", named(n.removed, products, lang)))
	}
	plain, html, err := mail.Compose(lang, mail.Content{
		Title:      text.Say(lang, "mail_seats_title", company),
		Paragraphs: said,
		Action:     mail.Action{Label: text.Say(lang, "mail_seats_action"), URL: v.portal},
		Footer:     text.Say(lang, "mail_seats_footer", company),
	})
	if err != nil {
		return err
	}
	return v.mailer.Send(ctx, mail.Message{
		// A person's seats change once at an instant, so no two mails have this one.
		ID: fmt.Sprintf("%s-seats-%d", u.ID, c.Now.UnixNano()),
		To: mail.Address{Name: u.Name, Email: u.Email}, Lang: lang,
		Subject: text.Say(lang, "mail_seats_subject", company), Text: plain, HTML: html,
	}, c.Now)
}

// named are products by what the catalog calls them in a language; one that it does not know by what its line says.
func named(outcomes []Outcome, products catalog.Products, lang text.Lang) string {
	names := make([]string, len(outcomes))
	for i, o := range outcomes {
		if names[i] = products.Name(o.Product, lang); names[i] == "" {
			names[i] = o.ProductName
		}
	}
	return strings.Join(names, ", ")
}
