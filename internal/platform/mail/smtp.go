package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// SMTP sends by a server of one's own.
type SMTP struct {
	from  Address
	host  string
	port  int
	user  *url.Userinfo // nil: nobody signs in
	plain bool
	roots *x509.CertPool
}

// submission is the port for mail that is handed in (RFC 6409).
const submission = 587

// NewSMTP reads smtp://user:password@host:port; the port is 587 where it is left out, and without a user nobody signs
// in. STARTTLS is required and the server's certificate checked, against roots or, where they are nil, the machine's.
// ?starttls=no sends in the clear, and only to this machine, for programs that catch mail. Errors never show the password.
func NewSMTP(server string, from Address, roots *x509.CertPool) (*SMTP, error) {
	from, err := Sender(from)
	if err != nil {
		return nil, err
	}
	const form = "SMTP server: write smtp://user:password@host:port, with ?starttls=no for a mail catcher on this machine"
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "smtp" || u.Hostname() == "" || u.Opaque != "" || strings.Trim(u.Path, "/") != "" {
		return nil, errors.New(form) // the parser's own error would quote the password
	}
	s := &SMTP{from: from, host: u.Hostname(), port: submission, user: u.User, roots: roots}
	if u.Port() != "" {
		if s.port, err = strconv.Atoi(u.Port()); err != nil || s.port < 1 || s.port > 65535 {
			return nil, errors.New(form)
		}
	}
	switch u.RawQuery {
	case "":
	case "starttls=no":
		if ip := net.ParseIP(s.host); s.host != "localhost" && !ip.IsLoopback() {
			return nil, errors.New("SMTP server: ?starttls=no is for this machine alone, not " + s.host)
		}
		s.plain = true
	default:
		return nil, errors.New(form)
	}
	return s, nil
}

// Send opens a connection for the one message: functions that mail are frozen in between, and connections do not
// outlive that.
func (s *SMTP) Send(ctx context.Context, m Message, now time.Time) error {
	built, err := build(s.from, m, now)
	if err != nil {
		return err
	}
	dial, hangUp := dialer(ctx)
	defer hangUp()
	client, err := s.client(dial)
	if err != nil {
		return fmt.Errorf("mail %s by SMTP: %w", m.ID, err)
	}
	err = client.DialAndSendWithContext(ctx, built)
	// Once the server has it, a failing goodbye is no reason to send it again.
	if err == nil || built.IsDelivered() {
		return nil
	}
	if kind := kindOfSMTP(ctx, err); kind != nil {
		return fmt.Errorf("mail %s by SMTP: %w: %w", m.ID, kind, err)
	}
	return fmt.Errorf("mail %s by SMTP: %w", m.ID, err)
}

// dialer does two things that the library leaves: it ends a conversation with the context, and hangs up on a server that
// refuses us before the message.
func dialer(ctx context.Context) (dial gomail.DialContextFunc, hangUp func()) {
	done := func() {}
	return func(dialing context.Context, network, address string) (net.Conn, error) {
		line, err := new(net.Dialer).DialContext(dialing, network, address)
		if err == nil {
			stop := context.AfterFunc(ctx, func() { _ = line.Close() })
			done = func() {
				stop()
				_ = line.Close()
			}
		}
		return line, err
	}, func() { done() }
}

func (s *SMTP) client(dial gomail.DialContextFunc) (*gomail.Client, error) {
	domain := s.from.Email[strings.LastIndexByte(s.from.Email, '@')+1:]
	options := []gomail.Option{
		gomail.WithPort(s.port), gomail.WithDialContextFunc(dial), gomail.WithHELO(domain),
		gomail.WithTLSPolicy(gomail.TLSMandatory),
		gomail.WithTLSConfig(&tls.Config{ServerName: s.host, RootCAs: s.roots, MinVersion: tls.VersionTLS12}),
	}
	if s.plain {
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if s.user != nil {
		password, _ := s.user.Password()
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.user.Username()), gomail.WithPassword(password))
	}
	return gomail.NewClient(s.host, options...)
}

// kindOfSMTP tells ErrRefused, ErrTemporary, or nil for what is ours, by what the server answered and to which command.
func kindOfSMTP(ctx context.Context, err error) error {
	var sending *gomail.SendError
	var answered *textproto.Error
	var network net.Error
	code, enhanced := 0, ""
	switch {
	case ctx.Err() != nil:
		return ErrTemporary
	case errors.As(err, &sending):
		code, enhanced = sending.ErrorCode(), sending.EnhancedStatusCode()
		if code == 0 { // the line broke
			return ErrTemporary
		}
	case errors.As(err, &answered):
		code = answered.Code
	case errors.As(err, &network):
		return ErrTemporary
	}
	switch {
	case code/100 == 4:
		return ErrTemporary
	case code/100 != 5 || sending == nil || sending.Reason == gomail.ErrSMTPMailFrom:
		return nil // no greeting, no sign-in, not this sender
	case code == 530 || strings.HasPrefix(enhanced, "5.7."):
		return nil // a policy of the server's: we did not sign in, or may not relay
	}
	return ErrRefused
}
