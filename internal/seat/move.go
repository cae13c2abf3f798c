package seat

import (
	"context"
	"errors"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// Move puts a seat that somebody sits on under another cost center, or under none where to is empty: the seat's purchase
// goes with it, so it works also where nothing is free. 2 calls. Refused are a cost center that is not there
// (cost_center_unknown), one that is archived, and one more than a line takes. A seat of another contract is not_found.
func (s *Store) Move(ctx context.Context, ch Change, c id.Contract, product string, u id.User, to id.CostCenter) (Seat, error) {
	for range rounds {
		m := move{account: ch.Account, contract: c, product: product, user: u, to: to}
		if err := m.read(ctx, s.table); err != nil {
			return Seat{}, err
		}
		if m.seat.CostCenter == to {
			return m.seat, nil
		}
		ops, err := m.ops()
		if err != nil {
			return Seat{}, err
		}
		r := activity.New(s.ids, ch.Now, ch.Account, ch.By, activity.SeatMoved, activity.Thing{Noun: "user", ID: string(u), Name: m.holding.Name})
		r.Targets = []activity.Thing{m.line.Thing()}
		activity.Changed(&r, "costCenterId", m.seat.CostCenter, to)
		recorded, err := r.Op()
		if err != nil {
			return Seat{}, err
		}
		err = s.table.Write(ctx, append(ops, recorded)...)
		var unmet *table.ConditionError
		if !errors.As(err, &unmet) {
			m.seat.CostCenter = to
			return m.seat, err
		}
		table.Pause(ctx)
	}
	return Seat{}, busy()
}

// move is one seat's way from a pool to another, on rows as they were read.
type move struct {
	account  id.Account
	contract id.Contract
	product  string
	user     id.User
	to       id.CostCenter

	line     contract.LineRow
	holding  user.HoldingRow
	seat     Seat
	seatItem table.Item
}

func (m *move) read(ctx context.Context, t *table.Table) error {
	line, holding, seat := table.Line(m.account, m.contract, m.product), table.Holding(m.account, m.user), table.Seat(m.account, m.user, m.product)
	keys := []table.Key{line, holding, seat}
	if m.to != "" {
		keys = append(keys, table.CostCenter(m.account, m.to))
	}
	found, err := t.GetMany(ctx, keys...)
	if err != nil {
		return err
	}
	m.seatItem = found[seat]
	var errs [2]error
	m.line, errs[0] = contract.ReadLine(found[line])
	m.holding, errs[1] = user.ReadHolding(found[holding])
	if err := errors.Join(errs[0], errs[1], table.Decode(m.seatItem, &m.seat)); err != nil {
		return err
	}
	if !m.line.There() || !m.holding.There() || m.seatItem == nil || m.seat.Contract != m.contract {
		return fault.Missing()
	}
	if m.to == "" {
		return nil
	}
	cc, err := costcenter.Read(found[table.CostCenter(m.account, m.to)])
	switch {
	case err != nil:
		return err
	case !cc.There():
		return fault.New(fault.Invalid, "cost_center_unknown", fault.Text("costCenterId", string(m.to)))
	}
	return cc.MayCarry()
}

func (m *move) ops() ([]table.Op, error) {
	from, to := contract.PoolOf(m.seat.CostCenter), contract.PoolOf(m.to)
	ops, err := contract.MoveOps(m.account, m.line, from, to)
	if err != nil {
		return nil, err
	}
	held := m.holding.Seats[m.product]
	held.CostCenter = m.to
	holding, err := user.HoldingOp(m.account, m.holding, m.holding.With(m.product, held))
	if err != nil {
		return nil, err
	}
	after := m.seat
	after.CostCenter = m.to
	return append(ops, holding, table.Replace(table.Seat(m.account, m.user, m.product), m.seatItem, encode(after))), nil
}
