package alert

import (
	"context"
	"errors"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

const (
	// lease is how long a claim is somebody's alone. It is longer than any function runs, so a claim that is older was
	// left behind by one that crashed.
	lease = 10 * time.Minute
	// keptFor is how long it is remembered who was mailed: longer than an event can still come.
	keptFor = 90 * 24 * time.Hour
)

// state is how far the mail to one reader is.
type state string

const (
	claimed state = "claimed" // somebody is sending it, or crashed
	sent    state = "sent"
	refused state = "refused" // the address takes no mail; it is not tried again
	dropped state = "dropped" // it was no longer so; it is not tried again
)

// claim is a reader's mail about one event.
type claim struct {
	State state     `dynamodbav:"state"`
	At    time.Time `dynamodbav:"at"`
	Rev   int       `dynamodbav:"rev"`
	TTL   int64     `dynamodbav:"ttl"`
}

// latest is how far the mails about one thing have come.
type latest struct {
	Rev int   `dynamodbav:"rev"`
	TTL int64 `dynamodbav:"ttl"`
}

// advance notes that a mail about something goes out, and tells whether it still may: 1 write. Of two that come at once the
// older one is held up, whichever is first.
func (s *Sender) advance(ctx context.Context, a Alert, now time.Time) (may bool, err error) {
	item, err := table.Encode(latest{a.Order, now.Add(keptFor).Unix()})
	if err != nil {
		return false, err
	}
	err = s.table.Write(ctx, table.Put(table.MailLast(a.Account, a.About), item, table.Newer(a.Order)))
	var unmet *table.ConditionError
	if errors.As(err, &unmet) {
		last, _ := unmet.Image(0)
		return !a.Superseded(table.RevOf(last)), nil
	}
	return err == nil, err
}

// verdict is what a claim comes to.
type verdict int

const (
	mine verdict = iota
	done         // it was sent, or can never be
	held         // somebody else is at it
)

// judge says whether a claim that is there may be taken over.
func (c claim) judge(now time.Time) verdict {
	age := now.Sub(c.At)
	switch {
	case c.State != claimed:
		return done
	case age < lease && age > -lease: // clocks differ a little
		return held
	default:
		return mine
	}
}

// take claims a reader's mail: 1 write, 2 where a claim is taken over. row is the claim as it stands then.
func (s *Sender) take(ctx context.Context, key table.Key, now time.Time) (row table.Item, v verdict, err error) {
	row, err = table.Encode(claim{claimed, now.UTC(), 1, now.Add(keptFor).Unix()})
	if err != nil {
		return nil, held, err
	}
	err = s.table.Write(ctx, table.Put(key, row, table.Absent()))
	var unmet *table.ConditionError
	if !errors.As(err, &unmet) {
		return row, mine, err
	}
	was, _ := unmet.Image(0)
	var c claim
	if err := table.Decode(was, &c); err != nil {
		return nil, held, err
	}
	if v := c.judge(now); v != mine {
		return nil, v, nil
	}
	err = s.table.Write(ctx, table.Replace(key, was, row))
	if errors.As(err, &unmet) {
		return nil, held, nil // another one took it over first
	}
	return row, mine, err
}

// patienceToMark is how long the end of a mail may take to be written down, also where no time is left for anything else:
// what was sent and is not marked is sent again.
const patienceToMark = 5 * time.Second

// mark writes down what became of a mail: 1 write. A claim that another one took over meanwhile is theirs to mark.
func (s *Sender) mark(ctx context.Context, key table.Key, row table.Item, is state, now time.Time) error {
	item, err := table.Encode(claim{is, now.UTC(), 1, now.Add(keptFor).Unix()})
	if err != nil {
		return err
	}
	return s.settle(ctx, table.Replace(key, row, item))
}

// giveBack lets the next delivery try at once: 1 write. Should it fail, the claim is taken over when it is old.
func (s *Sender) giveBack(ctx context.Context, key table.Key, row table.Item) error {
	return s.settle(ctx, table.Delete(key, row, table.Rev(table.RevOf(row))))
}

func (s *Sender) settle(ctx context.Context, op table.Op) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patienceToMark)
	defer cancel()
	err := s.table.Write(ctx, op)
	var unmet *table.ConditionError
	if errors.As(err, &unmet) {
		return nil
	}
	return err
}
