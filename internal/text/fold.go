package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold makes texts comparable for search and sorting: compatibility forms, lower case, no marks (FEATURES.md names are
// found with or without their accents); letters such as œ and ß are written out.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	// Lower case last: some compatibility forms, such as that of ℡, are written in capitals.
	for _, r := range strings.ToLower(norm.NFKD.String(s)) {
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.IsControl(r) || r == utf8.MaxRune:
		case r == 'œ':
			b.WriteString("oe")
		case r == 'æ':
			b.WriteString("ae")
		case r == 'ß':
			b.WriteString("ss")
		case r == 'đ':
			b.WriteByte('d')
		case r == 'ø':
			b.WriteByte('o')
		case r == 'ł':
			b.WriteByte('l')
		default:
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}

// FoldAddress makes e-mail addresses comparable: two that differ in case alone, or in how an accent is encoded, are one.
// Marks stay, unlike in Fold: andré@ and andre@ are two mailboxes. No character beyond ASCII becomes one of ASCII: an
// address that only looks like another is another.
func FoldAddress(s string) string {
	var folded, rest strings.Builder
	for _, r := range s {
		switch {
		case r == 'İ': // Go's lower case would lose its dot, and with it the difference to I
			rest.WriteString("i\u0307")
		case turnsASCII(r):
			folded.WriteString(norm.NFC.String(rest.String()))
			folded.WriteRune(r)
			rest.Reset()
		default:
			rest.WriteRune(unicode.ToLower(r))
		}
	}
	return folded.String() + norm.NFC.String(rest.String())
}

// turnsASCII tells of a character beyond ASCII, such as the sign for kelvin, whose lower case or composed form is one of
// ASCII.
func turnsASCII(r rune) bool {
	return r >= utf8.RuneSelf && (unicode.ToLower(r) < utf8.RuneSelf || norm.NFC.String(string(r))[0] < utf8.RuneSelf)
}

// longestWord is how many bytes of a word count: more tell no words apart that people write, and words are kept in keys.
const longestWord = 64

// Words splits a text into its folded words of letters and digits; of a word that is longer, the first 64 bytes count.
func Words(s string) []string {
	words := strings.FieldsFunc(Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, w := range words {
		if len(w) > longestWord {
			words[i] = strings.ToValidUTF8(w[:longestWord], "")
		}
	}
	return words
}

// CleanName is a name as it is kept, wherever it comes from: without what cannot be seen (marks of no width, of
// direction), without white space around it, runs of it as one space.
func CleanName(s string) string {
	visible := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(visible), " ")
}
