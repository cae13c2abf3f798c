package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

const (
	contendedHead = "callers\tconflicts\toperations\tper second\ttries a write\tcalls an operation\tbusy\tlost\tdoubled\t"
	// turns is about how many operations all callers make together, or those that fit into contest; room is how many
	// seats the line has for them.
	turns, contest, room = 1_500, 12 * time.Second, 10_000
)

// contended lets callers work on one line at once, each putting somebody of theirs on a seat and taking it from them in
// turn; calmly, and with writes that meet a conflict. The engine has none of its own, so a fault point makes them.
func contended(ctx context.Context, g ground, callers int, out io.Writer) error {
	for _, p := range []float64{0, 0.3} {
		faults := table.NewFaults(1)
		s, err := newGround(g.client, g.notes).seating(ctx, 0, room, callers)
		if err != nil {
			return err
		}
		store, err := s.store(ctx, table.New(g.client, tableName, faults))
		if err != nil {
			return err
		}
		// A round to warm up leaves everybody as they were: its number is even.
		if _, _, err := s.contend(ctx, store, 2+200/callers/2*2); err != nil {
			return err
		}
		if p > 0 {
			faults.Arm(table.Fault{Call: "write", Mode: table.Conflict, P: p})
		}
		if err := s.row(ctx, store, p, out); err != nil {
			return err
		}
	}
	return nil
}

// row prints one: what the callers' turns came to, and what a recount of the table says of them.
func (s seating) row(ctx context.Context, store *seat.Store, p float64, out io.Writer) error {
	before, err := s.recount(ctx)
	if err != nil {
		return err
	}
	callers := len(s.people)
	// An odd number of turns leaves everybody on a seat, so that there is something to count.
	each := turns/callers | 1
	metered, meter := table.WithMeter(ctx)
	began := time.Now()
	done, busy, err := s.contend(metered, store, each)
	if err != nil {
		return err
	}
	took := time.Since(began).Seconds()
	after, err := s.recount(ctx)
	if err != nil {
		return err
	}
	lost, doubled := tally{records: done, changes: done, used: callers, seats: callers, held: callers}.against(before, after)
	// Every operation reads once, also one that answers busy; the other calls are tries to write.
	tries := meter.Calls() - done - busy
	fmt.Fprintf(out, "%d\t%s\t%d\t%.0f\t%.2f\t%.2f\t%d\t%s\t%s\t\n", callers, chance(p), done, float64(done)/took,
		float64(tries)/float64(tries-meter.Conflicts()+busy), float64(meter.Calls())/float64(done), busy, orNone(lost), orNone(doubled))
	s.notes.add("lost, doubled: what the callers were told, against a recount of records, the line, seats and holdings after each row")
	return nil
}

func orNone(n int) string {
	if n == 0 {
		return "none"
	}
	return strconv.Itoa(n)
}

func chance(p float64) string {
	if p == 0 {
		return "none"
	}
	return fmt.Sprintf("%.0f %% of writes", 100*p)
}

// contend lets every caller make so many operations: an assignment, then its removal. Who is told busy comes again with
// the same, and is counted. Where the time is over callers stop earlier, at a number that is as odd or even as each.
func (s seating) contend(ctx context.Context, store *seat.Store, each int) (done, busy int, err error) {
	var made, told atomic.Int64
	began := time.Now()
	callers, ctx := errgroup.WithContext(ctx)
	for i := range s.people {
		callers.Go(func() error {
			turn := []work{s.assign(s.people[i : i+1]), s.remove(s.people[i])}
			n := 0
			for n < each && (n%2 != each%2 || time.Since(began) < contest) {
				_, err := turn[n%2](ctx, store)
				switch {
				case fault.Is(err, "busy"):
					told.Add(1)
				case err != nil:
					return err
				default:
					n++
				}
			}
			made.Add(int64(n))
			return nil
		})
	}
	err = callers.Wait()
	return int(made.Load()), int(told.Load()), err
}

// tally is what the table says was done: records of it, changes of the line, the line's seats in use, seats, and people
// who hold one.
type tally struct{ records, changes, used, seats, held int }

// against compares what the callers were told with what came of it in the table: lost is what they were told and is not
// there, doubled is what is there beyond it.
func (told tally) against(before, after tally) (lost, doubled int) {
	for _, gap := range []int{
		told.records - (after.records - before.records), told.changes - (after.changes - before.changes),
		told.used - (after.used - before.used), told.seats - (after.seats - before.seats), told.held - (after.held - before.held),
	} {
		lost, doubled = lost+max(0, gap), doubled+max(0, -gap)
	}
	return lost, doubled
}

// recount reads it all from the table. That the line's own numbers do not agree with each other is an error.
func (s seating) recount(ctx context.Context) (t tally, err error) {
	item, err := s.db.Get(ctx, table.Line(s.account, s.contract.ID, product))
	if err != nil {
		return t, err
	}
	line, err := contract.ReadLine(item)
	if err != nil {
		return t, err
	}
	t.used, t.changes = line.Used, table.RevOf(item)
	used, available := 0, 0
	for _, p := range line.Pools {
		used, available = used+p.Used(), available+p.Available
	}
	if used != line.Used || available != line.Available || line.Used+line.Available != room {
		return t, fmt.Errorf("the line does not agree with itself: %+v", line.Line)
	}
	if t.records, err = s.count(ctx, table.Activities(s.account, s.now)); err != nil {
		return t, err
	}
	if t.seats, err = s.count(ctx, table.Seats(s.account)); err != nil {
		return t, err
	}
	for _, u := range s.people {
		item, err := s.db.Get(ctx, table.Holding(s.account, u))
		if err != nil {
			return t, err
		}
		holding, err := user.ReadHolding(item)
		if err != nil {
			return t, err
		}
		t.held += len(holding.Seats)
	}
	return t, nil
}

// count is the number of rows of a partition.
func (s seating) count(ctx context.Context, pk string) (n int, err error) {
	q := table.Query{PK: pk, Limit: 1000}
	for {
		items, more, err := s.db.Query(ctx, q)
		if err != nil {
			return 0, err
		}
		if n += len(items); !more {
			return n, nil
		}
		q.After = table.At(items[len(items)-1], table.Primary)
	}
}
