// Package bus carries events to whoever subscribes to them: EventBridge in AWS, the local stack's own bus on one machine.
// It owns how entries are cut, sent and sent again. It does not own what an event means (package event).
package bus

import (
	"context"
	"encoding/json"
	"time"
)

// Source is the `source` of every event of Seatkeeper.
const Source = "seatkeeper"

// Entry is one event as it is sent. Its id is inside of the detail: EventBridge gives envelopes ids of its own.
type Entry struct {
	// ID is made from what happened, so that a repeat has the same.
	ID string
	// Type is the `detail-type`, such as SeatAssigned.
	Type   string
	At     time.Time
	Detail json.RawMessage
}

// Bus takes entries. It is what EventBridge and the local stack's bus both are.
type Bus interface {
	// Publish sends entries and answers which of them were refused, by their index, with why; err is that nothing can be
	// said of any. Entries that were refused may be sent again, alone.
	Publish(ctx context.Context, entries []Entry) (refused map[int]error, err error)
}
