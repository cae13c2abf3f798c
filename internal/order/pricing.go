package order

import (
	"context"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/money"
	"github.com/seatkeeper/seatkeeper/internal/removal"
	"github.com/seatkeeper/seatkeeper/internal/tax"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// pricing is what the rows of one cart are priced with.
type pricing struct {
	buying   Buying
	account  account.Account
	today    date.Date
	products catalog.Products
	lang     text.Lang
	// buyer is the zero value where the account has no billing profile yet; then no tax is known.
	buyer, seller Party
	// there are the products that others need and that are in the cart or that the account has.
	there map[string]bool
}

// pricing reads what is needed beside the rows: the catalog, mostly from memory, and 1 Query for each product that another
// one of the cart needs and that is not in it.
func (s *Store) pricing(ctx context.Context, b Buying, cart Cart) (pricing, error) {
	var named []string
	for _, item := range cart.Items {
		named = append(named, item.Product)
	}
	products, err := s.products(ctx, b, named)
	if err != nil {
		return pricing{}, err
	}
	var needed []string
	for _, item := range cart.Items {
		for _, other := range products.Needs(item.Product) {
			if !cart.has(other) {
				needed = append(needed, other)
			}
		}
	}
	there, err := s.supplied(ctx, b, needed)
	for _, item := range cart.Items {
		there[item.Product] = true
	}
	return pricing{
		buying: b, account: b.Account, today: b.today(), products: products, lang: b.Lang, there: there,
		buyer: partyOf(b.Account.Billing), seller: sellerOf(products),
	}, err
}

func (o pricing) called(product string) string { return o.products.Called(product, o.lang) }

// row is one item priced on the rows of its line, without who carries it; refused is why it cannot be bought.
func (o pricing) row(item Item, k known) (Row, *fault.Error) {
	price, refused := offered(o.buying, o.products, item)
	if refused != nil {
		return Row{}, refused
	}
	for _, other := range o.products.Needs(item.Product) {
		if !o.there[other] {
			return Row{}, fault.New(fault.Conflict, "dependency_missing", fault.Text("product", o.called(item.Product)), fault.Text("needed", o.called(other))).
				With(fault.Text("neededId", other))
		}
	}
	c, line := k.contracts[item.Contract], k.lines[place{item.Contract, item.Product}]
	if c.ID == "" {
		return Row{}, contractMissing(item.Contract)
	}
	if refused := expired(c.Contract, o.buying); refused != nil {
		return Row{}, refused
	}
	unit := price.Unit(item.Quantity)
	if refused := affordable(unit, item.Quantity, o.called(item.Product)); refused != nil {
		return Row{}, refused
	}
	p, _ := o.products.Get(item.Product)
	r := Row{
		Product: item.Product, ProductName: p.Name, Contract: c.ID, ContractName: c.Name, NewLine: !line.There(), Period: item.Period,
		Quantity: item.Quantity, TaxCategory: p.TaxCategory,
	}
	span, next := spanOf(c.Contract, item.Period, o.today)
	r.From, r.Until, r.Days, r.PeriodDays, r.NextBilling = span.From, span.Until, span.Days, span.PeriodDays, next
	charge := removal.Charge{Period: item.Period, Today: o.today, Until: span.Until}
	r.Reinstated = removal.Take(k.pending[place{item.Contract, item.Product}], item.Quantity, charge, o.buying.Now).Total()
	if line.Limit != nil && *line.Limit+r.Quantity-r.Reinstated > contract.MaxSeats {
		return Row{}, lineTooLarge(o.called(item.Product))
	}
	in := func(amount int64) money.Money { return money.Money{Amount: amount, Currency: o.account.Currency} }
	r.UnitPrice, r.Net = in(unit), in(span.Charge(unit, r.Quantity-r.Reinstated))
	if r.Recurring = in(0); next != "" {
		r.Recurring = in(unit * int64(r.Quantity))
	}
	if o.unnamed() == nil {
		treated := tax.Of(o.seller.taxed(), o.buyer.taxed(), p.TaxCategory)
		r.TaxBasisPoints, r.TaxReason = treated.BasisPoints, treated.Reason
	}
	return r, nil
}

// spanOf is what of the period that today is in is charged at once, and when the seats are billed next: on the next billing
// day of the contract; never where it ends by then.
func spanOf(c contract.Contract, period catalog.Period, today date.Date) (Span, date.Date) {
	until, days, of := c.Cycle(period).Left(today)
	next := until
	if until >= c.Expiry {
		next = ""
	}
	return Span{From: today, Until: until, Days: days, PeriodDays: of}, next
}

// sameSpan tells whether the row was priced for a span, billed next on that day: the dates of its contract may be others by
// now, whoever changed them.
func (r Row) sameSpan(s Span, next date.Date) bool {
	return r.From == s.From && r.Until == s.Until && r.Days == s.Days && r.PeriodDays == s.PeriodDays && r.NextBilling == next
}
