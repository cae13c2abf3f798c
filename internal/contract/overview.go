package contract

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// DueDays is how long before its expiry a contract counts as due.
const DueDays = 90

// DueStretch is where in LSI2 the contracts are that are due on a day. Those that were written down as expired are behind
// the day anyhow.
func DueStretch(today date.Date) (from, to string) {
	return string(Active) + "#" + string(today.AddDays(1)), string(Active) + "#" + string(today.AddDays(DueDays)) + "~"
}

// maxCounted is how many lines, and how many contracts, an overview counts at most.
const maxCounted = 1000

// Overview counts anew what an account's partner sees of it, and keeps it where it is another: 1 batch of 3 and 2 Queries,
// 1 write. Two who count at once never leave the older count: who writes has begun to read after the one before had
// written, and counts again otherwise.
func (s *Store) Overview(ctx context.Context, a id.Account, now time.Time) error {
	settings, counts, key := table.Settings(a), table.ContractCounts(a), table.Overview(a)
	for range rounds {
		rows, err := s.table.GetMany(ctx, settings, counts, key)
		if err != nil {
			return err
		}
		var acc account.Account
		var was account.Overview
		var over struct {
			Over int `dynamodbav:"over"`
		}
		if err := errors.Join(table.Decode(rows[settings], &acc), table.Decode(rows[key], &was), table.Decode(rows[counts], &over)); err != nil {
			return err
		}
		is, err := s.count(ctx, a, acc.Today(now))
		if err != nil {
			return err
		}
		is.OverMapped, is.AsOf, is.Rev = over.Over, now.UTC(), 1
		if rows[key] != nil && is.Same(was) {
			return nil
		}
		err = s.keepOverview(ctx, key, rows[key], is)
		var unmet *table.ConditionError
		if !errors.As(err, &unmet) {
			return err
		}
	}
	return fault.New(fault.Busy, "busy").After(time.Second)
}

func (s *Store) keepOverview(ctx context.Context, key table.Key, was table.Item, is account.Overview) error {
	item, err := table.Encode(is)
	if err != nil {
		return err
	}
	if was == nil {
		return s.table.Write(ctx, table.Put(key, item, table.Absent()))
	}
	return s.table.Write(ctx, table.Replace(key, was, item))
}

// count reads the attention list, and the contracts that are due.
func (s *Store) count(ctx context.Context, a id.Account, today date.Date) (account.Overview, error) {
	is := account.Overview{Day: today}
	var lines, due []table.Item
	var moreLines, moreDue bool
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() (err error) {
		lines, moreLines, err = s.table.Query(ctx, table.Query{PK: table.Lines(a), Index: table.LSI2, Prefix: table.Attention, Limit: maxCounted})
		return err
	})
	both.Go(func() (err error) {
		from, to := DueStretch(today)
		due, moreDue, err = s.table.Query(ctx, table.Query{PK: table.Contracts(a), Index: table.LSI2, Limit: maxCounted, From: from, To: to})
		return err
	})
	if err := both.Wait(); err != nil {
		return is, err
	}
	is.Due, is.AtLeast = len(due), moreLines || moreDue
	for _, item := range lines {
		var l Line
		if err := table.Decode(item, &l); err != nil {
			return is, err
		}
		if l.Expiry <= today {
			continue
		}
		switch l.Usage().State {
		case Warning:
			is.Warning++
		case Full:
			is.Full++
		case OverLimit:
			is.OverLimit++
		case NotSet:
			is.NotSet++
		}
	}
	return is, nil
}
