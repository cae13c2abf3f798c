package pdf_test

import (
	"testing"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/seatkeeper/seatkeeper/internal/statement/pdf"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Every code of two capitals is called what CLDR calls it; what it does not know is called by its code.
func TestCountriesAreCalledAsCLDRCallsThem(t *testing.T) {
	called, named := pdf.Press().Country, 0
	for _, l := range text.Langs {
		names := display.Regions(language.Make(string(l)))
		for i := range 26 * 26 {
			code := string([]byte{'A' + byte(i/26), 'A' + byte(i%26)})
			want := code
			if region, err := language.ParseRegion(code); err == nil && names.Name(region) != "" {
				want = names.Name(region)
				named++
			}
			if got := called(l, code); got != want {
				t.Errorf("%s in %s is %q, want %q", code, l, got, want)
			}
		}
	}
	if named < 2*249 {
		t.Errorf("%d names were compared", named)
	}
	if got := called(text.French, ""); got != "" {
		t.Errorf("no country is %q", got)
	}
}
