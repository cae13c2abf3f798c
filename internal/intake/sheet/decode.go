package sheet

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/seatkeeper/seatkeeper/internal/csv"
)

// decode turns a file into text, whatever encoding it is in. A byte order mark decides; without one, zero bytes at
// every other place mean UTF-16, and else it is UTF-8 or Windows-1252, whichever the bytes fit better. What fits
// nothing becomes U+FFFD, which is later a problem of its row: one bad byte does not cost the file.
func decode(body []byte) string {
	if order := utf16Order(body); order != nil {
		return strings.TrimLeft(decodeUTF16(body, order), csv.ByteOrderMark)
	}
	if bytes.HasPrefix(body, []byte(csv.ByteOrderMark)) || mostlyUTF8(body) {
		return strings.TrimLeft(strings.ToValidUTF8(string(body), "\ufffd"), csv.ByteOrderMark)
	}
	var b strings.Builder
	b.Grow(len(body) + len(body)/8)
	for _, c := range body {
		b.WriteRune(charmap.Windows1252.DecodeByte(c))
	}
	return b.String()
}

// utf16Order finds out whether the bytes are UTF-16, and in which order; nil if they are not.
func utf16Order(body []byte) binary.ByteOrder {
	switch {
	case bytes.HasPrefix(body, []byte{0xFF, 0xFE}):
		return binary.LittleEndian
	case bytes.HasPrefix(body, []byte{0xFE, 0xFF}):
		return binary.BigEndian
	}
	// Headers are letters that both languages share with ASCII, so one of each two bytes is zero. A few stray NULs in
	// a file of single bytes come nowhere near that.
	sample := body[:min(len(body), 1024)&^1]
	var zeros [2]int
	for i, c := range sample {
		if c == 0 {
			zeros[i%2]++
		}
	}
	pairs := len(sample) / 2
	switch {
	case zeros[1] > pairs/2 && zeros[0] <= zeros[1]/8:
		return binary.LittleEndian
	case zeros[0] > pairs/2 && zeros[1] <= zeros[0]/8:
		return binary.BigEndian
	}
	return nil
}

func decodeUTF16(body []byte, order binary.ByteOrder) string {
	units := make([]uint16, 0, len(body)/2+1)
	for ; len(body) >= 2; body = body[2:] {
		units = append(units, order.Uint16(body))
	}
	if len(body) == 1 { // half a unit: the file was cut off
		units = append(units, utf8.RuneError)
	}
	return string(utf16.Decode(units))
}

// mostlyUTF8 tells UTF-8 with a few damaged bytes from Windows-1252: there, letters with accents practically never
// stand so that they form a sequence of UTF-8.
func mostlyUTF8(body []byte) bool {
	sound, broken := 0, 0
	for len(body) > 0 {
		r, size := utf8.DecodeRune(body)
		switch {
		case r == utf8.RuneError && size == 1:
			broken++
		case size > 1:
			sound++
		}
		body = body[size:]
	}
	return broken == 0 || sound > broken
}
