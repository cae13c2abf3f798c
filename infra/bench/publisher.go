package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/event"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/bus"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

const (
	publisherHead = "accounts\trecords a batch\tevents\tcalls\tread units\twrite units\tms a batch\trecords a second\tbatches\t"
	// batch is what the stream hands over at once (template.yaml).
	batch = 100
)

// swallow is a bus that takes everything at once: EventBridge's own time is not ours.
type swallow struct{ taken int }

func (s *swallow) Publish(_ context.Context, entries []bus.Entry) (map[int]error, error) {
	s.taken += len(entries)
	return nil, nil
}

// feed makes batches of the stream: seats that are assigned, each a record of activity and a change of its line. One
// assignment of ten brings its line to 80 %.
type feed struct {
	ground
	lines    []contract.Line
	accounts []id.Account
	made     int
}

// feed makes accounts with a line each.
func (g ground) feed(ctx context.Context, accounts int) (*feed, error) {
	f := &feed{ground: g}
	limit := 1_000_000
	for i := range accounts {
		a := account.Account{ID: id.New[id.Account](g.ids, g.now), Name: fmt.Sprintf("Account %03d", i), Terms: account.DefaultTerms(), CreatedAt: g.now}
		ops, err := account.CreateOps(a)
		if err == nil {
			err = g.db.Write(ctx, ops...)
		}
		if err != nil {
			return nil, err
		}
		c := contract.Contract{ID: id.New[id.Contract](g.ids, g.now), Facts: contract.Facts{Expiry: today.AddDays(400)}}
		l := contract.NewLine(c, product, "The "+product).With(contract.Quantities{Contracted: &limit})
		l.Rev = 1
		f.accounts, f.lines = append(f.accounts, a.ID), append(f.lines, l)
	}
	return f, nil
}

// next is the next batch.
func (f *feed) next() ([]table.Change, error) {
	var changes []table.Change
	for len(changes) < batch {
		i := f.made % len(f.lines)
		a, before := f.accounts[i], f.lines[i]
		after := before
		after.Rev++
		if crosses := (i+f.made/len(f.lines))%10 == 9; crosses {
			after.Used = *after.Limit * 8 / 10
		} else {
			after.Used = f.made % 700_000
		}
		after.Available = *after.Limit - after.Used
		f.made, f.lines[i] = f.made+1, after
		record := activity.New(f.ids, f.now, a, activity.Author{Kind: access.Member, ID: string(a), Name: "Claire Dubois"}, activity.SeatAssigned, after.Thing())
		op, err := record.Op()
		if err != nil {
			return nil, err
		}
		rows := map[table.Key]table.Item{}
		table.Apply(rows, []table.Op{op})
		was, err := table.Encode(before)
		if err != nil {
			return nil, err
		}
		is, err := table.Encode(after)
		if err != nil {
			return nil, err
		}
		sequence := fmt.Sprint(f.made)
		changes = append(changes,
			table.Change{Sequence: sequence + "0", At: f.now, Key: op.Key(), Is: rows[op.Key()]},
			table.Change{Sequence: sequence + "1", At: f.now, Key: table.Line(a, after.Contract, product), Was: was, Is: is})
	}
	return changes, nil
}

// published measures whole batches, of which each changes lines of so many accounts.
func published(ctx context.Context, g ground, accounts int, out io.Writer) error {
	f, err := g.feed(ctx, accounts)
	if err != nil {
		return err
	}
	to := &swallow{}
	publisher := event.NewPublisher(to, g.db, func() time.Time { return g.now })
	var took []time.Duration
	var meter *table.Meter
	begun, spent, events := time.Now(), time.Duration(0), 0
	for warmed := 0; len(took) < counted && (len(took) == 0 || time.Since(begun) < budget); {
		changes, err := f.next()
		if err != nil {
			return err
		}
		before := to.taken
		metered, m := table.WithMeter(ctx)
		began := time.Now()
		failed := publisher.Handle(metered, changes)
		one := time.Since(began)
		if len(failed) > 0 {
			return failed[0].Err
		}
		if warmed < warmUp && time.Since(begun) < warming {
			warmed++
			continue
		}
		took, spent, meter, events = append(took, one), spent+one, m, to.taken-before
	}
	fmt.Fprintf(out, "%d\t%d\t%d\t%d\t%.0f\t%.0f\t%.2f\t%.0f\t%d\t\n", accounts, batch, events, meter.Calls(), meter.ReadUnits(), meter.WriteUnits(),
		median(took), float64(batch*len(took))/spent.Seconds(), len(took))
	return nil
}
