package sheet

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Three columns are enough for the rules; the real ones are the caller's.
var columns = []Column{
	{Name: "id", English: []string{"Contract ID"}, French: []string{"ID du contrat"}, Required: true},
	{Name: "name", English: []string{"Name"}, French: []string{"Nom de l'actif", "Nom"}},
	{Name: "start", English: []string{"Start Date"}, French: []string{"Date de début"}},
	{Name: "url", English: []string{"URL"}, French: []string{"URL"}},
}

func parse(t *testing.T, body string) *Sheet {
	t.Helper()
	s, err := Parse([]byte(body), columns, 0)
	if err != nil {
		t.Fatalf("parse %q: %v", body, err)
	}
	return s
}

// seen is a sheet as a person would jot it down: "line: id|name" of each row, "line: column code" of each problem.
func seen(s *Sheet) []string {
	var all []string
	for _, r := range s.Rows {
		all = append(all, fmt.Sprintf("%d: %s|%s", r.Line, r.Text("id"), r.Text("name")))
	}
	for _, p := range s.Problems {
		all = append(all, fmt.Sprintf("%d: %s %s", p.Line, p.Column, p.Code))
	}
	return all
}

func utf16Bytes(s string, order binary.AppendByteOrder) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

func windows1252(t *testing.T, s string) string {
	t.Helper()
	b, err := charmap.Windows1252.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFrenchSpreadsheetsAreNormalInputInEveryEncoding(t *testing.T) {
	const file = "ID du contrat;Nom;Date de début\r\n800A;Œnothèque « Été » – 5 €;28/02/2027\r\n"
	for name, body := range map[string]string{
		"UTF-8":                              file,
		"UTF-8 with BOM":                     "\ufeff" + file,
		"UTF-8 with BOM twice":               "\ufeff\ufeff" + file,
		"UTF-16 little-endian with BOM":      "\xff\xfe" + utf16Bytes(file, binary.LittleEndian),
		"UTF-16 big-endian with BOM":         "\xfe\xff" + utf16Bytes(file, binary.BigEndian),
		"UTF-16 little-endian by its zeros":  utf16Bytes(file, binary.LittleEndian),
		"UTF-16 big-endian by its zeros":     utf16Bytes(file, binary.BigEndian),
		"Windows-1252":                       windows1252(t, file),
		"UTF-8 without the last line's end":  strings.TrimSuffix(file, "\r\n"),
		"UTF-8 with bare line feeds":         strings.ReplaceAll(file, "\r\n", "\n"),
		"UTF-8 with blank lines on top":      "\r\n\r\n" + file,
		"UTF-16 cut off in the last newline": "\xff\xfe" + strings.TrimSuffix(utf16Bytes(file, binary.LittleEndian), "\n\x00"),
	} {
		t.Run(name, func(t *testing.T) {
			s := parse(t, body)
			if len(s.Rows) != 1 || len(s.Problems) != 0 {
				t.Fatalf("got %q", seen(s))
			}
			if got, want := s.Rows[0].Text("name"), "Œnothèque « Été » – 5 €"; got != want {
				t.Errorf("name %q, want %q", got, want)
			}
			if d, err := s.Rows[0].Date("start"); d != "2027-02-28" || err != nil {
				t.Errorf("start %q, %v", d, err)
			}
		})
	}
}

func TestOneDamagedByteCostsItsRowAndNotTheEncoding(t *testing.T) {
	s := parse(t, "ID du contrat;Nom\n800A;Béranger\n800B;B\xe9ranger\n800C;Généré\n")
	want := []string{"2: 800A|Béranger", "4: 800C|Généré", "3: name unreadable_character"}
	if diff := cmp.Diff(want, seen(s)); diff != "" {
		t.Error(diff)
	}
}

func TestSeparatorIsFoundInTheHeaderOutsideItsQuotes(t *testing.T) {
	for body, want := range map[string]rune{
		"Contract ID;Name\n":                       ';',
		"Contract ID,Name\n":                       ',',
		"Contract ID\tName\n":                      '\t',
		"\"Contract ID\";\"a, b, c, d\"\n1,2,3,4":  ';',
		"\"Contract ID\",\"a; \n; \"\"; b\"\n":     ',',
		"Contract ID\n1,2,3\n":                     ';',
		"\r\n\r\nContract ID,Name\n":               ',',
		"Contract ID\tPrice, net\tPrice, gross\nx": '\t',
	} {
		if got := parse(t, body).Comma; got != want {
			t.Errorf("%q: separator %q, want %q", body, got, want)
		}
	}
}

func TestLineNumbersArePhysicalLines(t *testing.T) {
	s := parse(t, "\nContract ID;\"No\ntes\";Name\r\n"+ // lines 2 and 3
		"a;x;\"two\r\nlines\"\r\n"+ // 4 and 5
		"\r\n;;\r\n"+ // 6 and 7: nothing stands there
		"b;x;one\n"+ // 8
		"c;x;\"thr\nee\n\"\n"+ // 9 to 11
		"d;x;one") // 12
	want := []string{"4: a|two\nlines", "8: b|one", "9: c|thr\nee", "12: d|one"}
	if diff := cmp.Diff(want, seen(s)); diff != "" {
		t.Error(diff)
	}
}

func TestHeaderIsMatchedWhateverItsCaseAccentsAndPunctuation(t *testing.T) {
	for _, title := range []string{"Nom de l'actif", "NOM DE L’ACTIF", "nom_de_l_actif", " Nom\u00a0de l'Actif ", "Nóm dè l-actif", "NomDeLActif", "'Nom de l'actif", "Nom de l'actif :"} {
		s := parse(t, "ID du contrat;\""+title+"\"\n1;found\n")
		if got := s.Rows[0].Text("name"); got != "found" {
			t.Errorf("%q was not taken for the name: %q", title, got)
		}
	}
	if s := parse(t, "ID du contrat;Nom de l'actif 2\n1;x\n"); s.Has("name") || s.Rows[0].Text("name") != "" {
		t.Error("another title was taken for the name")
	}
}

func TestLanguageOfTheHeaderIsThatOfMostTitles(t *testing.T) {
	for header, want := range map[string]text.Lang{
		"Contract ID,Name,URL":                    text.English,
		"ID du contrat;Nom;URL":                   text.French,
		"ID du contrat;Nom;Start Date;URL":        text.French,
		"Contract ID;Nom;URL":                     text.English, // a tie: the reading that never swaps a day
		"Contract ID,Something,Autre chose,Étage": text.English,
	} {
		if got := parse(t, header+"\n").Lang; got != want {
			t.Errorf("%s: %s, want %s", header, got, want)
		}
	}
}

func TestFileWithoutUsableHeaderIsRefusedWhole(t *testing.T) {
	strict := append([]Column{{Name: "end", English: []string{"End Date"}, French: []string{"Date de fin"}, Required: true}}, columns...)
	for _, test := range []struct {
		name, body, code string
		args             []fault.Arg
	}{
		{"empty", "", "empty_file", nil},
		{"blank", "\ufeff\r\n;;;\r\n \n", "empty_file", nil},
		{"NULs", "\x00\x00\x00\x00", "missing_column", []fault.Arg{fault.Text("columns", "End Date, Contract ID")}},
		{"JSON", `{"contractId": "x"}`, "header_unreadable", []fault.Arg{fault.Int("line", 1)}},
		{"a quote never closed", "Contract ID;\"Name\n1;2\n", "header_unreadable", []fault.Arg{fault.Int("line", 1)}},
		{"English, one lacking", "Contract ID,Name\n", "missing_column", []fault.Arg{fault.Text("columns", "End Date")}},
		{"French, both lacking", "Nom;Date de début\n", "missing_column", []fault.Arg{fault.Text("columns", "Date de fin, ID du contrat")}},
		{"the same title twice", "Contract ID,End Date,Contract Id\n", "duplicate_column", []fault.Arg{fault.Text("title", "Contract Id"), fault.Text("other", "Contract ID")}},
		{"one column in two languages", "Contract ID,End Date,Date de fin\n", "duplicate_column", []fault.Arg{fault.Text("title", "Date de fin"), fault.Text("other", "End Date")}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse([]byte(test.body), strict, 0)
			f, ok := fault.Of(err)
			if !ok {
				t.Fatalf("got %v", err)
			}
			if f.Kind != fault.Invalid || f.Code != test.code {
				t.Errorf("got %v, want %s", f, test.code)
			}
			if diff := cmp.Diff(test.args, f.Args); diff != "" {
				t.Error(diff)
			}
		})
	}
	if _, err := Parse([]byte("Contract ID,End Date,Other,Other,,\n"), strict, 0); err != nil {
		t.Errorf("unknown columns, even twice, are nobody's business: %v", err)
	}
}

func TestMoreRowsThanTheCallerTakesAreRefusedWithBothNumbers(t *testing.T) {
	const body = "Contract ID,Name\n1,a\n\n2,b\n3,\"b\"c\n\nprinted today\n"
	if _, err := Parse([]byte(body), columns, 3); err != nil {
		t.Errorf("3 rows of at most 3, with blank lines and a footer: %v", err)
	}
	_, err := Parse([]byte(body), columns, 2)
	f, ok := fault.Of(err)
	if !ok || f.Kind != fault.TooLarge || f.Code != "too_many_rows" {
		t.Fatalf("got %v", err)
	}
	if diff := cmp.Diff([]fault.Arg{fault.Int("max", 2), fault.Int("rows", 3)}, f.Args); diff != "" {
		t.Error(diff)
	}
}

func TestRowThatCannotBeReadCostsNoOtherRow(t *testing.T) {
	long := strings.Repeat("é", MaxCell)
	for _, test := range []struct {
		name, rows string
		want       []string
	}{
		{"a bare quote", "1,a\n2,b \"c\" d\n3,d", []string{"2: 1|a", "4: 3|d", "3:  broken_quote"}},
		{"text behind a closing quote", "1,\"b\"c\n2,d", []string{"3: 2|d", "2:  broken_quote"}},
		{"a quote never closed, nothing quoted behind", "1,\"a\n2,b\n3,c", []string{"3: 2|b", "4: 3|c", "2:  broken_quote"}},
		{"a quote never closed, all quoted behind", "\"1\",\"a\n\"2\",\"b\"\n\"3\",\"c\"", []string{"3: 2|b", "4: 3|c", "2:  broken_quote"}},
		{"two of them", "1,\"a\n2,b\n3,\"c\n4,d", []string{"3: 2|b", "5: 4|d", "2:  broken_quote", "4:  broken_quote"}},
		{"a quote closed by the next broken row", "1,\"a\n2,b\"\n3,c", []string{"2: 1|a\n2,b", "4: 3|c"}},
		{"cells beyond the header", "1,a,http://x,y\n2,b,,\n", []string{"3: 2|b", "2:  too_many_cells"}},
		{"more cells than titles, all empty", "1,a,http://x,,,", []string{"2: 1|a"}},
		{"cells left off at the end", "1\n2,b", []string{"2: 1|", "3: 2|b"}},
		{"a NUL", "1,a\x00b\n2,b", []string{"3: 2|b", "2: name control_character"}},
		{"an escape, and DEL", "1,\x1b[2J\n2,\x7f.", []string{"2: name control_character", "3: name control_character"}},
		{"a tab and a newline in quotes", "1,\"a\tb\nc\"", []string{"2: 1|a\tb\nc"}},
		{"a cell of 500 characters, and one of 501", "1," + long + "\n2,x" + long, []string{"2: 1|" + long, "3: name cell_too_long"}},
		{"spaces of every kind around a cell", "\u00a01 ,\u202f\u2003a b\u200b\ufeff\t", []string{"2: 1|a b"}},
		{"a carriage return at the very end", "1,a\n\r", []string{"2: 1|a"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := parse(t, "Contract ID,Name,URL,\n"+test.rows)
			if diff := cmp.Diff(test.want, seen(s)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUnknownColumnsAreNotLookedAt(t *testing.T) {
	s := parse(t, "Contract ID,Notes,Name\n1,\x01"+strings.Repeat("x", 2*MaxCell)+",a\n")
	if diff := cmp.Diff([]string{"2: 1|a"}, seen(s)); diff != "" {
		t.Error(diff)
	}
}

func TestReportsFooterIsNoRowAndAShortRowIsNoFooter(t *testing.T) {
	const full = "1;a;28/02/2027;u;v\n"
	for _, test := range []struct {
		name, rows string
		want       []string
	}{
		{"single cells behind a blank line", full + "\nReport\n\"Printed; today\"\n", []string{"2: 1|a"}},
		{"padded by a spreadsheet", full + ";;;;\nReport;;;;\n;;;;\nPrinted;;;;\n", []string{"2: 1|a"}},
		{"fewer than half of the cells", full + "\nTotal;12\n", []string{"2: 1|a"}},
		{"blank lines alone", full + "\n\n\n", []string{"2: 1|a"}},
		{"nothing but a footer", "\nReport\nPrinted\n", nil},
		{"a blank line between rows", full + "\n" + full, []string{"2: 1|a", "4: 1|a"}},
		{"a short row before the last full one", full + "\nshort\n" + full, []string{"2: 1|a", "4: short|", "5: 1|a"}},
		{"a short row that no blank line parts", full + "short\n", []string{"2: 1|a", "3: short|"}},
		{"a short row, then the footer", full + "short\n\nReport\n", []string{"2: 1|a", "3: short|"}},
		{"a broken row behind a blank line", full + "\nReport\n1;a\"b;c\n", []string{"2: 1|a", "4: Report|", "5:  broken_quote"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := parse(t, "ID du contrat;Nom;Date de début;URL;Autre\n"+test.rows)
			if diff := cmp.Diff(test.want, seen(s)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestProblemsOfCellsNameLineAndColumn(t *testing.T) {
	s := parse(t, "Contract ID,Name,Start Date\n1,-3,31/12/2027\n")
	_, err := s.Rows[0].Count("name")
	want := Problem{Line: 2, Column: "name", Code: "negative_number", Args: []fault.Arg{fault.Text("value", "-3")}}
	if diff := cmp.Diff(want, err); diff != "" {
		t.Error(diff)
	}
	_, err = s.Rows[0].Date("start")
	want = Problem{Line: 2, Column: "start", Code: "ambiguous_date", Args: []fault.Arg{fault.Text("value", "31/12/2027")}}
	if diff := cmp.Diff(want, err); diff != "" {
		t.Error(diff)
	}
	if got := s.Rows[0].Problem("id", "no_such_contract"); got.Line != 2 || got.Column != "id" {
		t.Errorf("got %+v", got)
	}
}

// Each problem is one that a person must be able to read, so its wording must be in the catalog in both languages.
func TestEveryProblemHasItsWording(t *testing.T) {
	var problems []Problem
	s := parse(t, "Contract ID,Name,URL\n1,a\"b\n2,b,c,d\n3,\x01\n4,\ufffd\n5,"+strings.Repeat("x", 501))
	problems = append(problems, s.Problems...)
	for _, cell := range []string{"", "x", "-3", "99999999999"} {
		_, err := Count(cell)
		problems = append(problems, err.(Problem))
	}
	for _, cell := range []string{"", "x", "31/02/2027", "12/25/2025", "2025-13-01", "01/01/0001"} {
		_, err := Date(cell, text.French)
		problems = append(problems, err.(Problem))
	}
	_, err := Date("01/02/2027", text.English)
	problems = append(problems, err.(Problem))
	known := text.Codes()
	for _, p := range problems {
		if !slices.Contains(known, p.Code) {
			t.Errorf("%s has no wording", p.Code)
			continue
		}
		en, fr := p.Say(text.English), p.Say(text.French)
		if en == fr || strings.Contains(en+fr, "%!") {
			t.Errorf("%s: %q, %q", p.Code, en, fr)
		}
	}
	for _, code := range []string{"empty_file", "header_unreadable", "missing_column", "duplicate_column", "too_many_rows", "row_too_large"} {
		if !slices.Contains(known, code) {
			t.Errorf("%s has no wording", code)
		}
	}
}
