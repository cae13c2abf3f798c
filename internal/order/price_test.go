package order

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/money"
	"github.com/seatkeeper/seatkeeper/internal/tax"
)

// The worked examples of README.md are what the code does.
func TestTheWorkedExamplesOfTheREADME(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(line, "| \n"), " | ")
		if len(cells) != 10 || cells[0] == "start" || strings.HasPrefix(cells[0], "---") {
			continue
		}
		n++
		var unit int64
		var seats, reinstated int
		if _, err := fmt.Sscan(strings.Join(cells[4:7], " "), &unit, &seats, &reinstated); err != nil {
			t.Fatal(err)
		}
		c := contract.Contract{Facts: contract.Facts{Start: date.Date(strings.TrimPrefix(cells[0], "none")), Expiry: date.Date(cells[1])}}
		span, next := spanOf(c, catalog.Period(cells[3]), date.Date(cells[2]))
		got := fmt.Sprintf("%d of %d | %d | %s", span.Days, span.PeriodDays, span.Charge(unit, seats-reinstated), span.Until)
		due := span.Until
		if due == c.Expiry {
			due = "" // the contract ends: nothing is billed again
		}
		if want := strings.Join(cells[7:], " | "); got != want || next != due || span.From != date.Date(cells[2]) {
			t.Errorf("%s comes to %s", strings.TrimSpace(line), got)
		}
	}
	if n < 10 {
		t.Errorf("%d examples were read", n)
	}
}

func anyDay(t *rapid.T, from date.Date, days int, name string) date.Date {
	return from.AddDays(rapid.IntRange(0, days).Draw(t, name))
}

// Proration is never below zero and never above the full price, and it is the exact share rounded to the nearest unit,
// halves up, whatever the contract's days are.
func TestProrationStaysBetweenNothingAndTheFullPriceAndIsTheNearestUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := anyDay(t, "2023-12-25", 1000, "start")
		expiry := start.AddDays(rapid.IntRange(1, 2000).Draw(t, "term"))
		today := anyDay(t, start, start.DaysTo(expiry)-1, "today")
		c := contract.Contract{Facts: contract.Facts{Expiry: expiry}}
		if rapid.Bool().Draw(t, "has a start") {
			c.Start = start
		}
		period := rapid.SampledFrom([]catalog.Period{catalog.Monthly, catalog.Yearly}).Draw(t, "period")
		unit := rapid.Int64Range(0, 5_000_000).Draw(t, "unit")
		n := rapid.IntRange(0, contract.MaxSeats).Draw(t, "seats")
		span, _ := spanOf(c, period, today)
		if span.Days < 1 || span.PeriodDays < span.Days || span.Until > expiry || span.Until <= today {
			t.Fatalf("span %+v of a contract until %s", span, expiry)
		}
		charge, full := span.Charge(unit, n), unit*int64(n)
		if charge < 0 || charge > full {
			t.Fatalf("%d of %d", charge, full)
		}
		if span.Days == span.PeriodDays && charge != full {
			t.Fatalf("a full period is %d, want %d", charge, full)
		}
		// charge − ½ ≤ full × days ÷ period < charge + ½, in whole numbers.
		twice := 2*full*int64(span.Days) - 2*charge*int64(span.PeriodDays)
		if twice < -int64(span.PeriodDays) || twice >= int64(span.PeriodDays) {
			t.Fatalf("%d × %d ÷ %d is not %d", full, span.Days, span.PeriodDays, charge)
		}
	})
}

// Parts sum to the total: of a row by cost center, of all rows by rate; net and tax are gross; a tax is rounded once a rate.
func TestPartsSumToTheTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rows []Row
		var net, recurring int64
		for i := range rapid.IntRange(1, 8).Draw(t, "rows") {
			r := Row{
				Product: fmt.Sprint("p", i), Period: rapid.SampledFrom([]catalog.Period{catalog.Monthly, catalog.Yearly}).Draw(t, "period"),
				Net: euros(rapid.Int64Range(0, MostAmount).Draw(t, "net")), Recurring: euros(rapid.Int64Range(0, MostAmount).Draw(t, "recurring")),
				TaxBasisPoints: rapid.SampledFrom([]int{0, 550, 2000}).Draw(t, "rate"), TaxReason: tax.AtRate,
				NextBilling: rapid.SampledFrom([]date.Date{"2026-12-01", "2026-12-15"}).Draw(t, "next"),
			}
			var parts []Part
			for range rapid.IntRange(1, 6).Draw(t, "parts") {
				parts = append(parts, Part{Quantity: rapid.IntRange(1, 1000).Draw(t, "quantity")})
			}
			var sum int64
			for _, p := range share(r.Net, parts) {
				if p.Net.Amount < 0 || p.Net.Currency != "EUR" {
					t.Fatalf("part %+v", p)
				}
				sum += p.Net.Amount
			}
			if sum != r.Net.Amount {
				t.Fatalf("the parts sum to %d, the row is %d", sum, r.Net.Amount)
			}
			net, recurring, rows = net+r.Net.Amount, recurring+r.Recurring.Amount, append(rows, r)
		}
		p := priced("EUR", rows)
		var base, taxes int64
		for _, x := range p.Totals.Taxes {
			base, taxes = base+x.Base.Amount, taxes+x.Amount.Amount
			if off := 2 * (x.Base.Amount*int64(x.BasisPoints) - x.Amount.Amount*10_000); off < -10_000 || off >= 10_000 {
				t.Fatalf("%d at %d is not %d", x.Base.Amount, x.BasisPoints, x.Amount.Amount)
			}
		}
		if p.Totals.Net.Amount != net || base != net || p.Totals.Tax.Amount != taxes || p.Totals.Gross.Amount != net+taxes {
			t.Fatalf("totals %+v of %d", p.Totals, net)
		}
		var later int64
		for _, r := range p.Recurring {
			later += r.Net.Amount
			if r.Gross.Amount != r.Net.Amount+r.Tax.Amount {
				t.Fatalf("recurring %+v", r)
			}
		}
		if later != recurring {
			t.Fatalf("recurring sums to %d, want %d", later, recurring)
		}
	})
}

func euros(amount int64) money.Money { return money.Money{Amount: amount, Currency: "EUR"} }

// What a number in JSON holds exactly is below 2⁵³: 50 rows of the most that one may come to, and their taxes, stay there.
func TestTheMostThatAnOrderComesToIsANumberThatEveryReaderHolds(t *testing.T) {
	var rows []Row
	for range MaxRows {
		rows = append(rows, Row{Net: euros(MostAmount), Recurring: euros(MostAmount), TaxBasisPoints: 2700, TaxReason: tax.AtRate})
	}
	if p := priced("EUR", rows); p.Totals.Gross.Amount >= 1<<53 || p.Totals.Gross.Amount <= MostAmount {
		t.Errorf("gross %d", p.Totals.Gross.Amount)
	}
	if refused := affordable(MostAmount, 1, "x"); refused != nil {
		t.Errorf("the most is refused: %v", refused)
	}
	if refused := affordable(MostAmount/2+1, 2, "x"); refused == nil {
		t.Error("more than the most is not refused")
	}
}
