package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/local/function"
	"github.com/seatkeeper/seatkeeper/infra/template"
)

// night is shortly before a full hour.
var night = time.Date(2026, 11, 21, 23, 58, 0, 0, time.UTC)

// sweep is a function that keeps the times it was called for.
type sweep struct {
	mu    sync.Mutex
	times []string
	raw   []byte
	fails int
	stuck chan struct{}
}

func (s *sweep) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	if s.stuck != nil {
		<-s.stuck
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var event struct{ Time string }
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	s.times, s.raw = append(s.times, event.Time), payload
	if s.fails > 0 {
		s.fails--
		return nil, errors.New("not now")
	}
	return []byte(`"swept"`), nil
}

func (s *sweep) at() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.times...)
}

func runner(s *sweep, schedule template.Schedule, now *time.Time) *Runner {
	schedule.ID = "SweepSchedule"
	r := New([]Job{{schedule, function.Function{ID: "ExpiryFunction", Handler: s, Timeout: time.Minute}}}, func() time.Time { return *now }, slog.New(slog.DiscardHandler))
	r.pause = time.Millisecond
	return r
}

func TestAJobRunsOnceInEachHourOfTheStacksClock(t *testing.T) {
	for _, row := range []struct {
		name     string
		schedule template.Schedule
		moves    []time.Duration
		want     []string
	}{
		{"once at the start, and again in the next hour", template.Schedule{Every: time.Hour}, []time.Duration{0, time.Minute, time.Minute, 59 * time.Minute, time.Minute},
			[]string{"2026-11-21T23:00:00Z", "2026-11-22T00:00:00Z", "2026-11-22T01:00:00Z"}},
		{"at its minute", template.Schedule{Every: time.Hour, Minute: 59 * time.Minute}, []time.Duration{0, time.Minute, time.Minute},
			[]string{"2026-11-21T22:59:00Z", "2026-11-21T23:59:00Z"}},
		{"once after a clock that was moved by days", template.Schedule{Every: time.Hour}, []time.Duration{0, 72 * time.Hour, 0},
			[]string{"2026-11-21T23:00:00Z", "2026-11-24T23:00:00Z"}},
		{"and after one that was moved back", template.Schedule{Every: time.Hour}, []time.Duration{0, -48 * time.Hour, 0},
			[]string{"2026-11-21T23:00:00Z", "2026-11-19T23:00:00Z"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var s sweep
			now := night
			r := runner(&s, row.schedule, &now)
			for _, by := range row.moves {
				now = now.Add(by)
				r.due(t.Context(), r.jobs[0])
			}
			if diff := cmp.Diff(row.want, s.at()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAJobThatFailsIsTriedAgainAndThenWaitsForItsNextHour(t *testing.T) {
	s, now := &sweep{fails: 1}, night
	r := runner(s, template.Schedule{Every: time.Hour, Target: template.Target{Retries: 185}}, &now)
	r.due(t.Context(), r.jobs[0])
	if got := len(s.at()); got != 2 {
		t.Errorf("called %d times, want 2", got)
	}
	s.fails = 100
	now = now.Add(time.Hour)
	r.due(t.Context(), r.jobs[0])
	r.due(t.Context(), r.jobs[0])
	if got := len(s.at()); got != 2+1+mostRetries {
		t.Errorf("called %d times, want %d", got, 2+1+mostRetries)
	}
}

func TestRunGoesByTheClockUntilItsContextEnds(t *testing.T) {
	var s sweep
	var mu sync.Mutex
	moved := time.Duration(0)
	clock := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return night.Add(moved)
	}
	r := New([]Job{{template.Schedule{Every: time.Hour}, function.Function{ID: "ExpiryFunction", Handler: &s, Timeout: time.Minute}}}, clock, slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { r.Run(ctx); close(ended) }()
	waitFor := func(n int) {
		t.Helper()
		for end := time.Now().Add(time.Minute); len(s.at()) < n; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("called for %v, want %d calls", s.at(), n)
			}
		}
	}
	waitFor(1)
	mu.Lock()
	moved = 24 * time.Hour
	mu.Unlock()
	waitFor(2)
	stop()
	<-ended
	if diff := cmp.Diff([]string{"2026-11-21T23:00:00Z", "2026-11-22T23:00:00Z"}, s.at()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAJobRunsWhenSomebodyAsks(t *testing.T) {
	s, now := &sweep{stuck: make(chan struct{})}, night
	r := runner(s, template.Schedule{Every: time.Hour}, &now)
	close(s.stuck)
	r.due(t.Context(), r.jobs[0])
	out, err := r.Now(t.Context(), "ExpiryFunction")
	if err != nil || string(out) != `"swept"` {
		t.Errorf("%s, %v", out, err)
	}
	if diff := cmp.Diff([]string{"2026-11-21T23:00:00Z", "2026-11-21T23:58:00Z"}, s.at()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := r.Now(t.Context(), "OtherFunction"); err == nil || !strings.Contains(err.Error(), "ExpiryFunction") {
		t.Errorf("of a function without schedule: %v", err)
	}
	s.fails = 1
	if _, err := r.Now(t.Context(), "ExpiryFunction"); err == nil {
		t.Error("a failure is told to nobody")
	}
}

func TestAFunctionGetsTheSchedulesInputOrANotification(t *testing.T) {
	var got map[string]any
	if err := json.Unmarshal(event(template.Schedule{ID: "S"}, night, 1), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"version": "0", "id": "S-1795305480", "detail-type": "Scheduled Event", "source": "aws.scheduler", "account": "000000000000", "time": "2026-11-21T23:58:00Z",
		"region": "eu-west-1", "resources": []any{"arn:aws:scheduler:eu-west-1:000000000000:schedule/default/S"}, "detail": "{}"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	input := event(template.Schedule{ID: "S", Input: `{"at": "<aws.scheduler.scheduled-time>", "try": <aws.scheduler.attempt-number>}`}, night, 2)
	if string(input) != `{"at": "2026-11-21T23:58:00Z", "try": 2}` {
		t.Errorf("input %s", input)
	}
}
