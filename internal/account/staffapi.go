package account

import (
	"context"
	"net/http"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

const (
	partnerStaff = "/v1/partners/{partnerId}/staff"
	operatorList = "/v1/operators"
)

// registerStaff adds the operations on who works for partners and for the vendor.
func registerStaff(api *API, s *Store, invites *Inviter) {
	d := staffDesk{s, invites}
	httpapi.Register(api, httpapi.Operation{
		ID: "listPartnerStaff", Method: http.MethodGet, Path: partnerStaff, Tag: "partners", Needs: access.ManageAccounts,
		Summary: "A partner's staff by name", Refusals: []int{http.StatusNotFound},
	}, s.listStaff)
	httpapi.Register(api, httpapi.Operation{
		ID: "addPartnerStaff", Method: http.MethodPost, Path: partnerStaff, Tag: "partners", Needs: access.ManageAccounts, Key: httpapi.KeyAccepted,
		Summary: "Add somebody to a partner's staff and mail them; their first sign-in with that address lets them in",
		Success: http.StatusCreated, Refusals: []int{http.StatusNotFound, http.StatusConflict},
	}, d.addStaff)
	httpapi.Register(api, httpapi.Operation{
		ID: "removePartnerStaff", Method: http.MethodDelete, Path: partnerStaff + "/{staffId}", Tag: "partners", Needs: access.ManageAccounts,
		Summary: "Remove somebody from a partner's staff; it counts at their next call", Refusals: []int{http.StatusNotFound},
	}, s.removeStaff)
	httpapi.Register(api, httpapi.Operation{
		ID: "listOperators", Method: http.MethodGet, Path: operatorList, Tag: "operators", Needs: access.ManageAccounts,
		Summary: "The vendor's operators by name",
	}, s.listOperators)
	httpapi.Register(api, httpapi.Operation{
		ID: "addOperator", Method: http.MethodPost, Path: operatorList, Tag: "operators", Needs: access.ManageAccounts, Key: httpapi.KeyAccepted,
		Summary: "Add an operator and mail them; their first sign-in with that address lets them in", Success: http.StatusCreated, Refusals: []int{http.StatusConflict},
	}, d.addOperator)
	httpapi.Register(api, httpapi.Operation{
		ID: "removeOperator", Method: http.MethodDelete, Path: operatorList + "/{staffId}", Tag: "operators", Needs: access.ManageAccounts,
		Summary: "Remove an operator; it counts at their next call. The last one who has signed in stays", Refusals: []int{http.StatusNotFound, http.StatusConflict},
	}, s.removeOperator)
}

type staffWire struct {
	ID     id.Staff `json:"id"`
	Name   string   `json:"name"`
	Email  string   `json:"email,omitempty" doc:"Left out of somebody who was let in by the subject of their tokens."`
	Locale string   `json:"locale,omitempty" enum:"fr,en"`
	State  string   `json:"state" enum:"invited,active" doc:"invited: their first sign-in is still to come."`
}

func showStaff(s Staff) staffWire {
	w := staffWire{s.ID, s.Name, s.Email, s.Language, "invited"}
	if s.signedIn() {
		w.State = "active"
	}
	return w
}

func (s *Store) staffPage(ctx context.Context, c Call, p id.Partner, paging httpapi.Paging) (*httpapi.Page[staffWire], error) {
	return httpapi.List(c, paging, func(after *table.Position, limit int) ([]Staff, *table.Position, error) {
		return s.StaffOf(ctx, p, after, limit)
	}, showStaff)
}

func (s *Store) listStaff(ctx context.Context, c Call, in *struct {
	httpapi.Paging
	PartnerID id.Partner `path:"partnerId"`
}) (*httpapi.Page[staffWire], error) {
	return s.staffPage(ctx, c, in.PartnerID, in.Paging)
}

func (s *Store) listOperators(ctx context.Context, c Call, in *struct{ httpapi.Paging }) (*httpapi.Page[staffWire], error) {
	return s.staffPage(ctx, c, "", in.Paging)
}

type staffBody struct {
	Name   string `json:"name" minLength:"1" maxLength:"200"`
	Email  string `json:"email" maxLength:"254"`
	Locale string `json:"locale,omitempty" enum:"fr,en"`
}

// parse reads what was sent of somebody.
func (b staffBody) parse() (StaffDetails, error) {
	var wrong []httpapi.Value
	d := StaffDetails{Name: text.CleanName(b.Name), Language: b.Locale}
	if d.Name == "" {
		wrong = append(wrong, httpapi.At("body.name", "required"))
	}
	address, err := mail.ParseAddress("", b.Email)
	if err != nil {
		wrong = append(wrong, httpapi.At("body.email", "not_an_email"))
	}
	d.Email = address.Email
	if len(wrong) > 0 {
		return d, httpapi.Invalid(wrong...)
	}
	return d, nil
}

// staffDesk is the staff, and the mail to them.
type staffDesk struct {
	*Store
	invites *Inviter
}

func (s staffDesk) add(ctx context.Context, c Call, p id.Partner, body staffBody) (*staffWire, error) {
	d, err := body.parse()
	if err != nil {
		return nil, err
	}
	company := "" // the vendor
	if p != "" {
		// Before anything is written, so that nobody is added whom no mail can tell by whom.
		partner, err := s.PartnerOf(ctx, Account{Partner: p})
		if err != nil {
			return nil, err
		}
		if partner == nil {
			return nil, fault.Missing()
		}
		company = partner.Name
	}
	var out *staffWire
	added, err := s.AddStaff(ctx, p, d, c.Now, activity.By(c.Caller, c.Source), func(added Staff) ([]table.Op, error) {
		w := showStaff(added)
		out = &w
		return c.Keep(out)
	})
	if err != nil {
		return nil, err
	}
	s.invites.Try(ctx, Invitation{ID: string(added.ID), Name: d.Name, Email: d.Email, Lang: text.Match("", d.Language, string(c.Lang)), Company: company}, c.Now, c.Source)
	return out, nil
}

func (s staffDesk) addStaff(ctx context.Context, c Call, in *struct {
	PartnerID id.Partner `path:"partnerId"`
	Body      staffBody
}) (*staffWire, error) {
	return s.add(ctx, c, in.PartnerID, in.Body)
}

func (s staffDesk) addOperator(ctx context.Context, c Call, in *struct{ Body staffBody }) (*staffWire, error) {
	return s.add(ctx, c, "", in.Body)
}

func (s *Store) removeStaff(ctx context.Context, c Call, in *struct {
	PartnerID id.Partner `path:"partnerId"`
	StaffID   id.Staff   `path:"staffId"`
}) (*httpapi.NoBody, error) {
	return &httpapi.NoBody{}, s.RemoveStaff(ctx, in.PartnerID, in.StaffID, c.Now, activity.By(c.Caller, c.Source))
}

func (s *Store) removeOperator(ctx context.Context, c Call, in *struct {
	StaffID id.Staff `path:"staffId"`
}) (*httpapi.NoBody, error) {
	return &httpapi.NoBody{}, s.RemoveStaff(ctx, "", in.StaffID, c.Now, activity.By(c.Caller, c.Source))
}
