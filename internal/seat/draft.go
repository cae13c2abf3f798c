package seat

import (
	"slices"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// Wish is a seat to be given to somebody.
type Wish struct {
	User    id.User
	Product string
	// Contract is the one to take the seat of.
	Contract id.Contract
	// Pool is the one to take it from; empty: the one with most free.
	Pool contract.PoolID
	// Features are those to be on; nil leaves them as they are.
	Features []string
}

// Outcome is what became of one wish.
type Outcome struct {
	User    id.User
	Product string
	// ProductName is what the line calls it, where a seat was given or taken.
	ProductName string
	Result      Result
	Contract    id.Contract
	CostCenter  id.CostCenter
	// Refusal is why not, where it was refused.
	Refusal *Refusal
	// Stays are the derived seats that stay although what they need was removed. Queues are those that keep them, or the seat
	// itself where that is derived and was to be removed.
	Stays  []string
	Queues []user.Queue
}

func (o Outcome) refused(r *Refusal) Outcome {
	o.Result, o.Refusal = r.Result, r
	return o
}

// draft is one transaction of seats as it is decided, on rows as they were read. It is pure: every wish is decided on
// what the wishes before it left, and nothing is written until ops.
type draft struct {
	account  id.Account
	today    date.Date
	now      time.Time
	seatsOp  seatsOp
	products catalog.Products
	// names are the names of contracts, for what is said of them.
	names  map[id.Contract]string
	lines  map[table.Key]*lineDraft
	people map[id.User]*personDraft
	writes []table.Op
	given  []Outcome
	taken  []Outcome
	others []Outcome
}

type lineDraft struct {
	row contract.LineRow
	now contract.Line
	// counts are the seats taken (above zero) or given back (below), by pool.
	counts map[contract.PoolID]int
}

func (l *lineDraft) count(pool contract.PoolID, n int) {
	l.counts[pool] += n
	l.now = l.now.Taken(map[contract.PoolID]int{pool: n})
}

type personDraft struct {
	row user.HoldingRow
	now user.Holding
	is  bool // it changed
}

func (d *draft) addLine(row contract.LineRow) {
	d.lines[table.Line(d.account, row.Contract, row.Product)] = &lineDraft{row, row.Line, map[contract.PoolID]int{}}
}

func (d *draft) line(c id.Contract, product string) *lineDraft {
	return d.lines[table.Line(d.account, c, product)]
}

// assign decides on one wish.
func (d *draft) assign(w Wish) Outcome {
	out := Outcome{User: w.User, Product: w.Product, Contract: w.Contract}
	p := d.people[w.User]
	if p == nil || !p.row.There() {
		return out.refused(refuse(UserUnknown))
	}
	wanted, refusal := features(w.Product, w.Features, d.products)
	if refusal != nil {
		return out.refused(refusal)
	}
	if held, has := p.now.Seats[w.Product]; has {
		return d.again(out, p, held, w, wanted)
	}
	line := d.line(w.Contract, w.Product)
	if line == nil || !line.row.There() {
		return out.refused(refuse(NotOnContract, fault.Text("productId", w.Product)))
	}
	for _, refusal := range []*Refusal{MayTake(line.now, d.names[w.Contract], d.today), MayAdd(p.now, w.Product, d.products)} {
		if refusal != nil {
			return out.refused(refusal)
		}
	}
	picked := line.now.Pools.Pick(w.Pool, 1)
	if line.now.Available < 1 || len(picked) == 0 {
		return out.refused(Exhausted(line.now, w.Pool, 1))
	}
	line.count(picked[0], 1)
	out.Result, out.CostCenter, out.ProductName = Assigned, picked[0].CostCenter(), line.now.ProductName
	p.now, p.is = p.now.With(w.Product, user.HeldSeat{Contract: w.Contract, CostCenter: out.CostCenter, Features: wanted}), true
	d.given = append(d.given, out)
	return out
}

// again is a wish of somebody who has a seat of the product: nothing changes but the features, where others were named.
func (d *draft) again(out Outcome, p *personDraft, held user.HeldSeat, w Wish, wanted []string) Outcome {
	out.Result, out.Contract, out.CostCenter = Unchanged, held.Contract, held.CostCenter
	if w.Features == nil || slices.Equal(wanted, held.Features) {
		return out
	}
	var edit table.Edit
	edit.Set(wanted, "features")
	was, is := d.row(p.now, w.Product, held), d.row(p.now, w.Product, user.HeldSeat{Contract: held.Contract, CostCenter: held.CostCenter, Features: wanted})
	d.writes = append(d.writes, table.Update(table.Seat(d.account, w.User, w.Product), was, is, edit, table.Exists()))
	held.Features = wanted
	p.now, p.is = p.now.With(w.Product, held), true
	out.Result = Changed
	d.others = append(d.others, out)
	return out
}

// remove decides on taking a seat from somebody. A seat that they do not have is a success that changes nothing.
func (d *draft) remove(u id.User, product string) Outcome {
	out := Outcome{User: u, Product: product, Result: Unchanged}
	p := d.people[u]
	if p == nil || !p.row.There() {
		return out.refused(refuse(UserUnknown))
	}
	held, has := p.now.Seats[product]
	if !has {
		return out
	}
	out.Contract, out.CostCenter = held.Contract, held.CostCenter
	stays, refusal := MayRemove(p.now, product, d.products)
	if refusal != nil {
		if refusal.Result == InQueue {
			out.Queues = p.now.Queues
		}
		return out.refused(refusal)
	}
	if out.Stays = stays; len(stays) > 0 {
		out.Queues = p.now.Queues
	}
	d.free(u, product, held)
	out.Result, out.ProductName = Removed, d.line(held.Contract, product).now.ProductName
	d.taken = append(d.taken, out)
	return out
}

// free gives a seat back to its pool.
func (d *draft) free(u id.User, product string, held user.HeldSeat) {
	p := d.people[u]
	d.line(held.Contract, product).count(contract.PoolOf(held.CostCenter), -1)
	d.writes = append(d.writes, table.Delete(table.Seat(d.account, u, product), d.row(p.now, product, held), table.Exists()))
	p.now, p.is = p.now.Without(product), true
}

// ops are the writes of all that was decided: seats, lines, holdings; the record is made by whoever knows what it is
// about. holdings says whether the people's are written here: who changes a person writes theirs.
func (d *draft) ops(holdings bool) ([]table.Op, error) {
	ops := slices.Clone(d.writes)
	for _, o := range d.given {
		p := d.people[o.User].now
		ops = append(ops, table.Put(table.Seat(d.account, o.User, o.Product), d.row(p, o.Product, p.Seats[o.Product]), table.Absent()))
	}
	for _, l := range d.lines {
		counts := map[contract.PoolID]int{}
		for pool, n := range l.counts {
			if n != 0 {
				counts[pool] = n
			}
		}
		if len(counts) == 0 {
			continue
		}
		op, _, err := d.seatsOp(d.account, l.row, counts, d.today, d.now)
		if err != nil {
			return nil, err
		}
		ops = append(ops, op)
	}
	for _, p := range d.people {
		if p.is && holdings {
			op, err := user.HoldingOp(d.account, p.row, p.now)
			if err != nil {
				return nil, err
			}
			ops = append(ops, op)
		}
	}
	return ops, nil
}

// row is a seat as it is written now. It is read from what guards it, the holding, so that one that is to be removed need
// not be read: then it serves the cost alone.
func (d *draft) row(h user.Holding, product string, held user.HeldSeat) table.Item {
	s := Seat{
		User: h.User, UserName: h.Name, Extension: h.Extension, Product: product, Contract: held.Contract, CostCenter: held.CostCenter,
		Features: held.Features, AddedAt: d.now.UTC().Truncate(time.Millisecond), Rev: 1,
	}
	if line := d.line(held.Contract, product); line != nil {
		s.ProductName = line.now.ProductName
	}
	return encode(s)
}

func encode(s Seat) table.Item {
	item, err := table.Encode(s)
	if err != nil {
		panic(err) // strings, numbers and a time always encode
	}
	table.SeatSorts(s.Product, s.Contract, string(contract.PoolOf(s.CostCenter)), s.UserName, s.User).Put(item)
	return item
}

// nothing tells that the draft changes nothing: whatever it does shows in what somebody holds.
func (d *draft) nothing() bool {
	for _, p := range d.people {
		if p.is {
			return false
		}
	}
	return true
}

// action is what the draft is called in the activity.
func (d *draft) action() activity.Action {
	switch {
	case len(d.others) > 0 || len(d.given) > 0 && len(d.taken) > 0:
		return activity.SeatsChanged
	case len(d.taken) > 0:
		return activity.SeatRemoved
	default:
		return activity.SeatAssigned
	}
}
