package order

import (
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// What one order takes of cost centers: parts of rows, and ones that it creates.
const (
	MaxParts = 250
	MaxNew   = 10
)

// Carriers say which cost centers carry the seats of an order (FEATURES.md, Buying): one for all rows, and others for those
// that are named. Their zero value is none for all.
type Carriers struct {
	// All carries the rows that Rows does not name. Its quantity says nothing.
	All Part
	// Rows are the parts of a product's row. A single part whose quantity is 0 carries the whole row.
	Rows map[string][]Part
}

// of are the parts of a row. Refused (422) are parts that do not sum to its quantity, with the row and both sums (split_sum).
func (c Carriers) of(product, called string, quantity int) ([]Part, *fault.Error) {
	parts, named := c.Rows[product]
	if !named {
		parts = []Part{c.All}
		parts[0].Quantity = 0
	}
	if len(parts) == 1 && parts[0].Quantity == 0 {
		whole := parts[0]
		whole.Quantity = quantity
		return []Part{whole}, nil
	}
	sum := 0
	for _, p := range parts {
		sum += p.Quantity
	}
	if sum != quantity {
		return nil, fault.New(fault.Invalid, "split_sum", fault.Text("product", called), fault.Int("sum", sum), fault.Int("quantity", quantity)).
			With(fault.Text("productId", product))
	}
	return slices.Clone(parts), nil
}

// taken is a part whose new cost center's name somebody has already: it is that one that is meant.
func (k known) taken(a id.Account, p Part) Part {
	if p.New {
		if cc := k.claims[table.CostCenterName(a, p.CostCenterName)]; cc != "" {
			p.CostCenter, p.New = cc, false
		}
	}
	return p
}

// again are the carriers of a quote, for a new one of what may be another cart: a row that one cost center carried is carried
// by it whatever its quantity is now; a split holds while the quantity does, and else is none's, until the buyer splits it
// anew.
func (q Quote) again(cart Cart) Carriers {
	c := Carriers{Rows: map[string][]Part{}}
	for _, r := range q.Rows {
		i := cart.at(r.Product)
		switch {
		case i < 0:
		case len(r.Split) == 1:
			only := r.Split[0]
			only.Quantity = 0
			c.Rows[r.Product] = []Part{only}
		case cart.Items[i].Quantity == r.Quantity:
			c.Rows[r.Product] = r.Split
		}
	}
	return c
}

// all are the parts of all rows that name a cost center, for what is to be read.
func (c Carriers) all() []Part {
	parts := []Part{c.All}
	for _, row := range c.Rows {
		parts = append(parts, row...)
	}
	return parts
}

// within refuses more than an order takes (order_too_large): parts, or new cost centers.
func (c Carriers) within() *fault.Error {
	names := map[string]bool{}
	all := c.all()
	for _, p := range all {
		if p.New {
			names[text.Fold(p.CostCenterName)] = true
		}
	}
	if len(all) > MaxParts+1 || len(names) > MaxNew {
		return tooLarge()
	}
	return nil
}

func tooLarge() *fault.Error { return fault.New(fault.Invalid, "order_too_large") }

// center is the cost center of a part as it is known now: the one that is named, or the one that has the name of a new one
// already. Refused are one that the account does not have (cost_center_unknown) and one that is archived
// (cost_center_archived).
func (k known) center(p Part) (Part, error) {
	p = k.taken(k.account.ID, p)
	if p.CostCenter == "" {
		return p, nil
	}
	row := k.centers[p.CostCenter]
	if !row.There() {
		return p, costCenterUnknown(p.CostCenter)
	}
	p.CostCenterName = row.Name
	return p, row.MayCarry()
}

// settle is parts with their cost centers as they are known now. One that is named twice carries the sum.
func (k known) settle(parts []Part) ([]Part, error) {
	var all []Part
	for _, p := range parts {
		p, err := k.center(p)
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(all, p.sameCenter); i >= 0 {
			all[i].Quantity += p.Quantity
		} else {
			all = append(all, p)
		}
	}
	return all, nil
}

func (p Part) sameCenter(o Part) bool {
	return p.CostCenter == o.CostCenter && p.New == o.New && (!p.New || text.Fold(p.CostCenterName) == text.Fold(o.CostCenterName))
}

func costCenterUnknown(cc id.CostCenter) *fault.Error {
	return fault.New(fault.Invalid, "cost_center_unknown", fault.Text("costCenterId", string(cc)))
}
