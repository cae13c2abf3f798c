package seat

import (
	"context"
	"slices"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Wire is a row of the licence list as the API shows it.
type Wire struct {
	Product      contract.Product `json:"product"`
	ContractID   id.Contract      `json:"contractId"`
	ContractName string           `json:"contractName"`
	User         *Person          `json:"user,omitempty" doc:"Who sits on it; left out of available licences."`
	CostCenter   *CostCenter      `json:"costCenter,omitempty" doc:"Who carries it; left out: none."`
	AddedAt      *time.Time       `json:"addedAt,omitempty"`
	Features     []string         `json:"features" nullable:"false"`
	State        State            `json:"state" enum:"assigned,available"`
	Count        int              `json:"count" doc:"Licences that the row stands for: 1 for a seat, how many are free for available ones."`
	Derived      bool             `json:"derived" doc:"A seat of it exists as long as its user is in a queue."`
	Actions      []string         `json:"actions" nullable:"false" enum:"assign,unassign,move" doc:"What the caller may do with it."`
}

// Person is who sits on a seat.
type Person struct {
	ID        id.User `json:"id"`
	Name      string  `json:"name"`
	Extension string  `json:"extension,omitempty"`
}

// CostCenter is who carries a licence.
type CostCenter struct {
	ID   id.CostCenter `json:"id"`
	Name string        `json:"name"`
}

type listInput struct {
	httpapi.Paging
	ProductID    string   `query:"productId" maxLength:"60"`
	CostCenterID []string `query:"costCenterId" maxItems:"10" doc:"One or more, with commas between; the word none is those that no cost center carries."`
	State        string   `query:"state" enum:"assigned,available"`
	Q            string   `query:"q" maxLength:"200" doc:"Words of the user's name, address or extension; each may be only begun. Finds seats, not available licences."`
}

type listOutput struct {
	httpapi.Page[Wire]
	httpapi.Truncation
}

func (h *API) list(ctx context.Context, c account.Call, in *listInput) (*listOutput, error) {
	l := Listing{Product: in.ProductID, State: State(in.State), Search: in.Q}
	for _, s := range in.CostCenterID {
		pool := contract.Unassigned
		if s != string(contract.Unassigned) {
			cc, err := costCenter(s)
			if err != nil {
				return nil, err
			}
			pool = contract.PoolOf(cc)
		}
		if !slices.Contains(l.Pools, pool) {
			l.Pools = append(l.Pools, pool)
		}
	}
	return h.page(ctx, c, l, in.Paging)
}

type lineInput struct {
	ContractID string `path:"contractId" maxLength:"64"`
	ProductID  string `path:"productId" maxLength:"60"`
	httpapi.Paging
}

// listOfLine answers not_found for a line that is not there; that is looked up only where nobody sits on it.
func (h *API) listOfLine(ctx context.Context, c account.Call, in *lineInput) (*listOutput, error) {
	ctr, err := contract.Parse(in.ContractID)
	if err != nil {
		return nil, err
	}
	out, err := h.page(ctx, c, Listing{Product: in.ProductID, Contract: ctr, State: StateAssigned}, in.Paging)
	if err != nil || len(out.Items) > 0 {
		return out, err
	}
	item, err := h.store.table.Get(ctx, table.Line(c.AccountID, ctr, in.ProductID))
	if err == nil && item == nil {
		err = fault.Missing()
	}
	return out, err
}

// page is the store's page, and 1 batch for the names of contracts and cost centers.
func (h *API) page(ctx context.Context, c account.Call, l Listing, p httpapi.Paging) (*listOutput, error) {
	out := &listOutput{}
	var names names
	products, err := h.store.catalog.All(ctx, c.Now)
	if err != nil {
		return nil, err
	}
	page, err := httpapi.List(c, p, func(from *Position, limit int) (rows []Row, next *Position, err error) {
		rows, next, out.Truncated, err = h.store.List(ctx, c.AccountID, c.Account.Today(c.Now), l, from, limit)
		if err == nil {
			names, err = h.store.names(ctx, c.AccountID, rows)
		}
		return rows, next, err
	}, func(r Row) Wire { return names.show(r, c, products) })
	if err != nil {
		return nil, err
	}
	out.Page = *page
	return out, nil
}

// names are what rows call the things that they name by id.
type names struct {
	contracts   map[id.Contract]contract.Contract
	costCenters map[id.CostCenter]string
}

func (s *Store) names(ctx context.Context, a id.Account, rows []Row) (names, error) {
	n := names{map[id.Contract]contract.Contract{}, map[id.CostCenter]string{}}
	var keys []table.Key
	for _, r := range rows {
		keys = append(keys, table.Contract(a, r.Contract))
		if r.CostCenter != "" {
			keys = append(keys, table.CostCenter(a, r.CostCenter))
		}
	}
	if len(keys) == 0 {
		return n, nil
	}
	found, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return n, err
	}
	for _, r := range rows {
		row, err := contract.Read(found[table.Contract(a, r.Contract)])
		if err != nil {
			return n, err
		}
		n.contracts[r.Contract] = row.Contract
		cc, err := costcenter.Read(found[table.CostCenter(a, r.CostCenter)])
		if err != nil {
			return n, err
		}
		n.costCenters[r.CostCenter] = cc.Name
	}
	return n, nil
}

func (n names) show(r Row, c account.Call, products catalog.Products) Wire {
	of := n.contracts[r.Contract]
	w := Wire{
		Product: contract.Product{ID: r.Product, Name: r.ProductName}, ContractID: r.Contract, ContractName: of.Name,
		Features: append([]string{}, r.Features...), State: r.State, Count: 1, Derived: products.Derived(r.Product), Actions: []string{},
	}
	if r.CostCenter != "" {
		w.CostCenter = &CostCenter{r.CostCenter, n.costCenters[r.CostCenter]}
	}
	may := access.Decide(c.Caller, access.ManageUsers, true) == access.Allowed
	if r.State == StateAvailable {
		w.Count = r.Available
		if may && !w.Derived { // a derived seat comes with a queue, not from here
			w.Actions = append(w.Actions, "assign")
		}
		return w
	}
	w.User, w.AddedAt = &Person{r.User, r.UserName, r.Extension}, &r.AddedAt
	if may {
		w.Actions = append(w.Actions, "unassign", "move")
	}
	return w
}
