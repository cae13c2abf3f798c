package intake

import (
	"context"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/system"
)

// SystemRecord is what the CRM says of one system; an empty Contract is a system on none.
type SystemRecord struct {
	Account  id.CRM
	System   id.CRM
	Facts    system.Facts
	Contract id.CRM
	// URLUnsaid and ContractUnsaid: the file has no such column. What is not said stays as it was said last.
	URLUnsaid      bool `json:"-"`
	ContractUnsaid bool `json:"-"`
}

// systemSaid is what the CRM last said of a system. Awaits tells that it named a contract that was not taken, while the
// system was on Meanwhile: once the contract is here, the system goes there if nobody moved it since.
type systemSaid struct {
	Facts     system.Facts `dynamodbav:"facts"`
	Contract  id.CRM       `dynamodbav:"contract,omitempty"`
	Awaits    bool         `dynamodbav:"awaits,omitempty"`
	Meanwhile id.Contract  `dynamodbav:"meanwhile,omitempty"`
}

// over is the record with what it leaves unsaid as it was heard.
func (r SystemRecord) over(h heard) SystemRecord {
	if r.URLUnsaid {
		r.Facts.URL = h.System.Facts.URL
	}
	if r.ContractUnsaid {
		r.Contract = h.System.Contract
	}
	r.URLUnsaid, r.ContractUnsaid = false, false
	return r
}

// TakeSystem takes over one system, in one transaction.
func (s *Service) TakeSystem(ctx context.Context, in Terms, rec SystemRecord) (Result, id.System, error) {
	known := images{}
	if err := s.loadSystems(ctx, in, known, false, rec); err != nil {
		return "", "", err
	}
	out, err := s.takeSystem(ctx, in, known, rec)
	if err == nil && out.rejected != nil {
		err = fault.New(fault.Conflict, out.rejected.Code, out.rejected.Args...)
	}
	return out.result, id.System(out.id), err
}

func (s *Service) takeSystem(ctx context.Context, in Terms, known images, rec SystemRecord) (outcome, error) {
	return s.take(ctx, in, known,
		func(k images) (outcome, error) { return s.decideSystem(in, k, rec) },
		func() error { return s.loadSystems(ctx, in, known, true, rec) })
}

// loadSystems reads what deciding on records needs: the CRM map, then the systems that cannot be decided by it alone,
// their accounts, and the contracts that they are on and go to.
func (s *Service) loadSystems(ctx context.Context, in Terms, known images, afresh bool, records ...SystemRecord) error {
	var keys []table.Key
	for _, rec := range records {
		keys = append(keys, table.CRMRecord(rec.Account), table.CRMRecord(rec.System))
		if rec.Contract != "" {
			keys = append(keys, table.CRMRecord(rec.Contract))
		}
	}
	if err := s.fetch(ctx, known, afresh, keys...); err != nil {
		return err
	}
	if err := s.fetchUnsaid(ctx, known, records); err != nil {
		return err
	}
	keys = nil
	var undecided []heard
	for _, rec := range records {
		h, err := known.heardOf(rec.System)
		if err != nil {
			return err
		}
		rec = rec.over(h)
		if _, decided := h.stale(in, hashOf(rec)); decided {
			continue
		}
		if sys, ok := idOf[id.System](h); ok && sys != "" {
			keys, undecided = append(keys, table.System(h.Account, sys)), append(undecided, h)
		}
		if on, err := known.heardOf(rec.Contract); err != nil {
			return err
		} else if c, ok := idOf[id.Contract](on); ok && c != "" {
			keys = append(keys, table.Contract(on.Account, c))
		}
	}
	if err := s.fetch(ctx, known, afresh, keys...); err != nil {
		return err
	}
	keys = nil
	for _, h := range undecided { // the contracts that they come from
		row, err := system.Read(known[table.System(h.Account, id.System(h.ID))])
		if err != nil {
			return err
		}
		if row.Contract != "" {
			keys = append(keys, table.Contract(h.Account, row.Contract))
		}
	}
	return s.fetch(ctx, known, afresh, keys...)
}

// fetchUnsaid reads the CRM map of the contracts that records leave unsaid and that were heard before.
func (s *Service) fetchUnsaid(ctx context.Context, known images, records []SystemRecord) error {
	var keys []table.Key
	for _, rec := range records {
		h, err := known.heardOf(rec.System)
		if err != nil {
			return err
		}
		if c := rec.over(h).Contract; c != "" {
			keys = append(keys, table.CRMRecord(c))
		}
	}
	return s.fetch(ctx, known, false, keys...)
}

// decideSystem says what a record comes to, on rows as they were read.
func (s *Service) decideSystem(in Terms, known images, rec SystemRecord) (outcome, error) {
	h, err := known.heardOf(rec.System)
	if err != nil {
		return outcome{}, err
	}
	rec = rec.over(h)
	hash := hashOf(rec)
	if out, decided := h.stale(in, hash); decided {
		return out, nil
	}
	owner, err := known.heardOf(rec.Account)
	if err != nil {
		return outcome{}, err
	}
	own, ok := idOf[id.System](h)
	a, isAccount := idOf[id.Account](owner)
	switch {
	case !ok || rec.System == rec.Account || rec.System == rec.Contract:
		return reject("systemId", "crm_id_of_other_kind"), nil
	case !isAccount || rec.Account == rec.Contract:
		return reject("accountId", "crm_id_of_other_kind"), nil
	case a == "":
		return reject("accountId", "account_unknown"), nil
	case own != "" && h.Account != a:
		return reject("accountId", "system_of_other_account"), nil
	case h.sameInstant(in) && (rec.Facts != h.System.Facts || rec.Contract != h.System.Contract):
		return h.contradicted(), nil
	}
	on, warning, rejected, err := known.contractOf(a, rec.Contract)
	if err != nil || rejected != nil {
		return outcome{result: Rejected, rejected: rejected}, err
	}
	if warning != nil {
		// The contract may still come. What was heard must then differ from this row, so that the row counts again.
		hash = ""
	}
	before, after, said, err := known.systemOf(s.ids, in, h, rec, on, warning != nil)
	if err != nil {
		return outcome{}, err
	}
	moved := in.Stated && in.AsOf.After(h.ChangedAt) || said != h.System
	if after == before.System && !moved {
		return outcome{result: Unchanged, id: string(after.ID), warning: warning}, nil
	}
	result, ops, err := s.systemOps(in, known, a, before, after)
	if err != nil {
		return outcome{}, err
	}
	h.Account, h.ID, h.ChangedAt, h.Hash, h.System = a, string(after.ID), in.AsOf, hash, said
	mapped, err := h.op()
	return outcome{result: result, id: h.ID, ops: append(ops, mapped), warning: warning}, err
}

// contractOf finds the contract that a system is said to be on. A contract that was never heard of rejects the row; one
// that the CRM has but whose own row was rejected is only warned of: the system itself is in order.
func (k images) contractOf(a id.Account, crm id.CRM) (on id.Contract, warning, rejected *Finding, err error) {
	if crm == "" {
		return "", nil, nil, nil
	}
	h, err := k.heardOf(crm)
	switch {
	case err != nil:
		return "", nil, nil, err
	case h.was == nil:
		return "", nil, &Finding{"contractId", "contract_unknown", nil}, nil
	}
	c, ok := idOf[id.Contract](h)
	switch {
	case !ok:
		return "", nil, &Finding{"contractId", "crm_id_of_other_kind", nil}, nil
	case c == "":
		return "", &Finding{"contractId", "contract_not_taken", nil}, nil, nil
	case h.Account != a:
		return "", nil, &Finding{"contractId", "contract_of_other_account", nil}, nil
	default:
		return c, nil, nil, nil
	}
}

// systemOf merges a record into the system as it was read, or into a new one. A customer's connect or disconnect stays
// until the CRM itself names another contract, or the one that it named and that was not here (notTaken) has come and
// nobody moved the system meanwhile.
func (k images) systemOf(ids *id.Maker, in Terms, h heard, rec SystemRecord, on id.Contract, notTaken bool) (before system.Row, after system.System, said systemSaid, err error) {
	last := h.System
	said = systemSaid{Facts: rec.Facts, Contract: rec.Contract}
	if h.ID == "" {
		after = system.System{ID: id.New[id.System](ids, in.Now), CRM: rec.System, Facts: rec.Facts, Contract: on}
		said.Awaits = notTaken
		return before, after, said, nil
	}
	if before, err = system.Read(k[table.System(h.Account, id.System(h.ID))]); err != nil {
		return before, after, said, err
	}
	after = before.Take(last.Facts, rec.Facts)
	news := rec.Contract != last.Contract
	switch {
	case notTaken && news:
		said.Awaits, said.Meanwhile = true, before.Contract
	case notTaken:
		said.Awaits, said.Meanwhile = last.Awaits, last.Meanwhile
	case news, last.Awaits && before.Contract == last.Meanwhile:
		after.Contract = on
	}
	return before, after, said, nil
}

// systemOps are the writes of a system that is new or changed, with the counters of the contracts that it leaves and
// enters. The CRM may put a system on an expired contract and a trial on any: it says what is.
func (s *Service) systemOps(in Terms, known images, a id.Account, before system.Row, after system.System) (Result, []table.Op, error) {
	if after == before.System {
		return Unchanged, nil, nil
	}
	result, action := Changed, activity.SystemChanged
	write := before.ChangeOps
	if before.ID == "" {
		result, action, write = Created, activity.SystemImported, system.CreateOps
	}
	ops, err := write(a, after)
	if err != nil {
		return "", nil, err
	}
	counted, err := known.countOps(a, before.Contract, after.Contract)
	if err != nil {
		return "", nil, err
	}
	ops = append(ops, counted...)
	record := activity.New(s.ids, in.Now, a, in.By, action, after.Thing())
	system.Differences(&record, before.System, after)
	recorded, err := record.Op()
	return result, append(ops, recorded), err
}

// countOps are the writes of the contracts that a system leaves and enters.
func (k images) countOps(a id.Account, from, to id.Contract) ([]table.Op, error) {
	if from == to {
		return nil, nil
	}
	var changes []contract.Change
	for on, by := range map[id.Contract]int{from: -1, to: 1} {
		if on == "" {
			continue
		}
		row, err := contract.Read(k[table.Contract(a, on)])
		if err != nil {
			return nil, err
		}
		counted := row.Contract
		counted.Mapped += by
		changes = append(changes, contract.Change{From: row, To: counted})
	}
	return contract.ChangeOps(a, changes...)
}
