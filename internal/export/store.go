package export

import (
	"context"
	"errors"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// rounds is how often a decision is made again on fresh rows (DATA.md, Guards).
const rounds = 5

// Store keeps exports.
type Store struct {
	table *table.Table
	ids   *id.Maker
}

// NewStore keeps them in t; new ones get their ids from ids.
func NewStore(t *table.Table, ids *id.Maker) *Store { return &Store{t, ids} }

// claim names the last export of an account: while that is under way, no other begins.
type claim struct {
	Export id.Export `dynamodbav:"export"`
}

// Begin notes that somebody wants an export: 1 or 2 reads, 1 transaction of 3-4. Its event has the file written. Refused is
// one beside another (export_under_way). keep adds the record of the idempotency key.
func (s *Store) Begin(ctx context.Context, a id.Account, by activity.Author, now time.Time, keep func(Export) ([]table.Op, error)) (Export, error) {
	for range rounds {
		held, err := s.table.Get(ctx, table.ExportClaim(a))
		if err != nil {
			return Export{}, err
		}
		if err := s.free(ctx, a, held, now); err != nil {
			return Export{}, err
		}
		e := Export{ID: id.New[id.Export](s.ids, now), State: Pending, By: by, CreatedAt: now.UTC().Truncate(time.Millisecond), Rev: 1}
		ops, err := s.beginOps(a, e, held)
		if err != nil {
			return Export{}, err
		}
		kept, err := keep(e)
		if err != nil {
			return Export{}, err
		}
		err = s.table.Write(ctx, append(ops, kept...)...)
		var unmet *table.ConditionError
		if !errors.As(err, &unmet) {
			return e, err
		}
		if _, answered := unmet.Image(len(ops)); answered && len(kept) > 0 {
			return Export{}, err
		}
		table.Pause(ctx)
	}
	return Export{}, fault.New(fault.Busy, "busy").After(time.Second)
}

// free refuses while the export that holds the claim is under way.
func (s *Store) free(ctx context.Context, a id.Account, held table.Item, now time.Time) error {
	if held == nil {
		return nil
	}
	var c claim
	if err := table.Decode(held, &c); err != nil {
		return err
	}
	last, _, err := s.get(ctx, a, c.Export)
	if err != nil {
		return err
	}
	return last.MayFollow(now)
}

func (s *Store) beginOps(a id.Account, e Export, held table.Item) ([]table.Op, error) {
	row, err := table.Encode(e)
	if err != nil {
		return nil, err
	}
	holds, err := table.Encode(claim{e.ID})
	if err != nil {
		return nil, err
	}
	record, err := activity.New(s.ids, e.CreatedAt, a, e.By, activity.ExportRequested, e.Thing()).Op()
	return []table.Op{table.Put(table.Export(a, e.ID), row, table.Absent()), table.Keep(table.ExportClaim(a), held, holds), record}, err
}

// Get reads an export: 1 call, 1 unit.
func (s *Store) Get(ctx context.Context, a id.Account, e id.Export) (Export, error) {
	found, _, err := s.get(ctx, a, e)
	return found, err
}

func (s *Store) get(ctx context.Context, a id.Account, e id.Export) (Export, table.Item, error) {
	item, err := s.table.Get(ctx, table.Export(a, e))
	if err != nil {
		return Export{}, nil, err
	}
	if item == nil {
		return Export{}, nil, fault.Missing()
	}
	var found Export
	return found, item, table.Decode(item, &found)
}

// List reads exports, the newest first: 1 Query.
func (s *Store) List(ctx context.Context, a id.Account, after *table.Position, limit int) ([]Export, *table.Position, error) {
	return table.Page[Export](ctx, s.table, table.Query{PK: table.Exports(a), Prefix: table.ExportPrefix, Desc: true, Limit: limit, After: after})
}

// begun counts a try: 1 Get, 1 write. go on is false for an export that needs nothing more: it is over, by somebody else
// or by the last of its tries, which is noted.
func (s *Store) begun(ctx context.Context, a id.Account, of id.Export, now time.Time) (e Export, was table.Item, goOn bool, err error) {
	e, was, err = s.get(ctx, a, of)
	if err != nil || !e.underWay() {
		return e, was, false, err
	}
	if e.Tries >= maxTries || e.At(now) == Failed {
		return e, was, false, s.end(ctx, a, e, was, Failed, 0, now)
	}
	e.State, e.Tries = Running, e.Tries+1
	item, err := table.Encode(e)
	if err != nil {
		return e, was, false, err
	}
	// Alone: it is no change that anybody sees but by its state, which says when somebody began.
	err = s.table.Write(ctx, table.Replace(table.Export(a, of), was, item))
	e.Rev++
	return e, item, err == nil, err
}

// end brings an export to a final state, under the rev at which its work began: who was overtaken by another try changes
// nothing. 1 transaction of 2.
func (s *Store) end(ctx context.Context, a id.Account, e Export, was table.Item, state State, size int64, now time.Time) error {
	e.State, e.Size, e.EndedAt = state, size, now.UTC().Truncate(time.Millisecond)
	item, err := table.Encode(e)
	if err != nil {
		return err
	}
	record := activity.New(s.ids, now, a, activity.Author{Kind: access.Clock}, activity.ExportFinished, e.Thing())
	record.After = activity.Values{"state": state, "size": size}
	op, err := record.Op()
	if err != nil {
		return err
	}
	return s.table.Write(ctx, table.Replace(table.Export(a, e.ID), was, item), op)
}
