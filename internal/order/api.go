package order

import (
	"context"
	"net/http"
	"strconv"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// API is the operations on carts and orders, and what they stand on.
type API struct {
	store    *Store
	accounts *account.Store
}

const (
	cartPath  = "/v1/accounts/{accountId}/cart"
	itemPath  = cartPath + "/items/{productId}"
	orderPath = "/v1/accounts/{accountId}/orders"
)

// Register adds the operations on carts and orders.
func Register(api *account.API, s *Store, accounts *account.Store) {
	h := &API{s, accounts}
	httpapi.Register(api, httpapi.Operation{
		ID: "getCart", Method: http.MethodGet, Path: cartPath, Tag: "orders", Needs: access.ManageLicences,
		Summary: "The caller's cart with what it costs now, and what keeps it from being ordered",
	}, h.cart)
	httpapi.Register(api, httpapi.Operation{
		ID: "putCartItem", Method: http.MethodPut, Path: itemPath, Tag: "orders", Needs: access.ManageLicences,
		Summary: "Put a product into the cart, or change its quantity", Refusals: []int{http.StatusConflict},
	}, h.put)
	httpapi.Register(api, httpapi.Operation{
		ID: "removeCartItem", Method: http.MethodDelete, Path: itemPath, Tag: "orders", Needs: access.ManageLicences,
		Summary: "Take a product out of the cart",
	}, h.remove)
	httpapi.Register(api, httpapi.Operation{
		ID: "emptyCart", Method: http.MethodDelete, Path: cartPath, Tag: "orders", Needs: access.ManageLicences,
		Summary: "Empty the cart",
	}, h.empty)
	httpapi.Register(api, httpapi.Operation{
		ID: "quoteCart", Method: http.MethodPost, Path: cartPath + "/quote", Tag: "orders", Needs: access.ManageLicences,
		Summary: "Price the cart for 30 minutes, with the cost centers that will carry the seats", Success: http.StatusCreated, Refusals: []int{http.StatusConflict},
	}, h.quote)
	httpapi.Register(api, httpapi.Operation{
		ID: "placeOrder", Method: http.MethodPost, Path: orderPath, Tag: "orders", Needs: access.ManageLicences, Key: httpapi.KeyRequired,
		Summary: "Order what was quoted; the seats can be assigned at once", Success: http.StatusCreated, Refusals: []int{http.StatusConflict},
	}, h.place)
	httpapi.Register(api, httpapi.Operation{
		ID: "listOrders", Method: http.MethodGet, Path: orderPath, Tag: "orders", Needs: access.ViewOrders,
		Summary: "The account's orders, newest first",
	}, h.list)
	httpapi.Register(api, httpapi.Operation{
		ID: "getOrder", Method: http.MethodGet, Path: orderPath + "/{orderId}", Tag: "orders", Needs: access.ViewOrders,
		Summary: "An order with its rows, cost centers, taxes and totals",
	}, h.read)
}

// BuyingOf is the buyer behind a call: no call of the table, 1 where the account has a partner.
func BuyingOf(ctx context.Context, accounts *account.Store, c account.Call) (Buying, error) {
	whom, err := accounts.Whom(ctx, c.Account)
	return Buying{
		Account: c.Account, User: c.Caller.User, Name: c.Caller.Name, Now: c.Now, By: activity.By(c.Caller, c.Source), Contact: whom, Lang: c.Lang,
	}, err
}

type quoteInput struct {
	Body struct {
		CostCenterID      string     `json:"costCenterId,omitempty" maxLength:"64" doc:"Carries every row that rows does not name; the word none, or left out: no cost center."`
		NewCostCenterName string     `json:"newCostCenterName,omitempty" maxLength:"100" doc:"The order creates it; where a cost center has the name, that one is meant."`
		Rows              []rowInput `json:"rows,omitempty" maxItems:"50" nullable:"false"`
	}
}

type rowInput struct {
	ProductID         string      `json:"productId" minLength:"1" maxLength:"60"`
	CostCenterID      string      `json:"costCenterId,omitempty" maxLength:"64"`
	NewCostCenterName string      `json:"newCostCenterName,omitempty" maxLength:"100"`
	Split             []partInput `json:"split,omitempty" maxItems:"50" nullable:"false" doc:"Several; their quantities sum to the row's."`
}

type partInput struct {
	CostCenterID      string `json:"costCenterId,omitempty" maxLength:"64"`
	NewCostCenterName string `json:"newCostCenterName,omitempty" maxLength:"100"`
	Quantity          int    `json:"quantity" minimum:"1" maximum:"10000000"`
}

// carriers reads who carries what.
func (in *quoteInput) carriers() (Carriers, error) {
	c := Carriers{Rows: map[string][]Part{}}
	var err error
	if c.All, err = part("body", in.Body.CostCenterID, in.Body.NewCostCenterName, 0); err != nil {
		return c, err
	}
	for i, row := range in.Body.Rows {
		at := nth("body.rows", i)
		if _, twice := c.Rows[row.ProductID]; twice {
			return c, httpapi.Invalid(httpapi.At(at, "product_twice", fault.Text("value", row.ProductID)))
		}
		if len(row.Split) > 0 && (row.CostCenterID != "" || row.NewCostCenterName != "") {
			return c, httpapi.Invalid(httpapi.At(at, "carrier_twice"))
		}
		if len(row.Split) == 0 {
			row.Split = []partInput{{row.CostCenterID, row.NewCostCenterName, 0}}
		}
		for j, p := range row.Split {
			parsed, err := part(nth(at+".split", j), p.CostCenterID, p.NewCostCenterName, p.Quantity)
			if err != nil {
				return c, err
			}
			c.Rows[row.ProductID] = append(c.Rows[row.ProductID], parsed)
		}
	}
	return c, nil
}

// nth is where a member of a list stands.
func nth(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

// none is the word for no cost center.
const none = "none"

func part(at, costCenter, name string, quantity int) (Part, error) {
	p := Part{Quantity: quantity}
	switch {
	case costCenter != "" && name != "":
		return p, httpapi.Invalid(httpapi.At(at, "carrier_twice"))
	case name != "":
		var ok bool
		if p.CostCenterName, ok = costcenter.ParseName(name); !ok {
			return p, httpapi.Invalid(httpapi.At(at+".newCostCenterName", "required"))
		}
		p.New = true
	case costCenter != "" && costCenter != none:
		cc, ok := id.Parse[id.CostCenter](costCenter)
		if !ok {
			return p, costCenterUnknown(id.CostCenter(costCenter))
		}
		p.CostCenter = cc
	}
	return p, nil
}

func (h *API) quote(ctx context.Context, c account.Call, in *quoteInput) (*Quote, error) {
	carriers, err := in.carriers()
	if err != nil {
		return nil, err
	}
	b, err := BuyingOf(ctx, h.accounts, c)
	if err != nil {
		return nil, err
	}
	q, err := h.store.Quote(ctx, b, carriers)
	return &q, err
}

type placeInput struct {
	Body struct {
		QuoteID          string `json:"quoteId" maxLength:"64"`
		ConfirmedCharges bool   `json:"confirmedCharges,omitempty" doc:"true: the buyer has read the charges and accepts them."`
		Currency         string `json:"currency,omitempty" maxLength:"3" doc:"Where it is sent it must be the quote's."`
	}
}

func (h *API) place(ctx context.Context, c account.Call, in *placeInput) (*Order, error) {
	if !in.Body.ConfirmedCharges {
		return nil, fault.New(fault.Invalid, "charges_not_confirmed")
	}
	quote, ok := id.Parse[id.Quote](in.Body.QuoteID)
	if !ok {
		return nil, quoteUnknown(in.Body.QuoteID)
	}
	b, err := BuyingOf(ctx, h.accounts, c)
	if err != nil {
		return nil, err
	}
	return h.store.Place(ctx, b, quote, in.Body.Currency, func(o *Order) ([]table.Op, error) { return c.Keep(o) })
}
