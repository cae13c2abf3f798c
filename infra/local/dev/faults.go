package dev

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// fault is table.Fault as it is typed: a duration with its unit, and a probability that may be left out for always.
type fault struct {
	Call  string     `json:"call,omitempty"`
	Mode  table.Mode `json:"mode"`
	P     float64    `json:"p,omitempty"`
	Skip  int        `json:"skip,omitempty"`
	Times int        `json:"times,omitempty"`
	Delay string     `json:"delay,omitempty"`
}

func (f fault) parse() (table.Fault, error) {
	out := table.Fault{Call: f.Call, Mode: f.Mode, P: f.P, Skip: f.Skip, Times: f.Times}
	if out.P == 0 {
		out.P = 1
	}
	var err error
	if f.Delay != "" {
		out.Delay, err = time.ParseDuration(f.Delay)
	}
	switch {
	case err != nil:
		return out, err
	case !slices.Contains([]string{"", "get", "query", "write"}, f.Call):
		return out, fmt.Errorf(`call %q: it is "get", "query", "write", or left out for all`, f.Call)
	case !slices.Contains([]table.Mode{table.FailBefore, table.FailAfter, table.Conflict, table.Slow}, f.Mode):
		return out, fmt.Errorf("mode %q: it is %s, %s, %s or %s", f.Mode, table.FailBefore, table.FailAfter, table.Conflict, table.Slow)
	case out.P < 0 || out.P > 1 || f.Skip < 0 || f.Times < 0 || out.Delay < 0:
		return out, errors.New("p is between 0 and 1, and nothing is negative")
	case (f.Mode == table.Slow) != (out.Delay > 0):
		return out, fmt.Errorf("delay belongs to mode %s, and that needs one", table.Slow)
	}
	return out, nil
}

func (e *Endpoints) showFaults(w http.ResponseWriter, _ *http.Request) {
	out := []fault{}
	for _, f := range e.Faults.Armed() {
		shown := fault{Call: f.Call, Mode: f.Mode, P: f.P, Skip: f.Skip, Times: f.Times}
		if f.Delay > 0 {
			shown.Delay = f.Delay.String()
		}
		out = append(out, shown)
	}
	answer(w, out)
}

// armFaults puts a list of faults in place of those that are armed.
func (e *Endpoints) armFaults(w http.ResponseWriter, r *http.Request) {
	const usage = `send a list such as [{"call": "write", "mode": "conflict", "p": 0.3}, {"mode": "slow", "delay": "200ms", "times": 5}]`
	var in []fault
	if err := read(w, r, &in); err != nil {
		http.Error(w, usage+": "+err.Error(), http.StatusBadRequest)
		return
	}
	faults := make([]table.Fault, len(in))
	for i, f := range in {
		var err error
		if faults[i], err = f.parse(); err != nil {
			http.Error(w, usage+": "+err.Error(), http.StatusBadRequest)
			return
		}
	}
	e.Faults.Arm(faults...)
	e.showFaults(w, r)
}

func (e *Endpoints) disarmFaults(w http.ResponseWriter, r *http.Request) {
	e.Faults.Arm()
	e.showFaults(w, r)
}
