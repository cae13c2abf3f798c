package account

import (
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Standing are the conditions that hold a transaction about rights to what a member's own rights rest on, as it was when
// their request was let in: their membership, and the permission sets where those gave some. Without them, whoever is
// deactivated or demoted undoes it by a request that is under way. seen are the rows that the transaction replaces, as
// they were read: one may not stand in it twice, so these are compared. Where a rest is another already, or a condition
// fails, the answer is Superseded. Nobody else than a member has any.
func Standing(c access.Caller, a id.Account, seen map[table.Key]table.Item) (checks []table.Op, err error) {
	if c.Kind != access.Member {
		return nil, nil
	}
	type rest struct {
		key table.Key
		rev int
	}
	rests := []rest{{table.Membership(c.Subject, a), c.Rev}}
	if len(c.Granted) > 0 {
		rests = append(rests, rest{table.PermissionSets(a), c.SetsRev})
	}
	for _, r := range rests {
		was, replaced := seen[r.key]
		switch {
		case !replaced:
			checks = append(checks, table.Check(r.key, table.Rev(r.rev)))
		case table.RevOf(was) != r.rev:
			return nil, Superseded()
		}
	}
	return checks, nil
}

// Superseded refuses (busy, 503) what was asked with rights that have changed since. It is not decided again: the repeat
// is, by the rights of then.
func Superseded() error { return fault.New(fault.Busy, "busy").After(time.Second) }
