package account

import (
	"context"
	"net/http"
	"time"

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
		Summary: "The accounts that a partner manages, by name, with what stands of each; for its own staff and operators", Refusals: []int{http.StatusNotFound},
	}, s.desk)
	httpapi.Register(api, httpapi.Operation{
		ID: "getPartner", Method: http.MethodGet, Path: "/v1/partners/{partnerId}", Tag: "partners", Needs: access.ManageTerms,
		Summary: "A partner; for its own staff and operators", Refusals: []int{http.StatusNotFound},
	}, s.partner)
}

// managedWire is an account on a partner's desk.
type managedWire struct {
	ID      id.Account `json:"id"`
	Name    string     `json:"name"`
	Contact Contact    `json:"contact" doc:"The account's representative."`
	Link    string     `json:"link" doc:"The account's path in this API."`
	// Overview is derived, and late by seconds.
	Overview *OverviewWire `json:"overview,omitempty" doc:"What stands of the account; absent until it was first counted."`
}

// OverviewWire is what stands of an account at a glance.
type OverviewWire struct {
	Warning    int       `json:"warning" doc:"Lines of active contracts of which 80 % or more is used."`
	Full       int       `json:"full" doc:"Lines of active contracts on which nothing is free."`
	OverLimit  int       `json:"overLimit" doc:"Lines of active contracts with more users than seats."`
	NotSet     int       `json:"notSet" doc:"Lines of active contracts that have no limit."`
	Due        int       `json:"due" doc:"Contracts that expire within 90 days."`
	OverMapped int       `json:"overMapped" doc:"Contracts with more systems than purchased, expired ones too."`
	AtLeast    bool      `json:"atLeast" doc:"There are more than were counted: a thousand lines or contracts."`
	AsOf       time.Time `json:"asOf" doc:"When that became so."`
}

func (m Managed) show() managedWire {
	w := managedWire{m.ID, m.Name, m.Representative, "/v1/accounts/" + string(m.ID), nil}
	if o := m.Overview; o != nil {
		w.Overview = &OverviewWire{o.Warning, o.Full, o.OverLimit, o.NotSet, o.Due, o.OverMapped, o.AtLeast, o.AsOf}
	}
	return w
}

// own reads which partner a path names. To a partner's staff any but their own is one that is not there.
func own(c Call, partner string) (id.Partner, error) {
	p, ok := id.Parse[id.Partner](partner)
	if !ok || c.Caller.Kind != access.Operator && c.Caller.Partner != p {
		return "", fault.Missing()
	}
	return p, nil
}

type partnerInput struct {
	PartnerID string `path:"partnerId" maxLength:"64"`
}

// partner is 1 call.
func (s *Store) partner(ctx context.Context, c Call, in *partnerInput) (*partnerWire, error) {
	of, err := own(c, in.PartnerID)
	if err != nil {
		return nil, err
	}
	p, err := s.PartnerOf(ctx, Account{Partner: of})
	if err == nil && p == nil {
		err = fault.Missing()
	}
	if err != nil {
		return nil, err
	}
	return &partnerWire{p.ID, p.Name, p.Contact}, nil
}

type deskInput struct {
	httpapi.Paging
	PartnerID string `path:"partnerId" maxLength:"64"`
}

// desk shows a partner's staff the accounts of their own partner alone.
func (s *Store) desk(ctx context.Context, c Call, in *deskInput) (*httpapi.Page[managedWire], error) {
	p, err := own(c, in.PartnerID)
	if err != nil {
		return nil, err
	}
	return httpapi.List(c, in.Paging, func(after *table.Position, limit int) ([]Managed, *table.Position, error) {
		return s.Desk(ctx, p, after, limit)
	}, Managed.show)
}
