// Package pdf owns how a statement looks as a file: A4, as many pages as it takes, each with its number. It does not own
// what the statement says (package statement). It stands apart so that the fonts and the library are in one function alone.
package pdf

import (
	"bytes"
	"fmt"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/dejavu/dejavusanscondensed"
	"github.com/go-fonts/dejavu/dejavusanscondensedbold"

	"github.com/seatkeeper/seatkeeper/internal/statement"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Millimetres and points of the sheet.
const (
	margin    = 15.0
	width     = 210 - 2*margin
	bottom    = 297 - 20.0 // below it stands the page's number alone
	gutter    = 1.5        // beside each cell
	body      = 9.0
	small     = 7.5
	lineSpace = 1.3 / 72 * 25.4 // of a line, for each point of its letters
)

const (
	family = "DejaVu"
	bold   = "B"
	// total is put in the place of the number of pages once that is known.
	total = "{pages}"
)

// sheet is a statement on its way onto paper. Errors stay in the library until the end.
type sheet struct {
	*fpdf.Fpdf
	letters letters
	// heading, where set, begins each further page again.
	heading func()
}

// Print makes the file of a statement: the same bytes for the same statement.
func Print(s statement.Statement) ([]byte, error) {
	known, err := readLetters(dejavusanscondensed.TTF, dejavusanscondensedbold.TTF)
	if err != nil {
		return nil, err
	}
	p := &sheet{Fpdf: fpdf.New("P", "mm", "A4", ""), letters: known}
	p.AddUTF8FontFromBytes(family, "", dejavusanscondensed.TTF)
	p.AddUTF8FontFromBytes(family, bold, dejavusanscondensedbold.TTF)
	p.SetMargins(margin, margin, margin)
	p.SetAutoPageBreak(false, 0)
	p.SetCellMargin(gutter)
	p.SetCatalogSort(true)
	p.SetCreationDate(s.Made.UTC())
	p.SetModificationDate(s.Made.UTC())
	p.SetTitle(s.Title+" "+s.Order, true)
	p.SetLang(string(s.Lang))
	p.AliasNbPages(total)
	p.SetFooterFunc(func() { p.number(s) })
	p.AddPage()
	p.head(s)
	p.ordered(s.Ordered)
	p.sums(s)
	if p.letters.lost {
		p.SetY(p.GetY() + 4)
		p.paragraph(text.Say(s.Lang, "statement_blank"), small)
	}
	var out bytes.Buffer
	if err := p.Output(&out); err != nil {
		return nil, fmt.Errorf("print statement of %s: %w", s.Order, err)
	}
	return out.Bytes(), nil
}

// number is the foot of a page.
func (p *sheet) number(s statement.Statement) {
	p.SetFont(family, "", small)
	p.SetXY(margin, bottom+6)
	p.CellFormat(width/2, 4, s.Title+" "+s.Order, "", 0, "L", false, 0, "")
	of := func(pages string) string {
		return text.Say(s.Lang, "statement_page", text.Number(s.Lang, p.PageNo()), pages)
	}
	// Placed as wide as two digits: the library puts the number of pages in later.
	p.SetX(margin + width - p.GetStringWidth(of("00")) - 2*gutter)
	p.CellFormat(0, 4, of(total), "", 0, "L", false, 0, "")
}

// head is what stands above the table: what it is, who sells and buys, and what is known of the whole order.
func (p *sheet) head(s statement.Statement) {
	p.write(p.row([]column{{width: width, style: bold}}, 16, words(s.Title)))
	p.paragraph(s.Draft, body)
	p.SetY(p.GetY() + 5)
	half := []column{{width: width / 2}, {width: width / 2}}
	p.write(p.row(emphasised(half), body, words(s.Seller.Heading), words(s.BillTo.Heading)))
	p.write(p.row(half, body, words(s.Seller.Lines...), words(s.BillTo.Lines...)))
	p.SetY(p.GetY() + 4)
	facts := []column{{width: 38, style: bold}, {width: width - 38}}
	for _, f := range s.Facts {
		p.write(p.row(facts, body, words(f.Name), words(f.Values...)))
	}
}

// ordered is the table of what was ordered. Its titles stand on each page.
func (p *sheet) ordered(t statement.Ordered) {
	columns := []column{{width: 62, style: bold}, {width: 44}, {width: 18, right: true}, {width: 27, right: true}, {width: 29, right: true}}
	shares := []column{{width: 6}, {width: 100}, {width: 18, right: true}, {width: 27}, {width: 29, right: true}}
	p.title(t.Heading, 30)
	p.heading = func() {
		p.write(p.row(emphasised(columns), small, cells(t.Columns[:])...))
		p.rule(0)
	}
	p.heading()
	for _, r := range t.Rows {
		rows := []row{p.row(columns, body, cell{[]string{r.Product}, r.About}, words(r.Period...), words(r.Quantity), words(r.UnitPrice), words(r.Net))}
		for _, share := range r.Shares {
			rows = append(rows, p.row(shares, small, cell{}, words(share.Name), words(share.Quantity), cell{}, words(share.Net)))
		}
		p.write(rows...)
		p.rule(200)
	}
	p.heading = nil
}

// sums are what it comes to, now and later.
func (p *sheet) sums(s statement.Statement) {
	now := []column{{width: width - 50, right: true}, {width: 50, right: true}}
	p.title(s.Now.Heading, float64(len(s.Now.Rows))*6+float64(len(s.Notes))*12)
	for i, r := range s.Now.Rows {
		if i == len(s.Now.Rows)-1 {
			p.rule(0)
			now = emphasised(now)
		}
		p.write(p.row(now, body, cells(r)...))
	}
	for _, note := range s.Notes {
		p.SetY(p.GetY() + 2)
		p.paragraph(note, body)
	}
	if len(s.Later.Rows) == 0 {
		return
	}
	later := []column{{width: 40}, {width: 47}, {width: 31, right: true}, {width: 31, right: true}, {width: 31, right: true}}
	p.title(s.Later.Heading, 20)
	p.write(p.row(emphasised(later), small, cells(s.Later.Columns)...))
	p.rule(0)
	for _, r := range s.Later.Rows {
		p.write(p.row(later, body, cells(r)...))
	}
}
