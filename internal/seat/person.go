package seat

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// Switch is what is to change of one person's seats: wishes for products, and products to take away. A wish without a
// contract takes the line with free seats that expires last.
type Switch struct {
	User   id.User
	Add    []Wish
	Remove []string
}

// maxCandidates is how many lines of a product are read at once for one with a free seat.
const maxCandidates = 200

// Set changes one person's seats, many products in one transaction: those that can be, with a result for each: 3 calls,
// and 1 more for each product that names no contract. What is taken away goes first, and products that others need
// before those. Refused is somebody who is not there.
func (s *Store) Set(ctx context.Context, ch Change, sw Switch, keep Keep) (Done, error) {
	for range rounds {
		known := rows{}
		lines, err := s.readPerson(ctx, ch, known, sw)
		if err != nil {
			return Done{}, err
		}
		held, err := s.readHeld(ctx, ch, known, sw)
		if err != nil {
			return Done{}, err
		}
		d, err := s.draft(ctx, ch, known, []id.User{sw.User}, append(held, lines...))
		if err != nil {
			return Done{}, err
		}
		done, again, err := s.setOnce(ctx, ch, d, sw, keep)
		if !again {
			return done, err
		}
		table.Pause(ctx)
	}
	return Done{}, busy()
}

// readPerson reads a person's holding and, at once, the lines that their wishes may take a seat of.
func (s *Store) readPerson(ctx context.Context, ch Change, known rows, sw Switch) (lines []table.Key, err error) {
	holding := table.Holding(ch.Account, sw.User)
	candidates := make([][]table.Item, len(sw.Add))
	var held table.Item
	both, bctx := errgroup.WithContext(ctx)
	both.Go(func() (err error) {
		held, err = s.table.Get(bctx, holding)
		return err
	})
	for i, w := range sw.Add {
		if w.Contract == "" {
			both.Go(func() (err error) {
				candidates[i], err = s.candidates(bctx, ch.Account, w.Product)
				return err
			})
		}
	}
	if err := both.Wait(); err != nil {
		return nil, err
	}
	if held == nil {
		return nil, fault.Missing()
	}
	known[holding] = held
	for i, w := range sw.Add {
		if w.Contract != "" {
			lines = append(lines, table.Line(ch.Account, w.Contract, w.Product))
		}
		for _, item := range candidates[i] {
			l, err := contract.ReadLine(item)
			if err != nil {
				return nil, err
			}
			k := table.Line(ch.Account, l.Contract, l.Product)
			known[k], lines = item, append(lines, k)
		}
	}
	if err := s.readLines(ctx, ch, known, lines); err != nil {
		return nil, err
	}
	return lines, s.readPools(ctx, ch, known, sw)
}

// readPools refuses wishes for cost centers that the account does not have: 1 call where any is named.
func (s *Store) readPools(ctx context.Context, ch Change, known rows, sw Switch) error {
	var pools []contract.PoolID
	for _, w := range sw.Add {
		pools = append(pools, w.Pool)
	}
	keys := poolKeys(ch.Account, pools...)
	if len(keys) == 0 {
		return nil
	}
	if err := s.read(ctx, known, keys...); err != nil {
		return err
	}
	return known.carries(ch.Account, pools...)
}

// candidates reads the lines of a product: 1 Query for each 200 of them.
func (s *Store) candidates(ctx context.Context, a id.Account, product string) (all []table.Item, err error) {
	q := table.Query{PK: table.Lines(a), Prefix: table.ProductPrefix(product), Limit: maxCandidates}
	for {
		items, more, err := s.table.Query(ctx, q)
		if err != nil {
			return nil, err
		}
		if all = append(all, items...); !more {
			return all, nil
		}
		q.After = table.At(items[len(items)-1], table.Primary)
	}
}

// readHeld reads the lines of the seats that a switch is about, as the holding has them now: 1 call where one is news.
func (s *Store) readHeld(ctx context.Context, ch Change, known rows, sw Switch) (lines []table.Key, err error) {
	held, err := user.ReadHolding(known[table.Holding(ch.Account, sw.User)])
	if err != nil {
		return nil, err
	}
	for product, seat := range held.Seats {
		if slices.Contains(sw.Remove, product) || slices.ContainsFunc(sw.Add, func(w Wish) bool { return w.Product == product }) {
			lines = append(lines, table.Line(ch.Account, seat.Contract, product))
		}
	}
	return lines, s.readLines(ctx, ch, known, lines)
}

// readLines reads what is not known yet of lines and the names of their contracts.
func (s *Store) readLines(ctx context.Context, ch Change, known rows, lines []table.Key) error {
	var news []table.Key
	for _, line := range lines {
		for _, k := range []table.Key{line, table.ContractOfLine(ch.Account, line)} {
			if _, read := known[k]; !read {
				news = append(news, k)
			}
		}
	}
	if len(news) == 0 {
		return nil
	}
	return s.read(ctx, known, news...)
}

func (s *Store) setOnce(ctx context.Context, ch Change, d *draft, sw Switch, keep Keep) (Done, bool, error) {
	var done Done
	done.Outcomes = append(done.Outcomes, d.removeAll(sw.User, sw.Remove)...)
	done.Outcomes = append(done.Outcomes, d.addAll(sw.Add)...)
	done.Held = d.people[sw.User].now
	kept, err := keep(done)
	if err != nil {
		return Done{}, false, err
	}
	again, err := s.write(ctx, d, d.record(s.ids, ch, done), kept)
	return done, again, err
}

// removeAll takes products away, those that others need last; the outcomes stand in the order asked for.
func (d *draft) removeAll(u id.User, products []string) []Outcome {
	outcomes := make([]Outcome, len(products))
	for range len(products) {
		progress := false
		for i, product := range products {
			if outcomes[i].Result == "" || outcomes[i].Result == NeededByOther {
				outcomes[i] = d.remove(u, product)
				progress = progress || outcomes[i].Result == Removed
			}
		}
		if !progress {
			break
		}
	}
	for i := range outcomes {
		outcomes[i].keepStays(d.people[u].now)
	}
	return outcomes
}

// keepStays leaves out derived seats that were taken after what they need, by the same call.
func (o *Outcome) keepStays(h user.Holding) {
	o.Stays = slices.DeleteFunc(o.Stays, func(p string) bool { return !slices.Contains(h.Products(), p) })
	if len(o.Stays) == 0 && o.Result != InQueue {
		o.Queues = nil
	}
}

// addAll gives products, those that others need first; the outcomes stand in the order asked for.
func (d *draft) addAll(wishes []Wish) []Outcome {
	outcomes := make([]Outcome, len(wishes))
	for range len(wishes) {
		progress := false
		for i, w := range wishes {
			if outcomes[i].Result == "" || outcomes[i].Result == NeedsOther {
				outcomes[i] = d.assignNext(w)
				progress = progress || outcomes[i].Result == Assigned
			}
		}
		if !progress {
			break
		}
	}
	return outcomes
}

// assignNext is assign of the line that the wish names, else of the one with a free seat that expires last.
func (d *draft) assignNext(w Wish) Outcome {
	if w.Contract != "" {
		return d.assign(w)
	}
	best := d.nextFree(w)
	if best == nil {
		if held, has := d.people[w.User].now.Seats[w.Product]; has {
			w.Contract = held.Contract
			return d.assign(w)
		}
		return Outcome{User: w.User, Product: w.Product}.refused(refuse(NoContract, fault.Text("productId", w.Product)))
	}
	w.Contract = best.now.Contract
	return d.assign(w)
}

// nextFree is the line of a product with a free seat that expires last; where none is free the one that can best say why
// not: one that is not expired before one that is, one with a limit before one without. nil: there is no line.
func (d *draft) nextFree(w Wish) *lineDraft {
	var best *lineDraft
	for _, l := range d.lines {
		if l.now.Product == w.Product && (best == nil || d.better(l, best, w.Pool)) {
			best = l
		}
	}
	return best
}

func (d *draft) better(a, b *lineDraft, pool contract.PoolID) bool {
	for _, ranked := range []func(*lineDraft) bool{
		func(l *lineDraft) bool { return l.now.Expiry > d.today },
		func(l *lineDraft) bool { return l.now.Available > 0 && len(l.now.Pools.Pick(pool, 1)) > 0 },
		func(l *lineDraft) bool { return l.now.Limit != nil },
	} {
		if x, y := ranked(a), ranked(b); x != y {
			return x
		}
	}
	if a.now.Expiry != b.now.Expiry {
		return a.now.Expiry > b.now.Expiry
	}
	return a.now.Contract < b.now.Contract
}

// Remove takes a seat from somebody, on the line that it is named on: 2 calls. A seat that is not there is a success
// that changes nothing; one of another contract is not_found here.
func (s *Store) Remove(ctx context.Context, ch Change, c id.Contract, product string, u id.User) (Done, error) {
	line := table.Line(ch.Account, c, product)
	for range rounds {
		known := rows{}
		if err := s.read(ctx, known, table.Holding(ch.Account, u), line, table.Contract(ch.Account, c)); err != nil {
			return Done{}, err
		}
		d, err := s.draft(ctx, ch, known, []id.User{u}, []table.Key{line})
		if err != nil {
			return Done{}, err
		}
		held, has := d.people[u].row.Seats[product]
		if !d.people[u].row.There() || d.line(c, product) == nil || has && held.Contract != c {
			return Done{}, fault.Missing()
		}
		done := Done{Contract: d.names[c], Outcomes: []Outcome{d.remove(u, product)}}
		done.Line = d.line(c, product).now
		if done.Outcomes[0].Refusal != nil {
			return done, nil
		}
		again, err := s.write(ctx, d, d.record(s.ids, ch, done), nil)
		if !again {
			return done, err
		}
		table.Pause(ctx)
	}
	return Done{}, busy()
}
