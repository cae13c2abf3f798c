package contract

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
