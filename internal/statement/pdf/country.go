package pdf

import (
	_ "embed"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/statement"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// countries has a line for each: its code, its English name, its French one. They are CLDR's, as golang.org/x/text/language/display
// has them (a test compares). That package itself makes tables of all languages at each start: a quarter of what that allocated.
//
//go:embed countries.txt
var countries string

// Press is what statements are made with.
func Press() statement.Press { return statement.Press{Print: Print, Country: country} }

// country is its name in a language, its code where that has none.
func country(l text.Lang, code string) string {
	for line := range strings.Lines(countries) {
		if names, found := strings.CutPrefix(line, code+";"); found {
			english, french, _ := strings.Cut(strings.TrimSuffix(names, "\n"), ";")
			if l == text.French {
				return french
			}
			return english
		}
	}
	return code
}
