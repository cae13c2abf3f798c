// Package event owns what Seatkeeper tells other programs: which facts there are, what each says, and how they are made
// from the stream of the table. It does not own the changes themselves, nor who listens (package alert is one of those).
//
// An event's id is made from what happened, never from when that was read: whoever makes it again makes the same one.
package event

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/bus"
)

// Version is that of all details. Within a version fields are only ever added, and so are types.
const Version = 1

// Heading begins the detail of every event.
type Heading struct {
	Version int `json:"version"`
	// ID is the same in every copy of the event; EventBridge gives each copy another one beside it.
	ID      string     `json:"id"`
	At      time.Time  `json:"at"`
	Account id.Account `json:"accountId"`
}

// Event is one fact. Its schema is events/schema/<Type>.json.
type Event struct {
	Type string
	Heading
	// Detail is what is sent, the heading among it.
	Detail any
}

func heading(id string, at time.Time, a id.Account) Heading {
	return Heading{Version: Version, ID: id, At: at.UTC(), Account: a}
}

// Entry is the event as a bus takes it.
func (e Event) Entry() (bus.Entry, error) {
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return bus.Entry{}, fmt.Errorf("event %s: %w", e.ID, err)
	}
	return bus.Entry{ID: e.ID, Type: e.Type, At: e.At, Detail: detail}, nil
}
