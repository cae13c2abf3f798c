package bus

import (
	"errors"
	"math/rand/v2"
	"sync"
)

// Mode is what a fault does.
type Mode string

// The modes. Twice and Shuffle are no defects: EventBridge delivers at least once, and in any order.
const (
	Refuse     Mode = "refuse"      // an entry is not taken, the others of its call are
	FailBefore Mode = "fail-before" // the call takes nothing and answers an error
	FailAfter  Mode = "fail-after"  // the call takes its entries and its answer is lost
	Twice      Mode = "twice"       // a delivery is made twice
	Shuffle    Mode = "shuffle"     // the entries of a call are delivered late and in any order
)

// Modes lists them.
func Modes() []Mode { return []Mode{Refuse, FailBefore, FailAfter, Twice, Shuffle} }

// Fault hits with probability P, at most Times times (0: without end).
type Fault struct {
	Mode  Mode
	P     float64
	Times int
}

// ErrFault is what was refused or failed by a fault.
var ErrFault = errors.New("refused by a fault point of the bus")

// Faults are the fault points of a bus. A nil *Faults lets everything pass.
type Faults struct {
	mu     sync.Mutex
	random *rand.Rand
	armed  []Fault
}

// NewFaults makes fault points that draw from a seed.
func NewFaults(seed uint64) *Faults { return &Faults{random: rand.New(rand.NewPCG(seed, seed))} }

// Arm puts these faults in place of all earlier ones; none disarms.
func (f *Faults) Arm(faults ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = append([]Fault(nil), faults...)
}

// Armed lists the faults as they stand, with what is left of Times.
func (f *Faults) Armed() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Fault(nil), f.armed...)
}

// hits draws for one mode.
func (f *Faults) hits(mode Mode) bool {
	if f == nil {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.armed {
		a := &f.armed[i]
		if a.Mode != mode || f.random.Float64() >= a.P {
			continue
		}
		if a.Times > 0 {
			if a.Times--; a.Times == 0 {
				f.armed = append(f.armed[:i], f.armed[i+1:]...)
			}
		}
		return true
	}
	return false
}

// below draws a number from 0 to n-1.
func (f *Faults) below(n int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.random.IntN(n)
}
