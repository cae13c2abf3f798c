package sheet

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/csv"
)

func TestCellThatWasMadeHarmlessIsReadAsItWas(t *testing.T) {
	s := parse(t, "Contract ID,Name\n1,'=1+1\n2,=1+1\n")
	if diff := cmp.Diff([]string{"2: 1|=1+1", "3: 2|=1+1"}, seen(s)); diff != "" {
		t.Error(diff)
	}
}

func TestWriterWritesWhatParseReads(t *testing.T) {
	for _, comma := range []rune{';', ',', '\t'} {
		var out bytes.Buffer
		w := csv.NewWriter(&out, comma)
		for _, row := range [][]csv.Cell{{csv.Text("Contract ID"), csv.Text("Name")}, {csv.Number(-3), csv.Text("-3")}, {csv.Text("a;b,c\td"), csv.Text("\"x\"\n=1")}, {csv.Text("é"), {}}} {
			if err := w.Write(row...); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		if want := "\ufeffContract ID" + string(comma) + "Name\n-3" + string(comma) + "'-3\n"; !strings.HasPrefix(out.String(), want) {
			t.Errorf("got %q, want it to begin with %q", out.String(), want)
		}
		s := parse(t, out.String())
		if diff := cmp.Diff([]string{"2: -3|-3", "3: a;b,c\td|\"x\"\n=1", "5: é|"}, seen(s)); diff != "" || s.Comma != comma {
			t.Errorf("separator %q: %s", s.Comma, diff)
		}
	}
}

func TestRejectedRowsComeBackInTheirOwnCellsWithLineColumnAndReason(t *testing.T) {
	s := parse(t, "ID du contrat;Nom;Notes;\n1;a;b\n\"2\";\" =x \";\"quoted; \"\"note\"\"\"\n3;\"never closed;x\n4;'-3;y\n")
	titles := RejectionTitles{Line: "Ligne", Column: "Colonne", Reason: "Motif"}
	out, err := s.Rejected(titles, []Rejection{
		{Line: 5, Column: "name", Reason: "Ce nom est pris."},
		{Line: 3, Column: "name", Reason: "=Non."},
		{Line: 4, Reason: "Guillemets."},
		{Line: 5, Column: "id", Reason: "Pas un identifiant."},
		{Line: 99, Reason: "Ligne inconnue."},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "\ufeffID du contrat;Nom;Notes;Ligne;Colonne;Motif\n" +
		"2;' =x ;\"quoted; \"\"note\"\"\";3;Nom;'=Non.\n" +
		"\"3;\"\"never closed;x\";;;4;;Guillemets.\n" +
		"4;'-3;y;5;Nom, ID du contrat;Ce nom est pris. Pas un identifiant.\n" +
		";;;99;;Ligne inconnue.\n"
	if diff := cmp.Diff(want, string(out)); diff != "" {
		t.Error(diff)
	}

	// The file is sent again, and one row is still wrong: it has the same columns, not six new ones.
	again, err := parse(t, string(out)).Rejected(titles, []Rejection{{Line: 2, Column: "name", Reason: "Toujours non."}})
	if err != nil {
		t.Fatal(err)
	}
	want = "\ufeffID du contrat;Nom;Notes;Ligne;Colonne;Motif\n2;' =x ;\"quoted; \"\"note\"\"\";2;Nom;Toujours non.\n"
	if diff := cmp.Diff(want, string(again)); diff != "" {
		t.Error(diff)
	}
}

func TestRejectedRowWithMovedCellsIsNotTakenWhenItIsSentAgainUnmended(t *testing.T) {
	s := parse(t, "Contract ID,Name,\n1,a, b,\n")
	out, err := s.Rejected(RejectionTitles{"Line", "Column", "Reason"}, []Rejection{{Line: 2, Reason: "Too many cells."}})
	if err != nil {
		t.Fatal(err)
	}
	want := "\ufeffContract ID,Name,Line,Column,Reason\n\"1,a, b,\",,2,,Too many cells.\n"
	if diff := cmp.Diff(want, string(out)); diff != "" {
		t.Error(diff)
	}
}
