package contract

import (
	"context"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
)

type termsInput struct {
	httpapi.IfMatch
	ContractID string `path:"contractId" maxLength:"64"`
	Body       struct {
		StartDate        *string      `json:"startDate,omitempty" format:"date" nullable:"false"`
		ExpiryDate       *string      `json:"expiryDate,omitempty" format:"date" nullable:"false" doc:"The day from which on the contract is expired."`
		SystemsPurchased *int         `json:"systemsPurchased,omitempty" minimum:"0" maximum:"1000000000" nullable:"false"`
		AlertDays        *[]int       `json:"alertDays,omitempty" maxItems:"10" nullable:"false" doc:"Days before the expiry on which it is announced; none: 90, 60, 30 and 7."`
		Limits           []limitInput `json:"limits,omitempty" maxItems:"50" nullable:"false" doc:"A line that is left out is left alone."`
	}
}

type limitInput struct {
	ProductID string `json:"productId" maxLength:"60"`
	Limit     *int   `json:"limit" minimum:"0" maximum:"10000000" nullable:"true" doc:"Seats; null takes the limit back that was set here, so that what the CRM and orders say counts again."`
}

// parse reads the terms that were sent.
func (in *termsInput) parse() (Terms, error) {
	t := Terms{Purchased: in.Body.SystemsPurchased}
	var err error
	if t.Start, err = day("body.startDate", in.Body.StartDate); err != nil {
		return t, err
	}
	if t.Expiry, err = day("body.expiryDate", in.Body.ExpiryDate); err != nil {
		return t, err
	}
	if in.Body.AlertDays != nil {
		for _, n := range *in.Body.AlertDays {
			if n < 1 || n > LongestAlert {
				return t, httpapi.Invalid(httpapi.At("body.alertDays", "alert_days_out_of_range", fault.Int("max", LongestAlert)))
			}
		}
		ladder := NewAlertDays(*in.Body.AlertDays)
		t.AlertDays = &ladder
	}
	t.Limits = map[string]*int{}
	for _, l := range in.Body.Limits {
		if _, twice := t.Limits[l.ProductID]; twice {
			return t, httpapi.Invalid(httpapi.At("body.limits", "product_twice", fault.Text("value", l.ProductID)))
		}
		t.Limits[l.ProductID] = l.Limit
	}
	return t, nil
}

func day(where string, sent *string) (*date.Date, error) {
	if sent == nil {
		return nil, nil
	}
	d, err := httpapi.Day(where, *sent)
	return &d, err
}

func (s *Store) changeTerms(ctx context.Context, c account.Call, in *termsInput) (*detailOutput, error) {
	ctr, err := Parse(in.ContractID)
	if err != nil {
		return nil, err
	}
	terms, err := in.parse()
	if err != nil {
		return nil, err
	}
	ch := Changing{Account: c.AccountID, Now: c.Now, By: activity.By(c.Caller, c.Source)}
	after, lines, err := s.SetTerms(ctx, ch, ctr, terms, in.RequireMatch)
	if err != nil {
		return nil, err
	}
	return showDetail(after, lines, c.Account.Today(c.Now)), nil
}

// showDetail is a contract with its lines on a day.
func showDetail(c Contract, lines []Line, today date.Date) *detailOutput {
	out := &detailOutput{Wire: c.Show(today), TermsRev: c.TermsRev, AlertDays: c.AlertDays.Days(), Lines: make([]LineWire, len(lines))}
	for i, l := range lines {
		out.Lines[i] = l.Show()
	}
	return out
}

// Show is the line as the API has it.
func (l Line) Show() LineWire {
	w := LineWire{Product: Product{l.Product, l.ProductName}, Usage: l.Usage(), PendingRemoval: l.Pending, Pools: []PoolWire{}}
	for pool, p := range l.Pools {
		w.Pools = append(w.Pools, PoolWire{CostCenterID: pool.CostCenter(), Purchased: p.Purchased, Used: p.Used(), Available: p.Available, Pending: p.Pending})
	}
	slices.SortFunc(w.Pools, func(a, b PoolWire) int { return compareIDs(a.CostCenterID, b.CostCenterID) })
	return w
}

func compareIDs(a, b id.CostCenter) int {
	if a < b {
		return -1
	}
	return 1
}
