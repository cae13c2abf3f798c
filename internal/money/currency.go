package money

import "golang.org/x/text/currency"

// Currency tells whether a code is a currency's: ISO 4217, three capitals.
func Currency(code string) bool {
	u, err := currency.ParseISO(code)
	return err == nil && u.String() == code
}

// minorDigits are the currencies whose minor unit is not a hundredth (ISO 4217, list one). Package currency of x/text has
// CLDR's digits, which say how prices are usually written: no cents of a Malagasy ariary, for one.
var minorDigits = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0, "UYI": 0,
	"VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
	"CLF": 4, "UYW": 4,
}

// Digits is how many decimal digits a currency's amounts have: 2 for EUR, none for JPY, 3 for TND. It is the one table: what
// is read from a price list, kept, and written in a text has these.
func Digits(code string) int {
	if digits, odd := minorDigits[code]; odd {
		return digits
	}
	return 2 // what most have; a code that is no currency is refused where it comes in
}
