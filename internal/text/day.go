package text

import (
	"strconv"
	"strings"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/date"
)

// months are their names as they stand within a date.
func months(l Lang) []string {
	if l == French {
		return []string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
	}
	return []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
}

// Day writes a day as a sentence of the language has it: 1 March 2027, 1er mars 2027. What is no day is written as it is.
func Day(l Lang, d date.Date) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	day := strconv.Itoa(t.Day())
	if l == French && t.Day() == 1 {
		day += "er"
	}
	return strings.Join([]string{day, months(l)[t.Month()-1], strconv.Itoa(t.Year())}, " ")
}
