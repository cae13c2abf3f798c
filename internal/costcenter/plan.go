package costcenter

import (
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// plan is the one transaction that a change of a cost center is.
type plan struct {
	store  *Store
	change Change
	before Row
	after  CostCenter
	counts table.Item

	ops []table.Op
	// claim, count and kept are the operations that claim a new name, count the active ones and keep an answer; -1 where
	// there is none.
	claim, count, kept int
}

func (p *plan) make(keep func(CostCenter) ([]table.Op, error)) error {
	p.claim, p.count, p.kept = -1, -1, -1
	for _, step := range []func() error{p.row, p.name, p.active, p.record} {
		if err := step(); err != nil {
			return err
		}
	}
	after := p.after
	after.Rev = p.before.Rev + 1
	kept, err := keep(after)
	if len(kept) > 0 {
		p.kept = len(p.ops)
	}
	p.ops = append(p.ops, kept...)
	return err
}

// row is the cost center itself, in the order of names, and the words that it is found by.
func (p *plan) row() error {
	a, before, after := p.change.Account, p.before, p.after
	after.Rev = 1
	item, err := encode(after)
	if err != nil {
		return err
	}
	key := table.CostCenter(a, after.ID)
	if before.There() {
		p.ops = append(p.ops, table.Replace(key, before.was, item))
	} else {
		p.ops = append(p.ops, table.Put(key, item, table.Absent()))
	}
	p.ops = append(p.ops, table.TermOps(table.CostCenterTerms(a), string(after.ID), before.Name, table.Terms(before.Name), after.Name, table.Terms(after.Name))...)
	return nil
}

// claimed is the row of a name that is taken.
type claimed struct {
	CostCenter id.CostCenter `dynamodbav:"costCenter"`
}

// name gives back the name that the cost center had and claims the new one; one that folds alike stays. An archived cost
// center keeps its name, so that it can come back under it.
func (p *plan) name() error {
	was, is := table.CostCenterName(p.change.Account, p.before.Name), table.CostCenterName(p.change.Account, p.after.Name)
	if p.before.There() && was == is {
		return nil
	}
	if p.before.There() {
		p.ops = append(p.ops, table.Delete(was, nil, table.Guarded()))
	}
	item, err := table.Encode(claimed{p.after.ID})
	p.claim = len(p.ops)
	p.ops = append(p.ops, table.Put(is, item, table.Absent()))
	return err
}

// active counts the account's active cost centers, in place, so that changes of several do not wait for each other.
func (p *plan) active() error {
	by := 0
	if p.after.State == Active {
		by++
	}
	if p.before.There() && p.before.State == Active {
		by--
	}
	if by == 0 {
		return nil
	}
	p.count = len(p.ops)
	p.ops = append(p.ops, countOp(p.change.Account, p.counts, by))
	return nil
}

// countOp counts active cost centers more or fewer, held to MaxActive.
func countOp(a id.Account, counts table.Item, by int) table.Op {
	key := table.CostCenterCounts(a)
	if counts == nil {
		return table.Put(key, table.Item{"active": table.Number(by), "rev": table.Number(1)}, table.Absent())
	}
	var edit table.Edit
	edit.Add(by, "active")
	return table.Update(key, counts, counts, edit, table.AtMost(MaxActive-by, "active"))
}

func (p *plan) record() error {
	r := activity.New(p.store.ids, p.change.Now, p.change.Account, p.change.By, action(p.before.CostCenter, p.after), p.after.Thing())
	activity.Changed(&r, "name", p.before.Name, p.after.Name)
	activity.Changed(&r, "state", p.before.State, p.after.State)
	op, err := r.Op()
	p.ops = append(p.ops, op)
	return err
}

// refusal says what a transaction that did not happen means: a refusal on a fresh image, or to decide again.
func (p *plan) refusal(unmet *table.ConditionError) (again bool, err error) {
	if _, answered := unmet.Image(p.kept); answered {
		return false, unmet // the twin's answer is the answer
	}
	if item, taken := unmet.Image(p.claim); taken {
		var by claimed
		if err := table.Decode(item, &by); err != nil {
			return false, err
		}
		if by.CostCenter == p.after.ID {
			return true, nil // somebody gave it that very name meanwhile
		}
		return false, fault.New(fault.Conflict, "cost_center_name_taken", fault.Text("name", p.after.Name)).With(fault.Text("costCenterId", string(by.CostCenter)))
	}
	// Where the row of the counts was not there yet, somebody made it: that is to decide again.
	if _, full := unmet.Image(p.count); full && p.counts != nil {
		return false, fault.New(fault.Conflict, "too_many_cost_centers", fault.Int("max", MaxActive))
	}
	return true, nil
}
