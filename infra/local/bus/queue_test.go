package bus

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/local/function"
)

// queued is a function that reads a queue.
type queued struct {
	mu    sync.Mutex
	fails int
	got   []string // how often the message was received, and the id of its event
	clock wound
	reads int64 // of the clock, when the last message was received
}

// wound is a clock that is moved by hand. Nothing but what hides in a queue reads it.
type wound struct{ moved, reads atomic.Int64 }

func (c *wound) now() time.Time {
	defer c.reads.Add(1)
	return noon.Add(time.Duration(c.moved.Load()))
}

func (q *queued) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	var in events.SQSEvent
	if err := json.Unmarshal(payload, &in); err != nil || len(in.Records) != 1 {
		return nil, errors.Join(err, errors.New("not one message"))
	}
	var event struct{ Detail struct{ ID string } }
	if err := json.Unmarshal([]byte(in.Records[0].Body), &event); err != nil {
		return nil, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.reads = q.clock.reads.Load()
	q.got = append(q.got, in.Records[0].Attributes["ApproximateReceiveCount"]+" "+event.Detail.ID)
	if q.fails--; q.fails >= 0 {
		return nil, errors.New("not now")
	}
	return []byte("null"), nil
}

func (q *queued) seen() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.Clone(q.got)
}

// hidden waits until the message that was received last hides, by the clock as it stands.
func (q *queued) hidden(t *testing.T) {
	t.Helper()
	q.mu.Lock()
	before := q.reads
	q.mu.Unlock()
	for end := time.Now().Add(time.Minute); q.clock.reads.Load() == before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the message does not hide")
		}
	}
}

// by waits until a message was received so often.
func (q *queued) by(t *testing.T, want ...string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); len(q.seen()) < len(want) && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
	}
	if diff := cmp.Diff(want, q.seen()); diff != "" {
		t.Fatalf("received (-want +got):\n%s", diff)
	}
}

// hands is a bus whose clock is moved by hand.
func (p place) hands(t *testing.T, q *queued, receives int) *Bus {
	t.Helper()
	b := New(Config{Waiting: filepath.Join(string(p), "bus"), Dead: filepath.Join(string(p), "dlq"), Log: slog.New(slog.DiscardHandler), Now: q.clock.now})
	target := Target{Function: function.Function{ID: "AlertsFunction", Handler: q, Timeout: 10 * time.Second}, Queue: &Queue{Hidden: 12 * time.Minute, Receives: receives}, Kept: true}
	if err := b.Start([]Rule{rule(t, "All", `{"source": ["seatkeeper"]}`, target)}); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAMessageThatFailedComesAgainOnceItIsNoLongerHidden(t *testing.T) {
	at, q := place(t.TempDir()), &queued{fails: 2}
	b := at.hands(t, q, 3)
	publish(t, b, entry("a", crossed, 80))
	q.by(t, "1 a")
	q.hidden(t)
	q.clock.moved.Store(int64(11 * time.Minute))
	time.Sleep(3 * tick)
	q.by(t, "1 a")
	q.clock.moved.Store(int64(12 * time.Minute))
	q.by(t, "1 a", "2 a")
	q.hidden(t)
	q.clock.moved.Store(int64(-time.Hour)) // a clock that goes back keeps nothing hidden
	q.by(t, "1 a", "2 a", "3 a")
	settle(t, b)
	if len(at.letters(t, "All")) != 0 || at.waiting(t) != 0 {
		t.Errorf("%d dead letters, %d waiting of what was delivered at last", len(at.letters(t, "All")), at.waiting(t))
	}
}

func TestAMessageThatFailsTooOftenIsADeadLetter(t *testing.T) {
	at, q := place(t.TempDir()), &queued{fails: 9}
	b := at.hands(t, q, 2)
	publish(t, b, entry("a", crossed, 80))
	q.by(t, "1 a")
	q.hidden(t)
	q.clock.moved.Store(int64(time.Hour))
	q.by(t, "1 a", "2 a")
	settle(t, b)
	letters := at.letters(t, "All")
	if len(letters) != 1 || letters[0].Tries != 2 || at.waiting(t) != 0 {
		t.Errorf("dead letters %+v, %d waiting", letters, at.waiting(t))
	}
}

// Nobody waits twelve minutes for the end of the stack; the next start goes on.
func TestWhatHidesInAQueueIsLeftToTheNextStart(t *testing.T) {
	at, q := place(t.TempDir()), &queued{fails: 1}
	b := at.hands(t, q, 3)
	publish(t, b, entry("a", crossed, 80))
	q.by(t, "1 a")
	settle(t, b)
	if at.waiting(t) != 1 || len(at.letters(t, "All")) != 0 {
		t.Fatalf("%d waiting, %d dead letters", at.waiting(t), len(at.letters(t, "All")))
	}
	b = at.hands(t, q, 3)
	q.by(t, "1 a", "1 a")
	settle(t, b)
	if at.waiting(t) != 0 {
		t.Errorf("%d waiting", at.waiting(t))
	}
}
