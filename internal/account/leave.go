package account

import (
	"context"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// LeaveOps are the writes by which a subject stops being known as somebody of an account: their membership goes, and what
// they set for themselves with the last place that they have. 1 batch of 2 and 1 Query, however many places that are. A
// binding or a job that comes between, and a membership that is not there, let the writes fail, so that they are decided
// again.
func LeaveOps(ctx context.Context, t *table.Table, who access.Subject, a id.Account) ([]table.Op, error) {
	member, own := table.Membership(who, a), table.Self(who)
	rows, err := t.GetMany(ctx, member, own)
	if err != nil {
		return nil, err
	}
	// No row has the rev of none.
	ops := []table.Op{table.Delete(member, rows[member], table.Rev(table.RevOf(rows[member])))}
	if rows[own] == nil {
		return ops, nil
	}
	var me self
	if err := table.Decode(rows[own], &me); err != nil {
		return nil, err
	}
	places, _, err := t.Query(ctx, table.Query{PK: member.PK, Prefix: table.MembershipPrefix, Limit: 2}) // of two, one is another
	if err != nil {
		return nil, err
	}
	for _, row := range places {
		if table.Place(row) != member.SK {
			return ops, nil
		}
	}
	if !me.employed() {
		ops = append(ops, table.Delete(own, rows[own], table.Rev(me.Rev)))
	}
	return ops, nil
}
