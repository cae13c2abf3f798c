package order

import (
	"context"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/request"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// CartWire is a cart as the API shows it, with what it costs now. That is no quote yet: nothing holds it.
type CartWire struct {
	Items     []ItemWire  `json:"items" nullable:"false"`
	Currency  string      `json:"currency" doc:"ISO 4217"`
	Totals    Totals      `json:"totals" doc:"Of the items that have a price; without taxes while the account has no billing profile."`
	Recurring []Recurring `json:"recurring" nullable:"false"`
	Problem   *Obstacle   `json:"problem,omitempty" doc:"What keeps the whole cart from being quoted."`
}

// ItemWire is one product of a cart.
type ItemWire struct {
	Product      contract.Product `json:"product"`
	ContractID   id.Contract      `json:"contractId"`
	ContractName string           `json:"contractName,omitempty"`
	Period       catalog.Period   `json:"period" enum:"monthly,yearly"`
	Quantity     int              `json:"quantity"`
	Price        *Row             `json:"price,omitempty" doc:"Left out where it cannot be bought. Who carries it is said with the quote."`
	Problem      *Obstacle        `json:"problem,omitempty" doc:"Why it cannot be bought."`
}

// Obstacle is why something cannot be ordered as things stand.
type Obstacle struct {
	Code   string `json:"code" doc:"Stable, never translated; the quote is refused with it."`
	Detail string `json:"detail" doc:"In the caller's language."`
}

func obstacle(f *fault.Error, lang text.Lang) *Obstacle {
	if f == nil {
		return nil
	}
	values := make([]any, len(f.Args))
	for i, a := range f.Args {
		values[i] = a.Value
	}
	return &Obstacle{Code: f.Code, Detail: text.Say(lang, f.Code, values...)}
}

// show prices a cart: 1 call for its contracts and lines, 1 Query for each product that others need and for each
// line that has pending removals.
func (h *API) show(ctx context.Context, b Buying, cart Cart) (*CartWire, error) {
	o, err := h.store.pricing(ctx, b, cart)
	if err != nil {
		return nil, err
	}
	k, err := h.store.know(ctx, b, asked{places: cart.places()})
	if err == nil {
		err = h.store.pendingOf(ctx, b, &k)
	}
	if err != nil {
		return nil, err
	}
	out := &CartWire{Items: []ItemWire{}, Currency: b.Account.Currency}
	if out.Problem = obstacle(b.managed(), b.Lang); out.Problem == nil {
		out.Problem = obstacle(o.unnamed(), b.Lang)
	}
	var rows []Row
	for _, item := range cart.Items {
		w := ItemWire{
			Product: contract.Product{ID: item.Product, Name: o.called(item.Product)}, ContractID: item.Contract,
			ContractName: k.contracts[item.Contract].Name, Period: item.Period, Quantity: item.Quantity,
		}
		if row, refused := o.row(item, k); refused != nil {
			w.Problem = obstacle(refused, b.Lang)
		} else {
			row.Split = []Part{}
			w.Price = &row
			rows = append(rows, row)
		}
		out.Items = append(out.Items, w)
	}
	p := priced(b.Account.Currency, rows)
	out.Totals, out.Recurring = p.Totals, p.Recurring
	return out, nil
}

// answer is a buyer's cart after do, priced.
func (h *API) answer(ctx context.Context, c account.Call, do func(Buying) (Cart, error)) (*CartWire, error) {
	b, err := BuyingOf(ctx, h.accounts, c)
	if err != nil {
		return nil, err
	}
	cart, err := do(b)
	if err != nil {
		return nil, err
	}
	return h.show(ctx, b, cart)
}

func (h *API) cart(ctx context.Context, c account.Call, _ *struct{}) (*CartWire, error) {
	return h.answer(ctx, c, func(b Buying) (Cart, error) { return h.store.Cart(ctx, b) })
}

type putInput struct {
	ProductID string `path:"productId" maxLength:"60"`
	Body      struct {
		Quantity   int            `json:"quantity" minimum:"1" maximum:"10000000" doc:"Seats; take the item out to have none."`
		Period     catalog.Period `json:"period,omitempty" enum:"monthly,yearly" doc:"As it was unless said, else monthly where that is offered."`
		ContractID string         `json:"contractId,omitempty" maxLength:"64" doc:"Whose line takes the seats; needed only where several could."`
	}
}

func (h *API) put(ctx context.Context, c account.Call, in *putInput) (*CartWire, error) {
	w := Wish{Product: in.ProductID, Period: in.Body.Period, Quantity: in.Body.Quantity}
	if in.Body.ContractID != "" {
		ctr, ok := id.Parse[id.Contract](in.Body.ContractID)
		if !ok {
			return nil, contractMissing(id.Contract(in.Body.ContractID))
		}
		w.Contract = ctr
	}
	return h.answer(ctx, c, func(b Buying) (Cart, error) { return h.store.Put(ctx, b, w) })
}

// Requested puts what requests ask for into carts: on the contract that is chosen now, else on that of the product's item which
// is there, else on the one that the request names, unless it has expired since.
func Requested(s *Store, accounts *account.Store) request.Carts {
	return func(ctx context.Context, c account.Call, r request.Request, chosen id.Contract, also func() ([]table.Op, error)) error {
		b, err := BuyingOf(ctx, accounts, c)
		if err != nil {
			return err
		}
		wishes := make([]Wish, len(r.Items))
		for i, item := range r.Items {
			wishes[i] = Wish{Product: item.Product, Contract: chosen, Rather: item.Contract, Quantity: item.Quantity}
		}
		_, err = s.Add(ctx, b, r.ID, also, wishes...)
		return err
	}
}

type itemInput struct {
	ProductID string `path:"productId" maxLength:"60"`
}

func (h *API) remove(ctx context.Context, c account.Call, in *itemInput) (*CartWire, error) {
	return h.answer(ctx, c, func(b Buying) (Cart, error) { return h.store.Remove(ctx, b, in.ProductID) })
}

func (h *API) empty(ctx context.Context, c account.Call, _ *struct{}) (*httpapi.NoBody, error) {
	b, err := BuyingOf(ctx, h.accounts, c)
	if err != nil {
		return nil, err
	}
	return &httpapi.NoBody{}, h.store.Clear(ctx, b)
}
