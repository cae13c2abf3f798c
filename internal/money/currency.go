package money

import "golang.org/x/text/currency"

// Currency tells whether a code is a currency's: ISO 4217, three capitals.
func Currency(code string) bool {
	u, err := currency.ParseISO(code)
	return err == nil && u.String() == code
}

// Digits is how many decimal digits a currency's amounts have: 2 for EUR, none for JPY, 3 for TND.
func Digits(code string) int {
	u, err := currency.ParseISO(code)
	if err != nil {
		return 2 // what most have; a code that is no currency is refused where it comes in
	}
	digits, _ := currency.Standard.Rounding(u)
	return digits
}
