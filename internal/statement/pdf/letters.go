package pdf

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// scripts are those that read right letter by letter, in the order in which they are written. Others need their letters
// joined or turned around, which the library does not do: the font's Arabic, for one, would be no Arabic.
var scripts = []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Armenian, unicode.Georgian, unicode.Common, unicode.Inherited}

// blank stands for a letter that cannot be shown: a box, which nobody takes for a letter.
const blank = '▯'

// letters are those that the fonts have.
type letters struct {
	fonts  []*sfnt.Font
	buffer sfnt.Buffer
	// lost tells that something was left blank.
	lost bool
}

func readLetters(ttfs ...[]byte) (letters, error) {
	var l letters
	for _, ttf := range ttfs {
		font, err := sfnt.Parse(ttf)
		if err != nil {
			return l, fmt.Errorf("read font: %w", err)
		}
		l.fonts = append(l.fonts, font)
	}
	return l, nil
}

// shown is a text as it can be printed, on one line: composed, a space for what moves a cursor, nothing for what is
// invisible or turns the direction of writing, and a blank for each letter that would come out wrong.
func (l *letters) shown(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u00a0' || r == '\u202f' || unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r):
			return -1
		case l.has(r):
			return r
		case unicode.Is(unicode.Mn, r):
			return -1 // a mark whose letter is blank
		default:
			l.lost = true
			return blank
		}
	}, norm.NFC.String(s))
}

func (l *letters) has(r rune) bool {
	if r > 0xffff || !unicode.In(r, scripts...) { // the library takes 16 bits
		return false
	}
	for _, font := range l.fonts {
		if glyph, err := font.GlyphIndex(&l.buffer, r); err != nil || glyph == 0 {
			return false
		}
	}
	return true
}
