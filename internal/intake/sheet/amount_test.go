package sheet_test

import (
	"errors"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/intake/sheet"
)

func TestAnAmountIsReadAsPeopleWriteIt(t *testing.T) {
	for _, row := range []struct {
		cell   string
		digits int
		want   int64
		code   string
	}{
		{"1 234,50", 2, 123450, ""}, {"1.234,50", 2, 123450, ""}, {"1234.5", 2, 123450, ""}, {"1234,5", 2, 123450, ""},
		{"1,234.50", 2, 123450, ""}, {"1\u202f234,50", 2, 123450, ""}, {"1\u00a0234.5", 2, 123450, ""}, {"1’234.50", 2, 123450, ""},
		{"1234", 2, 123400, ""}, {"0", 2, 0, ""}, {"0,00", 2, 0, ""}, {"-0,00", 2, 0, ""}, {"0,05", 2, 5, ""}, {"9,9", 2, 990, ""}, {" 12 ", 2, 1200, ""},
		{"1.234.567,89", 2, 123456789, ""}, {"1.234.567", 2, 123456700, ""}, {"1,234,567", 2, 123456700, ""}, {"12.345,6", 2, 1234560, ""},
		{"1234,500", 2, 123450, ""}, {"0,500", 2, 50, ""}, {"1 234,500", 2, 123450, ""}, {"12,3400", 2, 1234, ""},
		{"1.234,500", 3, 1234500, ""}, {"0,125", 3, 125, ""}, {"500", 0, 500, ""}, {"500,00", 0, 500, ""}, {"1 000 000", 2, 100000000, ""},
		{"1.234", 2, 0, "ambiguous_amount"}, {"1,234", 2, 0, "ambiguous_amount"}, {"1,234", 3, 0, "ambiguous_amount"}, {"10.000", 2, 0, "ambiguous_amount"}, {"123,000", 2, 0, "ambiguous_amount"},
		{"12,345", 0, 0, "ambiguous_amount"}, {"1234,567", 2, 0, "amount_too_precise"}, {"0,005", 2, 0, "amount_too_precise"}, {"1,5", 0, 0, "amount_too_precise"}, {"12,3456", 2, 0, "amount_too_precise"},
		{"", 2, 0, "cell_empty"}, {"-5", 2, 0, "negative_number"}, {"−5,00", 2, 0, "negative_number"}, {"abc", 2, 0, "not_an_amount"}, {"12 €", 2, 0, "not_an_amount"},
		{",5", 2, 0, "not_an_amount"}, {"5,", 2, 0, "not_an_amount"}, {"1,2,3", 2, 0, "not_an_amount"}, {"1.23.456,00", 2, 0, "not_an_amount"}, {"1 23,00", 2, 0, "not_an_amount"},
		{"1,234.567.890", 2, 0, "not_an_amount"}, {"1 234.567,89", 2, 0, "not_an_amount"}, {"1e3", 2, 0, "not_an_amount"}, {"0x10", 2, 0, "not_an_amount"}, {"+5", 2, 0, "not_an_amount"}, {"1'234.567.890", 2, 0, "not_an_amount"},
		{"1000000000,00", 2, 100_000_000_000, ""}, {"1000000000,01", 2, 0, "amount_too_large"}, {"99999999999999999999", 2, 0, "amount_too_large"},
	} {
		got, err := sheet.Amount(row.cell, row.digits)
		var p sheet.Problem
		errors.As(err, &p)
		if got != row.want || p.Code != row.code || (err == nil) != (row.code == "") {
			t.Errorf("%q of %d digits: %d, %v, want %d, %q", row.cell, row.digits, got, err, row.want, row.code)
		}
	}
}
