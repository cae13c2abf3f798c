package alert

import (
	"context"
	"net/http"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Register adds the list of alerts.
func Register(api *account.API, l *List, accounts *account.Store) {
	httpapi.Register(api, httpapi.Operation{
		ID: "listAlerts", Method: http.MethodGet, Path: "/v1/accounts/{accountId}/alerts", Tag: "alerts", Needs: access.View,
		Summary: "What runs full or out: lines at 80 % of their seats and above, contracts that expire within 90 days, contracts with more systems than purchased",
	}, func(ctx context.Context, c account.Call, in *listInput) (*httpapi.Page[Wire], error) {
		return l.list(ctx, accounts, c, in)
	})
}

// Wire is an alert as the API shows it. It has no date of its own: it is what stands at this moment.
type Wire struct {
	Kind       Kind              `json:"kind" enum:"usage_warning,usage_full,usage_over_limit,usage_not_set,contract_expiring,systems_over"`
	Severity   Severity          `json:"severity" enum:"critical,warning,info" doc:"critical: nothing can be added."`
	Contract   ContractWire      `json:"contract"`
	Product    *contract.Product `json:"product,omitempty" doc:"Of usage alone."`
	Usage      *contract.Usage   `json:"usage,omitempty" doc:"Of usage alone."`
	ExpiryDate date.Date         `json:"expiryDate,omitempty" doc:"Of a contract that expires alone."`
	Systems    *contract.Systems `json:"systems,omitempty" doc:"Of systems alone."`
	Contact    account.Contact   `json:"contact" doc:"Whom to contact: the partner, else the representative."`
	Detail     string            `json:"detail" doc:"What it is and what to do, in the caller's language."`
}

// ContractWire names a contract.
type ContractWire struct {
	ID   id.Contract `json:"id"`
	Name string      `json:"name"`
}

type listInput struct {
	httpapi.Paging
}

// list is Page, and 1 call where a partner is to be named.
func (l *List) list(ctx context.Context, accounts *account.Store, c account.Call, in *listInput) (*httpapi.Page[Wire], error) {
	today := c.Account.Today(c.Now)
	var whom account.Contact
	return httpapi.List(c, in.Paging, func(after *Position, limit int) (page []Standing, next *Position, err error) {
		if page, next, err = l.Page(ctx, c.AccountID, today, after, limit); err == nil && len(page) > 0 {
			whom, err = accounts.Whom(ctx, c.Account)
		}
		return page, next, err
	}, func(s Standing) Wire { return s.show(c.Lang, today, whom) })
}

func (s Standing) show(l text.Lang, today date.Date, whom account.Contact) Wire {
	w := Wire{Kind: s.Kind, Severity: s.Severity(today), Contract: ContractWire{s.Contract.ID, s.Contract.Name}, Contact: whom}
	name := contract.NameOf(whom, l)
	switch s.Kind {
	case ContractExpiring:
		w.ExpiryDate = s.Contract.Expiry
		w.Detail = expiringFact(l, s.Contract.Name, s.Contract.Expiry) + " " + contractNext(l, name)
	case SystemsOver:
		systems := s.Contract.Show(today).Systems
		w.Systems = &systems
		w.Detail = systemsFact(l, s.Contract.Name, systems.Mapped, systems.Purchased) + " " + systemsNext(l, name)
	default:
		usage := s.Line.Usage()
		w.Product, w.Usage = &contract.Product{ID: s.Line.Product, Name: s.Line.ProductName}, &usage
		w.Detail = usageFact(l, s.Line.ProductName, usage) + " " + usageNext(l, usage, name)
	}
	return w
}
