package account

import (
	"time"

	"github.com/seatkeeper/seatkeeper/internal/date"
)

// Overview is what stands of an account on its partner's desk. It is derived: package contract counts it after changes.
type Overview struct {
	// Lines of contracts that are not expired, by the state of their use.
	Warning   int `dynamodbav:"warning"`
	Full      int `dynamodbav:"full"`
	OverLimit int `dynamodbav:"overLimit"`
	NotSet    int `dynamodbav:"notSet"`
	// Due is how many contracts expire within 90 days.
	Due int `dynamodbav:"due"`
	// OverMapped is how many contracts have more systems than purchased, expired ones too.
	OverMapped int `dynamodbav:"overMapped"`
	// AtLeast tells that there is more than was counted.
	AtLeast bool `dynamodbav:"atLeast,omitempty"`
	// Day is the account's day that it was counted for.
	Day  date.Date `dynamodbav:"day"`
	AsOf time.Time `dynamodbav:"asOf"`
	Rev  int       `dynamodbav:"rev"`
}

// Same tells whether two of them say the same of the same day, whenever they were counted.
func (s Overview) Same(o Overview) bool {
	s.AsOf, s.Rev = o.AsOf, o.Rev
	return s == o
}
