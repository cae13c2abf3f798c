// Package costcenter owns an account's cost centers: their names, their state, and on how many lines each carries seats.
// It does not own the pools themselves (package contract), nor who sits on their seats (package seat).
package costcenter

import (
	"time"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
)

// MaxActive is how many active cost centers an account may have: people choose from them in one list. Archived ones do
// not count, since nothing ever deletes one.
const MaxActive = 1000

// CostCenter carries a part of a line's seats: the pool (FEATURES.md, Words).
type CostCenter struct {
	ID    id.CostCenter `dynamodbav:"id"`
	Name  string        `dynamodbav:"name"`
	State State         `dynamodbav:"state"`
	// Pools is on how many lines it carries seats. Whoever changes those writes CarryOp in the same transaction.
	Pools   int       `dynamodbav:"pools"`
	AddedAt time.Time `dynamodbav:"addedAt"`
	Rev     int       `dynamodbav:"rev"`
}

// State is whether a cost center can take seats.
type State string

// The states. An archived cost center keeps its name and its history, and carries nothing.
const (
	Active   State = "active"
	Archived State = "archived"
)

// MayCarry refuses seats for an archived cost center (409 cost_center_archived), and for one that is not there (404), the
// zero value.
func (c CostCenter) MayCarry() error {
	switch c.State {
	case Active:
		return nil
	case Archived:
		return fault.New(fault.Conflict, "cost_center_archived", fault.Text("name", c.Name))
	default:
		return fault.Missing()
	}
}

// mayBecome refuses to archive a cost center that still carries seats (FEATURES.md, Seats: nobody loses one by it): 409
// cost_center_not_empty with the number of lines.
func (c CostCenter) mayBecome(after CostCenter) error {
	if c.State == Active && after.State == Archived && c.Pools != 0 {
		return fault.New(fault.Conflict, "cost_center_not_empty", fault.Text("name", c.Name), fault.Int("pools", c.Pools))
	}
	return nil
}

// Thing is the cost center as activity names it.
func (c CostCenter) Thing() activity.Thing {
	return activity.Thing{Noun: "costCenter", ID: string(c.ID), Name: c.Name}
}

// action is what a change is called.
func action(before, after CostCenter) activity.Action {
	switch {
	case before.ID == "":
		return activity.CostCenterCreated
	case before.State == Active && after.State == Archived:
		return activity.CostCenterArchived
	case before.State == Archived && after.State == Active:
		return activity.CostCenterReactivated
	default:
		return activity.CostCenterChanged
	}
}
