package account

import (
	"context"
	"errors"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Store keeps accounts, partners and identities.
type Store struct {
	table *table.Table
	ids   *id.Maker
}

// NewStore keeps them in t; new things get their ids from ids.
func NewStore(t *table.Table, ids *id.Maker) *Store { return &Store{t, ids} }

// rounds is how often a decision is made again on a fresh image before the caller is told to try later (DATA.md,
// Guards).
const rounds = 5

// Get reads an account: 1 call, 1 unit.
func (s *Store) Get(ctx context.Context, a id.Account) (Account, error) {
	_, acc, err := s.get(ctx, a)
	return acc, err
}

func (s *Store) get(ctx context.Context, a id.Account) (table.Item, Account, error) {
	item, err := s.table.Get(ctx, table.Settings(a))
	if err != nil {
		return nil, Account{}, err
	}
	if item == nil {
		return nil, Account{}, fault.Missing()
	}
	var acc Account
	return item, acc, table.Decode(item, &acc)
}

// Summary is an account in the operators' list and on a partner's desk.
type Summary struct {
	ID   id.Account `dynamodbav:"id"`
	Name string     `dynamodbav:"name"`
	CRM  id.CRM     `dynamodbav:"crm,omitempty"`
}

// CreateOps are the writes that make an account, without its activity record: settings, the operators' list.
func CreateOps(a Account) ([]table.Op, error) {
	a.Rev = 1
	item, err := table.Encode(a)
	if err != nil {
		return nil, err
	}
	listed, err := table.Encode(Summary{a.ID, a.Name, a.CRM})
	if err != nil {
		return nil, err
	}
	return []table.Op{
		table.Put(table.Settings(a.ID), item, table.Absent()),
		table.Put(table.AccountEntry(a.Name, a.ID), listed, table.Guarded()),
	}, nil
}

// ReplaceOps are the writes that change an account as it was read, without its activity record. A new name moves it
// in the lists that are sorted by name.
func ReplaceOps(was table.Item, before, after Account) ([]table.Op, error) {
	item, err := table.Encode(after)
	if err != nil {
		return nil, err
	}
	ops := []table.Op{table.Replace(table.Settings(after.ID), was, item)}
	if before.Name == after.Name && before.Partner == after.Partner {
		return ops, nil
	}
	moved := [][2]table.Key{{table.AccountEntry(before.Name, before.ID), table.AccountEntry(after.Name, after.ID)}, {}}
	if before.Partner != "" {
		moved[1][0] = table.PartnerAccount(before.Partner, before.Name, before.ID)
	}
	if after.Partner != "" {
		moved[1][1] = table.PartnerAccount(after.Partner, after.Name, after.ID)
	}
	for _, m := range moved {
		// Names that fold alike have one key: one transaction may not name a row twice.
		if from, to := m[0], m[1]; from != (table.Key{}) && from != to {
			ops = append(ops, table.Delete(from, nil, table.Guarded()))
		}
		if m[1] == (table.Key{}) {
			continue
		}
		row, err := table.Encode(Summary{after.ID, after.Name, after.CRM})
		if err != nil {
			return nil, err
		}
		ops = append(ops, table.Put(m[1], row, table.Guarded()))
	}
	return ops, nil
}

// Change reads an account, lets decide make the new one, and writes it with its activity record: 2 calls. Where
// somebody was faster it decides again. A decision that changes nothing writes nothing.
func (s *Store) Change(ctx context.Context, a id.Account, now time.Time, by activity.Author, action activity.Action, decide func(Account) (Account, error)) (Account, error) {
	for range rounds {
		was, before, err := s.get(ctx, a)
		if err != nil {
			return Account{}, err
		}
		after, err := decide(before)
		if err != nil {
			return Account{}, err
		}
		if after == before {
			return before, nil
		}
		ops, err := ReplaceOps(was, before, after)
		if err != nil {
			return Account{}, err
		}
		if after.Partner != before.Partner && after.Partner != "" {
			ops = append(ops, table.Check(table.Partner(after.Partner), table.Exists()))
		}
		record, err := changeRecord(s.ids, now, by, action, before, after)
		if err != nil {
			return Account{}, err
		}
		err = s.table.Write(ctx, append(ops, record)...)
		var unmet *table.ConditionError
		if errors.As(err, &unmet) {
			continue
		}
		after.Rev++
		return after, err
	}
	return Account{}, fault.New(fault.Busy, "busy").After(time.Second)
}

func changeRecord(ids *id.Maker, now time.Time, by activity.Author, action activity.Action, before, after Account) (table.Op, error) {
	r := activity.New(ids, now, after.ID, by, action, Thing(after))
	activity.Changed(&r, "name", before.Name, after.Name)
	activity.Changed(&r, "timeZone", before.TimeZone, after.TimeZone)
	activity.Changed(&r, "locale", before.Locale, after.Locale)
	activity.Changed(&r, "currency", before.Currency, after.Currency)
	activity.Changed(&r, "edition", before.Edition, after.Edition)
	activity.Changed(&r, "representative", before.Representative, after.Representative)
	activity.Changed(&r, "partnerId", before.Partner, after.Partner)
	before.Billing.Differences(&r, "billing.", after.Billing)
	return r.Op()
}

// Thing is the account as activity names it.
func Thing(a Account) activity.Thing {
	return activity.Thing{Noun: "account", ID: string(a.ID), Name: a.Name}
}

// List reads accounts in the order of their names, those whose name begins with prefix where one is given: 1 Query.
func (s *Store) List(ctx context.Context, prefix string, after *table.Position, limit int) (accounts []Summary, next *table.Position, err error) {
	return table.Page[Summary](ctx, s.table, table.Query{PK: table.AccountDirectory, Prefix: table.NamePrefix(prefix), Limit: limit, After: after})
}
