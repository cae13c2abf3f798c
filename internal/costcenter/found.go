package costcenter

import (
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// ReadClaim is the cost center that a name's row is claimed for; empty where nobody has the name.
func ReadClaim(item table.Item) (id.CostCenter, error) {
	var by claimed
	return by.CostCenter, table.Decode(item, &by)
}

// ParseName cleans a name; ok is false for one that holds nothing to tell it by.
func ParseName(s string) (name string, ok bool) {
	name = text.CleanName(s)
	return name, text.Fold(name) != ""
}

// FoundOps are the part of another package's transaction that creates cost centers, each with the number of lines that it
// carries seats on from then on. counts is the row of the account's counts, as it was read. A name that is taken, or counts
// that changed, fail the transaction; who reads the claims again (ReadClaim) sees whose the name is. Refused is one active
// too many (too_many_cost_centers).
func (s *Store) FoundOps(ch Change, counts table.Item, made ...CostCenter) ([]table.Op, error) {
	if len(made) == 0 {
		return nil, nil
	}
	var were struct {
		Active int `dynamodbav:"active"`
	}
	if err := table.Decode(counts, &were); err != nil {
		return nil, err
	}
	if were.Active+len(made) > MaxActive {
		return nil, fault.New(fault.Conflict, "too_many_cost_centers", fault.Int("max", MaxActive))
	}
	ops := []table.Op{countOp(ch.Account, counts, len(made))}
	for _, c := range made {
		p := plan{store: s, change: ch, after: c}
		for _, step := range []func() error{p.row, p.name, p.record} {
			if err := step(); err != nil {
				return nil, err
			}
		}
		ops = append(ops, p.ops...)
	}
	return ops, nil
}
