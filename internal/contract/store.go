package contract

import (
	"context"

	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Store keeps contracts and lines.
type Store struct {
	table *table.Table
	ids   *id.Maker
}

// NewStore keeps them in t; records of their changes get their ids from ids.
func NewStore(t *table.Table, ids *id.Maker) *Store { return &Store{t, ids} }

// Row is a contract as it was read: what it says, and the row that a change is made over.
type Row struct {
	Contract
	was table.Item
}

// Read understands a row.
func Read(item table.Item) (Row, error) {
	r := Row{was: item}
	return r, table.Decode(item, &r.Contract)
}

// Get reads a contract and its lines: 2 calls, 1 unit and 1 for each line.
func (s *Store) Get(ctx context.Context, a id.Account, c id.Contract) (Row, []LineRow, error) {
	item, err := s.table.Get(ctx, table.Contract(a, c))
	if err != nil {
		return Row{}, nil, err
	}
	if item == nil {
		return Row{}, nil, fault.Missing()
	}
	row, err := Read(item)
	if err != nil {
		return Row{}, nil, err
	}
	lines, err := s.Lines(ctx, a, row.Contract)
	return row, lines, err
}

// OverCount is how many contracts of an account have more systems than purchased, expired ones too: 1 call, 1 unit.
func (s *Store) OverCount(ctx context.Context, a id.Account) (int, error) {
	item, err := s.table.Get(ctx, table.ContractCounts(a))
	if err != nil {
		return 0, err
	}
	var counts struct {
		Over int `dynamodbav:"over"`
	}
	return counts.Over, table.Decode(item, &counts)
}

// CreateOps are the writes that make a contract: itself, the words that it is found by, and the count of those that
// are over (a contract that comes with systems is never new, so it does not enter the count here).
func CreateOps(a id.Account, c Contract) ([]table.Op, error) {
	c.Rev = 1
	item, err := encode(a, c)
	if err != nil {
		return nil, err
	}
	ops := []table.Op{table.Put(table.Contract(a, c.ID), item, table.Absent())}
	return append(ops, termOps(a, Contract{}, c)...), nil
}

// Change is a contract as it was read, and as it is to be.
type Change struct {
	From Row
	To   Contract
}

// ChangeOps are the writes of changes to contracts as they were read: each under its rev; the words that it is found
// by where its name changed; the account's count of those over the number purchased, by all changes together.
func ChangeOps(a id.Account, changes ...Change) ([]table.Op, error) {
	var ops []table.Op
	over := 0
	for _, ch := range changes {
		item, err := encode(a, ch.To)
		if err != nil {
			return nil, err
		}
		ops = append(ops, table.Replace(table.Contract(a, ch.To.ID), ch.From.was, item))
		ops = append(ops, termOps(a, ch.From.Contract, ch.To)...)
		switch before, now := ch.From.Over() > 0, ch.To.Over() > 0; {
		case now && !before:
			over++
		case before && !now:
			over--
		}
	}
	if over != 0 {
		ops = append(ops, table.Add(table.ContractCounts(a), "over", over))
	}
	return ops, nil
}

func encode(a id.Account, c Contract) (table.Item, error) {
	item, err := table.Encode(c)
	if err != nil {
		return nil, err
	}
	table.ContractSorts(string(c.Swept), c.Name, c.Expiry, c.Over(), c.ID).Put(item)
	if c.Swept == Active {
		table.PutDue(item, c.dueDay(), a, table.DueContract, string(c.ID))
	}
	return item, nil
}

func termOps(a id.Account, before, after Contract) []table.Op {
	words := func(c Contract) []string { return table.Terms(string(c.CRM), c.Name) }
	return table.TermOps(table.ContractTerms(a), string(after.ID), before.Name, words(before), after.Name, words(after))
}
