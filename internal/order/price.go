package order

import (
	"cmp"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/money"
	"github.com/seatkeeper/seatkeeper/internal/tax"
)

// MostAmount is how much one row may come to in a full period, in minor units: sums of 50 rows and their taxes stay numbers
// that every reader of JSON holds exactly (below 2⁵³).
const MostAmount = 50_000_000_000_000

// Span is what of a period is charged at once (README.md, Proration).
type Span struct {
	// From is today, Until the first day that is not charged: the next billing date, or the contract's end before it.
	From, Until date.Date
	// Days of PeriodDays are charged. PeriodDays is never below 1, nor below Days.
	Days, PeriodDays int
}

// Charge is what n seats cost for a span, in minor units: unit × n × days ÷ days of the period, rounded once, halves up. It
// is never below zero and never above the price of a full period.
func (s Span) Charge(unit int64, n int) int64 {
	return money.Part(unit*int64(n), int64(s.Days), int64(s.PeriodDays))
}

// affordable refuses a row whose full price is beyond MostAmount (order_too_dear); called is the product's name.
func affordable(unit int64, n int, called string) *fault.Error {
	if unit > 0 && int64(n) > MostAmount/unit {
		return fault.New(fault.Invalid, "order_too_dear", fault.Text("product", called), fault.Int("quantity", n))
	}
	return nil
}

// share divides what a row costs among its parts by their quantities: whole minor units that sum to it exactly.
func share(net money.Money, parts []Part) []Part {
	weights := make([]int64, len(parts))
	for i, p := range parts {
		weights[i] = int64(p.Quantity)
	}
	shared := slices.Clone(parts)
	for i, amount := range money.Split(net.Amount, weights) {
		shared[i].Net = money.Money{Amount: amount, Currency: net.Currency}
	}
	return shared
}

// priced is rows with what they come to.
func priced(currency string, rows []Row) Priced {
	p := Priced{Currency: currency, Rows: rows, Recurring: []Recurring{}}
	var now bill
	for _, r := range rows {
		now.add(r, r.Net.Amount)
	}
	p.Totals = now.totals(currency)
	type when struct {
		period catalog.Period
		next   date.Date
	}
	later := map[when]*bill{}
	for _, r := range rows {
		if r.NextBilling == "" {
			continue // its contract ends before
		}
		w := when{r.Period, r.NextBilling}
		if later[w] == nil {
			later[w] = &bill{}
		}
		later[w].add(r, r.Recurring.Amount)
	}
	for w, b := range later {
		t := b.totals(currency)
		p.Recurring = append(p.Recurring, Recurring{w.period, w.next, t.Net, t.Tax, t.Gross})
	}
	slices.SortFunc(p.Recurring, func(a, b Recurring) int {
		return cmp.Or(cmp.Compare(a.NextBilling, b.NextBilling), cmp.Compare(a.Period, b.Period))
	})
	return p
}

// bill sums amounts by their tax.
type bill struct {
	bases map[tax.Treatment]int64
}

func (b *bill) add(r Row, net int64) {
	if b.bases == nil {
		b.bases = map[tax.Treatment]int64{}
	}
	b.bases[tax.Treatment{BasisPoints: r.TaxBasisPoints, Reason: r.TaxReason}] += net
}

// totals computes each rate once, on the sum of what it is asked of, halves up. The highest rate comes first. A row whose
// tax is not known has no rate.
func (b bill) totals(currency string) Totals {
	in := func(amount int64) money.Money { return money.Money{Amount: amount, Currency: currency} }
	t := Totals{Taxes: []Tax{}}
	var net, sum int64
	for treated, base := range b.bases {
		net += base
		if treated.Reason == "" {
			continue
		}
		amount := treated.On(base)
		sum += amount
		t.Taxes = append(t.Taxes, Tax{treated.BasisPoints, treated.Reason, in(base), in(amount)})
	}
	slices.SortFunc(t.Taxes, func(a, b Tax) int {
		return cmp.Or(-cmp.Compare(a.BasisPoints, b.BasisPoints), cmp.Compare(a.Reason, b.Reason))
	})
	t.Net, t.Tax, t.Gross = in(net), in(sum), in(net+sum)
	return t
}
