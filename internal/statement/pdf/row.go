package pdf

import "slices"

// column is a part of the sheet's width. Figures stand on the right, and in one piece.
type column struct {
	width float64
	right bool
	style string
}

func emphasised(columns []column) []column {
	out := slices.Clone(columns)
	for i := range out {
		out[i].style = bold
	}
	return out
}

// cell is lines of words; each is broken where the column is too narrow for it. Those from fine on are smaller, and never
// bold.
type cell struct {
	lines []string
	fine  []string
}

func words(lines ...string) cell { return cell{lines: lines} }

func cells(lines []string) []cell {
	all := make([]cell, len(lines))
	for i, line := range lines {
		all[i] = words(line)
	}
	return all
}

// set is a line that fits its column, and how it is written.
type set struct {
	words, style string
	points       float64
}

// row is cells beside each other, broken into lines of one height.
type row struct {
	columns []column
	cells   [][]set
	lines   int
	height  float64 // of a line
}

// row breaks cells into lines.
func (p *sheet) row(columns []column, points float64, content ...cell) row {
	r := row{columns: columns, cells: make([][]set, len(content)), height: points * lineSpace}
	for i, c := range content {
		fit := func(lines []string, style string, points float64) {
			p.SetFont(family, style, points)
			for _, line := range lines {
				if columns[i].right {
					r.cells[i] = append(r.cells[i], p.whole(p.letters.shown(line), style, points, columns[i].width))
					continue
				}
				for _, part := range p.SplitText(p.letters.shown(line), columns[i].width) {
					r.cells[i] = append(r.cells[i], set{part, style, points})
				}
			}
		}
		fit(c.lines, columns[i].style, points)
		fit(c.fine, "", small)
		r.lines = max(r.lines, len(r.cells[i]))
	}
	return r
}

// whole is a figure, which is never broken: a very long one is written smaller.
func (p *sheet) whole(figure, style string, points, width float64) set {
	if wide := p.GetStringWidth(figure); wide > width-2*gutter {
		points *= (width - 2*gutter) / wide
	}
	return set{figure, style, points}
}

// beside is the space above and below a row.
const beside = 0.5

func (r row) tall() float64 { return float64(r.lines)*r.height + 2*beside }

// write writes rows below each other, on one page if a page holds them. What none holds goes on there, line by line.
func (p *sheet) write(rows ...row) {
	tall := 0.0
	for _, r := range rows {
		tall += r.tall()
	}
	p.room(tall)
	for _, r := range rows {
		p.room(r.tall())
		p.SetY(p.GetY() + beside)
		for line := range r.lines {
			p.room(r.height)
			x, y := margin, p.GetY()
			for i, c := range r.cells {
				if line < len(c) {
					p.SetFont(family, c[line].style, c[line].points)
					p.SetXY(x, y)
					p.CellFormat(r.columns[i].width, r.height, c[line].words, "", 0, side(r.columns[i].right), false, 0, "")
				}
				x += r.columns[i].width
			}
			p.SetXY(margin, y+r.height)
		}
		p.SetY(p.GetY() + beside)
	}
}

func side(right bool) string {
	if right {
		return "RM"
	}
	return "LM"
}

// room begins a new page where less height than this is left, unless a whole page has no more.
func (p *sheet) room(tall float64) {
	const titles, worthwhile = 8, 20
	if left := bottom - p.GetY(); tall <= left || tall > bottom-margin-titles && left > worthwhile {
		return // of what will be cut anyway the first lines stand here
	}
	again := p.heading
	p.AddPage()
	if again != nil {
		p.heading = nil // it finds room by itself
		again()
		p.heading = again
	}
}

// title begins a part, with as much of what follows as is said to stand on the same page.
func (p *sheet) title(heading string, with float64) {
	p.room(min(with+14, bottom-margin))
	p.SetY(p.GetY() + 5)
	p.write(p.row([]column{{width: width, style: bold}}, 11, words(heading)))
}

func (p *sheet) paragraph(sentence string, points float64) {
	p.write(p.row([]column{{width: width}}, points, words(sentence)))
}

// rule is a line across the sheet, as dark as is said: 0 is black.
func (p *sheet) rule(grey int) {
	p.SetLineWidth(0.2)
	p.SetDrawColor(grey, grey, grey)
	p.Line(margin+gutter, p.GetY(), margin+width-gutter, p.GetY())
}
