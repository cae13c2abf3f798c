package account

import (
	"context"
	"net/http"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

const (
	allSets = "/v1/accounts/{accountId}/permission-sets"
	oneSet  = allSets + "/{permissionSetId}"
)

// registerSets adds the operations on permission sets.
func registerSets(api *API, s *Store) {
	httpapi.Register(api, httpapi.Operation{
		ID: "listPermissionSets", Method: http.MethodGet, Path: allSets, Tag: "users", Needs: access.View,
		Summary: "The account's permission sets by name; there are at most 50",
	}, s.listSets)
	httpapi.Register(api, httpapi.Operation{
		ID: "createPermissionSet", Method: http.MethodPost, Path: allSets, Tag: "users", Needs: access.ManageUsers, Key: httpapi.KeyAccepted,
		Summary: "Create a permission set", Success: http.StatusCreated, Refusals: []int{http.StatusConflict},
	}, s.createSet)
	httpapi.Register(api, httpapi.Operation{
		ID: "changePermissionSet", Method: http.MethodPatch, Path: oneSet, Tag: "users", Needs: access.ManageUsers,
		Summary: "Change a permission set; it counts for its members at their next call", Refusals: []int{http.StatusConflict},
	}, s.changeSet)
	httpapi.Register(api, httpapi.Operation{
		ID: "deletePermissionSet", Method: http.MethodDelete, Path: oneSet, Tag: "users", Needs: access.ManageUsers,
		Summary: "Delete a permission set; its members lose what it allowed",
	}, s.deleteSet)
}

type setsOutput struct {
	httpapi.Page[PermissionSet]
	rev int
}

// Revision makes the ETag of the sets: all of them have one.
func (o setsOutput) Revision() int { return o.rev }

func (s *Store) listSets(ctx context.Context, c Call, _ *struct{}) (*setsOutput, error) {
	sets, err := s.PermissionSets(ctx, c.AccountID)
	return &setsOutput{httpapi.NewPage(sets.Sets, ""), sets.Rev}, err
}

// setOutput is one set, with the revision of all of them.
type setOutput struct {
	PermissionSet
	rev int
}

// Revision makes the ETag that a change of any set takes.
func (o setOutput) Revision() int { return o.rev }

type createSetInput struct {
	Body struct {
		Name        string              `json:"name" minLength:"1" maxLength:"100"`
		Permissions []access.Permission `json:"permissions" minItems:"1" maxItems:"4" nullable:"false" enum:"view,manage_licences,manage_users,manage_billing"`
	}
}

func (s *Store) createSet(ctx context.Context, c Call, in *createSetInput) (*setOutput, error) {
	name := text.CleanName(in.Body.Name)
	if name == "" {
		return nil, httpapi.Invalid(httpapi.At("body.name", "required"))
	}
	set := PermissionSet{id.New[id.PermissionSet](s.ids, c.Now), name, access.Sum(nil, in.Body.Permissions)}
	if err := mayHandle(c.Caller, set); err != nil {
		return nil, err
	}
	out := &setOutput{PermissionSet: set}
	return out, s.ChangeSets(ctx, c.Caller, c.AccountID, c.Now, activity.By(c.Caller, c.Source), func(sets PermissionSets) ([]PermissionSet, PermissionSet, error) {
		after, err := sets.With(set)
		out.rev = sets.RevAfter(after)
		return after, set, err
	}, func(PermissionSet) ([]table.Op, error) { return c.Keep(out) })
}

// RightLacking refuses to give or to take a role or permission that the caller lacks.
func RightLacking(right string) *fault.Error {
	return fault.New(fault.Forbidden, "right_lacking", fault.Word("permissionName", "permission_"+right)).With(fault.Text("permission", right))
}

// mayHandle refuses a set with a permission that the caller lacks: whoever gives it to people would grant that.
func mayHandle(c access.Caller, sets ...PermissionSet) error {
	for _, set := range sets {
		if lacks, ok := access.MayGrant(c, nil, set.Permissions); !ok {
			return RightLacking(lacks)
		}
	}
	return nil
}

type changeSetInput struct {
	httpapi.IfMatch
	PermissionSetID id.PermissionSet `path:"permissionSetId"`
	Body            struct {
		Name        string              `json:"name,omitempty" minLength:"1" maxLength:"100"`
		Permissions []access.Permission `json:"permissions,omitempty" minItems:"1" maxItems:"4" nullable:"false" enum:"view,manage_licences,manage_users,manage_billing"`
	}
}

func (s *Store) changeSet(ctx context.Context, c Call, in *changeSetInput) (*setOutput, error) {
	name := text.CleanName(in.Body.Name)
	if name == "" && in.Body.Name != "" {
		return nil, httpapi.Invalid(httpapi.At("body.name", "required"))
	}
	out := &setOutput{}
	err := s.ChangeSets(ctx, c.Caller, c.AccountID, c.Now, activity.By(c.Caller, c.Source), func(sets PermissionSets) ([]PermissionSet, PermissionSet, error) {
		before, ok := sets.Find(in.PermissionSetID)
		if !ok {
			return nil, before, fault.Missing()
		}
		if err := in.RequireMatch(sets.Rev); err != nil {
			return nil, before, err
		}
		set := before.over(name, access.Sum(nil, in.Body.Permissions))
		if err := mayHandle(c.Caller, before, set); err != nil {
			return nil, before, err
		}
		after, err := sets.With(set)
		out.PermissionSet, out.rev = set, sets.RevAfter(after)
		return after, set, err
	}, keepNothing)
	return out, err
}

// over is the set with what was sent of it; the same permissions in another order are the same.
func (p PermissionSet) over(name string, permissions []access.Permission) PermissionSet {
	if name != "" {
		p.Name = name
	}
	differs := func(one access.Permission) bool { return !slices.Contains(p.Permissions, one) }
	if len(permissions) > 0 && (len(permissions) != len(p.Permissions) || slices.ContainsFunc(permissions, differs)) {
		p.Permissions = permissions
	}
	return p
}

func keepNothing(PermissionSet) ([]table.Op, error) { return nil, nil }

type deleteSetInput struct {
	httpapi.IfMatch
	PermissionSetID id.PermissionSet `path:"permissionSetId"`
}

func (s *Store) deleteSet(ctx context.Context, c Call, in *deleteSetInput) (*httpapi.NoBody, error) {
	return &httpapi.NoBody{}, s.ChangeSets(ctx, c.Caller, c.AccountID, c.Now, activity.By(c.Caller, c.Source), func(sets PermissionSets) ([]PermissionSet, PermissionSet, error) {
		before, ok := sets.Find(in.PermissionSetID)
		if !ok {
			return nil, before, fault.Missing()
		}
		if err := in.RequireMatch(sets.Rev); err != nil {
			return nil, before, err
		}
		after, _ := sets.Without(before.ID)
		return after, before, mayHandle(c.Caller, before)
	}, keepNothing)
}
