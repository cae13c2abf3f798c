package sheet

import (
	"bytes"
	"slices"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/csv"
)

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
	w := csv.NewWriter(&out, s.Comma)
	added := []string{titles.Line, titles.Column, titles.Reason}
	width := s.header.columns
	if width >= 3 && slices.Equal(s.header.titles[width-3:width], added) {
		width -= 3
	}
	if err := w.Write(append(texts(s.header.titles, width), csv.Text(titles.Line), csv.Text(titles.Column), csv.Text(titles.Reason))...); err != nil {
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
		row := append(texts(s.original(rejections[0].Line), width), csv.Number(rejections[0].Line), csv.Text(columns), csv.Text(reasons))
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
func texts(row []string, width int) []csv.Cell {
	cells := make([]csv.Cell, width, width+3)
	for i := range min(width, len(row)) {
		cells[i] = csv.Text(csv.Unescape(row[i]))
	}
	return cells
}
