package catalog

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/tax"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Seller is the vendor as it stands on orders and invoices. Nobody can be quoted a price until operators have filled it in.
type Seller struct {
	account.Billing
	// Registration is what the law has the vendor say of itself: form, capital, register.
	Registration string `dynamodbav:"registration,omitempty" json:"registration,omitempty" maxLength:"300" doc:"What the law has the vendor say of itself: legal form, capital, register."`
	Rev          int    `dynamodbav:"rev" json:"-"`
}

// Revision makes the ETag of the seller.
func (s Seller) Revision() int { return s.Rev }

// Seller is who sells; not Given until operators have filled it in.
func (ps Products) Seller() Seller { return ps.seller }

// SoldBy are the same products, sold by somebody.
func (ps Products) SoldBy(s Seller) Products {
	ps.seller = s
	return ps
}

const sellerPath = "/v1/catalog/seller"

func registerSeller(api *account.API, s *Store) {
	httpapi.Register(api, httpapi.Operation{
		ID: "getSeller", Method: http.MethodGet, Path: sellerPath, Tag: "catalog", Needs: access.ManageAccounts,
		Summary: "Who sells, as it stands on orders and invoices",
	}, s.showSeller)
	httpapi.Register(api, httpapi.Operation{
		ID: "putSeller", Method: http.MethodPut, Path: sellerPath, Tag: "catalog", Needs: access.ManageAccounts,
		Summary: "Say who sells, without If-Match the first time; orders that were placed keep what they say",
	}, s.putSeller)
}

func (s *Store) showSeller(ctx context.Context, _ account.Call, _ *struct{}) (*Seller, error) {
	_, found, err := s.readSeller(ctx)
	if err == nil && !found.Given() {
		err = fault.Missing()
	}
	return &found, err
}

// readSeller is 1 call.
func (s *Store) readSeller(ctx context.Context) (was table.Item, found Seller, err error) {
	if was, err = s.table.Get(ctx, table.CatalogSeller()); err == nil {
		err = table.Decode(was, &found)
	}
	return was, found, err
}

type sellerInput struct {
	httpapi.IfMatch
	Body Seller
}

func (s *Store) putSeller(ctx context.Context, c account.Call, in *sellerInput) (*Seller, error) {
	after := Seller{Registration: text.CleanName(in.Body.Registration)}
	var err error
	if after.Billing, err = in.Body.Billing.Cleaned("body"); err != nil {
		return nil, err
	}
	if !tax.EU(after.Country) {
		return nil, httpapi.Invalid(httpapi.At("body.country", "seller_country_not_offered", fault.Text("value", after.Country)))
	}
	made, err := s.SetSeller(ctx, c.Now, activity.By(c.Caller, c.Source), after, func(before Seller) error {
		return seen(in.IfMatch, before.Rev)
	})
	return &made, err
}

// seen refuses a change of what is there without the If-Match of its revision, and a change with one of what is not there.
func seen(m httpapi.IfMatch, rev int) error {
	switch {
	case rev > 0:
		return m.RequireMatch(rev)
	case m.IfMatch != "":
		return fault.New(fault.Stale, "stale") // nobody has seen what is not there
	default:
		return nil
	}
}

// SetSeller says who sells: 2 calls. allow may refuse what it finds; nothing is there where its Rev is 0. The same again
// writes nothing.
func (s *Store) SetSeller(ctx context.Context, now time.Time, by activity.Author, after Seller, allow func(before Seller) error) (Seller, error) {
	for range rounds {
		was, before, err := s.readSeller(ctx)
		if err != nil {
			return Seller{}, err
		}
		if err := allow(before); err != nil {
			return Seller{}, err
		}
		if after.Rev = before.Rev; after == before {
			return before, nil
		}
		after.Rev = before.Rev + 1
		item, err := table.Encode(after)
		if err != nil {
			return Seller{}, err
		}
		r := activity.New(s.ids, now, "", by, activity.SellerChanged, activity.Thing{Noun: "seller", ID: "seller", Name: after.LegalName})
		before.Differences(&r, "", after.Billing)
		activity.Changed(&r, "registration", before.Registration, after.Registration)
		record, err := r.Op()
		if err != nil {
			return Seller{}, err
		}
		err = s.table.Write(ctx, table.Keep(table.CatalogSeller(), was, item), record)
		var unmet *table.ConditionError
		if errors.As(err, &unmet) {
			continue
		}
		s.forget()
		return after, err
	}
	return Seller{}, fault.New(fault.Busy, "busy").After(time.Second)
}
