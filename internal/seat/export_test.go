package seat

import (
	"time"

	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// BreakGuard lets seats be written on lines without the condition that they are available.
func (s *Store) BreakGuard() {
	s.seatsOp = func(a id.Account, before contract.LineRow, counts map[contract.PoolID]int, _ date.Date, _ time.Time) (table.Op, contract.Line, error) {
		var edit table.Edit
		for pool, n := range counts {
			edit.Add(-n, "pools", string(pool), "available")
			edit.Add(-n, "available")
			edit.Add(n, "used")
		}
		after := before.Taken(counts)
		return table.Update(table.Line(a, before.Contract, before.Product), nil, table.Item{}, edit, table.Exists()), after, nil
	}
}
