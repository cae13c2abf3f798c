// Package removal owns how licences leave stock: what can be removed of a line, from when on, the removals that wait for
// their day, that they can be withdrawn, and how a new purchase uses them up (FEATURES.md, Buying). It does not own the
// lines and their pools (package contract), nor who finds what is due (package sweep).
package removal

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// State is how far a removal is.
type State string

// The states. The last three are final.
const (
	Pending   State = "pending"
	Applied   State = "applied"
	Withdrawn State = "withdrawn"
	UsedUp    State = "used_up" // a new purchase took all of it back
)

// Removal takes licences of one line out of stock at once, and off the bill from Effective on.
type Removal struct {
	ID           id.Removal  `dynamodbav:"id"`
	Contract     id.Contract `dynamodbav:"contract"`
	ContractName string      `dynamodbav:"contractName"`
	Product      string      `dynamodbav:"product"`
	ProductName  string      `dynamodbav:"productName"`
	// Period is what they are billed by: monthly, or until the contract's end (yearly).
	Period catalog.Period `dynamodbav:"period,omitempty"`
	// Counts are the seats that it is about now, by pool: those that wait, that were applied, or that were withdrawn.
	// Quantity is what was asked for; what purchases took back is the difference.
	Counts   map[contract.PoolID]int `dynamodbav:"counts,omitempty"`
	Quantity int                     `dynamodbav:"quantity"`
	// Effective is the first day that they are not billed.
	Effective date.Date       `dynamodbav:"effective"`
	State     State           `dynamodbav:"state"`
	By        activity.Author `dynamodbav:"by"`
	CreatedAt time.Time       `dynamodbav:"createdAt"`
	// EndedAt is when it was applied, withdrawn or used up.
	EndedAt time.Time `dynamodbav:"endedAt,omitempty"`
	Rev     int       `dynamodbav:"rev"`
}

// by is what its seats are billed by. One from before that was known counts from the contract's end.
func (r Removal) by() catalog.Period { return cmp.Or(r.Period, catalog.Yearly) }

// Left is how many seats it is about now.
func (r Removal) Left() int {
	n := 0
	for _, k := range r.Counts {
		n += k
	}
	return n
}

// open tells whether it can still be taken back on a day: its licences are billed until the day before it counts.
func (r Removal) open(today date.Date) bool { return r.State == Pending && today < r.Effective }

// Thing is the removal as activity names it.
func (r Removal) Thing() activity.Thing {
	return activity.Thing{Noun: "removal", ID: string(r.ID), Name: r.ProductName}
}

// Row is a removal as it was read: what it says, and the row that a change is made over.
type Row struct {
	Removal
	was table.Item
}

// Read understands a row.
func Read(item table.Item) (Row, error) {
	r := Row{was: item}
	return r, table.Decode(item, &r.Removal)
}

// Taken is what a purchase takes back of pending removals.
type Taken struct {
	// Counts are the seats that come back into stock, by pool: contract.Line.Rebought is given them.
	Counts map[contract.PoolID]int
	// Changed are the removals as they are then.
	Changed []Row
}

// Total is how many seats come back.
func (t Taken) Total() int { return Removal{Counts: t.Counts}.Left() }

// Charge is what a purchase charges for at once: a period's part from today, included, until a day, not included.
type Charge struct {
	Period       catalog.Period
	Today, Until date.Date
}

// covers tells whether the removal's seats are billed for all that a purchase charges for.
func (r Removal) covers(c Charge) bool {
	return r.by() == c.Period && r.Effective >= c.Until
}

// Take takes n seats back of removals, fewer where fewer are pending: of the first row first, so of the youngest where the
// rows are as Store.Pending reads them, and within one in the order of its pools. One that is due today is off the bill,
// applied or not yet, and is left alone; so is one whose seats are billed by another period, or for a shorter time than the
// purchase charges for: they would be free for the rest of it. A removal that nothing is left of is used up at that instant.
func Take(rows []Row, n int, c Charge, now time.Time) Taken {
	t := Taken{Counts: map[contract.PoolID]int{}}
	for _, row := range rows {
		if n <= 0 {
			break
		}
		if !row.open(c.Today) || !row.covers(c) {
			continue
		}
		row.Counts = maps.Clone(row.Counts)
		for _, pool := range slices.Sorted(maps.Keys(row.Counts)) {
			k := min(n, row.Counts[pool])
			if k <= 0 {
				continue
			}
			n -= k
			t.Counts[pool] += k
			if row.Counts[pool] -= k; row.Counts[pool] == 0 {
				delete(row.Counts, pool)
			}
		}
		if row.Left() == 0 {
			row.State, row.EndedAt = UsedUp, now.UTC().Truncate(time.Millisecond)
		}
		t.Changed = append(t.Changed, row)
	}
	return t
}

// Store keeps removals.
type Store struct {
	table   *table.Table
	ids     *id.Maker
	catalog *catalog.Store
}

// NewStore keeps them in t; prices come from the catalog.
func NewStore(t *table.Table, ids *id.Maker, products *catalog.Store) *Store {
	return &Store{t, ids, products}
}

// MaxPending is how many removals of one line can wait: all of them are read together.
const MaxPending = 50

// Pending are the removals of a line that wait, the youngest first: 1 Query, 1 unit for each 4 KB.
func (s *Store) Pending(ctx context.Context, a id.Account, product string, c id.Contract) ([]Row, error) {
	items, _, err := s.table.Query(ctx, table.Query{
		PK: table.Removals(a), Index: table.LSI1, Prefix: table.ProductPrefix(product) + table.LineSeats(c), Desc: true, Limit: MaxPending,
	})
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(items))
	for i, item := range items {
		if rows[i], err = Read(item); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// TakeOps are the writes of removals that a purchase took back, each under the rev that was read: a removal that was
// withdrawn or applied meanwhile fails the whole transaction, and is decided on again. The line's own write is the
// purchase's.
func (s *Store) TakeOps(a id.Account, t Taken) ([]table.Op, error) {
	ops := make([]table.Op, len(t.Changed))
	for i, row := range t.Changed {
		op, err := row.op(a)
		if err != nil {
			return nil, err
		}
		ops[i] = op
	}
	return ops, nil
}

// op is the write of a removal as it is now, over the row that was read; of a new one where none was.
func (r Row) op(a id.Account) (table.Op, error) {
	item, err := table.Encode(r.Removal)
	if err != nil {
		return table.Op{}, err
	}
	pending := r.State == Pending
	table.RemovalSorts(r.Product, r.Contract, pending, r.ID).Put(item)
	if pending {
		table.PutDue(item, r.Effective, a, table.DueRemoval, string(r.ID))
	}
	return table.Keep(table.Removal(a, r.ID), r.was, item), nil
}
