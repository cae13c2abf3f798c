// Package bus is EventBridge on one machine: it wraps entries in envelopes, matches them with the patterns of the rules
// in template.yaml, and delivers them to functions at least once, with retries, and dead letters in a folder in the
// place of a queue. It owns nothing of what events mean.
//
// What the bus has taken is in a file until it is delivered, for a kill of the process must not lose what EventBridge
// would not lose.
package bus

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/local/file"
	"github.com/seatkeeper/seatkeeper/infra/local/function"
	platform "github.com/seatkeeper/seatkeeper/internal/platform/bus"
)

// Rule sends the events that match its pattern to its targets.
type Rule struct {
	Name    string // logical id, UsageWarningRule
	Pattern *Pattern
	Targets []Target
}

// Target is a function that a rule sends to, and how often it is tried.
type Target struct {
	Function function.Function
	// Queue stands between the two where it is not nil. Then Retries and Age are of no account here: a queue of this
	// machine takes everything.
	Queue   *Queue
	Retries int           // after the first try; none is 0
	Age     time.Duration // for which it is retried at most; 0 is without end
	// Kept tells that what could not be delivered becomes a dead letter. Without a queue AWS drops it.
	Kept bool
}

// Queue is how a queue hands its messages to a function: each alone, as SQS does, and one that failed again after a while.
type Queue struct {
	Hidden   time.Duration // by the stack's clock
	Receives int           // after which it is a dead letter
}

// Config is what a bus stands on.
type Config struct {
	// Waiting is the folder of what is taken and not delivered yet; Dead that of dead letters, a folder for each rule.
	Waiting, Dead string
	Faults        *Faults // nil: none
	Log           *slog.Logger
	// Now is the stack's clock, by which queues wait; nil: the machine's.
	Now func() time.Time
	// Pause is the wait before the first retry. It doubles, up to fifty times as much. 0 is 100 ms.
	Pause time.Duration
}

// How many deliveries run at once, and how late a shuffled one is at most.
const (
	atOnce = 8
	late   = 50 * time.Millisecond
)

// Bus implements the platform's Bus.
type Bus struct {
	config Config
	places chan struct{} // one for each delivery that runs

	mu       sync.Mutex // guards what Start and Close change, together with the count of underway
	rules    []Rule
	closed   bool
	closing  chan struct{} // closed once nothing is waited for any more
	underway sync.WaitGroup

	delivering context.Context // of all deliveries; it outlives the calls that published them
	abandon    context.CancelFunc
}

var _ platform.Bus = (*Bus)(nil)

// New makes a bus, which functions can be given. It takes nothing until Start gave it its rules: these lead to functions
// again.
func New(config Config) *Bus {
	if config.Pause == 0 {
		config.Pause = 100 * time.Millisecond
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	b := &Bus{config: config, places: make(chan struct{}, atOnce), closed: true, closing: make(chan struct{})}
	b.delivering, b.abandon = context.WithCancel(context.Background())
	return b
}

// Start opens the bus, and delivers what an earlier one left waiting. End it with Close.
func (b *Bus) Start(rules []Rule) error {
	left, err := filepath.Glob(filepath.Join(b.config.Waiting, "*.json"))
	if err != nil {
		return fmt.Errorf("bus: %w", err)
	}
	var waiting []delivery
	for _, name := range left {
		text, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("bus: %w", err)
		}
		d := delivery{file: name}
		if err := json.Unmarshal(text, &d); err != nil {
			return fmt.Errorf("bus: %s: %w", name, err)
		}
		waiting = append(waiting, d)
	}
	b.mu.Lock()
	b.rules, b.closed = rules, false
	b.mu.Unlock()
	for _, d := range waiting {
		b.start(d, 0)
	}
	return nil
}

// envelope is an event as targets get it.
type envelope struct {
	Version    string          `json:"version"`
	ID         string          `json:"id"`
	DetailType string          `json:"detail-type"`
	Source     string          `json:"source"`
	Account    string          `json:"account"`
	Time       string          `json:"time"`
	Region     string          `json:"region"`
	Resources  []string        `json:"resources"`
	Detail     json.RawMessage `json:"detail"`
}

// wrap makes the envelope of an entry. Its id is the bus's own and new each time, as with EventBridge.
func wrap(e platform.Entry) ([]byte, error) {
	var detail map[string]json.RawMessage
	if err := json.Unmarshal(e.Detail, &detail); err != nil || detail == nil {
		return nil, errors.New("MalformedDetail: the detail is no JSON object")
	}
	if e.Type == "" {
		return nil, errors.New("InvalidArgument: an entry without a detail-type")
	}
	return json.Marshal(envelope{
		Version: "0", ID: newID(), DetailType: e.Type, Source: platform.Source, Account: "000000000000",
		Time: e.At.UTC().Truncate(time.Second).Format(time.RFC3339), Region: "eu-west-1", Resources: []string{}, Detail: e.Detail,
	})
}

// newID is a random UUID.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// Publish takes entries, and answers once what matches a rule is in its file. Deliveries go on by themselves.
func (b *Bus) Publish(ctx context.Context, entries []platform.Entry) (refused map[int]error, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if b.config.Faults.hits(FailBefore) {
		return nil, ErrFault
	}
	if b.shut() {
		return nil, errors.New("the bus is closed")
	}
	refused = map[int]error{}
	var taken []delivery
	for i, e := range entries {
		if b.config.Faults.hits(Refuse) {
			refused[i] = ErrFault
			continue
		}
		made, err := b.take(e)
		if err != nil {
			refused[i] = err
			continue
		}
		taken = append(taken, made...)
	}
	shuffled := b.config.Faults.hits(Shuffle)
	for _, d := range taken {
		var wait time.Duration
		if shuffled {
			wait = time.Duration(b.config.Faults.below(int(late)))
		}
		if !b.start(d, wait) {
			return nil, errors.New("the bus is closed; what it took is delivered at its next start")
		}
	}
	if b.config.Faults.hits(FailAfter) {
		return nil, ErrFault
	}
	return refused, nil
}

// take matches an entry and writes down its deliveries. On an error some may stand already: then they are made twice,
// once the entry is sent again.
func (b *Bus) take(e platform.Entry) (made []delivery, err error) {
	event, err := wrap(e)
	if err != nil {
		return nil, err
	}
	for _, rule := range b.rulesNow() {
		matched, err := rule.Pattern.Matches(event)
		if err != nil {
			return nil, err
		}
		if !matched {
			continue
		}
		for _, target := range rule.Targets {
			d := delivery{Rule: rule.Name, Function: target.Function.ID, Event: event}
			d.file = filepath.Join(b.config.Waiting, rule.Name+"-"+target.Function.ID+"-"+newID()+".json")
			text, err := json.Marshal(d)
			if err == nil {
				err = file.Write(d.file, text)
			}
			if err != nil {
				return nil, fmt.Errorf("InternalFailure: %w", err)
			}
			made = append(made, d)
		}
	}
	return made, nil
}

func (b *Bus) rulesNow() []Rule {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.rules
}

func (b *Bus) shut() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.closed
}

// start delivers in the background, unless the bus is closed.
func (b *Bus) start(d delivery, wait time.Duration) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	b.underway.Go(func() {
		select {
		case <-time.After(wait):
			b.deliver(d)
		case <-b.delivering.Done():
		}
	})
	return true
}

// Close takes nothing more, and waits for what is underway until the context ends; not for what hides in a queue. What is
// then left stays in its file, for the next start.
func (b *Bus) Close(ctx context.Context) {
	b.mu.Lock()
	b.closed = true
	select {
	case <-b.closing:
	default:
		close(b.closing)
	}
	b.mu.Unlock()
	settled := make(chan struct{})
	go func() {
		b.underway.Wait()
		close(settled)
	}()
	select {
	case <-settled:
	case <-ctx.Done():
	}
	b.abandon()
	<-settled
}

// target finds what a delivery is for. A rule may have gone from the template since the event was taken.
func (b *Bus) target(d delivery) (Target, bool) {
	for _, rule := range b.rulesNow() {
		at := slices.IndexFunc(rule.Targets, func(t Target) bool { return t.Function.ID == d.Function })
		if rule.Name == d.Rule && at >= 0 {
			return rule.Targets[at], true
		}
	}
	return Target{}, false
}
