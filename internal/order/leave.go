package order

import (
	"context"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// Leave empties the cart of somebody who is erased, so that the requests in it are open again: 1 Get, 1 BatchGet and 1
// transaction where there is a cart. It may be repeated at any time. It is a user.Leave.
func (s *Store) Leave(ctx context.Context, ch user.Change, u id.User) error {
	return s.Clear(ctx, Buying{Account: account.Account{ID: ch.Account}, User: u, Now: ch.Now, By: ch.By})
}
