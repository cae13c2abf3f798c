package contract

import (
	"slices"
	"strconv"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
)

// AlertDays is a ladder of days before expiry, falling. It is kept as text, so that contracts can be compared.
type AlertDays string

// defaultAlertDays is the ladder of a contract that has none of its own (FEATURES.md, Alerts).
const defaultAlertDays AlertDays = "90 60 30 7"

// MaxAlertDays is how many steps a ladder may have; LongestAlert how many days before expiry the first may be.
const (
	MaxAlertDays = 10
	LongestAlert = 730
)

// NewAlertDays sorts a ladder, and keeps each of its steps once.
func NewAlertDays(days []int) AlertDays {
	days = slices.Clone(days)
	slices.SortFunc(days, func(a, b int) int { return b - a })
	words := make([]string, 0, len(days))
	for _, d := range slices.Compact(days) {
		words = append(words, strconv.Itoa(d))
	}
	return AlertDays(strings.Join(words, " "))
}

// Days is the ladder step by step, the default one where the contract has none of its own.
func (a AlertDays) Days() []int {
	if a == "" {
		a = defaultAlertDays
	}
	var days []int
	for _, word := range strings.Fields(string(a)) {
		n, _ := strconv.Atoi(word) // written by NewAlertDays alone
		days = append(days, n)
	}
	return days
}

// Terms are what a partner or an operator changes of a contract; nil is left as it is (FEATURES.md, Seats).
type Terms struct {
	Start, Expiry *date.Date
	Purchased     *int // systems
	AlertDays     *AlertDays
	// Limits are the overrides of lines by product; a nil one takes the override back, so that what the CRM and the
	// orders say counts again.
	Limits map[string]*int
}

// Over is a contract and its lines under other terms, and the products whose line is another now. Refused are an expiry
// before the start (expires_before_start) and a limit for a product that the contract has no line of
// (product_not_on_contract). A limit below what is used is no error: the line is over its limit then.
func (t Terms) Over(c Contract, lines []LineRow) (Contract, []Line, error) {
	put(&c.Start, t.Start)
	put(&c.Expiry, t.Expiry)
	put(&c.Purchased, t.Purchased)
	put(&c.AlertDays, t.AlertDays)
	if c.Start != "" && c.Expiry < c.Start && (t.Start != nil || t.Expiry != nil) {
		return c, nil, fault.New(fault.Invalid, "expires_before_start", fault.Text("startDate", string(c.Start)), fault.Text("expiryDate", string(c.Expiry)))
	}
	for product := range t.Limits {
		if !slices.Contains(c.Products.List(), product) {
			return c, nil, fault.New(fault.Invalid, "product_not_on_contract", fault.Text("productId", product))
		}
	}
	after := make([]Line, len(lines))
	for i, l := range lines {
		after[i] = l.Line
		after[i].Expiry = c.Expiry
		if limit, named := t.Limits[l.Product]; named {
			q := l.Quantities
			q.Override = limit
			after[i] = after[i].With(q)
		}
	}
	return c, after, nil
}

func put[T any](to *T, sent *T) {
	if sent != nil {
		*to = *sent
	}
}
