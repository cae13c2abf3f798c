package table

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

// Mode is what a fault point does to a call.
type Mode string

// The modes.
const (
	FailBefore Mode = "fail-before" // the call is not made and answers an error
	FailAfter  Mode = "fail-after"  // the call takes effect and its answer is lost
	Conflict   Mode = "conflict"    // the call is not made and answers a transaction conflict; writes only
	Slow       Mode = "slow"        // the call waits first, or until its context ends
)

// Fault makes calls fail. Of the calls it is meant for, it lets the first Skip pass, then hits with probability P, at
// most Times times (0: without end).
type Fault struct {
	// Call is "get", "query" or "write"; empty is all of them.
	Call  string        `json:"call,omitempty"`
	Mode  Mode          `json:"mode"`
	P     float64       `json:"p"`
	Skip  int           `json:"skip,omitempty"`
	Times int           `json:"times,omitempty"`
	Delay time.Duration `json:"delay,omitempty"`
}

// ErrFault is what a call answers that a fault point made to fail.
var ErrFault = errors.New("made to fail by a fault point")

// Faults are the fault points of a table: the local engine never raises a conflict and seldom fails, so tests and the
// local stack do it here. A nil *Faults lets everything pass; the deployed functions have none.
type Faults struct {
	mu      sync.Mutex
	random  *rand.Rand
	armed   []Fault
	hurried bool
}

// NewFaults makes fault points that draw from a seed.
func NewFaults(seed uint64) *Faults {
	return &Faults{random: rand.New(rand.NewPCG(seed, seed))}
}

// Arm puts these faults in place of all earlier ones; none disarms.
func (f *Faults) Arm(faults ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = append([]Fault(nil), faults...)
}

// Armed lists the faults as they stand, with what is left of Skip and Times.
func (f *Faults) Armed() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Fault(nil), f.armed...)
}

// Hurry has those who meet a conflict, or get a part of what they read, give up at once instead of after the budget of
// repeats, or no more: a test need not wait for what only time would show.
func (f *Faults) Hurry(is bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hurried = is
}

// budget is how long a call is repeated.
func (f *Faults) budget() time.Duration {
	if f == nil {
		return conflictBudget
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.hurried {
		return time.Nanosecond
	}
	return conflictBudget
}

// around makes a call, or what a fault makes of it.
func (f *Faults) around(ctx context.Context, call string, do func() error) error {
	hit, ok := f.draw(call)
	if !ok {
		return do()
	}
	switch hit.Mode {
	case Slow:
		timer := time.NewTimer(hit.Delay)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
			return do()
		}
	case FailAfter:
		if err := do(); err != nil {
			return err
		}
		return ErrFault
	case Conflict:
		return errConflict
	default:
		return ErrFault
	}
}

func (f *Faults) draw(call string) (Fault, bool) {
	if f == nil {
		return Fault{}, false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.armed {
		a := &f.armed[i]
		if a.Call != "" && a.Call != call || a.Mode == Conflict && call != "write" {
			continue
		}
		if a.Skip > 0 {
			a.Skip--
			continue
		}
		if f.random.Float64() >= a.P {
			continue
		}
		hit := *a
		if a.Times > 0 {
			if a.Times--; a.Times == 0 {
				f.armed = append(f.armed[:i], f.armed[i+1:]...)
			}
		}
		return hit, true
	}
	return Fault{}, false
}
