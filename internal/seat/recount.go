package seat

import (
	"maps"
	"reflect"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// OnLine names a line: a product on a contract.
type OnLine struct {
	Contract id.Contract
	Product  string
}

// Tally is what seats come to. They are what counts; lines and holdings are held to them.
type Tally struct {
	// Used is how many sit on each line, by pool: what contract.Line.Recounted takes.
	Used map[OnLine]map[contract.PoolID]int
	// Held is what each person holds.
	Held map[id.User]map[string]user.HeldSeat
}

// TallyOf counts the seats of an account.
func TallyOf(seats []Seat) Tally {
	t := Tally{Used: map[OnLine]map[contract.PoolID]int{}, Held: map[id.User]map[string]user.HeldSeat{}}
	for _, s := range seats {
		line := OnLine{s.Contract, s.Product}
		if t.Used[line] == nil {
			t.Used[line] = map[contract.PoolID]int{}
		}
		t.Used[line][contract.PoolOf(s.CostCenter)]++
		if t.Held[s.User] == nil {
			t.Held[s.User] = map[string]user.HeldSeat{}
		}
		t.Held[s.User][s.Product] = user.HeldSeat{Contract: s.Contract, CostCenter: s.CostCenter, Features: s.Features}
	}
	return t
}

// NoteRecount notes in a record which seats a holding says that are not those of its person, by the names that seats have
// in activity; nothing is noted of a holding that is right.
func NoteRecount(r *activity.Record, is user.Holding, held map[string]user.HeldSeat) {
	for _, product := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(is.Products(), slices.Collect(maps.Keys(held)))))) {
		if was, now := noted(is.Seats, product), noted(held, product); !reflect.DeepEqual(was, now) {
			activity.Set(r, "seats."+product, was, now)
		}
	}
}

// noted is a seat as a value that can be compared and shown: nil where there is none. No features are the same however
// they are written.
func noted(seats map[string]user.HeldSeat, product string) any {
	s, there := seats[product]
	if !there {
		return nil
	}
	return activity.Values{"contractId": s.Contract, "costCenterId": s.CostCenter, "features": append([]string{}, s.Features...)}
}
