package statement_test

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/money"
	"github.com/seatkeeper/seatkeeper/internal/order"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// figures are an order's numbers in the order in which a statement shows them: whole numbers, and amounts in minor units.
func figures(o order.Order) (all []int64) {
	for _, r := range o.Rows {
		all = append(all, int64(r.Quantity), r.UnitPrice.Amount, r.Net.Amount)
		for _, p := range r.Split {
			if len(r.Split) > 1 || p.CostCenterName != "" {
				all = append(all, int64(p.Quantity), p.Net.Amount)
			}
		}
	}
	all = append(all, o.Totals.Net.Amount)
	for _, t := range o.Totals.Taxes {
		all = append(all, t.Amount.Amount)
	}
	all = append(all, o.Totals.Tax.Amount, o.Totals.Gross.Amount)
	for _, r := range o.Recurring {
		all = append(all, r.Net.Amount, r.Tax.Amount, r.Gross.Amount)
	}
	return all
}

// number reads the digits of a figure, whatever stands between them.
func number(t rapid.TB, word string) int64 {
	digits := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, word)
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		t.Fatalf("%q is no figure", word)
	}
	return n
}

var (
	figureCell = regexp.MustCompile(`<td class="figure">([^<]*)</td>`)
	// figureWord is a number, or an amount in one of the currencies of drawOrder: nothing else of a file looks like it.
	figureWord = regexp.MustCompile(`^((€|¥|KWD )?\d[\d,]*(\.\d+)?|\d[\d ]*(,\d+)? ?(€|JPY|KWD)?)$`)
)

// drawOrder is any order: its figures do not even have to add up, since a statement does not compute.
func drawOrder(t *rapid.T) order.Order {
	currency := rapid.SampledFrom([]string{"EUR", "JPY", "KWD"}).Draw(t, "currency")
	amount := func(name string) money.Money {
		return money.Money{Amount: rapid.Int64Range(0, 5_000_000_000_000_000).Draw(t, name), Currency: currency}
	}
	quantity := func() int { return rapid.IntRange(1, 10_000_000).Draw(t, "quantity") }
	o := twoProducts()
	o.Currency, o.Rows, o.Recurring = currency, nil, nil
	o.BillTo.LegalName = "Name " + strings.Map(func(r rune) rune {
		if unicode.IsNumber(r) {
			return 'x' // so that it is not taken for a figure
		}
		return r
	}, rapid.StringN(0, 40, -1).Draw(t, "name"))
	for i := range rapid.IntRange(1, 8).Draw(t, "rows") {
		r := licences()
		// No figure stands in a name, so that all that are found are the order's.
		r.ProductName = catalog.Name{English: "Product", French: "Produit"}
		r.Reinstated, r.Quantity, r.UnitPrice, r.Net = 0, quantity(), amount("unit"), amount("net")
		r.Period = rapid.SampledFrom([]catalog.Period{catalog.Monthly, catalog.Yearly}).Draw(t, "period")
		r.Split = nil
		for range rapid.IntRange(0, 4).Draw(t, fmt.Sprint("parts", i)) {
			r.Split = append(r.Split, order.Part{CostCenterName: "Center", Quantity: quantity(), Net: amount("part")})
		}
		o.Rows = append(o.Rows, r)
	}
	o.Totals = order.Totals{Net: amount("net"), Tax: amount("tax"), Gross: amount("gross")}
	for range rapid.IntRange(0, 3).Draw(t, "taxes") {
		o.Totals.Taxes = append(o.Totals.Taxes, order.Tax{BasisPoints: rapid.IntRange(0, 10_000).Draw(t, "rate"), Reason: "standard", Base: amount("base"), Amount: amount("amount")})
	}
	for range rapid.IntRange(0, 2).Draw(t, "recurring") {
		o.Recurring = append(o.Recurring, order.Recurring{Period: catalog.Monthly, NextBilling: "2026-12-01", Net: amount("net"), Tax: amount("tax"), Gross: amount("gross")})
	}
	return o
}

// Every figure that is shown is the order's, on the page and in the file, in either language; and all of them are.
func TestEveryFigureIsTheOrders(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		o, l := drawOrder(rt), rapid.SampledFrom(text.Langs).Draw(rt, "language")
		var page []int64
		for _, found := range figureCell.FindAllStringSubmatch(pageOf(t, o, l), -1) {
			page = append(page, number(rt, html.UnescapeString(found[1])))
		}
		if diff := cmp.Diff(figures(o), page); diff != "" {
			rt.Errorf("the page (-order +page):\n%s", diff)
		}
	})
	some := rapid.Custom(drawOrder)
	for seed := range 20 { // a file takes a thousand times as long
		o, l := some.Example(seed), text.Langs[seed%len(text.Langs)]
		var file []int64
		for _, word := range printed(t, o, l).texts() {
			if figureWord.MatchString(word) {
				file = append(file, number(t, word))
			}
		}
		if diff := cmp.Diff(figures(o), file); diff != "" {
			t.Errorf("the file of example %d (-order +file):\n%s", seed, diff)
		}
	}
}

func TestRatesBasesDaysAndDatesAreTheOrders(t *testing.T) {
	for l, want := range map[text.Lang][]string{
		text.English: {"VAT 20% on €51.67", "VAT 5.5% on €124,987.50", "10 of 30 days", "365 of 365 days", "21 November 2026 to 30 November 2026", "21 November 2026 to 20 November 2027",
			"monthly", "yearly", "1 December 2026", "21 November 2027", "2 seats were pending removal", "Contract: Siège & agences", "Второй договор (new on the contract)", "no cost center", "Ventes", "Ωμέγα Привет"},
		text.French: {"TVA 20 % sur 51,67 €", "TVA 5,5 % sur 124 987,50 €", "10 jours sur 30", "365 jours sur 365", "du 21 novembre 2026 au 30 novembre 2026", "du 21 novembre 2026 au 20 novembre 2027",
			"mensuel", "annuel", "1er décembre 2026", "21 novembre 2027", "2 sièges étaient en attente de retrait", "Contrat : Siège & agences", "Второй договор (nouveau sur le contrat)", "sans centre de coûts", "Ventes", "Ωμέγα Привет"},
	} {
		plain := strings.NewReplacer("\u00a0", " ")
		page := plain.Replace(html.UnescapeString(pageOf(t, twoProducts(), l)))
		// What is broken over two lines of a column has its neighbours' words between: columns are read one by one.
		file := byColumns(printed(t, twoProducts(), l))
		for _, words := range want {
			if !strings.Contains(page, words) {
				t.Errorf("the page in %s does not say %q", l, words)
			}
			if !strings.Contains(file, words) {
				t.Errorf("the file in %s does not say %q", l, words)
			}
		}
	}
}

// byColumns is what a file says, read in columns: what begins at the same place from the left follows each other.
func byColumns(f file) string {
	columns := map[float64][]string{}
	var places []float64
	for _, page := range f.pages {
		for _, d := range page {
			if columns[d.x] == nil {
				places = append(places, d.x)
			}
			columns[d.x] = append(columns[d.x], d.text)
		}
	}
	slices.Sort(places)
	var all strings.Builder
	for _, x := range places {
		all.WriteString(strings.Join(columns[x], " ") + "\n")
	}
	return all.String()
}
