package demo

import (
	"github.com/seatkeeper/seatkeeper/internal/access"
)

// Kind is how a persona comes to what it may do.
type Kind string

// The kinds.
const (
	Member   Kind = "member"   // enrolled in each of its accounts, with its roles
	Staff    Kind = "staff"    // of the partner that manages its account
	Operator Kind = "operator" // of the vendor: every account
	Invited  Kind = "invited"  // becomes a member at the first sign-in, by e-mail
)

// Persona is somebody to sign in as. The name is all there is to know: it serves as the sign-in, within the subject and
// within the e-mail address.
type Persona struct {
	Name     string
	Person   string
	Kind     Kind
	Roles    []access.Role
	Accounts []string // keys of the demo accounts
}

// Personas are one for each way to be in Seatkeeper.
func Personas() []Persona {
	both := []string{French, English}
	return []Persona{
		{"super-admin", "Suzanne Albert", Member, []access.Role{access.SuperAdministrator}, both},
		{"admin", "Adèle Martin", Member, []access.Role{access.Administrator}, both},
		{"licence-manager", "Lise Moreau", Member, []access.Role{access.LicenceManager}, both},
		{"user-manager", "Ugo Mercier", Member, []access.Role{access.UserManager}, both},
		{"billing-manager", "Basile Marchand", Member, []access.Role{access.BillingManager}, both},
		{"viewer", "Violette Roux", Member, []access.Role{access.Viewer}, both},
		{"partner", "Paul Arnaud", Staff, nil, []string{French}},
		{"operator", "Olga Petit", Operator, nil, []string{French, English, Other}},
		{"outsider", "Oscar Dubois", Member, []access.Role{access.Administrator}, []string{Other}},
		{"newcomer", "Nora Castel", Invited, []access.Role{access.Viewer}, []string{French}},
	}
}

// Subject is the persona as the tokens of an issuer name it.
func (p Persona) Subject(issuer string) access.Subject {
	return access.Subject{Issuer: issuer, ID: "persona|" + p.Name, Email: p.Email()}
}

// Email is the persona's address, verified. No mail can reach it.
func (p Persona) Email() string { return p.Name + "@demo.example" }
