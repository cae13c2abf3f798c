package sheet

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/text"
)

func sample(t *testing.T, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("..", "testdata", "samples", name))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// Enough of the samples' columns to meet everything in them that is wrong as a text, whatever it means.
var sampleColumns = []Column{
	{Name: "accountId", English: []string{"Account ID"}, French: []string{"ID du compte"}, Required: true},
	{Name: "accountName", English: []string{"Account Name"}, French: []string{"Nom du compte"}},
	{Name: "contractId", English: []string{"Contract ID"}, French: []string{"ID du contrat"}},
	{Name: "start", English: []string{"Contract Start Date"}, French: []string{"Date de début du contrat"}},
	{Name: "end", English: []string{"Contract End Date"}, French: []string{"Date de fin du contrat"}},
	{Name: "purchased", English: []string{"Systems Purchased"}, French: []string{"Systèmes achetés"}},
	{Name: "seats", English: []string{"Seats"}, French: []string{"Nombre de sièges"}},
	{Name: "systemName", English: []string{"Asset Name"}, French: []string{"Nom de l'actif"}},
}

// wrong reads every number and day of a sheet and gives what is wrong, by line.
func wrong(s *Sheet) []string {
	var all []string
	note := func(err error) {
		if p, ok := err.(Problem); ok && p.Code != "cell_empty" {
			all = append(all, fmt.Sprintf("%d %s %s", p.Line, p.Column, p.Code))
		}
	}
	for _, p := range s.Problems {
		note(p)
	}
	for _, r := range s.Rows {
		for _, column := range []string{"start", "end"} {
			_, err := r.Date(column)
			note(err)
		}
		for _, column := range []string{"purchased", "seats"} {
			_, err := r.Count(column)
			note(err)
		}
	}
	return all
}

// EXPECTED.md lists more: what is wrong with ids, kinds and addresses is not a matter of reading.
func TestSamplesAreReadAsEXPECTEDSays(t *testing.T) {
	for _, test := range []struct {
		file string
		rows int
		lang text.Lang
		want []string
	}{
		{"contracts-fr.csv", 219, text.French, []string{"9 end no_such_day", "78 purchased negative_number", "101 purchased not_a_whole_number", "170 start no_such_month_day_first"}},
		{"contracts-en.csv", 66, text.English, nil},
		{"systems-fr.csv", 481, text.French, nil},
		{"users-en.csv", 360, text.English, nil},
	} {
		t.Run(test.file, func(t *testing.T) {
			s, err := Parse(sample(t, test.file), sampleColumns, 0)
			if err != nil {
				t.Fatal(err)
			}
			if len(s.Rows) != test.rows || s.Lang != test.lang {
				t.Errorf("%d rows under %s titles, want %d under %s", len(s.Rows), s.Lang, test.rows, test.lang)
			}
			if diff := cmp.Diff(test.want, wrong(s)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRowsOfTheSamplesThatAreFineAreReadWhole(t *testing.T) {
	contracts, err := Parse(sample(t, "contracts-fr.csv"), sampleColumns, 0)
	if err != nil {
		t.Fatal(err)
	}
	systems, err := Parse(sample(t, "systems-fr.csv"), sampleColumns, 0)
	if err != nil {
		t.Fatal(err)
	}
	at := func(s *Sheet, line int) Row { return s.Rows[line-2] } // no line of these files is dropped or doubled
	if n, err := at(contracts, 124).Count("seats"); n != 10000 || err != nil {
		t.Errorf("line 124: %d, %v", n, err)
	}
	for s, want := range map[*Sheet]map[int]string{
		contracts: {4: "Groupe Häberli; Suisse", 14: `Imprimerie "La Presse"`},
		systems:   {165: `=HYPERLINK("http://x")`},
	} {
		for line, name := range want {
			r := at(s, line)
			if got := r.Text("accountName") + r.Text("systemName"); got != name || r.Line != line {
				t.Errorf("line %d: %q at %d, want %q", line, got, r.Line, name)
			}
		}
	}
}

func TestPiecesOfTheSamplesReadLikeTheWholeFile(t *testing.T) {
	for _, file := range []string{"contracts-fr.csv", "systems-fr.csv"} {
		whole, err := Parse(sample(t, file), sampleColumns, 0)
		if err != nil {
			t.Fatal(err)
		}
		pieces, err := whole.Cut("contractId", 50, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		if len(pieces) < 5 {
			t.Errorf("%s: only %d pieces", file, len(pieces))
		}
		var got, want []string
		row := func(r Row, line int) string {
			return fmt.Sprint(line, r.Text("accountId"), r.Text("accountName"), r.Text("contractId"), r.Text("end"), r.Text("seats"), r.Text("systemName"))
		}
		for _, r := range whole.Rows {
			want = append(want, row(r, r.Line))
		}
		lastContract := ""
		for _, p := range pieces {
			s, err := Parse(p.Body, sampleColumns, 50)
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range s.Rows {
				if i == 0 && file == "contracts-fr.csv" && r.Text("contractId") == lastContract {
					t.Errorf("line %d: contract %s was cut", p.FileLine(r.Line), lastContract)
				}
				lastContract = r.Text("contractId")
				got = append(got, row(r, p.FileLine(r.Line)))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}
