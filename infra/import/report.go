package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/seatkeeper/seatkeeper/internal/intake/sheet"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// report prints what became of each file.
func report(out io.Writer, files []*file, dryRun bool, lang text.Lang) {
	for _, f := range files {
		rows := 0
		for _, p := range f.pieces[:f.sent] {
			rows += p.Rows
		}
		fmt.Fprintf(out, "%s: %d of %d rows\n", plain(f.name), rows, f.sheet.Len())
		fmt.Fprintf(out, "  created %d · changed %d · unchanged %d · skipped %d · rejected %d\n",
			f.sum.Created, f.sum.Changed, f.sum.Unchanged, f.sum.Skipped, f.sum.Rejected)
		f.list(out, "rejected", f.sum.Rejections)
		f.list(out, "warnings", f.sum.Warnings)
	}
	if dryRun {
		fmt.Fprintln(out, "Dry run: nothing was written.")
	}
}

// list prints findings as "line 9 · Contract End Date: why", under the title that the file itself uses.
func (f *file) list(out io.Writer, heading string, findings []finding) {
	if len(findings) == 0 {
		return
	}
	fmt.Fprintf(out, "  %s:\n", heading)
	for _, one := range findings {
		where := ""
		if one.Column != "" {
			where = " · " + f.sheet.Title(one.Column)
		}
		why := one.Detail
		if why == "" {
			why = one.Code
		}
		fmt.Fprintln(out, plain(fmt.Sprintf("    line %d%s: %s", one.Line, where, why)))
	}
}

// writeRejected writes the rejected rows of the one file, if that was asked for and there are any.
func (c command) writeRejected(out io.Writer, files []*file, lang text.Lang) error {
	if c.Rejected == "" {
		return nil
	}
	f := files[0]
	if len(f.sum.Rejections) == 0 {
		fmt.Fprintf(out, "No row was rejected, so %s was not written.\n", plain(c.Rejected))
		return nil
	}
	var rejections []sheet.Rejection
	for _, one := range f.sum.Rejections {
		rejections = append(rejections, sheet.Rejection{Line: one.Line, Column: one.Column, Reason: one.Detail})
	}
	body, err := f.sheet.Rejected(sheet.RejectionTitles{Line: text.Say(lang, "rejected_line"), Column: text.Say(lang, "rejected_column"), Reason: text.Say(lang, "rejected_reason")}, rejections)
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.Rejected, body, 0o600); err != nil { // customers' names: for who ran it
		return fmt.Errorf("write the rejected rows: %w", err)
	}
	fmt.Fprintf(out, "The rejected rows are in %s.\n", plain(c.Rejected))
	return nil
}

// plain keeps what files and servers say from steering the terminal.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return ' '
		}
		return r
	}, s)
}
