// Package system owns systems and their mapping: which contract covers which system, and the rules of connecting and
// disconnecting (FEATURES.md, Systems). It does not own contracts; their counters change in its transactions through
// package contract.
package system

import (
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
)

// System is an installation of the customer's. It is on at most one contract.
type System struct {
	ID  id.System `dynamodbav:"id"`
	CRM id.CRM    `dynamodbav:"crm"`
	Facts
	Contract id.Contract `dynamodbav:"contract,omitempty"`
	Rev      int         `dynamodbav:"rev"`
}

// Facts are what the CRM knows of a system beside its contract.
type Facts struct {
	Name string `dynamodbav:"name"`
	URL  string `dynamodbav:"url,omitempty"`
	Kind Kind   `dynamodbav:"kind"`
}

// Kind is what a system is for.
type Kind string

// The kinds. A trial system is never offered for connecting; the CRM may put one on a contract all the same.
const (
	Commercial Kind = "commercial"
	Trial      Kind = "trial"
)

// State is where a system shows up.
type State string

// The states.
const (
	Mapped   State = "mapped"   // on a contract
	Unmapped State = "unmapped" // commercial and on none: the list to connect from
	OnTrial  State = "trial"    // a trial on no contract: in neither list
)

// State follows from the contract and the kind.
func (s System) State() State {
	switch {
	case s.Contract != "":
		return Mapped
	case s.Kind == Trial:
		return OnTrial
	default:
		return Unmapped
	}
}

// Take merges what the CRM says now of a system's facts, field by field: see contract.Contract.Take.
func (s System) Take(last, said Facts) System {
	s.Name = contract.Taken(s.Name, last.Name, said.Name)
	s.URL = contract.Taken(s.URL, last.URL, said.URL)
	s.Kind = contract.Taken(s.Kind, last.Kind, said.Kind)
	return s
}

// Result is what became of one system that was to be connected.
type Result string

// The results. The first two are successes.
const (
	Connected        Result = "connected"
	AlreadyThere     Result = "unchanged"
	AlreadyConnected Result = "system_already_connected"
	IsTrial          Result = "system_is_trial"
	NotFound         Result = "system_not_found"
)

// Succeeded tells whether the system is on the contract afterwards.
func (r Result) Succeeded() bool { return r == Connected || r == AlreadyThere }

// Decide says what connecting a system to a contract comes to. ok is false for a system that does not exist.
func Decide(s System, ok bool, to id.Contract) Result {
	switch {
	case !ok:
		return NotFound
	case s.Contract == to:
		return AlreadyThere
	case s.Contract != "":
		return AlreadyConnected
	case s.Kind == Trial:
		return IsTrial
	default:
		return Connected
	}
}

// MayTake says whether a contract takes new systems on a day: an expired one takes none. One that is over its number
// does (FEATURES.md, Contracts).
func MayTake(c contract.Contract, today date.Date) bool { return c.Status(today) == contract.Active }

// Thing is the system as activity names it.
func (s System) Thing() activity.Thing {
	return activity.Thing{Noun: "system", ID: string(s.ID), Name: s.Name}
}

// Differences notes in a record what of a system changed.
func Differences(r *activity.Record, before, after System) {
	activity.Changed(r, "name", before.Name, after.Name)
	activity.Changed(r, "url", before.URL, after.URL)
	activity.Changed(r, "kind", before.Kind, after.Kind)
	activity.Changed(r, "contractId", before.Contract, after.Contract)
}
