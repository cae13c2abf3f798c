package order

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// QuotedFor is how long a quote is the price (FEATURES.md, Buying). keptFor is how long its row stays, so that who comes late
// is given a new one with the same cost centers.
const (
	QuotedFor = 30 * time.Minute
	keptFor   = 48 * time.Hour
)

// Quote prices the buyer's cart and keeps that price for 30 minutes: 1 call for the cart, 1 for the rows that it is decided
// on, 1 Query for each product that others need and for each line with pending removals, 1 write. Everything that an order of
// it would be refused for is refused now: the order is rehearsed.
func (s *Store) Quote(ctx context.Context, b Buying, carriers Carriers) (Quote, error) {
	if refused := b.managed(); refused != nil {
		return Quote{}, refused
	}
	row, err := s.cart(ctx, b)
	if err != nil {
		return Quote{}, err
	}
	return s.quote(ctx, b, row.Cart, carriers)
}

func (s *Store) quote(ctx context.Context, b Buying, cart Cart, carriers Carriers) (Quote, error) {
	if len(cart.Items) == 0 {
		return Quote{}, fault.New(fault.Conflict, "cart_empty")
	}
	if refused := carriers.within(); refused != nil {
		return Quote{}, refused
	}
	for product := range carriers.Rows {
		if !cart.has(product) {
			return Quote{}, fault.New(fault.Invalid, "product_not_in_cart", fault.Text("productId", product))
		}
	}
	o, err := s.pricing(ctx, b, cart)
	if err != nil {
		return Quote{}, err
	}
	if refused := o.unnamed(); refused != nil {
		return Quote{}, refused
	}
	k, err := s.know(ctx, b, asked{places: cart.places(), parts: carriers.all(), requests: cart.requests()})
	if err == nil {
		err = errors.Join(s.claimed(ctx, b, &k), s.pendingOf(ctx, b, &k))
	}
	if err != nil {
		return Quote{}, err
	}
	q := Quote{
		ID: id.New[id.Quote](s.ids, b.Now), Buyer: b.User, Requests: cart.requests(), MadeAt: b.Now.UTC().Truncate(time.Millisecond),
		Expires: b.Now.Add(QuotedFor).UTC().Truncate(time.Millisecond), BillTo: o.buyer, Seller: o.seller, Rev: 1, TTL: b.Now.Add(keptFor).Unix(),
	}
	if q.Priced, err = o.quoted(cart, k, carriers); err != nil {
		return Quote{}, err
	}
	q.Basis = basisOf(cart, k, profile(b.Account, o.seller))
	if err := s.rehearse(b, k, q); err != nil {
		return Quote{}, err
	}
	item, err := table.Encode(q)
	if err != nil {
		return Quote{}, err
	}
	err = s.table.Write(ctx, table.Put(table.Quote(b.Account.ID, q.ID), item, table.Absent()))
	// One write has no token: a client that repeats it after a lost answer finds this very quote, whose key is its id.
	var unmet *table.ConditionError
	if errors.As(err, &unmet) {
		err = nil
	}
	return q, err
}

// quoted prices every row of a cart with who carries it; the first that cannot be bought is the refusal.
func (o pricing) quoted(cart Cart, k known, carriers Carriers) (Priced, error) {
	rows := make([]Row, 0, len(cart.Items))
	for _, item := range cart.Items {
		r, refused := o.row(item, k)
		if refused != nil {
			return Priced{}, refused.With(fault.Text("productId", item.Product))
		}
		parts, refused := carriers.of(item.Product, o.called(item.Product), item.Quantity)
		if refused != nil {
			return Priced{}, refused
		}
		settled, err := k.settle(parts)
		if err != nil {
			return Priced{}, err
		}
		r.Split = share(r.Net, settled)
		rows = append(rows, r)
	}
	return priced(o.account.Currency, rows), nil
}

// places are the lines that a cart is about.
func (c Cart) places() []place {
	all := make([]place, len(c.Items))
	for i, item := range c.Items {
		all[i] = place{item.Contract, item.Product}
	}
	return all
}

// requests are those that were put into the cart, in order.
func (c Cart) requests() []id.Request { return slices.Sorted(maps.Keys(c.Requests)) }

// basisOf is what a quote is made from besides the catalog.
func basisOf(cart Cart, k known, profile string) Basis {
	basis := Basis{Cart: cart.digest(), Terms: map[id.Contract]int{}, Profile: profile}
	for _, item := range cart.Items {
		basis.Terms[item.Contract] = k.contracts[item.Contract].TermsRev
	}
	return basis
}

// same tells whether two quotes would be made from the same.
func (b Basis) same(o Basis) bool {
	if b.Cart != o.Cart || b.Profile != o.Profile || len(b.Terms) != len(o.Terms) {
		return false
	}
	for c, rev := range b.Terms {
		if o.Terms[c] != rev {
			return false
		}
	}
	return true
}

// digest tells carts apart by what is in them, in whatever order it was added, and by the requests that it was asked for with.
func (c Cart) digest() string {
	byProduct := map[string]Item{}
	for _, item := range c.Items {
		byProduct[item.Product] = item
	}
	if len(c.Requests) == 0 {
		return digest(byProduct)
	}
	return digest([]any{byProduct, c.Requests})
}

// profile is a digest of all that taxes and the parties of an order are made from.
func profile(a account.Account, seller Party) string {
	return digest([]any{a.Billing, a.Currency, seller})
}

func digest(v any) string {
	words, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts and numbers always encode
	}
	sum := sha256.Sum256(words)
	return hex.EncodeToString(sum[:16])
}

// readQuote understands a quote's row; ok is false for one that is not there, is another buyer's, or is too old to be known.
func readQuote(item table.Item, b Buying) (q Quote, ok bool, err error) {
	if item == nil {
		return q, false, nil
	}
	err = table.Decode(item, &q)
	return q, q.Buyer == b.User && q.TTL > b.Now.Unix(), err
}
