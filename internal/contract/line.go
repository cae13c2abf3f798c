package contract

import (
	"github.com/seatkeeper/seatkeeper/internal/id"
)

// MaxLines is how many lines a contract may have, so that one transaction can take all of them over.
const MaxLines = 50

// Line is one product on a contract, with its seat limit.
type Line struct {
	Contract    id.Contract `dynamodbav:"contract"`
	Product     string      `dynamodbav:"product"`
	ProductName string      `dynamodbav:"productName"`
	// Contracted is the number of seats that the CRM says; nil where it says none.
	Contracted *int `dynamodbav:"contracted,omitempty"`
	Used       int  `dynamodbav:"used"`
	Rev        int  `dynamodbav:"rev"`
}

// Limit is how many users may sit on the line; nil is a line that nobody set a limit for. 0 is a limit.
func (l Line) Limit() *int { return l.Contracted }

// UsageState says how full a line is.
type UsageState string

// The states of a line's use.
const (
	OK        UsageState = "ok"
	Warning   UsageState = "warning"    // from 80 % of the limit on
	Full      UsageState = "full"       // nothing is free
	OverLimit UsageState = "over_limit" // a limit was set below what is used
	NotSet    UsageState = "not_set"    // misconfigured: nothing can be added
)

// warningPercent is where the warning begins (FEATURES.md, Seats).
const warningPercent = 80

// Usage is how full a line is. Limit and Percent are absent where no limit is set.
type Usage struct {
	Limit     *int       `json:"limit,omitempty" doc:"Seats; absent where no limit is set."`
	Used      int        `json:"used" doc:"Seats that somebody sits on."`
	Available int        `json:"available" doc:"Seats that can still be assigned; negative when over the limit."`
	Percent   *int       `json:"percent,omitempty" doc:"Used seats of a hundred, rounded down."`
	State     UsageState `json:"state" enum:"ok,warning,full,over_limit,not_set"`
}

// Usage follows DESIGN.md: percent rounds down, the state is decided on whole numbers (79.9 % is ok), and a limit of
// 0 is full.
func (l Line) Usage() Usage {
	limit := l.Limit()
	if limit == nil {
		return Usage{Used: l.Used, State: NotSet}
	}
	u := Usage{Limit: limit, Used: l.Used, Available: *limit - l.Used, State: OK}
	percent := 100
	if *limit > 0 {
		percent = 100 * l.Used / *limit
	}
	u.Percent = &percent
	switch {
	case l.Used > *limit:
		u.State = OverLimit
	case l.Used == *limit:
		u.State = Full
	case 100*l.Used >= warningPercent**limit:
		u.State = Warning
	}
	return u
}
