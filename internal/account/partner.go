package account

import (
	"context"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// PartnerOf reads the partner that manages an account, or nil where none does: 1 call, or none.
func (s *Store) PartnerOf(ctx context.Context, a Account) (*Partner, error) {
	if a.Partner == "" {
		return nil, nil
	}
	item, err := s.table.Get(ctx, table.Partner(a.Partner))
	if err != nil || item == nil {
		return nil, err
	}
	p := &Partner{}
	return p, table.Decode(item, p)
}

// Whom says whom the account's people turn to about their terms: the partner where there is one, else the
// representative (FEATURES.md, Contracts). The name may be empty where nobody was named yet.
func (s *Store) Whom(ctx context.Context, a Account) (Contact, error) {
	p, err := s.PartnerOf(ctx, a)
	return a.Whom(p), err
}

// Whom is Store.Whom where the account's partner is known; nil is none.
func (a Account) Whom(p *Partner) Contact {
	if p == nil {
		return a.Representative
	}
	c := p.Contact
	if c.Name == "" {
		c.Name = p.Name
	}
	return c
}

// Link gives an account to a partner, or to none where p is empty; a partner that does not exist is refused.
func (s *Store) Link(ctx context.Context, a id.Account, p id.Partner, now time.Time, by activity.Author) (Account, error) {
	action := activity.PartnerLinked
	if p == "" {
		action = activity.PartnerUnlinked
	} else if item, err := s.table.Get(ctx, table.Partner(p)); err != nil || item == nil {
		if err == nil {
			err = fault.New(fault.Invalid, "partner_unknown", fault.Text("partnerId", string(p)))
		}
		return Account{}, err
	}
	return s.Change(ctx, a, now, by, action, func(acc Account) (Account, error) {
		acc.Partner = p
		return acc, nil
	})
}

// NewPartner prepares a partner and the writes that make it; the caller adds the record of an idempotency key, since
// a repeat would make a second one, and writes all.
func (s *Store) NewPartner(name string, contact Contact, now time.Time, by activity.Author) (Partner, []table.Op, error) {
	p := Partner{ID: id.New[id.Partner](s.ids, now), Name: name, Contact: contact, Rev: 1}
	item, err := table.Encode(p)
	if err != nil {
		return Partner{}, nil, err
	}
	listed, err := table.Encode(p)
	if err != nil {
		return Partner{}, nil, err
	}
	r := activity.New(s.ids, now, "", by, activity.PartnerCreated, activity.Thing{Noun: "partner", ID: string(p.ID), Name: p.Name})
	record, err := r.Op()
	if err != nil {
		return Partner{}, nil, err
	}
	return p, []table.Op{
		table.Put(table.Partner(p.ID), item, table.Absent()),
		table.Put(table.PartnerEntry(p.Name, p.ID), listed, table.Guarded()),
		record,
	}, nil
}

// Partners reads partners in the order of their names: 1 Query.
func (s *Store) Partners(ctx context.Context, prefix string, after *table.Position, limit int) (partners []Partner, next *table.Position, err error) {
	return table.Page[Partner](ctx, s.table, table.Query{PK: table.PartnerDirectory, Prefix: table.NamePrefix(prefix), Limit: limit, After: after})
}

// Managed is an account on its partner's desk.
type Managed struct {
	Account
	// Overview is nil until somebody has counted.
	Overview *Overview
}

// Desk reads the accounts that a partner manages, in the order of their names, with what stands of each: 1 Query, and 1
// batch for each 50 of them. Where there are none, 1 call for the partner, who must be there (404). An account that left the partner in between is not
// shown, so a page may be short.
func (s *Store) Desk(ctx context.Context, p id.Partner, after *table.Position, limit int) (managed []Managed, next *table.Position, err error) {
	company := table.Partner(p)
	listed, next, err := table.Page[Summary](ctx, s.table, table.Query{PK: company.PK, Prefix: table.MembershipPrefix, Limit: limit, After: after})
	if err != nil {
		return nil, nil, err
	}
	if len(listed) == 0 {
		item, err := s.table.Get(ctx, company)
		if err == nil && item == nil {
			err = fault.Missing()
		}
		return nil, next, err
	}
	keys := make([]table.Key, 0, 2*len(listed))
	for _, one := range listed {
		keys = append(keys, table.Settings(one.ID), table.Overview(one.ID))
	}
	rows, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return nil, nil, err
	}
	for _, one := range listed {
		var m Managed
		if err := table.Decode(rows[table.Settings(one.ID)], &m.Account); err != nil {
			return nil, nil, err
		}
		if m.Partner != p {
			continue
		}
		if row := rows[table.Overview(one.ID)]; row != nil {
			m.Overview = &Overview{}
			if err := table.Decode(row, m.Overview); err != nil {
				return nil, nil, err
			}
		}
		managed = append(managed, m)
	}
	return managed, next, nil
}
