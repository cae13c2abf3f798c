package demo

import (
	"context"
	"fmt"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/id"
	ordering "github.com/seatkeeper/seatkeeper/internal/order"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// purchase is a row of an order by the month, carried by no cost center: the contracts alone are billed until their end.
type purchase struct {
	contract, product string
	count             int
}

// purchases of the accounts that have no partner, one order each.
func purchases() map[string][]purchase {
	return map[string][]purchase{English: {
		{"Telephony, London", telephone, 20},
		{"Telephony, London", recording, 5},
	}}
}

// buy places an account's order as its administrator. One that is there is left as it is.
func (s Seed) buy(ctx context.Context, b blueprint, acc account.Account, products *catalog.Store, contracts map[string]contract.Contract) error {
	rows := purchases()[b.key]
	if len(rows) == 0 {
		return nil
	}
	store := ordering.NewStore(s.Table, id.NewMaker(s.Random), products)
	if placed, _, err := store.List(ctx, acc.ID, "", nil, 1); err != nil || len(placed) > 0 {
		return err
	}
	who := s.author(b.key, "admin")
	by := ordering.Buying{
		Account: acc, User: who.User, Name: who.Name, Now: s.Now, Lang: text.Lang(acc.Locale),
		By: activity.Author{Kind: access.Member, ID: string(who.User), Name: who.Name},
	}
	for _, r := range rows {
		if _, err := store.Put(ctx, by, ordering.Wish{Product: r.product, Contract: contracts[r.contract].ID, Period: catalog.Monthly, Quantity: r.count}); err != nil {
			return fmt.Errorf("%s in the cart: %w", r.product, err)
		}
	}
	q, err := store.Quote(ctx, by, ordering.Carriers{})
	if err == nil {
		_, err = store.Place(ctx, by, q.ID, "", func(*ordering.Order) ([]table.Op, error) { return nil, nil })
	}
	if err != nil {
		return fmt.Errorf("order of %s: %w", b.key, err)
	}
	return nil
}
