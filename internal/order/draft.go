package order

import (
	"maps"
	"slices"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/removal"
	"github.com/seatkeeper/seatkeeper/internal/request"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// draft is an order as it is decided on rows as they were read: one transaction.
type draft struct {
	buying Buying
	known  known
	quote  Quote
	order  Order
	ops    []table.Op
	// founded are the cost centers that the order creates, by their names' rows; carried is on how many lines more or fewer
	// each cost center carries seats.
	founded map[table.Key]*costcenter.CostCenter
	carried map[contract.PoolID]int
	// contracts are those that get lines, as they will be.
	contracts map[id.Contract]contract.Contract
	rows      []purchase
	record    activity.Record
}

// purchase is a row of the order as its record tells it.
type purchase struct {
	Contract     id.Contract    `dynamodbav:"contractId"`
	ContractName string         `dynamodbav:"contractName"`
	Product      string         `dynamodbav:"productId"`
	ProductName  string         `dynamodbav:"productName"`
	Quantity     int            `dynamodbav:"quantity"`
	Reinstated   int            `dynamodbav:"reinstated"`
	By           map[string]int `dynamodbav:"byCostCenter"`
}

// errChanged says that what a quote was made from is another now.
var errChanged = fault.New(fault.Conflict, "quote_changed")

// draft decides on an order of a quote. Refused are: a contract that is expired, an archived cost center, more seats, pools or
// lines than there can be, more than one transaction takes (order_too_large), and lines that are no more what the quote says
// of them (quote_changed).
func (s *Store) draft(b Buying, k known, q Quote) (*draft, error) {
	d, err := s.begun(b, k, q)
	if err == nil {
		err = d.finish(s, 0, d.lists, d.costCenters, d.papers, d.answered, d.told)
	}
	return d, err
}

// rehearse refuses a quote what its order would be refused. The order's papers and its record refuse nothing: they count and
// are not made, which is half of what a quote computes.
func (s *Store) rehearse(b Buying, k known, q Quote) error {
	d, err := s.begun(b, k, q)
	if err == nil {
		err = d.finish(s, paperwork, d.lists, d.costCenters, d.answered)
	}
	return err
}

// paperwork is how many operations papers and told add.
const paperwork = 6

// begun is a draft with its rows alone.
func (s *Store) begun(b Buying, k known, q Quote) (*draft, error) {
	d := &draft{
		buying: b, known: k, quote: q, founded: map[table.Key]*costcenter.CostCenter{}, carried: map[contract.PoolID]int{},
		contracts: map[id.Contract]contract.Contract{},
		order: Order{
			ID: id.New[id.Order](s.ids, b.Now), Status: Placed, PlacedAt: b.Now.UTC().Truncate(time.Millisecond), Buyer: Buyer{b.User, b.Name},
			Quote: q.ID, Invoice: id.New[id.Invoice](s.ids, b.Now), Priced: q.Priced, BillTo: q.BillTo, Seller: q.Seller, Rev: 1,
		},
	}
	d.order.Rows = slices.Clone(q.Rows)
	d.record = activity.New(s.ids, b.Now, b.Account.ID, b.By, activity.OrderPlaced, d.order.Thing())
	for i := range d.order.Rows {
		if err := d.row(s, &d.order.Rows[i]); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// finish takes the steps that are left, beside which there are so many more operations.
func (d *draft) finish(s *Store, more int, steps ...func(*Store) error) error {
	for _, step := range steps {
		if err := step(s); err != nil {
			return err
		}
	}
	// One operation stays for the answer that is kept.
	if len(d.ops)+more >= table.MaxOps {
		return tooLarge()
	}
	return nil
}

// row adds the seats of one row to its line: those that were pending removal are taken out of that, and out of the pools that
// gave them up; then all of them go to the pools that the buyer named.
func (d *draft) row(s *Store, r *Row) error {
	at := place{r.Contract, r.Product}
	c, line := d.known.contracts[r.Contract], d.known.lines[at]
	if refused := expired(c.Contract, d.buying); refused != nil {
		return refused
	}
	if !r.sameSpan(spanOf(c.Contract, r.Period, r.From)) {
		return errChanged
	}
	before := line.Line
	if !line.There() {
		before = contract.NewLine(c.Contract, r.Product, r.ProductName.In(text.Lang(d.buying.Account.Locale)))
	}
	// Those that became pending since were not there when the price was made, which holds: they stay pending.
	taken := removal.Take(d.known.pending[at], r.Reinstated, removal.Charge{Period: r.Period, Today: d.buying.today(), Until: r.Until}, d.buying.Now)
	if taken.Total() != r.Reinstated || line.There() == r.NewLine {
		return errChanged
	}
	counts, err := d.split(s, r)
	if err != nil {
		return err
	}
	after := before.Rebought(taken.Counts, counts, r.Period)
	if err := fits(after); err != nil {
		return err
	}
	op, err := contract.LineOpAt(d.buying.Account.ID, line, after, d.buying.Now)
	if err != nil {
		return err
	}
	used, err := s.removals.TakeOps(d.buying.Account.ID, taken)
	if err != nil {
		return err
	}
	d.ops = append(append(d.ops, op), used...)
	for pool, n := range contract.Carried(before.Pools, after.Pools) {
		d.carried[pool] += n
	}
	if !line.There() {
		d.opened(c.Contract, r.Product)
	}
	d.note(r, before, after, counts)
	return nil
}

// fits refuses a line with more seats than a line can have (line_too_large), or carried by more cost centers
// (too_many_pools).
func fits(l contract.Line) error {
	if *l.Limit > contract.MaxSeats {
		return lineTooLarge(l.ProductName)
	}
	if len(l.Pools) > contract.MaxPools+1 {
		return fault.New(fault.Conflict, "too_many_pools", fault.Text("product", l.ProductName), fault.Int("max", contract.MaxPools))
	}
	return nil
}

func lineTooLarge(product string) *fault.Error {
	return fault.New(fault.Conflict, "line_too_large", fault.Text("product", product), fault.Int("max", contract.MaxSeats))
}

// split is who carries a row's seats, by pool, with the cost centers that the order creates.
func (d *draft) split(s *Store, r *Row) (map[contract.PoolID]int, error) {
	settled, err := d.known.settle(r.Split)
	if err != nil {
		return nil, err
	}
	counts := map[contract.PoolID]int{}
	for i, p := range settled {
		if p.New {
			key := table.CostCenterName(d.buying.Account.ID, p.CostCenterName)
			if d.founded[key] == nil {
				d.founded[key] = &costcenter.CostCenter{
					ID: id.New[id.CostCenter](s.ids, d.buying.Now), Name: p.CostCenterName, State: costcenter.Active, AddedAt: d.buying.Now.UTC(),
				}
			}
			settled[i].CostCenter, settled[i].CostCenterName = d.founded[key].ID, d.founded[key].Name
		}
		counts[contract.PoolOf(settled[i].CostCenter)] += p.Quantity
	}
	r.Split = share(r.Net, settled)
	return counts, nil
}

// opened puts a product that a contract had no line of into its list. Other terms are not changed by an order.
func (d *draft) opened(c contract.Contract, product string) {
	after, seen := d.contracts[c.ID]
	if !seen {
		after = c
		after.TermsRev++
	}
	after.Products = after.Products.With(product)
	d.contracts[c.ID] = after
}

// lists are the contracts that got lines, each under its rev. Refused is one line too many (too_many_lines).
func (d *draft) lists(*Store) error {
	var changes []contract.Change
	for _, c := range slices.Sorted(maps.Keys(d.contracts)) {
		after := d.contracts[c]
		if len(after.Products.List()) > contract.MaxLines {
			return fault.New(fault.Conflict, "too_many_lines", fault.Int("max", contract.MaxLines))
		}
		changes = append(changes, contract.Change{From: d.known.contracts[c], To: after})
	}
	ops, err := contract.ChangeOps(d.buying.Account.ID, changes...)
	d.ops = append(d.ops, ops...)
	return err
}

// costCenters are those that carry seats on more lines or fewer, and those that are created.
func (d *draft) costCenters(s *Store) error {
	a := d.buying.Account.ID
	var made []costcenter.CostCenter
	for _, cc := range d.founded {
		pool := contract.PoolOf(cc.ID)
		cc.Pools = d.carried[pool]
		delete(d.carried, pool)
		made = append(made, *cc)
	}
	for _, pool := range slices.Sorted(maps.Keys(d.carried)) {
		if n := d.carried[pool]; n != 0 {
			d.ops = append(d.ops, costcenter.CarryOp(a, pool.CostCenter(), n))
		}
	}
	ops, err := s.centers.FoundOps(costcenter.Change{Account: a, Now: d.buying.Now, By: d.buying.By}, d.known.counts, made...)
	d.ops = append(d.ops, ops...)
	return err
}

// papers are the order and its draft invoice; the quote and the cart, which are used up by it; and that the account is the
// one that the price was made for.
func (d *draft) papers(*Store) error {
	a, o := d.buying.Account.ID, d.order
	order, err := table.Encode(o)
	if err != nil {
		return err
	}
	table.OrderSorts(string(o.Status), o.ID).Put(order)
	invoice, err := table.Encode(Invoice{ID: o.Invoice, Order: o.ID, State: Draft, MadeAt: o.PlacedAt, Priced: o.Priced, BillTo: o.BillTo, Seller: o.Seller, Rev: 1})
	if err != nil {
		return err
	}
	quoted := table.Item{}
	maps.Copy(quoted, d.known.quote)
	var bought table.Edit
	bought.Set(string(o.ID), "order")
	d.ops = append(d.ops,
		table.Put(table.Order(a, o.ID), order, table.Absent()),
		table.Put(table.Invoice(a, o.Invoice), invoice, table.Absent()),
		table.Update(table.Quote(a, d.quote.ID), d.known.quote, quoted, bought, table.All(table.Rev(d.quote.Rev), table.Lacks("order"))),
		d.known.cart.held(table.Delete(d.buying.cartKey(), d.known.cart.was, table.Rev(d.known.cart.Rev))),
		table.Check(table.Settings(a), table.Rev(d.known.account.Rev)),
	)
	return nil
}

// answered are the requests that the cart was asked for with: those that are covered are ordered, all others wait for an answer
// again, since their cart is gone. One that somebody answered meanwhile stays as it is.
func (d *draft) answered(s *Store) error {
	bought := covered(d.order.Rows, d.known.requests)
	for _, r := range d.known.requests {
		if r.State != request.InCart {
			continue
		}
		if !bought[r.ID] {
			ops, err := s.requests.ReopenOps(d.buying.asking(), r)
			if err != nil {
				return err
			}
			d.ops = append(d.ops, ops...)
			continue
		}
		op, err := r.OrderOp(d.buying.asking(), d.order.ID)
		if err != nil {
			return err
		}
		d.ops = append(d.ops, op)
		d.record.Targets = append(d.record.Targets, r.Thing())
		activity.Set(&d.record, "requests."+string(r.ID)+".state", r.State, request.Ordered)
	}
	return nil
}

// covered tells which requests in a cart an order of rows closes: those of which it buys all that they ask for, whichever
// contract its buyer chose. Seats that were bought for one are not there for the next: the oldest comes first, and one that is
// not covered leaves what there is to the others.
func covered(rows []Row, requests []request.Row) map[id.Request]bool {
	seats, all := map[string]int{}, map[id.Request]bool{}
	for _, r := range rows {
		seats[r.Product] += r.Quantity
	}
	for _, r := range requests {
		left, enough := maps.Clone(seats), r.State == request.InCart
		for _, item := range r.Items {
			left[item.Product] -= item.Quantity
			enough = enough && left[item.Product] >= 0
		}
		if enough {
			seats, all[r.ID] = left, true
		}
	}
	return all
}

// note puts a row into the record, with what became of its line.
func (d *draft) note(r *Row, before, after contract.Line, counts map[contract.PoolID]int) {
	by := map[string]int{}
	for pool, n := range counts {
		by[string(pool)] = n
	}
	d.rows = append(d.rows, purchase{r.Contract, r.ContractName, r.Product, after.ProductName, r.Quantity, r.Reinstated, by})
	at := "lines." + r.Product + "."
	d.record.Targets = append(d.record.Targets, after.Thing())
	for field, n := range map[string][2]*int{"bought": {before.Bought, after.Bought}, "limit": {before.Limit, after.Limit}} {
		activity.Set(&d.record, at+field, number(n[0]), number(n[1]))
	}
}

// number is a limit as a value of a record: nil where none is set.
func number(n *int) any {
	if n == nil {
		return nil
	}
	return *n
}

// told is the record of it all.
func (d *draft) told(*Store) error {
	d.record.After["rows"] = d.rows
	d.record.After["total"] = d.order.Totals.Gross
	op, err := d.record.Op()
	d.ops = append(d.ops, op)
	return err
}
