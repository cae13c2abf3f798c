package contract

import (
	"context"
	"net/http"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Register adds the operations on contracts.
func Register(api *account.API, s *Store, accounts *account.Store) {
	httpapi.Register(api, httpapi.Operation{
		ID: "listContracts", Method: http.MethodGet, Path: "/v1/accounts/{accountId}/contracts", Tag: "contracts", Needs: access.View,
		Summary: "The account's contracts, sorted and filtered, a page at a time",
	}, func(ctx context.Context, c account.Call, in *listInput) (*listOutput, error) {
		return s.list(ctx, accounts, c, in)
	})
	httpapi.Register(api, httpapi.Operation{
		ID: "getContract", Method: http.MethodGet, Path: "/v1/accounts/{accountId}/contracts/{contractId}", Tag: "contracts", Needs: access.View,
		Summary: "A contract with its lines and their use",
	}, s.read)
	httpapi.Register(api, httpapi.Operation{
		ID: "changeContractTerms", Method: http.MethodPatch, Path: "/v1/accounts/{accountId}/contracts/{contractId}/terms", Tag: "contracts", Needs: access.ManageTerms,
		Summary: "Change a contract's limits, systems purchased, dates and alert days; what is left out stays",
	}, s.changeTerms)
	httpapi.Register(api, httpapi.Operation{
		ID: "splitLine", Method: http.MethodPut, Path: "/v1/accounts/{accountId}/contracts/{contractId}/lines/{productId}/pools", Tag: "contracts", Needs: access.ManageLicences,
		Summary: "Split a line's seats over cost centers", Refusals: []int{http.StatusConflict},
	}, s.setPools)
	httpapi.Register(api, httpapi.Operation{
		ID: "listUsage", Method: http.MethodGet, Path: "/v1/accounts/{accountId}/usage", Tag: "contracts", Needs: access.View,
		Summary: "How full the account's lines are, with what needs attention",
	}, func(ctx context.Context, c account.Call, in *usageInput) (*usageOutput, error) {
		return s.usage(ctx, accounts, c, in)
	})
	httpapi.Register(api, httpapi.Operation{
		ID: "listUsageHistory", Method: http.MethodGet, Path: "/v1/accounts/{accountId}/usage/history", Tag: "contracts", Needs: access.View,
		Summary: "How full the account's lines were, day by day; 20 lines a page at most",
	}, s.history)
}

// Systems is how many systems a contract covers.
type Systems struct {
	Purchased int    `json:"purchased"`
	Mapped    int    `json:"mapped"`
	State     string `json:"state" enum:"ok,over" doc:"over: more mapped than purchased; allowed, contact whom the banner names."`
}

// Wire is a contract as a listing shows it.
type Wire struct {
	ID         id.Contract `json:"id"`
	Name       string      `json:"name"`
	CRMID      id.CRM      `json:"crmId"`
	StartDate  date.Date   `json:"startDate,omitempty"`
	ExpiryDate date.Date   `json:"expiryDate" doc:"The day from which on the contract is expired, in the account's zone."`
	Status     Status      `json:"status" enum:"active,expired"`
	Systems    Systems     `json:"systems"`
}

// Show is the contract on a day.
func (c Contract) Show(today date.Date) Wire {
	w := Wire{ID: c.ID, Name: c.Name, CRMID: c.CRM, StartDate: c.Start, ExpiryDate: c.Expiry, Status: c.Status(today),
		Systems: Systems{Purchased: c.Purchased, Mapped: c.Mapped, State: "ok"}}
	if c.Over() > 0 {
		w.Systems.State = "over"
	}
	return w
}

// Banner stands at the top of the list while contracts cover more systems than were purchased.
type Banner struct {
	Code    string          `json:"code" enum:"systems_over_purchased"`
	Count   int             `json:"count" doc:"Contracts over their number."`
	Contact account.Contact `json:"contact" doc:"Whom to contact: the partner, else the representative."`
	Detail  string          `json:"detail"`
}

type listInput struct {
	httpapi.Paging
	Status  string `query:"status" enum:"active,expired"`
	Q       string `query:"q" maxLength:"200" doc:"Words of the name, or a CRM id; each may be only begun."`
	OrderBy string `query:"orderBy" enum:"status,-status,name,-name,expiryDate,-expiryDate,systems,-systems" default:"status" doc:"A minus is descending; systems is by mapped less purchased."`
}

type listOutput struct {
	httpapi.Page[Wire]
	httpapi.Truncation
	Banner *Banner `json:"banner,omitempty"`
}

func (s *Store) list(ctx context.Context, accounts *account.Store, c account.Call, in *listInput) (*listOutput, error) {
	from, err := httpapi.From[Position](c, in.PageToken)
	if err != nil {
		return nil, err
	}
	order, desc := strings.CutPrefix(in.OrderBy, "-")
	listing := Listing{Status: Status(in.Status), Search: in.Q, Order: Order(order), Desc: desc}
	today := c.Account.Today(c.Now)
	out := &listOutput{}
	var page Page
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() (err error) {
		page, err = s.List(ctx, c.AccountID, today, listing, from, in.PageSize)
		return err
	})
	both.Go(func() (err error) {
		out.Banner, err = s.banner(ctx, accounts, c)
		return err
	})
	if err := both.Wait(); err != nil {
		return nil, err
	}
	items := make([]Wire, len(page.Contracts))
	for i, contract := range page.Contracts {
		items[i] = contract.Show(today)
	}
	out.Truncated = page.Truncated
	token, err := httpapi.Next(c, page.Next)
	out.Page = httpapi.NewPage(items, token)
	return out, err
}

// banner is nil while no contract is over: 1 call, 2 where one is and a partner has to be named.
func (s *Store) banner(ctx context.Context, accounts *account.Store, c account.Call) (*Banner, error) {
	over, err := s.OverCount(ctx, c.AccountID)
	if err != nil || over <= 0 {
		return nil, err
	}
	return OverBanner(ctx, accounts, c, over)
}

// OverBanner tells whom to contact about contracts that are over their number: no call, 1 where a partner is named.
func OverBanner(ctx context.Context, accounts *account.Store, c account.Call, over int) (*Banner, error) {
	whom, err := accounts.Whom(ctx, c.Account)
	if err != nil {
		return nil, err
	}
	return &Banner{Code: "systems_over_purchased", Count: over, Contact: whom, Detail: text.Say(c.Lang, "systems_over_purchased", over, NameOf(whom, c.Lang))}, nil
}

// NameOf names whom to contact, also where nobody was named yet.
func NameOf(whom account.Contact, lang text.Lang) string {
	if whom.Name == "" {
		return text.Say(lang, "your_representative")
	}
	return whom.Name
}

// Product is a product as others name it.
type Product struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// LineWire is a line with its use.
type LineWire struct {
	Product        Product    `json:"product"`
	Usage          Usage      `json:"usage"`
	PendingRemoval int        `json:"pendingRemoval,omitempty" doc:"Seats out of stock already that are billed until they are removed."`
	Pools          []PoolWire `json:"pools" nullable:"false" doc:"Which cost centers carry the seats; their sum is the limit."`
}

// PoolWire is the part of a line's seats that one cost center carries.
type PoolWire struct {
	CostCenterID id.CostCenter `json:"costCenterId,omitempty" doc:"Left out: the seats that no cost center carries."`
	Purchased    int           `json:"purchased"`
	Used         int           `json:"used" doc:"Seats that somebody sits on."`
	Available    int           `json:"available"`
	Pending      int           `json:"pendingRemoval,omitempty" doc:"Seats out of stock already that are billed until they are removed; part of purchased."`
}

type detailOutput struct {
	Wire
	TermsRev  int        `json:"termsRev" doc:"Counts changes of the terms; the ETag is made of it."`
	AlertDays []int      `json:"alertDays" nullable:"false" doc:"Days before the expiry on which it is announced."`
	Lines     []LineWire `json:"lines" nullable:"false"`
}

// Revision makes the ETag that a change of the terms asks for.
func (d detailOutput) Revision() int { return d.TermsRev }

type contractInput struct {
	ContractID string `path:"contractId" maxLength:"64"`
}

// Parse reads a contract's id from a path; one that cannot be is one that is not there.
func Parse(s string) (id.Contract, error) {
	c, ok := id.Parse[id.Contract](s)
	if !ok {
		return "", fault.Missing()
	}
	return c, nil
}

func (s *Store) read(ctx context.Context, c account.Call, in *contractInput) (*detailOutput, error) {
	ctr, err := Parse(in.ContractID)
	if err != nil {
		return nil, err
	}
	row, rows, err := s.Get(ctx, c.AccountID, ctr)
	if err != nil {
		return nil, err
	}
	lines := make([]Line, len(rows))
	for i, l := range rows {
		lines[i] = l.Line
	}
	return showDetail(row.Contract, lines, c.Account.Today(c.Now)), nil
}
