package sheet

import (
	"errors"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// code is the code of a problem, empty for none.
func code(err error) string {
	var p Problem
	if errors.As(err, &p) {
		return p.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestCountTakesThousandsSpacesOfEveryKindAndWholeNumbersAlone(t *testing.T) {
	for _, test := range []struct {
		cell string
		want int
		code string
	}{
		{"0", 0, ""},
		{"250", 250, ""},
		{" 0025\u00a0", 25, ""},
		{"10000", 10000, ""},
		{"10 000", 10000, ""},
		{"10\u00a0000", 10000, ""},
		{"10\u202f000", 10000, ""},
		{"10\u2009000", 10000, ""},
		{"10'000", 10000, ""},
		{"10\u2019000", 10000, ""},
		{"1 000\u00a0000", 1000000, ""},
		{"1 000 000 000", 1000000000, ""},
		{"10,00", 10, ""},
		{"10.0", 10, ""},
		{"-0", 0, ""},
		{"", 0, "cell_empty"},
		{" \u00a0", 0, "cell_empty"},
		{"3,5", 0, "not_a_whole_number"},
		{"3.5", 0, "not_a_whole_number"},
		{"-3,5", 0, "not_a_whole_number"},
		{"10,000", 0, "not_a_whole_number"}, // ten, or ten thousand
		{"10.000", 0, "not_a_whole_number"},
		{",00", 0, "not_a_whole_number"},
		{"1,0,0", 0, "not_a_whole_number"},
		{"10 00", 0, "not_a_whole_number"},
		{"1000 000", 0, "not_a_whole_number"},
		{"10  000", 0, "not_a_whole_number"},
		{"'10", 0, "not_a_whole_number"},
		{"10'", 0, "not_a_whole_number"},
		{"ten", 0, "not_a_whole_number"},
		{"1e3", 0, "not_a_whole_number"},
		{"0x10", 0, "not_a_whole_number"},
		{"+3", 0, "not_a_whole_number"},
		{"--3", 0, "not_a_whole_number"},
		{"-", 0, "not_a_whole_number"},
		{"٣", 0, "not_a_whole_number"}, // a digit, but not one of ours
		{"3\x00", 0, "not_a_whole_number"},
		{"-3", 0, "negative_number"},
		{"- 3", 0, "negative_number"},
		{"\u22123", 0, "negative_number"},
		{"-10 000", 0, "negative_number"},
		{"1000000001", 0, "number_too_large"},
		{"99999999999999999999999999", 0, "number_too_large"},
	} {
		got, err := Count(test.cell)
		if got != test.want || code(err) != test.code {
			t.Errorf("%q: %d, %q; want %d, %q", test.cell, got, code(err), test.want, test.code)
		}
	}
}

func TestDaysAreISOAlwaysAndDayFirstUnderFrenchTitlesAlone(t *testing.T) {
	for _, test := range []struct {
		cell                string
		want                date.Date // under French titles
		french, englishCode string
	}{
		{"2027-02-28", "2027-02-28", "", ""},
		{"\u00a02027-02-28 ", "2027-02-28", "", ""},
		{"2028-02-29", "2028-02-29", "", ""},
		{"28/02/2027", "2027-02-28", "", "ambiguous_date"},
		{"1/2/2027", "2027-02-01", "", "ambiguous_date"},
		{"28.02.2027", "2027-02-28", "", "ambiguous_date"},
		{"28. 2. 2027", "", "not_a_date", "not_a_date"},
		{"2027- 2-28", "", "not_a_date", "not_a_date"},
		{"28-02-2027", "2027-02-28", "", "ambiguous_date"},
		{"12/25/2025", "", "no_such_month_day_first", "ambiguous_date"},
		{"01/00/2025", "", "no_such_month_day_first", "ambiguous_date"},
		{"31/02/2027", "", "no_such_day", "ambiguous_date"},
		{"00/01/2027", "", "no_such_day", "ambiguous_date"},
		{"29/02/2027", "", "no_such_day", "ambiguous_date"},
		{"2027-02-29", "", "no_such_day", "no_such_day"},
		{"2027-25-12", "", "no_such_month", "no_such_month"},
		{"1899-12-31", "", "year_out_of_range", "year_out_of_range"},
		{"01/01/0027", "", "year_out_of_range", "ambiguous_date"},
		{"28/02/27", "", "not_a_date", "not_a_date"},
		{"2027/02/28", "", "not_a_date", "not_a_date"},
		{"2027-2-28", "", "not_a_date", "not_a_date"},
		{"28/02-2027", "", "not_a_date", "not_a_date"},
		{"28/02/2027/", "", "not_a_date", "not_a_date"},
		{"2027-02-28T00:00:00Z", "", "not_a_date", "not_a_date"},
		{"46081", "", "not_a_date", "not_a_date"},
		{"28 février 2027", "", "not_a_date", "not_a_date"},
		{"٢٨/02/2027", "", "not_a_date", "not_a_date"},
		{"", "", "cell_empty", "cell_empty"},
	} {
		got, err := Date(test.cell, text.French)
		if got != test.want || code(err) != test.french {
			t.Errorf("%q under French titles: %q, %q; want %q, %q", test.cell, got, code(err), test.want, test.french)
		}
		got, err = Date(test.cell, text.English)
		if code(err) != test.englishCode || (err == nil) != (got == test.want && got != "") {
			t.Errorf("%q under English titles: %q, %q; want %q", test.cell, got, code(err), test.englishCode)
		}
	}
}
