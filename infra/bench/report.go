package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// report is everything that was measured, as JSON.
type report struct {
	Machine string    `json:"machine"`
	Tables  []figures `json:"tables"`
}

// figures are one table. A row has a cell for each of the columns.
type figures struct {
	Table   string     `json:"table"`
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"-"`
	Notes   []string   `json:"notes,omitempty"`
}

// tabulate reads a table from its lines, whose cells end in a tab each.
func tabulate(noun, head, lines string, notes []string) figures {
	t := figures{Table: noun, Columns: cells(head), Notes: notes}
	for line := range strings.Lines(lines) {
		t.Rows = append(t.Rows, cells(strings.TrimSuffix(line, "\n")))
	}
	return t
}

func cells(line string) []string { return strings.Split(strings.TrimSuffix(line, "\t"), "\t") }

// MarshalJSON gives each row as an object by column; a cell that is a number is one.
func (t figures) MarshalJSON() ([]byte, error) {
	rows := make([]map[string]any, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = map[string]any{}
		for at, cell := range row {
			rows[i][t.Columns[at]] = cell
			if n := json.Number(cell); json.Valid([]byte(cell)) && cell != "" {
				rows[i][t.Columns[at]] = n
			}
		}
	}
	type plain figures // without this method
	return json.Marshal(struct {
		plain
		Rows []map[string]any `json:"rows"`
	}{plain(t), rows})
}

// print writes the table for people, and ends with its notes. Columns are as wide as their widest cell.
func (t figures) print(to io.Writer) error {
	out := tabwriter.NewWriter(to, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range append([][]string{t.Columns}, t.Rows...) {
		fmt.Fprintf(out, "%s\t\n", strings.Join(row, "\t"))
	}
	fmt.Fprintln(to)
	if err := out.Flush(); err != nil {
		return err
	}
	for _, note := range t.Notes {
		fmt.Fprintln(to, note)
	}
	return nil
}
