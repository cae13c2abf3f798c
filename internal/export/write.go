package export

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/alert"
	"github.com/seatkeeper/seatkeeper/internal/csv"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/files"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// Worker writes the files of exports.
type Worker struct {
	store    *Store
	accounts *account.Store
	alerts   *alert.List
	shelf    files.Shelf
	now      func() time.Time
}

// NewWorker puts them onto a shelf.
func NewWorker(s *Store, accounts *account.Store, alerts *alert.List, shelf files.Shelf, now func() time.Time) *Worker {
	return &Worker{s, accounts, alerts, shelf, now}
}

// Run writes the file of an export, if nobody has: 1 Get and 1 write, 2 Query for each MB of the account (once for the
// spreadsheet, once for the whole rows), 1 transaction of 2. It may be run again at any time, also while it runs: the file
// is replaced as a whole, and only the try that began last says that it is ready. An error has it run again.
func (w *Worker) Run(ctx context.Context, a id.Account, of id.Export) error {
	e, was, goOn, err := w.store.begun(ctx, a, of, w.now())
	if err != nil || !goOn {
		return err
	}
	acc, err := w.accounts.Get(ctx, a)
	if err != nil {
		return err
	}
	size, err := w.shelf.Put(ctx, e.file(a), func(out io.Writer) error { return w.write(ctx, acc, out) })
	if err != nil {
		return err
	}
	return w.store.end(ctx, a, e, was, Ready, size, w.now())
}

// write writes the zip: of it, one page of rows is in memory at a time.
func (w *Worker) write(ctx context.Context, acc account.Account, out io.Writer) error {
	now := w.now()
	z := zip.NewWriter(out)
	for _, p := range parts(acc.ID, acc.CreatedAt, now) {
		rows := func(each func(row) error) error { return w.rows(ctx, p, each) }
		if err := entries(z, p.name, p.columns, now, comma(acc), rows); err != nil {
			return fmt.Errorf("export %s: %w", p.name, err)
		}
	}
	rows := func(each func(row) error) error { return w.standing(ctx, acc, now, each) }
	if err := entries(z, "alerts", alertColumns, now, comma(acc), rows); err != nil {
		return fmt.Errorf("export alerts: %w", err)
	}
	return z.Close()
}

// comma is the separator that the spreadsheets of the account's language expect.
func comma(acc account.Account) rune {
	if text.Match("", acc.Locale) == text.French {
		return ';'
	}
	return ','
}

// row is what is known of one thing, by name.
type row = map[string]any

// pageSize is how many rows are read at once; a Query ends at 1 MB all the same.
const pageSize = 1000

// rows reads a part.
func (w *Worker) rows(ctx context.Context, p part, each func(row) error) error {
	for _, q := range p.stretches {
		q.Limit = pageSize
		for more := true; more; {
			var items []table.Item
			var err error
			items, more, err = w.store.table.Query(ctx, q)
			if err != nil {
				return err
			}
			for _, item := range items {
				facts := table.Facts(item)
				facts[place] = table.Place(item)
				conceal(facts)
				if err := each(facts); err != nil {
					return err
				}
			}
			if len(items) > 0 {
				q.After = table.At(items[len(items)-1], q.Index)
			}
		}
	}
	return nil
}

// never is how a row keeps an instant that has not come.
const never = "0001-01-01T00:00:00Z"

// conceal takes out from where the vendor's or the partner's staff called, which is no business of the account's people
// (package activity), wherever a row says who did something; and who somebody was who is being erased, which their row keeps
// until others' rows have forgotten them (package user). An instant that has not come is left out.
func conceal(v any) {
	switch v := v.(type) {
	case row:
		if kind, _ := v["kind"].(string); kind == string(access.Operator) || kind == string(access.Partner) {
			delete(v, "ip")
			delete(v, "agent")
		}
		if v["state"] == string(user.Erasing) {
			delete(v, "erase")
		}
		for name, inner := range v {
			if inner == never {
				delete(v, name)
			}
			conceal(inner)
		}
	case []any:
		for _, inner := range v {
			conceal(inner)
		}
	}
}

var alertColumns = []string{"kind", "severity", "contractId", "contractName", "expiryDate", "productId", "used", "limit", "mapped", "purchased"}

// standing reads the alerts as they stand.
func (w *Worker) standing(ctx context.Context, acc account.Account, now time.Time, each func(row) error) error {
	today := acc.Today(now)
	var after *alert.Position
	for {
		page, next, err := w.alerts.Page(ctx, acc.ID, today, after, pageSize)
		if err != nil {
			return err
		}
		for _, s := range page {
			r := row{"kind": string(s.Kind), "severity": string(s.Severity(today)), "contractId": string(s.Contract.ID), "contractName": s.Contract.Name}
			switch s.Kind {
			case alert.ContractExpiring:
				r["expiryDate"] = string(s.Contract.Expiry)
			case alert.SystemsOver:
				r["mapped"], r["purchased"] = s.Contract.Mapped, s.Contract.Purchased
			default:
				r["productId"], r["used"], r["limit"] = s.Line.Product, s.Line.Used, s.Line.Limit
			}
			if err := each(r); err != nil {
				return err
			}
		}
		if after = next; after == nil {
			return nil
		}
	}
}

// entries writes a part twice: as a table, in which what has parts of its own stands as JSON, and as a list of the whole
// rows. A zip takes one file after the other, so the rows are read for each; what changes between is in one alone.
func entries(z *zip.Writer, name string, columns []string, now time.Time, comma rune, rows func(each func(row) error) error) error {
	sheet, err := z.CreateHeader(&zip.FileHeader{Name: name + ".csv", Method: zip.Deflate, Modified: now})
	if err != nil {
		return err
	}
	table := csv.NewWriter(sheet, comma)
	titles := make([]csv.Cell, len(columns))
	for i, c := range columns {
		titles[i] = csv.Text(c)
	}
	if err := table.Write(titles...); err != nil {
		return err
	}
	err = rows(func(r row) error {
		cells := make([]csv.Cell, len(columns))
		for i, c := range columns {
			if cells[i], err = cell(r[c]); err != nil {
				return err
			}
		}
		return table.Write(cells...)
	})
	if err == nil {
		err = table.Flush()
	}
	if err != nil {
		return err
	}
	list, err := z.CreateHeader(&zip.FileHeader{Name: name + ".json", Method: zip.Deflate, Modified: now})
	if err != nil {
		return err
	}
	return listed(list, rows)
}

// cell is a value in a spreadsheet.
func cell(v any) (csv.Cell, error) {
	switch v := v.(type) {
	case nil:
		return csv.Cell{}, nil
	case string:
		return csv.Text(v), nil
	case int:
		return csv.Number(v), nil
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return csv.Number(int(n)), nil
		}
		return csv.Text(v.String()), nil
	default:
		written, err := encoded(v)
		return csv.Text(string(bytes.TrimSpace(written))), err
	}
}

func encoded(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

// listed writes rows as one JSON array, a row a line.
func listed(out io.Writer, rows func(each func(row) error) error) error {
	before := "[\n"
	err := rows(func(r row) error {
		delete(r, "rev") // how often it was written
		line, err := encoded(r)
		if err != nil {
			return err
		}
		_, err = out.Write(append([]byte(before), bytes.TrimSpace(line)...))
		before = ",\n"
		return err
	})
	if err != nil {
		return err
	}
	if before == "[\n" {
		_, err = io.WriteString(out, "[]\n")
		return err
	}
	_, err = io.WriteString(out, "\n]\n")
	return err
}
