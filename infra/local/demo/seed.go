// Package demo owns the data that the local stack starts with: a catalog, three accounts with contracts, systems, people
// and seats for every rule that a reader may want to see, and the personas to sign in as. It makes them through the code
// of real use: what the CRM knows goes through package intake, people through package user, their queues and seats through
// package seat, partners through package account.
//
// The ids of the accounts, of their people and cost centers, and of one contract and one system in each, are the same on
// every machine: what the sample events in events/ are about.
package demo

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/intake"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// founded is when the demo accounts began: an instant that does not move, so that the ids made at it do not either.
// Everything else is made when the seed is.
var founded = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// fixed makes ids that are the same for a name and an instant, always.
func fixed(name string) *id.Maker { return id.NewMaker(rand.NewChaCha8(sha256.Sum256([]byte(name)))) }

// World is what is there to be found.
type World struct {
	// Accounts are the ids of the demo accounts by their keys.
	Accounts map[string]id.Account `dynamodbav:"accounts"`
}

// progress is how far the seed is, in a row of the local stack's own; no deployed table has it.
type progress struct {
	World
	// At is when the seed began. All days count from it, also for a start that completes what another left half done.
	At     time.Time `dynamodbav:"at"`
	Filled bool      `dynamodbav:"filled"`
	// Issuer is the one whose personas are known. The port is in its name, and a user is one subject: after a start on
	// another port the personas move.
	Issuer string `dynamodbav:"issuer,omitempty"`
	Rev    int    `dynamodbav:"rev"`

	was table.Item
}

var progressKey = table.Key{PK: "LOCAL#demo", SK: "SEED"}

// Seed is what the demo data is made with.
type Seed struct {
	Table *table.Table
	// Issuer is that of the personas' tokens.
	Issuer string
	// Random is for the ids that may differ.
	Random io.Reader
	Now    time.Time
	// Notices gets a line before work that takes a moment.
	Notices io.Writer
}

// Plant fills the table, completes what an earlier start left half done, or finds all of it there (1 read, no write).
// What was changed since is left as it is.
func (s Seed) Plant(ctx context.Context) (World, error) {
	p, err := s.progress(ctx)
	if err != nil {
		return World{}, err
	}
	if p.At.IsZero() {
		p.At = s.Now.UTC().Truncate(time.Millisecond)
		if p, err = s.keep(ctx, p); err != nil {
			return World{}, err
		}
	}
	if !p.Filled {
		fmt.Fprintln(s.Notices, "Making the demo data (once)")
		// What another start began goes on as of its instant, so that all of the data is of one day.
		s := s
		s.Now = p.At
		if p.Accounts, err = s.fill(ctx); err != nil {
			return World{}, fmt.Errorf("make the demo data: %w", err)
		}
		p.Filled = true
		if p, err = s.keep(ctx, p); err != nil {
			return World{}, err
		}
	}
	if p.Issuer != s.Issuer {
		if err := s.enrol(ctx, p.World); err != nil {
			return World{}, fmt.Errorf("enrol the personas: %w", err)
		}
		p.Issuer = s.Issuer
		if p, err = s.keep(ctx, p); err != nil {
			return World{}, err
		}
	}
	return p.World, nil
}

func (s Seed) progress(ctx context.Context) (progress, error) {
	item, err := s.Table.Get(ctx, progressKey)
	if err != nil {
		return progress{}, err
	}
	p := progress{was: item}
	return p, table.Decode(item, &p)
}

func (s Seed) keep(ctx context.Context, p progress) (progress, error) {
	item, err := table.Encode(p)
	if err != nil {
		return p, err
	}
	op := table.Put(progressKey, item, table.Absent())
	if p.was != nil {
		op = table.Replace(progressKey, p.was, item)
	}
	if err := s.Table.Write(ctx, op); err != nil {
		return p, fmt.Errorf("note how far the demo data is: %w", err)
	}
	p.was = item
	return p, nil
}

// fill makes the accounts, each beside the others, since a system's transaction counts on its contract's row.
func (s Seed) fill(ctx context.Context) (map[string]id.Account, error) {
	catalog := catalog.NewStore(s.Table, id.NewMaker(s.Random))
	if err := s.offer(ctx, catalog); err != nil {
		return nil, err
	}
	plans := blueprints()
	made := make([]id.Account, len(plans))
	all, each := errgroup.WithContext(ctx)
	for i, b := range plans {
		all.Go(func() (err error) {
			if made[i], err = s.account(each, b); err == nil {
				err = s.seat(each, b, made[i], catalog)
			}
			if err == nil {
				err = s.wish(each, b, made[i], catalog)
			}
			return err
		})
	}
	if err := all.Wait(); err != nil {
		return nil, err
	}
	out := map[string]id.Account{}
	for i, b := range plans {
		out[b.key] = made[i]
	}
	return out, s.invite(ctx, out)
}

// account makes one account with all that is in it. Every step is harmless to repeat.
func (s Seed) account(ctx context.Context, b blueprint) (id.Account, error) {
	zone, err := date.Zone(b.terms.TimeZone)
	if err != nil {
		return "", err
	}
	contracts, systems := b.contractRecords(date.Today(s.Now, zone)), b.systemRecords()
	a, err := s.found(ctx, b, contracts[0], systems[0])
	if err != nil {
		return "", err
	}
	if err := s.terms(ctx, b, a); err != nil {
		return "", err
	}
	service := intake.NewService(s.Table, id.NewMaker(s.Random))
	in := intake.Terms{AsOf: s.Now, Now: s.Now, By: seeder(), Defaults: b.terms}
	for _, rec := range contracts[1:] {
		if _, _, err := service.TakeContract(ctx, in, rec); err != nil {
			return "", fmt.Errorf("contract %s: %w", rec.Facts.Name, err)
		}
	}
	for _, rec := range systems[1:] {
		if _, _, err := service.TakeSystem(ctx, in, rec); err != nil {
			return "", fmt.Errorf("system %s: %w", rec.Facts.Name, err)
		}
	}
	return a, nil
}

// found makes an account by taking over its first contract, and then a first system, with the ids that are fixed.
func (s Seed) found(ctx context.Context, b blueprint, first intake.ContractRecord, system intake.SystemRecord) (id.Account, error) {
	in := intake.Terms{AsOf: founded, Stated: true, Now: founded, By: seeder(), Defaults: b.terms}
	if _, _, err := intake.NewService(s.Table, fixed("contract "+b.key)).TakeContract(ctx, in, first); err != nil {
		return "", fmt.Errorf("contract %s: %w", first.Facts.Name, err)
	}
	if _, _, err := intake.NewService(s.Table, fixed("system "+b.key)).TakeSystem(ctx, in, system); err != nil {
		return "", fmt.Errorf("system %s: %w", system.Facts.Name, err)
	}
	found, _, err := s.accounts().List(ctx, b.name, nil, 10)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(found, func(a account.Summary) bool { return a.CRM == first.Account })
	if at < 0 {
		return "", fmt.Errorf("account %s is not in the list of accounts", b.name)
	}
	return found[at].ID, nil
}

func (s Seed) accounts() *account.Store { return account.NewStore(s.Table, id.NewMaker(s.Random)) }

func (s Seed) users() *user.Store {
	ids := id.NewMaker(s.Random)
	return user.NewStore(s.Table, ids, seat.NewStore(s.Table, ids, catalog.NewStore(s.Table, ids)).Follow)
}

// terms are what of an account the CRM does not know: its representative, who is billed, and its partner.
func (s Seed) terms(ctx context.Context, b blueprint, a id.Account) error {
	_, err := s.accounts().Change(ctx, a, s.Now, seeder(), activity.AccountChanged, func(acc account.Account) (account.Account, error) {
		acc.Representative, acc.Billing = b.representative, b.billing
		return acc, nil
	})
	if err != nil || b.partner == "" {
		return err
	}
	contact := account.Contact{Name: b.partner, Email: "contact@integrateur.example", Phone: "+33 2 99 00 01 02"}
	p, ops, err := account.NewStore(s.Table, fixed("partner "+b.key)).NewPartner(b.partner, contact, founded, seeder())
	if err != nil {
		return err
	}
	if err := unlessThere(s.Table.Write(ctx, ops...)); err != nil {
		return err
	}
	_, err = s.accounts().Link(ctx, a, p.ID, s.Now, seeder())
	return err
}

// enrol makes the personas known as an issuer names them.
func (s Seed) enrol(ctx context.Context, w World) error {
	store := s.accounts()
	for _, p := range Personas() {
		who := p.Subject(s.Issuer)
		switch p.Kind {
		case Operator:
			if err := store.Staff(ctx, who, p.Person, "", s.Now, seeder()); err != nil {
				return err
			}
		case Staff:
			managed, err := store.Get(ctx, w.Accounts[p.Accounts[0]])
			if err == nil {
				err = store.Staff(ctx, who, p.Person, managed.Partner, s.Now, seeder())
			}
			if err != nil {
				return err
			}
		case Member:
			for _, key := range p.Accounts {
				if err := s.add(ctx, p, p.member(w, key)); err != nil {
					return err
				}
				// Whom somebody deactivated or gave other roles since stays so.
				if err := store.Enrol(ctx, who, p.member(w, key), s.Now, seeder()); err != nil && !errors.Is(err, account.ErrOtherwise) {
					return err
				}
			}
		}
	}
	return nil
}

// add makes a persona one of an account's people.
func (s Seed) add(ctx context.Context, p Persona, m account.Member) error {
	ch := user.Change{Account: m.Account, Caller: access.Caller{Kind: access.Operator}, Now: s.Now, By: seeder()}
	d := user.Details{Name: m.Name, Email: m.Email, Roles: m.Roles}
	if _, err := s.users().AddAs(ctx, ch, m.User, d, func(user.User) ([]table.Op, error) { return nil, nil }); err != nil {
		return fmt.Errorf("add %s: %w", p.Name, err)
	}
	return nil
}

// invite lets in who comes later.
func (s Seed) invite(ctx context.Context, accounts map[string]id.Account) error {
	for _, p := range Personas() {
		if p.Kind == Invited {
			m := p.member(World{accounts}, p.Accounts[0])
			if err := s.add(ctx, p, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// member is the persona in one of its accounts. The user id is fixed, so that a second issuer's admin is the same user.
func (p Persona) member(w World, key string) account.Member {
	return account.Member{
		Account: w.Accounts[key], User: id.New[id.User](fixed("user "+key+" "+p.Name), founded), Name: p.Person, Email: p.Email(), Roles: p.Roles,
	}
}

// seeder is who did all this, as the activity has it.
func seeder() activity.Author {
	return activity.Author{Kind: access.Operator, Name: "Seatkeeper"}
}

// unlessThere takes a refusal because something exists for what it is: an earlier start made it.
func unlessThere(err error) error {
	var unmet *table.ConditionError
	if errors.As(err, &unmet) {
		return nil
	}
	return err
}
