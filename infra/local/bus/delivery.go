package bus

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/cenkalti/backoff/v5"

	"github.com/seatkeeper/seatkeeper/infra/local/file"
)

// delivery is an event on its way to one target, as it waits in its file.
type delivery struct {
	Rule     string          `json:"rule"`
	Function string          `json:"function"`
	Event    json.RawMessage `json:"event"`

	file string
}

// Letter is a dead letter: what SQS has as message and attributes, in one document.
type Letter struct {
	Rule     string          `json:"rule"`
	Function string          `json:"function"`
	Error    string          `json:"error"`
	Tries    int             `json:"tries"`
	At       time.Time       `json:"at"`
	Event    json.RawMessage `json:"event"`
}

// deliver tries until the function has taken the event, the retries are used up, or the bus is closed. The file goes
// last: whoever is killed before makes the delivery again.
func (b *Bus) deliver(d delivery) {
	target, there := b.target(d)
	if !there {
		target = Target{Kept: true}
	}
	tries, err := 0, error(nil)
	switch {
	case !there:
		err = errors.New("the template has no such rule and target any more")
	case target.Queue != nil:
		tries, err = b.receive(d, target, *target.Queue)
	default:
		tries, err = b.retry(d, target)
	}
	if err != nil && (b.delivering.Err() != nil || errors.Is(err, errClosing)) {
		return // the next start has it
	}
	if err != nil {
		if err := b.bury(d, target, tries, err); err != nil {
			b.config.Log.Error("bus: a dead letter could not be written, the event waits for the next start", "rule", d.Rule, "cause", err)
			return
		}
	}
	if err := os.Remove(d.file); err != nil {
		b.config.Log.Error("bus: what was delivered will be delivered again at the next start", "rule", d.Rule, "cause", err)
	}
}

// errClosing says that a message hides in its queue while the bus is closed.
var errClosing = errors.New("the bus is closed")

// retry calls a function directly, as often as the rule says.
func (b *Bus) retry(d delivery, target Target) (tries int, err error) {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval, pauses.Multiplier = b.config.Pause, 50*b.config.Pause, 2
	_, err = backoff.Retry(b.delivering, func() (struct{}, error) {
		tries++
		return struct{}{}, b.call(target, d.Event)
	}, backoff.WithBackOff(pauses), backoff.WithMaxTries(uint(target.Retries+1)), backoff.WithMaxElapsedTime(target.Age))
	return tries, err
}

// receive gives a message of a queue to the function, again after each time that it is hidden, as often as the queue says.
func (b *Bus) receive(d delivery, target Target, q Queue) (received int, err error) {
	for received = 1; ; received++ {
		message, err := message(d.Event, received)
		if err == nil {
			err = b.call(target, message)
		}
		if err == nil || received >= q.Receives || b.delivering.Err() != nil {
			return received, err
		}
		b.config.Log.Warn("bus: a message of a queue failed and comes again", "function", d.Function, "received", received, "after", q.Hidden, "cause", err)
		if !b.hide(q.Hidden) {
			return received, errClosing
		}
	}
}

// tick is how soon a moved clock is noticed.
const tick = 100 * time.Millisecond

// hide waits by the stack's clock, until the bus is closed. A clock that goes back further than the wait ends it too: nobody
// waits that out.
func (b *Bus) hide(d time.Duration) bool {
	since, again := b.config.Now(), time.NewTicker(min(tick, d))
	defer again.Stop()
	for {
		select {
		case <-b.closing:
			return false
		case <-again.C:
			if gone := b.config.Now().Sub(since); gone >= d || gone <= -d {
				return true
			}
		}
	}
}

// message is an event as Lambda hands it on from a queue.
func message(event []byte, received int) ([]byte, error) {
	sum := md5.Sum(event)
	return json.Marshal(events.SQSEvent{Records: []events.SQSMessage{{
		MessageId: newID(), ReceiptHandle: newID(), Body: string(event), Md5OfBody: hex.EncodeToString(sum[:]),
		Attributes:  map[string]string{"ApproximateReceiveCount": strconv.Itoa(received)},
		EventSource: "aws:sqs", EventSourceARN: "arn:aws:sqs:eu-west-1:000000000000:queue", AWSRegion: "eu-west-1",
	}}})
}

// call is one try.
func (b *Bus) call(target Target, event []byte) error {
	select {
	case b.places <- struct{}{}:
	case <-b.delivering.Done():
		return b.delivering.Err()
	}
	defer func() { <-b.places }()
	if b.config.Faults.hits(Twice) {
		if _, err := target.Function.Call(b.delivering, event); err != nil {
			return err
		}
	}
	_, err := target.Function.Call(b.delivering, event)
	return err
}

// bury keeps what could not be delivered as a dead letter, or drops it as AWS does where there is no queue.
func (b *Bus) bury(d delivery, target Target, tries int, cause error) error {
	b.config.Log.Error("bus: an event was not delivered", "rule", d.Rule, "function", d.Function, "tries", tries, "kept", target.Kept, "cause", cause)
	if !target.Kept {
		return nil
	}
	now := time.Now().UTC()
	text, err := json.MarshalIndent(Letter{d.Rule, d.Function, cause.Error(), tries, now, d.Event}, "", "  ")
	if err != nil {
		return fmt.Errorf("dead letter: %w", err)
	}
	return file.Write(filepath.Join(b.config.Dead, d.Rule, now.Format("20060102T150405.000000000Z")+"-"+newID()[:8]+".json"), text)
}
