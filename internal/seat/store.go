package seat

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// MaxTogether is how many users one transaction puts on seats: a seat and a holding for each, the line, the record and
// the kept answer. MaxPartial is how many a call takes that may be cut into several.
const (
	MaxTogether = 48
	MaxPartial  = 500
)

// rounds is how often a decision is made again on fresh rows (DATA.md, Guards).
const rounds = 5

// Store keeps seats.
type Store struct {
	table   *table.Table
	ids     *id.Maker
	catalog *catalog.Store
	// seatsOp is contract.SeatsOp; a test breaks it, to see that what checks histories finds that.
	seatsOp seatsOp
}

// seatsOp makes the write of seats that are assigned or given back on a line, under its guards.
type seatsOp func(id.Account, contract.LineRow, map[contract.PoolID]int, date.Date, time.Time) (table.Op, contract.Line, error)

// NewStore keeps them in t, held to the rules of products.
func NewStore(t *table.Table, ids *id.Maker, products *catalog.Store) *Store {
	return &Store{t, ids, products, contract.SeatsOp}
}

// Change is who changes seats, and when.
type Change struct {
	Account id.Account
	Today   date.Date // in the account's zone
	Now     time.Time
	By      activity.Author
}

// rows are rows as they were read.
type rows map[table.Key]table.Item

// read adds rows to those that are known: 1 call for each 100.
func (s *Store) read(ctx context.Context, known rows, keys ...table.Key) error {
	found, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return err
	}
	for _, k := range keys {
		known[k] = found[k]
	}
	return nil
}

// draft begins a transaction on what is known: lines of contracts and people's holdings.
func (s *Store) draft(ctx context.Context, ch Change, known rows, users []id.User, lines []table.Key) (*draft, error) {
	products, err := s.catalog.All(ctx, ch.Now)
	if err != nil {
		return nil, err
	}
	d := &draft{
		account: ch.Account, today: ch.Today, now: ch.Now, seatsOp: s.seatsOp, products: products, names: map[id.Contract]string{},
		lines: map[table.Key]*lineDraft{}, people: map[id.User]*personDraft{},
	}
	for _, u := range users {
		row, err := user.ReadHolding(known[table.Holding(ch.Account, u)])
		if err != nil {
			return nil, err
		}
		d.people[u] = &personDraft{row: row, now: row.Holding}
	}
	return d, d.know(known, lines)
}

// know adds lines that were read, with the names of their contracts; one that is not there stays unknown.
func (d *draft) know(known rows, lines []table.Key) error {
	for _, k := range lines {
		row, err := contract.ReadLine(known[k])
		if err != nil {
			return err
		}
		if !row.There() {
			continue
		}
		d.addLine(row)
		c, err := contract.Read(known[table.Contract(d.account, row.Contract)])
		if err != nil {
			return err
		}
		d.names[row.Contract] = c.Name
	}
	return nil
}

// poolKeys are the rows that say whether a pool that was named can be: none for the unassigned one.
func poolKeys(a id.Account, pools ...contract.PoolID) (keys []table.Key) {
	for _, pool := range pools {
		if pool != "" && pool != contract.Unassigned {
			keys = append(keys, table.CostCenter(a, pool.CostCenter()))
		}
	}
	return keys
}

// carries refuses a pool of a cost center that the account does not have (cost_center_unknown).
func (r rows) carries(a id.Account, pools ...contract.PoolID) error {
	for _, k := range poolKeys(a, pools...) {
		if r[k] == nil {
			return fault.New(fault.Invalid, "cost_center_unknown", fault.Text("costCenterId", k.SK))
		}
	}
	return nil
}

// write makes the draft's changes together with its record and what keep adds: a kept answer. again tells that somebody
// was faster: the draft is to be decided again on what is there now. Without changes only the answer is kept.
func (s *Store) write(ctx context.Context, d *draft, record activity.Record, keep []table.Op) (again bool, err error) {
	var ops []table.Op
	if !d.nothing() {
		if ops, err = d.ops(true); err != nil {
			return false, err
		}
		recorded, err := record.Op()
		if err != nil {
			return false, err
		}
		ops = append(ops, recorded)
	}
	firstKept := len(ops)
	if ops = append(ops, keep...); len(ops) == 0 {
		return false, nil
	}
	err = s.table.Write(ctx, ops...)
	var unmet *table.ConditionError
	if !errors.As(err, &unmet) {
		return false, err
	}
	if slices.ContainsFunc(unmet.Unmet, func(u table.Unmet) bool { return u.Op >= firstKept }) {
		return false, err // a twin's answer is there already: it is the one to give
	}
	return true, nil
}

func busy() error { return fault.New(fault.Busy, "busy").After(time.Second) }
