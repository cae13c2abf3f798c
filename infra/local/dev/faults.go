package dev

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/local/bus"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// publish is the call of the bus; all others are the table's.
const publish = "publish"

// fault is one of the table's or of the bus's as it is typed: a duration with its unit, and a probability that may be
// left out for always.
type fault struct {
	Call  string  `json:"call,omitempty"`
	Mode  string  `json:"mode"`
	P     float64 `json:"p,omitempty"`
	Skip  int     `json:"skip,omitempty"`
	Times int     `json:"times,omitempty"`
	Delay string  `json:"delay,omitempty"`
}

// always fills in the probability.
func (f fault) always() fault {
	if f.P == 0 {
		f.P = 1
	}
	return f
}

func (f fault) ofTable() (table.Fault, error) {
	out := table.Fault{Call: f.Call, Mode: table.Mode(f.Mode), P: f.P, Skip: f.Skip, Times: f.Times}
	var err error
	if f.Delay != "" {
		out.Delay, err = time.ParseDuration(f.Delay)
	}
	switch {
	case err != nil:
		return out, err
	case !slices.Contains([]string{"", "get", "query", "write"}, f.Call):
		return out, fmt.Errorf(`call %q: it is "get", "query", "write", "publish", or left out for all of the table`, f.Call)
	case !slices.Contains([]table.Mode{table.FailBefore, table.FailAfter, table.Conflict, table.Slow}, out.Mode):
		return out, fmt.Errorf("mode %q: it is %s, %s, %s or %s", f.Mode, table.FailBefore, table.FailAfter, table.Conflict, table.Slow)
	case out.P < 0 || out.P > 1 || f.Skip < 0 || f.Times < 0 || out.Delay < 0:
		return out, errors.New("p is between 0 and 1, and nothing is negative")
	case (out.Mode == table.Slow) != (out.Delay > 0):
		return out, fmt.Errorf("delay belongs to mode %s, and that needs one", table.Slow)
	}
	return out, nil
}

func (f fault) ofBus() (bus.Fault, error) {
	out := bus.Fault{Mode: bus.Mode(f.Mode), P: f.P, Times: f.Times}
	switch {
	case !slices.Contains(bus.Modes(), out.Mode):
		return out, fmt.Errorf("mode %q: with publish it is one of %v", f.Mode, bus.Modes())
	case f.P < 0 || f.P > 1 || f.Times < 0:
		return out, errors.New("p is between 0 and 1, and nothing is negative")
	case f.Skip != 0 || f.Delay != "":
		return out, errors.New("publish has neither skip nor delay")
	}
	return out, nil
}

func (e *Endpoints) showFaults(w http.ResponseWriter, _ *http.Request) {
	out := []fault{}
	for _, f := range e.Faults.Armed() {
		shown := fault{Call: f.Call, Mode: string(f.Mode), P: f.P, Skip: f.Skip, Times: f.Times}
		if f.Delay > 0 {
			shown.Delay = f.Delay.String()
		}
		out = append(out, shown)
	}
	for _, f := range e.Bus.Armed() {
		out = append(out, fault{Call: publish, Mode: string(f.Mode), P: f.P, Times: f.Times})
	}
	answer(w, out)
}

// armFaults puts a list of faults in place of those that are armed.
func (e *Endpoints) armFaults(w http.ResponseWriter, r *http.Request) {
	const usage = `send a list such as [{"call": "write", "mode": "conflict", "p": 0.3}, {"mode": "slow", "delay": "200ms", "times": 5}, {"call": "publish", "mode": "refuse"}]`
	var in []fault
	err := read(w, r, &in)
	var ofTable []table.Fault
	var ofBus []bus.Fault
	for _, f := range in {
		if f = f.always(); err != nil {
			break
		}
		if f.Call == publish {
			var made bus.Fault
			made, err = f.ofBus()
			ofBus = append(ofBus, made)
		} else {
			var made table.Fault
			made, err = f.ofTable()
			ofTable = append(ofTable, made)
		}
	}
	if err != nil {
		http.Error(w, usage+": "+err.Error(), http.StatusBadRequest)
		return
	}
	e.Faults.Arm(ofTable...)
	e.Bus.Arm(ofBus...)
	e.showFaults(w, r)
}

func (e *Endpoints) disarmFaults(w http.ResponseWriter, r *http.Request) {
	e.Faults.Arm()
	e.Bus.Arm()
	e.showFaults(w, r)
}
