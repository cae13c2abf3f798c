// Package activity owns the record of a change: who did what, to what, when, from where, with before and after
// (FEATURES.md, Activity). A record is written in the transaction of its change, so there is none without the other;
// it is also the outbox that events are made from. It does not own what the changes mean.
package activity

import (
	"slices"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Action names what happened, as noun.participle. Actions are only ever added.
type Action string

// The actions.
const (
	AccountCreated           Action = "account.created"
	AccountChanged           Action = "account.changed"
	PartnerCreated           Action = "partner.created"
	PartnerLinked            Action = "account.partner_linked"
	PartnerUnlinked          Action = "account.partner_unlinked"
	Recounted                Action = "account.recounted"
	MemberEnrolled           Action = "member.enrolled"
	MemberSignedInFirst      Action = "member.signed_in_first"
	StaffEnrolled            Action = "staff.enrolled"
	StaffInvited             Action = "staff.invited"
	StaffSignedInFirst       Action = "staff.signed_in_first"
	StaffRemoved             Action = "staff.removed"
	UserAdded                Action = "user.added"
	UserChanged              Action = "user.changed"
	UserDeactivated          Action = "user.deactivated"
	UserReactivated          Action = "user.reactivated"
	UserQueuesChanged        Action = "user.queues_changed"
	InvitationSent           Action = "user.invitation_sent"
	PermissionSetCreated     Action = "permission_set.created"
	PermissionSetDeleted     Action = "permission_set.deleted"
	PermissionSetChanged     Action = "permission_set.changed"
	ContractImported         Action = "contract.imported"
	ContractChanged          Action = "contract.changed"
	ContractExpiring         Action = "contract.expiring"
	ContractExpired          Action = "contract.expired"
	SystemImported           Action = "system.imported"
	SystemChanged            Action = "system.changed"
	SystemsConnected         Action = "system.connected"
	SystemDisconnected       Action = "system.disconnected"
	TermsChanged             Action = "contract.terms_changed"
	PoolsChanged             Action = "line.pools_changed"
	SeatAssigned             Action = "seat.assigned"
	SeatRemoved              Action = "seat.removed"
	SeatsChanged             Action = "seat.changed"
	SeatMoved                Action = "seat.moved"
	CostCenterCreated        Action = "cost_center.created"
	CostCenterChanged        Action = "cost_center.changed"
	CostCenterArchived       Action = "cost_center.archived"
	CostCenterReactivated    Action = "cost_center.reactivated"
	ProductAdded             Action = "product.added"
	ProductChanged           Action = "product.changed"
	SellerChanged            Action = "seller.changed"
	OrderPlaced              Action = "order.placed"
	LicencesRemovalScheduled Action = "licences.removal_scheduled"
	LicencesRemovalWithdrawn Action = "licences.removal_withdrawn"
	LicencesRemoved          Action = "licences.removed"
	RequestSent              Action = "request.sent"
	RequestAnswered          Action = "request.answered"
	RequestInCart            Action = "request.put_in_cart"
	RequestWithdrawn         Action = "request.withdrawn"
	ExportRequested          Action = "export.requested"
	ExportFinished           Action = "export.finished"
	UserErased               Action = "user.erased"
	RequestReopened          Action = "request.reopened"
)

// Author is who did it and from where.
type Author struct {
	Kind      access.Kind `dynamodbav:"kind" json:"kind" enum:"member,partner,operator,clock"`
	ID        string      `dynamodbav:"id,omitempty" json:"id,omitempty" doc:"User or partner."`
	Name      string      `dynamodbav:"name,omitempty" json:"name,omitempty"`
	IP        string      `dynamodbav:"ip,omitempty" json:"ip,omitempty"`
	UserAgent string      `dynamodbav:"agent,omitempty" json:"userAgent,omitempty"`
	RequestID string      `dynamodbav:"request,omitempty" json:"requestId,omitempty"`
}

// By is the author behind a call.
func By(c access.Caller, from httpapi.Source) Author {
	a := Author{Kind: c.Kind, Name: c.Name, ID: string(c.User), IP: from.IP, UserAgent: from.UserAgent, RequestID: from.RequestID}
	if c.Kind == access.Partner {
		a.ID = string(c.Partner)
	}
	return a
}

// Thing is what a record is about: its noun ("contract"), id, and its name at that time.
type Thing struct {
	Noun string `dynamodbav:"noun" json:"noun"`
	ID   string `dynamodbav:"id" json:"id"`
	Name string `dynamodbav:"name,omitempty" json:"name,omitempty"`
}

// Values are the fields that changed, by their API names.
type Values map[string]any

// Record is one change. Before and After hold only what changed; Targets are the other things it touched, such as the
// systems that were connected to the contract.
type Record struct {
	ID      id.Activity `dynamodbav:"id" json:"id"`
	Account id.Account  `dynamodbav:"account,omitempty" json:"-"`
	At      time.Time   `dynamodbav:"at" json:"at"`
	Action  Action      `dynamodbav:"action" json:"action"`
	Author  Author      `dynamodbav:"author" json:"author"`
	Subject Thing       `dynamodbav:"subject" json:"subject"`
	Targets []Thing     `dynamodbav:"targets,omitempty" json:"targets,omitempty" nullable:"false"`
	Before  Values      `dynamodbav:"before,omitempty" json:"before,omitempty"`
	After   Values      `dynamodbav:"after,omitempty" json:"after,omitempty"`
}

// New makes a record of an account, or of the vendor where account is empty.
func New(ids *id.Maker, now time.Time, account id.Account, by Author, action Action, subject Thing) Record {
	return Record{ID: id.New[id.Activity](ids, now), Account: account, At: now.UTC().Truncate(time.Millisecond), Action: action, Author: by, Subject: subject}
}

// Op writes the record, as part of the transaction of its change.
func (r Record) Op() (table.Op, error) {
	item, err := table.Encode(r)
	if err != nil {
		return table.Op{}, err
	}
	table.ActivitySorts(r.Subject.ID, r.touched(), r.ID).Put(item)
	return table.Put(table.Activity(r.Account, r.ID), item, table.Absent()), nil
}

// For is the record as a reader may see it: from where the vendor's or the partner's staff called is no business of the
// account's people.
func (r Record) For(reader access.Caller) Record {
	if reader.Kind != access.Operator && r.Author.Kind != access.Member {
		r.Author.IP, r.Author.UserAgent = "", ""
	}
	return r
}

// In is the record as it reads in a language: who was erased has a pseudonym.
func (r Record) In(l text.Lang) Record {
	r.Author, r.Subject, r.Targets = r.Author.In(l), r.Subject.In(l), slices.Clone(r.Targets)
	for i, t := range r.Targets {
		r.Targets[i] = t.In(l)
	}
	return r
}

// In is the author as they are called in a language.
func (a Author) In(l text.Lang) Author {
	if a.Kind == access.Member && a.ID != "" && a.Name == "" {
		a.Name = text.Erased(l, a.ID)
	}
	return a
}

// In is the thing as it is called in a language.
func (t Thing) In(l text.Lang) Thing {
	if t.Noun == "user" && t.Name == "" {
		t.Name = text.Erased(l, t.ID)
	}
	return t
}

// touched is a system that the record is about, or the one that it put on a contract or took off it: a system's history
// is read from one order. What connects many systems at once is in the history of their contract alone.
func (r Record) touched() string {
	switch {
	case isSystem(r.Subject.ID):
		return r.Subject.ID
	case len(r.Targets) == 1 && isSystem(r.Targets[0].ID):
		return r.Targets[0].ID
	default:
		return ""
	}
}

func isSystem(thing string) bool {
	_, ok := id.Parse[id.System](thing)
	return ok
}

// Changed puts a field into before and after where it differs.
func Changed[T comparable](r *Record, field string, before, after T) {
	if before != after {
		Set(r, field, before, after)
	}
}

// Set puts a field into before and after; nil is a value that is not there.
func Set(r *Record, field string, before, after any) {
	if r.Before == nil {
		r.Before, r.After = Values{}, Values{}
	}
	r.Before[field], r.After[field] = before, after
}
