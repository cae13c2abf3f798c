package mail_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Answers to what somebody asks go to them; a name is no way into the header, and an address that is none is refused.
func TestAnswersGoToWhoIsNamed(t *testing.T) {
	m := mail.Message{ID: "1", To: mail.Address{Email: "reader@example.com"}, Lang: text.English, Subject: "S", Text: "T", HTML: "<p>T</p>"}
	from, now := mail.Address{Name: "Us", Email: "us@example.com"}, time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	head := func() string {
		t.Helper()
		raw, err := mail.Render(from, m, now)
		if err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(string(raw), "\r\n\r\n")
		return head
	}
	if strings.Contains(head(), "Reply-To") {
		t.Error("a mail that nobody is to answer has a Reply-To")
	}
	m.ReplyTo = mail.Address{Name: "Zoé\r\nBcc: all@example.com", Email: "zoe@example.com"}
	if h := head(); !strings.Contains(h, "\r\nReply-To: ") || !strings.Contains(h, "<zoe@example.com>") || strings.Contains(h, "\r\nBcc:") {
		t.Errorf("headers:\n%s", h)
	}
	m.ReplyTo.Email = "zoe@example.com>, <all@example.com"
	if _, err := mail.Render(from, m, now); !errors.Is(err, mail.ErrRefused) {
		t.Errorf("two addresses in one: %v", err)
	}
}
