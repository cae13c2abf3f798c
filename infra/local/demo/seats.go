package demo

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// seating is who sits where in an account.
type seating struct {
	staff
	centers []string
	splits  []split
	orders  []order
	// queues are of the people who answer them, by their number.
	queues map[int][]user.Queue
	// left are the people who have left, by their number.
	left []int
	// lowered are limits that were set below what is used, by contract and product.
	lowered []cut
	// lowers is who set them.
	lowers activity.Author
}

// split is what cost centers carry of a line.
type split struct {
	contract, product string
	purchased         map[string]int
}

// order is people, from one number to before another, on seats of a line.
type order struct {
	contract, product string
	from, to          int
	center            string // empty: whichever has most free
	features          []string
}

type cut struct {
	contract, product string
	limit             int
}

// seatings are the accounts that have people beside the personas. Every state of a line is there in both languages.
func seatings() map[string]seating {
	partner := activity.Author{Kind: access.Partner, Name: "Paul Arnaud"}
	return map[string]seating{
		French: {
			staff: frenchStaff(), centers: []string{"Direction", "Production", "Support client", "Ventes"}, lowers: partner,
			splits: []split{
				{"Téléphonie – Paris", telephone, map[string]int{"Direction": 30, "Production": 100, "Support client": 80}},
				{"Visioconférence – Nantes", conference, map[string]int{"Direction": 20, "Ventes": 40}},
			},
			orders: []order{
				{"Téléphonie – Paris", telephone, 0, 8, "Support client", []string{"recording", "voicemail"}},
				{"Téléphonie – Paris", telephone, 8, 32, "Production", []string{"voicemail"}},
				{"Téléphonie – Paris", telephone, 32, 40, "", nil},
				{"Téléphonie – Paris", agent, 0, 6, "", nil}, // who answers queues
				{"Téléphonie – Paris", recording, 0, 10, "", nil},
				{"Téléphonie – Paris", fax, 100, 103, "", nil},
				{"Téléphonie – Strasbourg", telephone, 40, 74, "", nil},           // 79 % of 43
				{"Téléphonie – Grenoble", telephone, 74, 98, "", nil},             // 80 % of 30
				{"Téléphonie – Amiens", telephone, 98, 116, "", nil},              // over, see lowered
				{"Centre de contact – Toulon", telephone, 116, 122, "", nil},      // expired since
				{"Visioconférence – Nantes", conference, 0, 20, "Direction", nil}, // with the next, all of 60
				{"Visioconférence – Nantes", conference, 20, 60, "Ventes", []string{"webinars"}},
				{"Visioconférence – Rennes", conference, 60, 80, "", nil}, // 80 % of 25
				{"Téléphonie – Lille", huddle, 90, 105, "", nil},          // who have not the other
			},
			queues: map[int][]user.Queue{
				0: {{Type: "call", Name: "Accueil"}, {Type: "inbox", Name: "contact@ateliers.example"}},
				1: {{Type: "call", Name: "Accueil"}, {Type: "outbound", Name: "Rappels"}},
				2: {{Type: "inbox", Name: "contact@ateliers.example"}}, 3: {{Type: "call", Name: "Dépannage"}},
				4: {{Type: "call", Name: "Dépannage"}}, 5: {{Type: "outbound", Name: "Rappels"}},
			},
			left:    []int{130, 131},
			lowered: []cut{{"Téléphonie – Amiens", telephone, 15}},
		},
		English: {
			staff: englishStaff(), centers: []string{"Customer care", "Engineering", "Sales"}, lowers: seeder(),
			splits: []split{{"Telephony, London", telephone, map[string]int{"Customer care": 60, "Engineering": 60}}},
			orders: []order{
				{"Telephony, London", telephone, 0, 6, "Customer care", []string{"recording", "voicemail"}},
				{"Telephony, London", telephone, 6, 20, "Engineering", nil},
				{"Telephony, London", agent, 0, 3, "", nil},
				{"Telephony, London", recording, 0, 4, "", nil},
				{"Telephony, Norwich", telephone, 20, 39, "", nil}, // 79 % of 24
				{"Telephony, Oxford", telephone, 39, 55, "", nil},  // 80 % of 20
				{"Telephony, Hull", telephone, 55, 58, "", nil},    // expired since
				{"Meetings, York", conference, 0, 20, "", nil},     // all of 20
				{"Meetings, Swansea", conference, 20, 32, "", []string{"webinars"}},
				{"Telephony, Oxford", huddle, 40, 46, "", nil}, // who have not the other
			},
			queues: map[int][]user.Queue{
				0: {{Type: "call", Name: "Front desk"}, {Type: "inbox", Name: "help@works.example"}},
				1: {{Type: "call", Name: "Front desk"}}, 2: {{Type: "outbound", Name: "Call backs"}},
			},
			left:    []int{61},
			lowered: []cut{{"Meetings, Swansea", conference, 10}},
		},
	}
}

// house is an account while people are given their seats.
type house struct {
	Seed
	seating
	key       string
	account   id.Account
	today     date.Date
	people    []person
	contracts map[string]contract.Contract // by name
	seats     *seat.Store
	users     *user.Store
	terms     *contract.Store
}

// seat gives an account its people and their seats. Every step is harmless to repeat, so long as all are in this order.
func (s Seed) seat(ctx context.Context, b blueprint, a id.Account, products *catalog.Store) error {
	plan, ok := seatings()[b.key]
	if !ok {
		return nil
	}
	zone, err := date.Zone(b.terms.TimeZone)
	if err != nil {
		return err
	}
	ids := id.NewMaker(s.Random)
	seats := seat.NewStore(s.Table, ids, products)
	h := &house{
		Seed: s, seating: plan, key: b.key, account: a, today: date.Today(s.Now, zone), people: plan.people(b.key),
		seats: seats, users: user.NewStore(s.Table, ids, seats.Follow), terms: contract.NewStore(s.Table, ids),
	}
	acc, err := s.accounts().Get(ctx, a)
	if err != nil {
		return err
	}
	if h.contracts, err = s.byName(ctx, acc); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{h.hire, h.open, h.split, h.assign, h.lower, h.leave, h.remember} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// hiring is how many people are added beside each other.
const hiring = 8

// hire adds the people; some of them answer queues.
func (h *house) hire(ctx context.Context) error {
	all, each := errgroup.WithContext(ctx)
	all.SetLimit(hiring)
	ch := user.Change{Account: h.account, Caller: access.Caller{Kind: access.Operator}, Now: h.Now, By: seeder()}
	for i, p := range h.people {
		all.Go(func() error {
			if _, err := h.users.AddAs(each, ch, p.User, p.Details, func(user.User) ([]table.Op, error) { return nil, nil }); err != nil {
				return fmt.Errorf("add %s: %w", p.Name, err)
			}
			return h.answer(each, p, h.queues[i])
		})
	}
	return all.Wait()
}

// answer makes somebody a member of queues.
func (h *house) answer(ctx context.Context, p person, queues []user.Queue) error {
	if len(queues) == 0 {
		return nil
	}
	ch := seat.Change{Account: h.account, Today: h.today, Now: h.Now, By: seeder()}
	if _, _, err := h.seats.ChangeQueues(ctx, ch, seat.Membership{User: p.User, Join: queues}, func(seat.Done) ([]table.Op, error) { return nil, nil }); err != nil {
		return fmt.Errorf("queues of %s: %w", p.Name, err)
	}
	return nil
}

// center is the id of a cost center, the same on every machine; of none for no name.
func (h *house) center(name string) id.CostCenter {
	if name == "" {
		return ""
	}
	return id.New[id.CostCenter](h.centerIDs(name), founded)
}

func (h *house) centerIDs(name string) *id.Maker { return fixed("cost center " + h.key + " " + name) }

// open makes the cost centers that are not there yet: Create would make one of the same id anew.
func (h *house) open(ctx context.Context) error {
	ids := make([]id.CostCenter, len(h.centers))
	for i, name := range h.centers {
		ids[i] = h.center(name)
	}
	there, err := costcenter.NewStore(h.Table, nil).Rows(ctx, h.account, ids)
	if err != nil {
		return err
	}
	for i, name := range h.centers {
		if _, made := there[ids[i]]; made {
			continue
		}
		ch := costcenter.Change{Account: h.account, Now: founded, By: seeder()}
		if _, err := costcenter.NewStore(h.Table, h.centerIDs(name)).Create(ctx, ch, name, func(costcenter.CostCenter) ([]table.Op, error) { return nil, nil }); err != nil {
			return fmt.Errorf("cost center %s: %w", name, err)
		}
	}
	return nil
}

// split has cost centers carry seats.
func (h *house) split(ctx context.Context) error {
	for _, s := range h.splits {
		c := h.contracts[s.contract]
		wanted := map[contract.PoolID]int{}
		for name, n := range s.purchased {
			wanted[contract.PoolOf(h.center(name))] = n
		}
		if _, err := h.terms.SetPools(ctx, contract.Changing{Account: h.account, Now: h.Now, By: seeder()}, c.ID, s.product, wanted); err != nil {
			return fmt.Errorf("pools of %s: %w", s.contract, err)
		}
	}
	return nil
}

// assign puts people on seats. Those of a contract that is expired by now came in its time.
func (h *house) assign(ctx context.Context) error {
	for i, o := range h.orders {
		c := h.contracts[o.contract]
		ch := seat.Change{Account: h.account, Today: h.today, Now: h.Now.AddDate(0, 0, -i), By: seeder()}
		if c.Expiry <= h.today {
			ended, err := time.Parse(time.DateOnly, string(c.Expiry))
			if err != nil {
				return err
			}
			ch.Today, ch.Now = c.Expiry.AddDays(-30), ended.AddDate(0, 0, -30)
		}
		for from := o.from; from < o.to; from += seat.MaxTogether {
			piece := seat.Order{Contract: c.ID, Product: o.product, Features: o.features}
			if cc := h.center(o.center); cc != "" {
				piece.Pool = contract.PoolOf(cc)
			}
			for _, p := range h.people[from:min(o.to, from+seat.MaxTogether)] {
				piece.Users = append(piece.Users, p.User)
			}
			done, err := h.seats.Assign(ctx, ch, piece, false, func(seat.Done) ([]table.Op, error) { return nil, nil })
			if err != nil {
				return fmt.Errorf("seats of %s: %w", o.contract, err)
			}
			for _, out := range done.Outcomes {
				if !out.Result.Succeeded() {
					return fmt.Errorf("seats of %s on %s: %s", o.product, o.contract, out.Result)
				}
			}
		}
	}
	return nil
}

// lower sets limits below what is used: nobody loses a seat by it.
func (h *house) lower(ctx context.Context) error {
	for _, cut := range h.lowered {
		ch := contract.Changing{Account: h.account, Now: h.Now, By: h.lowers}
		terms := contract.Terms{Limits: map[string]*int{cut.product: &cut.limit}}
		if _, _, err := h.terms.SetTerms(ctx, ch, h.contracts[cut.contract].ID, terms, func(int) error { return nil }); err != nil {
			return fmt.Errorf("terms of %s: %w", cut.contract, err)
		}
	}
	return nil
}

// leave deactivates who has left.
func (h *house) leave(ctx context.Context) error {
	ch := user.Change{Account: h.account, Caller: access.Caller{Kind: access.Operator}, Now: h.Now, By: seeder()}
	for _, n := range h.left {
		if _, err := h.users.Set(ctx, ch, h.people[n].User, func(seen user.Seen) (user.User, error) {
			after := seen.User
			after.State = user.Deactivated
			return after, nil
		}); err != nil {
			return fmt.Errorf("%s leaves: %w", h.people[n].Name, err)
		}
	}
	return nil
}
