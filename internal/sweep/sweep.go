// Package sweep owns what happens because time passes: it finds what is due by one index, never by looking at everything,
// and lets the nouns mark it. It does not own what being due means (packages contract and removal), nor who is told (package alert).
package sweep

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/removal"
)

const (
	// pieces is how many rows are read and marked together.
	pieces = 100
	// atOnce is how many rows are marked at the same time.
	atOnce = 8
	// reserve is how long before its end a run takes nothing new: what was begun is finished, and the next run goes on.
	reserve = 5 * time.Second
	// healing is how long one level may take to be announced. It is less than the reserve: a bus that does not answer costs
	// no run its end, nor all of its time.
	healing = 4 * time.Second
)

// Healer announces a line's level where that was lost; healed tells that it was.
type Healer func(ctx context.Context, a id.Account, line table.Key, now time.Time) (healed bool, err error)

// Report is what a run came to.
type Report struct {
	Examined, Marked, Announced, Healed, Removed, Failed int
	// Complete tells that nothing that was due was left for want of time.
	Complete bool
}

// Sweep marks what is due.
type Sweep struct {
	table     *table.Table
	contracts *contract.Store
	removals  *removal.Store
	heal      Healer
}

// New sweeps t.
func New(t *table.Table, contracts *contract.Store, removals *removal.Store, heal Healer) *Sweep {
	return &Sweep{t, contracts, removals, heal}
}

// Run marks everything that is due at an instant: 16 Queries when nothing is, and then work that grows with what is due
// alone. It is safe to run twice, at once, or after nights that were missed. It ends before the context does: no row is
// begun in the last seconds, and what is left then is found by the next run. An error of one row is counted, returned with
// the others at the end, and holds up none.
func (s *Sweep) Run(ctx context.Context, now time.Time) (Report, error) {
	run := &run{Sweep: s, now: now, taking: ctx, accounts: map[id.Account]account.Account{}}
	if end, ends := ctx.Deadline(); ends {
		var cancel context.CancelFunc
		run.taking, cancel = context.WithDeadline(ctx, end.Add(-reserve))
		defer cancel()
	}
	run.Complete = true
	// The order begins elsewhere at each hour, so that no shard is always the last.
	first := now.UTC().Hour()
	for i := range table.DueShards {
		if err := run.shard(ctx, (first+i)%table.DueShards); err != nil {
			return run.Report, errors.Join(append(run.errs, err)...)
		}
	}
	return run.Report, errors.Join(run.errs...)
}

type run struct {
	*Sweep
	Report
	now      time.Time
	taking   context.Context // ends when nothing new is taken any more
	accounts map[id.Account]account.Account

	mu   sync.Mutex
	errs []error
}

// shard reads what is due until tomorrow in UTC: it is tomorrow already somewhere on earth. Whether it is due is then
// decided on the row itself, by the account's own day.
func (r *run) shard(ctx context.Context, shard int) error {
	until := date.Today(r.now, time.UTC).AddDays(1)
	var after *table.DueRow
	for {
		if r.taking.Err() != nil {
			r.left()
			return nil
		}
		rows, more, err := r.table.Due(ctx, shard, until, after, pieces)
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			if err := r.piece(ctx, rows); err != nil {
				return err
			}
			after = &rows[len(rows)-1]
		}
		if !more {
			return nil
		}
	}
}

// piece reads rows as they are now and marks those that are due: 1 batch, 1 more for accounts that are news, and 1 write
// for each. Once nothing new is taken any more the rest of them is left.
func (r *run) piece(ctx context.Context, due []table.DueRow) error {
	keys := make([]table.Key, len(due))
	for i, d := range due {
		keys[i] = d.Key
	}
	rows, err := r.table.GetMany(ctx, keys...)
	if err != nil {
		return err
	}
	if err := r.know(ctx, due); err != nil {
		return err
	}
	var all errgroup.Group
	all.SetLimit(atOnce)
	for _, d := range due {
		all.Go(func() error {
			if r.taking.Err() != nil {
				r.left()
				return nil
			}
			r.one(ctx, d, rows[d.Key])
			return nil
		})
	}
	return all.Wait()
}

// left notes that something due was left for want of time.
func (r *run) left() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Complete = false
}

// know reads the settings of accounts that were not met yet in this run.
func (r *run) know(ctx context.Context, due []table.DueRow) error {
	var keys []table.Key
	for _, d := range due {
		if _, known := r.accounts[d.Account]; !known {
			keys = append(keys, table.Settings(d.Account))
		}
	}
	if len(keys) == 0 {
		return nil
	}
	rows, err := r.table.GetMany(ctx, keys...)
	if err != nil {
		return err
	}
	for _, d := range due {
		var acc account.Account
		if err := table.Decode(rows[table.Settings(d.Account)], &acc); err != nil {
			return err
		}
		if rows[table.Settings(d.Account)] != nil {
			r.accounts[d.Account] = acc
		}
	}
	return nil
}

// one marks one row. What cannot be marked is counted, and found again by the next run.
func (r *run) one(ctx context.Context, d table.DueRow, item table.Item) {
	var marked contract.Marked
	var healed, removed bool
	var err error
	switch {
	case item == nil: // gone since: the index is late
	case d.Noun == table.DueContract:
		marked, err = r.contract(ctx, d, item)
	case d.Noun == table.DueLevel:
		healed, err = r.level(ctx, d)
	case d.Noun == table.DueRemoval:
		removed, err = r.removals.Apply(ctx, r.changing(d), id.Removal(d.Entity), r.accounts[d.Account].Today(r.now))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Examined++
	if err != nil {
		r.Failed++
		r.errs = append(r.errs, err)
	}
	for n, is := range map[*int]bool{&r.Marked: marked.Expired, &r.Announced: marked.Announced, &r.Healed: healed, &r.Removed: removed} {
		if is {
			*n++
		}
	}
}

func (r *run) level(ctx context.Context, d table.DueRow) (healed bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, healing)
	defer cancel()
	return r.heal(ctx, d.Account, d.Key, r.now)
}

func (r *run) contract(ctx context.Context, d table.DueRow, item table.Item) (contract.Marked, error) {
	row, err := contract.Read(item)
	if err != nil {
		return contract.Marked{}, err
	}
	return r.contracts.Mark(ctx, r.changing(d), row, r.accounts[d.Account].Today(r.now))
}

func (r *run) changing(d table.DueRow) contract.Changing {
	return contract.Changing{Account: d.Account, Now: r.now, By: activity.Author{Kind: access.Clock}}
}
