package twin

import "slices"

// rights are what each of those who call may do (FEATURES.md, Rights).
var rights = map[string][]string{
	"administrator": {"licences", "users", "billing", "systems"},
	"buyer":         {"licences"},
	"placer":        {"users"},
	"viewer":        {},
	"operator":      {"terms", "users", "billing", "systems"},
}

// May tells whether somebody has a right.
func May(who, right string) bool { return slices.Contains(rights[who], right) }

// Lacking is what they are answered who have not got a right. Nothing changes.
func Lacking() Answer { return refused(403, "permission_missing") }
