// Package date owns days: civil dates without a time, and what day it is in an account's zone. It does not own
// instants (time.Time, always UTC on the wire) and never asks the clock.
package date

import (
	"fmt"
	"time"
	_ "time/tzdata" // Lambda's image has no zone files
)

// Date is a civil day as YYYY-MM-DD. A non-empty Date made by Parse, Of or Today is a day that exists, and dates
// compare as strings, in Go and in DynamoDB keys alike. The empty Date means "none".
type Date string

// Parse reads YYYY-MM-DD, years 1900 to 9999; days that do not exist are an error.
func Parse(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return "", fmt.Errorf("parse date %q: %w", s, err)
	}
	if t.Year() < 1900 {
		return "", fmt.Errorf("parse date %q: year before 1900", s)
	}
	return Date(s), nil
}

// Of makes the date of a year, month and day; a day that does not exist, such as 31 February, is an error.
func Of(year, month, day int) (Date, error) {
	return Parse(fmt.Sprintf("%04d-%02d-%02d", year, month, day))
}

// Today is the civil date at an instant in a zone: the one thing that decides whether a contract is expired
// (FEATURES.md, Contracts). No arithmetic with midnights is done, so days without a midnight are no special case.
func Today(now time.Time, zone *time.Location) Date {
	return Date(now.In(zone).Format(time.DateOnly))
}

// Everywhere is the latest day that has begun everywhere on earth at an instant: the day in the westernmost zone, UTC−12.
func Everywhere(now time.Time) Date {
	return Today(now, time.FixedZone("UTC-12", -12*60*60))
}

// AddDays moves by whole days in the calendar.
func (d Date) AddDays(n int) Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	return Date(t.AddDate(0, 0, n).Format(time.DateOnly))
}

// AddMonths moves by whole months, cut to the month's end: a month after 31 January is the last of February.
func (d Date) AddMonths(n int) Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date(first.AddDate(0, 0, min(t.Day(), last)-1).Format(time.DateOnly))
}

// DaysTo is how many days later another day is; negative where it is earlier, 0 where either is none.
func (d Date) DaysTo(other Date) int {
	from, err := time.Parse(time.DateOnly, string(d))
	to, err2 := time.Parse(time.DateOnly, string(other))
	if err != nil || err2 != nil {
		return 0
	}
	return int(to.Sub(from) / (24 * time.Hour)) // UTC: every day has 24 hours
}

// MonthsTo is how many months later another day's month is, whatever the days.
func (d Date) MonthsTo(other Date) int {
	from, err := time.Parse(time.DateOnly, string(d))
	to, err2 := time.Parse(time.DateOnly, string(other))
	if err != nil || err2 != nil {
		return 0
	}
	return 12*(to.Year()-from.Year()) + int(to.Month()) - int(from.Month())
}

// Zone finds an IANA time zone such as Europe/Paris. "Local" and the empty name are refused: what they mean depends
// on the machine.
func Zone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("time zone %q: not an IANA zone", name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("time zone %q: %w", name, err)
	}
	return loc, nil
}
