package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/system"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// seats holds lines and people to the seats. Both are read before the seats: a seat that comes or goes afterwards adds
// to their rev, so that nothing is mended by a count that is older than the row.
func (c *recount) seats(ctx context.Context) error {
	lines, err := all(ctx, c.table, table.Query{PK: table.Lines(c.account)}, contract.ReadLine)
	if err != nil {
		return err
	}
	people, err := all(ctx, c.table, table.Query{PK: table.Holding(c.account, "").PK}, user.ReadHolding)
	if err != nil {
		return err
	}
	rows, err := all(ctx, c.table, table.Query{PK: table.Seats(c.account)}, decoded[seat.Seat])
	if err != nil {
		return err
	}
	t := seat.TallyOf(rows)
	for _, row := range lines {
		on := seat.OnLine{Contract: row.Contract, Product: row.Product}
		if err := c.settle(ctx, c.line(row, t.Used[on])); err != nil {
			return err
		}
		delete(t.Used, on)
	}
	for _, row := range people {
		if err := c.settle(ctx, c.person(row, t.Held[row.User])); err != nil {
			return err
		}
		delete(t.Held, row.User)
	}
	return c.strays(ctx, t)
}

func (c *recount) line(row contract.LineRow, used map[contract.PoolID]int) *finding {
	must := row.Recounted(used)
	f := c.finding(activity.Thing{Noun: "contract", ID: string(row.Contract)}, table.Line(c.account, row.Contract, row.Product), row.Rev, func() ([]table.Op, error) {
		return contract.RecountOps(c.account, row, must, c.now)
	})
	f.record.Targets = []activity.Thing{row.Thing()}
	contract.NoteRecount(&f.record, row, must)
	return f
}

func (c *recount) person(row user.HoldingRow, held map[string]user.HeldSeat) *finding {
	f := c.finding(activity.Thing{Noun: "user", ID: string(row.User), Name: row.Name}, table.Holding(c.account, row.User), row.Rev, func() ([]table.Op, error) {
		after := row.Holding
		after.Seats = held
		if held == nil {
			after.Seats = map[string]user.HeldSeat{}
		}
		op, err := user.HoldingOp(c.account, row, after)
		return []table.Op{op}, err
	})
	seat.NoteRecount(&f.record, row.Holding, held)
	return f
}

// strays are seats of which the line or the person is not there; the two rows were written in one transaction and are
// never deleted, so that only a hand can have done that, and only a hand can say what is right.
func (c *recount) strays(ctx context.Context, t seat.Tally) error {
	for on, used := range t.Used {
		f := c.finding(activity.Thing{Noun: "contract", ID: string(on.Contract)}, table.Key{}, 0, nil)
		f.stuck = fmt.Sprintf("people sit on %s, which is not on the contract: %v", on.Product, used)
		if err := c.settle(ctx, f); err != nil {
			return err
		}
	}
	for u, held := range t.Held {
		f := c.finding(activity.Thing{Noun: "user", ID: string(u)}, table.Key{}, 0, nil)
		f.stuck = fmt.Sprintf("nobody is there to sit on their seats of %s", strings.Join(slices.Sorted(maps.Keys(held)), ", "))
		if err := c.settle(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

// systems holds contracts to the systems that are on them.
func (c *recount) systems(ctx context.Context) error {
	contracts, err := all(ctx, c.table, contracts(c.account), contract.Read)
	if err != nil {
		return err
	}
	systems, err := all(ctx, c.table, table.Query{PK: table.Systems(c.account)}, decoded[system.System])
	if err != nil {
		return err
	}
	mapped := map[id.Contract]int{}
	for _, s := range systems {
		mapped[s.Contract]++
	}
	for _, row := range contracts {
		must := row.Contract
		must.Mapped = mapped[row.ID]
		f := c.finding(row.Thing(), table.Contract(c.account, row.ID), row.Rev, func() ([]table.Op, error) {
			return contract.ChangeOps(c.account, contract.Change{From: row, To: must})
		})
		activity.Changed(&f.record, "systemsMapped", row.Mapped, must.Mapped)
		if err := c.settle(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

// costCenters holds cost centers to the lines that they carry seats on.
func (c *recount) costCenters(ctx context.Context) error {
	centers, err := all(ctx, c.table, costCenters(c.account), costcenter.Read)
	if err != nil {
		return err
	}
	lines, err := all(ctx, c.table, table.Query{PK: table.Lines(c.account)}, decoded[contract.Line])
	if err != nil {
		return err
	}
	carried := contract.CarriedBy(lines)
	for _, row := range centers {
		f := c.finding(row.Thing(), table.CostCenter(c.account, row.ID), row.Rev, func() ([]table.Op, error) {
			op, err := costcenter.RecountOp(c.account, row, carried[row.ID])
			return []table.Op{op}, err
		})
		activity.Changed(&f.record, "pools", row.Pools, carried[row.ID])
		if err := c.settle(ctx, f); err != nil {
			return err
		}
		delete(carried, row.ID)
	}
	for cc, n := range carried {
		f := c.finding(activity.Thing{Noun: "costCenter", ID: string(cc)}, table.Key{}, 0, nil)
		f.stuck = fmt.Sprintf("it is not there, and carries seats on %d lines", n)
		if err := c.settle(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

// counts holds the rows of counts to what they count: contracts over their number, active cost centers.
func (c *recount) counts(ctx context.Context) error {
	key := table.ContractCounts(c.account)
	item, err := c.table.Get(ctx, key)
	if err != nil {
		return err
	}
	over, err := contract.ReadCounts(item)
	if err != nil {
		return err
	}
	agreed, err := all(ctx, c.table, contracts(c.account), decoded[contract.Contract])
	if err != nil {
		return err
	}
	must := contract.RecountedOver(agreed)
	f := c.finding(c.thing(), key, table.RevOf(item), func() ([]table.Op, error) { return []table.Op{over.Op(c.account, must)}, nil })
	activity.Changed(&f.record, "contractsOverPurchased", over.Over, must)
	if err := c.settle(ctx, f); err != nil {
		return err
	}
	return c.activeCostCenters(ctx)
}

func (c *recount) activeCostCenters(ctx context.Context) error {
	key := table.CostCenterCounts(c.account)
	item, err := c.table.Get(ctx, key)
	if err != nil {
		return err
	}
	active, err := costcenter.ReadCounts(item)
	if err != nil {
		return err
	}
	centers, err := all(ctx, c.table, costCenters(c.account), decoded[costcenter.CostCenter])
	if err != nil {
		return err
	}
	must := costcenter.RecountedActive(centers)
	f := c.finding(c.thing(), key, table.RevOf(item), func() ([]table.Op, error) { return []table.Op{active.Op(c.account, must)}, nil })
	activity.Changed(&f.record, "activeCostCenters", active.Active, must)
	return c.settle(ctx, f)
}

// thing is the account as activity names it.
func (c *recount) thing() activity.Thing {
	return activity.Thing{Noun: "account", ID: string(c.account)}
}

// contracts and costCenters are the stretches that hold those alone, without the claims and counts beside them.
func contracts(a id.Account) table.Query {
	return table.Query{PK: table.Contracts(a), Prefix: "ctr_"}
}

func costCenters(a id.Account) table.Query {
	return table.Query{PK: table.CostCenters(a), Prefix: "cc_"}
}

// page is how many rows are read in one call; DynamoDB ends it at 1 MB before that.
const page = 1000

// all reads every row of a stretch.
func all[T any](ctx context.Context, t *table.Table, q table.Query, read func(table.Item) (T, error)) (rows []T, err error) {
	q.Limit = page
	for {
		items, more, err := t.Query(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			row, err := read(item)
			if err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
		if !more {
			return rows, nil
		}
		q.After = table.At(items[len(items)-1], table.Primary)
	}
}

func decoded[T any](item table.Item) (row T, err error) {
	err = table.Decode(item, &row)
	return row, err
}

// described is a finding in words: what it is about, and each number as it is and as it must be.
func described(f *finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", f.record.Subject.Noun, f.record.Subject.ID)
	for _, field := range slices.Sorted(maps.Keys(f.record.After)) {
		fmt.Fprintf(&b, ", %s is %s and must be %s", field, worded(f.record.Before[field]), worded(f.record.After[field]))
	}
	return b.String()
}

func worded(v any) string {
	if v == nil {
		return "none"
	}
	return fmt.Sprintf("%+v", v)
}
