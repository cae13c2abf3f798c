package intake

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/intake/sheet"
)

// productGroup is the rows of one product. A product is taken whole or not at all: a price with a tier left out is another
// price.
type productGroup struct {
	product string
	rows    []productRow
	facts   productFacts
	prices  []catalog.Price
	bad     bool // a row was rejected
}

// products takes over the rows of products. The vendor keeps the catalog, here and by the API: what a file says counts,
// whenever it is from, and what it does not say stays.
func (f *file) products(ctx context.Context, rows []sheet.Row) error {
	groups := f.productGroups(rows)
	if len(groups) == 0 {
		return nil
	}
	edit, err := f.service.catalog.Edit(ctx, f.in.Now, f.in.By, f.in.DryRun)
	if err != nil {
		return err
	}
	// A product may need one that stands further down: who names what is not there is tried again once others came.
	for len(groups) > 0 {
		var waiting []*productGroup
		var refused []outcome
		for _, g := range groups {
			out, err := g.take(ctx, edit, f.report.sheet)
			if err != nil {
				return err
			}
			if out.rejected != nil && out.rejected.Code == "product_unknown" {
				waiting, refused = append(waiting, g), append(refused, out)
				continue
			}
			f.settle(g.sheetRows(), out)
		}
		if len(waiting) == len(groups) {
			for i, g := range waiting {
				f.settle(g.sheetRows(), refused[i])
			}
			return nil
		}
		groups = waiting
	}
	return nil
}

// productGroups reads rows and puts those of one product together; rows of a product of which one is wrong are rejected.
func (f *file) productGroups(rows []sheet.Row) []*productGroup {
	byCode := map[string]*productGroup{}
	var all []*productGroup
	for _, row := range rows {
		read, problems := readProduct(row)
		g := byCode[read.product]
		if g == nil {
			g = &productGroup{product: read.product, facts: read.facts}
			byCode[read.product], all = g, append(all, g)
		}
		if len(problems) == 0 {
			problems = g.add(read)
		}
		if len(problems) > 0 {
			f.reject(problems...)
			g.bad = true
			continue
		}
		g.rows = append(g.rows, read)
	}
	return slices.DeleteFunc(all, func(g *productGroup) bool {
		if !g.bad {
			wrong := g.price()
			if wrong == nil {
				return false
			}
			f.settle(g.sheetRows(), outcome{rejected: wrong})
			return true
		}
		f.settle(g.sheetRows(), reject("productCode", "product_row_rejected"))
		return true
	})
}

// add takes a row's facts: it may leave out what an earlier row of the product said, and may not say something else.
func (g *productGroup) add(read productRow) []sheet.Problem {
	said := read.facts.cells()
	for column, known := range g.facts.cells() {
		switch value := *said[column]; {
		case *known == "":
			*known = value
		case value != "" && value != *known:
			return []sheet.Problem{read.row.Problem(column, "row_contradicts")}
		}
	}
	for _, other := range g.rows {
		if read.priced && other.priced && other.currency == read.currency && other.period == read.period && other.tier.From == read.tier.From && other.tier != read.tier {
			return []sheet.Problem{read.row.Problem("from", "tier_twice", fault.Int("from", read.tier.From))}
		}
	}
	return nil
}

// price makes the prices of the rows' tiers, in any order and each once; the finding is why they make none.
func (g *productGroup) price() *Finding {
	for _, r := range g.rows {
		if !r.priced {
			continue
		}
		i := slices.IndexFunc(g.prices, func(p catalog.Price) bool { return p.Currency == r.currency && p.Period == r.period })
		if i < 0 {
			i, g.prices = len(g.prices), append(g.prices, catalog.Price{Currency: r.currency, Period: r.period})
		}
		g.prices[i].Tiers = append(g.prices[i].Tiers, r.tier)
	}
	for i := range g.prices {
		tiers := &g.prices[i].Tiers
		slices.SortFunc(*tiers, func(a, b catalog.Tier) int { return cmp.Compare(a.From, b.From) })
		*tiers = slices.Compact(*tiers)
		if (*tiers)[0].From != 1 {
			return &Finding{"from", "no_first_tier", nil}
		}
		if len(*tiers) > catalog.MaxTiers {
			return tooManyPrices()
		}
	}
	return nil
}

func tooManyPrices() *Finding {
	return &Finding{"price", "too_many_prices", []fault.Arg{fault.Int("prices", catalog.MaxPrices), fault.Int("tiers", catalog.MaxTiers)}}
}

func (g *productGroup) sheetRows() []sheet.Row {
	rows := make([]sheet.Row, len(g.rows))
	for i, r := range g.rows {
		rows[i] = r.row
	}
	return rows
}

// errRefused ends the change of a product that a finding tells of.
var errRefused = errors.New("the product is refused")

// take decides on a product and writes it.
func (g *productGroup) take(ctx context.Context, edit *catalog.Edit, s *sheet.Sheet) (outcome, error) {
	var refused *Finding
	changed, added, err := edit.Put(ctx, g.product, func(before catalog.Product) (catalog.Product, error) {
		after, finding := g.over(before, s)
		if refused = finding; finding != nil {
			return before, errRefused
		}
		return after, nil
	})
	switch f, isFault := fault.Of(err); {
	case refused != nil:
		return outcome{result: Rejected, rejected: refused}, nil
	case isFault && (f.Kind == fault.Invalid || f.Kind == fault.Conflict):
		return reject("productCode", f.Code, f.Args...), nil
	case err != nil:
		return outcome{}, err
	case added:
		return outcome{result: Created}, nil
	case changed:
		return outcome{result: Changed}, nil
	default:
		return outcome{result: Unchanged}, nil
	}
}

// over is a product with what the file says of it. A cell that is empty leaves names, kind and tax category as they are,
// and says "none" of lists; a price that is not named stays.
func (g *productGroup) over(before catalog.Product, s *sheet.Sheet) (catalog.Product, *Finding) {
	p := before
	p.ID = g.product
	for _, part := range []struct {
		to     *string
		value  string
		column string
	}{{&p.Name.English, g.facts.English, "nameEn"}, {&p.Name.French, g.facts.French, "nameFr"}, {&p.TaxCategory, g.facts.Tax, ""}} {
		if part.value != "" {
			*part.to = part.value
		} else if *part.to == "" && part.column != "" {
			return p, &Finding{part.column, "cell_empty", nil}
		}
	}
	if g.facts.Kind != "" {
		p.Kind = catalog.Kind(g.facts.Kind)
	}
	for _, list := range []struct {
		to     *[]string
		cell   string
		column string
	}{{&p.Editions, g.facts.Editions, "editions"}, {&p.DependsOn, g.facts.Needs, "dependsOn"}, {&p.Excludes, g.facts.Excludes, "excludes"}} {
		if s.Has(list.column) {
			*list.to = members(list.cell)
		}
	}
	p.Prices = slices.DeleteFunc(slices.Clone(p.Prices), func(old catalog.Price) bool {
		return slices.ContainsFunc(g.prices, func(n catalog.Price) bool { return n.Currency == old.Currency && n.Period == old.Period })
	})
	p.Prices = append(p.Prices, g.prices...)
	switch {
	case len(p.Prices) > 0 && p.Kind == "":
		return p, &Finding{"kind", "cell_empty", nil}
	case len(p.Prices) > catalog.MaxPrices:
		return p, tooManyPrices()
	case len(p.Editions) > catalog.MaxEditions:
		return p, &Finding{"editions", "edition_malformed", []fault.Arg{fault.Text("value", g.facts.Editions)}}
	}
	return p, nil
}
