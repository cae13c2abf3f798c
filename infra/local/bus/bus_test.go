package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/local/function"
	platform "github.com/seatkeeper/seatkeeper/internal/platform/bus"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 7e8, time.FixedZone("CET", 3600))

// reader is a function that keeps what it gets, and fails as often as it is told.
type reader struct {
	mu    sync.Mutex
	got   []string // ids of details
	raw   []json.RawMessage
	fails int
	holds chan struct{} // nil, or what every call waits for
}

func (r *reader) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if r.holds != nil {
		select {
		case <-r.holds:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fails > 0 {
		r.fails--
		return nil, errors.New("not now")
	}
	var event struct{ Detail struct{ ID string } }
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	r.got = append(r.got, event.Detail.ID)
	r.raw = append(r.raw, payload)
	return []byte("null"), nil
}

func (r *reader) ids() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

func (r *reader) target(retries int) Target {
	return Target{Function: function.Function{ID: "AlertsFunction", Handler: r, Timeout: 10 * time.Second}, Retries: retries, Kept: true}
}

func rule(t *testing.T, name, pattern string, targets ...Target) Rule {
	t.Helper()
	p, err := ParsePattern([]byte(pattern))
	if err != nil {
		t.Fatal(err)
	}
	return Rule{Name: name, Pattern: p, Targets: targets}
}

// place is the folder of one bus after another.
type place string

func (p place) open(t *testing.T, faults *Faults, rules ...Rule) *Bus {
	t.Helper()
	b := New(Config{Waiting: filepath.Join(string(p), "bus"), Dead: filepath.Join(string(p), "dlq"), Faults: faults, Log: slog.New(slog.DiscardHandler), Pause: time.Millisecond})
	if _, err := b.Publish(t.Context(), []platform.Entry{entry("early", crossed, 80)}); err == nil {
		t.Error("a bus takes entries before it has rules")
	}
	if err := b.Start(rules); err != nil {
		t.Fatal(err)
	}
	return b
}

func (p place) waiting(t *testing.T) int {
	t.Helper()
	files, err := os.ReadDir(filepath.Join(string(p), "bus"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return len(files)
}

func (p place) letters(t *testing.T, rule string) (out []Letter) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(string(p), "dlq", rule, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var l Letter
		if err := json.Unmarshal(text, &l); err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	return out
}

func entry(id, kind string, threshold int) platform.Entry {
	return platform.Entry{ID: id, Type: kind, At: noon, Detail: json.RawMessage(fmt.Sprintf(`{"id": %q, "threshold": %d}`, id, threshold))}
}

func publish(t *testing.T, b *Bus, entries ...platform.Entry) {
	t.Helper()
	if refused, err := b.Publish(t.Context(), entries); err != nil || len(refused) > 0 {
		t.Fatalf("refused %v, %v", refused, err)
	}
}

// settle closes a bus after all that is underway.
func settle(t *testing.T, b *Bus) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	b.Close(ctx)
	if ctx.Err() != nil {
		t.Fatal("the deliveries do not end")
	}
}

const crossed = "SeatUsageThresholdCrossed"

func TestAnEventGoesToTheRulesThatMatchItAndToNoOther(t *testing.T) {
	at := place(t.TempDir())
	var warning, full, all reader
	b := at.open(t, nil,
		rule(t, "Warning", `{"detail-type": ["SeatUsageThresholdCrossed"], "detail": {"threshold": [80]}}`, warning.target(0)),
		rule(t, "Full", `{"detail": {"threshold": [100]}}`, full.target(0)),
		rule(t, "All", `{"source": ["seatkeeper"]}`, all.target(0)))
	publish(t, b, entry("a", crossed, 80), entry("b", crossed, 100), entry("c", "SeatAssigned", 0))
	settle(t, b)
	everything := all.ids()
	slices.Sort(everything)
	for _, row := range []struct{ got, want []string }{{warning.ids(), []string{"a"}}, {full.ids(), []string{"b"}}, {everything, []string{"a", "b", "c"}}} {
		if diff := cmp.Diff(row.want, row.got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if left := at.waiting(t); left != 0 {
		t.Errorf("%d files wait after all was delivered", left)
	}
}

func TestTheEnvelopeIsEventBridges(t *testing.T) {
	at := place(t.TempDir())
	var r reader
	b := at.open(t, nil, rule(t, "All", `{"source": ["seatkeeper"]}`, r.target(0)))
	publish(t, b, entry("a", crossed, 80))
	settle(t, b)
	var got map[string]any
	if len(r.raw) != 1 || json.Unmarshal(r.raw[0], &got) != nil {
		t.Fatalf("delivered %s", r.raw)
	}
	if id, _ := got["id"].(string); len(id) != 36 || id == "a" {
		t.Errorf("the envelope's id is %v", got["id"])
	}
	delete(got, "id")
	want := map[string]any{
		"version": "0", "detail-type": crossed, "source": "seatkeeper", "account": "000000000000", "time": "2026-11-21T11:00:00Z",
		"region": "eu-west-1", "resources": []any{}, "detail": map[string]any{"id": "a", "threshold": 80.0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAFailedDeliveryIsTriedAgainAsOftenAsTheRuleSays(t *testing.T) {
	at := place(t.TempDir())
	recovers, fails := &reader{fails: 3}, &reader{fails: 4}
	b := at.open(t, nil, rule(t, "Recovers", `{"source": ["seatkeeper"]}`, recovers.target(3)), rule(t, "Fails", `{"source": ["seatkeeper"]}`, fails.target(3)))
	publish(t, b, entry("a", crossed, 80))
	settle(t, b)
	if diff := cmp.Diff([]string{"a"}, recovers.ids()); diff != "" {
		t.Errorf("within the retries (-want +got):\n%s", diff)
	}
	if len(at.letters(t, "Recovers")) != 0 || len(fails.ids()) != 0 {
		t.Errorf("%d dead letters of what was delivered; beyond the retries %v came", len(at.letters(t, "Recovers")), fails.ids())
	}
	letters := at.letters(t, "Fails")
	if len(letters) != 1 {
		t.Fatalf("dead letters: %+v", letters)
	}
	l := letters[0]
	var event struct{ Detail struct{ ID string } }
	if err := json.Unmarshal(l.Event, &event); err != nil || event.Detail.ID != "a" || l.Tries != 4 || l.Rule != "Fails" || l.Error != "AlertsFunction: not now" {
		t.Errorf("the dead letter is %+v of %s (%v)", l, l.Event, err)
	}
	if left := at.waiting(t); left != 0 {
		t.Errorf("%d files wait", left)
	}
}

func TestWithoutAQueueWhatFailsIsDropped(t *testing.T) {
	at := place(t.TempDir())
	r := &reader{fails: 1}
	target := r.target(0)
	target.Kept = false
	b := at.open(t, nil, rule(t, "Drops", `{"source": ["seatkeeper"]}`, target))
	publish(t, b, entry("a", crossed, 80))
	settle(t, b)
	if got := len(at.letters(t, "Drops")) + at.waiting(t) + len(r.ids()); got != 0 {
		t.Errorf("%d traces of what was dropped", got)
	}
}

func TestAPanicOfAFunctionIsAFailedDelivery(t *testing.T) {
	at := place(t.TempDir())
	b := at.open(t, nil, rule(t, "All", `{"source": ["seatkeeper"]}`, Target{Function: function.Function{ID: "F", Handler: panics{}, Timeout: time.Second}, Kept: true}))
	publish(t, b, entry("a", crossed, 80))
	settle(t, b)
	if len(at.letters(t, "All")) != 1 {
		t.Error("no dead letter")
	}
}

type panics struct{}

func (panics) Invoke(context.Context, []byte) ([]byte, error) { panic("of the function") }

func TestEntriesThatEventBridgeRefusesAreRefusedAlone(t *testing.T) {
	at := place(t.TempDir())
	var r reader
	b := at.open(t, nil, rule(t, "All", `{"source": ["seatkeeper"]}`, r.target(0)))
	bad := func(detail, kind string) platform.Entry {
		return platform.Entry{Type: kind, At: noon, Detail: json.RawMessage(detail)}
	}
	refused, err := b.Publish(t.Context(), []platform.Entry{bad(`[]`, crossed), entry("a", crossed, 80), bad(`null`, crossed), bad(`{`, crossed), bad(`{}`, "")})
	settle(t, b)
	if err != nil || len(refused) != 4 || refused[1] != nil {
		t.Errorf("refused %v, %v", refused, err)
	}
	if diff := cmp.Diff([]string{"a"}, r.ids()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A stop and a kill are the same here: what is not delivered is in its file.
func TestWhatWasTakenSurvivesTheEndOfTheProcess(t *testing.T) {
	at := place(t.TempDir())
	stuck := &reader{holds: make(chan struct{})}
	b := at.open(t, nil, rule(t, "All", `{"source": ["seatkeeper"]}`, stuck.target(0)), rule(t, "Gone", `{"detail": {"id": ["b"]}}`, stuck.target(0)))
	publish(t, b, entry("a", crossed, 80), entry("b", crossed, 100))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	b.Close(ended)
	if len(stuck.ids()) != 0 || at.waiting(t) != 3 {
		t.Fatalf("delivered %v, %d waiting", stuck.ids(), at.waiting(t))
	}
	if _, err := b.Publish(t.Context(), []platform.Entry{entry("late", crossed, 80)}); err == nil {
		t.Error("a closed bus takes entries")
	}

	var r reader
	settle(t, at.open(t, nil, rule(t, "All", `{"source": ["seatkeeper"]}`, r.target(0))))
	got := r.ids()
	slices.Sort(got)
	if diff := cmp.Diff([]string{"a", "b"}, got); diff != "" {
		t.Errorf("after the start (-want +got):\n%s", diff)
	}
	if letters := at.letters(t, "Gone"); len(letters) != 1 || at.waiting(t) != 0 {
		t.Errorf("of a rule that is gone: %+v, %d waiting", letters, at.waiting(t))
	}
}

func TestCloseWaitsForWhatIsUnderway(t *testing.T) {
	at := place(t.TempDir())
	r := &reader{holds: make(chan struct{})}
	b := at.open(t, nil, rule(t, "All", `{"source": ["seatkeeper"]}`, r.target(0)))
	publish(t, b, entry("a", crossed, 80))
	time.AfterFunc(50*time.Millisecond, func() { close(r.holds) })
	settle(t, b)
	if diff := cmp.Diff([]string{"a"}, r.ids()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFaultsRefuseEntriesAndFailCalls(t *testing.T) {
	at, faults := place(t.TempDir()), NewFaults(1)
	var r reader
	b := at.open(t, faults, rule(t, "All", `{"source": ["seatkeeper"]}`, r.target(0)))
	many := make([]platform.Entry, 40)
	for i := range many {
		many[i] = entry(fmt.Sprint(i), crossed, 80)
	}
	faults.Arm(Fault{Mode: Refuse, P: 0.5})
	refused, err := b.Publish(t.Context(), many)
	if err != nil || len(refused) < 5 || len(refused) > 35 {
		t.Errorf("half of 40 refused: %d, %v", len(refused), err)
	}
	taken := 40 - len(refused)
	faults.Arm(Fault{Mode: Refuse, P: 1, Times: 1})
	if refused, err := b.Publish(t.Context(), many[:2]); err != nil || len(refused) != 1 || !errors.Is(refused[0], ErrFault) {
		t.Errorf("once: %v, %v", refused, err)
	}
	faults.Arm(Fault{Mode: FailBefore, P: 1, Times: 1}, Fault{Mode: FailAfter, P: 1, Times: 1})
	for range 2 {
		if _, err := b.Publish(t.Context(), many[:3]); !errors.Is(err, ErrFault) {
			t.Errorf("a call that fails: %v", err)
		}
	}
	if len(faults.Armed()) != 0 {
		t.Errorf("armed: %v", faults.Armed())
	}
	settle(t, b)
	// One of two, nothing of the call that failed before, and all of the one that failed after.
	if got := len(r.ids()); got != taken+1+3 {
		t.Errorf("%d delivered, want %d", got, taken+1+3)
	}
}

func TestFaultsDeliverTwiceAndInAnyOrder(t *testing.T) {
	at, faults := place(t.TempDir()), NewFaults(1)
	faults.Arm(Fault{Mode: Twice, P: 1}, Fault{Mode: Shuffle, P: 1})
	var r reader
	b := at.open(t, faults, rule(t, "All", `{"source": ["seatkeeper"]}`, r.target(0)))
	var entries []platform.Entry
	var inOrder []string
	for i := range 20 {
		id := fmt.Sprintf("%02d", i)
		entries, inOrder = append(entries, entry(id, crossed, 80)), append(inOrder, id, id)
	}
	publish(t, b, entries...)
	settle(t, b)
	got := r.ids()
	if slices.IsSorted(got) {
		t.Errorf("delivered in order: %v", got)
	}
	slices.Sort(got)
	if diff := cmp.Diff(inOrder, got); diff != "" {
		t.Errorf("each twice (-want +got):\n%s", diff)
	}
}
