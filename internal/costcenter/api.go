package costcenter

import (
	"context"
	"net/http"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

const (
	all = "/v1/accounts/{accountId}/cost-centers"
	one = all + "/{costCenterId}"
)

// Register adds the operations on cost centers.
func Register(api *account.API, s *Store) {
	httpapi.Register(api, httpapi.Operation{
		ID: "listCostCenters", Method: http.MethodGet, Path: all, Tag: "cost centers", Needs: access.View,
		Summary: "The account's cost centers by name; the active ones unless said",
	}, s.list)
	httpapi.Register(api, httpapi.Operation{
		ID: "createCostCenter", Method: http.MethodPost, Path: all, Tag: "cost centers", Needs: access.ManageLicences, Key: httpapi.KeyAccepted,
		Summary: "Create a cost center", Success: http.StatusCreated, Refusals: []int{http.StatusConflict},
	}, s.create)
	httpapi.Register(api, httpapi.Operation{
		ID: "getCostCenter", Method: http.MethodGet, Path: one, Tag: "cost centers", Needs: access.View,
		Summary: "A cost center",
	}, s.read)
	httpapi.Register(api, httpapi.Operation{
		ID: "changeCostCenter", Method: http.MethodPatch, Path: one, Tag: "cost centers", Needs: access.ManageLicences,
		Summary: "Rename a cost center, archive it once it carries no seats, or reactivate it; what is left out stays", Refusals: []int{http.StatusConflict},
	}, s.change)
}

// wire is a cost center as the API shows it.
type wire struct {
	ID    id.CostCenter `json:"id"`
	Name  string        `json:"name"`
	State State         `json:"state" enum:"active,archived"`
	Pools int           `json:"pools" doc:"On how many lines it carries seats. It can be archived at 0."`
	rev   int
}

// Revision makes the ETag of a cost center.
func (w wire) Revision() int { return w.rev }

func show(c CostCenter) wire { return wire{c.ID, c.Name, c.State, c.Pools, c.Rev} }

type listInput struct {
	httpapi.Paging
	Q     string `query:"q" maxLength:"200" doc:"Words of the name; each may be only begun."`
	State State  `query:"state" enum:"active,archived" default:"active"`
}

type listOutput struct {
	httpapi.Page[wire]
	httpapi.Truncation
}

func (s *Store) list(ctx context.Context, c account.Call, in *listInput) (*listOutput, error) {
	out := &listOutput{}
	page, err := httpapi.List(c, in.Paging, func(after *table.Position, limit int) (found []CostCenter, next *table.Position, err error) {
		found, next, out.Truncated, err = s.List(ctx, c.AccountID, in.State, in.Q, after, limit)
		return found, next, err
	}, show)
	if err != nil {
		return nil, err
	}
	out.Page = *page
	return out, nil
}

type createInput struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"100"`
	}
}

// parseName cleans a name; one that holds nothing to tell it by is refused.
func parseName(s string) (string, error) {
	name, ok := ParseName(s)
	if !ok {
		return "", httpapi.Invalid(httpapi.At("body.name", "required"))
	}
	return name, nil
}

func changeOf(c account.Call) Change {
	return Change{Account: c.AccountID, Now: c.Now, By: activity.By(c.Caller, c.Source)}
}

func (s *Store) create(ctx context.Context, c account.Call, in *createInput) (*wire, error) {
	name, err := parseName(in.Body.Name)
	if err != nil {
		return nil, err
	}
	var out wire
	made, err := s.Create(ctx, changeOf(c), name, func(made CostCenter) ([]table.Op, error) {
		out = show(made)
		return c.Keep(&out)
	})
	out = show(made)
	return &out, err
}

type oneInput struct {
	CostCenterID id.CostCenter `path:"costCenterId"`
}

func (s *Store) read(ctx context.Context, c account.Call, in *oneInput) (*wire, error) {
	row, err := s.Get(ctx, c.AccountID, in.CostCenterID)
	out := show(row.CostCenter)
	return &out, err
}

type changeInput struct {
	httpapi.IfMatch
	CostCenterID id.CostCenter `path:"costCenterId"`
	Body         struct {
		Name  *string `json:"name,omitempty" minLength:"1" maxLength:"100" nullable:"false"`
		State *State  `json:"state,omitempty" enum:"active,archived" nullable:"false"`
	}
}

func (s *Store) change(ctx context.Context, c account.Call, in *changeInput) (*wire, error) {
	changed, err := s.Set(ctx, changeOf(c), in.CostCenterID, func(seen CostCenter) (after CostCenter, err error) {
		if err := in.RequireMatch(seen.Rev); err != nil {
			return seen, err
		}
		after = seen
		if in.Body.State != nil {
			after.State = *in.Body.State
		}
		if in.Body.Name != nil {
			after.Name, err = parseName(*in.Body.Name)
		}
		return after, err
	})
	out := show(changed)
	return &out, err
}
