package sheet

import (
	"bufio"
	"encoding/csv"
	"io"
	"slices"
	"strings"
)

// record is one row of a file as it stands there.
type record struct {
	// line is the physical line it begins at, from 1.
	line int
	// raw is its text with its line end, decoded and otherwise untouched.
	raw string
	// cells are nil for an empty line and for a broken one.
	cells []string
	// broken: its quotes do not match.
	broken bool
}

// blank tells whether nothing stands in the record: an empty line, or nothing but separators.
func (r record) blank() bool { return !r.broken && r.filled() == 0 }

// filled counts the cells that hold something.
func (r record) filled() int {
	n := 0
	for _, c := range r.cells {
		if trim(c) != "" {
			n++
		}
	}
	return n
}

// beyond tells whether something stands behind the last titled column: a separator inside a cell moved the others.
func (r record) beyond(columns int) bool {
	return len(r.cells) > columns && record{cells: r.cells[columns:]}.filled() > 0
}

// separator finds which of semicolon, comma and tab parts the header's cells: the one that stands outside quotes there
// most often. Equal counts go to the semicolon, the one that hardly occurs inside a title.
func separator(s string) rune {
	count := map[rune]int{}
	quoted := false
	for _, c := range strings.TrimLeft(s, "\r\n") {
		if c == '"' {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		if c == '\n' {
			break
		}
		count[c]++
	}
	best := ';'
	for _, c := range []rune{'\t', ','} {
		if count[c] > count[best] {
			best = c
		}
	}
	return best
}

// split parts a text into its records, empty lines included.
//
// Where quotes do not match, that one physical line is broken and reading goes on with the next: a quote that was
// never closed costs its own line, not everything behind it. Should the text behind it happen to close the quote
// properly, the rows in between are one record with an overlong cell or too many cells, and so are not lost silently.
func split(s string, comma rune) []record {
	var (
		records []record
		line    = 1
		buffer  = bufio.NewReader(nil)
		reader  *csv.Reader
		base    int // where in s the reader began
		pos     int // how far s is read
	)
	take := func(n int, cells []string, broken bool) {
		records = append(records, record{line: line, raw: s[pos : pos+n], cells: cells, broken: broken})
		line += strings.Count(s[pos:pos+n], "\n")
		pos += n
	}
	restart := func() {
		base = pos
		buffer.Reset(strings.NewReader(s[pos:]))
		reader = csv.NewReader(buffer)
		reader.Comma = comma
		reader.FieldsPerRecord = -1
	}
	for restart(); pos < len(s); {
		cells, err := reader.Read()
		for n := emptyLine(s[pos:]); n > 0; n = emptyLine(s[pos:]) { // the reader passes over them, line numbers do not
			take(n, nil, false)
		}
		switch {
		case err == nil:
			take(base+int(reader.InputOffset())-pos, cells, false)
		case err == io.EOF:
			if pos < len(s) { // a lone carriage return at the very end
				take(len(s)-pos, nil, false)
			}
		default:
			take(lineLength(s[pos:]), nil, true)
			restart()
		}
	}
	return records
}

// emptyLine is the length of the line end that s begins with, 0 if it begins with something else.
func emptyLine(s string) int {
	switch {
	case strings.HasPrefix(s, "\n"):
		return 1
	case strings.HasPrefix(s, "\r\n"):
		return 2
	}
	return 0
}

// lineLength is the length of the first line of s with its line end.
func lineLength(s string) int {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return i + 1
	}
	return len(s)
}

// withoutFooter takes the blank records out, and what a report prints below its rows: everything from a blank record
// on if no full row follows. A short line that no blank one parts from the rows stays a row and is refused aloud: to
// say too much is better than to lose a row.
func withoutFooter(records []record, columns int) []record {
	end := len(records)
	for i, r := range slices.Backward(records) {
		if r.blank() {
			end = i
		} else if !r.short(columns) {
			break
		}
	}
	var rows []record
	for _, r := range records[:end] {
		if !r.blank() {
			rows = append(rows, r)
		}
	}
	return rows
}

// short tells a line of a footer from a row: a single filled cell, or fewer than half as many cells as the header has.
// With a header of one column there is no telling.
func (r record) short(columns int) bool {
	return columns > 1 && !r.broken && (r.filled() == 1 || 2*len(r.cells) < columns)
}
