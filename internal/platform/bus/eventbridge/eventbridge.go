// Package eventbridge is the bus in AWS: Amazon EventBridge. It is apart from package bus because the SDK's part for
// EventBridge costs time at the start of whatever is linked with it, and most functions publish nothing.
package eventbridge

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/cenkalti/backoff/v5"

	"github.com/seatkeeper/seatkeeper/internal/platform/bus"
)

// What one PutEvents takes.
const (
	maxEntries = 10
	maxBytes   = 256*1024 - 1 // EventBridge wants less than 256 KB
)

// The budget of sending again: full jitter, never longer than this nor than the context. A function that ends within 29 s
// has time left for what follows.
const (
	budget       = 20 * time.Second
	firstPause   = 50 * time.Millisecond
	longestPause = 5 * time.Second
)

// ErrTooLarge is why an entry of 256 KB or more is refused. It was not sent, and never can be.
var ErrTooLarge = errors.New("an entry has 256 KB or more")

// EventBridge is one event bus. It is safe for several goroutines.
type EventBridge struct {
	client *eventbridge.Client
	name   string
}

// New publishes on the bus of that name. The client must not repeat by itself: it would repeat whole requests.
func New(client *eventbridge.Client, name string) *EventBridge { return &EventBridge{client, name} }

// Deployed is New on a client of a deployment's own region and role, made by hand since loading the default configuration
// takes longer than all else at start.
func Deployed(region string, as aws.CredentialsProvider, name string) bus.Bus {
	return New(eventbridge.New(eventbridge.Options{Region: region, Credentials: as, Retryer: aws.NopRetryer{}}), name)
}

// Publish sends entries, at most 10 and less than 256 KB a request. Entries that EventBridge failed on are sent again,
// without those that it took, for 20 s at most and within the context. Refused are those that it did not take by then,
// those that it never will (ErrTooLarge, a malformed detail, no right), and those of a request whose answer was lost: such
// an entry may be there all the same, so its repeat must have the same ID. The error is always nil.
func (b *EventBridge) Publish(ctx context.Context, entries []bus.Entry) (map[int]error, error) {
	ctx, cancel := context.WithTimeout(ctx, budget)
	defer cancel()
	s := sending{bus: b, entries: entries, refused: map[int]error{}}
	for i, e := range entries {
		if size(e) > maxBytes {
			s.refused[i] = fmt.Errorf("event %s: %w", e.ID, ErrTooLarge)
		} else {
			s.pending = append(s.pending, i)
		}
	}
	pauses := &backoff.ExponentialBackOff{InitialInterval: firstPause, RandomizationFactor: 1, Multiplier: 2, MaxInterval: longestPause}
	// What became of each entry is in s; that the time ran out is no more than that some are refused.
	_, _ = backoff.Retry(ctx, func() (struct{}, error) { return struct{}{}, s.round(ctx) }, backoff.WithBackOff(pauses), backoff.WithMaxElapsedTime(budget))
	return s.refused, nil
}

// sending is what stands of a Publish.
type sending struct {
	bus     *EventBridge
	entries []bus.Entry
	pending []int // to be sent, by index
	// refused has an error for each entry that was not taken so far, also for those that are still pending.
	refused map[int]error
	// alone tells that requests of several entries were refused as a whole, so that one of them may be to blame.
	alone bool
}

var errPending = errors.New("entries are still to be sent")

// round sends all that is pending once. It answers errPending while some of it is worth another round.
func (s *sending) round(ctx context.Context) error {
	rest := s.pending
	s.pending = nil
	most := maxEntries
	if s.alone {
		most = 1
	}
	for len(rest) > 0 {
		n := s.cut(rest, most)
		s.send(ctx, rest[:n])
		rest = rest[n:]
	}
	if len(s.pending) > 0 {
		return errPending
	}
	return nil
}

// cut says how many of the entries go into one request: at least one.
func (s *sending) cut(rest []int, most int) int {
	bytes := 0
	for n, i := range rest {
		if bytes += size(s.entries[i]); n > 0 && (n == most || bytes > maxBytes) {
			return n
		}
	}
	return len(rest)
}

// send makes one request and notes what became of its entries.
func (s *sending) send(ctx context.Context, part []int) {
	in := &eventbridge.PutEventsInput{Entries: make([]types.PutEventsRequestEntry, len(part))}
	for n, i := range part {
		e := s.entries[i]
		in.Entries[n] = types.PutEventsRequestEntry{
			EventBusName: aws.String(s.bus.name), Source: aws.String(bus.Source), DetailType: aws.String(e.Type), Time: aws.Time(e.At), Detail: aws.String(string(e.Detail)),
		}
	}
	out, err := s.bus.client.PutEvents(ctx, in)
	if err == nil && len(out.Entries) != len(part) {
		err = fmt.Errorf("%d results for %d entries", len(out.Entries), len(part))
	}
	if err != nil {
		whole := len(part) > 1 && !passes(err)
		s.alone = s.alone || whole
		for _, i := range part {
			s.note(i, err, whole || passes(err))
		}
		return
	}
	for n, i := range part {
		result := out.Entries[n]
		if result.ErrorCode == nil {
			delete(s.refused, i)
			continue
		}
		code := *result.ErrorCode
		s.note(i, fmt.Errorf("%s: %s", code, aws.ToString(result.ErrorMessage)), code == "InternalFailure" || code == "InternalException" || throttles(code))
	}
}

// note keeps why an entry was not taken, and whether it is to be sent again.
func (s *sending) note(i int, err error, again bool) {
	s.refused[i] = fmt.Errorf("event %s: %w", s.entries[i].ID, err)
	if again {
		s.pending = append(s.pending, i)
	}
}

func throttles(code string) bool {
	_, known := retry.DefaultThrottleErrorCodes[code]
	return known
}

// passes tells what the SDK itself would repeat: throttled, 5xx, no connection.
func passes(err error) bool {
	return retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err).Bool()
}

// size is what EventBridge counts of an entry: 14 bytes for the time, and the UTF-8 of source, type and detail.
func size(e bus.Entry) int { return 14 + len(bus.Source) + len(e.Type) + len(e.Detail) }
