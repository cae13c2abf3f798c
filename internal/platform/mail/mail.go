// Package mail owns how a message leaves us: its form by RFC 5322, its look, and its three ways out (SES, SMTP, a
// folder). It owns no sentence: the texts come from the caller, in the reader's language. Nor does it remember what was
// sent: who must not mail twice claims the message first, and finds a repeat by its ID.
package mail

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seatkeeper/seatkeeper/internal/text"
)

// What a caller does with a message that did not leave. An error that is neither is ours: a message that is incomplete,
// a sender that may not send, a wrong password. Repeating cannot mend it, and the address is not to blame.
var (
	// ErrRefused says that this message will never be taken for this address.
	ErrRefused = errors.New("refused for good")
	// ErrTemporary says that it may be taken later. It may even have left: a repeat carries the same ID.
	ErrTemporary = errors.New("not taken now")
)

// Mailer sends one message to one person. The error is ErrRefused, ErrTemporary, or ours.
type Mailer interface {
	Send(ctx context.Context, m Message, now time.Time) error
}

// Message is one mail in one language to one person.
type Message struct {
	To      Address
	Lang    text.Lang
	Subject string // one line; line breaks become spaces, and what is longer than 200 characters is cut
	Text    string // for readers without HTML; Compose makes both
	HTML    string
	// ReplyTo is who reads answers, where that is not us: a person's address. None where its Email is empty.
	ReplyTo Address
	ID      string // stable over repeats: letters, digits, - and _, at most 128; it becomes the Message-ID
}

// Address is a person's, or ours. A Name is free text. Whatever was typed as Email went through ParseAddress.
type Address struct {
	Name  string
	Email string
}

// Longest parts of an address (RFC 5321, 4.5.3.1) that any server must take.
const (
	longestEmail = 254
	longestLocal = 64
	longestLabel = 63
)

// ParseAddress reads a bare e-mail address: no name, comment, quote or address literal, which servers take or refuse as
// they please, and no domain without a dot, which no server beyond our own network knows (RFC 5321, 2.3.5). It is the
// one rule for addresses, whoever types them. The error is ErrRefused, with what is wrong.
func ParseAddress(name, email string) (Address, error) {
	parsed, err := netmail.ParseAddress(email)
	if err != nil || parsed.Address != email || oneLine(email) != email {
		return Address{}, fmt.Errorf("%w: %q is not a bare e-mail address", ErrRefused, email)
	}
	at := strings.LastIndexByte(email, '@')
	if len(email) > longestEmail || at > longestLocal || !isHost(email[at+1:]) {
		return Address{}, fmt.Errorf("%w: no server can take %q", ErrRefused, email)
	}
	return Address{Name: name, Email: email}, nil
}

// isHost tells whether a domain can be one of the DNS. Letters of other scripts are: their own servers know them.
func isHost(domain string) bool {
	if !strings.Contains(domain, ".") {
		return false
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || len(label) > longestLabel || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, r := range label {
			if r < utf8.RuneSelf && !isWord(r) || r == '_' {
				return false
			}
		}
	}
	return true
}

// isWord tells whether a character may stand in an ID: what Message-IDs, file names and SES tags all take.
func isWord(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_'
}
