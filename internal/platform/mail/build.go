package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	netmail "net/mail"
	"slices"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"github.com/seatkeeper/seatkeeper/internal/text"
)

// IDHeader repeats the message's ID. SES replaces the Message-ID by its own; this one arrives.
const IDHeader = "Seatkeeper-Mail-Id"

const (
	longestID     = 128
	longestHeader = 200 // characters; above it lines come near the 998 octets that break in transit
)

// build makes the message that every way out sends. The same message at the same instant is the same, octet for octet.
func build(from Address, m Message, now time.Time) (*gomail.Msg, error) {
	to, err := ParseAddress(m.To.Name, m.To.Email)
	if err != nil {
		return nil, err
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	// Nobody who writes a part of the message can foresee this, so no text can end its part and begin one of its own.
	sum := sha256.Sum256([]byte(m.ID + "\x00" + m.Text + "\x00" + m.HTML))
	out := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithCharset(gomail.CharsetUTF8),
		gomail.WithEncoding(gomail.EncodingQP), gomail.WithBoundary(hex.EncodeToString(sum[:])))
	out.FromMailAddress(header(from))
	out.ToMailAddress(header(to))
	if m.ReplyTo.Email != "" {
		answers, err := ParseAddress(m.ReplyTo.Name, m.ReplyTo.Email)
		if err != nil {
			return nil, err
		}
		out.ReplyToMailAddress(header(answers))
	}
	out.Subject(headerText(m.Subject))
	out.SetDateWithValue(now.UTC())
	out.SetMessageIDWithValue(m.ID + from.Email[strings.LastIndexByte(from.Email, '@'):])
	out.SetGenHeader(IDHeader, m.ID)
	out.SetGenHeader(gomail.HeaderContentLang, string(m.Lang))
	out.SetGenHeader("Auto-Submitted", "auto-generated") // no answers by machines (RFC 3834)
	out.SetBodyString(gomail.TypeTextPlain, m.Text)
	out.AddAlternativeString(gomail.TypeTextHTML, m.HTML) // last: readers show the last that they can
	return out, nil
}

// Render is the message as it goes over the line, for ways out that take it whole. The errors are those of Mailer.
func Render(from Address, m Message, now time.Time) ([]byte, error) {
	built, err := build(from, m, now)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := built.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("rendering mail %s: %w", m.ID, err)
	}
	return b.Bytes(), nil
}

// check finds what a caller left out. None of it is the reader's doing.
func (m Message) check() error {
	switch {
	case m.ID == "" || len(m.ID) > longestID || strings.ContainsFunc(m.ID, func(r rune) bool { return !isWord(r) }):
		return fmt.Errorf("mail ID %q: it has 1 to %d letters, digits, - and _", m.ID, longestID)
	case !slices.Contains(text.Langs, m.Lang):
		return fmt.Errorf("mail %s: language %q", m.ID, m.Lang)
	case headerText(m.Subject) == "" || m.Text == "" || m.HTML == "":
		return errors.New("mail " + m.ID + " lacks its subject, its text or its HTML")
	}
	return nil
}

// Sender checks our own address when a Mailer is made, so that a wrong one shows at the start and blames no reader.
func Sender(from Address) (Address, error) {
	parsed, err := ParseAddress(from.Name, from.Email)
	if err != nil {
		return Address{}, fmt.Errorf("sender's address: %q is not a bare e-mail address", from.Email)
	}
	return parsed, nil
}

func header(a Address) *netmail.Address {
	return &netmail.Address{Name: headerText(a.Name), Address: a.Email}
}

// headerText makes free text fit for a header. What looks like an encoded word is broken up: readers would decode it to
// what we never saw.
func headerText(s string) string {
	s = strings.ReplaceAll(oneLine(s), "=?", "= ?")
	if runes := []rune(s); len(runes) > longestHeader {
		return strings.TrimSpace(string(runes[:longestHeader-1])) + "…"
	}
	return s
}

// oneLine puts a text on one line. Characters that turn the direction of writing are dropped: with them, a name shows as
// another. Spaces that do not break, as French has before a colon, stay.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == ' ' || unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	}), " ")
}
