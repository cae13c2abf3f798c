// Package tax owns how a sale is taxed: by the country of the seller, that of the buyer, and what is sold, from one table.
// It knows which countries are of the EU, and what a tax number of each looks like. It does not own what is sold for how
// much (package catalog), nor ask anybody whether a number was really given out.
package tax

import (
	"cmp"

	"golang.org/x/text/language"

	"github.com/seatkeeper/seatkeeper/internal/money"
)

// Profile is what is known of a seller or a buyer for their taxes.
type Profile struct {
	// Country is ISO 3166-1, two letters: GR for Greece.
	Country string
	// TaxNumber is the VAT number with its prefix, as Clean makes it; empty where there is none.
	TaxNumber string
}

// Category is what a product is for taxes.
type Category = string

// The categories of products.
const (
	Standard Category = "standard"
	Reduced  Category = "reduced"
	Exempt   Category = "exempt"
)

// Categories lists every category.
var Categories = []Category{Standard, Reduced, Exempt}

// Reason is why a rate is what it is.
type Reason string

// Why a rate applies.
const (
	// AtRate: the seller's country's rate of the category.
	AtRate Reason = "standard"
	// ReverseCharge: a business in another country of the EU owes the tax itself.
	ReverseCharge Reason = "reverse_charge"
	// Outside: the buyer is not in the EU.
	Outside Reason = "outside"
	// ExemptSale: what is sold bears no tax, whoever in the EU buys it.
	ExemptSale Reason = "exempt"
)

// Treatment is the tax of a sale. BasisPoints are hundredths of a percent: 2000 is 20 %.
type Treatment struct {
	BasisPoints int    `dynamodbav:"basisPoints" json:"basisPoints" doc:"Hundredths of a percent."`
	Reason      Reason `dynamodbav:"reason" json:"reason" enum:"standard,reverse_charge,outside,exempt"`
}

// On is the tax on an amount that is not below zero, in its minor units, halves up. It is taken once on the sum of all that
// has one treatment.
func (t Treatment) On(net int64) int64 { return money.Part(net, int64(t.BasisPoints), 10_000) }

// rates are a country's, in basis points. Reduced is zero where the country has none, or several of which the category
// does not tell one: then its standard rate is taken, so that never too little is charged.
// Of is the country whose territory it is for the tax; empty where that is its own.
type rates struct {
	standard, reduced int
	of                string
}

// countries of the EU, with the rates that hold from 2026-01-01. A new rate is a change here: it counts for the quotes made
// from then on. Monaco is no member and taxed as France (Directive 2006/112/EC, article 7); the Isle of Man is in the United
// Kingdom's place there, and so outside since that has left.
var countries = map[string]rates{
	"AT": {2000, 0, ""}, "BE": {2100, 0, ""}, "BG": {2000, 900, ""}, "CY": {1900, 0, ""}, "CZ": {2100, 1200, ""}, "DE": {1900, 700, ""},
	"DK": {2500, 0, ""}, "EE": {2400, 0, ""}, "ES": {2100, 0, ""}, "FI": {2550, 0, ""}, "FR": {2000, 550, ""}, "GR": {2400, 0, ""},
	"HR": {2500, 0, ""}, "HU": {2700, 0, ""}, "IE": {2300, 0, ""}, "IT": {2200, 0, ""}, "LT": {2100, 0, ""}, "LU": {1700, 0, ""}, "LV": {2100, 0, ""},
	"MC": {of: "FR"}, "MT": {1800, 0, ""}, "NL": {2100, 900, ""}, "PL": {2300, 0, ""}, "PT": {2300, 0, ""}, "RO": {2100, 0, ""}, "SE": {2500, 0, ""},
	"SI": {2200, 0, ""}, "SK": {2300, 0, ""},
}

// home is the country whose taxes and numbers a country has.
func home(country string) string { return cmp.Or(countries[country].of, country) }

// EU tells whether a country is of the EU for the tax, and so in the table.
func EU(country string) bool {
	_, in := countries[country]
	return in
}

// Country tells whether a code is a country's: ISO 3166-1, two capitals.
func Country(code string) bool {
	r, err := language.ParseRegion(code)
	return err == nil && len(code) == 2 && r.IsCountry() && r.Canonicalize() == r && r.String() == code
}

// Of is how a sale is taxed. A buyer who is not in the EU bears none (outside); nor does, in the EU, what is exempt; nor a
// buyer in another country of it than the seller with a well-formed number of its own country (reverse_charge). All others
// bear the seller's country's rate (standard). A seller outside of the EU has no rate here: see EU.
func Of(seller, buyer Profile, category Category) Treatment {
	switch {
	case !EU(seller.Country) || !EU(buyer.Country):
		return Treatment{0, Outside}
	case category == Exempt:
		return Treatment{0, ExemptSale}
	case home(seller.Country) != home(buyer.Country) && Number(buyer.Country, buyer.TaxNumber):
		return Treatment{0, ReverseCharge}
	}
	at := countries[home(seller.Country)]
	if category == Reduced && at.reduced > 0 {
		return Treatment{at.reduced, AtRate}
	}
	return Treatment{at.standard, AtRate}
}
