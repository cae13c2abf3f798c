// Package access owns who may do what, as pure decisions: the roles and permissions of FEATURES.md (Rights), what each
// kind of caller holds, and the one answer to "may they?". It does not own how a caller is found (package account) nor
// how a refusal is sent (platform/httpapi).
package access

import (
	"slices"

	"github.com/seatkeeper/seatkeeper/internal/id"
)

// Permission is one right. Every operation names exactly one.
type Permission string

// The permissions of an account's people. The first four can be granted one by one; ManageSystems comes with a role.
const (
	View           Permission = "view"            // read contracts, systems, seats, activity
	ManageLicences Permission = "manage_licences" // buy and remove
	ManageUsers    Permission = "manage_users"    // assign and unassign
	ManageBilling  Permission = "manage_billing"  // billing contact, invoices, payment
	ManageSystems  Permission = "manage_systems"  // connect and disconnect systems
	// SendRequests comes with View or ManageBilling: who sees something and may not do it asks who may.
	SendRequests Permission = "send_requests"
	// ViewOrders comes with either too: orders and their statements are what is billed.
	ViewOrders Permission = "view_orders"
	// ManageData comes with the role of super administrator alone, and is never granted by itself: who has it takes all of an
	// account's data away, or erases a person.
	ManageData Permission = "manage_data"
)

// The permissions of the vendor's side, never granted to an account's people.
const (
	ManageTerms    Permission = "manage_terms"    // partner, operator: limits, dates, numbers of a contract
	ManageAccounts Permission = "manage_accounts" // operator: settings, partner link, list of accounts and partners
	ImportCRM      Permission = "import_crm"      // operator: take over the CRM's records
)

// SignedIn is what the operations about the caller's own person need: a valid token and nothing else.
const SignedIn Permission = "signed_in"

// Role is what a member of an account is granted: one of two roles, or single permissions.
type Role string

// The roles. The last four are single permissions in a role's place.
const (
	SuperAdministrator Role = "super_administrator"
	Administrator      Role = "administrator"
	LicenceManager     Role = "manage_licences"
	UserManager        Role = "manage_users"
	BillingManager     Role = "manage_billing"
	Viewer             Role = "view"
)

// Roles lists every role, highest first.
var Roles = []Role{SuperAdministrator, Administrator, LicenceManager, UserManager, BillingManager, Viewer}

// granted says what each role may do. Managing licences or users makes no sense blind, so these include View;
// managing billing does not: it is also given to people who see the billing pages only (FEATURES.md, Rights).
var granted = map[Role][]Permission{
	SuperAdministrator: {View, ManageSystems, ManageLicences, ManageUsers, ManageBilling, ManageData},
	Administrator:      {View, ManageSystems, ManageLicences, ManageUsers, ManageBilling},
	LicenceManager:     {View, ManageLicences},
	UserManager:        {View, ManageUsers},
	BillingManager:     {ManageBilling},
	Viewer:             {View},
}

var (
	partnerHolds  = []Permission{View, ManageSystems, SendRequests, ViewOrders, ManageTerms}
	operatorHolds = []Permission{View, ManageSystems, SendRequests, ViewOrders, ManageUsers, ManageBilling, ManageData, ManageTerms, ManageAccounts, ImportCRM}
)

// Partners tells whether a partner's staff have a permission.
func (p Permission) Partners() bool { return slices.Contains(partnerHolds, p) }

// Kind is how a caller stands to the account in the path.
type Kind string

// The kinds. The zero value is somebody who has nothing to do with the account: to them it does not exist.
const (
	Stranger Kind = ""
	Member   Kind = "member"
	Partner  Kind = "partner"
	Operator Kind = "operator"
)

// Clock is nobody: what happens because time passes is recorded under it. No caller is ever of this kind.
const Clock Kind = "clock"

// Subject is who a verified token speaks of. Email is set only if the issuer says that it is verified.
type Subject struct {
	Issuer string
	ID     string
	Email  string
}

// Caller is a subject as seen from the account in the path, or from no account at all.
type Caller struct {
	Subject Subject
	Kind    Kind
	// User and Roles are a member's.
	User  id.User
	Roles []Role
	// Granted are the permissions of the sets that a member was given.
	Granted []Permission
	// Rev and SetsRev are the revisions of a member's membership and of the account's sets that these rights were read in.
	Rev, SetsRev int
	// Partner is the company of a partner's staff.
	Partner id.Partner
	// Name, Language and TimeZone (an IANA name, for showing times) are the person's own; each may be empty.
	Name     string
	Language string
	TimeZone string
}

// Holds lists the caller's permissions in the account.
func (c Caller) Holds() []Permission {
	switch c.Kind {
	case Operator:
		return operatorHolds
	case Partner:
		return partnerHolds
	case Member:
		held := Sum(c.Roles, c.Granted)
		if slices.Contains(held, View) || slices.Contains(held, ManageBilling) {
			held = append(held, SendRequests, ViewOrders)
		}
		return held
	default:
		return nil
	}
}

// Sum is what roles and further permissions allow together, each once.
func Sum(roles []Role, further []Permission) []Permission {
	var all []Permission
	for _, r := range roles {
		further = append(slices.Clone(granted[r]), further...)
	}
	for _, p := range further {
		if !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

// Grantable are the permissions that can be given one by one, or in a set.
var Grantable = []Permission{View, ManageLicences, ManageUsers, ManageBilling}

// MayGrant says whether a caller may give, or take from somebody who has them, these roles and permissions: nobody
// handles a right that they lack, and only a super administrator handles that role (FEATURES.md, Rights). Operators
// may: they make an account's first administrators. lacks names what is missing.
func MayGrant(c Caller, roles []Role, further []Permission) (lacks string, ok bool) {
	if c.Kind == Operator {
		return "", true
	}
	if slices.Contains(roles, SuperAdministrator) && !slices.Contains(c.Roles, SuperAdministrator) {
		return string(SuperAdministrator), false
	}
	held := c.Holds()
	for _, p := range Sum(roles, further) {
		if !slices.Contains(held, p) {
			return string(p), false
		}
	}
	return "", true
}

// Decision is an answer with its reason.
type Decision string

// The decisions.
const (
	Allowed Decision = "allowed"
	Unknown Decision = "unknown" // 404: to this caller the account does not exist
	Lacking Decision = "lacking" // 403: the account is theirs, the right is not
)

// Decide says whether a caller may do what needs a permission. A permission that nobody of the caller's kind can ever
// hold outside an account (an operator's list of accounts, asked for by a member) is Lacking, not Unknown: there is
// nothing to hide about the operation itself.
func Decide(c Caller, needs Permission, inAccount bool) Decision {
	switch {
	case needs == SignedIn && !inAccount:
		return Allowed
	case inAccount && c.Kind == Stranger:
		return Unknown
	case needs == SignedIn || slices.Contains(c.Holds(), needs):
		return Allowed
	default:
		return Lacking
	}
}
