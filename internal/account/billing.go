package account

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/tax"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Billing is a company as it stands on an invoice, on either side. Its zero value is one of which nothing is known yet.
type Billing struct {
	LegalName  string `dynamodbav:"legalName,omitempty" json:"legalName" minLength:"1" maxLength:"200"`
	Street     string `dynamodbav:"street,omitempty" json:"street" minLength:"1" maxLength:"200"`
	PostalCode string `dynamodbav:"postalCode,omitempty" json:"postalCode,omitempty" maxLength:"20"`
	City       string `dynamodbav:"city,omitempty" json:"city" minLength:"1" maxLength:"100"`
	Country    string `dynamodbav:"country,omitempty" json:"country" minLength:"2" maxLength:"2" doc:"ISO 3166-1, two capitals: GR for Greece."`
	TaxNumber  string `dynamodbav:"taxNumber,omitempty" json:"taxNumber,omitempty" maxLength:"40" doc:"VAT number with its prefix. In the EU it must be well-formed; what parts it for the eye is dropped."`
	Email      string `dynamodbav:"email,omitempty" json:"email,omitempty" maxLength:"254" format:"idn-email" doc:"Where invoices go."`
}

// Given tells whether the company was filled in.
func (b Billing) Given() bool { return b.Country != "" }

// Tax is what of it counts for taxes.
func (b Billing) Tax() tax.Profile { return tax.Profile{Country: b.Country, TaxNumber: b.TaxNumber} }

// Cleaned is the company as it is kept: names without what cannot be seen, the tax number without what parts it. Refused
// are a name, street or city of nothing visible (required), an address that no mail can go to (not_an_email), a country that
// ISO 3166 lacks (country_unknown), and in the EU a tax number that is not one of the country's (tax_number_malformed). at is
// where it stands in the request.
func (b Billing) Cleaned(at string) (Billing, error) {
	var wrong []httpapi.Value
	for _, part := range []struct {
		word     *string
		name     string
		required bool
	}{{&b.LegalName, "legalName", true}, {&b.Street, "street", true}, {&b.PostalCode, "postalCode", false}, {&b.City, "city", true}} {
		if *part.word = text.CleanName(*part.word); *part.word == "" && part.required {
			wrong = append(wrong, httpapi.At(at+"."+part.name, "required"))
		}
	}
	b.Email, b.TaxNumber = strings.TrimSpace(b.Email), tax.Clean(text.CleanName(b.TaxNumber))
	if !reachable(b.Email) {
		wrong = append(wrong, httpapi.At(at+".email", "not_an_email"))
	}
	switch {
	case !tax.Country(b.Country):
		wrong = append(wrong, httpapi.At(at+".country", "country_unknown", fault.Text("value", b.Country)))
	case b.TaxNumber != "" && tax.EU(b.Country) && !tax.Number(b.Country, b.TaxNumber):
		wrong = append(wrong, httpapi.At(at+".taxNumber", "tax_number_malformed", fault.Text("value", b.TaxNumber), fault.Text("country", b.Country)))
	}
	if wrong != nil {
		return Billing{}, httpapi.Invalid(wrong...)
	}
	return b, nil
}

// Differences puts what differs between two companies into a record, each field behind a prefix.
func (b Billing) Differences(r *activity.Record, prefix string, after Billing) {
	for _, f := range []struct{ name, before, after string }{
		{"legalName", b.LegalName, after.LegalName}, {"street", b.Street, after.Street}, {"postalCode", b.PostalCode, after.PostalCode},
		{"city", b.City, after.City}, {"country", b.Country, after.Country}, {"taxNumber", b.TaxNumber, after.TaxNumber}, {"email", b.Email, after.Email},
	} {
		activity.Changed(r, prefix+f.name, f.before, f.after)
	}
}

const billingPath = "/v1/accounts/{accountId}/billing-profile"

// registerBilling adds who is billed.
func registerBilling(api *API, s *Store) {
	httpapi.Register(api, httpapi.Operation{
		ID: "getBillingProfile", Method: http.MethodGet, Path: billingPath, Tag: "accounts", Needs: access.ManageBilling,
		Summary: "Who is billed, and under which tax number; its texts are empty until somebody fills it in",
	}, s.billing)
	httpapi.Register(api, httpapi.Operation{
		ID: "putBillingProfile", Method: http.MethodPut, Path: billingPath, Tag: "accounts", Needs: access.ManageBilling,
		Summary: "Set who is billed, as a whole; quotes that were made before it count no more",
	}, s.putBilling)
}

// billingWire is who is billed. Before it is filled in its texts are empty, so its answer has no limits on them.
type billingWire struct {
	LegalName  string `json:"legalName"`
	Street     string `json:"street"`
	PostalCode string `json:"postalCode"`
	City       string `json:"city"`
	Country    string `json:"country" doc:"ISO 3166-1, two capitals."`
	TaxNumber  string `json:"taxNumber"`
	Email      string `json:"email"`
	rev        int
}

// Revision makes the ETag: the account's own, since it stands in its row.
func (w billingWire) Revision() int { return w.rev }

func billingOf(a Account) *billingWire {
	b := a.Billing
	return &billingWire{b.LegalName, b.Street, b.PostalCode, b.City, b.Country, b.TaxNumber, b.Email, a.Rev}
}

// billing is no call: the account is loaded with every request.
func (s *Store) billing(_ context.Context, c Call, _ *struct{}) (*billingWire, error) {
	return billingOf(c.Account), nil
}

type billingInput struct {
	httpapi.IfMatch
	Body Billing
}

func (s *Store) putBilling(ctx context.Context, c Call, in *billingInput) (*billingWire, error) {
	after, err := in.Body.Cleaned("body")
	if err != nil {
		return nil, err
	}
	a, err := s.SetBilling(ctx, c.AccountID, c.Now, activity.By(c.Caller, c.Source), after, in.RequireMatch)
	if err != nil {
		return nil, err
	}
	return billingOf(a), nil
}

// SetBilling sets who is billed: 2 calls. match is asked whether the caller saw the account at its revision.
func (s *Store) SetBilling(ctx context.Context, a id.Account, now time.Time, by activity.Author, after Billing, match func(rev int) error) (Account, error) {
	return s.Change(ctx, a, now, by, activity.AccountChanged, func(acc Account) (Account, error) {
		acc.Billing = after
		return acc, match(acc.Rev)
	})
}
