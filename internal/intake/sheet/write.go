package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

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
	s = strings.TrimLeftFunc(s, func(r rune) bool { return r == '\'' || r != '\t' && r != '\r' && isSpace(r) })
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
		if _, err := io.WriteString(w.out, byteOrderMark); err != nil {
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

// Rejection is a row that was not taken, and why, in the reader's language.
type Rejection struct {
	Line           int
	Column, Reason string
}

// RejectionTitles head the three columns that Rejected adds, in the reader's language.
type RejectionTitles struct{ Line, Column, Reason string }

// Rejected is a file of the rejected rows in their original cells, with line, column and reason behind them, so that
// it can be mended and sent again: the added columns are unknown ones then, and are not added a second time. A row that
// was rejected for several reasons stands there once. A line whose quotes did not match, or that had more cells than the
// header, is a single cell with the whole line: sent again unmended it is rejected again, not taken with moved cells.
func (s *Sheet) Rejected(titles RejectionTitles, rejections []Rejection) ([]byte, error) {
	var out bytes.Buffer
	w := NewWriter(&out, s.Comma)
	added := []string{titles.Line, titles.Column, titles.Reason}
	width := s.header.columns
	if width >= 3 && slices.Equal(s.header.titles[width-3:width], added) {
		width -= 3
	}
	if err := w.Write(append(texts(s.header.titles, width), Text(titles.Line), Text(titles.Column), Text(titles.Reason))...); err != nil {
		return nil, err
	}
	rejections = slices.Clone(rejections)
	slices.SortStableFunc(rejections, func(a, b Rejection) int { return a.Line - b.Line })
	for len(rejections) > 0 {
		same := 1
		for same < len(rejections) && rejections[same].Line == rejections[0].Line {
			same++
		}
		columns, reasons := s.why(rejections[:same])
		row := append(texts(s.original(rejections[0].Line), width), Number(rejections[0].Line), Text(columns), Text(reasons))
		if err := w.Write(row...); err != nil {
			return nil, err
		}
		rejections = rejections[same:]
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// why puts the reasons of one row together, under the file's own titles.
func (s *Sheet) why(rejections []Rejection) (columns, reasons string) {
	var c, r []string
	for _, one := range rejections {
		if title := s.Title(one.Column); title != "" && !slices.Contains(c, title) {
			c = append(c, title)
		}
		r = append(r, one.Reason)
	}
	return strings.Join(c, ", "), strings.Join(r, " ")
}

// original is the row that begins at a line, in the cells that it came in; nil if none does.
func (s *Sheet) original(line int) []string {
	i, ok := slices.BinarySearchFunc(s.records, line, func(r record, l int) int { return r.line - l })
	if !ok {
		return nil
	}
	r := s.records[i]
	if r.broken || r.beyond(s.header.columns) { // there is no telling which cell belongs where
		return []string{strings.TrimRight(r.raw, "\r\n")}
	}
	return r.cells
}

// texts makes cells of width columns. What the file itself had escaped is not escaped twice.
func texts(row []string, width int) []Cell {
	cells := make([]Cell, width, width+3)
	for i := range min(width, len(row)) {
		cells[i] = Text(Unescape(row[i]))
	}
	return cells
}
