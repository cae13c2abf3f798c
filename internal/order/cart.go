package order

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/request"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// MaxRows is how many products a cart holds at most, MaxRequests how many requests: an order decides on all of them at once.
const (
	MaxRows     = 50
	MaxRequests = 20
)

// Cart is what a person is about to buy for an account. It stays until they order or empty it, however often they sign out.
type Cart struct {
	// ID tells it from the cart that takes its place once it was ordered or emptied: the rev of that one begins at 1 as well.
	ID id.Cart `dynamodbav:"id"`
	// Items are in the order in which they were added, one a product.
	Items []Item `dynamodbav:"items"`
	// Requests are those that were put into it, each with the products that it asks for. One of which nothing is left in the
	// cart is open again; what becomes of all others an order decides (covered).
	Requests map[id.Request][]string `dynamodbav:"requests,omitempty"`
	Rev      int                     `dynamodbav:"rev"`
}

// Item is one product of a cart.
type Item struct {
	Product string `dynamodbav:"product"`
	// Contract is the one whose line takes the seats.
	Contract id.Contract    `dynamodbav:"contract"`
	Period   catalog.Period `dynamodbav:"period"`
	Quantity int            `dynamodbav:"quantity"` // seats, 1 at least
}

// with is the cart with an item, in the place of the one of its product where there is one. One row too many is a conflict
// (cart_full).
func (c Cart) with(item Item) (Cart, error) {
	c.Items = slices.Clone(c.Items)
	if i := c.at(item.Product); i >= 0 {
		c.Items[i] = item
		return c, nil
	}
	if len(c.Items) == MaxRows {
		return c, fault.New(fault.Conflict, "cart_full", fault.Int("max", MaxRows))
	}
	c.Items = append(c.Items, item)
	return c, nil
}

// asked is the cart with a request whose products were put into it; none is no request. Refused is one too many.
func (c Cart) asked(r id.Request, products []string) (Cart, error) {
	if r == "" {
		return c, nil
	}
	all := map[id.Request][]string{r: products}
	maps.Copy(all, c.Requests)
	if len(all) > MaxRequests {
		return c, fault.New(fault.Conflict, "cart_requests_full", fault.Int("max", MaxRequests))
	}
	c.Requests = all
	return c, nil
}

// without is the cart without a product.
func (c Cart) without(product string) Cart {
	c.Items = slices.DeleteFunc(slices.Clone(c.Items), func(i Item) bool { return i.Product == product })
	return c
}

// settled is the cart without the requests of which it holds nothing any more, and which these are.
func (c Cart) settled() (Cart, []id.Request) {
	var left []id.Request
	kept := map[id.Request][]string{}
	for _, r := range slices.Sorted(maps.Keys(c.Requests)) {
		if slices.ContainsFunc(c.Requests[r], c.has) {
			kept[r] = c.Requests[r]
		} else {
			left = append(left, r)
		}
	}
	c.Requests = kept
	return c, left
}

// at is where a product stands in the cart, -1 where it does not.
func (c Cart) at(product string) int {
	return slices.IndexFunc(c.Items, func(i Item) bool { return i.Product == product })
}

// has tells whether a product is in the cart.
func (c Cart) has(product string) bool { return c.at(product) >= 0 }

// Wish is what somebody wants in their cart. An empty Contract or Period is left to the rules (Store.Put).
type Wish struct {
	Product  string
	Contract id.Contract
	Period   catalog.Period
	Quantity int
	// Rather is the contract that somebody else asked for: what the buyer names, or has in their cart, comes before it, and one
	// that has expired since counts as none.
	Rather id.Contract
}

// Buying is who buys for an account, and when.
type Buying struct {
	Account account.Account
	User    id.User
	Name    string
	Now     time.Time
	By      activity.Author
	// Contact is whom to turn to about the account's terms, Lang the language that refusals name things in.
	Contact account.Contact
	Lang    text.Lang
}

// managed refuses an account whose terms a partner manages: it buys nothing by itself (infra/decisions/0007).
func (b Buying) managed() *fault.Error {
	if b.Account.Partner == "" {
		return nil
	}
	return fault.New(fault.Conflict, "partner_managed", fault.Text("contactName", b.whom())).With(fault.Arg{Name: "contact", Value: b.Contact})
}

// whom names whom to turn to.
func (b Buying) whom() string { return contract.NameOf(b.Contact, b.Lang) }

func (b Buying) today() date.Date { return b.Account.Today(b.Now) }

// asking is who changes requests along with a cart.
func (b Buying) asking() request.Change {
	return request.Change{Account: b.Account.ID, Now: b.Now, By: b.By}
}

func (b Buying) cartKey() table.Key { return table.Cart(b.Account.ID, b.User) }

// cartRow is a cart as it was read.
type cartRow struct {
	Cart
	was table.Item
}

// held has an operation on the cart's row hold only while it is the row of this very cart.
func (r cartRow) held(op table.Op) table.Op {
	if r.ID == "" { // there is none, or it is from before carts had ids
		return op
	}
	return op.When(table.Is(r.ID, "id"))
}

func readCart(item table.Item) (cartRow, error) {
	r := cartRow{was: item}
	return r, table.Decode(item, &r.Cart)
}

// Cart reads the buyer's cart: 1 call, 1 unit for each 4 KB. One that is not there is empty.
func (s *Store) Cart(ctx context.Context, b Buying) (Cart, error) {
	row, err := s.cart(ctx, b)
	return row.Cart, err
}

func (s *Store) cart(ctx context.Context, b Buying) (cartRow, error) {
	item, err := s.table.Get(ctx, b.cartKey())
	if err != nil {
		return cartRow{}, err
	}
	return readCart(item)
}

// Put puts products into the cart, in the place of those of the same product: 1 call for the cart, 1 to 3 to find the
// contract of each, 1 write; again where the same person changed the cart elsewhere. A period that is left out is the one
// that the cart has, else monthly where the product has such a price; for the contract see resolve. Refused is what may not
// be bought at all: see offered.
func (s *Store) Put(ctx context.Context, b Buying, wishes ...Wish) (Cart, error) {
	return s.put(ctx, b, func(int) int { return 0 }, "", nil, wishes)
}

// Add is Put with what the cart has of a product added to it, as what a request asks for, in one transaction with what also
// writes. also is asked again where somebody was faster, and may refuse. Refused is one request too many
// (cart_requests_full).
func (s *Store) Add(ctx context.Context, b Buying, r id.Request, also func() ([]table.Op, error), wishes ...Wish) (Cart, error) {
	return s.put(ctx, b, func(was int) int { return was }, r, also, wishes)
}

func (s *Store) put(ctx context.Context, b Buying, kept func(was int) int, r id.Request, also func() ([]table.Op, error), wishes []Wish) (Cart, error) {
	if refused := b.managed(); refused != nil {
		return Cart{}, refused
	}
	var named []string
	for _, w := range wishes {
		named = append(named, w.Product)
	}
	products, err := s.products(ctx, b, named)
	if err != nil {
		return Cart{}, err
	}
	return s.change(ctx, b, also, func(c Cart) (Cart, error) {
		for _, w := range wishes {
			item := Item{Product: w.Product, Contract: w.Contract, Period: w.Period, Quantity: w.Quantity}
			if i := c.at(w.Product); i >= 0 {
				item = item.orAs(c.Items[i])
				item.Quantity += kept(c.Items[i].Quantity)
			}
			item.Contract = cmp.Or(item.Contract, w.Rather)
			if item.Period == "" {
				item.Period = usual(products, w.Product, b.Account.Currency)
			}
			if _, refused := offered(b, products, item); refused != nil {
				return c, refused
			}
			item.Contract, err = s.resolve(ctx, b, item, products.Called(item.Product, b.Lang))
			if fault.Is(err, "contract_expired") && w.Contract == "" {
				item.Contract = "" // it was not named now: another one may have taken its place
				item.Contract, err = s.resolve(ctx, b, item, products.Called(item.Product, b.Lang))
			}
			if err != nil {
				return c, err
			}
			if c, err = c.with(item); err != nil {
				return c, err
			}
		}
		return c.asked(r, named)
	})
}

// orAs is the item with what it leaves out as it was.
func (i Item) orAs(was Item) Item {
	if i.Contract == "" {
		i.Contract = was.Contract
	}
	if i.Period == "" {
		i.Period = was.Period
	}
	return i
}

// usual is the period of a product for which none was named.
func usual(products catalog.Products, product, currency string) catalog.Period {
	p, _ := products.Get(product)
	if _, monthly := p.In(currency, catalog.Monthly); monthly {
		return catalog.Monthly
	}
	return catalog.Yearly
}

// Remove takes a product out of the cart: 2 calls. One that is not in it changes nothing.
func (s *Store) Remove(ctx context.Context, b Buying, product string) (Cart, error) {
	return s.change(ctx, b, nil, func(c Cart) (Cart, error) { return c.without(product), nil })
}

// Clear empties the cart: 2 calls, 1 where it is empty.
func (s *Store) Clear(ctx context.Context, b Buying) error {
	_, err := s.change(ctx, b, nil, func(c Cart) (Cart, error) { return Cart{Requests: c.Requests}, nil })
	return err
}

// rounds is how often a decision is made again on fresh rows (DATA.md, Guards).
const rounds = 5

// change reads the cart, decides, and writes it under its rev, with what also adds. An empty cart has no row. Requests of
// which nothing is left in the cart are open again, in the same transaction.
func (s *Store) change(ctx context.Context, b Buying, also func() ([]table.Op, error), decide func(Cart) (Cart, error)) (Cart, error) {
	for range rounds {
		row, err := s.cart(ctx, b)
		if err != nil {
			return Cart{}, err
		}
		after, err := decide(row.Cart)
		if err != nil || slices.Equal(after.Items, row.Items) {
			return after, err
		}
		after, left := after.settled()
		ops, err := s.requests.GiveBackOps(ctx, b.asking(), left)
		if err != nil {
			return Cart{}, err
		}
		op := table.Delete(b.cartKey(), row.was, table.Rev(row.Rev))
		if len(after.Items) > 0 {
			if after.ID == "" {
				after.ID = id.New[id.Cart](s.ids, b.Now)
			}
			item, err := table.Encode(after)
			if err != nil {
				return Cart{}, err
			}
			op = table.Keep(b.cartKey(), row.was, item)
		}
		ops = append(ops, row.held(op))
		if also != nil {
			more, err := also()
			if err != nil {
				return Cart{}, err
			}
			ops = append(ops, more...)
		}
		err = s.table.Write(ctx, ops...)
		var unmet *table.ConditionError
		if !errors.As(err, &unmet) {
			after.Rev = row.Rev + 1
			return after, err
		}
		table.Pause(ctx)
	}
	return Cart{}, busy()
}

func busy() error { return fault.New(fault.Busy, "busy").After(time.Second) }
