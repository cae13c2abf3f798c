package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Staff is somebody who works for a partner, or for the vendor where the partner is empty: an operator.
type Staff struct {
	ID      id.Staff   `dynamodbav:"id"`
	Partner id.Partner `dynamodbav:"partner,omitempty"`
	StaffDetails
	// Identity is who they sign in as; empty until their first sign-in.
	Identity Bound     `dynamodbav:"bound"`
	AddedAt  time.Time `dynamodbav:"addedAt"`
	Rev      int       `dynamodbav:"rev"`
}

// StaffDetails are what an operator writes down of somebody.
type StaffDetails struct {
	Name     string `dynamodbav:"name"`
	Email    string `dynamodbav:"email,omitempty"` // empty where the subject was known from the start
	Language string `dynamodbav:"language,omitempty"`
}

// signedIn tells whether somebody is bound already.
func (s Staff) signedIn() bool { return s.Identity.Subject != "" }

func kindOf(p id.Partner) access.Kind {
	if p == "" {
		return access.Operator
	}
	return access.Partner
}

// operators are those who have signed in.
type operators struct {
	Staff []id.Staff `dynamodbav:"staff"`
	Rev   int        `dynamodbav:"rev"`
}

// without is the operators once one is gone; the last one stays, since nobody else could let another one in.
func (o operators) without(s Staff) ([]id.Staff, error) {
	left := slices.DeleteFunc(slices.Clone(o.Staff), func(one id.Staff) bool { return one == s.ID })
	if len(left) == 0 {
		return nil, fault.New(fault.Conflict, "last_operator", fault.Text("name", s.Name))
	}
	return left, nil
}

func operatorsOp(was table.Item, staff []id.Staff) (table.Op, error) {
	item, err := table.Encode(operators{Staff: staff})
	if err != nil {
		return table.Op{}, err
	}
	return table.Keep(table.Operators(), was, item), nil
}

func staffRecord(ids *id.Maker, now time.Time, by activity.Author, action activity.Action, s Staff) (table.Op, error) {
	r := activity.New(ids, now, "", by, action, activity.Thing{Noun: "staff", ID: string(s.ID), Name: s.Name})
	values := activity.Values{"name": s.Name, "email": s.Email, "language": s.Language, "partnerId": s.Partner}
	if action == activity.StaffRemoved {
		r.Before = values
	} else {
		r.After = values
	}
	return r.Op()
}

func staffOp(s Staff, was table.Item) (table.Op, error) {
	item, err := table.Encode(s)
	if err != nil {
		return table.Op{}, err
	}
	table.StaffSorts(s.Name, s.ID).Put(item)
	return table.Keep(table.StaffMember(s.Partner, s.ID), was, item), nil
}

// joinOps make a subject staff: the person's row, the list of operators, their address; me becomes what the subject's own
// row is to be (selfOp). Each was is the row as it was read, or nil.
func joinOps(staff Staff, was table.Item, me *self, operatorsWas table.Item) ([]table.Op, error) {
	person, err := staffOp(staff, was)
	if err != nil {
		return nil, err
	}
	me.Name, me.Operator, me.Partner, me.Staff = staff.Name, staff.Partner == "", staff.Partner, staff.ID
	ops := []table.Op{person}
	if me.Operator {
		var o operators
		if err := table.Decode(operatorsWas, &o); err != nil {
			return nil, err
		}
		listed, err := operatorsOp(operatorsWas, append(slices.Clone(o.Staff), staff.ID))
		if err != nil {
			return nil, err
		}
		ops = append(ops, listed)
	}
	if staff.Email == "" {
		return ops, nil
	}
	item, err := table.Encode(staff.Identity.LetIn(staff.Email))
	return append(ops, table.Put(table.StaffLetIn(staff.Email, staff.ID), item, table.Guarded())), err
}

// Staff makes a subject an operator, or the staff of a partner where p is given, without an invitation: how a deployment
// gets its first operator. No address is kept of them. Doing it again changes nothing. Somebody is staff of one company at most.
func (s *Store) Staff(ctx context.Context, who access.Subject, name string, p id.Partner, now time.Time, by activity.Author) error {
	selfKey := table.Self(who)
	for range rounds {
		rows, err := s.table.GetMany(ctx, selfKey, table.Operators())
		if err != nil {
			return err
		}
		me := self{BoundAt: now.UTC()}
		if err := table.Decode(rows[selfKey], &me); err != nil {
			return err
		}
		same := me.Operator == (p == "") && me.Partner == p
		if me.employed() && !same {
			return errors.New("this subject is staff of another company: remove them there first")
		}
		if same && me.Staff != "" {
			return nil
		}
		staff := Staff{ID: id.New[id.Staff](s.ids, now), Partner: p, StaffDetails: StaffDetails{Name: name}, AddedAt: now.UTC(),
			Identity: Bound{Issuer: who.Issuer, Subject: who.ID}}
		ops, err := joinOps(staff, nil, &me, rows[table.Operators()])
		if err != nil {
			return err
		}
		own, err := selfOp(who, me, rows[selfKey])
		if err != nil {
			return err
		}
		done, err := s.enter(ctx, staff, append(ops, own), now, by)
		if done || err != nil {
			return err
		}
	}
	return fault.New(fault.Busy, "busy").After(time.Second)
}

// enter writes the operations that make somebody staff whose subject is known. Where somebody was faster it is not done.
func (s *Store) enter(ctx context.Context, staff Staff, ops []table.Op, now time.Time, by activity.Author) (done bool, err error) {
	record, err := staffRecord(s.ids, now, by, activity.StaffEnrolled, staff)
	if err != nil {
		return false, err
	}
	ops = append(ops, record)
	company := -1
	if staff.Partner != "" {
		company = len(ops)
		ops = append(ops, table.Check(table.Partner(staff.Partner), table.Exists()))
	}
	err = s.table.Write(ctx, ops...)
	var unmet *table.ConditionError
	if !errors.As(err, &unmet) {
		return err == nil, err
	}
	if _, absent := unmet.Image(company); absent {
		return false, fault.New(fault.Invalid, "partner_unknown", fault.Text("partnerId", string(staff.Partner)))
	}
	return false, nil
}

func claimOp(s Staff) (table.Op, error) {
	item, err := table.Encode(struct {
		Staff id.Staff `dynamodbav:"staff"`
	}{s.ID})
	return table.Put(table.StaffEmail(s.Partner, s.Email), item, table.Absent()), err
}

// AddStaff makes somebody staff of a partner, or an operator where p is empty, in one transaction with their address and
// the invitation that their first sign-in answers: 1 call. keep may add the record of an idempotency key. Refused are an
// address that somebody of the company has (staff_email_taken), and a partner that is not there (404).
func (s *Store) AddStaff(ctx context.Context, p id.Partner, d StaffDetails, now time.Time, by activity.Author, keep func(Staff) ([]table.Op, error)) (Staff, error) {
	staff := Staff{ID: id.New[id.Staff](s.ids, now), Partner: p, StaffDetails: d, AddedAt: now.UTC()}
	claim, err1 := claimOp(staff)
	person, err2 := staffOp(staff, nil)
	invitation, err3 := table.Encode(struct {
		StaffDetails
		Staff   id.Staff   `dynamodbav:"staff"`
		Partner id.Partner `dynamodbav:"partner,omitempty"`
		Rev     int        `dynamodbav:"rev"`
	}{d, staff.ID, p, 1})
	record, err4 := staffRecord(s.ids, now, by, activity.StaffInvited, staff)
	kept, err5 := keep(staff)
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		return Staff{}, err
	}
	ops := []table.Op{claim, person, table.Put(table.StaffInvitation(d.Email, staff.ID), invitation, table.Absent()), record}
	company := -1
	if p != "" {
		company = len(ops)
		ops = append(ops, table.Check(table.Partner(p), table.Exists()))
	}
	err := s.table.Write(ctx, append(ops, kept...)...)
	var unmet *table.ConditionError
	if errors.As(err, &unmet) {
		if _, absent := unmet.Image(company); absent {
			return Staff{}, fault.Missing()
		}
		if _, held := unmet.Image(0); held {
			return Staff{}, fault.New(fault.Conflict, "staff_email_taken", fault.Text("email", d.Email))
		}
	}
	return staff, err
}

// RemoveStaff takes somebody's rights, at their next call: 2 to 4 calls. Who has not signed in yet is no longer invited.
// The last operator who has signed in stays (last_operator): the list of them is replaced under its rev, so two who
// remove each other at once do not both succeed.
func (s *Store) RemoveStaff(ctx context.Context, p id.Partner, st id.Staff, now time.Time, by activity.Author) error {
	key := table.StaffMember(p, st)
	var torn error
	for range rounds {
		rows, err := s.table.GetMany(ctx, key, table.Operators())
		if err != nil {
			return err
		}
		if rows[key] == nil {
			return fault.Missing()
		}
		var staff Staff
		if err := table.Decode(rows[key], &staff); err != nil {
			return err
		}
		ops := []table.Op{table.Delete(key, rows[key], table.Rev(staff.Rev))}
		if staff.Email != "" {
			ops = append(ops, table.Delete(table.StaffEmail(p, staff.Email), nil, table.Guarded()))
		}
		if staff.signedIn() {
			more, err := s.leaveOps(ctx, staff, rows[table.Operators()])
			if errors.Is(err, errLeft) {
				torn = err
				continue // another request removes them at this moment, and then they are missing
			}
			if err != nil {
				return err
			}
			ops = append(ops, more...)
		} else {
			ops = append(ops, table.Delete(table.StaffInvitation(staff.Email, st), nil, table.Guarded()))
		}
		record, err := staffRecord(s.ids, now, by, activity.StaffRemoved, staff)
		if err != nil {
			return err
		}
		err = s.table.Write(ctx, append(ops, record)...)
		var unmet *table.ConditionError
		if !errors.As(err, &unmet) {
			return err
		}
	}
	return fault.New(fault.Busy, "busy").After(time.Second).Because(torn)
}

// errLeft says that the subject of somebody who has signed in is not, or no longer, them.
var errLeft = errors.New("the subject is somebody else or nobody")

// leaveOps take what a bound person holds by being staff. The row of a subject that is a member of nothing goes too, so
// that somebody who is added again is let in again by their address.
func (s *Store) leaveOps(ctx context.Context, staff Staff, operatorsWas table.Item) (ops []table.Op, err error) {
	who := staff.Identity.Who()
	if staff.Partner == "" {
		var o operators
		if err := table.Decode(operatorsWas, &o); err != nil {
			return nil, err
		}
		left, err := o.without(staff)
		if err != nil {
			return nil, err
		}
		op, err := operatorsOp(operatorsWas, left)
		if err != nil {
			return nil, err
		}
		ops = append(ops, op)
	}
	if staff.Email != "" {
		ops = append(ops, table.Delete(table.StaffLetIn(staff.Email, staff.ID), nil, table.Guarded()))
	}
	was, err := s.table.Get(ctx, table.Self(who))
	if err != nil {
		return nil, err
	}
	var me self
	if err := table.Decode(was, &me); err != nil {
		return nil, err
	}
	if me.Staff != staff.ID {
		return nil, fmt.Errorf("staff %s, whose subject is staff %q: %w", staff.ID, me.Staff, errLeft)
	}
	memberships, _, err := s.table.Query(ctx, table.Query{PK: table.Identity(who), Prefix: table.MembershipPrefix, Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(memberships) == 0 {
		return append(ops, table.Delete(table.Self(who), was, table.Rev(me.Rev))), nil
	}
	me.Operator, me.Partner, me.Staff = false, "", ""
	item, err := table.Encode(me)
	return append(ops, table.Replace(table.Self(who), was, item)), err
}

// StaffOf reads the staff of a partner, or the operators where p is empty, in the order of their names: 1 Query, and 1
// call for the partner, who must be there (404).
func (s *Store) StaffOf(ctx context.Context, p id.Partner, after *table.Position, limit int) (staff []Staff, next *table.Position, err error) {
	if p != "" {
		company, err := s.PartnerOf(ctx, Account{Partner: p})
		if err != nil {
			return nil, nil, err
		}
		if company == nil {
			return nil, nil, fault.Missing()
		}
	}
	return table.Page[Staff](ctx, s.table, table.Query{PK: table.Staff(p), Index: table.LSI1, Limit: limit, After: after})
}
