package bus

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

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
	tries := 0
	try := func() (struct{}, error) {
		tries++
		if !there {
			return struct{}{}, backoff.Permanent(errors.New("the template has no such rule and target any more"))
		}
		return struct{}{}, b.call(target, d.Event)
	}
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval, pauses.Multiplier = b.config.Pause, 50*b.config.Pause, 2
	_, err := backoff.Retry(b.delivering, try, backoff.WithBackOff(pauses), backoff.WithMaxTries(uint(target.Retries+1)), backoff.WithMaxElapsedTime(target.Age))
	if err != nil && b.delivering.Err() != nil {
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
