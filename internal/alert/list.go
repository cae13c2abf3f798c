package alert

import (
	"context"

	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// List reads what there is to look at. Nothing is kept of it: an alert stays while its cause does (FEATURES.md, Alerts).
type List struct {
	table     *table.Table
	contracts *contract.Store
}

// NewList reads t.
func NewList(t *table.Table, contracts *contract.Store) *List { return &List{t, contracts} }

// Standing is one alert as it stands: a line to look at, or a contract.
type Standing struct {
	Kind     Kind
	Line     contract.Line // of usage alone
	Contract contract.Contract
}

// Kind says what there is to look at.
type Kind string

// The kinds of alerts that are listed.
const (
	UsageWarning     Kind = "usage_warning"
	UsageFull        Kind = "usage_full"
	UsageOverLimit   Kind = "usage_over_limit"
	UsageNotSet      Kind = "usage_not_set"
	ContractExpiring Kind = "contract_expiring"
	SystemsOver      Kind = "systems_over"
)

// Severity is how much it matters.
type Severity string

// The severities.
const (
	Critical Severity = "critical" // nothing can be added
	Warning  Severity = "warning"  // something is to be done soon
	Info     Severity = "info"     // something is to be done in time
)

// soonDays is from how many days before its expiry on a contract is to be seen to soon.
const soonDays = 30

// Severity is that of an alert on a day.
func (s Standing) Severity(today date.Date) Severity {
	switch s.Kind {
	case UsageFull, UsageOverLimit, UsageNotSet:
		return Critical
	case ContractExpiring:
		if s.Contract.Expiry > today.AddDays(soonDays) {
			return Info
		}
	}
	return Warning
}

// ofLine is what there is to look at on a line; ok is false where there is nothing: its contract is expired.
func ofLine(l contract.Line, today date.Date) (s Standing, ok bool) {
	kind, ok := map[contract.UsageState]Kind{
		contract.Warning: UsageWarning, contract.Full: UsageFull, contract.OverLimit: UsageOverLimit, contract.NotSet: UsageNotSet,
	}[l.Usage().State]
	return Standing{Kind: kind, Line: l}, ok && l.Expiry > today
}

// Position is where the list stands: in which of its stretches, and how far.
type Position struct {
	Stretch int             `json:"n,omitempty"`
	After   *table.Position `json:"a,omitempty"`
}

// stretch is one sorted part of the list: one Query a page.
type stretch struct {
	query table.Query
	read  func(table.Item) (s Standing, ok bool, err error)
}

// stretches are the lines of active contracts that need a look, by product; the contracts that expire within 90 days, the
// first one first; and those that cover more systems than were purchased, the furthest over first, active ones before
// expired ones.
func stretches(a id.Account, today date.Date) []stretch {
	of := func(kind Kind) func(table.Item) (Standing, bool, error) {
		return func(item table.Item) (Standing, bool, error) {
			row, err := contract.Read(item)
			return Standing{Kind: kind, Contract: row.Contract}, true, err
		}
	}
	line := func(item table.Item) (Standing, bool, error) {
		row, err := contract.ReadLine(item)
		s, ok := ofLine(row.Line, today)
		return s, ok, err
	}
	from, to := contract.DueStretch(today)
	all := []stretch{
		{table.Query{PK: table.Lines(a), Index: table.LSI2, Prefix: table.Attention}, line},
		{table.Query{PK: table.Contracts(a), Index: table.LSI2, From: from, To: to}, of(ContractExpiring)},
	}
	for _, status := range []contract.Status{contract.Active, contract.Expired} {
		from, to := table.OverPurchased(string(status))
		all = append(all, stretch{table.Query{PK: table.Contracts(a), Index: table.LSI3, From: from, To: to, Desc: true}, of(SystemsOver)})
	}
	return all
}

// maxReads bounds the work of a page that meets lines of expired contracts alone: it is shorter then than asked.
const maxReads = 10

// Page reads limit alerts behind a position; next is nil on the last page. 4 Queries where all of it is on one page, and
// 1 call for the names of the contracts of lines.
func (l *List) Page(ctx context.Context, a id.Account, today date.Date, after *Position, limit int) (page []Standing, next *Position, err error) {
	all := stretches(a, today)
	at := Position{}
	if after != nil {
		at = *after
	}
	for reads := 0; at.Stretch < len(all); reads++ {
		if reads == maxReads {
			return l.named(ctx, a, page, &at)
		}
		one := all[at.Stretch]
		one.query.Limit, one.query.After = limit+1-len(page), at.After
		items, more, err := l.table.Query(ctx, one.query)
		if err != nil {
			return nil, nil, err
		}
		for _, item := range items {
			s, ok, err := one.read(item)
			if err != nil {
				return nil, nil, err
			}
			if ok && len(page) == limit {
				return l.named(ctx, a, page, &at)
			}
			if ok {
				page = append(page, s)
			}
			at.After = table.At(item, one.query.Index)
		}
		if !more {
			at = Position{Stretch: at.Stretch + 1}
		}
	}
	return l.named(ctx, a, page, nil)
}

// named is the page with the contracts of its lines.
func (l *List) named(ctx context.Context, a id.Account, page []Standing, next *Position) ([]Standing, *Position, error) {
	var lines []contract.Line
	for _, s := range page {
		if s.Contract.ID == "" {
			lines = append(lines, s.Line)
		}
	}
	if len(lines) == 0 {
		return page, next, nil
	}
	contracts, err := l.contracts.Contracts(ctx, a, lines)
	if err != nil {
		return nil, nil, err
	}
	for i, s := range page {
		if s.Contract.ID == "" {
			page[i].Contract = contracts[s.Line.Contract]
		}
	}
	return page, next, nil
}
