// Package contract owns contracts and their lines: what the CRM said, what was changed here since, when a contract is
// expired, how many systems it covers, and how full a line is. It does not own the systems (package system) or the
// people on seats; it keeps the counters that they change in their own transactions.
package contract

import (
	"slices"
	"strings"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
)

// Contract is an agreement taken over from the CRM's order form (FEATURES.md, Contracts).
type Contract struct {
	ID  id.Contract `dynamodbav:"id"`
	CRM id.CRM      `dynamodbav:"crm"`
	Facts
	// Mapped counts the systems on the contract, in the transactions that put them on and take them off.
	Mapped int `dynamodbav:"mapped"`
	// Products are those that it has lines of.
	Products Products `dynamodbav:"products,omitempty"`
	// AlertDays are the days before its expiry on which it is announced; empty is the default ladder.
	AlertDays AlertDays `dynamodbav:"alertDays,omitempty"`
	// TermsRev counts the changes of its terms: facts, limits, alert days. Seats that come and go do not change it.
	TermsRev int `dynamodbav:"termsRev"`
	// Told is the step of its ladder that was come to last.
	Told Told `dynamodbav:"told"`
	// Swept is the status that was last written down, for the orders and for what is due. Readers are shown Status.
	Swept Status `dynamodbav:"swept"`
	Rev   int    `dynamodbav:"rev"`
}

// Facts are what the CRM knows of a contract.
type Facts struct {
	Name string `dynamodbav:"name"`
	// Start is the first day. It may be empty: some order forms lack it.
	Start date.Date `dynamodbav:"start,omitempty"`
	// Expiry is the day from which on the contract is expired.
	Expiry    date.Date `dynamodbav:"expiry"`
	Purchased int       `dynamodbav:"purchased"` // systems
}

// Status is one of two words; it follows from the date.
type Status string

// The statuses.
const (
	Active  Status = "active"
	Expired Status = "expired"
)

// Status is what the contract is on a day: expired from the day named as its expiry date on. today is the day in the
// account's zone.
func (c Contract) Status(today date.Date) Status {
	if c.Expiry <= today {
		return Expired
	}
	return Active
}

// Settled is the contract with its written status brought up to an instant: a contract that is new, and one that the sweep
// marks. Expired is written only once it is true everywhere on earth: an account may move to a zone where the day has not
// begun, and a contract written as expired that is active would be missed by listings.
func (c Contract) Settled(now time.Time) Contract {
	c.Swept = c.Status(date.Everywhere(now))
	return c
}

// Redated is the contract after another expiry date was set at an instant: written as active where it is that anywhere.
// Never as expired, however long ago the date is: it stays due, so that the sweep announces its end once and writes it down.
// One that was written as expired before has been announced, and stays so.
func (c Contract) Redated(now time.Time) Contract {
	if c.Status(date.Everywhere(now)) == Active {
		c.Swept = Active
	}
	return c
}

// Over is by how many systems the contract is over the number purchased; negative while there is room. Being over is
// allowed (FEATURES.md, Contracts); it is shown, not refused.
func (c Contract) Over() int { return c.Mapped - c.Purchased }

// Take merges what the CRM says now, last being what it said before: a field whose CRM value changed takes the new
// value, any other keeps what a partner, an order or an administrator made of it (DATA.md, Who owns which fact).
func (c Contract) Take(last, said Facts) Contract {
	c.Name = Taken(c.Name, last.Name, said.Name)
	c.Start = Taken(c.Start, last.Start, said.Start)
	c.Expiry = Taken(c.Expiry, last.Expiry, said.Expiry)
	c.Purchased = Taken(c.Purchased, last.Purchased, said.Purchased)
	return c
}

// Taken is the three-way rule for one field: ours, what the CRM said last, what it says now.
func Taken[T comparable](ours, last, now T) T {
	if last != now {
		return now
	}
	return ours
}

// Products are the codes of a contract's lines, each once, in their order. They are kept as one text, so that contracts
// can be compared.
type Products string

// List is the codes one by one.
func (p Products) List() []string { return strings.Fields(string(p)) }

// With adds a code.
func (p Products) With(product string) Products {
	all := append(p.List(), product)
	slices.Sort(all)
	return Products(strings.Join(slices.Compact(all), " "))
}

// Thing is the contract as activity names it.
func (c Contract) Thing() activity.Thing {
	return activity.Thing{Noun: "contract", ID: string(c.ID), Name: c.Name}
}

// Differences notes in a record what of a contract changed.
func Differences(r *activity.Record, before, after Contract) {
	activity.Changed(r, "name", before.Name, after.Name)
	activity.Changed(r, "startDate", before.Start, after.Start)
	activity.Changed(r, "expiryDate", before.Expiry, after.Expiry)
	activity.Changed(r, "systemsPurchased", before.Purchased, after.Purchased)
}
