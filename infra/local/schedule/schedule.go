// Package schedule is EventBridge Scheduler on one machine: it calls functions when their schedules in template.yaml say
// so, by the stack's clock, and at once when somebody asks. It owns when; what is done then is the function's.
package schedule

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/seatkeeper/seatkeeper/infra/local/function"
	"github.com/seatkeeper/seatkeeper/infra/template"
)

// tick is how soon a moved clock is noticed.
const tick = time.Second

// Job is a schedule with its function.
type Job struct {
	Schedule template.Schedule
	Function function.Function
}

// Runner runs jobs. Make it with New; Run serves the clock, Now a person.
type Runner struct {
	jobs  []*job
	clock func() time.Time
	log   *slog.Logger
	pause time.Duration // before the first retry
}

// job is run by one at a time.
type job struct {
	Job
	mu   sync.Mutex
	last time.Time // the slot that was run last; zero: none since the start
}

// New takes jobs and the clock that they go by.
func New(jobs []Job, clock func() time.Time, log *slog.Logger) *Runner {
	r := &Runner{clock: clock, log: log, pause: time.Second}
	for _, j := range jobs {
		r.jobs = append(r.jobs, &job{Job: j})
	}
	return r
}

// Run calls what is due until the context ends. Every job runs once at the start: its hour may have passed while the
// stack was off.
func (r *Runner) Run(ctx context.Context) {
	var running sync.WaitGroup
	for _, j := range r.jobs {
		running.Go(func() { // each in its own, so that a long one keeps no other waiting
			again := time.NewTicker(tick)
			defer again.Stop()
			for {
				r.due(ctx, j)
				select {
				case <-again.C:
				case <-ctx.Done():
					return
				}
			}
		})
	}
	running.Wait()
}

// due runs a job whose slot is another than the last one. Of slots that were passed, by a clock that was moved, only the
// latest is run: each of them would see the same time. A clock that went back runs too, for nobody waits out the hours.
func (r *Runner) due(ctx context.Context, j *job) {
	j.mu.Lock()
	defer j.mu.Unlock()
	at := slot(j.Schedule, r.clock())
	if at.Equal(j.last) {
		return
	}
	if _, err := r.call(ctx, j, at); err != nil {
		if ctx.Err() != nil {
			return
		}
		r.log.Error("schedule: a call failed", "schedule", j.Schedule.ID, "function", j.Function.ID, "cause", err)
	}
	j.last = at
}

// slot is the latest instant, up to now, for which a schedule has a call. Rates are counted from midnight, where AWS counts
// from the schedule's making, which nobody should build on.
func slot(s template.Schedule, now time.Time) time.Time {
	return now.UTC().Add(-s.Minute).Truncate(s.Every).Add(s.Minute)
}

// Now runs the jobs of a function at once, and gives the answer of the last. The error names the functions that have
// one, if this has none.
func (r *Runner) Now(ctx context.Context, functionID string) (out []byte, err error) {
	var have []string
	found := false
	for _, j := range r.jobs {
		have = append(have, j.Function.ID)
		if j.Function.ID != functionID {
			continue
		}
		found = true
		j.mu.Lock()
		out, err = j.Function.Call(ctx, event(j.Schedule, r.clock(), 1))
		j.mu.Unlock()
		if err != nil {
			return nil, err
		}
	}
	if !found {
		slices.Sort(have)
		return nil, fmt.Errorf("no schedule calls %q; schedules call %q", functionID, slices.Compact(have))
	}
	return out, nil
}

// mostRetries keeps a job that fails for good from filling its hour: on AWS the pauses between retries are long.
const mostRetries = 3

func (r *Runner) call(ctx context.Context, j *job, at time.Time) ([]byte, error) {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval = r.pause
	attempt := 0
	try := func() ([]byte, error) {
		attempt++
		return j.Function.Call(ctx, event(j.Schedule, at, attempt))
	}
	return backoff.Retry(ctx, try, backoff.WithBackOff(pauses), backoff.WithMaxTries(uint(min(j.Schedule.Target.Retries, mostRetries))+1), backoff.WithMaxElapsedTime(0))
}

// event is what Scheduler gives to a function: the schedule's input with the names that Scheduler fills in, or a
// notification of its own.
func event(s template.Schedule, at time.Time, attempt int) []byte {
	arn := "arn:aws:scheduler:eu-west-1:000000000000:schedule/default/" + s.ID
	when := at.UTC().Truncate(time.Second).Format(time.RFC3339)
	if s.Input != "" {
		return []byte(strings.NewReplacer("<aws.scheduler.scheduled-time>", when, "<aws.scheduler.schedule-arn>", arn,
			"<aws.scheduler.attempt-number>", fmt.Sprint(attempt), "<aws.scheduler.execution-id>", fmt.Sprint(s.ID, "-", at.Unix())).Replace(s.Input))
	}
	text, _ := json.Marshal(map[string]any{ // strings alone
		"version": "0", "id": fmt.Sprint(s.ID, "-", at.Unix()), "detail-type": "Scheduled Event", "source": "aws.scheduler", "account": "000000000000",
		"time": when, "region": "eu-west-1", "resources": []string{arn}, "detail": "{}",
	})
	return text
}
