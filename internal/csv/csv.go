// Package csv owns how CSV leaves the system: every text is made harmless to a spreadsheet, and numbers stay numbers. It
// does not read files (intake/sheet) and does not know which columns there are (intake/sheet, platform/httpapi).
package csv

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
)

// ByteOrderMark begins a file that a spreadsheet is to take for UTF-8 and not for the local code page.
const ByteOrderMark = "\ufeff"

// Escape makes a text harmless in a spreadsheet: one that begins with = + - @ tab or carriage return would be run as a
// formula, so an apostrophe goes before it. Texts that already begin with apostrophes and then such a character get
// one more, so that Unescape(Escape(s)) is s for every s.
func Escape(s string) string {
	if runs(s) {
		return "'" + s
	}
	return s
}

// Unescape takes off the apostrophe that Escape put there.
func Unescape(s string) string {
	if strings.HasPrefix(s, "'") && runs(s) {
		return s[1:]
	}
	return s
}

// runs tells whether a spreadsheet would take the text for a formula: now, once an apostrophe is taken off it, or once
// the spaces before it are, as many import dialogs do.
func runs(s string) bool {
	s = strings.TrimLeftFunc(s, func(r rune) bool { return r == '\'' || r != '\t' && r != '\r' && IsSpace(r) })
	return s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0
}

// Cell is one cell to be written. Its zero value is an empty one.
type Cell struct{ written string }

// Text is a cell that holds what a person or another program wrote; it is escaped, also where it looks like a number.
func Text(s string) Cell { return Cell{Escape(s)} }

// Number is a cell that holds a number of ours. It is not escaped: a minus before digits runs nothing, and a
// spreadsheet must be able to add it up.
func Number(n int) Cell { return Cell{strconv.Itoa(n)} }

// Writer writes CSV that leaves the system. There is no way past Text for a string, so none goes out unescaped.
type Writer struct {
	out     io.Writer
	csv     *csv.Writer
	started bool
}

// NewWriter writes UTF-8 with a byte order mark, without which spreadsheets take it for the local code page. Use the
// separator that was read, or a semicolon for readers in French.
func NewWriter(out io.Writer, comma rune) *Writer {
	w := csv.NewWriter(out)
	w.Comma = comma
	return &Writer{out: out, csv: w}
}

// Write adds one row.
func (w *Writer) Write(cells ...Cell) error {
	if !w.started {
		w.started = true
		if _, err := io.WriteString(w.out, ByteOrderMark); err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
	}
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = c.written
	}
	if err := w.csv.Write(row); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

// Flush sends out what is still held back. Nothing is complete before it.
func (w *Writer) Flush() error {
	w.csv.Flush()
	if err := w.csv.Error(); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

// IsSpace tells white space of every kind, also those without width that come along when cells are copied.
func IsSpace(r rune) bool {
	switch r {
	case '\u180e', '\u200b', '\u2060', '\ufeff':
		return true
	}
	return unicode.IsSpace(r)
}
