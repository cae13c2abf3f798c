package pdf

import (
	"cmp"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/seatkeeper/seatkeeper/internal/statement"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Press is what statements are made with.
func Press() statement.Press { return statement.Press{Print: Print, Country: country} }

// country is its name in a language, its code where that has none.
func country(l text.Lang, code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	return cmp.Or(display.Regions(language.Make(string(l))).Name(region), code)
}
