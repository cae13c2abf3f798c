package account

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Member is a person's membership of one account: what decides their rights there.
type Member struct {
	Account  id.Account    `dynamodbav:"account"`
	User     id.User       `dynamodbav:"user"`
	Name     string        `dynamodbav:"name,omitempty"`
	Email    string        `dynamodbav:"email,omitempty"`
	Language string        `dynamodbav:"language,omitempty"`
	Roles    []access.Role `dynamodbav:"roles"`
	// Sets are the permission sets that the person was given.
	Sets []id.PermissionSet `dynamodbav:"sets,omitempty"`
	// Deactivated people are strangers to the account until they are reactivated.
	Deactivated bool `dynamodbav:"deactivated,omitempty"`
	Rev         int  `dynamodbav:"rev"`
}

// Bound is the identity that a person was bound to: where their membership is.
type Bound struct {
	Issuer  string `dynamodbav:"issuer"`
	Subject string `dynamodbav:"subject"`
	// Email is the verified address that came with the subject then, where one did.
	Email string `dynamodbav:"email,omitempty"`
}

// Who is the bound subject.
func (b Bound) Who() access.Subject { return access.Subject{Issuer: b.Issuer, ID: b.Subject} }

// self is what a subject is beside memberships. That it exists means: bound, never again by e-mail.
type self struct {
	Name     string     `dynamodbav:"name,omitempty"`
	Language string     `dynamodbav:"language,omitempty"`
	TimeZone string     `dynamodbav:"timeZone,omitempty"`
	Operator bool       `dynamodbav:"operator,omitempty"`
	Partner  id.Partner `dynamodbav:"partner,omitempty"`
	Staff    id.Staff   `dynamodbav:"staff,omitempty"` // as operator or at the partner
	BoundAt  time.Time  `dynamodbav:"boundAt"`
	Rev      int        `dynamodbav:"rev"`
}

// Load says how a subject stands to an account, strongly consistent: 1 call, 4 units. Somebody whom nobody knows yet
// is bound at this first sign-in if exactly one invitation waits for their verified e-mail, and refused
// (address_already_bound) if that address let in another subject.
func (s *Store) Load(ctx context.Context, who access.Subject, a id.Account, from httpapi.Source, now time.Time) (httpapi.Loaded[Account], error) {
	if a == "" {
		return s.loadSelf(ctx, who, from, now)
	}
	loaded, me, err := s.load(ctx, who, a)
	if err != nil || loaded.Caller.Kind != access.Stranger {
		return loaded, err
	}
	// A batch is no snapshot: somebody whom another request binds at this moment may be seen bound and not yet a member.
	look := me != nil && now.Sub(me.BoundAt) < justBound
	if me == nil && who.Email != "" {
		look, err = s.bind(ctx, who, from, now)
	}
	if err != nil || !look {
		return loaded, err
	}
	loaded, _, err = s.load(ctx, who, a)
	return loaded, err
}

// justBound is how long after a binding a stranger is looked at twice: longer than any batch of reads takes.
const justBound = 10 * time.Second

func (s *Store) load(ctx context.Context, who access.Subject, a id.Account) (out httpapi.Loaded[Account], known *self, err error) {
	membership, selfKey, settings, setsKey := table.Membership(who, a), table.Self(who), table.Settings(a), table.PermissionSets(a)
	rows, err := s.table.GetMany(ctx, membership, selfKey, settings, setsKey)
	if err != nil {
		return out, nil, err
	}
	var me self
	var m Member
	var sets PermissionSets
	if err := errors.Join(table.Decode(rows[selfKey], &me), table.Decode(rows[membership], &m), table.Decode(rows[setsKey], &sets), table.Decode(rows[settings], &out.Account)); err != nil {
		return out, nil, err
	}
	out.Caller = access.Caller{Subject: who}
	if rows[selfKey] != nil {
		known = &me
	}
	if rows[settings] == nil {
		return out, known, nil
	}
	switch {
	case me.Operator:
		out.Caller.Kind, out.Caller.Name = access.Operator, me.Name
	case rows[membership] != nil && !m.Deactivated:
		out.Caller.Kind, out.Caller.User, out.Caller.Roles, out.Caller.Granted = access.Member, m.User, m.Roles, sets.Granted(m.Sets)
		out.Caller.Name, out.Caller.Language = m.Name, m.Language
	case me.Partner != "" && me.Partner == out.Account.Partner:
		out.Caller.Kind, out.Caller.Partner, out.Caller.Name = access.Partner, me.Partner, me.Name
	}
	if me.Language != "" {
		out.Caller.Language = me.Language // a person's own choice comes before what an administrator wrote down
	}
	if out.Caller.Kind == access.Stranger {
		// What a stranger is told must not depend on the account, not even on its language.
		out.Account = Account{}
	}
	out.Locale = out.Account.Locale
	return out, known, nil
}

// loadSelf is Load outside of an account: staff are known there by their kind, members are not.
func (s *Store) loadSelf(ctx context.Context, who access.Subject, from httpapi.Source, now time.Time) (out httpapi.Loaded[Account], err error) {
	item, err := s.table.Get(ctx, table.Self(who))
	if err != nil {
		return out, err
	}
	if item == nil && who.Email != "" {
		look, err := s.bind(ctx, who, from, now)
		if err == nil && look {
			item, err = s.table.Get(ctx, table.Self(who))
		}
		if err != nil {
			return out, err
		}
	}
	var me self
	if err := table.Decode(item, &me); err != nil {
		return out, err
	}
	out.Caller = access.Caller{Subject: who, Name: me.Name, Partner: me.Partner, Language: me.Language}
	switch {
	case me.Operator:
		out.Caller.Kind = access.Operator
	case me.Partner != "":
		out.Caller.Kind = access.Partner
	}
	return out, nil
}

// enrolOps makes a subject a member of an account; me is written too where the subject was not known before.
func (s *Store) enrolOps(who access.Subject, m Member, me self, by activity.Author, action activity.Action, now time.Time) ([]table.Op, error) {
	m.Rev, me.Rev = 1, 1
	member, err := table.Encode(m)
	if err != nil {
		return nil, err
	}
	identity := Bound{Issuer: who.Issuer, Subject: who.ID, Email: who.Email}
	bound, err := table.Encode(identity)
	if err != nil {
		return nil, err
	}
	own, err := table.Encode(me)
	if err != nil {
		return nil, err
	}
	r := activity.New(s.ids, now, m.Account, by, action, activity.Thing{Noun: "user", ID: string(m.User), Name: m.Name})
	r.After = activity.Values{"roles": m.Roles}
	record, err := r.Op()
	if err != nil {
		return nil, err
	}
	ops := []table.Op{
		table.Put(table.Membership(who, m.Account), member, table.Absent()),
		table.Put(table.Self(who), own, table.Absent()), // see selfAt
		table.Put(table.Bound(m.Account, m.User), bound, table.Absent()),
		record,
	}
	if m.Email == "" || m.Deactivated {
		return ops, nil
	}
	at, err := identity.LetInOp(m)
	return append(ops, at), err
}

// Enrol makes a subject that is known by issuer and id a member of a further account, without an invitation. Doing it
// again changes nothing. A user is one subject: one who was another before moves with what they were granted, since a
// membership that Bound does not name would outlive their deactivation.
func (s *Store) Enrol(ctx context.Context, who access.Subject, m Member, now time.Time, by activity.Author) error {
	selfKey, boundKey := table.Self(who), table.Bound(m.Account, m.User)
	rows, err := s.table.GetMany(ctx, selfKey, boundKey)
	if err != nil {
		return err
	}
	var was Bound
	if err := table.Decode(rows[boundKey], &was); err != nil {
		return err
	}
	var left table.Item
	leaves := table.Membership(was.Who(), m.Account)
	if rows[boundKey] != nil && was.Who() != (access.Subject{Issuer: who.Issuer, ID: who.ID}) {
		if left, err = s.table.Get(ctx, leaves); err == nil && left != nil {
			err = table.Decode(left, &m)
		}
		if err != nil {
			return err
		}
	}
	ops, err := s.enrolOps(who, m, self{Name: m.Name, BoundAt: now.UTC()}, by, activity.MemberEnrolled, now)
	if err != nil {
		return err
	}
	if left != nil {
		bound, err := table.Encode(Bound{Issuer: who.Issuer, Subject: who.ID, Email: who.Email})
		if err != nil {
			return err
		}
		ops[2] = table.Put(boundKey, bound, table.Guarded()) // guarded by the membership that is left
		ops = append(ops, table.Delete(leaves, left, table.Rev(table.RevOf(left))))
	}
	if rows[selfKey] != nil {
		ops = slices.Delete(ops, 1, 2)
	}
	if m.Email != "" {
		// Who is let in needs no invitation any more, and nobody else is to find it.
		ops = append(ops, table.Delete(table.Invitation(m.Email, m.Account, m.User), nil, table.Guarded()))
	}
	err = s.table.Write(ctx, ops...)
	var unmet *table.ConditionError
	if errors.As(err, &unmet) {
		return nil
	}
	return err
}

// Mine is an account as one of somebody's own: their membership, or the account of a partner whose staff they are.
type Mine struct {
	Member
	Account Account
}

// Mine lists the accounts that a caller is a member of, or that the partner whose staff they are manages: 1 Query and
// 1 batch for the settings. Operators act on every account and are listed none. Accounts
// that they were deactivated in are left out, so a page may be short.
func (s *Store) Mine(ctx context.Context, who access.Caller, after *table.Position, limit int) (mine []Mine, next *table.Position, err error) {
	q := table.Query{PK: table.Identity(who.Subject), Prefix: table.MembershipPrefix, Limit: limit, After: after}
	if who.Kind == access.Partner {
		q.PK = table.Partner(who.Partner).PK
	}
	type own struct {
		Member
		ID id.Account `dynamodbav:"id"` // a partner's account has it here
	}
	rows, next, err := table.Page[own](ctx, s.table, q)
	if err != nil || len(rows) == 0 {
		return nil, nil, err
	}
	keys := make([]table.Key, len(rows))
	for i, row := range rows {
		keys[i] = table.Settings(row.ID + row.Account) // one of the two is empty
	}
	settings, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return nil, nil, err
	}
	for i, row := range rows {
		if row.Deactivated {
			continue // to them the account does not exist any more, not even its name
		}
		one := Mine{Member: row.Member}
		if err := table.Decode(settings[keys[i]], &one.Account); err != nil {
			return nil, nil, err
		}
		mine = append(mine, one)
	}
	return mine, next, nil
}
