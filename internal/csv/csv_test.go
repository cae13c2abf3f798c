package csv

import (
	"io"
	"testing"
)

func TestCellThatASpreadsheetWouldRunIsMadeHarmlessAndReadBackUnharmed(t *testing.T) {
	for cell, want := range map[string]string{
		`=HYPERLINK("http://x")`: `'=HYPERLINK("http://x")`,
		"+33 1 23 45 67 89":      "'+33 1 23 45 67 89",
		"-3":                     "'-3",
		"@SUM(A1)":               "'@SUM(A1)",
		"\t=1":                   "'\t=1",
		"\r=1":                   "'\r=1",
		"  =1":                   "'  =1",
		"'=1":                    "''=1",
		"''-":                    "'''-",
		"O'Neill":                "O'Neill",
		"'t Hooft":               "'t Hooft",
		"a=b":                    "a=b",
		"":                       "",
		"'":                      "'",
	} {
		if got := Escape(cell); got != want {
			t.Errorf("%q is written as %q, want %q", cell, got, want)
		}
		if got := Unescape(Escape(cell)); got != cell {
			t.Errorf("%q is read back as %q", cell, got)
		}
	}
}

// failing is a connection that is gone after some writes.
type failing struct{ after int }

func (f *failing) Write(b []byte) (int, error) {
	if f.after--; f.after < 0 {
		return 0, io.ErrClosedPipe
	}
	return len(b), nil
}

func TestWriterTellsThatNothingArrived(t *testing.T) {
	w := NewWriter(&failing{}, ';')
	if err := w.Write(Text("x")); err == nil {
		t.Error("a failed byte order mark went unnoticed")
	}
	w = NewWriter(&failing{after: 1}, ';')
	if err := w.Write(Text("x")); err == nil && w.Flush() == nil {
		t.Error("a failed row went unnoticed")
	}
}
