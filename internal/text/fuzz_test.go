package text_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/seatkeeper/seatkeeper/internal/text"
)

// What is folded stays so, sorts below the end of a key's stretch, and has no control character, which ends names in keys.
func FuzzFold(f *testing.F) {
	for _, seed := range []string{"Société Générale", "ÉTÉ", "İstanbul", "Straße", "ﬁn", "℡", "a\x1fb", " a ", "\xff", "ẞ", "Ω", "Åå", "日本", "\U0010ffff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := text.Fold(s)
		if twice := text.Fold(once); twice != once {
			t.Fatalf("%q folds to %q, and that to %q", s, once, twice)
		}
		if strings.ContainsFunc(once, unicode.IsControl) || strings.ContainsRune(once, utf8.MaxRune) || once != strings.TrimSpace(once) {
			t.Fatalf("%q folds to %q", s, once)
		}
		if upper := text.Fold(strings.ToUpper(s)); utf8.ValidString(s) && isASCII(s) && upper != once {
			t.Fatalf("%q folds to %q, in capitals to %q", s, once, upper)
		}
		for _, word := range text.Words(s) {
			if word == "" || text.Fold(word) != word {
				t.Fatalf("%q has the word %q", s, word)
			}
		}
	})
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// An address that is folded stays so, and no character beyond ASCII becomes one of ASCII by it.
func FuzzFoldAddress(f *testing.F) {
	for _, seed := range []string{"André@Example.com", "a\u030a@x.fr", "\u212a@x", "İ@x", "ſ@x", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := text.FoldAddress(s)
		if twice := text.FoldAddress(once); twice != once {
			t.Fatalf("%q folds to %q, and that to %q", s, once, twice)
		}
	})
}

// Whatever a header says, the answer is in a language that there are texts of.
func FuzzAcceptLanguage(f *testing.F) {
	for _, seed := range []string{"fr-CH, en;q=0.9", "de", "*", "fr;q=0", ";;;", "en-Latn-GB-x-private", "art-lojban", "", "und"} {
		f.Add(seed, "fr-FR")
	}
	f.Fuzz(func(t *testing.T, header, own string) {
		if l := text.Match(header, own); !slices.Contains(text.Langs, l) {
			t.Fatalf("%q and %q: %q", header, own, l)
		}
		if l, ok := text.Parse(own); ok && !slices.Contains(text.Langs, l) {
			t.Fatalf("%q is %q", own, l)
		}
	})
}
