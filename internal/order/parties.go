package order

import (
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/tax"
)

// partyOf is a company as an order keeps it.
func partyOf(b account.Billing) Party {
	return Party{
		LegalName: b.LegalName, Street: b.Street, PostalCode: b.PostalCode, City: b.City, Country: b.Country, TaxNumber: b.TaxNumber, Email: b.Email,
	}
}

// sellerOf is who sells.
func sellerOf(products catalog.Products) Party {
	s := products.Seller()
	p := partyOf(s.Billing)
	p.Registration = s.Registration
	return p
}

// given tells whether it was filled in who that is.
func (p Party) given() bool { return p.Country != "" }

// taxed is what is known of a party for its taxes.
func (p Party) taxed() tax.Profile { return tax.Profile{Country: p.Country, TaxNumber: p.TaxNumber} }

// unnamed refuses an order between parties of whom one is not known: an account without a billing profile
// (billing_profile_missing), a vendor who has not said who sells (seller_missing).
func (o pricing) unnamed() *fault.Error {
	switch {
	case !o.buyer.given():
		return fault.New(fault.Conflict, "billing_profile_missing")
	case !o.seller.given():
		return fault.New(fault.Conflict, "seller_missing")
	}
	return nil
}
