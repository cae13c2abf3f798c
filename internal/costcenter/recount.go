package costcenter

import (
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// RecountOp writes on how many lines a cost center carries seats, over the row that was read: whoever changes pools adds
// to its rev.
func RecountOp(a id.Account, before Row, pools int) (table.Op, error) {
	after := before.CostCenter
	after.Pools = pools
	item, err := encode(after)
	if err != nil {
		return table.Op{}, err
	}
	return table.Replace(table.CostCenter(a, after.ID), before.was, item), nil
}

// Counts is what is counted over all cost centers of an account, as it was read: Active is how many are active.
type Counts struct {
	Active int `dynamodbav:"active"`
	was    table.Item
}

// ReadCounts understands the row; nil is an account that never had a cost center.
func ReadCounts(item table.Item) (Counts, error) {
	c := Counts{was: item}
	return c, table.Decode(item, &c)
}

// RecountedActive counts the cost centers that are active.
func RecountedActive(all []CostCenter) (n int) {
	for _, c := range all {
		if c.State == Active {
			n++
		}
	}
	return n
}

// Op writes another number over the one that was read. Every change of the row adds to its rev.
func (c Counts) Op(a id.Account, active int) table.Op {
	return table.Keep(table.CostCenterCounts(a), c.was, table.Item{"active": table.Number(active)})
}
