package costcenter

import (
	"context"
	"errors"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Store keeps the cost centers of accounts.
type Store struct {
	table *table.Table
	ids   *id.Maker
}

// NewStore keeps them in t; new cost centers get their ids from ids.
func NewStore(t *table.Table, ids *id.Maker) *Store { return &Store{t, ids} }

// rounds is how often a decision is made again on fresh rows (DATA.md, Guards).
const rounds = 5

// Row is a cost center as it was read: what it says, and the row that a change is made over. The zero value is one that
// is not there.
type Row struct {
	CostCenter
	was table.Item
}

// Read understands a row; nil is a cost center that is not there.
func Read(item table.Item) (Row, error) {
	r := Row{was: item}
	return r, table.Decode(item, &r.CostCenter)
}

// There tells whether there is such a cost center.
func (r Row) There() bool { return r.was != nil }

// Get reads a cost center: 1 call, 1 unit.
func (s *Store) Get(ctx context.Context, a id.Account, cc id.CostCenter) (Row, error) {
	item, err := s.table.Get(ctx, table.CostCenter(a, cc))
	if err != nil {
		return Row{}, err
	}
	if item == nil {
		return Row{}, fault.Missing()
	}
	return Read(item)
}

// Rows reads cost centers by id, those that are there: 1 call for each 100, a unit each.
func (s *Store) Rows(ctx context.Context, a id.Account, ids []id.CostCenter) (map[id.CostCenter]Row, error) {
	rows := make(map[id.CostCenter]Row, len(ids))
	if len(ids) == 0 {
		return rows, nil
	}
	keys := make([]table.Key, len(ids))
	for i, cc := range ids {
		keys[i] = table.CostCenter(a, cc)
	}
	items, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		row, err := Read(item)
		if err != nil {
			return nil, err
		}
		rows[row.ID] = row
	}
	return rows, nil
}

// CarryOp is the part of another package's transaction by which a cost center carries seats on `by` lines more, or fewer
// where by is negative. It is blind to other changes of the row, and fails where the cost center is not there, is not to
// take seats (by above zero), or carries seats on fewer lines than that; the image that comes back says which (Read,
// MayCarry). Archiving is decided on the number and written under the row's rev, which this adds to, so the two cannot
// cross. A transaction names a row once: the caller sums up what several lines come to.
func CarryOp(a id.Account, cc id.CostCenter, by int) table.Op {
	var edit table.Edit
	edit.Add(by, "pools")
	cond := table.Is(string(Active), "state")
	if by < 0 {
		cond = table.AtLeast(-by, "pools")
	}
	// A row has less than 1 KB and stays where it is in its one index: all that the computed cost needs to know.
	was, is := table.Item{}, table.Item{}
	table.CostCenterSorts(string(Active), "", cc).Put(was)
	table.CostCenterSorts(string(Active), "", cc).Put(is)
	return table.Update(table.CostCenter(a, cc), was, is, edit, cond)
}

func encode(c CostCenter) (table.Item, error) {
	item, err := table.Encode(c)
	if err == nil {
		table.CostCenterSorts(string(c.State), c.Name, c.ID).Put(item)
	}
	return item, err
}

// Change is who changes a cost center, and when.
type Change struct {
	Account id.Account
	Now     time.Time
	By      activity.Author
}

// Create makes a cost center of a name that no other of the account has, without regard to case and accents: 2 calls.
// keep may add the record of an idempotency key.
func (s *Store) Create(ctx context.Context, ch Change, name string, keep func(CostCenter) ([]table.Op, error)) (CostCenter, error) {
	cc := id.New[id.CostCenter](s.ids, ch.Now)
	return s.write(ctx, ch, cc, func(Row) (CostCenter, error) {
		return CostCenter{ID: cc, Name: name, State: Active, AddedAt: ch.Now.UTC()}, nil
	}, keep)
}

// Set changes a cost center to what decide makes of the one that was read: 2 calls. Nothing different writes nothing.
func (s *Store) Set(ctx context.Context, ch Change, cc id.CostCenter, decide func(CostCenter) (CostCenter, error)) (CostCenter, error) {
	return s.write(ctx, ch, cc, func(seen Row) (CostCenter, error) {
		if !seen.There() {
			return CostCenter{}, fault.Missing()
		}
		return decide(seen.CostCenter)
	}, func(CostCenter) ([]table.Op, error) { return nil, nil })
}

// write reads, decides and writes, again where somebody was faster. Refused are a name that is taken
// (cost_center_name_taken), one active too many (too_many_cost_centers), and archiving one that carries seats
// (cost_center_not_empty).
func (s *Store) write(ctx context.Context, ch Change, cc id.CostCenter, decide func(Row) (CostCenter, error), keep func(CostCenter) ([]table.Op, error)) (CostCenter, error) {
	key, counts := table.CostCenter(ch.Account, cc), table.CostCenterCounts(ch.Account)
	for range rounds {
		rows, err := s.table.GetMany(ctx, key, counts)
		if err != nil {
			return CostCenter{}, err
		}
		before, err := Read(rows[key])
		if err != nil {
			return CostCenter{}, err
		}
		after, err := decide(before)
		if err != nil {
			return CostCenter{}, err
		}
		if after == before.CostCenter {
			return after, nil
		}
		if err := before.mayBecome(after); err != nil {
			return CostCenter{}, err
		}
		p := plan{store: s, change: ch, before: before, after: after, counts: rows[counts]}
		if err := p.make(keep); err != nil {
			return CostCenter{}, err
		}
		err = s.table.Write(ctx, p.ops...)
		var unmet *table.ConditionError
		if !errors.As(err, &unmet) {
			after.Rev = before.Rev + 1
			return after, err
		}
		if again, refused := p.refusal(unmet); !again {
			return CostCenter{}, refused
		}
	}
	return CostCenter{}, fault.New(fault.Busy, "busy").After(time.Second)
}

// List reads the cost centers of a state by name: 1 Query. Search finds by words of the name, among the first 200 that
// the word meets; truncated tells that it met more.
func (s *Store) List(ctx context.Context, a id.Account, state State, search string, after *table.Position, limit int) (found []CostCenter, next *table.Position, truncated bool, err error) {
	if search == "" {
		found, next, err = table.Page[CostCenter](ctx, s.table, table.Query{
			PK: table.CostCenters(a), Index: table.LSI1, Prefix: string(state) + "#", Limit: limit, After: after,
		})
		return found, next, false, err
	}
	rows, truncated, err := s.table.Find(ctx, table.CostCenterTerms(a), search, func(cc string) table.Key {
		return table.CostCenter(a, id.CostCenter(cc))
	})
	if err != nil {
		return nil, nil, false, err
	}
	found, next, err = table.PageWhere(rows, func(c CostCenter) bool {
		return c.State == state && table.Matches(search, c.Name)
	}, table.LSI1, after, limit)
	return found, next, truncated, err
}
