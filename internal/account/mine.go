package account

import (
	"context"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Mine is an account as one of somebody's own: their membership, or the account of a partner whose staff they are.
type Mine struct {
	Member
	Account Account
}

// MinePosition is where a listing of somebody's accounts stands: among their memberships, or then on the desk of the
// partner that they work for.
type MinePosition struct {
	Desk bool            `json:"d,omitempty"`
	At   *table.Position `json:"p,omitempty"`
}

// ownRow is a membership, or an account on a partner's desk.
type ownRow struct {
	Member
	ID id.Account `dynamodbav:"id"` // of an account on a desk
}

// Mine lists the accounts that a caller is a member of, then those that the partner whose staff they are manages: 1
// Query, 2 for a partner's staff, and 1 batch for the settings. An account that is both is a membership, as it is to
// whoever acts on it. Operators act on every account and are listed only what they are members of. Accounts that they
// were deactivated in are left out, so a page may be short.
func (s *Store) Mine(ctx context.Context, who access.Caller, after *MinePosition, limit int) (mine []Mine, next *MinePosition, err error) {
	rows, next, err := s.ownRows(ctx, who, after, limit)
	if err != nil || len(rows) == 0 {
		return nil, nil, err
	}
	var keys []table.Key
	for _, row := range rows {
		keys = append(keys, table.Settings(row.ID+row.Account)) // one of the two is empty
		if row.ID != "" {
			keys = append(keys, table.Membership(who.Subject, row.ID))
		}
	}
	found, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return nil, nil, err
	}
	for _, row := range rows {
		if row.Deactivated {
			continue // to them the account does not exist any more, not even its name
		}
		if membership := found[table.Membership(who.Subject, row.ID)]; row.ID != "" && membership != nil {
			var m Member
			if err := table.Decode(membership, &m); err != nil {
				return nil, nil, err
			}
			if !m.Deactivated {
				continue
			}
		}
		one := Mine{Member: row.Member}
		if err := table.Decode(found[table.Settings(row.ID+row.Account)], &one.Account); err != nil {
			return nil, nil, err
		}
		mine = append(mine, one)
	}
	return mine, next, nil
}

// ownRows reads the next rows of a listing. The desk begins in the page in which the memberships end.
func (s *Store) ownRows(ctx context.Context, who access.Caller, after *MinePosition, limit int) (rows []ownRow, next *MinePosition, err error) {
	var at MinePosition
	if after != nil {
		at = *after
	}
	page := func(pk string) (rest *table.Position, err error) {
		more, rest, err := table.Page[ownRow](ctx, s.table, table.Query{PK: pk, Prefix: table.MembershipPrefix, Limit: limit - len(rows), After: at.At})
		rows = append(rows, more...)
		return rest, err
	}
	if !at.Desk {
		rest, err := page(table.Identity(who.Subject))
		switch {
		case err != nil:
			return nil, nil, err
		case rest != nil:
			return rows, &MinePosition{At: rest}, nil
		}
		at = MinePosition{Desk: true}
	}
	if who.Kind != access.Partner {
		return rows, nil, nil
	}
	if len(rows) == limit {
		return rows, &at, nil
	}
	rest, err := page(table.Partner(who.Partner).PK)
	if err != nil || rest == nil {
		return rows, nil, err
	}
	return rows, &MinePosition{Desk: true, At: rest}, nil
}
