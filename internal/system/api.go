package system

import (
	"context"
	"net/http"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

const ofContract = "/v1/accounts/{accountId}/contracts/{contractId}/systems"

// Register adds the operations on systems.
func Register(api *account.API, s *Store, accounts *account.Store) {
	httpapi.Register(api, httpapi.Operation{
		ID: "listSystems", Method: http.MethodGet, Path: "/v1/accounts/{accountId}/systems", Tag: "systems", Needs: access.View,
		Summary: "The account's systems by name: unmapped, mapped or all",
	}, s.list)
	httpapi.Register(api, httpapi.Operation{
		ID: "listSystemsOfContract", Method: http.MethodGet, Path: ofContract, Tag: "systems", Needs: access.View,
		Summary: "The systems on a contract by name",
	}, s.listOfContract)
	httpapi.Register(api, httpapi.Operation{
		ID: "connectSystems", Method: http.MethodPost, Path: ofContract, Tag: "systems", Needs: access.ManageSystems, Key: httpapi.KeyAccepted,
		Summary: "Connect up to 90 systems to a contract; a result for each", Refusals: []int{http.StatusConflict},
	}, func(ctx context.Context, c account.Call, in *connectInput) (*connectOutput, error) {
		return s.connect(ctx, accounts, c, in)
	})
	httpapi.Register(api, httpapi.Operation{
		ID: "disconnectSystem", Method: http.MethodDelete, Path: ofContract + "/{systemId}", Tag: "systems", Needs: access.ManageSystems,
		Summary: "Take a system off a contract",
	}, s.disconnect)
}

// Wire is a system as the API shows it.
type Wire struct {
	ID         id.System   `json:"id"`
	Name       string      `json:"name"`
	CRMID      id.CRM      `json:"crmId"`
	URL        string      `json:"url,omitempty"`
	Kind       Kind        `json:"kind" enum:"commercial,trial"`
	ContractID id.Contract `json:"contractId,omitempty"`
}

type pageOutput struct {
	httpapi.Page[Wire]
	httpapi.Truncation
}

type listInput struct {
	httpapi.Paging
	Mapping string `query:"mapping" enum:"unmapped,mapped,all" default:"all" doc:"unmapped: commercial systems on no contract."`
	Q       string `query:"q" maxLength:"200" doc:"Words of the name, or a CRM id; each may be only begun."`
}

func (s *Store) list(ctx context.Context, c account.Call, in *listInput) (*pageOutput, error) {
	return s.page(ctx, c, Listing{Mapping: in.Mapping, Search: in.Q}, in.Paging)
}

type ofContractInput struct {
	ContractID string `path:"contractId" maxLength:"64"`
	httpapi.Paging
	Q string `query:"q" maxLength:"200" doc:"Words of the name, or a CRM id; each may be only begun."`
}

// listOfContract answers not_found for a contract that is not there; that is looked up only where no system is listed,
// since a system on it proves that it is.
func (s *Store) listOfContract(ctx context.Context, c account.Call, in *ofContractInput) (*pageOutput, error) {
	on, err := contract.Parse(in.ContractID)
	if err != nil {
		return nil, err
	}
	out, err := s.page(ctx, c, Listing{Contract: on, Search: in.Q}, in.Paging)
	if err != nil || len(out.Items) > 0 {
		return out, err
	}
	row, err := s.table.Get(ctx, table.Contract(c.AccountID, on))
	if err == nil && row == nil {
		err = fault.Missing()
	}
	return out, err
}

func (s *Store) page(ctx context.Context, c account.Call, l Listing, p httpapi.Paging) (*pageOutput, error) {
	out := &pageOutput{}
	page, err := httpapi.List(c, p, func(after *table.Position, limit int) (systems []System, next *table.Position, err error) {
		systems, next, out.Truncated, err = s.List(ctx, c.AccountID, l, after, limit)
		return systems, next, err
	}, func(sys System) Wire { return Wire{sys.ID, sys.Name, sys.CRM, sys.URL, sys.Kind, sys.Contract} })
	if err != nil {
		return nil, err
	}
	out.Page = *page
	return out, nil
}

type connectInput struct {
	ContractID string `path:"contractId" maxLength:"64"`
	Body       struct {
		SystemIDs []string `json:"systemIds" minItems:"1" maxItems:"90" nullable:"false"`
	}
}

type outcomeWire struct {
	SystemID string `json:"systemId"`
	Result   Result `json:"result" enum:"connected,unchanged,system_already_connected,system_is_trial,system_not_found"`
	// Contract is the one that has the system, where another has.
	Contract *otherContract `json:"contract,omitempty"`
	Detail   string         `json:"detail,omitempty" doc:"Why not, and what to do."`
}

type otherContract struct {
	ID   id.Contract `json:"id"`
	Name string      `json:"name"`
}

type connectOutput struct {
	Contract contract.Wire `json:"contract"`
	Results  []outcomeWire `json:"results" nullable:"false"`
	// Banner recommends whom to contact where the contract is over its number now.
	Banner *contract.Banner `json:"banner,omitempty"`
}

func (s *Store) connect(ctx context.Context, accounts *account.Store, c account.Call, in *connectInput) (*connectOutput, error) {
	to, err := contract.Parse(in.ContractID)
	if err != nil {
		return nil, err
	}
	var out *connectOutput
	ch := Change{Account: c.AccountID, Today: c.Account.Today(c.Now), Now: c.Now, By: activity.By(c.Caller, c.Source)}
	_, err = s.Connect(ctx, ch, to, in.Body.SystemIDs, func(done Connection) (_ []table.Op, err error) {
		out = show(done, ch, c.Lang)
		if refusal := refused(done, out.Results); refusal != nil {
			return nil, refusal
		}
		if done.Contract.Over() > 0 {
			if out.Banner, err = contract.OverBanner(ctx, accounts, c, 1); err != nil {
				return nil, err
			}
		}
		return c.Keep(out)
	})
	if f, ok := fault.Of(err); ok && f.Code == "contract_expired" {
		whom, err := accounts.Whom(ctx, c.Account)
		if err != nil {
			return nil, err
		}
		f.Args[len(f.Args)-1] = fault.Text("contact", contract.NameOf(whom, c.Lang))
	}
	return out, err
}

// show words what a connect came to.
func show(done Connection, ch Change, lang text.Lang) *connectOutput {
	out := &connectOutput{Contract: done.Contract.Show(ch.Today)}
	for _, o := range done.Outcomes {
		w := outcomeWire{SystemID: o.Asked, Result: o.Result}
		if o.On != "" {
			w.Contract = &otherContract{o.On, o.OnName}
		}
		if !o.Result.Succeeded() {
			w.Detail = text.Say(lang, string(o.Result), o.wording()...)
		}
		out.Results = append(out.Results, w)
	}
	return out
}

// wording is what the text of the result needs.
func (o Outcome) wording() []any {
	if o.Result == AlreadyConnected {
		return []any{o.OnName}
	}
	return nil
}

// refused is the refusal where no system is on the contract afterwards: of the one reason that all share, else of
// none in particular.
func refused(done Connection, results []outcomeWire) error {
	same := true
	for _, o := range done.Outcomes {
		if o.Result.Succeeded() {
			return nil
		}
		same = same && o.Result == done.Outcomes[0].Result
	}
	first := done.Outcomes[0]
	refusal := fault.New(fault.Conflict, "no_system_connected")
	if same && (first.Result != AlreadyConnected || len(done.Outcomes) == 1) {
		refusal = fault.New(fault.Conflict, string(first.Result))
		if first.Result == AlreadyConnected {
			refusal = fault.New(fault.Conflict, string(first.Result), fault.Text("contract", first.OnName))
		}
	}
	return refusal.With(fault.Arg{Name: "results", Value: results})
}

type disconnectInput struct {
	ContractID string `path:"contractId" maxLength:"64"`
	SystemID   string `path:"systemId" maxLength:"64"`
}

func (s *Store) disconnect(ctx context.Context, c account.Call, in *disconnectInput) (*httpapi.NoBody, error) {
	from, err := contract.Parse(in.ContractID)
	if err != nil {
		return nil, err
	}
	sys, ok := id.Parse[id.System](in.SystemID)
	if !ok {
		return nil, fault.Missing()
	}
	ch := Change{Account: c.AccountID, Today: c.Account.Today(c.Now), Now: c.Now, By: activity.By(c.Caller, c.Source)}
	return &httpapi.NoBody{}, s.Disconnect(ctx, ch, from, sys)
}
