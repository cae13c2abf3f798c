package removal

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// rounds is how often a decision is made again on fresh rows (DATA.md, Guards). The line's write is blind, so a round is
// lost only where seats that came or went crossed one of its bounds.
const rounds = 10

func busy() error { return fault.New(fault.Busy, "busy").After(time.Second) }

// Review is what a removal would come to at this moment: 1 call. Nothing is written.
func (s *Store) Review(ctx context.Context, ch Change, w Wish) (Review, error) {
	k, err := s.know(ctx, ch, w)
	if err != nil {
		return Review{}, err
	}
	r, refused := k.plan(ch, w)
	if refused != nil {
		return Review{}, refused
	}
	return r, nil
}

// Remove takes licences out of stock at once, and has them removed from the day on that the plan says: 2 calls, again
// where seats came or went in between. It is decided anew on what is free at that moment, whatever was reviewed. keep adds
// the record of the idempotency key, given what it came to.
func (s *Store) Remove(ctx context.Context, ch Change, w Wish, keep func(Review) ([]table.Op, error)) (Review, error) {
	for range rounds {
		k, err := s.know(ctx, ch, w)
		if err != nil {
			return Review{}, err
		}
		r, refused := k.plan(ch, w)
		if refused != nil {
			return Review{}, refused
		}
		r.ID = id.New[id.Removal](s.ids, ch.Now)
		ops, err := s.scheduleOps(ch, k, r.Removal)
		if err != nil {
			return Review{}, err
		}
		kept, err := keep(r)
		if err != nil {
			return Review{}, err
		}
		again, err := s.write(ctx, ops, kept)
		if !again {
			return r, err
		}
	}
	return Review{}, busy()
}

// write makes a change with the answer that is kept of it. again tells that somebody was faster, and that it is to be
// decided anew.
func (s *Store) write(ctx context.Context, ops, kept []table.Op) (again bool, err error) {
	err = s.table.Write(ctx, slices.Concat(ops, kept)...)
	var unmet *table.ConditionError
	if !errors.As(err, &unmet) {
		return false, err
	}
	if slices.ContainsFunc(unmet.Unmet, func(u table.Unmet) bool { return u.Op >= len(ops) }) {
		return false, err // a twin's answer is there already: it is the one to give
	}
	table.Pause(ctx)
	return true, nil
}

// know reads what a removal is decided on: 1 call; 1 Query more where many seats are pending.
func (s *Store) know(ctx context.Context, ch Change, w Wish) (known, error) {
	a := ch.Account.ID
	of, line, settings := table.Contract(a, w.Contract), table.Line(a, w.Contract, w.Product), table.Settings(a)
	keys := []table.Key{of, line, settings}
	for pool := range w.Counts {
		if cc := pool.CostCenter(); cc != "" {
			keys = append(keys, table.CostCenter(a, cc))
		}
	}
	k := known{centers: map[id.CostCenter]costcenter.Row{}}
	var err error
	if k.products, err = s.catalog.All(ctx, ch.Now); err != nil {
		return known{}, err
	}
	rows, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return known{}, err
	}
	if err := table.Decode(rows[settings], &k.account); err != nil {
		return known{}, err
	}
	row, err := contract.Read(rows[of])
	if err != nil {
		return known{}, err
	}
	k.contract = row.Contract
	if k.line, err = contract.ReadLine(rows[line]); err != nil {
		return known{}, err
	}
	for pool := range w.Counts {
		if cc := pool.CostCenter(); cc != "" {
			if k.centers[cc], err = costcenter.Read(rows[table.CostCenter(a, cc)]); err != nil {
				return known{}, err
			}
		}
	}
	// Each removal holds a seat at least, so there are never more of them than seats pending.
	if k.line.Pending >= MaxPending {
		waiting, err := s.Pending(ctx, a, w.Product, w.Contract)
		if err != nil {
			return known{}, err
		}
		k.pending = len(waiting)
	}
	return k, nil
}

func (s *Store) scheduleOps(ch Change, k known, r Removal) ([]table.Op, error) {
	a := ch.Account.ID
	stock, _, err := contract.StockOp(a, k.line, r.Counts, r.Period, ch.today())
	if err != nil {
		return nil, err
	}
	written, err := Row{Removal: r}.op(a)
	if err != nil {
		return nil, err
	}
	record := r.record(s.ids, ch.Now, a, ch.By, activity.LicencesRemovalScheduled)
	activity.Set(&record, r.field(), nil, r.values())
	recorded, err := record.Op()
	return []table.Op{stock, written, recorded, sameAccount(k.account)}, err
}

// sameAccount holds a removal to the account's own row as it was read: with a partner it removes nothing by itself.
func sameAccount(a account.Account) table.Op {
	return table.Check(table.Settings(a.ID), table.Rev(a.Rev))
}

// record is a record about the removal's contract, which touched its line.
func (r Removal) record(ids *id.Maker, now time.Time, a id.Account, by activity.Author, action activity.Action) activity.Record {
	record := activity.New(ids, now, a, by, action, activity.Thing{Noun: "contract", ID: string(r.Contract), Name: r.ContractName})
	record.Targets = []activity.Thing{r.Thing(), {Noun: "line", ID: r.Product, Name: r.ProductName}}
	return record
}

func (r Removal) field() string { return "lines." + r.Product + ".pendingRemoval" }

// values are what a record says of the licences.
func (r Removal) values() map[string]any {
	by := make(map[string]int, len(r.Counts))
	for pool, n := range r.Counts {
		by[string(pool)] = n
	}
	return map[string]any{"quantity": r.Left(), "byCostCenter": by, "effectiveDate": r.Effective}
}

// Get reads a removal: 1 call, 1 unit.
func (s *Store) Get(ctx context.Context, a id.Account, rem id.Removal) (Row, error) {
	item, err := s.table.Get(ctx, table.Removal(a, rem))
	if err != nil {
		return Row{}, err
	}
	if item == nil {
		return Row{}, fault.Missing()
	}
	return Read(item)
}

// Withdraw puts the licences of a removal that waits back into stock: 3 calls, again where somebody was faster. Refused is
// one that is over, or that is off the bill from today on (removal_not_pending), and an account that a partner manages.
func (s *Store) Withdraw(ctx context.Context, ch Change, rem id.Removal) error {
	a := ch.Account.ID
	for range rounds {
		row, err := s.Get(ctx, a, rem)
		if err != nil {
			return err
		}
		if !row.open(ch.today()) {
			state := row.State
			if state == Pending {
				state = Applied // the sweep is on its way
			}
			return fault.New(fault.Conflict, "removal_not_pending", fault.Word("stateName", "removal_state_"+string(state))).With(fault.Text("state", string(state)))
		}
		line, acc, err := s.held(ctx, a, row)
		if err != nil {
			return err
		}
		if refused := ch.managed(acc); refused != nil {
			return refused
		}
		back := map[contract.PoolID]int{}
		for pool, n := range row.Counts {
			back[pool] = -n
		}
		stock, _, err := contract.StockOp(a, line, back, row.by(), ch.today())
		if err != nil {
			return err
		}
		record := row.record(s.ids, ch.Now, a, ch.By, activity.LicencesRemovalWithdrawn)
		activity.Set(&record, row.field(), row.values(), nil)
		row.State, row.EndedAt = Withdrawn, ch.Now.UTC().Truncate(time.Millisecond)
		again, err := s.end(ctx, a, row, record, stock, sameAccount(acc))
		if !again {
			return err
		}
	}
	return busy()
}

// held reads a removal's line and its account: 1 call.
func (s *Store) held(ctx context.Context, a id.Account, r Row) (contract.LineRow, account.Account, error) {
	of, settings := table.Line(a, r.Contract, r.Product), table.Settings(a)
	var acc account.Account
	rows, err := s.table.GetMany(ctx, of, settings)
	if err == nil {
		err = table.Decode(rows[settings], &acc)
	}
	if err != nil {
		return contract.LineRow{}, acc, err
	}
	line, err := r.lineOf(rows[of])
	return line, acc, err
}

// lineOf understands the row of the removal's line.
func (r Row) lineOf(item table.Item) (contract.LineRow, error) {
	line, err := contract.ReadLine(item)
	if err == nil && !line.There() {
		err = errors.New("removal " + string(r.ID) + ": its line is gone")
	}
	return line, err
}

// end writes a removal that is over, with its record and what becomes of its line.
func (s *Store) end(ctx context.Context, a id.Account, r Row, record activity.Record, line ...table.Op) (again bool, err error) {
	written, err := r.op(a)
	if err != nil {
		return false, err
	}
	recorded, err := record.Op()
	if err != nil {
		return false, err
	}
	return s.write(ctx, append(line, written, recorded), nil)
}

// Apply takes the licences of a removal that is due off its line's limit, on a day in the account's zone: 1 call and a
// transaction for each round. A removal that is over, or not due, is left alone, so applying twice changes nothing. It
// counts whether or not the contract has expired by then.
func (s *Store) Apply(ctx context.Context, ch contract.Changing, rem id.Removal, today date.Date) (applied bool, err error) {
	for range rounds {
		row, err := s.Get(ctx, ch.Account, rem)
		if err != nil || row.State != Pending || today < row.Effective {
			return false, err
		}
		item, err := s.table.Get(ctx, table.Line(ch.Account, row.Contract, row.Product))
		if err != nil {
			return false, err
		}
		line, err := row.lineOf(item)
		if err != nil {
			return false, err
		}
		record := row.record(s.ids, ch.Now, ch.Account, ch.By, activity.LicencesRemoved)
		activity.Set(&record, row.field(), row.values(), nil)
		ops, err := contract.LinesOps(ch.Account, []contract.LineRow{line}, []contract.Line{line.Lapsed(row.Counts)}, &record)
		if err != nil {
			return false, err
		}
		row.State, row.EndedAt = Applied, ch.Now.UTC().Truncate(time.Millisecond)
		again, err := s.end(ctx, ch.Account, row, record, ops...)
		if !again {
			return err == nil, err
		}
	}
	return false, busy()
}

// List reads removals, the newest first, or those that wait by product and age: 1 Query. Where another state is asked for,
// a page may be shorter than limit.
func (s *Store) List(ctx context.Context, a id.Account, state State, after *table.Position, limit int) ([]Removal, *table.Position, error) {
	q := table.Query{PK: table.Removals(a), Desc: true, Limit: limit, After: after}
	if state == Pending {
		q.Index, q.Desc = table.LSI1, false
	}
	all, next, err := table.Page[Removal](ctx, s.table, q)
	if err != nil {
		return nil, nil, err
	}
	return slices.DeleteFunc(all, func(r Removal) bool { return state != "" && r.State != state }), next, nil
}
