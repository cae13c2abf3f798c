package seat

import (
	"context"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// Order is seats of one line for many users.
type Order struct {
	Contract id.Contract
	Product  string
	// Pool names the one to take from; empty: the one with most free.
	Pool  contract.PoolID
	Users []id.User
	// Features are those to be on; nil leaves those of users who have a seat as they are.
	Features []string
}

// Done is what a call came to: the line as it was decided on, and each wish in the order of the call.
type Done struct {
	Line     contract.Line
	Contract string // its name
	Outcomes []Outcome
	// Held is what the one person holds now, where the call was about one.
	Held user.Holding
}

// refusal is the first refusal of an order, nil where every wish was fulfilled.
func (d Done) refusal() *Refusal {
	for _, o := range d.Outcomes {
		if o.Refusal != nil {
			return o.Refusal
		}
	}
	return nil
}

// withhold says of what could have been done that it was not.
func (d *Done) withhold() {
	for i, o := range d.Outcomes {
		if o.Result == Assigned || o.Result == Changed {
			d.Outcomes[i] = Outcome{User: o.User, Product: o.Product, Contract: o.Contract}.refused(refuse(Withheld))
		}
	}
}

// Keep may add the record of an idempotency key to a transaction, given what it comes to, or refuse.
type Keep func(Done) ([]table.Op, error)

// Assign puts users on seats of one line, in the order given: 2 calls for each 48 users, again where somebody was
// faster. A transaction that has a refused user is made for the others if partial is set, else not at all. keep sees
// what all of the call came to, in its last transaction.
func (s *Store) Assign(ctx context.Context, ch Change, o Order, partial bool, keep Keep) (Done, error) {
	var all Done
	pieces := slices.Collect(slices.Chunk(o.Users, MaxTogether))
	for i, users := range pieces {
		piece := o
		piece.Users = users
		done, err := s.assignPiece(ctx, ch, piece, partial, func(d Done) ([]table.Op, error) {
			d.Outcomes = append(slices.Clone(all.Outcomes), d.Outcomes...)
			if i < len(pieces)-1 {
				return nil, nil
			}
			return keep(d)
		})
		if err != nil {
			return Done{}, err
		}
		done.Outcomes = append(all.Outcomes, done.Outcomes...)
		all = done
	}
	return all, nil
}

func (s *Store) assignPiece(ctx context.Context, ch Change, o Order, partial bool, keep Keep) (Done, error) {
	line := table.Line(ch.Account, o.Contract, o.Product)
	keys := append([]table.Key{line, table.Contract(ch.Account, o.Contract)}, poolKeys(ch.Account, o.Pool)...)
	for _, u := range o.Users {
		if _, could := id.Parse[id.User](string(u)); could { // what cannot be an id is nobody's, and no key
			keys = append(keys, table.Holding(ch.Account, u))
		}
	}
	for range rounds {
		// Every round decides on what is there now: a refusal on what was there a moment ago would be none.
		known := rows{}
		if err := s.read(ctx, known, keys...); err != nil {
			return Done{}, err
		}
		if known[line] == nil {
			return Done{}, fault.Missing()
		}
		if err := known.carries(ch.Account, o.Pool); err != nil {
			return Done{}, err
		}
		d, err := s.draft(ctx, ch, known, o.Users, []table.Key{line})
		if err != nil {
			return Done{}, err
		}
		done, again, err := s.assignOnce(ctx, ch, d, o, partial, keep)
		if !again {
			return done, err
		}
		table.Pause(ctx)
	}
	return Done{}, busy()
}

func (s *Store) assignOnce(ctx context.Context, ch Change, d *draft, o Order, partial bool, keep Keep) (Done, bool, error) {
	done := Done{Contract: d.names[o.Contract]}
	wish := Wish{Product: o.Product, Contract: o.Contract, Pool: o.Pool, Features: o.Features}
	short := 0
	for _, u := range o.Users {
		wish.User = u
		out := d.assign(wish)
		if out.Result.exhausted() {
			short++
		}
		done.Outcomes = append(done.Outcomes, out)
	}
	line := d.line(o.Contract, o.Product)
	if done.Line = line.now; short > 0 && !partial {
		// Nobody gets a seat of those that are free: the numbers are those of the whole order.
		whole := Exhausted(line.row.Line, wish.Pool, len(d.given)+short)
		for i, out := range done.Outcomes {
			if out.Result == Assigned || out.Result.exhausted() {
				done.Outcomes[i] = out.refused(whole)
			}
		}
	}
	refused := !partial && done.refusal() != nil
	if refused {
		done.Line = line.row.Line
		done.withhold()
	}
	kept, err := keep(done)
	if err != nil {
		return Done{}, false, err
	}
	if refused {
		return done, false, nil
	}
	again, err := s.write(ctx, d, d.record(s.ids, ch, done), kept)
	return done, again, err
}

// record is what the activity says of seats: about the person where there is one, about the contract with all of them
// where there are many: seats that are only given as a sum, else each person's change under their id.
func (d *draft) record(ids *id.Maker, ch Change, done Done) activity.Record {
	changed := slices.Concat(d.taken, d.given, d.others)
	subject := activity.Thing{Noun: "contract", ID: string(done.Line.Contract), Name: done.Contract}
	var targets []activity.Thing
	one := len(d.people) == 1
	for _, o := range changed {
		p := d.people[o.User].now
		person := activity.Thing{Noun: "user", ID: string(o.User), Name: p.Name}
		if one {
			subject = person
			targets = append(targets, d.thing(o))
		} else {
			targets = append(targets, person)
		}
	}
	r := activity.New(ids, ch.Now, ch.Account, ch.By, d.action(), subject)
	r.Targets = targets
	if !one && len(d.given) > 0 && len(changed) == len(d.given) {
		activity.Set(&r, "seats."+done.Line.Product, nil, sumOf(d.given))
		return r
	}
	for _, o := range changed {
		field := "seats." + o.Product
		if !one {
			field += "." + string(o.User) // each has values of their own
		}
		seat := map[string]any{"contractId": o.Contract}
		if o.CostCenter != "" {
			seat["costCenterId"] = o.CostCenter
		}
		switch o.Result {
		case Removed:
			activity.Set(&r, field, seat, nil)
		case Changed:
			held, now := d.people[o.User].row.Seats[o.Product], d.people[o.User].now.Seats[o.Product]
			activity.Set(&r, field+".features", held.Features, now.Features)
		default:
			activity.Set(&r, field, nil, seat)
		}
	}
	return r
}

// sumOf is what the activity says of many seats of one line: how many, and of whom they were taken.
func sumOf(given []Outcome) map[string]any {
	by := map[string]int{}
	for _, o := range given {
		by[string(contract.PoolOf(o.CostCenter))]++
	}
	return map[string]any{"contractId": given[0].Contract, "count": len(given), "byCostCenter": by}
}

// thing is the line of an outcome as activity names it; without its name where it is the one of another contract, under
// which somebody has the seat whose features alone changed.
func (d *draft) thing(o Outcome) activity.Thing {
	if line := d.line(o.Contract, o.Product); line != nil {
		return line.now.Thing()
	}
	return contract.Line{Product: o.Product}.Thing()
}
