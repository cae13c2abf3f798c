package catalog

import (
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Kind is what a product is sold as (FEATURES.md, Buying).
type Kind string

// The kinds.
const (
	Main     Kind = "product"
	AddOn    Kind = "add_on"   // goes with a product
	Optional Kind = "optional" // an optional licence
	Upgrade  Kind = "upgrade"  // takes the place of another product
)

// Period is how often a price is asked.
type Period string

// The periods.
const (
	Monthly Period = "monthly"
	Yearly  Period = "yearly"
)

// Offer is how a product is sold. Its zero value is a product that nobody can buy.
type Offer struct {
	Kind Kind `dynamodbav:"kind,omitempty"`
	// Editions are those of the accounts that may buy it; empty is every one.
	Editions []string `dynamodbav:"editions,omitempty"`
	// TaxCategory says which rate of a country is asked (package tax).
	TaxCategory string `dynamodbav:"taxCategory,omitempty"`
	// Prices are one for each currency and period.
	Prices []Price `dynamodbav:"prices,omitempty"`
	// Version counts the changes of the offer. Orders and quotes hold a copy of what they were made of.
	Version int `dynamodbav:"version,omitempty"`
}

// Price is what one seat costs in a period, before tax.
type Price struct {
	Currency string `dynamodbav:"currency" json:"currency" pattern:"^[A-Z]{3}$" doc:"ISO 4217."`
	Period   Period `dynamodbav:"period" json:"period" enum:"monthly,yearly"`
	// Tiers begin with one from 1 on, each from more seats on than the one before.
	Tiers []Tier `dynamodbav:"tiers" json:"tiers" minItems:"1" maxItems:"20" nullable:"false"`
}

// Tier is the price of each seat where that many are bought at once.
type Tier struct {
	From   int   `dynamodbav:"from" json:"from" minimum:"1" maximum:"10000000" doc:"Seats bought at once, from which on the price holds for all of them."`
	Amount int64 `dynamodbav:"amount" json:"amount" minimum:"0" maximum:"100000000000" doc:"Minor units a seat and period, before tax."`
}

// Unit is the price of each seat where n are bought at once: volume pricing, all of them at the price of the tier that n
// is in.
func (p Price) Unit(n int) int64 {
	var unit int64
	for _, t := range p.Tiers {
		if t.From <= n {
			unit = t.Amount
		}
	}
	return unit
}

// In is the price in a currency and period; ok is false where there is none.
func (o Offer) In(currency string, period Period) (p Price, ok bool) {
	i := slices.IndexFunc(o.Prices, func(p Price) bool { return p.Currency == currency && p.Period == period })
	if i < 0 {
		return Price{}, false
	}
	return o.Prices[i], true
}

// For tells whether accounts of an edition may buy it.
func (o Offer) For(edition string) bool {
	return len(o.Editions) == 0 || slices.Contains(o.Editions, edition)
}

// Get is a product as it is offered now; ok is false where the catalog lacks it.
func (ps Products) Get(product string) (p Product, ok bool) {
	p, ok = ps.byID[product]
	return p, ok
}

// Called is a product's name in a language, its code where the catalog does not know it.
func (ps Products) Called(product string, l text.Lang) string {
	if name := ps.Name(product, l); name != "" {
		return name
	}
	return product
}
