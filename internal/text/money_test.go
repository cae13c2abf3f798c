package text

import (
	"math"
	"testing"
)

func TestAmountsAreWrittenAsTheLanguageDoes(t *testing.T) {
	for _, test := range []struct {
		amount   int64
		currency string
		en, fr   string
	}{
		{0, "EUR", "€0.00", "0,00 €"},
		{5, "EUR", "€0.05", "0,05 €"},
		{123450, "EUR", "€1,234.50", "1 234,50 €"},
		{-123450, "EUR", "-€1,234.50", "-1 234,50 €"},
		{100_000_007, "GBP", "£1,000,000.07", "1 000 000,07 £GB"},
		{99, "USD", "$0.99", "0,99 $US"},
		{99, "CHF", "CHF 0.99", "0,99 CHF"},
		{1234, "JPY", "¥1,234", "1 234 JPY"},
		{1234, "XAF", "FCFA 1,234", "1 234 FCFA"},
		{1005, "KWD", "KWD 1.005", "1,005 KWD"},
		{150, "MGA", "MGA 1.50", "1,50 MGA"}, // its minor units are hundredths, though nobody writes them
		{150, "???", "???1.50", "1,50 ???"},
		{math.MaxInt64, "EUR", "€92,233,720,368,547,758.07", "92 233 720 368 547 758,07 €"},
		{math.MinInt64, "EUR", "-€92,233,720,368,547,758.08", "-92 233 720 368 547 758,08 €"},
	} {
		if got := Money(English, test.amount, test.currency); got != unbroken(test.en) {
			t.Errorf("%d %s in English: %q, want %q", test.amount, test.currency, got, test.en)
		}
		if got := Money(French, test.amount, test.currency); got != unbroken(test.fr) {
			t.Errorf("%d %s in French: %q, want %q", test.amount, test.currency, got, test.fr)
		}
	}
}

// unbroken has spaces that do not break.
func unbroken(s string) string {
	out := []rune(s)
	for i, r := range out {
		if r == ' ' {
			out[i] = '\u00a0'
		}
	}
	return string(out)
}

func TestRatesAreWrittenToTheirLastDigit(t *testing.T) {
	for basisPoints, want := range map[int][2]string{
		0: {"0%", "0 %"}, 2000: {"20%", "20 %"}, 550: {"5.5%", "5,5 %"}, 255: {"2.55%", "2,55 %"}, 205: {"2.05%", "2,05 %"}, 10000: {"100%", "100 %"}, 7: {"0.07%", "0,07 %"},
	} {
		if en, fr := Rate(English, basisPoints), Rate(French, basisPoints); en != want[0] || fr != unbroken(want[1]) {
			t.Errorf("%d: %q and %q, want %v", basisPoints, en, fr, want)
		}
	}
	if en, fr := Number(English, 12345), Number(French, 12345); en != "12,345" || fr != "12\u00a0345" {
		t.Errorf("12345: %q and %q", en, fr)
	}
}
