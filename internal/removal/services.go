package removal

import (
	"context"
	"maps"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/money"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Service is a line as who decides on its quantity sees it.
type Service struct {
	ContractID   id.Contract      `json:"contractId"`
	ContractName string           `json:"contractName"`
	Status       contract.Status  `json:"status" enum:"active,expired"`
	Product      contract.Product `json:"product"`
	Quantity     *int             `json:"quantity,omitempty" doc:"Seats, those that wait to be removed among them; absent where no limit is set."`
	Assigned     int              `json:"assigned"`
	Free         int              `json:"free" doc:"Seats that can be assigned; negative when over the limit."`
	Removable    int              `json:"removable" doc:"Seats that can be removed now."`
	// RemovableBy is them by cost center. Where seats are owed, its sum is more than what can be removed together.
	RemovableBy []Part    `json:"removableByCostCenter" nullable:"false" doc:"How many can be removed of each cost center; together no more than removable."`
	Pending     int       `json:"pendingRemoval" doc:"Out of stock, and billed until their day."`
	Removals    []Waiting `json:"pendingRemovals" nullable:"false" doc:"The removals that wait."`
	Billed      []Billed  `json:"billed" nullable:"false" doc:"The seats by what they are billed by; no kind without seats. Empty where no limit is set."`
	Reason      Obstacle  `json:"reason,omitempty" enum:"partner_managed,removal_expired" doc:"Why nothing of it can be removed here, whatever is free."`
	Detail      string    `json:"detail,omitempty" doc:"The reason in words, and what to do."`
}

// Obstacle is why an account removes nothing of a line, whatever is free of it: the code that a removal is refused with.
type Obstacle string

// Why an account removes nothing of a line.
const (
	PartnerManaged Obstacle = "partner_managed"
	Ended          Obstacle = "removal_expired"
)

// obstacle is why an account removes nothing of a contract's lines today, empty where it may; a removal is refused by it.
func obstacle(a account.Account, c contract.Contract, today date.Date) Obstacle {
	switch {
	case a.Partner != "":
		return PartnerManaged
	case c.Status(today) == contract.Expired:
		return Ended
	}
	return ""
}

// Billed is how many of a line's seats are billed by one period, and what of them can be removed.
type Billed struct {
	Period    catalog.Period `json:"period" enum:"monthly,yearly" doc:"monthly: bought by the month. yearly: all others, billed until the contract's end."`
	Quantity  int            `json:"quantity" doc:"Seats, those that wait to be removed among them."`
	Removable int            `json:"removable" doc:"Seats that can be removed now. Cost centers carry seats of every kind."`
	// RemovableBy is them by cost center, together no more than Removable.
	RemovableBy []Part    `json:"removableByCostCenter" nullable:"false" doc:"How many can be removed of each cost center; together no more than removable."`
	NextBilling date.Date `json:"nextBillingDate,omitempty" doc:"Of an active contract; none where the contract ends before it."`
	// Prices are known where the product is sold by the period in the account's currency.
	UnitPrice *money.Money `json:"unitPrice,omitempty" doc:"A seat and period at today's price for all seats of the service, before tax; left out where the product is not sold by the period."`
	Recurring *money.Money `json:"recurring,omitempty" doc:"The quantity and a period at that price, before tax; none where the contract ends before the next billing date."`
}

// Waiting is a removal that waits, in short.
type Waiting struct {
	RemovalID     id.Removal     `json:"removalId"`
	Quantity      int            `json:"quantity"`
	EffectiveDate date.Date      `json:"effectiveDate"`
	Period        catalog.Period `json:"period" enum:"monthly,yearly"`
}

type servicesInput struct {
	httpapi.Paging
	ContractID string `query:"contractId" maxLength:"64" doc:"Lines of that contract alone."`
	ProductID  string `query:"productId" maxLength:"60"`
}

type servicesOutput struct {
	httpapi.Page[Service]
	Contact *account.Contact `json:"contact,omitempty" doc:"Whom to ask where a partner manages the account, so that it removes nothing by itself."`
}

// stock is a page of lines with what is said of them.
type stock struct {
	contracts map[id.Contract]contract.Contract
	centers   map[id.CostCenter]string
	waiting   map[place][]Removal
	contact   string // whom to ask, by name
}

// place is a line.
type place struct {
	contract id.Contract
	product  string
}

// services is 1 Query of lines, 1 batch for the names of contracts and cost centers, and, where seats of the page wait to
// be removed, 1 Query of those removals. A line that changed between the two is read again, with its removals. Where a partner
// manages the account, 1 call more for whom to ask.
func (h *API) services(ctx context.Context, c account.Call, in *servicesInput) (*servicesOutput, error) {
	products, err := h.store.catalog.All(ctx, c.Now)
	if err != nil {
		return nil, err
	}
	whom, err := h.accounts.Whom(ctx, c.Account)
	if err != nil {
		return nil, err
	}
	out := &servicesOutput{}
	if c.Account.Partner != "" {
		out.Contact = &whom
	}
	var of stock
	page, err := httpapi.List(c, in.Paging, func(after *table.Position, limit int) (lines []contract.Line, next *table.Position, err error) {
		q := table.Query{PK: table.Lines(c.AccountID), Limit: limit, After: after}
		if in.ProductID != "" {
			q.Prefix = table.ProductPrefix(in.ProductID)
		}
		if lines, next, err = table.Page[contract.Line](ctx, h.store.table, q); err != nil {
			return nil, nil, err
		}
		lines = slices.DeleteFunc(lines, func(l contract.Line) bool { return in.ContractID != "" && string(l.Contract) != in.ContractID })
		of, err = h.store.stock(ctx, c.AccountID, lines)
		of.contact = contract.NameOf(whom, c.Lang)
		return lines, next, err
	}, func(l contract.Line) Service { return of.show(l, c, products) })
	if err == nil {
		out.Page = *page
	}
	return out, err
}

// stock reads what is said of lines. Those that are others now than their removals were read for are put in their place.
func (s *Store) stock(ctx context.Context, a id.Account, lines []contract.Line) (stock, error) {
	of := stock{contracts: map[id.Contract]contract.Contract{}, centers: map[id.CostCenter]string{}, waiting: map[place][]Removal{}}
	if slices.ContainsFunc(lines, func(l contract.Line) bool { return l.Pending > 0 }) {
		if err := s.waiting(ctx, a, lines, of.waiting); err != nil {
			return of, err
		}
		if err := s.agree(ctx, a, lines, of.waiting); err != nil {
			return of, err
		}
	}
	var keys []table.Key
	for _, l := range lines {
		keys = append(keys, table.Contract(a, l.Contract))
		for pool := range l.Pools {
			if cc := pool.CostCenter(); cc != "" {
				keys = append(keys, table.CostCenter(a, cc))
			}
		}
	}
	if len(keys) == 0 {
		return of, nil
	}
	rows, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return of, err
	}
	for _, l := range lines {
		row, err := contract.Read(rows[table.Contract(a, l.Contract)])
		if err != nil {
			return of, err
		}
		of.contracts[l.Contract] = row.Contract
		for pool := range l.Pools {
			if cc := pool.CostCenter(); cc != "" {
				center, err := costcenter.Read(rows[table.CostCenter(a, cc)])
				if err != nil {
					return of, err
				}
				of.centers[cc] = center.Name
			}
		}
	}
	return of, nil
}

// together is how many removals are read at once.
const together = 1000

// waiting reads the removals that wait on a page of lines: lines and removals stand in the same order, so they are one
// stretch: 1 Query, more where there are more than fit into one.
func (s *Store) waiting(ctx context.Context, a id.Account, lines []contract.Line, into map[place][]Removal) error {
	begin := func(l contract.Line) string { return table.ProductPrefix(l.Product) + table.LineSeats(l.Contract) }
	first, last := lines[0], lines[len(lines)-1]
	q := table.Query{PK: table.Removals(a), Index: table.LSI1, From: begin(first), To: begin(last) + table.Last, Limit: together}
	for {
		found, next, err := table.Page[Removal](ctx, s.table, q)
		if err != nil {
			return err
		}
		for _, r := range found {
			at := place{r.Contract, r.Product}
			into[at] = append(into[at], r)
		}
		if q.After = next; next == nil {
			return nil
		}
	}
}

// looks is how often lines and removals that do not agree are read again.
const looks = 5

// agree reads each line again, and then its removals, whose removals do not come to what is pending of it: the two were not
// read at one moment, and seats that left or came in between would be told twice or not at all. 1 Get and 1 Query for such a
// line, a few times at most; one that changes all the time is told as it was read last.
func (s *Store) agree(ctx context.Context, a id.Account, lines []contract.Line, waiting map[place][]Removal) error {
	for look := range looks {
		apart := false
		for i, l := range lines {
			at, sum := place{l.Contract, l.Product}, 0
			for _, r := range waiting[at] {
				sum += r.Left()
			}
			if sum == l.Pending {
				continue
			}
			apart = true
			item, err := s.table.Get(ctx, table.Line(a, l.Contract, l.Product))
			if err != nil {
				return err
			}
			row, err := contract.ReadLine(item)
			if err != nil {
				return err
			}
			if row.There() {
				lines[i] = row.Line
			}
			delete(waiting, at)
			if err := s.waiting(ctx, a, lines[i:i+1], waiting); err != nil {
				return err
			}
		}
		if !apart {
			return nil
		}
		if look > 0 {
			table.Pause(ctx)
		}
	}
	return nil
}

func (of stock) show(l contract.Line, c account.Call, products catalog.Products) Service {
	today, on := c.Account.Today(c.Now), of.contracts[l.Contract]
	w := Service{
		ContractID: l.Contract, ContractName: on.Name, Status: on.Status(today), Product: named(l.Product, l.ProductName, c, products),
		Quantity: l.Limit, Assigned: l.Used, Free: l.Available, RemovableBy: []Part{}, Pending: l.Pending, Removals: []Waiting{},
		Billed: []Billed{},
	}
	switch w.Reason = obstacle(c.Account, on, today); w.Reason {
	case "":
		free, most := Removable(l)
		w.Removable, w.RemovableBy = most, parts(free, of.centers)
	case PartnerManaged:
		w.Detail = text.Say(c.Lang, string(PartnerManaged), of.contact)
	case Ended: // nothing of an expired contract is billed
		w.Detail = text.Say(c.Lang, string(Ended), on.Name, string(on.Expiry), of.contact)
	}
	waiting := map[catalog.Period]int{}
	for _, r := range of.waiting[place{l.Contract, l.Product}] {
		w.Removals = append(w.Removals, Waiting{r.ID, r.Left(), r.Effective, r.by()})
		waiting[r.by()] += r.Left()
	}
	if l.Limit == nil {
		return w
	}
	// Where the limit was lowered below what waits, what is billed is the limit: those bought by the month first, as in stock.
	left := *l.Limit
	for _, by := range []catalog.Period{catalog.Monthly, catalog.Yearly} {
		n := min(l.InStock(by)+waiting[by], left)
		if left -= n; n > 0 {
			w.Billed = append(w.Billed, of.billed(l, on, by, n, c, products))
		}
	}
	return w
}

// billed is the n seats of a line that are billed by a period.
func (of stock) billed(l contract.Line, on contract.Contract, by catalog.Period, n int, c account.Call, products catalog.Products) Billed {
	today := c.Account.Today(c.Now)
	b := Billed{Period: by, Quantity: n, RemovableBy: []Part{}}
	bill := billed(l, products, c.Account.Currency, by)
	if bill.Period != "" {
		b.UnitPrice = &bill.Unit
	}
	if on.Status(today) != contract.Active {
		return b
	}
	if obstacle(c.Account, on, today) == "" {
		free, most := Removable(l)
		b.Removable = min(most, l.InStock(by))
		for pool, k := range free {
			if free[pool] = min(k, b.Removable); free[pool] == 0 {
				delete(free, pool)
			}
		}
		b.RemovableBy = parts(free, of.centers)
	}
	if next := on.Cycle(by).Next(today); next < on.Expiry {
		b.NextBilling = next
		if all := bill.times(n); bill.Period != "" {
			b.Recurring = &all
		}
	}
	return b
}

// names are what cost centers of removals are called: 1 call for each 100, none where none is named.
func (s *Store) names(ctx context.Context, a id.Account, removals ...Removal) (map[id.CostCenter]string, error) {
	centers := map[id.CostCenter]string{}
	for _, r := range removals {
		for pool := range r.Counts {
			if cc := pool.CostCenter(); cc != "" {
				centers[cc] = ""
			}
		}
	}
	rows, err := costcenter.NewStore(s.table, s.ids).Rows(ctx, a, slices.Collect(maps.Keys(centers)))
	for cc, row := range rows {
		centers[cc] = row.Name
	}
	return centers, err
}
