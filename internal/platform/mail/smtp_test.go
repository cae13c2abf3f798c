package mail_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
)

const password = "s3cret/and:odd"

// post is a real SMTP server with mailboxes in memory.
type post struct {
	address string
	roots   *x509.CertPool
	accept  net.Listener
	server  *smtp.Server

	mu      sync.Mutex
	boxes   map[string][]string // by reader
	greeted error               // what it says to everybody who greets
	at      map[string]error    // what it answers to "MAIL", "RCPT", "DATA"
	helo    string
	crypted bool // the last message came over TLS
	hangsUp bool // when it has taken a message, before the goodbye
	taken   bool
	open    int // connections
}

// open starts it, with STARTTLS or without.
func open(t *testing.T, startTLS bool) *post {
	t.Helper()
	p := &post{boxes: map[string][]string{}, at: map[string]error{}, roots: x509.NewCertPool()}
	var err error
	if p.accept, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	p.address = p.accept.Addr().String()
	p.server = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.helo = c.Hostname()
		return &session{post: p, conn: c}, p.greeted
	}))
	p.server.Domain, p.server.EnableSMTPUTF8, p.server.ErrorLog = "post.example", true, log.New(io.Discard, "", 0)
	if startTLS { // a certificate for 127.0.0.1 that nobody but us trusts
		cert := httptest.NewTLSServer(nil)
		t.Cleanup(cert.Close)
		p.server.TLSConfig = &tls.Config{Certificates: cert.TLS.Certificates}
		p.roots.AddCert(cert.Certificate())
	}
	served := make(chan error, 1)
	go func() { served <- p.server.Serve(listener{p.accept, p}) }()
	t.Cleanup(func() {
		_, _ = p.server.Close(), p.accept.Close() // the server closes what it listens to only once it began
		<-served
	})
	return p
}

func (p *post) mailer(t *testing.T, user, query string) *mail.SMTP {
	t.Helper()
	mailer, err := mail.NewSMTP("smtp://"+user+p.address+query, us, p.roots)
	if err != nil {
		t.Fatal(err)
	}
	return mailer
}

func (p *post) box(reader string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.boxes[reader]
}

func (p *post) answer(command string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at[command]
}

type session struct {
	post   *post
	conn   *smtp.Conn
	signed bool
	reader string
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, word string) error {
		if user != "mailer" || word != password {
			return smtp.ErrAuthFailed
		}
		s.signed = true
		return nil
	}), nil
}

func (s *session) Mail(string, *smtp.MailOptions) error { return s.post.answer("MAIL") }

func (s *session) Rcpt(reader string, _ *smtp.RcptOptions) error {
	if s.post.server.TLSConfig != nil && !s.signed {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "Relaying denied"}
	}
	s.reader = reader
	return s.post.answer("RCPT")
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	if err := s.post.at["DATA"]; err != nil {
		return err
	}
	s.post.boxes[s.reader] = append(s.post.boxes[s.reader], string(raw))
	_, s.post.crypted = s.conn.TLSConnectionState()
	s.post.taken = true
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// listener counts open connections, and cuts them where the server hangs up.
type listener struct {
	net.Listener
	post *post
}

func (l listener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.post.mu.Lock()
	l.post.open++
	l.post.mu.Unlock()
	return &line{Conn: conn, post: l.post}, nil
}

type line struct {
	net.Conn
	post *post
	once sync.Once
}

func (l *line) Write(b []byte) (int, error) {
	n, err := l.Conn.Write(b)
	l.post.mu.Lock()
	cut := l.post.hangsUp && l.post.taken
	l.post.mu.Unlock()
	if cut {
		_ = l.Close()
	}
	return n, err
}

func (l *line) Close() error {
	l.once.Do(func() {
		l.post.mu.Lock()
		l.post.open--
		l.post.mu.Unlock()
	})
	return l.Conn.Close()
}

const signIn = "mailer:s3cret%2Fand%3Aodd@"

func TestSMTPTakesTheMessageThatAFolderKeeps(t *testing.T) {
	p := open(t, true)
	m := invitation(t, "zoe@reader.example")
	m.Text += ".\n..\n.end\n" // dots end a message, unless they are doubled
	if err := p.mailer(t, signIn, "").Send(context.Background(), m, t0); err != nil {
		t.Fatal(err)
	}
	got := p.box("zoe@reader.example")
	if len(got) != 1 || strings.TrimSuffix(got[0], "\r\n") != strings.TrimSuffix(kept(t, m), "\r\n") {
		t.Fatalf("in the box: %q", got)
	}
	if !p.crypted || p.helo != "seatkeeper.example" {
		t.Errorf("over TLS: %t, from %q", p.crypted, p.helo)
	}
}

func TestSMTPTakesAnAddressOfAnotherScript(t *testing.T) {
	p := open(t, true)
	if err := p.mailer(t, signIn, "").Send(context.Background(), invitation(t, "zoé@reader.example"), t0); err != nil || len(p.box("zoé@reader.example")) != 1 {
		t.Errorf("%v", err)
	}
}

func TestSMTPAnswersAreToldApart(t *testing.T) {
	for name, test := range map[string]struct {
		to     string
		answer *smtp.SMTPError
		want   error // nil: ours
	}{
		"nobody of that name":      {"RCPT", &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such user"}, mail.ErrRefused},
		"no such name, older":      {"RCPT", &smtp.SMTPError{Code: 553, EnhancedCode: smtp.NoEnhancedCode, Message: "No such user"}, mail.ErrRefused},
		"the box is full":          {"RCPT", &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "Mailbox full"}, mail.ErrTemporary},
		"greylisted":               {"RCPT", &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "Later"}, mail.ErrTemporary},
		"relaying denied":          {"RCPT", &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "Relaying denied"}, nil},
		"the sender is not ours":   {"MAIL", &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 1, 8}, Message: "Not your address"}, nil},
		"too many just now":        {"MAIL", &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 7, 0}, Message: "Slow down"}, mail.ErrTemporary},
		"the message is refused":   {"DATA", &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "No such content"}, mail.ErrRefused},
		"the disk is full":         {"DATA", &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: "Disk full"}, mail.ErrTemporary},
		"no greeting for us":       {"EHLO", &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "Blocked"}, nil},
		"no greeting at this hour": {"EHLO", &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "Closing"}, mail.ErrTemporary},
	} {
		p := open(t, true)
		mailer := p.mailer(t, signIn, "")
		p.mu.Lock()
		if test.to == "EHLO" {
			p.greeted = test.answer
		} else {
			p.at[test.to] = test.answer
		}
		p.mu.Unlock()
		checkKind(t, name, mailer.Send(context.Background(), invitation(t, "zoe@reader.example"), t0), test.want)
		p.mu.Lock()
		p.greeted, p.at = nil, map[string]error{}
		p.mu.Unlock()
		if err := mailer.Send(context.Background(), invitation(t, "zoe@reader.example"), t0); err != nil || len(p.box("zoe@reader.example")) != 1 {
			t.Errorf("%s: the next time: %v, %d in the box", name, err, len(p.box("zoe@reader.example")))
		}
		p.hungUp(t, name)
	}
}

// hungUp waits until the server sees no connection: it learns of a close a moment later.
func (p *post) hungUp(t *testing.T, name string) {
	t.Helper()
	for range 2000 {
		p.mu.Lock()
		n := p.open
		p.mu.Unlock()
		if n == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%s: a connection stays open", name)
}

func TestSMTPWithoutItsPasswordIsOurs(t *testing.T) {
	p := open(t, true)
	for _, user := range []string{"", "mailer:wr0ng@"} {
		err := p.mailer(t, user, "").Send(context.Background(), invitation(t, "zoe@reader.example"), t0)
		checkKind(t, user, err, nil)
		if strings.Contains(fmt.Sprint(err), "wr0ng") {
			t.Errorf("the password shows: %v", err)
		}
		p.hungUp(t, user)
	}
}

func TestSMTPSendsNothingInTheClearUnlessTold(t *testing.T) {
	p := open(t, false)
	checkKind(t, "no STARTTLS", p.mailer(t, "", "").Send(context.Background(), invitation(t, "zoe@reader.example"), t0), nil)
	p.hungUp(t, "no STARTTLS")
	if n := len(p.box("zoe@reader.example")); n != 0 {
		t.Errorf("%d messages in the clear", n)
	}
	if err := p.mailer(t, "", "?starttls=no").Send(context.Background(), invitation(t, "zoe@reader.example"), t0); err != nil || len(p.box("zoe@reader.example")) != 1 {
		t.Errorf("to a catcher: %v", err)
	}
	encrypts := open(t, true)
	encrypts.roots = x509.NewCertPool()
	checkKind(t, "a certificate that nobody trusts", encrypts.mailer(t, signIn, "").Send(context.Background(), invitation(t, "zoe@reader.example"), t0), nil)
}

// What the server took is sent, even where the line breaks at the goodbye: a repeat would be a second mail.
func TestSMTPDoesNotRepeatWhatWasTaken(t *testing.T) {
	p := open(t, false)
	p.mu.Lock()
	p.hangsUp = true
	p.mu.Unlock()
	if err := p.mailer(t, "", "?starttls=no").Send(context.Background(), invitation(t, "zoe@reader.example"), t0); err != nil || len(p.box("zoe@reader.example")) != 1 {
		t.Errorf("%v, %d in the box", err, len(p.box("zoe@reader.example")))
	}
}

func TestSMTPThatIsAwayIsTemporary(t *testing.T) {
	p := open(t, true)
	mailer := p.mailer(t, signIn, "")
	_ = p.accept.Close()
	checkKind(t, "closed", mailer.Send(context.Background(), invitation(t, "zoe@reader.example"), t0), mail.ErrTemporary)

	mute, err := net.Listen("tcp", "127.0.0.1:0") // takes the call and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = mute.Close() }()
	silent, err := mail.NewSMTP("smtp://"+mute.Addr().String(), us, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	checkKind(t, "silence", silent.Send(ctx, invitation(t, "zoe@reader.example"), t0), mail.ErrTemporary)
	if waited := time.Since(began); waited > 5*time.Second {
		t.Errorf("waited %s beyond its context", waited)
	}
}

func TestAnSMTPServerIsNamedByItsURL(t *testing.T) {
	for _, server := range []string{"smtp://post.example", "smtp://u:p@post.example:2525/", "smtp://localhost:1025?starttls=no", "smtp://[::1]:1025?starttls=no"} {
		if _, err := mail.NewSMTP(server, us, nil); err != nil {
			t.Errorf("%s: %v", server, err)
		}
	}
	for _, server := range []string{
		"", "post.example:587", "http://post.example", "smtps://post.example", "smtp://", "smtp://u:pa55@", "smtp://u:pa55@post.example:0", "smtp://u:pa55@post.example:99999", "smtp://u:pa55@post.example:x",
		"smtp://u:pa55@post.example?starttls=no", "smtp://u:pa55@post.example?tls=1", "smtp://u:pa55%@post.example", "smtp://u:pa55@post.example/inbox",
	} {
		if _, err := mail.NewSMTP(server, us, nil); err == nil || strings.Contains(err.Error(), "pa55") {
			t.Errorf("%q: %v", server, err)
		}
	}
	if _, err := mail.NewSMTP("smtp://post.example", mail.Address{Email: "nobody"}, nil); err == nil || errors.Is(err, mail.ErrRefused) {
		t.Errorf("a sender that is none: %v", err)
	}
}
