package intake

import (
	"context"
	"maps"
	"slices"
	"strings"

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
	// StartUnsaid: the file has no column for the start. What is not said stays as it was said last.
	StartUnsaid bool `json:"-"`
}

// LineRecord is one product of it; nil seats is a line that the CRM sets no limit for.
type LineRecord struct {
	Product string `dynamodbav:"product"`
	Name    string `dynamodbav:"name,omitempty"`
	Seats   *int   `dynamodbav:"seats,omitempty"`
}

// over is the record with what it leaves unsaid as it was heard, and its lines in the order of products: the same said in
// another order is the same.
func (r ContractRecord) over(h heard) ContractRecord {
	if r.StartUnsaid {
		r.Facts.Start = h.Contract.Start
	}
	r.Lines = slices.Clone(r.Lines)
	slices.SortFunc(r.Lines, func(a, b LineRecord) int { return strings.Compare(a.Product, b.Product) })
	return r
}

// contradicts tells whether a record of the same instant says something else: of the contract, or of a line that was
// named then. A line that was not named then is news.
func (r ContractRecord) contradicts(h heard) bool {
	return r.Facts != h.Contract || slices.ContainsFunc(r.Lines, func(l LineRecord) bool {
		then, named := h.Lines[l.Product]
		return named && !(equal(then.Seats, l.Seats) && then.Name == l.Name)
	})
}

// linesHeard are the lines that were named at the record's instant.
func (r ContractRecord) linesHeard(h heard, in Terms) map[string]LineRecord {
	lines := map[string]LineRecord{}
	if h.sameInstant(in) {
		maps.Copy(lines, h.Lines)
	}
	for _, l := range r.Lines {
		lines[l.Product] = l
	}
	return lines
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
		if _, decided := h.stale(in, hashOf(rec.over(h))); decided {
			continue
		}
		if a, ok := idOf[id.Account](owner); ok && a != "" {
			keys = append(keys, table.Settings(a))
		}
		if c, ok := idOf[id.Contract](h); ok && c != "" {
			keys = append(keys, table.Contract(h.Account, c))
			for _, l := range rec.Lines {
				keys = append(keys, table.Line(h.Account, c, l.Product))
			}
		}
	}
	if err := s.fetch(ctx, known, afresh, keys...); err != nil {
		return err
	}
	return s.loadOtherLines(ctx, known, afresh, records)
}

// decideContract says what a record comes to, on rows as they were read.
func (s *Service) decideContract(in Terms, known images, rec ContractRecord) (outcome, error) {
	h, err := known.heardOf(rec.Contract)
	if err != nil {
		return outcome{}, err
	}
	rec = rec.over(h)
	hash := hashOf(rec)
	if out, decided := h.stale(in, hash); decided {
		return out, nil
	}
	own, ok := idOf[id.Contract](h)
	if !ok || rec.Account == rec.Contract {
		return reject("contractId", "crm_id_of_other_kind"), nil
	}
	if h.sameInstant(in) && rec.contradicts(h) {
		return h.contradicted(), nil
	}
	ch := &change{service: s, in: in, known: known, contractID: own}
	acc, rejected, err := ch.account(rec)
	if err != nil || rejected != nil {
		return outcome{result: Rejected, rejected: rejected}, err
	}
	if own != "" && h.Account != acc.ID {
		return reject("accountId", "contract_of_other_account"), nil
	}
	result, rejected, err := ch.contract(acc, h, rec)
	if err != nil || rejected != nil {
		return outcome{result: Rejected, rejected: rejected}, err
	}
	if result == Unchanged && ch.renamed {
		result = Changed
	}
	moved := in.Stated && in.AsOf.After(h.ChangedAt) || rec.Facts != h.Contract
	if result == Unchanged && !moved {
		return outcome{result: result, id: h.ID}, nil
	}
	h.Lines = rec.linesHeard(h, in)
	h.Account, h.ID, h.ChangedAt, h.Hash, h.Contract = acc.ID, string(ch.contractID), in.AsOf, hash, rec.Facts
	mapped, err := h.op()
	return outcome{result: result, id: h.ID, ops: append(ch.ops, mapped)}, err
}

// change gathers the writes of one record.
type change struct {
	service    *Service
	in         Terms
	known      images
	ops        []table.Op
	contractID id.Contract
	renamed    bool // its account was made, or has a new name
}

// account finds the record's account, makes it where there is none, and takes over a new name that the CRM gives it.
func (ch *change) account(rec ContractRecord) (account.Account, *Finding, error) {
	owner, err := ch.known.heardOf(rec.Account)
	if err != nil {
		return account.Account{}, nil, err
	}
	a, ok := idOf[id.Account](owner)
	switch {
	case !ok:
		return account.Account{}, &Finding{"accountId", "crm_id_of_other_kind", nil}, nil
	case a == "":
		acc, err := ch.newAccount(owner, rec)
		return acc, nil, err
	}
	was := ch.known[table.Settings(a)]
	var before account.Account
	if err := table.Decode(was, &before); err != nil {
		return account.Account{}, nil, err
	}
	said := rec.AccountName != "" && rec.AccountName != before.CRMName
	switch {
	case said && owner.sameInstant(ch.in):
		return before, &Finding{"accountName", "row_contradicts", nil}, nil
	case said && ch.in.AsOf.After(owner.ChangedAt):
		acc, err := ch.rename(was, before, owner, rec)
		return acc, nil, err
	case !said && rec.AccountName != "" && ch.in.Stated && ch.in.AsOf.After(owner.ChangedAt):
		// The name was confirmed at a later instant: what says another name for an earlier one comes too late.
		owner.ChangedAt = ch.in.AsOf
		confirmed, err := owner.op()
		ch.ops = append(ch.ops, confirmed)
		return before, nil, err
	}
	return before, nil, nil
}

func (ch *change) rename(was table.Item, before account.Account, owner heard, rec ContractRecord) (account.Account, error) {
	after := before
	after.Name, after.CRMName = rec.AccountName, rec.AccountName
	ops, err := account.ReplaceOps(was, before, after)
	if err != nil {
		return account.Account{}, err
	}
	record := activity.New(ch.service.ids, ch.in.Now, after.ID, ch.in.By, activity.AccountChanged, account.Thing(after))
	activity.Changed(&record, "name", before.Name, after.Name)
	owner.ChangedAt, ch.renamed = ch.in.AsOf, true
	return after, ch.add(ops, record, owner)
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
	owner.Account, owner.ID, owner.ChangedAt, ch.renamed = acc.ID, string(acc.ID), ch.in.AsOf, true
	return acc, ch.add(ops, record, owner)
}

// add gathers writes, their activity record, and what was heard of a CRM id with them.
func (ch *change) add(ops []table.Op, record activity.Record, h heard) error {
	recorded, err := record.Op()
	if err != nil {
		return err
	}
	mapped, err := h.op()
	ch.ops = append(append(ch.ops, ops...), recorded, mapped)
	return err
}

// contract makes or merges the contract and its lines.
func (ch *change) contract(acc account.Account, h heard, rec ContractRecord) (Result, *Finding, error) {
	action, result := activity.ContractChanged, Changed
	var row contract.Row
	var after contract.Contract
	if ch.contractID == "" {
		action, result = activity.ContractImported, Created
		ch.contractID = id.New[id.Contract](ch.service.ids, ch.in.Now)
		after = contract.Contract{ID: ch.contractID, CRM: rec.Contract, Facts: rec.Facts}.Settled(ch.in.Now)
	} else {
		var err error
		if row, err = contract.Read(ch.known[table.Contract(acc.ID, ch.contractID)]); err != nil {
			return "", nil, err
		}
		if after = row.Take(h.Contract, rec.Facts); after.Expiry != row.Expiry {
			after = after.Redated(ch.in.Now)
		}
	}
	record := activity.New(ch.service.ids, ch.in.Now, acc.ID, ch.in.By, action, after.Thing())
	contract.Differences(&record, row.Contract, after)
	lines, err := ch.lines(acc.ID, rec, &after, &record)
	if err != nil {
		return "", nil, err
	}
	if len(after.Products.List()) > contract.MaxLines {
		return "", &Finding{"productCode", "too_many_lines", []fault.Arg{fault.Int("max", contract.MaxLines)}}, nil
	}
	if after == row.Contract && len(lines) == 0 {
		return Unchanged, nil, nil
	}
	after.TermsRev++
	return result, nil, ch.writeContract(acc.ID, row, after, lines, record)
}

// writeContract gathers the writes of a contract that is new or changed, its lines and its record.
func (ch *change) writeContract(a id.Account, row contract.Row, after contract.Contract, lines []table.Op, record activity.Record) error {
	var ops []table.Op
	var err error
	switch {
	case row.ID == "":
		ops, err = contract.CreateOps(a, after)
	case after != row.Contract:
		ops, err = contract.ChangeOps(a, contract.Change{From: row, To: after})
	}
	if err != nil {
		return err
	}
	recorded, err := record.Op()
	ch.ops = append(append(append(ch.ops, ops...), lines...), recorded)
	return err
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
			rejected[i] = Finding{"seats", "row_contradicts", nil}
		case same >= 0 && rec.Lines[same].Name != line.Name:
			rejected[i] = Finding{"productName", "row_contradicts", nil}
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
