package order

import (
	"context"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// offered is the price at which an account may buy a product, or why it may not, whatever else it has: the catalog does not
// know the product (product_unknown), its edition may not buy it (edition_excludes), or it has no price in the account's
// currency and that period (no_price).
func offered(b Buying, products catalog.Products, item Item) (catalog.Price, *fault.Error) {
	a, called := b.Account, products.Called(item.Product, b.Lang)
	p, known := products.Get(item.Product)
	if !known {
		return catalog.Price{}, fault.New(fault.Invalid, "product_unknown", fault.Text("productId", item.Product))
	}
	if !p.For(a.Edition) {
		return catalog.Price{}, fault.New(fault.Conflict, "edition_excludes", fault.Text("product", called), fault.Text("edition", a.Edition))
	}
	price, sold := p.In(a.Currency, item.Period)
	if !sold {
		return catalog.Price{}, fault.New(fault.Conflict, "no_price", fault.Text("product", called), fault.Text("currency", a.Currency), fault.Word("period", "period_"+string(item.Period)))
	}
	return price, nil
}

// products are those of the catalog: mostly from memory, and read anew where that lacks one that is named, or who sells.
func (s *Store) products(ctx context.Context, b Buying, named []string) (catalog.Products, error) {
	products, err := s.catalog.All(ctx, b.Now)
	lacks := func(product string) bool { return !products.Has(product) }
	if err == nil && (slices.ContainsFunc(named, lacks) || !products.Seller().Given()) {
		products, err = s.catalog.Anew(ctx, b.Now)
	}
	return products, err
}

// expired refuses a contract that takes nothing new (FEATURES.md, Systems).
func expired(c contract.Contract, b Buying) *fault.Error {
	if c.Status(b.today()) == contract.Active {
		return nil
	}
	return fault.New(fault.Conflict, "contract_expired", fault.Text("contract", c.Name), fault.Text("expiryDate", string(c.Expiry)), fault.Text("contact", b.whom()))
}

func contractMissing(c id.Contract) *fault.Error {
	return fault.New(fault.Invalid, "contract_not_found", fault.Text("contractId", string(c)))
}

// mostChoices is how many contracts a buyer is offered to choose from.
const mostChoices = 50

// linesAtOnce is how many lines are read at once to see which contracts have a product, where the first of them do not say.
const linesAtOnce = 1000

// resolve is the contract that takes a product's seats: the one that is named, else the active one that has a line of the
// product where there is exactly one, else the only active one: 1 to 3 calls. Refused are a contract that is not there
// (contract_not_found), one that is expired (contract_expired), a choice that only the buyer can make (contract_needed, with
// those that can be chosen), and an account without an active contract (no_active_contract).
func (s *Store) resolve(ctx context.Context, b Buying, item Item, called string) (id.Contract, error) {
	a := b.Account.ID
	if item.Contract != "" {
		row, err := s.table.Get(ctx, table.Contract(a, item.Contract))
		if err != nil {
			return "", err
		}
		if row == nil {
			return "", contractMissing(item.Contract)
		}
		c, err := contract.Read(row)
		if err != nil {
			return "", err
		}
		if refused := expired(c.Contract, b); refused != nil {
			return "", refused
		}
		return item.Contract, nil
	}
	having, err := s.having(ctx, b, item.Product, mostChoices)
	if err != nil || len(having) == 1 {
		return first(having), err
	}
	choices, err := s.active(ctx, b, having)
	switch {
	case err != nil:
		return "", err
	case len(choices) == 1:
		return choices[0].ID, nil
	case len(choices) == 0:
		return "", fault.New(fault.Conflict, "no_active_contract", fault.Text("contact", b.whom()))
	}
	return "", fault.New(fault.Invalid, "contract_needed", fault.Text("product", called)).With(fault.Arg{Name: "contracts", Value: choices})
}

func first(all []id.Contract) id.Contract {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// having are the active contracts that have a line of a product, no more than are enough: 1 Query, and 1 more for each thousand
// lines of contracts that have expired and come before.
func (s *Store) having(ctx context.Context, b Buying, product string, enough int) ([]id.Contract, error) {
	q := table.Query{PK: table.Lines(b.Account.ID), Prefix: table.ProductPrefix(product), Limit: mostChoices}
	var all []id.Contract
	for {
		lines, next, err := table.Page[contract.Line](ctx, s.table, q)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			if l.Expiry > b.today() && len(all) < enough {
				all = append(all, l.Contract)
			}
		}
		if next == nil || len(all) == enough {
			return all, nil
		}
		q.After, q.Limit = next, linesAtOnce
	}
}

// choice is a contract that can be chosen.
type choice struct {
	ID   id.Contract `json:"id"`
	Name string      `json:"name"`
}

// active are the active contracts, those among which one is to be chosen where some are named: 1 call.
func (s *Store) active(ctx context.Context, b Buying, among []id.Contract) ([]choice, error) {
	var items []table.Item
	var err error
	if len(among) > 0 {
		keys := make([]table.Key, len(among))
		for i, c := range among {
			keys[i] = table.Contract(b.Account.ID, c)
		}
		found, e := s.table.GetMany(ctx, keys...)
		for _, k := range keys {
			items = append(items, found[k])
		}
		err = e
	} else {
		// The latest to expire come first: those that expired since they were written down do not hide one that is active.
		from, to := string(contract.Active)+"#"+string(b.today().AddDays(1)), string(contract.Active)+"#"+table.Last
		items, _, err = s.table.Query(ctx, table.Query{PK: table.Contracts(b.Account.ID), Index: table.LSI2, From: from, To: to, Limit: mostChoices, Desc: true})
	}
	if err != nil {
		return nil, err
	}
	var all []choice
	for _, item := range slices.DeleteFunc(items, func(i table.Item) bool { return i == nil }) {
		c, err := contract.Read(item)
		if err != nil {
			return nil, err
		}
		all = append(all, choice{c.ID, c.Name})
	}
	return all, nil
}
