package sheet

import (
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/csv"
	"github.com/seatkeeper/seatkeeper/internal/fault"
)

// Piece is a part of a file that can be sent on its own.
type Piece struct {
	// Body is CSV in UTF-8 with a byte order mark, with the file's header line.
	Body []byte
	// Rows counts the rows in it.
	Rows int
	// FirstLine and LastLine are the file's physical lines that its first and its last row begin at.
	FirstLine, LastLine int

	lines []int // line of the piece, from 0 → line of the file
}

// FileLine turns a line number of the piece, from 1, into the file's. A number that the piece has no line for gives 0.
func (p Piece) FileLine(line int) int {
	if line < 1 || line > len(p.lines) {
		return 0
	}
	return p.lines[line-1]
}

// Cut parts the file into pieces of at most maxRows rows and maxBytes bytes. Rows that stand together with the same
// text in the key column stay together, unless they alone are more than a piece takes. Blank lines and the footer are left
// out; broken rows are kept as they are, so that they are rejected where they are read. Reading all pieces gives the
// same rows and the same problems as reading the file.
//
// A row that is larger than a piece alone is fault.TooLarge with the code row_too_large.
func (s *Sheet) Cut(key string, maxRows, maxBytes int) ([]Piece, error) {
	var pieces []Piece
	var open *draft
	for _, group := range s.groups(key) {
		if open != nil && !open.fits(group, maxRows, maxBytes) {
			pieces = append(pieces, open.piece())
			open = nil
		}
		for i := range group {
			row := group[i : i+1]
			if open != nil && !open.fits(row, maxRows, maxBytes) { // the group alone is more than a piece
				pieces = append(pieces, open.piece())
				open = nil
			}
			if open == nil {
				open = s.draft()
			}
			if !open.fits(row, maxRows, maxBytes) {
				return nil, fault.New(fault.TooLarge, "row_too_large", fault.Int("line", row[0].line), fault.Int("max", maxBytes))
			}
			open.add(row[0])
		}
	}
	if open != nil {
		pieces = append(pieces, open.piece())
	}
	return pieces, nil
}

// groups parts the rows where the key's text changes. A broken row belongs to the rows before it; rows without a key
// belong to nobody.
func (s *Sheet) groups(key string) [][]record {
	column, known := s.header.index[key]
	var groups [][]record
	last := ""
	for i, r := range s.records {
		value := last
		if !r.broken {
			value = ""
			if known && column < len(r.cells) {
				value = trim(r.cells[column])
			}
		}
		if i > 0 && value != "" && value == last {
			groups[len(groups)-1] = append(groups[len(groups)-1], r)
		} else {
			groups = append(groups, []record{r})
		}
		last = value
	}
	return groups
}

// draft is a piece that is being filled.
type draft struct {
	body  strings.Builder
	rows  []int
	lines []int
}

func (s *Sheet) draft() *draft {
	d := &draft{}
	d.body.WriteString(csv.ByteOrderMark)
	d.put(s.header.record)
	return d
}

// put adds the record's text, which may be several physical lines, and where they come from.
func (d *draft) put(r record) {
	d.body.WriteString(r.raw)
	for i := range 1 + strings.Count(strings.TrimSuffix(r.raw, "\n"), "\n") {
		d.lines = append(d.lines, r.line+i)
	}
}

func (d *draft) add(r record) {
	d.put(r)
	d.rows = append(d.rows, r.line)
}

func (d *draft) fits(group []record, maxRows, maxBytes int) bool {
	size := d.body.Len()
	for _, r := range group {
		size += len(r.raw)
	}
	return len(d.rows)+len(group) <= maxRows && size <= maxBytes
}

func (d *draft) piece() Piece {
	return Piece{Body: []byte(d.body.String()), Rows: len(d.rows), FirstLine: d.rows[0], LastLine: d.rows[len(d.rows)-1], lines: d.lines}
}
