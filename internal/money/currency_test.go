package money_test

import (
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/money"
)

// Amounts have ISO 4217's digits, which are not always those that prices are written with where a currency is used.
func TestAmountsHaveTheDigitsOfISO4217(t *testing.T) {
	for code, want := range map[string]int{
		"EUR": 2, "GBP": 2, "JPY": 0, "TND": 3, "KWD": 3, "CLF": 4, "UGX": 0, "IDR": 2, "MGA": 2, "ALL": 2, "AFN": 2, "RSD": 2, "LAK": 2, "PKR": 2, "IQD": 3,
	} {
		if got := money.Digits(code); got != want {
			t.Errorf("%s has %d digits, want %d", code, got, want)
		}
	}
}
