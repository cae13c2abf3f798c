package mail_test

import (
	netmail "net/mail"
	"strings"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
)

// An address that is taken is one line, names one mailbox, and is read again as itself.
func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{"ada@example.com", "Ada <ada@example.com>", "a@b", "\"a b\"@example.com", "a@[127.0.0.1]", "a@example.com\r\nBcc: b@example.com", "é@exämple.fr", "a@-x.com", "@", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, email string) {
		a, err := mail.ParseAddress("Ada", email)
		if err != nil {
			return
		}
		parsed, err := netmail.ParseAddress((&netmail.Address{Name: a.Name, Address: a.Email}).String())
		if err != nil || parsed.Address != email || a.Email != email || strings.ContainsAny(email, "\r\n\t ,;<>\"") || strings.Count(email, "@") != 1 {
			t.Fatalf("%q was taken as %q, and reads as %v (%v)", email, a.Email, parsed, err)
		}
	})
}
