package contract_test

import (
	"math/rand/v2"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
)

func running(start, expiry date.Date) contract.Contract {
	return contract.Contract{Facts: contract.Facts{Start: start, Expiry: expiry}}
}

// FEATURES.md, Buying: what is bought now is charged by the day until it is next billed, or until the contract's end.
func TestBillingDaysFollowTheContractsFirstDay(t *testing.T) {
	for _, tt := range []struct {
		name          string
		start, expiry date.Date
		period        catalog.Period
		today         date.Date
		until         date.Date
		days, of      int
	}{
		{"within a month", "2026-01-10", "2027-01-10", catalog.Monthly, "2026-11-21", "2026-12-10", 19, 30},
		{"on a billing day, all of it", "2026-01-10", "2027-01-10", catalog.Monthly, "2026-11-10", "2026-12-10", 30, 30},
		{"the day before a billing day, one day", "2026-01-10", "2027-01-10", catalog.Monthly, "2026-12-09", "2026-12-10", 1, 30},
		{"the 31st, cut to the end of a month of 30 days", "2026-01-31", "2027-01-31", catalog.Monthly, "2026-11-21", "2026-11-30", 9, 30},
		{"the 31st after a month that cut it", "2026-01-31", "2027-01-31", catalog.Monthly, "2026-11-30", "2026-12-31", 31, 31},
		{"the 31st over February", "2026-01-31", "2027-01-31", catalog.Monthly, "2026-02-27", "2026-02-28", 1, 28},
		{"the 31st over February of a leap year", "2028-01-31", "2029-01-31", catalog.Monthly, "2028-02-28", "2028-02-29", 1, 29},
		{"the 30th in March, after a February that cut it", "2026-01-30", "2027-01-30", catalog.Monthly, "2026-02-28", "2026-03-30", 30, 30},
		{"within a year", "2026-03-01", "2029-03-01", catalog.Yearly, "2026-11-21", "2027-03-01", 100, 365},
		{"a year with a leap day", "2027-03-01", "2030-03-01", catalog.Yearly, "2027-03-01", "2028-03-01", 366, 366},
		{"29 February, in a year without", "2024-02-29", "2030-01-01", catalog.Yearly, "2026-02-27", "2026-02-28", 1, 365},
		{"29 February, the next year that has one", "2024-02-29", "2030-01-01", catalog.Yearly, "2027-02-28", "2028-02-29", 366, 366},
		{"the contract's end cuts the days, not the period", "2026-01-10", "2026-12-01", catalog.Monthly, "2026-11-21", "2026-12-01", 10, 30},
		{"the contract's end in a year that is not through", "2025-06-15", "2026-12-31", catalog.Yearly, "2026-11-21", "2026-12-31", 40, 365},
		{"the last day", "2025-06-15", "2026-12-31", catalog.Yearly, "2026-12-30", "2026-12-31", 1, 365},
		{"no first day: counted back from the end", "", "2027-05-31", catalog.Monthly, "2026-11-21", "2026-11-30", 9, 30},
		{"no first day, by year", "", "2027-05-31", catalog.Yearly, "2026-11-21", "2027-05-31", 191, 365},
		{"bought before the contract's first day", "2027-01-10", "2028-01-10", catalog.Monthly, "2026-11-21", "2026-12-10", 19, 30},
		{"the turn of a year", "2025-12-15", "2028-12-15", catalog.Monthly, "2026-12-31", "2027-01-15", 15, 31},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cycle := running(tt.start, tt.expiry).Cycle(tt.period)
			until, days, of := cycle.Left(tt.today)
			if until != tt.until || days != tt.days || of != tt.of {
				t.Errorf("until %s, %d of %d days; want %s, %d of %d", until, days, of, tt.until, tt.days, tt.of)
			}
			if next := cycle.Next(tt.today); next != tt.until {
				t.Errorf("next billing date %s, want %s", next, tt.until)
			}
		})
	}
}

// A charge is never below zero nor above the price of a full period: of every active contract 1 ≤ days ≤ period.
func TestDaysLeftAreWithinThePeriod(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 20_000 {
		today := date.Date("2023-01-01").AddDays(r.IntN(2500))
		start := today.AddDays(r.IntN(3000) - 2600)
		if r.IntN(5) == 0 {
			start = ""
		}
		expiry := today.AddDays(1 + r.IntN(1500))
		period := []catalog.Period{catalog.Monthly, catalog.Yearly}[r.IntN(2)]
		cycle := running(start, expiry).Cycle(period)
		last, next := cycle.Around(today)
		until, days, of := cycle.Left(today)
		longest := map[catalog.Period]int{catalog.Monthly: 31, catalog.Yearly: 366}[period]
		if !(last <= today && today < next) || days < 1 || days > of || of > longest || of < longest-3 || until > expiry || today.AddDays(days) != until {
			t.Fatalf("start %q, expiry %s, today %s, %s: period %s to %s; until %s, %d of %d days", start, expiry, today, period, last, next, until, days, of)
		}
		// The periods follow each other without a gap: the next one begins on the day that this one ends.
		if begins, _ := cycle.Around(next); begins != next {
			t.Fatalf("start %q: the period from %s ends on %s, the next begins on %s", start, last, next, begins)
		}
	}
}
