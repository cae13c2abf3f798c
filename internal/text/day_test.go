package text

import (
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/date"
)

func TestADayIsWrittenAsTheLanguageDoes(t *testing.T) {
	for d, want := range map[date.Date][2]string{
		"2027-03-01": {"1 March 2027", "1er mars 2027"},
		"2026-12-31": {"31 December 2026", "31 décembre 2026"},
		"2026-08-11": {"11 August 2026", "11 août 2026"},
		"":           {"", ""},
	} {
		if en, fr := Day(English, d), Day(French, d); en != want[0] || fr != want[1] {
			t.Errorf("%s is %q and %q, want %q", d, en, fr, want)
		}
	}
}
