// Package sheet reads the CSV that spreadsheets and CRM reports export, cuts it into pieces, and writes its
// rejected rows back. It owns encodings, separators, headers, physical line numbers, and the
// forms of numbers and days. It does not know what a contract or a system is, and does no I/O.
//
// One bad row never costs another one: what cannot be read becomes a Problem with its line, and the rest is read on.
// Only what leaves no row readable (no header, a column missing) or is too much at once is an error of the whole file.
package sheet

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seatkeeper/seatkeeper/internal/csv"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// MaxCell is how many characters a cell of a known column may have. Real names are far shorter; a longer cell is
// nearly always two rows run together by a lost quote.
const MaxCell = 500

// Column is one that the caller knows. Titles are compared without regard to case, accents, punctuation and spaces.
type Column struct {
	// Name is what the caller asks rows by, and what problems name.
	Name string
	// English and French are the titles it may stand under, the usual one first. Which language's titles a header uses
	// decides how its days are written; a title in both lists says nothing about that.
	English, French []string
	// Required columns must be in the header. Their cells may still be empty: whether that is wrong depends on the row.
	Required bool
}

// Sheet is a file as read.
type Sheet struct {
	// Lang is the language of the header: days are day first under French, and ISO under both.
	Lang text.Lang
	// Comma is the separator that was found.
	Comma rune
	// Rows are those that could be read, in the file's order.
	Rows []Row
	// Problems are the rows that could not be read, one each: the first thing that is wrong with it.
	Problems []Problem

	header  header
	records []record // the rows, read or not, as they stood: for Rejected and Cut
}

// Row is one row of a file that could be read.
type Row struct {
	// Line is the physical line that the row begins at; the file's first line is 1.
	Line int

	header *header
	cells  []string
}

// Parse reads a whole file. More than maxRows rows (0: any number) are refused with fault.TooLarge and the code
// too_many_rows; a file without a usable header with fault.Invalid and the codes empty_file, header_unreadable,
// missing_column or duplicate_column. Everything else that is wrong is in Problems.
func Parse(body []byte, columns []Column, maxRows int) (*Sheet, error) {
	decoded := decode(body)
	comma := separator(decoded)
	records := split(decoded, comma)
	start := slices.IndexFunc(records, func(r record) bool { return !r.blank() })
	if start < 0 {
		return nil, fault.New(fault.Invalid, "empty_file")
	}
	head, err := readHeader(records[start], columns)
	if err != nil {
		return nil, err
	}
	s := &Sheet{Lang: head.lang, Comma: comma, header: head}
	s.records = withoutFooter(records[start+1:], len(head.titles))
	if maxRows > 0 && len(s.records) > maxRows {
		return nil, fault.New(fault.TooLarge, "too_many_rows", fault.Int("max", maxRows), fault.Int("rows", len(s.records)))
	}
	for _, r := range s.records {
		row, problem := s.header.read(r)
		if problem != nil {
			s.Problems = append(s.Problems, *problem)
			continue
		}
		row.header = &s.header
		s.Rows = append(s.Rows, row)
	}
	return s, nil
}

// Len is how many rows the file has, readable or not.
func (s *Sheet) Len() int { return len(s.records) }

// Has tells whether the header has a column: one that is absent says nothing, an empty cell may mean "none".
func (s *Sheet) Has(column string) bool {
	_, ok := s.header.index[column]
	return ok
}

// Title is what the file itself calls a column, or the name given where the file has no such column.
func (s *Sheet) Title(column string) string {
	if i, ok := s.header.index[column]; ok {
		return s.header.titles[i]
	}
	return column
}

// Text is the cell of a column, without the white space around it and without what csv.Escape put before it; empty where
// the row or the header ends before that column.
func (r Row) Text(column string) string {
	i, ok := r.header.index[column]
	if !ok || i >= len(r.cells) {
		return ""
	}
	return r.cells[i]
}

// Count reads a cell as a whole number; the error is a Problem that names line and column. See Count.
func (r Row) Count(column string) (int, error) {
	n, err := Count(r.Text(column))
	return n, r.locate(column, err)
}

// Date reads a cell as a day, as the header's language writes days; the error is a Problem that names line and column.
// See Date.
func (r Row) Date(column string) (date.Date, error) {
	d, err := Date(r.Text(column), r.header.lang)
	return d, r.locate(column, err)
}

// Problem says that something about a cell is wrong which only the caller can see.
func (r Row) Problem(column, code string, args ...fault.Arg) Problem {
	return Problem{Line: r.Line, Column: column, Code: code, Args: args}
}

// locate adds where a cell stands to what is wrong with it.
func (r Row) locate(column string, err error) error {
	if err == nil {
		return nil
	}
	p, ok := err.(Problem)
	if !ok {
		return err
	}
	return r.Problem(column, p.Code, p.Args...)
}

// Problem is one thing that is wrong with one row. As an error of Count and Date it has no line and column yet.
type Problem struct {
	// Line is the physical line that the row begins at.
	Line int
	// Column is the Name of the column; empty where the row as a whole is wrong.
	Column string
	// Code is stable and never translated; package text has its wording.
	Code string
	// Args are what the wording needs, in its order.
	Args []fault.Arg
}

// Error is for logs and tests; people read Say.
func (p Problem) Error() string {
	return fault.New(fault.Invalid, p.Code, append([]fault.Arg{
		fault.Int("line", p.Line), fault.Text("column", p.Column)}, p.Args...)...).Error()
}

// Say words the problem for a person, without line and column.
func (p Problem) Say(lang text.Lang) string {
	args := make([]any, len(p.Args))
	for i, a := range p.Args {
		args[i] = a.Value
	}
	return text.Say(lang, p.Code, args...)
}

// excerpt is a cell as a message quotes it: enough to find it, not enough to flood a page.
func excerpt(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// trim takes white space of every kind off both ends, also the kinds that have no width.
func trim(s string) string {
	return strings.TrimFunc(s, csv.IsSpace)
}
