package mail_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
)

// Servers quote the reader's address; no log may hold it.
func TestAReasonTellsWhatHappenedAndNotToWhom(t *testing.T) {
	const reader = "zoe@reader.example"
	byPost := func(answer *smtp.SMTPError) mail.Mailer {
		p := open(t, true)
		p.at["RCPT"] = answer
		return p.mailer(t, signIn, "")
	}
	occupied := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(occupied, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	byFile, err := mail.NewFile(occupied, us)
	if err != nil {
		t.Fatal(err)
	}
	away := open(t, true)
	_ = away.accept.Close()
	for name, test := range map[string]struct {
		by   mail.Mailer
		want string
	}{
		"a box that is none":    {byPost(&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such user " + reader}), "refused for good: SMTP 550 5.1.1"},
		"a full box":            {byPost(&smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: reader + " is full"}), "not taken now: SMTP 452 4.2.2"},
		"no folder":             {byFile, "ours: mkdir: not a directory"},
		"a server that is away": {away.mailer(t, "", ""), "not taken now: "},
	} {
		err := test.by.Send(context.Background(), invitation(t, reader), t0)
		if got := mail.Reason(err); !strings.HasPrefix(got, test.want) || strings.Contains(got, reader) {
			t.Errorf("%s: %q, want %q (of %v)", name, got, test.want, err)
		}
	}
	if _, err := mail.ParseAddress("", "zoe at reader.example"); strings.Contains(mail.Reason(err), "zoe") {
		t.Errorf("an address that is none: %q", mail.Reason(err))
	}
	if got := mail.Reason(errors.New("from " + reader)); got != "ours" {
		t.Errorf("another: %q", got)
	}
}
