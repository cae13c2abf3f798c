package order

import (
	"context"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/money"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Summary is an order as a listing shows it.
type Summary struct {
	ID       id.Order    `json:"id"`
	Status   Status      `json:"status" enum:"placed,awaiting_payment"`
	PlacedAt time.Time   `json:"placedAt"`
	Buyer    Buyer       `json:"buyer"`
	Products []string    `json:"productIds" nullable:"false"`
	Names    []string    `json:"productNames" nullable:"false" doc:"Of the products, in the reader's language, as they were called then: who reads orders may not read the catalog."`
	Seats    int         `json:"seats" doc:"Of all rows."`
	Net      money.Money `json:"net"`
	Tax      money.Money `json:"tax"`
	Gross    money.Money `json:"gross"`
	Invoice  id.Invoice  `json:"invoiceId"`
}

func summary(o Order, l text.Lang) Summary {
	s := Summary{
		ID: o.ID, Status: o.Status, PlacedAt: o.PlacedAt, Buyer: o.Buyer.In(l), Products: []string{}, Names: []string{},
		Net: o.Totals.Net, Tax: o.Totals.Tax, Gross: o.Totals.Gross, Invoice: o.Invoice,
	}
	for _, r := range o.Rows {
		s.Products, s.Names = append(s.Products, r.Product), append(s.Names, r.ProductName.In(l))
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
	}, func(o Order) Summary { return summary(o, c.Lang) })
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
