// Package seat owns who sits on which seat: assigning and removing, the rules of both, the licence list, and what becomes
// of a person's seats when they are renamed or leave. It does not own the counters that a seat changes (the line, package
// contract), nor the holding that guards a person (package user); it writes both in one transaction with the seat.
package seat

import (
	"slices"
	"strings"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// Seat is one user's right to use one product under a contract (FEATURES.md, Words).
type Seat struct {
	User        id.User       `dynamodbav:"user"`
	UserName    string        `dynamodbav:"userName"`
	Extension   string        `dynamodbav:"extension,omitempty"`
	Product     string        `dynamodbav:"product"`
	ProductName string        `dynamodbav:"productName"`
	Contract    id.Contract   `dynamodbav:"contract"`
	CostCenter  id.CostCenter `dynamodbav:"costCenter,omitempty"`
	Features    []string      `dynamodbav:"features,omitempty"`
	AddedAt     time.Time     `dynamodbav:"addedAt"`
	Rev         int           `dynamodbav:"rev"`
}

// Result is what became of one wish: of one user, or of one product of a user. The words are stable; those that are
// refusals are also the codes of problems and of their texts.
type Result string

// The results.
const (
	Assigned  Result = "assigned"
	Removed   Result = "removed"
	Changed   Result = "changed"   // its features are others now
	Unchanged Result = "unchanged" // has it already, or has it no more: a success that changes nothing

	// Withheld could have been done, and was not, because others of the same call could not.
	Withheld Result = "seat_withheld"

	LimitReached   Result = "seat_limit_reached"
	OverLimit      Result = "seat_limit_exceeded"
	PoolExhausted  Result = "cost_center_limit_reached"
	LimitNotSet    Result = "seat_limit_not_set"
	Expired        Result = "contract_expired"
	NotOnContract  Result = "product_not_on_contract"
	NoContract     Result = "product_not_held"
	UserUnknown    Result = "user_not_found"
	Deactivated    Result = "user_deactivated"
	Erased         Result = "user_erased"
	NeedsOther     Result = "product_needs_other"
	ExcludedBy     Result = "product_excluded"
	NeedsQueue     Result = "queue_membership_missing"
	InQueue        Result = "seat_derived"
	NeededByOther  Result = "product_needed"
	TooMany        Result = "too_many_seats"
	FeatureUnknown Result = "feature_unknown"

	// Of queues, not of a product.
	TooManyQueues Result = "too_many_queues"
	QueuesNeeded  Result = "queues_needed"
)

// Succeeded tells whether what was wished for is so now.
func (r Result) Succeeded() bool {
	return slices.Contains([]Result{Assigned, Removed, Changed, Unchanged}, r)
}

// exhausted tells that not enough was free.
func (r Result) exhausted() bool {
	return slices.Contains([]Result{LimitReached, OverLimit, PoolExhausted}, r)
}

// Refusal is why a wish was not fulfilled, with what its text needs.
type Refusal struct {
	Result Result
	Args   []fault.Arg
	// Contact: its text ends by naming whom to ask.
	Contact bool
}

// ofProducts are the arguments that hold codes of products, one or several.
var ofProducts = []string{"productId", "needs", "excludedBy", "neededBy"}

// asSent are the refusals that say no more of a product than the caller did: whether there is one is not theirs to know.
var asSent = []Result{NotOnContract, NoContract, FeatureUnknown}

// separator is between several.
const separator = ", "

func refuse(r Result, args ...fault.Arg) *Refusal { return &Refusal{Result: r, Args: args} }

// MayAdd says whether somebody may have a seat of a product that they have none of, whatever is free: they are active
// and below the most products, have what it needs and nothing that it excludes, and answer a queue where it is derived
// (FEATURES.md, Seats).
func MayAdd(h user.Holding, product string, products catalog.Products) *Refusal {
	held := h.Products()
	missing := slices.DeleteFunc(products.Needs(product), func(p string) bool { return slices.Contains(held, p) })
	excluded := products.Excluded(product, held)
	switch {
	case h.Gone():
		return refuse(Erased)
	case h.State != user.Active:
		return refuse(Deactivated, fault.Text("user", h.Name))
	case len(held) >= user.MaxSeats:
		return refuse(TooMany, fault.Text("user", h.Name), fault.Int("max", user.MaxSeats))
	case len(missing) > 0:
		return refuse(NeedsOther, fault.Text("productId", product), fault.Text("needs", strings.Join(missing, separator)))
	case len(excluded) > 0:
		return refuse(ExcludedBy, fault.Text("productId", product), fault.Text("excludedBy", strings.Join(excluded, separator)))
	case products.Derived(product) && len(h.Queues) == 0:
		return refuse(NeedsQueue, fault.Text("productId", product), fault.Text("user", h.Name))
	}
	return nil
}

// MayRemove says whether a seat that somebody has may be taken from them: not while another of theirs needs it, nor a
// derived one while they answer a queue. stays names the derived seats that stay although their base goes.
func MayRemove(h user.Holding, product string, products catalog.Products) (stays []string, refusal *Refusal) {
	if products.Derived(product) && len(h.Queues) > 0 {
		return nil, refuse(InQueue, fault.Text("productId", product), fault.Text("user", h.Name), fault.Int("queues", len(h.Queues)))
	}
	needed := products.NeededBy(product, h.Products())
	stays = slices.Clone(needed)
	stays = slices.DeleteFunc(stays, func(p string) bool { return !products.Derived(p) })
	needed = slices.DeleteFunc(needed, products.Derived)
	if len(needed) > 0 {
		return nil, refuse(NeededByOther, fault.Text("productId", product), fault.Text("neededBy", strings.Join(needed, separator)))
	}
	return stays, nil
}

// MayJoin says whether somebody may be in these queues: they are active, and the queues are not too many. Of who has left
// only that they are in none may be said.
func MayJoin(h user.Holding, queues []user.Queue) *Refusal {
	switch {
	case len(queues) > user.MaxQueues:
		return refuse(TooManyQueues, fault.Text("user", h.Name), fault.Int("max", user.MaxQueues))
	case len(queues) == 0 || h.State == user.Active:
		return nil
	case h.Gone():
		return refuse(Erased)
	default:
		return refuse(Deactivated, fault.Text("user", h.Name))
	}
}

// Ending are the products whose seats end once somebody is in these queues and no other: with the last queue every
// derived seat, since it exists as long as its user is in one (FEATURES.md, Seats).
func Ending(h user.Holding, queues []user.Queue, products catalog.Products) []string {
	if len(queues) > 0 {
		return nil
	}
	return slices.DeleteFunc(h.Products(), func(p string) bool { return !products.Derived(p) })
}

// MayTake says whether a line takes anybody at all on a day: its contract is not expired, and it has a limit.
func MayTake(l contract.Line, contractName string, today date.Date) *Refusal {
	switch {
	case l.Expiry <= today:
		return &Refusal{Expired, []fault.Arg{fault.Text("contract", contractName), fault.Text("expiryDate", string(l.Expiry))}, true}
	case l.Limit == nil:
		return &Refusal{LimitNotSet, []fault.Arg{fault.Text("product", l.ProductName)}, true}
	}
	return nil
}

// Exhausted is the refusal where fewer seats are free than asked for: of the line, which may be over its limit, or of the
// pool that was named.
func Exhausted(l contract.Line, named contract.PoolID, requested int) *Refusal {
	available := max(0, l.Available)
	if l.Limit != nil && l.Used > *l.Limit {
		return &Refusal{OverLimit, []fault.Arg{fault.Int("used", l.Used), fault.Int("limit", *l.Limit)}, true}
	}
	if named != "" && max(0, l.Pools[named].Available) < available {
		return &Refusal{PoolExhausted, []fault.Arg{fault.Int("requested", requested), fault.Int("available", max(0, l.Pools[named].Available))}, false}
	}
	return &Refusal{LimitReached, []fault.Arg{fault.Int("requested", requested), fault.Int("available", available)}, true}
}

// features checks the features that were asked for; each counts once.
func features(product string, asked []string, products catalog.Products) ([]string, *Refusal) {
	asked = slices.Compact(slices.Sorted(slices.Values(asked)))
	for _, f := range asked {
		if !products.Feature(product, f) {
			return nil, refuse(FeatureUnknown, fault.Text("productId", product), fault.Text("feature", f))
		}
	}
	return asked, nil
}
