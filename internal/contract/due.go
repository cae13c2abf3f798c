package contract

import (
	"context"
	"errors"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Step is one announcement on a contract's ladder: so many days before its expiry, 0 on the day itself.
type Step int

// AtExpiry is the last step: the contract is expired.
const AtExpiry Step = 0

// Told is the step that was come to last, and the expiry date that it was for: a contract that is extended begins its
// ladder anew. The zero value is nothing told.
type Told struct {
	For  date.Date `dynamodbav:"for,omitempty"`
	Step Step      `dynamodbav:"step"`
}

// steps are those of the ladder, DueDays among them where the ladder has not got it: then nothing is announced, and the
// contract enters what its account's overview counts as due.
func (c Contract) steps() []Step {
	days := append(c.AlertDays.Days(), DueDays, int(AtExpiry))
	slices.SortFunc(days, func(a, b int) int { return b - a })
	steps := make([]Step, 0, len(days))
	for _, n := range slices.Compact(days) {
		steps = append(steps, Step(n))
	}
	return steps
}

// silent tells that nothing is announced at a step.
func (c Contract) silent(s Step) bool {
	return s != AtExpiry && !slices.Contains(c.AlertDays.Days(), int(s))
}

// untold are the steps that are still to come or to be announced, the first one first.
func (c Contract) untold() []Step {
	return slices.DeleteFunc(c.steps(), func(s Step) bool { return c.Told.For == c.Expiry && s >= c.Told.Step })
}

// passed is the latest step of those that are due on a day.
func (c Contract) passed(today date.Date) (step Step, due bool) {
	for _, s := range c.untold() {
		if c.day(s) <= today {
			step, due = s, true
		}
	}
	return step, due
}

// day is when a step is due.
func (c Contract) day(s Step) date.Date { return c.Expiry.AddDays(-int(s)) }

// Due says which step is to be announced on a day in the account's zone: of those that were passed, after missed nights
// or for a contract that came late, only the latest (FEATURES.md, Alerts).
func (c Contract) Due(today date.Date) (step Step, due bool) {
	for _, s := range c.untold() {
		if c.day(s) <= today && !c.silent(s) {
			step, due = s, true
		}
	}
	return step, due
}

// dueDay is when the contract is next looked at: on the day of its next step, and, once it is announced as expired, on
// the day on which that is true everywhere and is written down.
func (c Contract) dueDay() date.Date {
	if steps := c.untold(); len(steps) > 0 {
		return c.day(steps[0])
	}
	return c.Expiry.AddDays(1)
}

// announcement is what a step is called in the activity.
func (s Step) announcement() activity.Action {
	if s == AtExpiry {
		return activity.ContractExpired
	}
	return activity.ContractExpiring
}

// Marked is what became of a contract that was due.
type Marked struct {
	// Announced tells that a step was announced, Expired that it was written down as expired.
	Announced, Expired bool
}

// Mark announces the step of a contract that is due on a day, takes note of one at which nothing is announced, and writes it down as expired once that is true
// everywhere: one transaction, which holds to the contract as it was read, so that an extension at the same moment wins
// (then nothing is marked, and the contract is due again on its own day). Marking twice changes nothing.
func (s *Store) Mark(ctx context.Context, ch Changing, row Row, today date.Date) (Marked, error) {
	after := row.Settled(ch.Now)
	done := Marked{Expired: after.Swept != row.Swept}
	var ops []table.Op
	if passed, due := row.passed(today); due {
		after.Told = Told{For: row.Expiry, Step: passed}
	}
	if step, due := row.Due(today); due {
		done.Announced = true
		r := activity.New(s.ids, ch.Now, ch.Account, ch.By, step.announcement(), row.Thing())
		r.After = activity.Values{"expiryDate": row.Expiry, "days": int(step)}
		recorded, err := r.Op()
		if err != nil {
			return Marked{}, err
		}
		ops = append(ops, recorded)
	}
	if after == row.Contract {
		return Marked{}, nil
	}
	changed, err := ChangeOps(ch.Account, Change{From: row, To: after})
	if err != nil {
		return Marked{}, err
	}
	err = s.table.Write(ctx, append(changed, ops...)...)
	var unmet *table.ConditionError
	if errors.As(err, &unmet) {
		return Marked{}, nil
	}
	if err != nil {
		return Marked{}, err
	}
	return done, nil
}
