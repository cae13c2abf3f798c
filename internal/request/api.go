package request

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

const (
	all = "/v1/accounts/{accountId}/requests"
	one = all + "/{requestId}"
)

// API serves requests.
type API struct {
	store *Store
	carts Carts
}

// Carts puts what a request asks for into the caller's cart, in one transaction with what also writes; a contract that is
// chosen takes the seats for which the request names none. also is asked again where somebody was faster, and may refuse.
type Carts func(ctx context.Context, c account.Call, r Request, chosen id.Contract, also func() ([]table.Op, error)) error

// Register adds the operations on requests; carts keep what is put into them.
func Register(api *account.API, s *Store, carts Carts) {
	h := &API{s, carts}
	httpapi.Register(api, httpapi.Operation{
		ID: "sendRequest", Method: http.MethodPost, Path: all, Tag: "requests", Needs: access.SendRequests, Key: httpapi.KeyAccepted,
		Summary: "Ask for more seats, a look at a price, an upgrade or support; who is asked is mailed", Success: http.StatusCreated, Refusals: []int{http.StatusConflict},
	}, h.send)
	httpapi.Register(api, httpapi.Operation{
		ID: "listRequests", Method: http.MethodGet, Path: all, Tag: "requests", Needs: access.SendRequests,
		Summary: "The caller's requests, the newest first; all of the account's for who manages licences",
	}, h.list)
	httpapi.Register(api, httpapi.Operation{
		ID: "getRequest", Method: http.MethodGet, Path: one, Tag: "requests", Needs: access.SendRequests,
		Summary: "A request",
	}, h.read)
	httpapi.Register(api, httpapi.Operation{
		ID: "putRequestIntoCart", Method: http.MethodPost, Path: one + "/cart", Tag: "requests", Needs: access.ManageLicences,
		Summary: "Put the seats that a request asks for into the caller's cart", Refusals: []int{http.StatusConflict},
	}, h.cart)
	httpapi.Register(api, httpapi.Operation{
		ID: "answerRequest", Method: http.MethodPost, Path: one + "/answer", Tag: "requests", Needs: access.SendRequests,
		Summary: "Answer or decline a request as who is asked, or withdraw it as its author", Refusals: []int{http.StatusConflict},
	}, h.answer)
}

type sendInput struct {
	Body struct {
		Kind    Kind        `json:"kind" enum:"more_seats,price,upgrade,support"`
		Message string      `json:"message,omitempty" maxLength:"2000" doc:"In one's own words; needed unless seats are asked for."`
		Items   []itemInput `json:"items,omitempty" maxItems:"20" nullable:"false" doc:"Of more_seats and upgrade: the products, and how many seats more."`
	}
}

type itemInput struct {
	ProductID  string `json:"productId" minLength:"1" maxLength:"60"`
	ContractID string `json:"contractId,omitempty" maxLength:"64" doc:"Left out: the rules of the cart find one."`
	Quantity   int    `json:"quantity" minimum:"1" maximum:"10000000"`
}

func (in *sendInput) parse() (Request, error) {
	r := Request{Kind: in.Body.Kind, Message: strings.TrimSpace(in.Body.Message)}
	seen := map[string]bool{}
	for _, i := range in.Body.Items {
		item := Item{Product: i.ProductID, Quantity: i.Quantity}
		if i.ContractID != "" {
			var ok bool
			if item.Contract, ok = id.Parse[id.Contract](i.ContractID); !ok {
				return r, contractMissing(i.ContractID)
			}
		}
		if seen[i.ProductID] {
			return r, httpapi.Invalid(httpapi.At("body.items", "product_twice", fault.Text("value", i.ProductID)))
		}
		seen[i.ProductID] = true
		r.Items = append(r.Items, item)
	}
	switch {
	case r.Kind == MoreSeats && len(r.Items) == 0:
		return r, httpapi.Invalid(httpapi.At("body.items", "required"))
	case r.Kind != MoreSeats && r.Message == "":
		return r, httpapi.Invalid(httpapi.At("body.message", "required"))
	}
	return r, nil
}

func contractMissing(c string) error {
	return fault.New(fault.Invalid, "contract_not_found", fault.Text("contractId", c))
}

func changeOf(c account.Call) Change {
	return Change{Account: c.AccountID, Caller: c.Caller, Now: c.Now, By: activity.By(c.Caller, c.Source)}
}

// send is 1 Query, 1 batch of the contracts that are named, and the transaction.
func (h *API) send(ctx context.Context, c account.Call, in *sendInput) (*Wire, error) {
	if c.Caller.Kind != access.Member {
		return nil, fault.New(fault.Forbidden, "request_members_only")
	}
	r, err := in.parse()
	if err != nil {
		return nil, err
	}
	if err := h.store.name(ctx, c.AccountID, c.Now, r.Items); err != nil {
		return nil, err
	}
	r.To, r.Author = Asked(r.Kind, c.Account), Author{c.Caller.User, c.Caller.Name}
	var out Wire
	_, err = h.store.Send(ctx, changeOf(c), r, func(made Request) ([]table.Op, error) {
		out = made.show(c.Caller, c.Lang)
		return c.Keep(&out)
	})
	return &out, err
}

// name gives items what the catalog calls their products. Refused are a product that the catalog does not know
// (product_unknown), and a contract that the account does not have (contract_not_found): 1 call, none where no contract is
// named.
func (s *Store) name(ctx context.Context, a id.Account, now time.Time, items []Item) error {
	products, err := s.catalog.All(ctx, now)
	if err != nil {
		return err
	}
	var keys []table.Key
	for n, i := range items {
		p, known := products.Get(i.Product)
		if !known {
			return fault.New(fault.Invalid, "product_unknown", fault.Text("productId", i.Product))
		}
		items[n].ProductName = p.Name
		if i.Contract != "" {
			keys = append(keys, table.Contract(a, i.Contract))
		}
	}
	if len(keys) == 0 {
		return nil
	}
	rows, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if rows[k] == nil {
			return contractMissing(k.SK)
		}
	}
	return nil
}

// Wire is a request as the API shows it.
type Wire struct {
	ID        id.Request `json:"id"`
	Kind      Kind       `json:"kind" enum:"more_seats,price,upgrade,support"`
	To        Audience   `json:"to" enum:"administrators,partner,representative,vendor" doc:"Who is asked."`
	State     State      `json:"state" enum:"open,in_cart,ordered,answered,declined,withdrawn"`
	Author    AuthorWire `json:"author"`
	Message   string     `json:"message,omitempty"`
	Items     []Item     `json:"items" nullable:"false"`
	CreatedAt time.Time  `json:"createdAt"`
	Answer    *answered  `json:"answer,omitempty" doc:"Who changed its state last."`
	Order     id.Order   `json:"orderId,omitempty" doc:"What it asks for was ordered by it."`
	Actions   []string   `json:"actions" nullable:"false" enum:"cart,answer,decline,withdraw" doc:"What the caller may do with it."`
}

// AuthorWire is who asks.
type AuthorWire struct {
	ID   id.User `json:"id"`
	Name string  `json:"name,omitempty"`
}

type answered struct {
	By      string    `json:"by,omitempty"`
	At      time.Time `json:"at"`
	Message string    `json:"message,omitempty"`
}

func (r Request) show(c access.Caller, l text.Lang) Wire {
	w := Wire{
		ID: r.ID, Kind: r.Kind, To: r.To, State: r.State, Author: AuthorWire{r.Author.User, cmp.Or(r.Author.Name, text.Erased(l, string(r.Author.User)))}, Message: r.Message,
		Items: append([]Item{}, r.Items...), CreatedAt: r.CreatedAt, Order: r.Order, Actions: []string{},
	}
	if r.Answer != nil {
		w.Answer = &answered{r.Answer.By, r.Answer.At, r.Answer.Message}
		if r.Answer.By == "" && r.Answer.User != "" {
			w.Answer.By = text.Erased(l, string(r.Answer.User))
		}
	}
	if r.cartable(c) == nil && r.untouched() == nil {
		w.Actions = append(w.Actions, "cart")
	}
	if r.may(c, Answered) == nil {
		w.Actions = append(w.Actions, "answer", "decline")
	}
	if r.may(c, Withdrawn) == nil {
		w.Actions = append(w.Actions, "withdraw")
	}
	return w
}

// cartable refuses a request that nobody can make a cart of: one that the account's administrators are not asked for
// (request_not_for_you), or that names no products (request_without_products).
func (r Request) cartable(c access.Caller) *fault.Error {
	switch {
	case r.To != Administrators || c.Kind != access.Member || !manages(c):
		return fault.New(fault.Forbidden, "request_not_for_you", fault.Word("audience", "request_to_"+string(r.To)))
	case len(r.Items) == 0:
		return fault.New(fault.Conflict, "request_without_products")
	}
	return nil
}

type listInput struct {
	httpapi.Paging
	State State `query:"state" enum:"open,in_cart,ordered,answered,declined,withdrawn"`
}

func (h *API) list(ctx context.Context, c account.Call, in *listInput) (*httpapi.Page[Wire], error) {
	return httpapi.List(c, in.Paging, func(after *table.Position, limit int) ([]Request, *table.Position, error) {
		return h.store.List(ctx, c.AccountID, in.State, c.Caller, after, limit)
	}, func(r Request) Wire { return r.show(c.Caller, c.Lang) })
}

type oneInput struct {
	RequestID id.Request `path:"requestId"`
}

func (h *API) read(ctx context.Context, c account.Call, in *oneInput) (*Wire, error) {
	r, err := h.store.Get(ctx, c.AccountID, in.RequestID, c.Caller)
	out := r.show(c.Caller, c.Lang)
	return &out, err
}

type cartInput struct {
	RequestID id.Request `path:"requestId"`
	Body      *struct {
		ContractID string `json:"contractId,omitempty" maxLength:"64" doc:"Takes the seats of products for which the request names no contract; needed where several could."`
	} `required:"false"`
}

// contract is the one that is named, empty where none is.
func (in *cartInput) contract() (id.Contract, error) {
	if in.Body == nil || in.Body.ContractID == "" {
		return "", nil
	}
	c, ok := id.Parse[id.Contract](in.Body.ContractID)
	if !ok {
		return "", contractMissing(in.Body.ContractID)
	}
	return c, nil
}

// cart adds the products to what the caller's cart has of them and says so of the request, in one transaction: what is asked
// for is in one cart, once.
func (h *API) cart(ctx context.Context, c account.Call, in *cartInput) (*Wire, error) {
	chosen, err := in.contract()
	if err != nil {
		return nil, err
	}
	r, err := h.store.Get(ctx, c.AccountID, in.RequestID, c.Caller)
	if err != nil {
		return nil, err
	}
	if refused := r.cartable(c.Caller); refused != nil {
		return nil, refused
	}
	err = h.carts(ctx, c, r, chosen, func() (ops []table.Op, err error) {
		r, ops, err = h.store.settleOps(ctx, changeOf(c), in.RequestID, InCart, "")
		return ops, err
	})
	out := r.show(c.Caller, c.Lang)
	return &out, err
}

type answerInput struct {
	RequestID id.Request `path:"requestId"`
	Body      struct {
		State   State  `json:"state" enum:"answered,declined,withdrawn" doc:"withdrawn: by its author alone."`
		Message string `json:"message,omitempty" maxLength:"2000"`
	}
}

func (h *API) answer(ctx context.Context, c account.Call, in *answerInput) (*Wire, error) {
	r, err := h.store.Settle(ctx, changeOf(c), in.RequestID, in.Body.State, strings.TrimSpace(in.Body.Message))
	out := r.show(c.Caller, c.Lang)
	return &out, err
}
