package sheet

import (
	"strconv"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/csv"
	"github.com/seatkeeper/seatkeeper/internal/fault"
)

// MaxAmount is the largest amount that a cell may hold, in minor units.
const MaxAmount = 100_000_000_000

// Amount reads a decimal amount of a currency with so many digits as its minor units: 1234,50 of two digits is 123450. No
// float is on the way. The decimal mark is a comma or a point. Thousands may be parted by a space of any kind, by an
// apostrophe, or by the mark that is not the decimal one, in groups of three. One mark alone with three digits behind it
// (1.234) is anybody's guess and refused, unless what stands before it cannot be a group (1234.500, 0.500). Zeros beyond
// the currency's digits are taken, other digits there are not.
//
// The error is a Problem with the code cell_empty, not_an_amount, ambiguous_amount, amount_too_precise, negative_number or
// amount_too_large.
func Amount(s string, digits int) (int64, error) {
	s = trim(s)
	if s == "" {
		return 0, Problem{Code: "cell_empty"}
	}
	value := fault.Text("value", excerpt(s))
	unsigned, negative := signed(s)
	whole, fraction, code := parted(unsigned)
	if code != "" {
		return 0, Problem{Code: code, Args: []fault.Arg{value}}
	}
	if negative && strings.Trim(whole+fraction, "0") != "" {
		return 0, Problem{Code: "negative_number", Args: []fault.Arg{value}}
	}
	if len(fraction) > digits {
		if strings.Trim(fraction[digits:], "0") != "" {
			return 0, Problem{Code: "amount_too_precise", Args: []fault.Arg{value, fault.Int("most", digits)}}
		}
		fraction = fraction[:digits]
	}
	n, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", digits-len(fraction)), 10, 64)
	if err != nil || n > MaxAmount { // only digits are left, so an error means too many of them
		return 0, Problem{Code: "amount_too_large", Args: []fault.Arg{value}}
	}
	return n, nil
}

// signed takes a minus off; spreadsheets correct the hyphen to a minus or a dash.
func signed(s string) (unsigned string, negative bool) {
	for _, minus := range []string{"-", "\u2212", "\u2013"} {
		if rest, ok := strings.CutPrefix(s, minus); ok {
			return trim(rest), true
		}
	}
	return s, false
}

// parted is an amount's digits before and behind the decimal mark; code is why it cannot be read.
func parted(s string) (whole, fraction, code string) {
	last := strings.LastIndexAny(s, ",.")
	if last < 0 {
		return digitsOf(s, "")
	}
	mark, other := s[last:last+1], ","
	if mark == "," {
		other = "."
	}
	before, behind := s[:last], s[last+1:]
	switch {
	case strings.Contains(before, mark):
		if strings.Contains(before, other) {
			return "", "", "not_an_amount" // 1,234.567.890: both part thousands
		}
		return digitsOf(s, mark) // 1.234.567
	case !isDigits(behind):
		return "", "", "not_an_amount"
	case strings.Contains(before, other):
		whole, _, code = digitsOf(before, other) // 1.234,50
	case len(behind) == 3 && mayBeGroup(before):
		return "", "", "ambiguous_amount"
	default:
		whole, _, code = digitsOf(before, "")
	}
	return whole, behind, code
}

// mayBeGroup tells whether what stands before a mark could be the first group of thousands.
func mayBeGroup(s string) bool { return isDigits(s) && len(s) <= 3 && s[0] != '0' }

// digitsOf takes out of a number without a decimal mark what parts its thousands: spaces and apostrophes, or a mark.
func digitsOf(s, mark string) (digits, none, code string) {
	if mark != "" {
		if strings.ContainsFunc(s, csv.IsSpace) || strings.ContainsAny(s, "'\u2019") {
			return "", "", "not_an_amount" // one thing parts thousands, not two
		}
		s = strings.ReplaceAll(s, mark, " ")
	}
	digits, ok := joinThousands(s)
	if !ok {
		return "", "", "not_an_amount"
	}
	return digits, "", ""
}

// Amount reads a cell as an amount; the error is a Problem that names line and column. See Amount.
func (r Row) Amount(column string, digits int) (int64, error) {
	n, err := Amount(r.Text(column), digits)
	return n, r.locate(column, err)
}
