package sheet

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Whatever is sent: it is read or refused, every row keeps to its own line, and neither cutting the file nor writing
// its rejected rows changes what is in it.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"contracts-fr.csv", "contracts-en.csv", "systems-fr.csv"} {
		body, err := os.ReadFile(filepath.Join("..", "testdata", "samples", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body[:1500])
	}
	for _, seed := range []string{
		"Contract ID;Name\n1;\"a\n2;b\n\n3;c\n", "\xff\xfeC\x00o\x00", "Contract ID\n\x00\r\r\n\"", "Contract ID,Name\n,\n'=1,\"\"\"\"\n\nfoot",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		s, err := Parse(body, columns, 0)
		if err != nil {
			return
		}
		lines := strings.Count(decode(body), "\n") + 1
		last := 0
		for _, r := range s.records {
			if r.line <= last || r.line > lines {
				t.Fatalf("line %d after line %d, of %d", r.line, last, lines)
			}
			last = r.line
		}
		if len(s.Rows)+len(s.Problems) != s.Len() {
			t.Fatalf("%d rows and %d problems of %d records", len(s.Rows), len(s.Problems), s.Len())
		}
		pieces, err := s.Cut("id", 2, len(decode(body))+10)
		if err != nil {
			t.Fatalf("cut: %v", err)
		}
		rows, problems := replay(t, pieces)
		if diff := cmp.Diff(seen(s), append(rows, problems...)); diff != "" {
			t.Fatalf("cut changed the file:\n%s", diff)
		}
		rejectAll(t, s)
	})
}

// rejectAll writes every readable row as a rejected one: read back, it has the same texts.
func rejectAll(t *testing.T, s *Sheet) {
	t.Helper()
	var rejections []Rejection
	for _, r := range s.Rows {
		rejections = append(rejections, Rejection{Line: r.Line, Reason: "because"})
	}
	out, err := s.Rejected(RejectionTitles{"Line", "Column", "Reason"}, rejections)
	if err != nil {
		t.Fatalf("write rejected: %v", err)
	}
	again, err := Parse(out, columns, 0)
	if err != nil {
		t.Fatalf("read %q: %v", out, err)
	}
	if len(again.Rows) != len(s.Rows) {
		t.Fatalf("%d rows were written, %d read from %q", len(s.Rows), len(again.Rows), out)
	}
	for i, r := range again.Rows {
		for _, column := range []string{"id", "name", "start", "url"} {
			if got, want := r.Text(column), s.Rows[i].Text(column); got != want {
				t.Fatalf("%s %q was read back as %q", column, want, got)
			}
		}
	}
}

func FuzzCount(f *testing.F) {
	for _, seed := range []string{"0", "10 000", "10\u202f000", "3,5", "-3", "1'000", "10,00", "99999999999", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		n, err := Count(cell)
		switch {
		case err != nil && (n != 0 || code(err) == ""):
			t.Fatalf("%q: %d with %v", cell, n, err)
		case err == nil && (n < 0 || n > MaxCount || !strings.ContainsAny(cell, "0123456789")):
			t.Fatalf("%q was read as %d", cell, n)
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, seed := range []string{"2027-02-28", "28/02/2027", "12/25/2025", "31.02.2027", "28-2-2027", "2022- 7-08", "//", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		for _, lang := range text.Langs {
			d, err := Date(cell, lang)
			if (err == nil) == (d == "") {
				t.Fatalf("%q: %q with %v", cell, d, err)
			}
			if err != nil {
				continue
			}
			if exists, err := date.Parse(string(d)); err != nil || exists != d {
				t.Fatalf("%q was read as %q, which is no day", cell, d)
			}
			if lang == text.English && trim(cell) != string(d) {
				t.Fatalf("%q under English titles was read as %q", cell, d)
			}
		}
	})
}
