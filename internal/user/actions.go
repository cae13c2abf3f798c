package user

import (
	"context"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Action is something that can be done with a person.
type Action string

// The actions.
const (
	Edit       Action = "edit" // their rights and their address only by somebody who has these rights
	Invite     Action = "invite"
	Deactivate Action = "deactivate"
	Reactivate Action = "reactivate"
	Queues     Action = "queues" // to change which they are in, by the operation of package seat
	Erase      Action = "erase"
)

// Actions are what a caller may do with a person who was seen, by the rules that refuse all else. mails tells whether the
// deployment can send an invitation.
func (s Seen) Actions(c access.Caller, mails bool) []Action {
	all := []Action{}
	if s.User.Gone() {
		return all
	}
	held := c.Holds()
	if slices.Contains(held, access.ManageUsers) {
		all = append(all, Edit)
		if mails && s.User.MayInvite(s.Bound) == nil {
			all = append(all, Invite)
		}
		if s.User.State == Active {
			all = append(all, Queues)
		}
		if s.User.State == Active && s.mayBecome(c, Deactivated) == nil {
			all = append(all, Deactivate)
		}
		if s.User.State == Deactivated && s.mayBecome(c, Active) == nil {
			all = append(all, Reactivate)
		}
	}
	if slices.Contains(held, access.ManageData) && s.User.MayErase(s.User.Email) == nil {
		all = append(all, Erase)
	}
	return all
}

// mayBecome says whether a caller may give the person a state.
func (s Seen) mayBecome(c access.Caller, state State) error {
	after := s.User
	after.State = state
	if err := MayChange(c, s.sets, s.User, after); err != nil {
		return err
	}
	_, err := s.supers.After(after)
	return err
}

// look reads a person and what they hold: 1 call, 2 units. For who may change people it reads what a change decides on, too:
// 5 units.
func (s *Store) look(ctx context.Context, a id.Account, u id.User, c access.Caller) (Seen, error) {
	keys := []table.Key{table.User(a, u), table.Holding(a, u)}
	if held := c.Holds(); slices.Contains(held, access.ManageUsers) || slices.Contains(held, access.ManageData) {
		keys = Keys(a, u)
	}
	rows, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return Seen{}, err
	}
	seen, err := Look(rows, a, u)
	if err == nil && seen.user == nil {
		err = fault.Missing()
	}
	return seen, err
}

type personOutput struct {
	Detail
	Actions []Action `json:"actions" nullable:"false" enum:"edit,invite,queues,deactivate,reactivate,erase" doc:"What the caller may do with them. Who may edit somebody may not always change their rights or address: those of who has more rights stay."`
}

func (d desk) read(ctx context.Context, c account.Call, in *userInput) (*personOutput, error) {
	seen, err := d.look(ctx, c.AccountID, in.UserID, c.Caller)
	if err != nil {
		return nil, err
	}
	return &personOutput{*detail(seen.User, seen.Holding, c.Lang), seen.Actions(c.Caller, d.invites.Sends())}, nil
}
