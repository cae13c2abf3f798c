package user

import (
	"context"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

type eraseInput struct {
	UserID id.User `path:"userId"`
	Body   struct {
		Email string `json:"email" minLength:"1" maxLength:"254" doc:"The person's address once more, so that nobody is erased by a slip."`
	}
}

// erase answers with the person as they are from now on; what others' rows say of them follows.
func (d desk) erase(ctx context.Context, c account.Call, in *eraseInput) (*Wire, error) {
	var out Wire
	u, err := d.Erase(ctx, changeOf(c), in.UserID, in.Body.Email, d.leave, func(u User) ([]table.Op, error) {
		out = show(u, c.Lang)
		return c.Keep(&out)
	})
	if err != nil {
		return nil, err
	}
	if out.ID == "" { // they were erased before
		out = show(u, c.Lang)
	}
	return &out, nil
}
