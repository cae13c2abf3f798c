package alert_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/alert"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/event"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

var (
	t0       = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	today    = date.Date("2026-11-21")
	operator = access.Caller{Kind: access.Operator}
)

// post takes mail away and remembers it; hook may refuse a message, or do what happens while it is sent.
type post struct {
	mu    sync.Mutex
	taken []mail.Message
	hook  func(mail.Message) error
}

func (p *post) Send(_ context.Context, m mail.Message, _ time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hook != nil {
		if err := p.hook(m); err != nil {
			return err
		}
	}
	p.taken = append(p.taken, m)
	return nil
}

// to are the mails to an address.
func (p *post) to(email string) (all []mail.Message) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.taken {
		if m.To.Email == email {
			all = append(all, m)
		}
	}
	return all
}

func (p *post) count() int { p.mu.Lock(); defer p.mu.Unlock(); return len(p.taken) }

// world is an account with one contract, and a sender of its alerts.
type world struct {
	t         *testing.T
	table     *table.Table
	faults    *table.Faults
	ids       *id.Maker
	accounts  *account.Store
	users     *user.Store
	contracts *contract.Store
	account   id.Account
	contract  contract.Contract
	post      *post
	sender    *alert.Sender
	list      *alert.List
}

func newWorld(t *testing.T) *world {
	t.Helper()
	client, name := enginetest.Open(t)
	faults := table.NewFaults(1)
	db, ids := table.New(client, name, faults), id.NewMaker(rand.Reader)
	w := &world{
		t: t, table: db, faults: faults, ids: ids, account: id.New[id.Account](ids, t0), post: &post{},
		accounts: account.NewStore(db, ids), users: user.NewStore(db, ids, seat.NewStore(db, ids, catalog.NewStore(db, ids)).Follow), contracts: contract.NewStore(db, ids),
	}
	w.sender = alert.NewSender(db, w.accounts, w.post, "https://portal.example/", slog.New(slog.DiscardHandler))
	w.list = alert.NewList(db, w.contracts)
	acc := account.Account{ID: w.account, Name: "Exemple SA", Terms: account.DefaultTerms(), Representative: account.Contact{Name: "Rosa"}, CreatedAt: t0}
	w.write(account.CreateOps(acc))
	w.contract = w.agree("Order form", "2027-06-30", 3)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) write(ops []table.Op, err error) {
	w.t.Helper()
	w.must(err)
	w.must(w.table.Write(w.t.Context(), ops...))
}

// agree makes a contract.
func (w *world) agree(name string, expiry date.Date, purchased int) contract.Contract {
	w.t.Helper()
	c := contract.Contract{ID: id.New[id.Contract](w.ids, t0), CRM: "800L2cEpVZzAQlxI0G", Facts: contract.Facts{Name: name, Expiry: expiry, Purchased: purchased}, TermsRev: 1}.Settled(t0)
	w.write(contract.CreateOps(w.account, c))
	return c
}

// line puts a line on a contract; limit below zero is none.
func (w *world) line(c contract.Contract, product string, used, limit int) contract.Line {
	w.t.Helper()
	l := contract.NewLine(c, product, "The "+product)
	if limit >= 0 {
		l = l.With(contract.Quantities{Contracted: &limit})
	}
	l = l.Taken(map[contract.PoolID]int{contract.Unassigned: used})
	op, err := contract.LineOp(w.account, contract.LineRow{}, l)
	w.write([]table.Op{op}, err)
	return l
}

// hire adds a person of the account, in a language or in none.
func (w *world) hire(language string, roles ...access.Role) user.User {
	w.t.Helper()
	ch := user.Change{Account: w.account, Caller: operator, Now: t0, By: activity.Author{Kind: access.Operator}}
	d := user.Details{Name: "Person " + rand.Text(), Email: strings.ToLower(rand.Text()) + "@example.com", Language: language, Roles: roles}
	u, err := w.users.Add(w.t.Context(), ch, d, func(user.User) ([]table.Op, error) { return nil, nil })
	w.must(err)
	return u
}

func (w *world) change(u user.User, change func(*user.User)) {
	w.t.Helper()
	ch := user.Change{Account: w.account, Caller: operator, Now: t0, By: activity.Author{Kind: access.Operator}}
	_, err := w.users.Set(w.t.Context(), ch, u.ID, func(seen user.Seen) (user.User, error) {
		after := seen.User
		change(&after)
		return after, nil
	})
	w.must(err)
}

// signIn is somebody's first sign-in, after which they may set what is their own.
func (w *world) signIn(u user.User) access.Subject {
	w.t.Helper()
	who := access.Subject{Issuer: "https://issuer.example", ID: rand.Text(), Email: u.Email}
	loaded, err := w.accounts.Load(w.t.Context(), who, w.account, httpapi.Source{}, t0)
	w.must(err)
	if loaded.Caller.Kind != access.Member {
		w.t.Fatalf("%s signed in as %q", u.Name, loaded.Caller.Kind)
	}
	return who
}

func (w *world) mute(who access.Subject, kinds ...account.AlertMail) {
	w.t.Helper()
	_, err := w.accounts.SetOwn(w.t.Context(), who, account.Own{Muted: &kinds})
	w.must(err)
}

// managed gives the account to a partner with a contact.
func (w *world) managed(email string) account.Partner {
	w.t.Helper()
	by := activity.Author{Kind: access.Operator}
	p, ops, err := w.accounts.NewPartner("Partner "+rand.Text(), account.Contact{Name: "Paule", Email: email}, t0, by)
	w.write(ops, err)
	_, err = w.accounts.Link(w.t.Context(), w.account, p.ID, t0, by)
	w.must(err)
	return p
}

// used is a line of the contract with so many of 100 seats in use, at a rev.
func (w *world) used(n, rev int) contract.Line {
	limit := 100
	l := contract.NewLine(w.contract, "PBX-USER", "Telephony user").With(contract.Quantities{Contracted: &limit}).Taken(map[contract.PoolID]int{contract.Unassigned: n})
	l.Rev = rev
	return l
}

// rose are the events of the line's use going from so many to so many, which it reached at a rev.
func (w *world) rose(from, to, rev int) []event.Event {
	return event.Crossings(w.account, t0, w.used(from, rev-1), w.used(to, rev))
}

// step is the event of a step of a contract's ladder at an instant.
func (w *world) step(action activity.Action, days int, at time.Time) event.Event {
	w.t.Helper()
	r := activity.New(w.ids, at, w.account, activity.Author{Kind: access.Clock}, action, w.contract.Thing())
	r.After = activity.Values{"expiryDate": string(w.contract.Expiry), "days": float64(days)}
	all, err := event.OfRecord(r)
	w.must(err)
	return all[0]
}

func (w *world) over(rev int) event.Event {
	before, after := w.contract, w.contract
	before.Mapped, after.Mapped, after.Rev = 3, 5, rev
	return event.Overrun(w.account, t0, before, after)[0]
}

// deliver hands an event over as the bus does.
func (w *world) deliver(e event.Event, at time.Time) (alert.Report, error) {
	entry, err := e.Entry()
	if err != nil {
		return alert.Report{}, err
	}
	return w.sender.Handle(w.t.Context(), entry.Type, json.RawMessage(entry.Detail), at)
}

func (w *world) delivered(at time.Time, all ...event.Event) {
	w.t.Helper()
	for _, e := range all {
		if _, err := w.deliver(e, at); err != nil {
			w.t.Fatalf("%s: %v", e.ID, err)
		}
	}
}

// subjects are those of the mails to somebody, sorted.
func (w *world) subjects(email string) []string {
	all := []string{}
	for _, m := range w.post.to(email) {
		all = append(all, m.Subject)
	}
	slices.Sort(all)
	return all
}

const (
	subject80  = "Exemple SA: 80 % of the seats of “Telephony user” are in use"
	subject100 = "Exemple SA: The seats of “Telephony user” are used up"
)

var errDown = fmt.Errorf("the server is away: %w", mail.ErrTemporary)

var errNoSuchAddress = errors.Join(mail.ErrRefused, errors.New("no such address"))
