package event

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/bus"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Publisher turns the stream of the table into events, and keeps what is derived of it: which rise of each line to each
// threshold was last announced, its use by day, and the overview of an account.
type Publisher struct {
	bus       bus.Bus
	table     *table.Table
	contracts *contract.Store
	now       func() time.Time
}

// NewPublisher publishes on b and keeps the derived rows in t; now dates the overviews, and nothing else.
func NewPublisher(b bus.Bus, t *table.Table, now func() time.Time) *Publisher {
	return &Publisher{b, t, contract.NewStore(t, nil), now}
}

// Failure is a record that must be delivered again, and why.
type Failure struct {
	Sequence string
	Err      error
}

// Handle works through records of the stream. It answers those that must be delivered again: one that cannot be understood,
// one of whose events the bus did not take, one whose rows could not be written. All others are done, also those behind a
// failed one: when a failed record is given up in the end, what was delivered with it goes with it.
//
// Records may come again, and in any order: events have the ids they had, and a row gives way to a newer one alone.
func (p *Publisher) Handle(ctx context.Context, changes []table.Change) []Failure {
	all := make([]*work, len(changes))
	for i, c := range changes {
		all[i] = read(c)
	}
	p.publish(ctx, all)
	p.keep(ctx, all)
	var failed []Failure
	for _, w := range all {
		if w.err != nil {
			failed = append(failed, Failure{w.Sequence, w.err})
		}
	}
	return failed
}

// publish sends the events of all records at once.
func (p *Publisher) publish(ctx context.Context, all []*work) {
	var entries []bus.Entry
	var of []*work
	for _, w := range all {
		for _, e := range w.events {
			entry, err := e.Entry()
			if err != nil {
				w.fail(err)
				continue
			}
			entries, of = append(entries, entry), append(of, w)
		}
	}
	if len(entries) == 0 {
		return
	}
	refused, err := p.bus.Publish(ctx, entries)
	for i, w := range of {
		switch {
		case err != nil:
			w.fail(fmt.Errorf("publish: %w", err))
		case refused[i] != nil:
			w.fail(fmt.Errorf("publish: %w", refused[i]))
		}
	}
}

// atOnce is how many rows are written side by side.
const atOnce = 8

// keep writes the derived rows: rises of lines whose events the bus has, the newest of each row alone.
func (p *Publisher) keep(ctx context.Context, all []*work) {
	days, levels, overviews := map[table.Key]*work{}, map[table.Key]*work{}, map[id.Account]*work{}
	accounts, err := p.accounts(ctx, all)
	for _, w := range all {
		for _, threshold := range w.rose {
			if w.err == nil {
				newest(levels, table.Level(w.account, w.Key, int(threshold)), w)
			}
		}
		switch {
		case w.used && err != nil:
			w.fail(err)
		case w.used:
			newest(days, table.Day(w.account, accounts[w.account].Today(w.At), w.Key), w)
		}
		if w.counted {
			overviews[w.account] = w
		}
	}
	var writes errgroup.Group
	writes.SetLimit(atOnce)
	for key, w := range levels {
		writes.Go(func() error {
			item, err := table.Encode(levelRow{w.line.Rev})
			return p.put(ctx, w, table.Put(key, item, table.Newer(w.line.Rev)), err)
		})
	}
	for _, w := range days {
		writes.Go(func() error {
			op, err := contract.DayOp(w.account, accounts[w.account].Today(w.At), w.line)
			return p.put(ctx, w, op, err)
		})
	}
	for a, w := range overviews {
		writes.Go(func() error {
			if err := p.contracts.Overview(ctx, a, p.now()); err != nil {
				w.fail(fmt.Errorf("overview: %w", err))
			}
			return nil
		})
	}
	_ = writes.Wait() // what failed is noted with its record
}

// accounts reads the settings of the accounts whose lines are counted by day: their zones say which day it is.
func (p *Publisher) accounts(ctx context.Context, all []*work) (map[id.Account]account.Account, error) {
	var keys []table.Key
	for _, w := range all {
		if w.used {
			keys = append(keys, table.Settings(w.account))
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	rows, err := p.table.GetMany(ctx, keys...)
	if err != nil {
		return nil, err
	}
	found := make(map[id.Account]account.Account, len(rows))
	for _, row := range rows {
		var a account.Account
		if err := table.Decode(row, &a); err != nil {
			return nil, err
		}
		found[a.ID] = a
	}
	return found, nil
}

// newest keeps the record with the highest rev of the line for each row.
func newest(rows map[table.Key]*work, key table.Key, w *work) {
	if other := rows[key]; other == nil || other.line.Rev < w.line.Rev {
		rows[key] = w
	}
}

// put writes a derived row, if no newer one is there; err is that of making it.
func (p *Publisher) put(ctx context.Context, w *work, op table.Op, err error) error {
	if err == nil {
		err = p.table.Write(ctx, op)
	}
	var newer *table.ConditionError
	if err != nil && !errors.As(err, &newer) {
		w.fail(err)
	}
	return nil
}
