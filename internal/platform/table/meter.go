package table

import (
	"context"
	"sync"
)

// Meter counts what one request cost, for its log line and for benchmarks. It is safe for several goroutines.
type Meter struct {
	mu          sync.Mutex
	calls       int
	tries       int
	read, write float64
}

type meterKey struct{}

// WithMeter gives the context a meter of its own; every call made with that context counts there.
func WithMeter(ctx context.Context) (context.Context, *Meter) {
	m := &Meter{}
	return context.WithValue(ctx, meterKey{}, m), m
}

// Calls is how many calls DynamoDB answered or refused, repeats after conflicts included.
func (m *Meter) Calls() int { m.mu.Lock(); defer m.mu.Unlock(); return m.calls }

// Conflicts is how many of the calls were refused because another transaction held an item.
func (m *Meter) Conflicts() int { m.mu.Lock(); defer m.mu.Unlock(); return m.tries }

// ReadUnits is the computed cost of the reads.
func (m *Meter) ReadUnits() float64 { m.mu.Lock(); defer m.mu.Unlock(); return m.read }

// WriteUnits is the computed cost of the writes.
func (m *Meter) WriteUnits() float64 { m.mu.Lock(); defer m.mu.Unlock(); return m.write }

// tally is a meter that may be absent.
type tally struct{ m *Meter }

func meter(ctx context.Context) tally {
	m, _ := ctx.Value(meterKey{}).(*Meter)
	return tally{m}
}

func (t tally) add(calls, conflicts int, read, write float64) {
	if t.m != nil {
		t.m.mu.Lock()
		defer t.m.mu.Unlock()
		t.m.calls += calls
		t.m.tries += conflicts
		t.m.read += read
		t.m.write += write
	}
}
