package order

import (
	"context"
	"errors"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// checkoutRounds is how often an order is decided again where seats come and go on its lines: an order is worth more than a
// seat, and ends with its call's time.
const checkoutRounds = 100

// Keep may add the record of an idempotency key to the order's transaction, given what will be answered.
type Keep func(*Order) ([]table.Op, error)

// Place makes a quote into an order: 1 call for the quote, then 1 for the rows that it is decided on, 1 Query for each line
// with pending removals and 1 transaction, again where somebody was faster. Everything happens or nothing: lines, cost
// centers, the order and its draft invoice, the record, the cart emptied, the quote used up, the answer kept.
//
// Refused are a quote that is not the buyer's (quote_unknown), one that was bought (quote_ordered, with the order), another
// currency than was quoted (currency_mismatch), and, with the new quote where one can be made, one that is over
// (quote_expired) or made from what is another now (quote_changed).
func (s *Store) Place(ctx context.Context, b Buying, quote id.Quote, currency string, keep Keep) (*Order, error) {
	item, err := s.table.Get(ctx, table.Quote(b.Account.ID, quote))
	if err != nil {
		return nil, err
	}
	q, ok, err := readQuote(item, b)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, quoteUnknown(string(quote))
	}
	if currency != "" && currency != q.Currency {
		return nil, fault.New(fault.Invalid, "currency_mismatch", fault.Text("currency", currency), fault.Text("quoted", q.Currency))
	}
	for range checkoutRounds {
		placed, err := s.place(ctx, b, q, keep)
		var unmet *again
		if !errors.As(err, &unmet) {
			return placed, err
		}
		if table.Pause(ctx); ctx.Err() != nil {
			break
		}
	}
	return nil, busy()
}

func quoteUnknown(quote string) *fault.Error {
	return fault.New(fault.Invalid, "quote_unknown", fault.Text("quoteId", quote))
}

// again says that somebody was faster: the order is to be decided again on what is there now.
type again struct{ cause error }

func (a *again) Error() string { return "decided on rows that have changed: " + a.cause.Error() }

// place is one round.
func (s *Store) place(ctx context.Context, b Buying, q Quote, keep Keep) (*Order, error) {
	k, err := s.know(ctx, b, q.asked())
	if err == nil {
		err = errors.Join(s.claimed(ctx, b, &k), s.pendingOf(ctx, b, &k))
	}
	if err != nil {
		return nil, err
	}
	b.Account = k.account
	if refused := b.managed(); refused != nil {
		return nil, refused
	}
	now, ok, err := readQuote(k.quote, b)
	switch {
	case err != nil:
		return nil, err
	case ok && now.Order != "":
		return nil, now.ordered()
	case !ok:
		return nil, quoteUnknown(string(q.ID))
	case !b.Now.Before(q.Expires):
		return nil, s.anew(ctx, b, k, q, fault.New(fault.Conflict, "quote_expired"))
	}
	products, err := s.catalog.All(ctx, b.Now)
	if err != nil {
		return nil, err
	}
	if !q.Basis.same(basisOf(k.cart.Cart, k, profile(b.Account, sellerOf(products)))) {
		return nil, s.anew(ctx, b, k, q, errChanged)
	}
	d, err := s.draft(b, k, q)
	if fault.Is(err, errChanged.Code) {
		return nil, s.anew(ctx, b, k, q, errChanged)
	}
	if err != nil {
		return nil, err
	}
	kept, err := keep(&d.order)
	if err != nil {
		return nil, err
	}
	err = s.table.Write(ctx, slices.Concat(d.ops, kept)...)
	var unmet *table.ConditionError
	if !errors.As(err, &unmet) {
		return &d.order, err
	}
	if slices.ContainsFunc(unmet.Unmet, func(u table.Unmet) bool { return u.Op >= len(d.ops) }) {
		return nil, err // a twin's answer is there already: it is the one to give
	}
	return nil, &again{unmet}
}

// asked is all that an order of the quote is decided on.
func (q Quote) asked() asked {
	all := asked{quote: q.ID, requests: q.Requests}
	for _, r := range q.Rows {
		all.places = append(all.places, place{r.Contract, r.Product})
		all.parts = append(all.parts, r.Split...)
	}
	return all
}

// ordered is the refusal of a quote that was bought.
func (q Quote) ordered() error {
	return fault.New(fault.Conflict, "quote_ordered").With(fault.Text("orderId", string(q.Order)))
}

// anew adds to a refusal the quote that the cart has now, with the cost centers that the old one had. Where the cart cannot be
// quoted, that it cannot is the refusal: it is what the buyer has to mend. The quote itself is read once more: it was read
// beside the cart and not at the same moment, so an order that emptied the cart may have been made of it in between.
func (s *Store) anew(ctx context.Context, b Buying, k known, old Quote, refused *fault.Error) error {
	item, err := s.table.Get(ctx, table.Quote(b.Account.ID, old.ID))
	if err != nil {
		return err
	}
	switch now, ok, err := readQuote(item, b); {
	case err != nil:
		return err
	case ok && now.Order != "":
		return now.ordered()
	}
	q, err := s.quote(ctx, b, k.cart.Cart, old.again(k.cart.Cart))
	if err != nil {
		return err
	}
	return refused.With(fault.Arg{Name: "quote", Value: q})
}
