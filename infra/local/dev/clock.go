package dev

import (
	"encoding/json"
	"net/http"
	"sync/atomic"
	"time"
)

// Clock is the time that the rules see: the machine's, moved by a step. It goes on from there. A restart sets it right.
type Clock struct {
	moved atomic.Int64
}

// Now is the moved time.
func (c *Clock) Now() time.Time { return time.Now().Add(c.Moved()) }

// Moved is by how much it is ahead of the machine's time; negative behind it.
func (c *Clock) Moved() time.Duration { return time.Duration(c.moved.Load()) }

// Move sets by how much it is ahead.
func (c *Clock) Move(by time.Duration) { c.moved.Store(int64(by)) }

type clockAnswer struct {
	Now   time.Time `json:"now"`
	Moved string    `json:"moved"`
}

func (e *Endpoints) showClock(w http.ResponseWriter, _ *http.Request) {
	answer(w, clockAnswer{e.Clock.Now().UTC(), e.Clock.Moved().String()})
}

// moveClock takes one of {"now": instant}, {"advance": duration}, {"reset": true}.
func (e *Endpoints) moveClock(w http.ResponseWriter, r *http.Request) {
	const usage = `send one of {"now": "2027-01-01T00:00:00Z"}, {"advance": "36h"}, {"reset": true}`
	var in struct {
		Now     *time.Time `json:"now"`
		Advance *string    `json:"advance"`
		Reset   bool       `json:"reset"`
	}
	if err := read(w, r, &in); err != nil {
		http.Error(w, usage+": "+err.Error(), http.StatusBadRequest)
		return
	}
	var to time.Time
	switch {
	case in.Now != nil && in.Advance == nil && !in.Reset:
		to = *in.Now
	case in.Advance != nil && in.Now == nil && !in.Reset:
		by, err := time.ParseDuration(*in.Advance)
		if err != nil {
			http.Error(w, usage, http.StatusBadRequest)
			return
		}
		to = e.Clock.Now().Add(by)
	case in.Reset && in.Now == nil && in.Advance == nil:
		to = time.Now()
	default:
		http.Error(w, usage, http.StatusBadRequest)
		return
	}
	if to.Before(earliest) || to.After(latest) {
		http.Error(w, "the clock goes from 1970 to 2200", http.StatusBadRequest)
		return
	}
	if e.Clock.Move(time.Until(to)); in.Reset {
		e.Clock.Move(0)
	}
	e.showClock(w, r)
}

// The clock's ends: ids hold milliseconds since 1970, and a duration some 290 years.
var (
	earliest = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

// longestInput is more than anybody types.
const longestInput = 64 << 10

// read takes one JSON value, and nothing that it does not know.
func read(w http.ResponseWriter, r *http.Request, v any) error {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, longestInput))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	_ = e.Encode(v) // our own structs always marshal
}
