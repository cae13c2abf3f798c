package removal

import (
	"maps"
	"slices"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/money"
)

// Wish is what somebody wants removed of a line.
type Wish struct {
	Contract id.Contract
	Product  string
	// Period says by what the licences are billed; it may be left out where the line has one kind in stock alone.
	Period catalog.Period
	Counts map[contract.PoolID]int // each 1 at least
}

// Change is who removes licences of an account, and when.
type Change struct {
	Account account.Account
	Now     time.Time
	By      activity.Author
	// Contact is whom to turn to about the account's terms, by name, for refusals; Whom is all that is known of them.
	Contact string
	Whom    account.Contact
}

func (ch Change) today() date.Date { return ch.Account.Today(ch.Now) }

// managed refuses an account whose terms a partner manages: it removes nothing by itself (infra/decisions/0007).
func (ch Change) managed(a account.Account) *fault.Error {
	if a.Partner == "" {
		return nil
	}
	return fault.New(fault.Conflict, "partner_managed", fault.Text("contactName", ch.Contact)).With(fault.Arg{Name: "contact", Value: ch.Whom})
}

// Removable is how many licences of a line can leave stock: those that are free, by pool. Where the unassigned pool owes
// seats, the sum is less than that of the pools: it is never above what the line has available.
func Removable(l contract.Line) (byPool map[contract.PoolID]int, total int) {
	byPool = map[contract.PoolID]int{}
	for pool, p := range l.Pools {
		if n := min(p.Available, l.Available); n > 0 {
			byPool[pool] = n
			total += n
		}
	}
	return byPool, max(0, min(total, l.Available))
}

// settle is by what the licences of a wish are billed: as it says, else by the one period that seats in stock are billed by.
// Where there are both, only who asks knows (period_needed, with both numbers).
func settle(l contract.Line, named catalog.Period) (catalog.Period, *fault.Error) {
	monthly, yearly := l.InStock(catalog.Monthly), l.InStock(catalog.Yearly)
	switch {
	case named != "":
		return named, nil
	case monthly > 0 && yearly > 0:
		return "", fault.New(fault.Invalid, "period_needed", fault.Text("product", l.ProductName), fault.Int("monthly", monthly), fault.Int("yearly", yearly))
	case monthly > 0:
		return catalog.Monthly, nil
	}
	return catalog.Yearly, nil
}

// Bill is what a line's seats of one period cost, as far as that is known: by their product's price in the account's
// currency.
type Bill struct {
	Period catalog.Period // empty: no price is known
	Unit   money.Money    // a seat and period, at the tier of all seats of the line, before tax
}

// billed is the bill of a line's seats of a period, by today's catalog; nothing is known of them where the product is not
// sold by that.
func billed(l contract.Line, products catalog.Products, currency string, by catalog.Period) Bill {
	p, _ := products.Get(l.Product)
	price, sold := p.In(currency, by)
	if !sold {
		return Bill{}
	}
	seats := 0
	if l.Limit != nil {
		seats = *l.Limit
	}
	return Bill{by, money.Money{Amount: price.Unit(max(1, seats)), Currency: currency}}
}

// times is what n seats come to in a period. It is cut to the greatest amount that there is.
func (b Bill) times(n int) money.Money {
	return money.Money{Amount: money.Part(b.Unit.Amount, int64(n), 1), Currency: b.Unit.Currency}
}

// effective is the first day that removed licences are not billed: the next billing date where they are billed by the
// month, else the contract's end.
func effective(c contract.Contract, period catalog.Period, today date.Date) date.Date {
	if period == catalog.Monthly {
		return c.Cycle(catalog.Monthly).Next(today)
	}
	return c.Expiry
}

// known is what a removal is decided on.
type known struct {
	account  account.Account
	contract contract.Contract
	line     contract.LineRow
	centers  map[id.CostCenter]costcenter.Row // those that are named
	products catalog.Products
	// pending are the line's removals that wait; counted only where there may be too many of them.
	pending int
}

// Review is what a removal would come to.
type Review struct {
	Removal
	Bill Bill
	// Line is as it would be: the licences are out of stock.
	Line contract.Line
	// centers are the names of who carries the licences.
	centers map[id.CostCenter]string
}

// plan decides on a wish. Refused are what the account does not have (contract_not_found, product_not_on_contract,
// cost_center_unknown), an account whose partner manages its terms, a contract that is expired, a period that only the
// caller knows, more than is free (not_removable, with the numbers of each cost center) or is billed by that period
// (not_billed_so, with the number), and one removal of a line too many.
func (k known) plan(ch Change, w Wish) (Review, *fault.Error) {
	if refused := k.missing(w); refused != nil {
		return Review{}, refused
	}
	today, c := ch.today(), k.contract
	switch obstacle(k.account, c, today) {
	case PartnerManaged:
		return Review{}, ch.managed(k.account)
	case Ended:
		return Review{}, fault.New(fault.Conflict, "removal_expired", fault.Text("contract", c.Name), fault.Text("expiryDate", string(c.Expiry)), fault.Text("contact", ch.Contact))
	}
	by, refused := settle(k.line.Line, w.Period)
	if refused != nil {
		return Review{}, refused
	}
	free, most := Removable(k.line.Line)
	quantity := 0
	for pool, n := range w.Counts {
		quantity += n
		if n > free[pool] {
			return Review{}, notRemovable(k.line.Line, free, most)
		}
	}
	if quantity > most {
		return Review{}, notRemovable(k.line.Line, free, most)
	}
	if so := k.line.InStock(by); quantity > so {
		return Review{}, fault.New(fault.Conflict, "not_billed_so", fault.Text("product", k.line.ProductName), fault.Int("removable", min(so, most)), fault.Word("period", "billed_"+string(by)))
	}
	if k.pending >= MaxPending {
		return Review{}, fault.New(fault.Conflict, "too_many_removals", fault.Text("product", k.line.ProductName), fault.Int("max", MaxPending))
	}
	r := Removal{
		Contract: w.Contract, ContractName: k.contract.Name, Product: w.Product, ProductName: k.line.ProductName, Period: by,
		Counts: maps.Clone(w.Counts), Quantity: quantity, Effective: effective(k.contract, by, today), State: Pending,
		By: ch.By, CreatedAt: ch.Now.UTC().Truncate(time.Millisecond),
	}
	names := map[id.CostCenter]string{}
	for cc, row := range k.centers {
		names[cc] = row.Name
	}
	bill := billed(k.line.Line, k.products, ch.Account.Currency, by)
	return Review{Removal: r, Bill: bill, Line: k.line.Withheld(w.Counts, by), centers: names}, nil
}

func (k known) missing(w Wish) *fault.Error {
	switch {
	case k.contract.ID == "":
		return fault.New(fault.Invalid, "contract_not_found", fault.Text("contractId", string(w.Contract)))
	case !k.line.There():
		return fault.New(fault.Invalid, "product_not_on_contract", fault.Text("productId", w.Product))
	}
	for pool := range w.Counts {
		if cc := pool.CostCenter(); cc != "" && !k.centers[cc].There() {
			return fault.New(fault.Invalid, "cost_center_unknown", fault.Text("costCenterId", string(cc)))
		}
	}
	return nil
}

// Part is what one cost center carries of licences; without CostCenter nobody does.
type Part struct {
	CostCenter id.CostCenter `json:"costCenterId,omitempty" doc:"Left out: carried by none."`
	Name       string        `json:"costCenterName,omitempty"`
	Quantity   int           `json:"quantity"`
}

// parts lists counts by pool in its order, with the names that are known.
func parts(counts map[contract.PoolID]int, names map[id.CostCenter]string) []Part {
	all := make([]Part, 0, len(counts))
	for _, pool := range slices.Sorted(maps.Keys(counts)) {
		cc := pool.CostCenter()
		all = append(all, Part{cc, names[cc], counts[pool]})
	}
	return all
}

func notRemovable(l contract.Line, free map[contract.PoolID]int, most int) *fault.Error {
	return fault.New(fault.Conflict, "not_removable", fault.Text("product", l.ProductName), fault.Int("removable", most)).
		With(fault.Arg{Name: "removableByCostCenter", Value: parts(free, nil)})
}
