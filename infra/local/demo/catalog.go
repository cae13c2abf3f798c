package demo

import (
	"context"
	"fmt"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/tax"
)

// The products of the demo.
const (
	telephone  = "telephony-standard"
	premium    = "telephony-premium"
	agent      = "contact-center"
	recording  = "call-recording"
	fax        = "fax-archive"
	voicemail  = "voicemail-pack"
	conference = "meetings-pro"
	huddle     = "meetings-basic"
)

// The editions of the demo.
const (
	entry    = "entry"
	standard = "standard"
)

// products are the vendor's catalog, each after those that it names: one with features, one that needs another, one
// that is derived, and two that exclude each other; of every kind, for all editions and for one.
func products() []catalog.Product {
	return []catalog.Product{
		{ID: telephone, Name: catalog.Name{English: "Telephony Standard", French: "Téléphonie standard"}, Features: []catalog.Feature{
			{ID: "recording", Name: catalog.Name{English: "Recording on demand", French: "Enregistrement à la demande"}},
			{ID: "voicemail", Name: catalog.Name{English: "Voicemail by e-mail", French: "Messagerie vocale par e-mail"}},
		}, Offer: sold(catalog.Main, 1200, 1050)},
		{ID: conference, Name: catalog.Name{English: "Meetings Pro", French: "Meetings Pro"}, Features: []catalog.Feature{
			{ID: "webinars", Name: catalog.Name{English: "Webinars", French: "Webinaires"}},
		}, Offer: sold(catalog.Main, 990, 860, standard)},
		{ID: huddle, Name: catalog.Name{English: "Meetings Basic", French: "Meetings Basic"}, Excludes: []string{conference}, Offer: sold(catalog.Main, 490, 430)},
		{ID: agent, Name: catalog.Name{English: "Contact Center", French: "Contact Center"}, DependsOn: []string{telephone}, Derived: true, Offer: sold(catalog.Optional, 4900, 4250, standard)},
		{ID: recording, Name: catalog.Name{English: "Call Recording", French: "Enregistrement des appels"}, DependsOn: []string{telephone}, Offer: sold(catalog.AddOn, 450, 390)},
		{ID: fax, Name: catalog.Name{English: "Fax Archive", French: "Archivage de télécopies"}, Offer: sold(catalog.Optional, 210, 180)},
		{ID: voicemail, Name: catalog.Name{English: "Voicemail Pack", French: "Pack messagerie vocale"}, DependsOn: []string{telephone}, Offer: sold(catalog.AddOn, 150, 130, entry)},
		{ID: premium, Name: catalog.Name{English: "Telephony Premium (upgrade)", French: "Téléphonie premium (mise à niveau)"}, DependsOn: []string{telephone}, Offer: sold(catalog.Upgrade, 600, 520, standard)},
	}
}

// sold is an offer at the price of a month's seat in cents and pence: from 25 seats on 10 % less, from 100 on 20 %; a year
// costs ten months.
func sold(kind catalog.Kind, cents, pence int64, editions ...string) catalog.Offer {
	o := catalog.Offer{Kind: kind, Editions: editions, TaxCategory: tax.Standard}
	for _, in := range []struct {
		currency string
		month    int64
	}{{"EUR", cents}, {"GBP", pence}} {
		for _, of := range []struct {
			period catalog.Period
			months int64
		}{{catalog.Monthly, 1}, {catalog.Yearly, 10}} {
			price := in.month * of.months
			o.Prices = append(o.Prices, catalog.Price{Currency: in.currency, Period: of.period, Tiers: []catalog.Tier{
				{From: 1, Amount: price}, {From: 25, Amount: price * 9 / 10}, {From: 100, Amount: price * 8 / 10},
			}})
		}
	}
	return o
}

// seller is the vendor. Its number is well-formed, and of nobody.
func seller() catalog.Seller {
	return catalog.Seller{Registration: "SAS, RCS Nantes 999 999 980", Billing: account.Billing{
		LegalName: "Seatkeeper Demo SAS", Street: "1 rue de la Démonstration", PostalCode: "44000", City: "Nantes", Country: "FR",
		TaxNumber: "FR54999999980", Email: "facturation@vendor.example",
	}}
}

// offer fills the catalog.
func (s Seed) offer(ctx context.Context, store *catalog.Store) error {
	if _, err := store.SetSeller(ctx, s.Now, seeder(), seller(), func(catalog.Seller) error { return nil }); err != nil {
		return fmt.Errorf("seller: %w", err)
	}
	for _, p := range products() {
		if _, err := store.Put(ctx, s.Now, seeder(), p, func(catalog.Product) error { return nil }); err != nil {
			return fmt.Errorf("product %s: %w", p.ID, err)
		}
	}
	return nil
}
