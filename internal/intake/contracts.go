package intake

import (
	"context"
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// ContractRecord is what the CRM says of one contract. Lines that it does not name are left alone.
type ContractRecord struct {
	Account     id.CRM
	AccountName string
	Contract    id.CRM
	Facts       contract.Facts
	Lines       []LineRecord
}

// LineRecord is one product of it; nil seats is a line that the CRM sets no limit for.
type LineRecord struct {
	Product string
	Name    string
	Seats   *int
}

// TakeContract takes over one contract, in one transaction.
func (s *Service) TakeContract(ctx context.Context, in Terms, rec ContractRecord) (Result, id.Contract, error) {
	known := images{}
	if err := s.loadContracts(ctx, in, known, false, rec); err != nil {
		return "", "", err
	}
	out, err := s.takeContract(ctx, in, known, rec)
	if err == nil && out.rejected != nil {
		err = fault.New(fault.Conflict, out.rejected.Code, out.rejected.Args...)
	}
	return out.result, id.Contract(out.id), err
}

func (s *Service) takeContract(ctx context.Context, in Terms, known images, rec ContractRecord) (outcome, error) {
	return s.take(ctx, in, known,
		func(k images) (outcome, error) { return s.decideContract(in, k, rec) },
		func() error { return s.loadContracts(ctx, in, known, true, rec) })
}

// loadContracts reads what deciding on records needs: the CRM map, then the contracts and lines of those that cannot
// be decided by it alone, and their accounts. 2 batches for each 100 rows.
func (s *Service) loadContracts(ctx context.Context, in Terms, known images, afresh bool, records ...ContractRecord) error {
	var keys []table.Key
	for _, rec := range records {
		keys = append(keys, table.CRMRecord(rec.Account), table.CRMRecord(rec.Contract))
	}
	if err := s.fetch(ctx, known, afresh, keys...); err != nil {
		return err
	}
	keys = nil
	for _, rec := range records {
		owner, err := known.heardOf(rec.Account)
		if err != nil {
			return err
		}
		h, err := known.heardOf(rec.Contract)
		if err != nil {
			return err
		}
		if _, decided := h.stale(in, hashOf(rec)); decided {
			continue
		}
		if owner.ID != "" {
			keys = append(keys, table.Settings(id.Account(owner.ID)))
		}
		if h.ID != "" {
			keys = append(keys, table.Contract(h.Account, id.Contract(h.ID)))
			for _, l := range rec.Lines {
				keys = append(keys, table.Line(h.Account, id.Contract(h.ID), l.Product))
			}
		}
	}
	return s.fetch(ctx, known, afresh, keys...)
}

// decideContract says what a record comes to, on rows as they were read.
func (s *Service) decideContract(in Terms, known images, rec ContractRecord) (outcome, error) {
	h, err := known.heardOf(rec.Contract)
	if err != nil {
		return outcome{}, err
	}
	hash := hashOf(rec)
	if out, decided := h.stale(in, hash); decided {
		return out, nil
	}
	ch := &change{service: s, in: in, known: known}
	acc, err := ch.account(rec)
	if err != nil {
		return outcome{}, err
	}
	if h.ID != "" && h.Account != acc.ID {
		return reject("accountId", "contract_of_other_account"), nil
	}
	result, err := ch.contract(acc, h, rec)
	if err != nil {
		return outcome{}, err
	}
	if result == Unchanged && len(ch.ops) > 0 {
		result = Changed // its account was made, or has a new name
	}
	moved := in.Stated && in.AsOf.After(h.ChangedAt) || rec.Facts != h.Contract
	if result == Unchanged && !moved {
		return outcome{result: result, id: h.ID}, nil
	}
	h.Account, h.ID, h.ChangedAt, h.Hash, h.Contract = acc.ID, string(ch.contractID), in.AsOf, hash, rec.Facts
	mapped, err := h.op(rec.Contract)
	return outcome{result: result, id: h.ID, ops: append(ch.ops, mapped)}, err
}

// change gathers the writes of one record.
type change struct {
	service    *Service
	in         Terms
	known      images
	ops        []table.Op
	contractID id.Contract
}

// account finds the record's account, makes it where there is none, and takes over a new name that the CRM gives it.
func (ch *change) account(rec ContractRecord) (account.Account, error) {
	owner, err := ch.known.heardOf(rec.Account)
	if err != nil {
		return account.Account{}, err
	}
	if owner.ID == "" {
		return ch.newAccount(owner, rec)
	}
	was := ch.known[table.Settings(id.Account(owner.ID))]
	var before account.Account
	if err := table.Decode(was, &before); err != nil {
		return account.Account{}, err
	}
	if rec.AccountName == "" || rec.AccountName == before.CRMName || ch.in.AsOf.Before(owner.ChangedAt) {
		return before, nil
	}
	after := before
	after.Name, after.CRMName = rec.AccountName, rec.AccountName
	ops, err := account.ReplaceOps(was, before, after)
	if err != nil {
		return account.Account{}, err
	}
	record := activity.New(ch.service.ids, ch.in.Now, after.ID, ch.in.By, activity.AccountChanged, account.Thing(after))
	activity.Changed(&record, "name", before.Name, after.Name)
	owner.ChangedAt = ch.in.AsOf
	return after, ch.add(ops, record, owner, rec.Account)
}

func (ch *change) newAccount(owner heard, rec ContractRecord) (account.Account, error) {
	acc := account.Account{
		ID: id.New[id.Account](ch.service.ids, ch.in.Now), Name: rec.AccountName, CRM: rec.Account, CRMName: rec.AccountName,
		Terms: ch.in.Defaults, CreatedAt: ch.in.Now.UTC(), Rev: 1,
	}
	if acc.Name == "" {
		acc.Name = string(rec.Account)
	}
	ops, err := account.CreateOps(acc)
	if err != nil {
		return acc, err
	}
	record := activity.New(ch.service.ids, ch.in.Now, acc.ID, ch.in.By, activity.AccountCreated, account.Thing(acc))
	owner.Account, owner.ID, owner.ChangedAt = acc.ID, string(acc.ID), ch.in.AsOf
	return acc, ch.add(ops, record, owner, rec.Account)
}

// add gathers writes, their activity record, and what was heard of a CRM id with them.
func (ch *change) add(ops []table.Op, record activity.Record, h heard, crm id.CRM) error {
	recorded, err := record.Op()
	if err != nil {
		return err
	}
	mapped, err := h.op(crm)
	ch.ops = append(append(ch.ops, ops...), recorded, mapped)
	return err
}

// contract makes or merges the contract and its lines.
func (ch *change) contract(acc account.Account, h heard, rec ContractRecord) (Result, error) {
	if h.ID == "" {
		ch.contractID = id.New[id.Contract](ch.service.ids, ch.in.Now)
		c := contract.Contract{ID: ch.contractID, CRM: rec.Contract, Facts: rec.Facts}.Settled(ch.in.Now)
		ops, err := contract.CreateOps(acc.ID, c)
		if err != nil {
			return "", err
		}
		ch.ops = append(ch.ops, ops...)
		record := activity.New(ch.service.ids, ch.in.Now, acc.ID, ch.in.By, activity.ContractImported, c.Thing())
		contract.Differences(&record, contract.Contract{}, c)
		if _, err := ch.lines(acc.ID, rec, &record); err != nil {
			return "", err
		}
		return Created, ch.record(record)
	}
	ch.contractID = id.Contract(h.ID)
	row, err := contract.Read(ch.known[table.Contract(acc.ID, ch.contractID)])
	if err != nil {
		return "", err
	}
	after := row.Take(h.Contract, rec.Facts)
	record := activity.New(ch.service.ids, ch.in.Now, acc.ID, ch.in.By, activity.ContractChanged, after.Thing())
	if after != row.Contract {
		if after.Expiry != row.Expiry {
			after = after.Settled(ch.in.Now)
		}
		ops, err := contract.ChangeOps(acc.ID, contract.Change{From: row, To: after})
		if err != nil {
			return "", err
		}
		ch.ops = append(ch.ops, ops...)
		contract.Differences(&record, row.Contract, after)
	}
	linesChanged, err := ch.lines(acc.ID, rec, &record)
	if err != nil || after == row.Contract && !linesChanged {
		return Unchanged, err
	}
	return Changed, ch.record(record)
}

func (ch *change) record(r activity.Record) error {
	op, err := r.Op()
	ch.ops = append(ch.ops, op)
	return err
}

// lines makes or changes the lines that the record names.
func (ch *change) lines(a id.Account, rec ContractRecord, record *activity.Record) (changed bool, err error) {
	for _, said := range rec.Lines {
		item := ch.known[table.Line(a, ch.contractID, said.Product)]
		var before *contract.Line
		line := contract.Line{Contract: ch.contractID, Product: said.Product, ProductName: said.Product}
		if item != nil {
			before = &contract.Line{}
			if err := table.Decode(item, before); err != nil {
				return false, err
			}
			line = *before
		}
		if said.Name != "" {
			line.ProductName = said.Name
		}
		line.Contracted = said.Seats
		if before != nil && line.ProductName == before.ProductName && equal(line.Contracted, before.Contracted) {
			continue
		}
		op, err := contract.LineOp(a, before, line)
		if err != nil {
			return false, err
		}
		ch.ops, changed = append(ch.ops, op), true
		var had *int
		if before != nil {
			had = before.Contracted
		}
		activity.Changed(record, "lines."+said.Product+".contracted", number(had), number(line.Contracted))
	}
	return changed, nil
}

func equal(a, b *int) bool { return number(a) == number(b) }

// number makes a limit comparable: -1 where none is set.
func number(n *int) int {
	if n == nil {
		return -1
	}
	return *n
}

// joinRows makes one record of the rows of a contract, in the file's order. A row that contradicts an earlier one is
// rejected, the others stand; the row's index in the group tells which.
func joinRows(rows []ContractRecord) (rec ContractRecord, rejected map[int]Finding) {
	rejected = map[int]Finding{}
	rec = rows[0]
	rec.Lines = nil
	for i, row := range rows {
		line := row.Lines[0]
		same := slices.IndexFunc(rec.Lines, func(l LineRecord) bool { return l.Product == line.Product })
		switch {
		case row.Account != rec.Account:
			rejected[i] = Finding{"accountId", "row_contradicts", nil}
		case row.Facts != rec.Facts || row.AccountName != rec.AccountName:
			rejected[i] = Finding{contradiction(rec, row), "row_contradicts", nil}
		case same >= 0 && !equal(rec.Lines[same].Seats, line.Seats):
			rejected[i] = Finding{"productCode", "row_contradicts", nil}
		case same >= 0:
		case len(rec.Lines) == contract.MaxLines:
			rejected[i] = Finding{"productCode", "too_many_lines", []fault.Arg{fault.Int("max", contract.MaxLines)}}
		default:
			rec.Lines = append(rec.Lines, line)
		}
	}
	return rec, rejected
}

func contradiction(a, b ContractRecord) string {
	switch {
	case a.AccountName != b.AccountName:
		return "accountName"
	case a.Facts.Name != b.Facts.Name:
		return "contractName"
	case a.Facts.Start != b.Facts.Start:
		return "startDate"
	case a.Facts.Expiry != b.Facts.Expiry:
		return "expiryDate"
	default:
		return "systemsPurchased"
	}
}
