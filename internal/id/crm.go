package id

import "fmt"

// CRM is the 18-character id of a CRM record. The 15-character form tells upper from lower case; the three letters
// behind it make the same id safe where case is lost. Both name one record, so only the long form is kept.
type CRM string

const crmSuffix = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

// ParseCRM reads either form. A character outside A-Z a-z 0-9, another length, or three last letters that do not
// belong to the first fifteen characters are errors.
func ParseCRM(s string) (CRM, error) {
	if len(s) != 15 && len(s) != 18 {
		return "", fmt.Errorf("CRM id %q: %d characters, not 15 or 18", s, len(s))
	}
	var suffix [3]byte
	for block := range 3 {
		bits := 0
		for i := range 5 {
			c := s[block*5+i]
			switch {
			case c >= 'A' && c <= 'Z':
				bits |= 1 << i
			case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			default:
				return "", fmt.Errorf("CRM id %q: character %q", s, c)
			}
		}
		suffix[block] = crmSuffix[bits]
	}
	if len(s) == 18 && s[15:] != string(suffix[:]) {
		return "", fmt.Errorf("CRM id %q: ends in %s, its first 15 characters call for %s", s, s[15:], suffix)
	}
	return CRM(s[:15] + string(suffix[:])), nil
}
