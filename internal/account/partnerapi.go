package account

import (
	"context"
	"net/http"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// registerDesk adds the operations of a partner's own staff.
func registerDesk(api *API, s *Store) {
	httpapi.Register(api, httpapi.Operation{
		ID: "listPartnerAccounts", Method: http.MethodGet, Path: "/v1/partners/{partnerId}/accounts", Tag: "partners", Needs: access.ManageTerms,
		Summary: "The accounts that a partner manages, by name; for its own staff and operators", Refusals: []int{http.StatusNotFound},
	}, s.desk)
}

// managedWire is an account on a partner's desk.
type managedWire struct {
	ID      id.Account `json:"id"`
	Name    string     `json:"name"`
	Contact Contact    `json:"contact" doc:"The account's representative."`
	Link    string     `json:"link" doc:"The account's path in this API."`
}

type deskInput struct {
	httpapi.Paging
	PartnerID string `path:"partnerId" maxLength:"64"`
}

// desk shows a partner's staff the accounts of their own partner alone: any other is to them one that is not there.
func (s *Store) desk(ctx context.Context, c Call, in *deskInput) (*httpapi.Page[managedWire], error) {
	p, ok := id.Parse[id.Partner](in.PartnerID)
	if !ok || c.Caller.Kind != access.Operator && c.Caller.Partner != p {
		return nil, fault.Missing()
	}
	return httpapi.List(c, in.Paging, func(after *table.Position, limit int) ([]Account, *table.Position, error) {
		return s.Desk(ctx, p, after, limit)
	}, func(a Account) managedWire {
		return managedWire{a.ID, a.Name, a.Representative, "/v1/accounts/" + string(a.ID)}
	})
}
