package contract

import (
	"context"
	"errors"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

type poolsInput struct {
	ContractID string `path:"contractId" maxLength:"64"`
	ProductID  string `path:"productId" maxLength:"60"`
	Body       struct {
		Pools []poolInput `json:"pools" maxItems:"50" nullable:"false" doc:"What each cost center carries; the rest is carried by none."`
	}
}

type poolInput struct {
	CostCenterID string `json:"costCenterId" maxLength:"64"`
	Purchased    int    `json:"purchased" minimum:"0" maximum:"10000000"`
}

func (s *Store) setPools(ctx context.Context, c account.Call, in *poolsInput) (*LineWire, error) {
	ctr, err := Parse(in.ContractID)
	if err != nil {
		return nil, err
	}
	wanted := map[PoolID]int{}
	for _, p := range in.Body.Pools {
		cc, ok := id.Parse[id.CostCenter](p.CostCenterID)
		if !ok {
			return nil, costCenterUnknown(p.CostCenterID)
		}
		if _, twice := wanted[PoolOf(cc)]; twice {
			return nil, httpapi.Invalid(httpapi.At("body.pools", "cost_center_twice", fault.Text("costCenterId", p.CostCenterID)))
		}
		wanted[PoolOf(cc)] = p.Purchased
	}
	ch := Changing{Account: c.AccountID, Now: c.Now, By: activity.By(c.Caller, c.Source)}
	line, err := s.SetPools(ctx, ch, ctr, in.ProductID, wanted)
	if err != nil {
		return nil, err
	}
	out := line.Show()
	return &out, nil
}

func costCenterUnknown(cc string) error {
	return fault.New(fault.Invalid, "cost_center_unknown", fault.Text("costCenterId", cc))
}

// SetPools splits a line's seats over cost centers: 2 calls, again where seats came or went in between. Refused are a
// cost center that is not there or archived, and a split that leaves a pool less than what is used of it and waits to be
// removed (pool_below_use), or more seats than the line has.
func (s *Store) SetPools(ctx context.Context, ch Changing, ctr id.Contract, product string, wanted map[PoolID]int) (Line, error) {
	for range rounds {
		row, of, err := s.splittable(ctx, ch, ctr, product, wanted)
		if err != nil {
			return Line{}, err
		}
		after := row.Line
		pools, less := row.Pools.Split(wanted)
		if less == Unassigned {
			return Line{}, fault.New(fault.Conflict, "split_beyond_limit", fault.Text("product", row.ProductName), fault.Int("limit", seats(row.Limit)), fault.Int("unassignedInUse", row.Pools[Unassigned].Used()), fault.Int("unassignedPending", row.Pools[Unassigned].Pending))
		}
		if less != "" {
			return Line{}, fault.New(fault.Conflict, "pool_below_use", fault.Text("costCenterId", string(less)), fault.Int("used", row.Pools[less].Used()), fault.Int("pendingRemoval", row.Pools[less].Pending))
		}
		after.Pools = pools
		ops, err := s.splitOps(ch, of, row, after)
		if err != nil || len(ops) == 0 {
			return after, err
		}
		err = s.table.Write(ctx, ops...)
		var unmet *table.ConditionError
		if !errors.As(err, &unmet) {
			return after, err
		}
		table.Pause(ctx)
	}
	return Line{}, fault.New(fault.Busy, "busy").After(time.Second)
}

// splittable reads a line and its contract, and refuses cost centers that cannot carry seats of it: 1 call.
func (s *Store) splittable(ctx context.Context, ch Changing, ctr id.Contract, product string, wanted map[PoolID]int) (LineRow, Contract, error) {
	key, of := table.Line(ch.Account, ctr, product), table.Contract(ch.Account, ctr)
	keys := []table.Key{key, of}
	for pool := range wanted {
		keys = append(keys, table.CostCenter(ch.Account, pool.CostCenter()))
	}
	found, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return LineRow{}, Contract{}, err
	}
	row, err := ReadLine(found[key])
	if err != nil {
		return LineRow{}, Contract{}, err
	}
	if !row.There() {
		return LineRow{}, Contract{}, fault.Missing()
	}
	for pool, n := range wanted {
		cc, err := costcenter.Read(found[table.CostCenter(ch.Account, pool.CostCenter())])
		if err != nil {
			return LineRow{}, Contract{}, err
		}
		if !cc.There() {
			return LineRow{}, Contract{}, costCenterUnknown(string(pool))
		}
		if _, had := row.Pools[pool]; !had && n > 0 {
			if err := cc.MayCarry(); err != nil {
				return LineRow{}, Contract{}, err
			}
		}
	}
	c, err := Read(found[of])
	return row, c.Contract, err
}

func (s *Store) splitOps(ch Changing, of Contract, row LineRow, after Line) ([]table.Op, error) {
	before, now := purchased(row.Pools), purchased(after.Pools)
	same := len(before) == len(now)
	for pool, n := range now {
		was, had := before[pool]
		same = same && had && was == n
	}
	if same {
		return nil, nil
	}
	ops, err := poolOps(ch.Account, row, after, ch.Now)
	if err != nil {
		return nil, err
	}
	r := activity.New(s.ids, ch.Now, ch.Account, ch.By, activity.PoolsChanged, of.Thing())
	r.Targets = []activity.Thing{after.Thing()}
	activity.Set(&r, "lines."+after.Product+".pools", before, now)
	recorded, err := r.Op()
	if ops = append(ops, recorded); len(ops) > table.MaxOps {
		return nil, fault.New(fault.Invalid, "too_many_limits")
	}
	return ops, err
}

func purchased(pools Pools) map[string]int {
	by := make(map[string]int, len(pools))
	for pool, p := range pools {
		by[string(pool)] = p.Purchased
	}
	return by
}
