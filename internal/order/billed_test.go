package order_test

import (
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
)

// billed gives the account a billing profile in a country, with a tax number where one is named.
func (w *world) billed(country, number string) {
	w.t.Helper()
	w.set(func(a *account.Account) {
		a.Billing = account.Billing{LegalName: "Client SA", Street: "1 rue d’Essai", City: "Lyon", Country: country, TaxNumber: number}
	})
}

// sold says who sells: a company in France.
func (w *world) sold() {
	w.t.Helper()
	seller := catalog.Seller{Billing: account.Billing{LegalName: "Vendeur SAS", Street: "2 rue d’Essai", City: "Paris", Country: "FR", TaxNumber: "FR40303265045"}}
	_, err := w.catalog.SetSeller(w.t.Context(), w.Now, operator(), seller, func(catalog.Seller) error { return nil })
	w.must(err)
}
