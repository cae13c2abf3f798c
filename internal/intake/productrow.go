package intake

import (
	"slices"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/intake/sheet"
	"github.com/seatkeeper/seatkeeper/internal/money"
	"github.com/seatkeeper/seatkeeper/internal/tax"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// ProductColumns are the columns of a file of products: a row for each tier of each price.
func ProductColumns() []sheet.Column {
	return []sheet.Column{
		{Name: "productCode", English: []string{"Product Code"}, French: []string{"Code produit"}, Required: true},
		{Name: "nameEn", English: []string{"Name (English)", "English Name"}, French: []string{"Nom (anglais)", "Nom anglais"}},
		{Name: "nameFr", English: []string{"Name (French)", "French Name"}, French: []string{"Nom (français)", "Nom français"}},
		{Name: "kind", English: []string{"Kind", "Type"}, French: []string{"Nature", "Type"}},
		{Name: "editions", English: []string{"Editions"}, French: []string{"Éditions"}},
		{Name: "taxCategory", English: []string{"Tax Category"}, French: []string{"Catégorie de taxe"}},
		{Name: "currency", English: []string{"Currency"}, French: []string{"Devise"}},
		{Name: "period", English: []string{"Billing Period", "Period"}, French: []string{"Période de facturation", "Période"}},
		{Name: "from", English: []string{"From Quantity", "From"}, French: []string{"À partir de", "Quantité minimale"}},
		{Name: "price", English: []string{"Unit Price", "Price"}, French: []string{"Prix unitaire", "Prix"}},
		{Name: "dependsOn", English: []string{"Depends On"}, French: []string{"Dépend de"}},
		{Name: "excludes", English: []string{"Excludes"}, French: []string{"Exclut"}},
	}
}

// productFacts are what a row says of its product, by column; empty where its cell is. Lists are parted by bars, in order.
type productFacts struct {
	English, French, Kind, Tax, Editions, Needs, Excludes string
}

// cells are the facts with their columns.
func (f *productFacts) cells() map[string]*string {
	return map[string]*string{
		"nameEn": &f.English, "nameFr": &f.French, "kind": &f.Kind, "taxCategory": &f.Tax, "editions": &f.Editions, "dependsOn": &f.Needs, "excludes": &f.Excludes,
	}
}

// productRow is one row: facts, and a tier of a price where it has one.
type productRow struct {
	row      sheet.Row
	product  string
	facts    productFacts
	priced   bool
	currency string
	period   catalog.Period
	tier     catalog.Tier
}

// readProduct reads one row of a file of products.
func readProduct(row sheet.Row) (productRow, []sheet.Problem) {
	r := &reading{row: row}
	p := productRow{row: row, product: r.text("productCode")}
	if p.product != "" && !catalog.ValidID(p.product) {
		r.refuse("productCode", "not_a_product_code", p.product)
	}
	p.facts = productFacts{
		English: text.CleanName(row.Text("nameEn")), French: text.CleanName(row.Text("nameFr")),
		Kind:     word(r, "kind", "product_kind_unknown", productKinds),
		Tax:      word(r, "taxCategory", "tax_category_unknown", taxCategories),
		Editions: r.list("editions", "edition_malformed", catalog.Edition),
		Needs:    r.list("dependsOn", "not_a_product_code", catalog.ValidID), Excludes: r.list("excludes", "not_a_product_code", catalog.ValidID),
	}
	r.atMost(longestProductName, "nameEn", p.facts.English)
	r.atMost(longestProductName, "nameFr", p.facts.French)
	r.price(&p)
	return p, r.problems
}

const longestProductName = 100

// price reads the cells of a price: all of them or none, but that a price from one seat on need not say so.
func (r *reading) price(p *productRow) {
	currency, period, amount := r.row.Text("currency"), r.row.Text("period"), r.row.Text("price")
	if currency == "" && period == "" && amount == "" {
		return
	}
	p.priced, p.currency, p.tier.From = true, strings.ToUpper(currency), 1
	p.period = catalog.Period(word(r, "period", "period_unknown", periods))
	switch {
	case currency == "" || period == "":
		r.problems = append(r.problems, r.row.Problem("price", "price_incomplete"))
		return
	case !money.Currency(p.currency):
		r.refuse("currency", "currency_unknown", currency)
		return
	}
	if r.row.Text("from") != "" {
		var err error
		p.tier.From, err = r.row.Count("from")
		r.note(err)
		if err == nil && (p.tier.From < 1 || p.tier.From > catalog.MaxFrom) {
			r.problems = append(r.problems, r.row.Problem("from", "number_out_of_tiers", fault.Int("most", catalog.MaxFrom)))
		}
	}
	var err error
	p.tier.Amount, err = r.row.Amount("price", money.Digits(p.currency))
	r.note(err)
}

// refuse notes a cell that says what it cannot.
func (r *reading) refuse(column, code, value string) {
	r.problems = append(r.problems, r.row.Problem(column, code, fault.Text("value", value)))
}

// list reads the members of a cell, parted by bars, each once and in order.
func (r *reading) list(column, code string, valid func(string) bool) string {
	var all []string
	for member := range strings.SplitSeq(r.row.Text(column), "|") {
		if member = strings.TrimSpace(member); member == "" {
			continue
		}
		if !valid(member) {
			r.refuse(column, code, member)
		}
		all = append(all, member)
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), "|")
}

// members are those of a cell that list read.
func members(cell string) []string {
	if cell == "" {
		return nil
	}
	return strings.Split(cell, "|")
}

// word reads a cell that is one of some words, as the API has it or as people write it in either language; empty where the
// cell is.
func word(r *reading, column, code string, words map[string]string) string {
	said := r.row.Text(column)
	if said == "" {
		return ""
	}
	known, ok := words[strings.Join(text.Words(said), " ")]
	if !ok {
		r.refuse(column, code, said)
	}
	return known
}

// The words of the cells, folded.
var (
	productKinds = map[string]string{
		"product": string(catalog.Main), "produit": string(catalog.Main),
		"add on": string(catalog.AddOn), "addon": string(catalog.AddOn), "option complementaire": string(catalog.AddOn), "complement": string(catalog.AddOn),
		"optional": string(catalog.Optional), "optional licence": string(catalog.Optional), "optionnel": string(catalog.Optional), "licence optionnelle": string(catalog.Optional),
		"upgrade": string(catalog.Upgrade), "mise a niveau": string(catalog.Upgrade),
	}
	taxCategories = map[string]string{
		"standard": tax.Standard, "normal": tax.Standard, "reduced": tax.Reduced, "reduit": tax.Reduced, "exempt": tax.Exempt, "exonere": tax.Exempt,
	}
	periods = map[string]string{
		"monthly": string(catalog.Monthly), "month": string(catalog.Monthly), "mensuel": string(catalog.Monthly), "mois": string(catalog.Monthly),
		"yearly": string(catalog.Yearly), "annual": string(catalog.Yearly), "year": string(catalog.Yearly), "annuel": string(catalog.Yearly), "an": string(catalog.Yearly),
	}
)
