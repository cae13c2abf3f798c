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
	Product Product `json:"product"`
	Usage   Usage   `json:"usage"`
}

type detailOutput struct {
	Wire
	Lines []LineWire `json:"lines" nullable:"false"`
}

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
	row, lines, err := s.Get(ctx, c.AccountID, ctr)
	if err != nil {
		return nil, err
	}
	out := &detailOutput{Wire: row.Show(c.Account.Today(c.Now)), Lines: make([]LineWire, len(lines))}
	for i, l := range lines {
		out.Lines[i] = LineWire{Product{l.Product, l.ProductName}, l.Usage()}
	}
	return out, nil
}
