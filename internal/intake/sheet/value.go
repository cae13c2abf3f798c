package sheet

import (
	"strconv"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/csv"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// MaxCount is the largest number that a cell may hold.
const MaxCount = 1_000_000_000

// Count reads a whole number from 0 to MaxCount. Thousands may be parted by a space of any kind or by an apostrophe, in
// groups of three. One or two zeros behind a decimal comma or point are taken (CRMs write quantities as 10,00); three
// are not, since 10,000 is ten in France and ten thousand elsewhere.
//
// The error is a Problem with the code cell_empty, not_a_whole_number, negative_number or number_too_large.
func Count(s string) (int, error) {
	s = trim(s)
	if s == "" {
		return 0, Problem{Code: "cell_empty"}
	}
	refuse := func(code string) (int, error) {
		return 0, Problem{Code: code, Args: []fault.Arg{fault.Text("value", excerpt(s))}}
	}
	unsigned, negative := signed(s)
	if i := strings.IndexAny(unsigned, ",."); i >= 0 {
		switch unsigned[i+1:] {
		case "0", "00":
			unsigned = unsigned[:i]
		default:
			return refuse("not_a_whole_number")
		}
	}
	digits, ok := joinThousands(unsigned)
	switch {
	case !ok:
		return refuse("not_a_whole_number")
	case negative && strings.Trim(digits, "0") != "":
		return refuse("negative_number")
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n > MaxCount { // only digits are left, so an error means too many of them
		return 0, Problem{Code: "number_too_large", Args: []fault.Arg{fault.Text("value", excerpt(s)), fault.Int("max", MaxCount)}}
	}
	return n, nil
}

// joinThousands takes the separators out of a number; ok is false where anything else than digits is left, or a group
// has not three of them.
func joinThousands(s string) (digits string, ok bool) {
	groups := strings.Split(strings.Map(func(r rune) rune {
		if r == '\'' || r == '\u2019' || csv.IsSpace(r) {
			return ' '
		}
		return r
	}, s), " ")
	for i, g := range groups {
		if !isDigits(g) || i > 0 && len(g) != 3 || i == 0 && len(groups) > 1 && len(g) > 3 {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

func isDigits(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// Date reads a day: YYYY-MM-DD always; d/m/yyyy (also with points or hyphens) under a French header. Under an English
// one the order of day and month is anybody's guess, so that form is refused: ambiguous_date. A year of two digits
// is refused too.
//
// The error is a Problem with the code cell_empty, not_a_date, ambiguous_date, no_such_month, no_such_month_day_first,
// no_such_day or year_out_of_range.
func Date(s string, lang text.Lang) (date.Date, error) {
	s = trim(s)
	if s == "" {
		return "", Problem{Code: "cell_empty"}
	}
	refuse := func(code string, args ...fault.Arg) (date.Date, error) {
		return "", Problem{Code: code, Args: append([]fault.Arg{fault.Text("value", excerpt(s))}, args...)}
	}
	first, middle, last, mark, ok := threeNumbers(s)
	if !ok {
		return refuse("not_a_date")
	}
	year, day, noMonth := first, last, "no_such_month"
	switch {
	case mark == '-' && len(first) == 4 && len(middle) == 2 && len(last) == 2:
	case len(first) > 2 || len(middle) > 2 || len(last) != 4:
		return refuse("not_a_date")
	case lang != text.French:
		return refuse("ambiguous_date")
	default:
		year, day, noMonth = last, first, "no_such_month_day_first"
	}
	y, m, d := atoi(year), atoi(middle), atoi(day)
	switch {
	case y < 1900:
		return refuse("year_out_of_range")
	case m < 1 || m > 12:
		return refuse(noMonth, fault.Int("month", m))
	}
	found, err := date.Of(y, m, d)
	if err != nil {
		return refuse("no_such_day")
	}
	return found, nil
}

// threeNumbers parts a day at its two marks, which must be the same.
func threeNumbers(s string) (first, middle, last string, mark byte, ok bool) {
	i := strings.IndexAny(s, "/.-")
	if i < 0 {
		return "", "", "", 0, false
	}
	parts := strings.Split(s, s[i:i+1])
	if len(parts) != 3 {
		return "", "", "", 0, false
	}
	for _, p := range parts {
		if !isDigits(p) {
			return "", "", "", 0, false
		}
	}
	return parts[0], parts[1], parts[2], s[i], true
}

// atoi reads what is known to be at most four digits.
func atoi(digits string) int {
	n := 0
	for _, c := range digits {
		n = 10*n + int(c-'0')
	}
	return n
}
