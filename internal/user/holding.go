package user

import (
	"context"
	"maps"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// MaxSeats is how many products a person may have a seat for, so that leaving is one transaction (DATA.md, Guards).
const MaxSeats = 40

// Holding is what a person holds, the guard of every seat rule. It exists from their first day. Whatever a seat shows of
// the person is in it, so that a seat is written with the name that they have at that moment.
type Holding struct {
	User      id.User `dynamodbav:"user"`
	Name      string  `dynamodbav:"name"`
	Extension string  `dynamodbav:"extension,omitempty"`
	State     State   `dynamodbav:"state"`
	// Seats are the products that the person has a seat for, with the contract that it is under.
	Seats map[string]HeldSeat `dynamodbav:"seats"`
	// Queues are those that the person is a member of: while there is one, a derived product stays theirs.
	Queues []Queue `dynamodbav:"queues,omitempty"`
	Rev    int     `dynamodbav:"rev"`
}

// HeldSeat says where a seat comes from, and which optional features are on.
type HeldSeat struct {
	Contract   id.Contract   `dynamodbav:"contract" json:"contractId"`
	CostCenter id.CostCenter `dynamodbav:"costCenter,omitempty" json:"costCenterId,omitempty"`
	Features   []string      `dynamodbav:"features,omitempty" json:"features" nullable:"false"`
}

// Gone tells that the person was erased, or is being: what they hold says nothing of who they were from then on (Erase).
func (h Holding) Gone() bool { return h.State != Active && h.Name == "" }

// Products are those that the person has a seat for, in their order.
func (h Holding) Products() []string { return slices.Sorted(maps.Keys(h.Seats)) }

// With is the holding with a seat more, or with another one for the product.
func (h Holding) With(product string, seat HeldSeat) Holding {
	seats := maps.Clone(h.Seats)
	if seats == nil {
		seats = map[string]HeldSeat{}
	}
	seats[product] = seat
	h.Seats = seats
	return h
}

// Without is the holding with a seat less.
func (h Holding) Without(product string) Holding {
	h.Seats = maps.Clone(h.Seats)
	delete(h.Seats, product)
	return h
}

// HoldingRow is a holding as it was read: what it says, and the row that a change is made over. The zero value is
// somebody who is not there.
type HoldingRow struct {
	Holding
	was table.Item
}

// ReadHolding understands a row; nil is somebody who is not there.
func ReadHolding(item table.Item) (HoldingRow, error) {
	r := HoldingRow{was: item}
	return r, table.Decode(item, &r.Holding)
}

// There tells whether there is such a person.
func (r HoldingRow) There() bool { return r.was != nil }

// HoldingOp writes what a person holds now, under the rev that was read: whatever was decided on their state, name and
// other seats still stands then.
func HoldingOp(a id.Account, before HoldingRow, after Holding) (table.Op, error) {
	item, err := table.Encode(after)
	if err != nil {
		return table.Op{}, err
	}
	return table.Replace(table.Holding(a, after.User), before.was, item), nil
}

// Follow gives the writes of what else changes with a person, in the same transaction: their seats carry their name, and
// are freed when they leave. held is what they held until now. A condition of these writes that does not hold lets the
// change be decided again.
type Follow func(ctx context.Context, ch Change, before, after User, held Holding) ([]table.Op, error)
