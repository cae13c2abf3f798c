package text

import (
	"fmt"
	"strconv"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/currency"

	"github.com/seatkeeper/seatkeeper/internal/money"
)

// Money writes an amount of minor units of a currency (ISO 4217) as the language does: €1,234.50 and 1 234,50 €. The
// spaces in it do not break.
func Money(l Lang, amount int64, code4217 string) string {
	sign, rest := "", uint64(amount)
	if amount < 0 {
		sign, rest = "-", -rest
	}
	number := decimal(l, rest, money.Digits(code4217))
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
