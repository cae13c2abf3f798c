package user

import "github.com/seatkeeper/seatkeeper/internal/access"

// Facts are what the CRM knows of a person beside their address, which says who they are.
type Facts struct {
	Name      string        `dynamodbav:"name,omitempty"`
	Extension string        `dynamodbav:"extension,omitempty"`
	Language  string        `dynamodbav:"language,omitempty"` // empty: the account's
	Roles     []access.Role `dynamodbav:"roles,omitempty"`
}

// Take merges what the CRM says now, last being what it said before: a field whose CRM value changed takes the new
// value, any other keeps what an administrator made of it (DATA.md, Who owns which fact). The roles are one field.
func (d Details) Take(last, said Facts) Details {
	if said.Name != last.Name {
		d.Name = said.Name
	}
	if said.Extension != last.Extension {
		d.Extension = said.Extension
	}
	if said.Language != last.Language {
		d.Language = said.Language
	}
	if !sameSet(said.Roles, last.Roles) {
		d.Roles = said.Roles
	}
	return d
}
