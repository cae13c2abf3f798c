package sheet

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seatkeeper/seatkeeper/internal/csv"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// header is the first line of a file that holds anything.
type header struct {
	record  record
	lang    text.Lang
	titles  []string       // as the file writes them
	names   []string       // the known column at each place, empty where unknown
	index   map[string]int // known column → place
	columns int            // places up to the last title
}

// readHeader finds the known columns.
func readHeader(r record, columns []Column) (header, error) {
	h := header{record: r, lang: text.English, index: map[string]int{}}
	if r.broken {
		return h, fault.New(fault.Invalid, "header_unreadable", fault.Int("line", r.line))
	}
	known := knownTitles(columns) // folded once: a hostile header has hundreds of thousands of cells
	english, french := 0, 0
	for i, cell := range r.cells {
		title := trim(csv.Unescape(trim(cell)))
		h.titles = append(h.titles, title)
		h.names = append(h.names, "")
		if title == "" {
			continue
		}
		h.columns = i + 1
		k, ok := known[fold(title)]
		if !ok {
			continue
		}
		if first, twice := h.index[k.column]; twice {
			return h, fault.New(fault.Invalid, "duplicate_column", fault.Text("title", excerpt(title)), fault.Text("other", excerpt(h.titles[first])))
		}
		h.index[k.column], h.names[i] = i, k.column
		if k.english && !k.french {
			english++
		}
		if k.french && !k.english {
			french++
		}
	}
	// In doubt English, under which only ISO days are taken: a wrong guess then refuses a day and never swaps it.
	if french > english {
		h.lang = text.French
	}
	return h, h.missing(columns)
}

// missing names every required column that the header lacks, in the header's language, in one error.
func (h header) missing(columns []Column) error {
	var titles []string
	for _, c := range columns {
		if _, ok := h.index[c.Name]; c.Required && !ok {
			titles = append(titles, c.title(h.lang))
		}
	}
	if len(titles) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "missing_column", fault.Text("columns", strings.Join(titles, ", ")))
}

func (c Column) title(lang text.Lang) string {
	titles := c.English
	if lang == text.French {
		titles = c.French
	}
	if len(titles) == 0 {
		return c.Name
	}
	return titles[0]
}

// knownTitle is a title that a column may stand under, and the languages that have it.
type knownTitle struct {
	column          string
	english, french bool
}

func knownTitles(columns []Column) map[string]knownTitle {
	known := map[string]knownTitle{}
	for _, c := range columns {
		for _, t := range c.English {
			known[fold(t)] = knownTitle{column: c.Name, english: true}
		}
		for _, t := range c.French {
			k := known[fold(t)]
			known[fold(t)] = knownTitle{column: c.Name, english: k.english, french: true}
		}
	}
	return known
}

// fold makes titles equal that differ in case, accents, punctuation and spaces alone.
func fold(title string) string { return strings.Join(text.Words(title), "") }

// read checks the cells of the known columns; what stands in the others is nobody's business. Cells that the row lacks
// at its end are empty: spreadsheets leave them off.
func (h header) read(r record) (Row, *Problem) {
	if r.broken {
		return Row{}, &Problem{Line: r.line, Code: "broken_quote"}
	}
	if r.beyond(h.columns) {
		return Row{}, &Problem{Line: r.line, Code: "too_many_cells", Args: []fault.Arg{
			fault.Int("cells", len(r.cells)), fault.Int("columns", h.columns)}}
	}
	cells := make([]string, min(len(r.cells), len(h.names)))
	for i := range cells {
		cells[i] = trim(csv.Unescape(trim(r.cells[i])))
		if h.names[i] == "" {
			continue
		}
		if code, args := wrongText(cells[i]); code != "" {
			return Row{}, &Problem{Line: r.line, Column: h.names[i], Code: code, Args: args}
		}
	}
	return Row{Line: r.line, cells: cells}, nil
}

// wrongText gives the code of what no cell may hold, and empty for a text that is fine.
func wrongText(s string) (string, []fault.Arg) {
	if n := utf8.RuneCountInString(s); n > MaxCell {
		return "cell_too_long", []fault.Arg{fault.Int("characters", n), fault.Int("max", MaxCell)}
	}
	for _, c := range s {
		switch {
		case c == utf8.RuneError:
			return "unreadable_character", nil
		case unicode.IsControl(c) && c != '\t' && c != '\n' && c != '\r':
			return "control_character", []fault.Arg{fault.Int("character", int(c))}
		}
	}
	return "", nil
}
