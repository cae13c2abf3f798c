package removal

import (
	"context"
	"net/http"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/money"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

const (
	all = "/v1/accounts/{accountId}/removals"
	one = all + "/{removalId}"
)

// API serves removals.
type API struct {
	store    *Store
	accounts *account.Store
}

// Register adds the operations on removals, and the list of services, which says what can be removed.
func Register(api *account.API, s *Store, accounts *account.Store) {
	h := &API{s, accounts}
	httpapi.Register(api, httpapi.Operation{
		ID: "listServices", Method: http.MethodGet, Path: "/v1/accounts/{accountId}/services", Tag: "removals", Needs: access.View,
		Summary: "Each product of each contract: how many seats are assigned, free, can be removed, wait to be removed, and what they cost",
	}, h.services)
	httpapi.Register(api, httpapi.Operation{
		ID: "listRemovals", Method: http.MethodGet, Path: all, Tag: "removals", Needs: access.View,
		Summary: "Removals of licences, the newest first; those that are pending by product",
	}, h.list)
	httpapi.Register(api, httpapi.Operation{
		ID: "removeLicences", Method: http.MethodPost, Path: all, Tag: "removals", Needs: access.ManageLicences, Key: httpapi.KeyAccepted,
		Summary: "Review what removing licences comes to; with confirm, remove them: out of stock at once, off the bill from the effective date on", Refusals: []int{http.StatusConflict, http.StatusPreconditionRequired},
	}, h.remove)
	httpapi.Register(api, httpapi.Operation{
		ID: "getRemoval", Method: http.MethodGet, Path: one, Tag: "removals", Needs: access.View,
		Summary: "A removal of licences",
	}, h.read)
	httpapi.Register(api, httpapi.Operation{
		ID: "withdrawRemoval", Method: http.MethodDelete, Path: one, Tag: "removals", Needs: access.ManageLicences,
		Summary: "Withdraw a removal that is pending: its licences are back in stock", Refusals: []int{http.StatusConflict},
	}, h.withdraw)
}

// change is who removes what. An account whose terms a partner manages removes nothing by itself (infra/decisions/0007):
// that is refused with whom to ask, for 1 call.
func (h *API) change(ctx context.Context, c account.Call) (Change, error) {
	whom, err := h.accounts.Whom(ctx, c.Account)
	if err != nil {
		return Change{}, err
	}
	ch := Change{Account: c.Account, Now: c.Now, By: activity.By(c.Caller, c.Source), Contact: contract.NameOf(whom, c.Lang), Whom: whom}
	if refused := ch.managed(c.Account); refused != nil {
		return Change{}, refused
	}
	return ch, nil
}

type removeInput struct {
	Body struct {
		ContractID string         `json:"contractId" maxLength:"64"`
		ProductID  string         `json:"productId" maxLength:"60"`
		Period     catalog.Period `json:"period,omitempty" enum:"monthly,yearly" doc:"What the licences are billed by: monthly, or yearly for all that is billed until the contract's end. It may be left out where the line has one kind in stock alone."`
		Quantities []quantity     `json:"quantities" minItems:"1" maxItems:"51" nullable:"false"`
		Confirm    bool           `json:"confirm,omitempty" doc:"Remove them; needs an Idempotency-Key. Else nothing is written."`
	}
}

type quantity struct {
	CostCenterID string `json:"costCenterId,omitempty" maxLength:"64" doc:"Left out, or the word none: of those that no cost center carries."`
	Quantity     int    `json:"quantity" minimum:"1" maximum:"10000000"`
}

// parse reads what is to be removed; what cannot be an id is nobody's.
func (in *removeInput) parse() (Wish, error) {
	ctr, ok := id.Parse[id.Contract](in.Body.ContractID)
	if !ok {
		return Wish{}, fault.New(fault.Invalid, "contract_not_found", fault.Text("contractId", in.Body.ContractID))
	}
	w := Wish{Contract: ctr, Product: in.Body.ProductID, Period: in.Body.Period, Counts: map[contract.PoolID]int{}}
	for _, q := range in.Body.Quantities {
		pool := contract.Unassigned
		if q.CostCenterID != "" && q.CostCenterID != string(contract.Unassigned) {
			cc, ok := id.Parse[id.CostCenter](q.CostCenterID)
			if !ok {
				return Wish{}, fault.New(fault.Invalid, "cost_center_unknown", fault.Text("costCenterId", q.CostCenterID))
			}
			pool = contract.PoolOf(cc)
		}
		if _, twice := w.Counts[pool]; twice {
			return Wish{}, httpapi.Invalid(httpapi.At("body.quantities", "cost_center_twice", fault.Text("costCenterId", q.CostCenterID)))
		}
		w.Counts[pool] = q.Quantity
	}
	return w, nil
}

// reviewWire is what a removal comes to, whether or not it was confirmed.
type reviewWire struct {
	RemovalID     id.Removal       `json:"removalId,omitempty" doc:"Of a removal that was confirmed."`
	Confirmed     bool             `json:"confirmed" doc:"false: nothing was written."`
	ContractID    id.Contract      `json:"contractId"`
	ContractName  string           `json:"contractName"`
	Product       contract.Product `json:"product"`
	Quantity      int              `json:"quantity"`
	Quantities    []Part           `json:"quantities" nullable:"false"`
	EffectiveDate date.Date        `json:"effectiveDate" doc:"The first day that they are not billed: the next billing date where they are billed by the month, else the contract's end. They are out of stock at once."`
	Period        catalog.Period   `json:"period" enum:"monthly,yearly" doc:"What they are billed by; yearly: until the contract's end."`
	UnitPrice     *money.Money     `json:"unitPrice,omitempty" doc:"A seat and period at today's price, before tax; left out where the product is not sold by the period."`
	Saves         *money.Money     `json:"saves,omitempty" doc:"Not billed any more each period from effectiveDate on, at today's price, before tax."`
	Usage         contract.Usage   `json:"usage" doc:"Of the line, with these licences out of stock."`
	Pending       int              `json:"pendingRemoval" doc:"Of the line, these licences among them."`
}

func (r Review) show(c account.Call, products catalog.Products) *reviewWire {
	w := &reviewWire{
		RemovalID: r.ID, Confirmed: r.ID != "", ContractID: r.Contract, ContractName: r.ContractName, Product: named(r.Product, r.ProductName, c, products),
		Quantity: r.Quantity, Quantities: parts(r.Counts, r.centers), EffectiveDate: r.Effective, Period: r.Period,
		Usage: r.Line.Usage(), Pending: r.Line.Pending,
	}
	if r.Bill.Period != "" {
		saves := r.Bill.times(r.Quantity)
		w.UnitPrice, w.Saves = &r.Bill.Unit, &saves
	}
	return w
}

// named is a product by what the catalog calls it in the caller's language, else by what its line says.
func named(product, line string, c account.Call, products catalog.Products) contract.Product {
	if name := products.Name(product, c.Lang); name != "" {
		line = name
	}
	return contract.Product{ID: product, Name: line}
}

func (h *API) remove(ctx context.Context, c account.Call, in *removeInput) (*reviewWire, error) {
	ch, err := h.change(ctx, c)
	if err != nil {
		return nil, err
	}
	w, err := in.parse()
	if err != nil {
		return nil, err
	}
	products, err := h.store.catalog.All(ctx, c.Now)
	if err != nil {
		return nil, err
	}
	if !in.Body.Confirm {
		r, err := h.store.Review(ctx, ch, w)
		return r.show(c, products), err
	}
	if !c.Keyed() {
		return nil, fault.New(fault.PreconditionRequired, "idempotency_key_required")
	}
	var out *reviewWire
	_, err = h.store.Remove(ctx, ch, w, func(r Review) ([]table.Op, error) {
		out = r.show(c, products)
		return c.Keep(out)
	})
	return out, err
}

// Wire is a removal as the API shows it.
type Wire struct {
	ID            id.Removal       `json:"id"`
	State         State            `json:"state" enum:"pending,applied,withdrawn,used_up" doc:"used_up: new purchases took all of it back."`
	ContractID    id.Contract      `json:"contractId"`
	ContractName  string           `json:"contractName"`
	Product       contract.Product `json:"product"`
	Asked         int              `json:"asked" doc:"Licences that it was asked for; those less quantity were taken back by new purchases."`
	Quantity      int              `json:"quantity" doc:"Licences that it is about now."`
	Quantities    []Part           `json:"quantities" nullable:"false"`
	EffectiveDate date.Date        `json:"effectiveDate" doc:"The first day that they are not billed."`
	Period        catalog.Period   `json:"period,omitempty" enum:"monthly,yearly"`
	By            string           `json:"by,omitempty" doc:"Who asked for it, by name."`
	CreatedAt     time.Time        `json:"createdAt"`
	EndedAt       *time.Time       `json:"endedAt,omitempty" doc:"When it was applied, withdrawn or used up."`
}

func (r Removal) show(c account.Call, names map[id.CostCenter]string, products catalog.Products) Wire {
	w := Wire{
		ID: r.ID, State: r.State, ContractID: r.Contract, ContractName: r.ContractName, Product: named(r.Product, r.ProductName, c, products),
		Asked: r.Quantity, Quantity: r.Left(), Quantities: parts(r.Counts, names), EffectiveDate: r.Effective, Period: r.Period,
		By: r.By.In(c.Lang).Name, CreatedAt: r.CreatedAt,
	}
	if !r.EndedAt.IsZero() {
		w.EndedAt = &r.EndedAt
	}
	return w
}

type listInput struct {
	httpapi.Paging
	State State `query:"state" enum:"pending,applied,withdrawn,used_up"`
}

// list is 1 Query, and 1 batch for the names of cost centers.
func (h *API) list(ctx context.Context, c account.Call, in *listInput) (*httpapi.Page[Wire], error) {
	var names map[id.CostCenter]string
	products, err := h.store.catalog.All(ctx, c.Now)
	if err != nil {
		return nil, err
	}
	return httpapi.List(c, in.Paging, func(after *table.Position, limit int) (found []Removal, next *table.Position, err error) {
		if found, next, err = h.store.List(ctx, c.AccountID, in.State, after, limit); err == nil {
			names, err = h.store.names(ctx, c.AccountID, found...)
		}
		return found, next, err
	}, func(r Removal) Wire { return r.show(c, names, products) })
}

type oneInput struct {
	RemovalID id.Removal `path:"removalId"`
}

func (h *API) read(ctx context.Context, c account.Call, in *oneInput) (*Wire, error) {
	row, err := h.store.Get(ctx, c.AccountID, in.RemovalID)
	if err != nil {
		return nil, err
	}
	names, err := h.store.names(ctx, c.AccountID, row.Removal)
	if err != nil {
		return nil, err
	}
	products, err := h.store.catalog.All(ctx, c.Now)
	out := row.show(c, names, products)
	return &out, err
}

func (h *API) withdraw(ctx context.Context, c account.Call, in *oneInput) (*httpapi.NoBody, error) {
	ch, err := h.change(ctx, c)
	if err != nil {
		return nil, err
	}
	return &httpapi.NoBody{}, h.store.Withdraw(ctx, ch, in.RemovalID)
}
