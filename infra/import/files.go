package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/seatkeeper/seatkeeper/internal/intake"
	"github.com/seatkeeper/seatkeeper/internal/intake/sheet"
)

// errRejected: every file was gone through, and some rows were rejected. It is printed row by row, never as itself.
var errRejected = errors.New("rows were rejected")

// file is one file on its way.
type file struct {
	name   string
	sheet  *sheet.Sheet
	pieces []sheet.Piece
	sent   int    // pieces that were answered for
	sum    answer // what became of them, in the file's line numbers
}

// readFiles reads and cuts all files before anything is sent: what no call could take stops the command with nothing
// done.
func readFiles(names []string, kind intake.Kind) ([]*file, error) {
	columns, together, err := kind.Columns()
	if err != nil {
		return nil, err
	}
	var files []*file
	for _, name := range names {
		body, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		f := &file{name: name}
		if f.sheet, err = sheet.Parse(body, columns, 0); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if f.pieces, err = f.sheet.Cut(together, intake.MaxRows, intake.MaxBytes); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		files = append(files, f)
	}
	return files, nil
}

// sendAll sends the pieces of all files in their order, and stops at the first that is not answered.
func sendAll(ctx context.Context, to *client, files []*file, bar *progress) error {
	defer bar.done()
	for _, f := range files {
		for _, p := range f.pieces {
			bar.at(f)
			a, err := to.send(ctx, p.Body, bar.waiting)
			if err != nil {
				return f.stopped(ctx, err)
			}
			f.add(p, a)
			bar.add(p.Rows)
		}
	}
	return nil
}

// stopped says how far the file came.
func (f *file) stopped(ctx context.Context, err error) error {
	p := f.pieces[f.sent]
	if ctx.Err() != nil {
		err = errors.New("interrupted")
	}
	return fmt.Errorf("%s: stopped at line %d, after %d of %d pieces: %w", f.name, p.FirstLine, f.sent, len(f.pieces), err)
}

// add sums up a piece's answer in the file's own line numbers.
func (f *file) add(p sheet.Piece, a answer) {
	f.sent++
	f.sum.Created += a.Created
	f.sum.Changed += a.Changed
	f.sum.Unchanged += a.Unchanged
	f.sum.Skipped += a.Skipped
	f.sum.Rejected += a.Rejected
	inFile := func(findings []finding) []finding {
		for i := range findings {
			findings[i].Line = p.FileLine(findings[i].Line)
		}
		return findings
	}
	f.sum.Rejections = append(f.sum.Rejections, inFile(a.Rejections)...)
	f.sum.Warnings = append(f.sum.Warnings, inFile(a.Warnings)...)
}

// progress shows how many rows are done, to a person at a terminal and to nobody else.
type progress struct{ bar *progressbar.ProgressBar }

func newProgress(out io.Writer, files []*file) *progress {
	rows := 0
	for _, f := range files {
		rows += f.sheet.Len()
	}
	at, isFile := out.(*os.File)
	return &progress{progressbar.NewOptions(rows, progressbar.OptionSetWriter(out), progressbar.OptionShowCount(),
		progressbar.OptionSetItsString("rows"), progressbar.OptionShowIts(), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetVisibility(isFile && term.IsTerminal(int(at.Fd()))))}
}

// A bar that cannot be drawn is no reason to stop an import: its errors are dropped on purpose, here alone.
func (p *progress) at(f *file)   { p.bar.Describe(plain(filepath.Base(f.name))) }
func (p *progress) add(rows int) { _ = p.bar.Add(rows) }
func (p *progress) done()        { _ = p.bar.Finish() }
func (p *progress) waiting(d time.Duration) {
	p.bar.Describe("busy, again in " + d.Round(time.Second/10).String())
}
