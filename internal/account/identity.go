package account

import (
	"context"
	"errors"
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

// self is what a subject is beside memberships. That it exists means: known, bound somewhere at some time.
type self struct {
	Name     string     `dynamodbav:"name,omitempty"`
	Language string     `dynamodbav:"language,omitempty"`
	TimeZone string     `dynamodbav:"timeZone,omitempty"`
	Muted    muted      `dynamodbav:"muted,omitempty"` // mails about alerts
	Operator bool       `dynamodbav:"operator,omitempty"`
	Partner  id.Partner `dynamodbav:"partner,omitempty"`
	Staff    id.Staff   `dynamodbav:"staff,omitempty"` // as operator or at the partner
	BoundAt  time.Time  `dynamodbav:"boundAt"`
	Rev      int        `dynamodbav:"rev"`
}

// employed tells whether the subject is somebody's staff.
func (me self) employed() bool { return me.Operator || me.Partner != "" }

// selfOp writes a subject's own row, over the one that was read where there was one.
func selfOp(who access.Subject, me self, was table.Item) (table.Op, error) {
	item, err := table.Encode(me)
	if err != nil {
		return table.Op{}, err
	}
	return table.Keep(table.Self(who), was, item), nil
}

// Load says how a subject stands to an account, strongly consistent: 1 call, 4 units. A stranger to it with a verified
// e-mail answers the invitations that wait for it, at their first sign-in and later: 1 Query more. Somebody whom nobody
// knows is refused (address_already_bound) if that address let in another subject.
func (s *Store) Load(ctx context.Context, who access.Subject, a id.Account, from httpapi.Source, now time.Time) (httpapi.Loaded[Account], error) {
	if a == "" {
		return s.loadSelf(ctx, who, from, now)
	}
	loaded, me, err := s.load(ctx, who, a)
	if err != nil || loaded.Caller.Kind != access.Stranger || me != nil && me.Operator {
		return loaded, err // an operator is a stranger only where there is no account
	}
	// A batch is no snapshot: somebody whom another request binds at this moment may be seen bound and not yet a member.
	look := me != nil && now.Sub(me.BoundAt) < justBound
	if who.Email != "" {
		changed, err := s.bind(ctx, who, a, me != nil, from, now)
		if err != nil {
			return loaded, err
		}
		look = look || changed
	}
	if !look {
		return loaded, nil
	}
	loaded, _, err = s.load(ctx, who, a)
	return loaded, err
}

// Answer has a subject that is known answer the invitations that wait for its verified e-mail, outside of an account: 1
// Query. changed tells that it did, so that what was loaded of it is old.
func (s *Store) Answer(ctx context.Context, who access.Subject, from httpapi.Source, now time.Time) (changed bool, err error) {
	if who.Email == "" {
		return false, nil
	}
	return s.bind(ctx, who, "", true, from, now)
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
	out.Caller = access.Caller{Subject: who, TimeZone: me.TimeZone}
	if rows[selfKey] != nil {
		known = &me
	}
	if rows[settings] == nil {
		return out, known, nil
	}
	switch {
	case me.Operator:
		out.Caller.Kind, out.Caller.Name = access.Operator, me.Name
	// Before membership: else whoever manages an account's users could make its partner's staff a member without rights.
	case me.Partner != "" && me.Partner == out.Account.Partner:
		out.Caller.Kind, out.Caller.Partner, out.Caller.Name = access.Partner, me.Partner, me.Name
	case rows[membership] != nil && !m.Deactivated:
		out.Caller.Kind, out.Caller.User, out.Caller.Roles, out.Caller.Granted = access.Member, m.User, m.Roles, sets.Granted(m.Sets)
		out.Caller.Rev, out.Caller.SetsRev = m.Rev, sets.Rev
		out.Caller.Name, out.Caller.Language = m.Name, m.Language
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
		look, err := s.bind(ctx, who, "", false, from, now)
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
	out.Caller = access.Caller{Subject: who, Name: me.Name, Partner: me.Partner, Language: me.Language, TimeZone: me.TimeZone}
	switch {
	case me.Operator:
		out.Caller.Kind = access.Operator
	case me.Partner != "":
		out.Caller.Kind = access.Partner
	}
	return out, nil
}

// enrolOps make a subject a member of an account; its own row is beside them (selfOp).
func (s *Store) enrolOps(who access.Subject, m Member, by activity.Author, action activity.Action, now time.Time) ([]table.Op, error) {
	m.Rev = 1
	member, err := table.Encode(m)
	if err != nil {
		return nil, err
	}
	identity := Bound{Issuer: who.Issuer, Subject: who.ID, Email: who.Email}
	bound, err := table.Encode(identity)
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
		table.Put(table.Bound(m.Account, m.User), bound, table.Absent()), // see boundAt
		record,
	}
	if m.Email == "" || m.Deactivated {
		return ops, nil
	}
	at, err := identity.LetInOp(m)
	return append(ops, at), err
}

// boundAt is where the operations of enrolOps have who the user is.
const boundAt = 1
