package statement

import (
	"context"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/order"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Press is what statements are made with. It is given, because fonts and the names of all countries are a third of what
// their function weighs, and the wiring of functions is in every one.
type Press struct {
	// Print makes a file of a statement.
	Print func(Statement) ([]byte, error)
	Country
}

// Country is what a country (ISO 3166-1, two letters) is called in a language; its code where that is not known.
type Country func(l text.Lang, code string) string

// Reader finds an order of an account, such as order.Store.Get; one that is not there is the fault not_found.
type Reader func(ctx context.Context, a id.Account, o id.Order) (order.Order, error)

const (
	pdfType  = "application/pdf"
	pageType = "text/html; charset=utf-8"
)

type input struct {
	Order id.Order `path:"orderId"`
}

// Register adds the operation that answers an order's statement, as a file or as a page.
func Register(api *account.API, read Reader, press Press) {
	op := httpapi.Operation{
		ID: "getOrderStatement", Method: "GET", Path: "/v1/accounts/{accountId}/orders/{orderId}/statement",
		Needs: access.ViewOrders, Tag: "orders", Offers: []string{pdfType, pageType},
		Summary: "Get the statement of an order, as a PDF file or as a page to print, in the reader's language",
	}
	httpapi.Register(api, op, func(ctx context.Context, call account.Call, in *input) (*httpapi.Document, error) {
		o, err := read(ctx, call.AccountID, in.Order)
		if err != nil {
			return nil, err
		}
		return document(Of(o, call.Lang, zoneOf(call.Account), press.Country), call.Media, press)
	})
}

// document is a statement in one of its forms.
func document(s Statement, media string, press Press) (*httpapi.Document, error) {
	if media == pageType {
		body, err := s.Page()
		return &httpapi.Document{Body: body, Policy: Policy()}, err
	}
	body, err := press.Print(s)
	return &httpapi.Document{Body: body, FileName: s.FileName + ".pdf"}, err
}

// zoneOf is where the account's days begin; UTC as in account.Today where its zone does not exist any more.
func zoneOf(a account.Account) *time.Location {
	zone, err := date.Zone(a.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}
