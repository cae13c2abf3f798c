// Package request owns what people ask of those who may do it: more seats, a price that looks wrong, an upgrade, support.
// It says who is asked, who may answer, and how far a request is (FEATURES.md, Buying and Rights). It does not own carts
// (package order), nor how those who are asked are mailed (package alert).
package request

import (
	"slices"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
)

// Kind is what is asked for.
type Kind string

// The kinds.
const (
	MoreSeats Kind = "more_seats"
	Price     Kind = "price" // it looks wrong
	Upgrade   Kind = "upgrade"
	Support   Kind = "support"
)

// Audience is who is asked.
type Audience string

// The audiences.
const (
	Administrators Audience = "administrators" // the account's own
	Partner        Audience = "partner"
	Representative Audience = "representative"
	Vendor         Audience = "vendor" // its operators, who find it in the list
)

// State is how far a request is.
type State string

// The states. The last four are final.
const (
	Open      State = "open"
	InCart    State = "in_cart" // somebody is about to buy it
	Answered  State = "answered"
	Declined  State = "declined"
	Withdrawn State = "withdrawn"
	Ordered   State = "ordered" // with the cart that it was put into
)

// MaxItems is how many products one request names, MaxOpen how many one person can have open: each is a mail to others.
const (
	MaxItems = 20
	MaxOpen  = 20
)

// Request is one.
type Request struct {
	ID        id.Request `dynamodbav:"id"`
	Kind      Kind       `dynamodbav:"kind"`
	To        Audience   `dynamodbav:"to"`
	State     State      `dynamodbav:"state"`
	Author    Author     `dynamodbav:"author"`
	Message   string     `dynamodbav:"message,omitempty"`
	Items     []Item     `dynamodbav:"items,omitempty"`
	CreatedAt time.Time  `dynamodbav:"createdAt"`
	// Answer is what became of it; nil while it is open.
	Answer *Answer `dynamodbav:"answer,omitempty"`
	// Order is the one that what it asks for was ordered by.
	Order id.Order `dynamodbav:"order,omitempty"`
	Rev   int      `dynamodbav:"rev"`
}

// Author is the member who asks.
type Author struct {
	User id.User `dynamodbav:"user"`
	Name string  `dynamodbav:"name,omitempty"`
}

// Item is a product that is asked for.
type Item struct {
	Product     string       `dynamodbav:"product" json:"productId"`
	ProductName catalog.Name `dynamodbav:"productName" json:"productName"`
	Contract    id.Contract  `dynamodbav:"contract,omitempty" json:"contractId,omitempty" doc:"Left out: the rules of the cart find one."`
	Quantity    int          `dynamodbav:"quantity" json:"quantity"`
}

// Answer is who changed its state, and what they said.
type Answer struct {
	By string `dynamodbav:"by,omitempty"`
	// User is who that is where it is a member: an erasure finds them by it. Staff are named alone.
	User    id.User   `dynamodbav:"user,omitempty"`
	At      time.Time `dynamodbav:"at"`
	Message string    `dynamodbav:"message,omitempty"`
}

// answerOf is what somebody says, and when.
func answerOf(by activity.Author, now time.Time, message string) Answer {
	a := Answer{By: by.Name, At: now.UTC().Truncate(time.Millisecond), Message: message}
	if by.Kind == access.Member {
		a.User = id.User(by.ID)
	}
	return a
}

// Asked is who is asked: more seats first of the account's own administrators, unless its partner decides on them; all
// else of the partner, of the representative where it has none, of the vendor where nobody is named.
func Asked(kind Kind, acc account.Account) Audience {
	switch {
	case acc.Partner != "":
		return Partner
	case kind == MoreSeats:
		return Administrators
	case acc.Representative.Email != "":
		return Representative
	}
	return Vendor
}

// manages tells whether a caller sees and handles the requests of others.
func manages(c access.Caller) bool {
	return c.Kind == access.Partner || c.Kind == access.Operator || slices.Contains(c.Holds(), access.ManageLicences)
}

// Sees tells whether a caller is shown a request: their own, and all for who manages them.
func (r Request) Sees(c access.Caller) bool {
	return manages(c) || c.Kind == access.Member && c.User == r.Author.User
}

// may says whether a caller may bring a request into a state: its author withdraws it; whoever is asked answers it or
// declines it. An operator answers each: the representative has no place here of their own.
func (r Request) may(c access.Caller, to State) *fault.Error {
	own := c.Kind == access.Member && c.User == r.Author.User
	switch {
	case to == Withdrawn && !own:
		return fault.New(fault.Forbidden, "request_not_yours")
	case to == Withdrawn, c.Kind == access.Operator:
	case r.To == Administrators && c.Kind == access.Member && manages(c):
	case r.To == Partner && c.Kind == access.Partner:
	default:
		return fault.New(fault.Forbidden, "request_not_for_you", fault.Word("audience", "request_to_"+string(r.To)))
	}
	return r.open()
}

// open refuses a request that is over (request_closed).
func (r Request) open() *fault.Error {
	if r.State == Open || r.State == InCart {
		return nil
	}
	return r.closed()
}

// untouched refuses a request that is in a cart (request_in_cart): what it asks for would be bought twice; and one that is
// over.
func (r Request) untouched() *fault.Error {
	if r.State == InCart {
		return fault.New(fault.Conflict, "request_in_cart")
	}
	return r.open()
}

func (r Request) closed() *fault.Error {
	return fault.New(fault.Conflict, "request_closed", fault.Word("stateName", "request_state_"+string(r.State))).With(fault.Text("state", string(r.State)))
}

// Thing is the request as activity names it.
func (r Request) Thing() activity.Thing {
	return activity.Thing{Noun: "request", ID: string(r.ID), Name: string(r.Kind)}
}
