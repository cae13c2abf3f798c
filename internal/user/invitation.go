package user

import (
	"context"
	"errors"
	"fmt"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Opens tells whether a change lets somebody in by an address that did not before it, so that they are to be told. Who
// has signed in is not: they are in already.
func Opens(before, after User, bound bool) bool {
	sameAddress := text.FoldAddress(before.Email) == text.FoldAddress(after.Email)
	return !bound && after.State == Active && (before.State != Active || !sameAddress)
}

// MayInvite says whether an invitation still has a meaning for somebody.
func (u User) MayInvite(bound bool) error {
	switch {
	case u.Gone():
		return gone()
	case bound:
		return fault.New(fault.Conflict, "already_signed_in", fault.Text("name", u.Name))
	case u.State == Deactivated:
		return fault.New(fault.Conflict, "user_deactivated", fault.Text("name", u.Name))
	}
	return nil
}

// standing reads a person, and whether they have signed in: 1 call, 2 units.
func (s *Store) standing(ctx context.Context, a id.Account, u id.User) (user User, bound bool, err error) {
	userKey, boundKey := table.User(a, u), table.Bound(a, u)
	rows, err := s.table.GetMany(ctx, userKey, boundKey)
	if err != nil {
		return User{}, false, err
	}
	if rows[userKey] == nil {
		return User{}, false, fault.Missing()
	}
	err = table.Decode(rows[userKey], &user)
	return user, rows[boundKey] != nil, err
}

// desk is the people of an account, and the mail to them.
type desk struct {
	*Store
	invites *account.Inviter
	leave   Leave
}

func invitation(c account.Call, u User, mailID string) account.Invitation {
	return account.Invitation{ID: mailID, Name: u.Name, Email: u.Email, Lang: text.Match("", u.Language, c.Account.Locale), Company: c.Account.Name}
}

// tell mails somebody whom a change lets in. Only what was written is told, and it stays written where the mail fails.
func (d desk) tell(ctx context.Context, c account.Call, before, after User, bound bool) {
	if Opens(before, after, bound) {
		d.invites.Try(ctx, invitation(c, after, fmt.Sprintf("%s-%d", after.ID, after.Rev)), c.Now, c.Source)
	}
}

// resend mails an invitation once more. Its record says that the mail has left, so it is written after that: where it
// fails, a repeat sends a second mail, which harms nobody.
func (d desk) resend(ctx context.Context, c account.Call, in *userInput) (*httpapi.NoBody, error) {
	u, bound, err := d.standing(ctx, c.AccountID, in.UserID)
	if err == nil {
		err = u.MayInvite(bound)
	}
	if err != nil {
		return nil, err
	}
	r := activity.New(d.ids, c.Now, c.AccountID, activity.By(c.Caller, c.Source), activity.InvitationSent, u.Thing())
	r.After = activity.Values{"email": u.Email}
	record, err := r.Op()
	if err != nil {
		return nil, err
	}
	if err := d.invites.Send(ctx, invitation(c, u, string(r.ID)), c.Now); err != nil {
		return nil, err
	}
	out := &httpapi.NoBody{}
	kept, err := c.Keep(out)
	if err != nil {
		return nil, err
	}
	err = d.table.Write(ctx, append(kept, record)...)
	var unmet *table.ConditionError
	if len(kept) == 0 && errors.As(err, &unmet) {
		// One write has no token: a client that repeats it after a lost answer finds this very record, whose key is its id.
		return out, nil
	}
	return out, err
}
