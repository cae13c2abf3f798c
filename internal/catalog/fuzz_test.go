package catalog_test

import (
	"regexp"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
)

// codeForm is the pattern that the API documents (Product.ID): what is checked by hand is the same.
var codeForm = regexp.MustCompile(`\A[A-Za-z0-9][A-Za-z0-9._-]{0,59}\z`)

func FuzzValidID(f *testing.F) {
	for _, seed := range []string{"PBX-USER", "a", "", "-a", ".a", "a#b", "a\n", "é", "a b", "0123456789012345678901234567890123456789012345678901234567890"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, code string) {
		if got, want := catalog.ValidID(code), codeForm.MatchString(code); got != want {
			t.Fatalf("%q: %v, and the documented pattern says %v", code, got, want)
		}
	})
}
