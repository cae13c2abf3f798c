package statement_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/money"
	"github.com/seatkeeper/seatkeeper/internal/order"
)

// placed is when these orders were placed: the next day in Paris.
var placed = time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC)

var paris = must(time.LoadLocation("Europe/Paris"))

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func eur(minor int64) money.Money { return money.Money{Amount: minor, Currency: "EUR"} }

// licences is 12 seats, 2 of them taken back, carried by two cost centers and by none.
func licences() order.Row {
	return order.Row{
		Product: "voice", ProductName: catalog.Name{English: "Voice", French: "Voix"}, Contract: "ctr_01", ContractName: "Siège & agences",
		Period: catalog.Monthly, Quantity: 12, Reinstated: 2, UnitPrice: eur(1550), Days: 10, PeriodDays: 30, From: "2026-11-21", Until: "2026-12-01",
		Net: eur(5167), TaxCategory: "service", TaxBasisPoints: 2000, TaxReason: "standard", Recurring: eur(18600), NextBilling: "2026-12-01",
		Split: []order.Part{
			{CostCenter: "cc_1", CostCenterName: "Ventes", Quantity: 5, Net: eur(2153)},
			{CostCenter: "cc_2", CostCenterName: "Ωμέγα Привет", Quantity: 6, Net: eur(2583)},
			{Quantity: 1, Net: eur(431)},
		},
	}
}

// archive is 1,250 seats for a year, on a contract that had none of it.
func archive() order.Row {
	return order.Row{
		Product: "archive", ProductName: catalog.Name{English: "Archive", French: "Archivage"}, Contract: "ctr_02", ContractName: "Второй договор", NewLine: true,
		Period: catalog.Yearly, Quantity: 1250, UnitPrice: eur(9999), Days: 365, PeriodDays: 365, From: "2026-11-21", Until: "2027-11-21",
		Net: eur(12498750), TaxCategory: "service", TaxBasisPoints: 550, TaxReason: "standard", Recurring: eur(12498750), NextBilling: "2027-11-21",
		Split: []order.Part{{Quantity: 1250, Net: eur(12498750)}},
	}
}

// twoProducts is an order within one country.
func twoProducts() order.Order {
	return order.Order{
		ID: "ord_01JD3YV1M0000000000000TEST", Status: order.Placed, PlacedAt: placed, Buyer: order.Buyer{ID: "usr_1", Name: "Zoé Petit"}, Invoice: "inv_1",
		Priced: order.Priced{
			Currency: "EUR", Rows: []order.Row{licences(), archive()},
			Totals: order.Totals{
				Net: eur(12503917), Tax: eur(688464), Gross: eur(13192381),
				Taxes: []order.Tax{{BasisPoints: 2000, Reason: "standard", Base: eur(5167), Amount: eur(1033)}, {BasisPoints: 550, Reason: "standard", Base: eur(12498750), Amount: eur(687431)}},
			},
			Recurring: []order.Recurring{
				{Period: catalog.Monthly, NextBilling: "2026-12-01", Net: eur(18600), Tax: eur(3720), Gross: eur(22320)},
				{Period: catalog.Yearly, NextBilling: "2027-11-21", Net: eur(12498750), Tax: eur(687431), Gross: eur(13186181)},
			},
		},
		Seller: order.Party{LegalName: "Éditeur <SA>", Street: "1 rue de l’Exemple", PostalCode: "75001", City: "Paris", Country: "FR", TaxNumber: "FR00123456789", Registration: "SA au capital de 10 000 €, RCS Paris 123 456 789", Email: "factures@example.com"},
		BillTo: order.Party{LegalName: "Ünïcode Łódź Ⅻ", Street: "2 avenue du Test", PostalCode: "69001", City: "Lyon", Country: "FR"},
	}
}

// reverseCharge is bought in another country of the EU.
func reverseCharge() order.Order {
	o := twoProducts()
	r := licences()
	r.Split, r.Reinstated, r.TaxBasisPoints, r.TaxReason, r.Net = []order.Part{{Quantity: 12, Net: eur(6200)}}, 0, 0, "reverse_charge", eur(6200)
	o.Rows = []order.Row{r}
	o.Totals = order.Totals{Net: eur(6200), Gross: eur(6200), Tax: eur(0), Taxes: []order.Tax{{Reason: "reverse_charge", Base: eur(6200), Amount: eur(0)}}}
	o.Recurring = []order.Recurring{{Period: catalog.Monthly, NextBilling: "2026-12-01", Net: eur(18600), Tax: eur(0), Gross: eur(18600)}}
	o.BillTo = order.Party{LegalName: "Beispiel GmbH", Street: "Straße 3", PostalCode: "10115", City: "Berlin", Country: "DE", TaxNumber: "DE123456789"}
	return o
}

// exempt bears no tax by what is sold.
func exempt() order.Order {
	o := reverseCharge()
	o.Rows[0].TaxReason, o.Totals.Taxes[0].Reason = "exempt", "exempt"
	return o
}

// outside is bought outside the EU, paid first, and never billed again.
func outside() order.Order {
	o := reverseCharge()
	o.Status, o.Buyer.Name, o.Recurring = order.AwaitingPayment, "", nil
	o.Rows[0].TaxReason, o.Totals.Taxes[0].Reason = "outside", "outside"
	o.Rows[0].NextBilling, o.Rows[0].Recurring = "", eur(0)
	o.BillTo = order.Party{LegalName: "株式会社テスト", Street: "1-2-3", PostalCode: "100-0001", City: "Tokyo", Country: "JP"}
	return o
}

// longOrder has rows for several pages, and names of any length.
func longOrder() order.Order {
	o := twoProducts()
	o.Rows = nil
	for i := range 45 {
		r := archive()
		r.ProductName = catalog.Name{English: fmt.Sprintf("Product number %d", i+1), French: fmt.Sprintf("Produit numéro %d", i+1)}
		r.ContractName = fmt.Sprintf("Contract %d", i%3+1)
		r.Quantity, r.Net, r.From = i+1, eur(int64(i+1)*9999), date.Date("2026-11-21")
		r.Split = []order.Part{{CostCenter: "cc_1", CostCenterName: "A", Quantity: i + 1, Net: r.Net}}
		if i > 0 {
			r.Split = []order.Part{{CostCenter: "cc_1", CostCenterName: "A", Quantity: 1, Net: eur(9999)}, {Quantity: i, Net: eur(int64(i) * 9999)}}
		}
		o.Rows = append(o.Rows, r)
	}
	o.Rows[7].ProductName = catalog.Name{English: strings.Repeat("Very long name ", 6), French: strings.Repeat("Unbrochengeschriebener", 4)}
	o.Rows[8].ContractName = strings.Repeat("Contrat cadre pluriannuel ", 120)
	o.Rows[9].Split[0].CostCenterName = strings.Repeat("W", 200)
	o.BillTo.LegalName = strings.Repeat("Société très anonyme ", 12)
	return o
}
