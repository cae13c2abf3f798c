package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/cenkalti/backoff/v5"
)

// settle hands a batch to the function until every record of it is taken or given up, in order, and moves the position
// with them. The error is a context that ended, or a file that could not be written: then the position stays behind.
func (p *Poller) settle(ctx context.Context, shard string, batch []record) error {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval, pauses.Multiplier = p.config.Pause, 50*p.config.Pause, 2
	for calls := 1; ; calls++ {
		taken, cause := p.call(ctx, batch)
		if taken > 0 {
			if err := p.positions.set(shard, position{After: batch[taken-1].sequence}); err != nil {
				return err
			}
			batch = batch[taken:]
		}
		if len(batch) == 0 {
			return nil
		}
		// A call that was cut off at the end of the process is no failure of the records: wait ends with the context.
		if err := wait(ctx, pauses.NextBackOff()); err != nil {
			return err
		}
		// What is cut has its retries before it, as on AWS: the good half goes through, the bad one is cut further.
		if half := len(batch) / 2; p.config.Mapping.Bisect && half > 0 {
			if err := p.settle(ctx, shard, batch[:half]); err != nil {
				return err
			}
			return p.settle(ctx, shard, batch[half:])
		}
		if condition := p.hopeless(batch, calls); condition != "" {
			if err := p.giveUp(shard, batch, condition, calls, cause); err != nil {
				return err
			}
			return p.positions.set(shard, position{After: batch[len(batch)-1].sequence})
		}
	}
}

// hopeless gives the condition under which a batch is given up; empty: it is tried again.
func (p *Poller) hopeless(batch []record, calls int) string {
	m := p.config.Mapping
	switch {
	case m.Retries >= 0 && calls > m.Retries:
		return exhausted
	case m.Age > 0 && time.Since(batch[0].at) > m.Age:
		return tooOld
	}
	return ""
}

// call gives how many records from the first on the function has taken, and, where not all, why.
func (p *Poller) call(ctx context.Context, batch []record) (taken int, cause error) {
	event, err := payload(batch)
	if err != nil {
		return 0, err
	}
	out, err := p.config.Function.Call(ctx, event)
	if err != nil {
		return 0, err
	}
	if !p.config.Mapping.Partial || len(out) == 0 {
		return len(batch), nil
	}
	var answer events.DynamoDBEventResponse
	if err := json.Unmarshal(out, &answer); err != nil {
		return 0, fmt.Errorf("%s: its answer: %w", p.config.Function.ID, err)
	}
	taken = len(batch)
	for _, failed := range answer.BatchItemFailures {
		at := slices.IndexFunc(batch, func(r record) bool { return r.sequence == failed.ItemIdentifier })
		if at < 0 {
			return 0, fmt.Errorf("%s reported %q, which is no record of its batch: to Lambda all have failed then", p.config.Function.ID, failed.ItemIdentifier)
		}
		taken = min(taken, at)
	}
	if taken < len(batch) {
		return taken, errors.New("the function reported it as failed")
	}
	return taken, nil
}

// wait pauses, unless the context ends first.
func wait(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
