package demo

import (
	"context"
	"fmt"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/removal"
	"github.com/seatkeeper/seatkeeper/internal/request"
)

// leaving is licences that wait to be removed.
type leaving struct {
	contract, product string
	period            catalog.Period
	center            string // empty: of those that no cost center carries
	count             int
}

// wish is what a persona asks for.
type wish struct {
	persona string
	kind    request.Kind
	message string
	product string // of seats
	count   int
	// settled, answer: what became of it, and what was said.
	settled request.State
	answer  string
}

// removals and wishes of the accounts that have no partner: what buys by itself removes by itself.
func removals() map[string][]leaving {
	return map[string][]leaving{English: {
		{"Telephony, London", telephone, catalog.Monthly, "Engineering", 10},
		{"Telephony, London", telephone, catalog.Yearly, "", 4},
	}}
}

func wishes() map[string][]wish {
	return map[string][]wish{
		English: {
			{persona: "viewer", kind: request.MoreSeats, message: "Two colleagues join customer care in January.", product: telephone, count: 2},
			{persona: "user-manager", kind: request.MoreSeats, message: "The trainees need one each.", product: conference, count: 5, settled: request.Declined, answer: "They share the room licences for now."},
			{persona: "billing-manager", kind: request.Price, message: "The yearly price of telephony differs from the one that we agreed on."},
		},
		Other: {
			{persona: "outsider", kind: request.Upgrade, message: "Nous aimerions passer à l’édition standard pour ajouter la visioconférence."},
			{persona: "outsider", kind: request.Support, message: "Où trouve-t-on les factures de l’an dernier ?", settled: request.Answered, answer: "Elles vous ont été envoyées par courriel."},
		},
	}
}

// wish has an account's people remove licences and ask for what they may not do.
func (s Seed) wish(ctx context.Context, b blueprint, a id.Account, products *catalog.Store) error {
	acc, err := s.accounts().Get(ctx, a)
	if err != nil {
		return err
	}
	contracts, err := s.byName(ctx, acc)
	if err != nil {
		return err
	}
	if err := s.buy(ctx, b, acc, products, contracts); err != nil {
		return err
	}
	if err := s.shrink(ctx, b, acc, products, contracts); err != nil {
		return err
	}
	return s.ask(ctx, b, acc, products)
}

// byName reads the contracts of an account.
func (s Seed) byName(ctx context.Context, acc account.Account) (map[string]contract.Contract, error) {
	page, err := contract.NewStore(s.Table, nil).List(ctx, acc.ID, acc.Today(s.Now), contract.Listing{Order: contract.ByStatus}, nil, 200)
	all := map[string]contract.Contract{}
	for _, c := range page.Contracts {
		all[c.Name] = c
	}
	return all, err
}

// shrink has licences of an account wait to be removed. One that is there is left as it is.
func (s Seed) shrink(ctx context.Context, b blueprint, acc account.Account, products *catalog.Store, contracts map[string]contract.Contract) error {
	for i, r := range removals()[b.key] {
		name := fmt.Sprint("removal ", b.key, " ", i)
		store := removal.NewStore(s.Table, fixed(name), products)
		_, err := store.Get(ctx, acc.ID, id.New[id.Removal](fixed(name), s.Now))
		if err == nil {
			continue
		}
		if !fault.Is(err, "not_found") {
			return err
		}
		pool := contract.Unassigned
		if r.center != "" {
			pool = contract.PoolOf(id.New[id.CostCenter](fixed("cost center "+b.key+" "+r.center), founded))
		}
		w := removal.Wish{Contract: contracts[r.contract].ID, Product: r.product, Period: r.period, Counts: map[contract.PoolID]int{pool: r.count}}
		ch := removal.Change{Account: acc, Now: s.Now, By: seeder()}
		if _, err := store.Remove(ctx, ch, w, func(removal.Review) ([]table.Op, error) { return nil, nil }); err != nil {
			return fmt.Errorf("removal of %s: %w", r.contract, err)
		}
	}
	return nil
}

// ask sends what personas ask for, and answers some of it. A request that is there is left as it is.
func (s Seed) ask(ctx context.Context, b blueprint, acc account.Account, products *catalog.Store) error {
	known, err := products.All(ctx, s.Now)
	if err != nil {
		return err
	}
	for i, w := range wishes()[b.key] {
		name := fmt.Sprint("request ", b.key, " ", i)
		store, operator := request.NewStore(s.Table, fixed(name), products), access.Caller{Kind: access.Operator}
		_, err := store.Get(ctx, acc.ID, id.New[id.Request](fixed(name), s.Now), operator)
		if err == nil {
			continue
		}
		if !fault.Is(err, "not_found") {
			return err
		}
		author := s.author(b.key, w.persona)
		r := request.Request{Kind: w.kind, To: request.Asked(w.kind, acc), Author: author, Message: w.message}
		if w.product != "" {
			p, _ := known.Get(w.product)
			r.Items = []request.Item{{Product: w.product, ProductName: p.Name, Quantity: w.count}}
		}
		ch := request.Change{Account: acc.ID, Caller: access.Caller{Kind: access.Member, User: author.User}, Now: s.Now, By: activity.Author{Kind: access.Member, ID: string(author.User), Name: author.Name}}
		sent, err := store.Send(ctx, ch, r, func(request.Request) ([]table.Op, error) { return nil, nil })
		if err == nil && w.settled != "" {
			ch.Caller, ch.By = operator, seeder()
			_, err = store.Settle(ctx, ch, sent.ID, w.settled, w.answer)
		}
		if err != nil {
			return fmt.Errorf("request of %s: %w", w.persona, err)
		}
	}
	return nil
}

// author is a persona as a member of an account.
func (s Seed) author(key, persona string) request.Author {
	for _, p := range Personas() {
		if p.Name == persona {
			return request.Author{User: p.member(World{}, key).User, Name: p.Person}
		}
	}
	return request.Author{}
}
