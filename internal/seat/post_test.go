package seat_test

import (
	"cmp"
	"context"
	"sync"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
)

// post takes mail away, and remembers what it took; while it fails it takes none.
type post struct {
	mu      sync.Mutex
	taken   []mail.Message
	fails   error
	waiting int           // who is sending at this moment
	most    int           // and the most at once
	slow    time.Duration // how long it takes
	full    chan struct{} // where it is there: nothing is taken before eight are sending, which closes it
}

func (p *post) Send(ctx context.Context, m mail.Message, _ time.Time) error {
	p.mu.Lock()
	p.waiting++
	if p.most = max(p.most, p.waiting); p.most == 8 && p.full != nil {
		close(p.full)
		p.full = nil
	}
	full := p.full
	p.mu.Unlock()
	if full != nil {
		select {
		case <-full:
		case <-ctx.Done():
		}
	}
	select {
	case <-time.After(p.slow):
	case <-ctx.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting--
	if err := cmp.Or(p.fails, ctx.Err()); err != nil {
		return err
	}
	p.taken = append(p.taken, m)
	return nil
}
