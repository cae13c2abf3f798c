package faults_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/infra/check"
	"github.com/seatkeeper/seatkeeper/infra/faults"
	"github.com/seatkeeper/seatkeeper/internal/event"
	"github.com/seatkeeper/seatkeeper/internal/platform/bus"
	"github.com/seatkeeper/seatkeeper/internal/platform/files"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// What nobody asks for by HTTP stands the same: the publisher is given its records again, the queue gives alerts theirs
// again, and the sweep comes back in an hour. Here somebody has sat down on the last free seat.
func TestAnyCallOfWhatFollowsMayFailAndTheNextDeliveryIsRight(t *testing.T) {
	l := open(t)
	told := false
	check.Ways(t, l.table, func(name string, ready func() check.Way) {
		if name != "assignSeats the last one" {
			return
		}
		w := ready()
		l.owner = books{t, l.wire.Past(), w.Account}
		check.Reader(t, l.table, w.Account)
		l.wire.Mark()
		if o := l.asked(name, w).begin()(t.Context()); !o.done {
			t.Fatal(o.said)
		}
		records := changes(l.wire.Was(), l.see().is)
		l.wire.Release()
		l.line.Forget()
		l.post.Forget()

		l.within(func() { l.prove(l.publishing(records)) })
		var entries []bus.Entry
		l.within(func() {
			l.publishing(records).begin()(t.Context())
			entries = l.line.Taken()
		})
		for _, e := range entries {
			told = l.alerting(e) || told
		}
		l.ids = faults.NewIds(rand.Reader) // those of another instant
		l.within(func() { l.prove(l.sweeping()) })
		t.Logf("%d faults", l.faults)
	})
	if !told {
		t.Error("nobody was mailed of anything")
	}
}

// What is asked for and takes long is done by events of a queue, which come again: an export, and the last of an erasure.
func TestAnyCallOfALongJobMayFailAndTheNextDeliveryIsRight(t *testing.T) {
	l := open(t)
	done := 0
	check.Ways(t, l.table, func(name string, ready func() check.Way) {
		kind, long := map[string]string{"startExport": "ExportRequested", "eraseUser": "UserErased"}[name]
		if !long {
			return
		}
		l.within(func() {
			w := ready()
			l.owner = books{t, l.wire.Past(), w.Account}
			l.wire.Mark()
			if o := l.asked(name, w).begin()(t.Context()); !o.done {
				t.Fatal(o.said)
			}
			kept := records(t, l.wire.Was(), l.see().is)
			l.wire.Release()
			if len(kept) != 1 {
				t.Fatalf("%s: %d records", name, len(kept))
			}
			detail, err := json.Marshal(map[string]any{"accountId": w.Account, "subject": kept[0].Subject})
			l.must(err)
			l.blur = regexp.MustCompile(`"(rev|tries)":\d+,?`) // an export counts how often it was begun
			l.within(func() { l.prove(l.working(kind, detail)) })
			l.blur = nil
		})
		done++
	})
	if done != 2 {
		t.Errorf("%d jobs, want 2", done)
	}
}

func (l *lab) working(kind string, detail json.RawMessage) deed {
	l.Helper()
	body, err := json.Marshal(events.EventBridgeEvent{DetailType: kind, Source: bus.Source, Detail: detail})
	l.must(err)
	batch := events.SQSEvent{Records: []events.SQSMessage{{Body: string(body)}}}
	return deed{name: "job of " + kind, parts: "stretch after stretch of rows is gone through, and what is through is noted", begin: func() func(context.Context) outcome {
		g := l.ground(check.Now())
		work := functions.Exports(g, files.Folder{Path: l.TempDir(), Now: g.Now})
		return func(ctx context.Context) outcome {
			err := work(ctx, batch)
			return outcome{done: err == nil, failed: true, busy: true, said: fmt.Sprint(err)}
		}
	}}
}

// within undoes what is done in it.
func (l *lab) within(do func()) {
	l.Helper()
	l.wire.Mark()
	do()
	l.back()
	l.wire.Release()
}

func (l *lab) publishing(records []table.Change) deed {
	return deed{name: "publisher", parts: "each row that is derived is a write of its own", begin: func() func(context.Context) outcome {
		p := event.NewPublisher(l.line, l.table, check.Now)
		return func(ctx context.Context) outcome {
			failed := p.Handle(ctx, records)
			return outcome{done: len(failed) == 0, failed: true, busy: true, said: fmt.Sprint(failed)}
		}
	}}
}

// alerting breaks the mails of an event; it answers whether there are any.
func (l *lab) alerting(e bus.Entry) bool {
	l.Helper()
	body, err := json.Marshal(events.EventBridgeEvent{DetailType: e.Type, Source: bus.Source, Detail: e.Detail})
	l.must(err)
	batch := events.SQSEvent{Records: []events.SQSMessage{{MessageId: e.ID, Body: string(body)}}}
	// A delivery that crashed leaves a claim behind, which the next honours for ten minutes; so each comes a quarter of an
	// hour later, and what a claim says of the hour, of how often it was taken over, or of an address that takes no mail, is
	// no matter here.
	l.blur = regexp.MustCompile(`"(at|rev|state|ttl)":("[^"]*"|\d+),?`)
	defer func() { l.blur = nil }()
	mails := 0
	d := deed{
		name: "alerts of " + e.Type, parts: "each mail is claimed and marked by itself",
		mailsFirst: "a mail that left and is not marked is sent again, rather than none",
		begin: func() func(context.Context) outcome {
			now := check.Now()
			return func(ctx context.Context) outcome {
				g := l.ground(now)
				now = now.Add(15 * time.Minute)
				err := functions.Alerts(g)(ctx, batch)
				return outcome{done: err == nil, failed: true, busy: true, said: fmt.Sprint(err)}
			}
		},
	}
	l.within(func() {
		d.begin()(l.Context())
		mails = len(l.post.Taken())
	})
	if mails == 0 {
		return false
	}
	l.within(func() { l.prove(d) })
	return true
}

// sweeping is the sweep of a day on which the contract is at its end and a removal is due, and on which nobody has
// announced yet that its line is full.
func (l *lab) sweeping() deed {
	later := time.Date(2028, 1, 2, 9, 0, 0, 0, time.UTC)
	return deed{name: "sweep", parts: "each row that is due is marked by itself", begin: func() func(context.Context) outcome {
		sweep := functions.Expiry(l.ground(later), l.line)
		return func(ctx context.Context) outcome {
			swept, err := sweep(ctx, nil)
			return outcome{done: err == nil && swept.Complete, failed: true, busy: true, said: fmt.Sprintf("%+v %v", swept, err)}
		}
	}}
}
