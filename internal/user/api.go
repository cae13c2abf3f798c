package user

import (
	"context"
	"net/http"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

const (
	people = "/v1/accounts/{accountId}/users"
	one    = people + "/{userId}"
)

// Register adds the operations on people; invites tells those whom a change lets in, leave empties the cart of who is erased.
func Register(api *account.API, s *Store, invites *account.Inviter, leave Leave) {
	d := desk{s, invites, leave}
	httpapi.Register(api, httpapi.Operation{
		ID: "listUsers", Method: http.MethodGet, Path: people, Tag: "users", Needs: access.View,
		Summary: "The account's people by name",
	}, s.list)
	httpapi.Register(api, httpapi.Operation{
		ID: "addUser", Method: http.MethodPost, Path: people, Tag: "users", Needs: access.ManageUsers, Key: httpapi.KeyAccepted,
		Summary: "Add a person and mail them; their first sign-in with that address lets them in", Success: http.StatusCreated, Refusals: []int{http.StatusConflict},
	}, d.add)
	httpapi.Register(api, httpapi.Operation{
		ID: "getUser", Method: http.MethodGet, Path: one, Tag: "users", Needs: access.View,
		Summary: "A person, what they hold, and what the caller may do with them",
	}, d.read)
	httpapi.Register(api, httpapi.Operation{
		ID: "changeUser", Method: http.MethodPatch, Path: one, Tag: "users", Needs: access.ManageUsers,
		Summary: "Change a person, deactivate or reactivate them; what is left out stays", Refusals: []int{http.StatusConflict},
	}, d.change)
	httpapi.Register(api, httpapi.Operation{
		ID: "resendInvitation", Method: http.MethodPost, Path: one + "/invitation", Tag: "users", Needs: access.ManageUsers, Key: httpapi.KeyAccepted,
		Summary: "Mail a person who has not signed in yet once more", Refusals: []int{http.StatusConflict},
	}, d.resend)
	httpapi.Register(api, httpapi.Operation{
		ID: "eraseUser", Method: http.MethodPost, Path: one + "/erasure", Tag: "users", Needs: access.ManageData, Key: httpapi.KeyAccepted,
		Summary: "Erase a deactivated person for good; what others' records say of them follows", Success: http.StatusAccepted, Refusals: []int{http.StatusConflict},
	}, d.erase)
}

// Wire is a person as the API shows them.
type Wire struct {
	ID               id.User            `json:"id"`
	Name             string             `json:"name"`
	Email            string             `json:"email"`
	Extension        string             `json:"extension,omitempty"`
	Locale           string             `json:"locale,omitempty" enum:"fr,en" doc:"Left out: the account's."`
	Roles            []access.Role      `json:"roles" nullable:"false" enum:"super_administrator,administrator,manage_licences,manage_users,manage_billing,view"`
	PermissionSetIDs []id.PermissionSet `json:"permissionSetIds" nullable:"false"`
	State            State              `json:"state" enum:"active,deactivated,erasing,erased" doc:"Of somebody who is erased or being erased, nothing can be changed; the name is a pseudonym."`
}

func show(u User, l text.Lang) Wire {
	if u.Gone() {
		u.Name = text.Erased(l, string(u.ID))
	}
	return Wire{u.ID, u.Name, u.Email, u.Extension, u.Language, append([]access.Role{}, u.Roles...), append([]id.PermissionSet{}, u.Sets...), u.State}
}

// Detail is a person with what they hold. It is exported for the same reason as Sent.
type Detail struct {
	Wire
	Seats  []seatWire `json:"seats" nullable:"false" doc:"What the person holds, by product."`
	Freed  []seatWire `json:"freedSeats,omitempty" nullable:"false" doc:"The seats that deactivating them has freed."`
	Queues []Queue    `json:"queues,omitempty" nullable:"false" doc:"The queues that they are in; a derived seat stays while there is one."`
	rev    int
}

// Revision makes the ETag of a person.
func (d Detail) Revision() int { return d.rev }

type seatWire struct {
	ProductID string `json:"productId"`
	HeldSeat
}

func detail(u User, held Holding, l text.Lang) *Detail {
	return &Detail{Wire: show(u, l), Seats: showSeats(held), Queues: held.Queues, rev: u.Rev}
}

func showSeats(held Holding) []seatWire {
	seats := []seatWire{}
	for _, product := range held.Products() {
		seat := held.Seats[product]
		seat.Features = append([]string{}, seat.Features...)
		seats = append(seats, seatWire{product, seat})
	}
	return seats
}

type listInput struct {
	httpapi.Paging
	Q string `query:"q" maxLength:"254" doc:"Words of the name, the address or the extension; each may be only begun. A word with an @ is the beginning of the whole address."`
}

type listOutput struct {
	httpapi.Page[Wire]
	httpapi.Truncation
}

func (s *Store) list(ctx context.Context, c account.Call, in *listInput) (*listOutput, error) {
	out := &listOutput{}
	page, err := httpapi.List(c, in.Paging, func(after *table.Position, limit int) (users []User, next *table.Position, err error) {
		users, next, out.Truncated, err = s.List(ctx, c.AccountID, in.Q, after, limit)
		return users, next, err
	}, func(u User) Wire { return show(u, c.Lang) })
	if err != nil {
		return nil, err
	}
	out.Page = *page
	return out, nil
}

// Sent is what is sent of a person; nil is left out. It is exported since Huma does not look into an embedded type that
// is not.
type Sent struct {
	Name             *string             `json:"name,omitempty" minLength:"1" maxLength:"200" nullable:"false"`
	Email            *string             `json:"email,omitempty" maxLength:"254" nullable:"false"`
	Extension        *string             `json:"extension,omitempty" maxLength:"40" nullable:"false"`
	Locale           *string             `json:"locale,omitempty" enum:"fr,en" nullable:"false"`
	Roles            *[]access.Role      `json:"roles,omitempty" maxItems:"6" nullable:"false" enum:"super_administrator,administrator,manage_licences,manage_users,manage_billing,view"`
	PermissionSetIDs *[]id.PermissionSet `json:"permissionSetIds,omitempty" maxItems:"20" nullable:"false"`
}

// over puts what was sent over what was there.
func (s Sent) over(was Details) (Details, error) {
	if s.Email != nil {
		address, err := mail.ParseAddress("", *s.Email)
		if err != nil {
			return was, httpapi.Invalid(httpapi.At("body.email", "not_an_email"))
		}
		was.Email = address.Email
	}
	if s.Name != nil {
		if was.Name = text.CleanName(*s.Name); was.Name == "" {
			return was, httpapi.Invalid(httpapi.At("body.name", "required"))
		}
	}
	if s.Extension != nil {
		was.Extension = text.CleanName(*s.Extension)
	}
	put(&was.Language, s.Locale)
	putSet(&was.Roles, s.Roles)
	putSet(&was.Sets, s.PermissionSetIDs)
	return was, nil
}

func put[T any](to *T, sent *T) {
	if sent != nil {
		*to = *sent
	}
}

// putSet keeps each value once, in the order in which they were sent.
func putSet[T comparable](to *[]T, sent *[]T) {
	if sent == nil {
		return
	}
	*to = nil
	for _, v := range *sent {
		if !slices.Contains(*to, v) {
			*to = append(*to, v)
		}
	}
}

type addInput struct {
	Body Sent
}

type addOutput struct {
	Wire
}

// Revision makes the ETag of a person who is new.
func (addOutput) Revision() int { return 1 }

func (d desk) add(ctx context.Context, c account.Call, in *addInput) (*addOutput, error) {
	var missing []httpapi.Value
	if in.Body.Name == nil {
		missing = append(missing, httpapi.At("body.name", "required"))
	}
	if in.Body.Email == nil {
		missing = append(missing, httpapi.At("body.email", "required"))
	}
	if len(missing) > 0 {
		return nil, httpapi.Invalid(missing...)
	}
	said, err := in.Body.over(Details{})
	if err != nil {
		return nil, err
	}
	var out *addOutput
	u, err := d.Add(ctx, changeOf(c), said, func(u User) ([]table.Op, error) {
		out = &addOutput{show(u, c.Lang)}
		return c.Keep(out)
	})
	if err != nil {
		return nil, err
	}
	d.tell(ctx, c, User{}, u, false)
	return out, nil
}

func changeOf(c account.Call) Change {
	return Change{Account: c.AccountID, Caller: c.Caller, Now: c.Now, By: activity.By(c.Caller, c.Source)}
}

type userInput struct {
	UserID id.User `path:"userId"`
}

type changeInput struct {
	httpapi.IfMatch
	UserID id.User `path:"userId"`
	Body   struct {
		Sent
		State *State `json:"state,omitempty" enum:"active,deactivated" nullable:"false"`
	}
}

func (d desk) change(ctx context.Context, c account.Call, in *changeInput) (*Detail, error) {
	var was Seen
	u, err := d.Set(ctx, changeOf(c), in.UserID, func(seen Seen) (after User, err error) {
		if err := in.RequireMatch(seen.User.Rev); err != nil {
			return seen.User, err
		}
		was, after = seen, seen.User
		put(&after.State, in.Body.State)
		after.Details, err = in.Body.over(after.Details)
		return after, err
	})
	if err != nil {
		return nil, err
	}
	d.tell(ctx, c, was.User, u, was.Bound)
	out := detail(u, was.Holding, c.Lang)
	if u.State == Deactivated {
		out.Freed, out.Seats, out.Queues = out.Seats, []seatWire{}, nil
	}
	return out, nil
}
