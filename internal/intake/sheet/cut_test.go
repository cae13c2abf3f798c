package sheet

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/fault"
)

// replay reads the pieces as the API would and gives what is seen, in the file's own line numbers.
func replay(t *testing.T, pieces []Piece) (rows, problems []string) {
	t.Helper()
	for _, p := range pieces {
		s := parse(t, string(p.Body))
		if s.Len() != p.Rows {
			t.Errorf("the piece of lines %d to %d says %d rows and has %d", p.FirstLine, p.LastLine, p.Rows, s.Len())
		}
		for i := range s.Rows {
			s.Rows[i].Line = p.FileLine(s.Rows[i].Line)
		}
		for i := range s.Problems {
			s.Problems[i].Line = p.FileLine(s.Problems[i].Line)
		}
		all := seen(s)
		rows, problems = append(rows, all[:len(s.Rows)]...), append(problems, all[len(s.Rows):]...)
	}
	return rows, problems
}

func TestCutKeepsTheRowsOfOneContractTogether(t *testing.T) {
	var file strings.Builder
	file.WriteString("Contract ID,Name\n")
	for i, contract := range []string{"a", "a", "b", "c", "c", "c", "c", "c", "d", "", "", "e", "f", "f", "", ""} {
		fmt.Fprintf(&file, "%s,%d\n", contract, i)
	}
	pieces, err := parse(t, file.String()).Cut("id", 3, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range pieces {
		var ids string
		for _, r := range parse(t, string(p.Body)).Rows {
			ids += r.Text("id") + "."
		}
		got = append(got, fmt.Sprintf("%d-%d %s", p.FirstLine, p.LastLine, ids))
	}
	// c has more rows than a piece takes; rows without a contract belong to none.
	if diff := cmp.Diff([]string{"2-4 a.a.b.", "5-7 c.c.c.", "8-10 c.c.d.", "11-13 ..e.", "14-16 f.f..", "17-17 ."}, got); diff != "" {
		t.Error(diff)
	}
}

func TestCutKeepsPiecesWithinTheirBytes(t *testing.T) {
	s := parse(t, "Contract ID,Name\r\n1,aaaa\r\n2,bbbb\r\n3,cccc\r\n")
	header := len("\ufeffContract ID,Name\r\n")
	pieces, err := s.Cut("id", 100, header+2*len("1,aaaa\r\n"))
	if err != nil || len(pieces) != 2 || pieces[0].Rows != 2 || pieces[1].Rows != 1 {
		t.Fatalf("%+v, %v", pieces, err)
	}
	if _, err = s.Cut("id", 100, header+len("1,aaaa\r\n")-1); !fault.Is(err, "row_too_large") {
		t.Errorf("a row that fits in no piece: %v", err)
	}
}

func TestLineNumbersOfAPieceMapToTheFiles(t *testing.T) {
	s := parse(t, "\nContract ID;\"No\ntes\";Name\n"+ // lines 2 and 3
		"a;x;\"two\nlines\"\n"+ // 4 and 5
		"\n;;\n"+ // 6 and 7
		"b;x;\"never closed\n"+ // 8
		"c;x;one\n"+ // 9
		"d;x;\"two\nlines\"\n"+ // 10 and 11
		"e;x;\x01\n"+ // 12
		"\nReport\n")
	pieces, err := s.Cut("id", 2, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	rows, problems := replay(t, pieces)
	if diff := cmp.Diff([]string{"4: a|two\nlines", "9: c|one", "10: d|two\nlines"}, rows); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"8:  broken_quote", "12: name control_character"}, problems); diff != "" {
		t.Error(diff)
	}
	p := pieces[0]
	var lines []int
	for line := range len(p.lines) + 3 {
		lines = append(lines, p.FileLine(line))
	}
	if diff := cmp.Diff([]int{0, 2, 3, 4, 5, 8, 0, 0}, lines); diff != "" {
		t.Error(diff)
	}
}

func TestFileWithoutRowsHasNoPieces(t *testing.T) {
	if pieces, err := parse(t, "Contract ID,Name\n\nReport\n").Cut("id", 10, 1000); len(pieces) != 0 || err != nil {
		t.Errorf("%v, %v", pieces, err)
	}
}
