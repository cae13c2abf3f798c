package intake

import (
	"context"
	"fmt"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/intake/sheet"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// The limits of one call; the import command cuts larger files.
const (
	MaxRows  = 250
	MaxBytes = 1 << 20
)

// Kind is what a file holds.
type Kind string

// The kinds.
const (
	Contracts Kind = "contracts"
	Systems   Kind = "systems"
	Users     Kind = "users"
	Products  Kind = "products"
)

// Columns are the columns of a kind of file, and the one whose rows belong together.
func (k Kind) Columns() (columns []sheet.Column, together string, err error) {
	switch k {
	case Contracts:
		return ContractColumns(), "contractId", nil
	case Systems:
		return SystemColumns(), "systemId", nil
	case Users:
		return UserColumns(), "email", nil
	case Products:
		return ProductColumns(), "productCode", nil
	default:
		return nil, "", fmt.Errorf("kind of file %q: it is contracts, systems, users or products", k)
	}
}

// Report is what became of a file. The counts are of rows: each counts as what became of its contract, system or
// person, so they add up to the rows of the file.
type Report struct {
	Counts     map[Result]int
	Rejections []sheet.Problem
	Warnings   []sheet.Problem
	sheet      *sheet.Sheet
}

// File takes over a file. Rows that are wrong are rejected, one by one; the others stand.
func (s *Service) File(ctx context.Context, in Terms, kind Kind, body []byte) (Report, error) {
	columns, _, err := kind.Columns()
	if err != nil {
		return Report{}, err
	}
	parsed, err := sheet.Parse(body, columns, MaxRows)
	if err != nil {
		return Report{}, err
	}
	f := &file{service: s, in: in, known: images{}, report: Report{Counts: map[Result]int{}, sheet: parsed}}
	for _, p := range parsed.Problems {
		f.reject(p)
	}
	switch kind {
	case Contracts:
		err = f.contracts(ctx, parsed.Rows)
	case Systems:
		err = f.systems(ctx, parsed.Rows)
	case Users:
		err = f.users(ctx, parsed.Rows)
	default:
		err = f.products(ctx, parsed.Rows)
	}
	for _, found := range [][]sheet.Problem{f.report.Rejections, f.report.Warnings} {
		slices.SortStableFunc(found, func(a, b sheet.Problem) int { return a.Line - b.Line })
	}
	return f.report, err
}

// RejectedCSV is the file of the rejected rows with the reasons, in a language; empty where there are none.
func (r Report) RejectedCSV(lang text.Lang) (string, error) {
	if len(r.Rejections) == 0 {
		return "", nil
	}
	rejections := make([]sheet.Rejection, len(r.Rejections))
	for i, p := range r.Rejections {
		rejections[i] = sheet.Rejection{Line: p.Line, Column: p.Column, Reason: p.Say(lang)}
	}
	titles := sheet.RejectionTitles{Line: text.Say(lang, "rejected_line"), Column: text.Say(lang, "rejected_column"), Reason: text.Say(lang, "rejected_reason")}
	out, err := r.sheet.Rejected(titles, rejections)
	return string(out), err
}

// file is a file on its way in.
type file struct {
	service *Service
	in      Terms
	known   images
	report  Report
}

// reject counts a row as rejected, with all that is wrong with it.
func (f *file) reject(problems ...sheet.Problem) {
	f.report.Counts[Rejected]++
	f.report.Rejections = append(f.report.Rejections, problems...)
}

// settle counts rows as what became of their record.
func (f *file) settle(rows []sheet.Row, out outcome) {
	for _, row := range rows {
		if r := out.rejected; r != nil {
			f.reject(row.Problem(r.Column, r.Code, r.Args...))
			continue
		}
		f.report.Counts[out.result]++
		if w := out.warning; w != nil {
			f.report.Warnings = append(f.report.Warnings, row.Problem(w.Column, w.Code, w.Args...))
		}
	}
}

// contracts takes over the rows of contracts: those of one contract together, wherever they stand.
func (f *file) contracts(ctx context.Context, rows []sheet.Row) error {
	good, refused := groupRows(f, rows, contractRow, func(r ContractRecord) id.CRM { return r.Contract })
	records := make([]ContractRecord, 0, len(good.order))
	kept := make(map[id.CRM][]sheet.Row, len(good.order))
	for _, crm := range good.order {
		g := good.groups[crm]
		rec, rejected := joinRows(g.records)
		for i, row := range g.rows {
			if why, ok := rejected[i]; ok {
				f.reject(row.Problem(why.Column, why.Code, why.Args...))
				continue
			}
			kept[crm] = append(kept[crm], row)
		}
		records = append(records, rec)
	}
	if err := f.service.loadContracts(ctx, f.in, f.known, false, records...); err != nil {
		return err
	}
	for _, rec := range records {
		out, err := f.service.takeContract(ctx, f.in, f.known, rec)
		if err != nil {
			return err
		}
		f.settle(kept[rec.Contract], out)
	}
	return f.remember(ctx, refused)
}

// remember notes the contracts that the CRM has and whose rows were all rejected, so that the rows of their systems are
// not. 1 batch, and a write for each that was not noted before.
func (f *file) remember(ctx context.Context, refused []id.CRM) error {
	keys := make([]table.Key, len(refused))
	for i, crm := range refused {
		keys[i] = table.CRMRecord(crm)
	}
	if err := f.service.fetch(ctx, f.known, false, keys...); err != nil {
		return err
	}
	for _, crm := range refused {
		h, err := f.known.heardOf(crm)
		if err != nil {
			return err
		}
		if h.was != nil {
			continue
		}
		h.ChangedAt = f.in.AsOf
		op, err := h.op()
		if err != nil {
			return err
		}
		if _, err := f.service.take(ctx, f.in, f.known, once(op), func() error { return nil }); err != nil {
			return err
		}
	}
	return nil
}

// once is the decision to write something unless it is there.
func once(op table.Op) func(images) (outcome, error) {
	tried := false
	return func(images) (outcome, error) {
		if tried {
			return outcome{}, nil
		}
		tried = true
		return outcome{ops: []table.Op{op}}, nil
	}
}

// systems takes over the rows of systems. The same row twice is one system; two rows that differ contradict each other.
func (f *file) systems(ctx context.Context, rows []sheet.Row) error {
	good, _ := groupRows(f, rows, systemRow, func(r SystemRecord) id.CRM { return r.System })
	var records []SystemRecord
	kept := make(map[id.CRM][]sheet.Row, len(good.order))
	for _, crm := range good.order {
		g := good.groups[crm]
		for i, row := range g.rows {
			if g.records[i] != g.records[0] {
				f.reject(row.Problem("systemId", "row_contradicts"))
				continue
			}
			kept[crm] = append(kept[crm], row)
		}
		records = append(records, g.records[0])
	}
	if err := f.service.loadSystems(ctx, f.in, f.known, false, records...); err != nil {
		return err
	}
	for _, rec := range records {
		out, err := f.service.takeSystem(ctx, f.in, f.known, rec)
		if err != nil {
			return err
		}
		f.settle(kept[rec.System], out)
	}
	return nil
}

// users takes over the rows of people. Of rows for one person the last counts.
func (f *file) users(ctx context.Context, rows []sheet.Row) error {
	good, _ := groupRows(f, rows, userRow, func(r userReading) table.Key { return r.key() })
	last := func(key table.Key) userReading { return good.groups[key].records[len(good.groups[key].records)-1] }
	var records []UserRecord
	for _, key := range good.order {
		records = append(records, last(key).UserRecord)
	}
	if err := f.service.loadUsers(ctx, f.in, f.known, false, records...); err != nil {
		return err
	}
	for i, key := range good.order {
		out, err := f.service.takeUser(ctx, f.in, f.known, records[i])
		if err != nil {
			return err
		}
		rows := good.groups[key].rows
		f.settle(rows, out)
		if out.rejected != nil || out.result == Skipped {
			continue // what was not taken has nothing to warn of
		}
		f.report.Warnings = append(f.report.Warnings, last(key).warnings...)
		if len(rows) > 1 {
			f.report.Warnings = append(f.report.Warnings, rows[len(rows)-1].Problem("email", "address_again", fault.Text("email", records[i].Email)))
		}
	}
	return nil
}

// grouped are a file's good rows by the CRM id or key that says whose they are, in the file's order.
type grouped[K comparable, R any] struct {
	order  []K
	groups map[K]*group[R]
}

type group[R any] struct {
	rows    []sheet.Row
	records []R
}

// groupRows reads rows and puts those of one id together; refused are the ids that only rejected rows have.
func groupRows[K comparable, R any](f *file, rows []sheet.Row, read func(*sheet.Sheet, sheet.Row) (R, []sheet.Problem), idOf func(R) K) (good grouped[K, R], refused []K) {
	good.groups = map[K]*group[R]{}
	var none K
	for _, row := range rows {
		rec, problems := read(f.report.sheet, row)
		of := idOf(rec)
		if len(problems) > 0 {
			f.reject(problems...)
			if of != none && !slices.Contains(refused, of) {
				refused = append(refused, of)
			}
			continue
		}
		g := good.groups[of]
		if g == nil {
			g = &group[R]{}
			good.groups[of], good.order = g, append(good.order, of)
		}
		g.rows, g.records = append(g.rows, row), append(g.records, rec)
	}
	return good, slices.DeleteFunc(refused, func(k K) bool { return good.groups[k] != nil })
}
