package intake

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/intake/sheet"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// The longest that the API takes of a person, in characters.
const (
	longestUserName  = 200
	longestExtension = 40
)

// userReading is a row of a file of people with what to know of it.
type userReading struct {
	UserRecord
	warnings []sheet.Problem
}

// userRow reads one row of a file of people.
func userRow(s *sheet.Sheet, row sheet.Row) (userReading, []sheet.Problem) {
	r := &reading{row: row}
	rec := UserRecord{
		Account: r.crm("accountId"), Email: r.text("email"),
		ExtensionUnsaid: !s.Has("extension"), LanguageUnsaid: !s.Has("language"), RolesUnsaid: !s.Has("roles"),
	}
	if _, err := mail.ParseAddress("", rec.Email); rec.Email != "" && err != nil {
		r.problems = append(r.problems, row.Problem("email", "not_an_email_address", fault.Text("value", rec.Email)))
	}
	rec.Facts.Name, rec.Facts.Extension = r.name("name"), text.CleanName(row.Text("extension"))
	r.atMost(longestUserName, "name", rec.Facts.Name)
	r.atMost(longestExtension, "extension", rec.Facts.Extension)
	var unknown string
	if rec.Facts.Roles, unknown = rolesOf(row.Text("roles")); unknown != "" {
		r.problems = append(r.problems, row.Problem("roles", "role_unknown", fault.Text("value", unknown)))
	}
	out := userReading{UserRecord: rec}
	if said := row.Text("language"); said != "" {
		lang, ok := text.Parse(said)
		if !ok {
			lang = "" // the account's
			out.warnings = append(out.warnings, row.Problem("language", "language_not_offered", fault.Text("value", said)))
		}
		out.Facts.Language = string(lang)
	}
	return out, r.problems
}

// atMost notes a value that is longer than the API takes it.
func (r *reading) atMost(most int, column, value string) {
	if n := utf8.RuneCountInString(value); n > most {
		r.problems = append(r.problems, r.row.Problem(column, "cell_too_long", fault.Int("characters", n), fault.Int("max", most)))
	}
}

// rolesOf reads the roles of a cell, parted by bars, in the order of access.Roles: the same said in another order is the
// same. unknown is the first word that is no role.
func rolesOf(cell string) (roles []access.Role, unknown string) {
	var named []access.Role
	for word := range strings.SplitSeq(cell, "|") {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		role, ok := roleOf(word)
		if !ok {
			return nil, word
		}
		named = append(named, role)
	}
	for _, role := range access.Roles {
		if slices.Contains(named, role) {
			roles = append(roles, role)
		}
	}
	return roles, ""
}

// roleOf reads a role as the API names it or as the CRM does: in words, in either language.
func roleOf(word string) (access.Role, bool) {
	words := strings.Join(strings.FieldsFunc(text.Fold(word), func(r rune) bool { return r == '_' || r == ' ' }), "_")
	if role := access.Role(words); slices.Contains(access.Roles, role) {
		return role, true
	}
	role, ok := map[string]access.Role{
		"super_administrateur":   access.SuperAdministrator,
		"administrateur":         access.Administrator,
		"gerer_les_licences":     access.LicenceManager,
		"gerer_les_utilisateurs": access.UserManager,
		"gerer_la_facturation":   access.BillingManager,
		"consulter":              access.Viewer,
	}[words]
	return role, ok
}
