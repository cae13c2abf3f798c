package text

import (
	"fmt"
	"strconv"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/currency"
)

// minorDigits are the currencies whose minor unit is not a hundredth (ISO 4217). Package currency of x/text has CLDR's
// digits, which say how prices are usually written: no cents of a Malagasy ariary, for one. Amounts are kept in ISO's units.
var minorDigits = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0, "UYI": 0,
	"VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
	"CLF": 4, "UYW": 4,
}

// Money writes an amount of minor units of a currency (ISO 4217) as the language does: €1,234.50 and 1 234,50 €. The
// spaces in it do not break.
func Money(l Lang, amount int64, code4217 string) string {
	sign, rest := "", uint64(amount)
	if amount < 0 {
		sign, rest = "-", -rest
	}
	digits, odd := minorDigits[code4217]
	if !odd {
		digits = 2
	}
	number := decimal(l, rest, digits)
	symbol := code4217
	if unit, err := currency.ParseISO(code4217); err == nil {
		symbol = printers()[l].Sprint(currency.Symbol(unit))
	}
	if l == French {
		return sign + number + "\u00a0" + symbol
	}
	if last, _ := utf8.DecodeLastRuneInString(symbol); unicode.IsLetter(last) {
		symbol += "\u00a0" // CHF 1.00, but €1.00
	}
	return sign + symbol + number
}

// Rate writes basis points as a percentage: 20% and 5.5%, 20 % and 5,5 %.
func Rate(l Lang, basisPoints int) string {
	number := ""
	switch n := uint64(basisPoints); {
	case n%100 == 0:
		number = decimal(l, n/100, 0)
	case n%10 == 0:
		number = decimal(l, n/10, 1)
	default:
		number = decimal(l, n, 2)
	}
	if l == French {
		return number + "\u00a0%"
	}
	return number + "%"
}

// Number writes a whole number as the language does: 1,234 and 1 234.
func Number(l Lang, n int) string { return printers()[l].Sprint(n) }

// decimal writes n, the last digits of it behind the language's decimal sign.
func decimal(l Lang, n uint64, digits int) string {
	power := uint64(1)
	for range digits {
		power *= 10
	}
	whole := printers()[l].Sprint(n / power)
	if digits == 0 {
		return whole
	}
	point := "."
	if l == French {
		point = ","
	}
	return whole + point + fmt.Sprintf("%0"+strconv.Itoa(digits)+"d", n%power)
}
