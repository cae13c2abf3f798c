package account

import (
	"context"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// LeaveOps are the writes by which a subject stops being known as somebody of an account: their membership goes, and what
// they set for themselves with the last place that they have. 1 Query. A binding or a job that comes between lets the
// writes fail, so that they are decided again.
func LeaveOps(ctx context.Context, t *table.Table, who access.Subject, a id.Account) ([]table.Op, error) {
	rows, _, err := t.Query(ctx, table.Query{PK: table.Identity(who), Limit: 3}) // SELF stands last
	if err != nil {
		return nil, err
	}
	var ops []table.Op
	member, own := table.Membership(who, a).SK, table.Self(who).SK
	others := 0
	for _, row := range rows {
		switch table.Place(row) {
		case member:
			ops = append(ops, table.Delete(table.Membership(who, a), row, table.Rev(table.RevOf(row))))
		case own:
			var me self
			if err := table.Decode(row, &me); err != nil {
				return nil, err
			}
			if others == 0 && !me.employed() {
				ops = append(ops, table.Delete(table.Self(who), row, table.Rev(me.Rev)))
			}
		default:
			others++
		}
	}
	return ops, nil
}
