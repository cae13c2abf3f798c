package contract

import (
	"time"

	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Level is how much of a line's limit is used, as it is announced (FEATURES.md, Alerts): nothing below 80 %, 80 from 80 %
// on, 100 from 100 % on. It is in percent and says nothing in between.
type Level int

// The levels.
const (
	LevelNone    Level = 0
	LevelWarning Level = warningPercent
	LevelFull    Level = 100
)

// Level looks at what is used alone: over the limit is 100, a limit of 0 is reached by nobody at all, and a line without a
// limit has none.
func (l Line) Level() Level {
	switch {
	case l.Limit == nil:
		return LevelNone
	case l.Used >= *l.Limit:
		return LevelFull
	case l.Used >= warnedFrom(*l.Limit):
		return LevelWarning
	default:
		return LevelNone
	}
}

// Levels are those that a line can rise to, the lower one first.
func Levels() []Level { return []Level{LevelWarning, LevelFull} }

// Rose is when a line last rose to each level, so that whoever announces it late announces the same thing under the same
// name: the rev of that change names it, and the line may have changed since.
type Rose struct {
	// To80 and To100 are revs of the line; 0 is never, or that it was made so.
	To80  int `dynamodbav:"roseTo80,omitempty"`
	To100 int `dynamodbav:"roseTo100,omitempty"`
	// RoseAt is the instant of the later one, in seconds since 1970; 0 where who changed the line did not say.
	RoseAt int64 `dynamodbav:"roseAt,omitempty"`
}

// RevOf is the rev with which the line last rose to a level.
func (r Rose) RevOf(l Level) int {
	if l == LevelFull {
		return r.To100
	}
	return r.To80
}

// When is the instant of the last rise; zero where it is not known.
func (r Rose) When() time.Time {
	if r.RoseAt == 0 {
		return time.Time{}
	}
	return time.Unix(r.RoseAt, 0).UTC()
}

// rise notes that a line goes from one level to another by the change that gives it a rev. With an edit it notes the same
// there, where the row's rev may turn out to be another.
func (r *Rose) rise(from, to Level, rev int, at time.Time, edit *table.Edit) {
	for _, l := range Levels() {
		if l <= from || l > to {
			continue
		}
		name := "roseTo80"
		if l == LevelFull {
			r.To100, name = rev, "roseTo100"
		} else {
			r.To80 = rev
		}
		r.RoseAt = 0
		if !at.IsZero() {
			r.RoseAt = at.Unix()
		}
		if edit == nil {
			continue
		}
		edit.Stamp(name)
		edit.Set(r.RoseAt, "roseAt")
	}
}
