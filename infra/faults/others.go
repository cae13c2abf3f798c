package faults

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/platform/bus"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
)

// MailKinds are how a mail goes wrong.
func MailKinds() []Kind { return []Kind{Before, After, Refused, Slow} }

// BusKinds are how a call of the bus goes wrong: Refused is that it takes all entries but the first.
func BusKinds() []Kind { return []Kind{Before, After, Refused, Slow} }

// breaks breaks one call.
type breaks struct {
	mu   sync.Mutex
	kind Kind
	at   int
	seen int
	hit  bool
	end  func()
}

// Arm breaks the call with that number, from 0 on, of those that are made from now on; the empty kind breaks none.
func (b *breaks) Arm(kind Kind, at int, end func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kind, b.at, b.end, b.seen, b.hit = kind, at, end, 0, false
}

// Disarm breaks no call any more. It answers how many were made since Arm, and whether one was broken.
func (b *breaks) Disarm() (calls int, hit bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kind = ""
	return b.seen, b.hit
}

func (b *breaks) draw() Kind {
	n := b.seen
	b.seen++
	if b.kind == "" || n != b.at {
		return ""
	}
	b.hit = true
	return b.kind
}

// Postbox keeps the mails that it takes.
type Postbox struct {
	breaks
	taken []mail.Message
}

// Send takes a mail, or goes wrong.
func (p *Postbox) Send(ctx context.Context, m mail.Message, _ time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch p.draw() {
	case Before:
		return fmt.Errorf("%w: %w", mail.ErrTemporary, ErrLost)
	case After:
		p.taken = append(p.taken, m)
		return fmt.Errorf("%w: %w", mail.ErrTemporary, ErrLost)
	case Refused:
		return mail.ErrRefused
	case Slow:
		return fmt.Errorf("%w: %w", mail.ErrTemporary, overdue(ctx, p.end))
	}
	p.taken = append(p.taken, m)
	return nil
}

// Taken are how often each mail was taken, by its ID.
func (p *Postbox) Taken() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := map[string]int{}
	for _, m := range p.taken {
		all[m.ID]++
	}
	return all
}

// Line is a bus that keeps the entries that it takes.
type Line struct {
	breaks
	taken []bus.Entry
}

// Publish takes entries, or goes wrong.
func (l *Line) Publish(ctx context.Context, entries []bus.Entry) (map[int]error, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch l.draw() {
	case Before:
		return nil, ErrLost
	case After:
		l.taken = append(l.taken, entries...)
		return nil, ErrLost
	case Refused:
		l.taken = append(l.taken, entries[1:]...)
		return map[int]error{0: ErrLost}, nil
	case Slow:
		return nil, overdue(ctx, l.end)
	}
	l.taken = append(l.taken, entries...)
	return nil, nil
}

// Taken are the entries that were taken, in their order.
func (l *Line) Taken() []bus.Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]bus.Entry(nil), l.taken...)
}

// Deadline is a context that ends when it is told to, as one does whose deadline has come.
type Deadline struct {
	context.Context
	once sync.Once
	done chan struct{}
}

// NewDeadline is a deadline that has not come.
func NewDeadline(within context.Context) *Deadline {
	return &Deadline{Context: within, done: make(chan struct{})}
}

// End says that it has come.
func (d *Deadline) End() { d.once.Do(func() { close(d.done) }) }

// Done is closed once it has come.
func (d *Deadline) Done() <-chan struct{} { return d.done }

// Err is context.DeadlineExceeded once it has come.
func (d *Deadline) Err() error {
	select {
	case <-d.done:
		return context.DeadlineExceeded
	default:
		return d.Context.Err()
	}
}

// Forget forgets what was taken.
func (p *Postbox) Forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken = nil
}

// Forget forgets what was taken.
func (l *Line) Forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.taken = nil
}

// overdue lets a deadline come, and waits until the context of a call has heard of it: those within a context of our own
// hear of it by a goroutine. What is to be written even then has a deadline of its own, which has come in this call alone.
func overdue(ctx context.Context, end func()) error {
	end()
	heard := time.NewTimer(20 * time.Millisecond)
	defer heard.Stop()
	select {
	case <-ctx.Done():
	case <-heard.C:
	}
	return context.DeadlineExceeded
}
