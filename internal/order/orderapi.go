package order

import (
	"context"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/money"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Summary is an order as a listing shows it.
type Summary struct {
	ID       id.Order    `json:"id"`
	Status   Status      `json:"status" enum:"placed,awaiting_payment"`
	PlacedAt time.Time   `json:"placedAt"`
	Buyer    Buyer       `json:"buyer"`
	Products []string    `json:"productIds" nullable:"false"`
	Seats    int         `json:"seats" doc:"Of all rows."`
	Net      money.Money `json:"net"`
	Tax      money.Money `json:"tax"`
	Gross    money.Money `json:"gross"`
	Invoice  id.Invoice  `json:"invoiceId"`
}

func summary(o Order) Summary {
	s := Summary{
		ID: o.ID, Status: o.Status, PlacedAt: o.PlacedAt, Buyer: o.Buyer, Products: []string{},
		Net: o.Totals.Net, Tax: o.Totals.Tax, Gross: o.Totals.Gross, Invoice: o.Invoice,
	}
	for _, r := range o.Rows {
		s.Products = append(s.Products, r.Product)
		s.Seats += r.Quantity
	}
	return s
}

type listInput struct {
	httpapi.Paging
	Status string `query:"status" enum:"placed,awaiting_payment"`
}

type listOutput struct {
	httpapi.Page[Summary]
}

func (h *API) list(ctx context.Context, c account.Call, in *listInput) (*listOutput, error) {
	page, err := httpapi.List(c, in.Paging, func(after *table.Position, limit int) ([]Order, *table.Position, error) {
		return h.store.List(ctx, c.AccountID, Status(in.Status), after, limit)
	}, func(o Order) Summary {
		s := summary(o)
		s.Buyer = s.Buyer.In(c.Lang)
		return s
	})
	if err != nil {
		return nil, err
	}
	return &listOutput{*page}, nil
}

type readInput struct {
	OrderID id.Order `path:"orderId"`
}

func (h *API) read(ctx context.Context, c account.Call, in *readInput) (*Order, error) {
	o, err := h.store.Get(ctx, c.AccountID, in.OrderID)
	o.Buyer = o.Buyer.In(c.Lang)
	return &o, err
}
