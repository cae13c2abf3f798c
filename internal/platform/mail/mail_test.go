package mail_test

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

var (
	t0 = time.Date(2027, 3, 1, 9, 30, 0, 123_000_000, time.UTC)
	us = mail.Address{Name: "Seatkeeper", Email: "no-reply@seatkeeper.example"}
)

// invitation is a message in French to somebody with accents.
func invitation(t *testing.T, to string) mail.Message {
	t.Helper()
	plain, html, err := mail.Compose(text.French, mail.Content{
		Title: "Rejoignez Ateliers Noël", Paragraphs: []string{"Éloïse vous a donné accès."},
		Action: mail.Action{Label: "Se connecter", URL: "https://admin.example/?a=1&b=2"}, Footer: "Ignorez-le, sinon.",
	})
	if err != nil {
		t.Fatal(err)
	}
	return mail.Message{To: mail.Address{Name: "Zoë Müller", Email: to}, Lang: text.French, Subject: "Rejoignez Ateliers Noël", Text: plain, HTML: html, ID: "usr_1-inv"}
}

// parsed is a message as its reader's program sees it.
type parsed struct {
	Header     netmail.Header
	Text, HTML string
}

// parse reads with the standard library, which had no part in the writing.
func parse(t *testing.T, raw string) parsed {
	t.Helper()
	message, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	kind, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("content type %s, %v", kind, err)
	}
	var bodies []string
	for reader := multipart.NewReader(message.Body, params["boundary"]); ; {
		part, err := reader.NextPart() // decodes quoted-printable
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"text/plain; charset=UTF-8", "text/html; charset=UTF-8"}[min(len(bodies), 1)]
		if got := part.Header.Get("Content-Type"); got != want {
			t.Errorf("part %d is %s, want %s", len(bodies), got, want)
		}
		bodies = append(bodies, strings.ReplaceAll(string(body), "\r\n", "\n"))
	}
	if len(bodies) != 2 {
		t.Fatalf("%d parts", len(bodies))
	}
	return parsed{message.Header, bodies[0], bodies[1]}
}

func (p parsed) word(t *testing.T, name string) string {
	t.Helper()
	said, err := new(mime.WordDecoder).DecodeHeader(p.Header.Get(name))
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	return said
}

// kept sends by a folder and reads what lies there.
func kept(t *testing.T, m mail.Message) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "made", "at need")
	mailer, err := mail.NewFile(folder, us)
	if err != nil {
		t.Fatal(err)
	}
	if err := mailer.Send(context.Background(), m, t0); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != 1 || files[0].Name() != "20270301T093000.123000000Z-"+m.ID+".eml" {
		t.Fatalf("the folder holds %v (%v)", files, err)
	}
	raw, err := os.ReadFile(filepath.Join(folder, files[0].Name()))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestAMessageInAFolderReadsBackAsItWasSent(t *testing.T) {
	sent := invitation(t, "zoe@reader.example")
	raw := kept(t, sent)
	got := parse(t, raw)
	headers := map[string]string{}
	for name := range got.Header {
		headers[name] = got.word(t, name)
	}
	delete(headers, "Content-Type")
	want := map[string]string{
		"From": `"Seatkeeper" <no-reply@seatkeeper.example>`, "To": "Zoë Müller <zoe@reader.example>", "Subject": "Rejoignez Ateliers Noël",
		"Message-Id": "<usr_1-inv@seatkeeper.example>", "Seatkeeper-Mail-Id": "usr_1-inv", "Date": "Mon, 01 Mar 2027 09:30:00 +0000",
		"Content-Language": "fr", "Auto-Submitted": "auto-generated", "Mime-Version": "1.0",
	}
	if diff := cmp.Diff(want, headers); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if got.Text != sent.Text || got.HTML != sent.HTML {
		t.Errorf("bodies differ: %q %q", got.Text, got.HTML)
	}
	for line := range strings.SplitSeq(raw, "\r\n") {
		if len(line) > 998 || strings.ContainsFunc(line, func(r rune) bool { return r > 126 || r == '\n' }) {
			t.Errorf("a line that breaks in transit: %q", line)
		}
	}
}

func TestTheSameMessageAtTheSameInstantIsTheSame(t *testing.T) {
	if diff := cmp.Diff(kept(t, invitation(t, "zoe@reader.example")), kept(t, invitation(t, "zoe@reader.example"))); diff != "" {
		t.Error(diff)
	}
}

func TestAFileThatCannotBeKeptIsAnErrorAndLeavesNothing(t *testing.T) {
	occupied := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(occupied, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "20270301T093000.123000000Z-usr_1-inv.eml"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, place := range []string{occupied, folder} {
		mailer, err := mail.NewFile(place, us)
		if err != nil {
			t.Fatal(err)
		}
		err = mailer.Send(context.Background(), invitation(t, "zoe@reader.example"), t0)
		if err == nil || errors.Is(err, mail.ErrRefused) || errors.Is(err, mail.ErrTemporary) {
			t.Errorf("the address is not to blame for %v", err)
		}
	}
	if files, _ := os.ReadDir(folder); len(files) != 1 {
		t.Errorf("left behind: %v", files)
	}
}

func TestNoNameOrSubjectMakesAHeader(t *testing.T) {
	for _, evil := range []string{
		"Zoë\r\nBcc: all@evil.example", "Zoe\nBcc: all@evil.example", "Zoe\rBcc: all@evil.example", "Zoe\r\n\r\n<script>", "Zoe\x00\x1b\r\n", "Zoe\u2028Bcc: x\u0085y",
		`Zoe" <all@evil.example>, "`, "Zoe <all@evil.example>, x", "=?utf-8?q?Zoe=0D=0ABcc:_all@evil.example?=", "Zoe\u202Eelpmaxe", strings.Repeat("Zoe\r\nBcc: all@evil.example ", 50),
		strings.Repeat("z", 5000), strings.Repeat("é", 5000), "\r\n Zoe", "Zoe\xff\r\nBcc: x",
	} {
		m := invitation(t, "zoe@reader.example")
		m.To.Name, m.Subject = evil, evil
		raw := kept(t, m)
		got := parse(t, raw)
		if len(got.Header) != 10 || len(got.Header["Bcc"]) != 0 {
			t.Errorf("%q makes %v", evil, got.Header)
		}
		to, err := got.Header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != "zoe@reader.example" {
			t.Errorf("%q goes to %v, %v", evil, to, err)
		}
		if subject := got.word(t, "Subject"); strings.ContainsAny(subject, "\r\n\x00\u2028\u0085\u202E") || subject == "" {
			t.Errorf("%q is shown as %q", evil, subject)
		}
		head, _, _ := strings.Cut(raw, "\r\n\r\n")
		for line := range strings.SplitSeq(head, "\r\n") {
			if len(line) > 500 || strings.ContainsAny(line, "\r\n") {
				t.Errorf("%q makes the line %q", evil, line)
			}
		}
	}
}

func TestNoTextEndsItsPart(t *testing.T) {
	m := invitation(t, "zoe@reader.example")
	_, params, err := mime.ParseMediaType(parse(t, kept(t, m)).Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	m.Text = "seen before:\n--" + params["boundary"] + "--\n.\n"
	if got := parse(t, kept(t, m)); got.Text != m.Text || got.HTML != m.HTML {
		t.Errorf("%q %q", got.Text, got.HTML)
	}
}

func TestAnAddressIsBareAndCanExist(t *testing.T) {
	for _, email := range []string{"zoe@reader.example", "z.o+e@a.b-c.example", "o'neil@x.example", "zoé@reader.example", "zoe@münchen.example", strings.Repeat("l", 64) + "@x.example"} {
		if got, err := mail.ParseAddress("Zoe", email); err != nil || got != (mail.Address{Name: "Zoe", Email: email}) {
			t.Errorf("%q: %v, %v", email, got, err)
		}
	}
	for _, email := range []string{
		"", "zoe", "@x.example", "zoe@", "zoe@localhost", "Zoe <zoe@x.example>", "<zoe@x.example>", "zoe@x.example (z)", " zoe@x.example", "zoe@x.example\r\nBcc: a@b.example", "zoe@x\r\n.example",
		`"z o"@x.example`, `"zoe"@x.example`, "zoe@[127.0.0.1]", "a@x.example, b@x.example", "zoe@x..example", "zoe@x_y.example", "zoe@-x.example", "zoe@x.example.",
		"zoe@x.example\u202e", strings.Repeat("l", 65) + "@x.example", "a@" + strings.Repeat("label.", 50) + "example", "a@" + strings.Repeat("l", 64) + ".example",
	} {
		if _, err := mail.ParseAddress("", email); !errors.Is(err, mail.ErrRefused) {
			t.Errorf("%q: %v", email, err)
		}
		m := invitation(t, email)
		mailer, err := mail.NewFile(t.TempDir(), us)
		if err != nil {
			t.Fatal(err)
		}
		if err := mailer.Send(context.Background(), m, t0); !errors.Is(err, mail.ErrRefused) {
			t.Errorf("sent to %q: %v", email, err)
		}
	}
}

func TestAnIncompleteMessageBlamesNoAddress(t *testing.T) {
	mailer, err := mail.NewFile(t.TempDir(), us)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*mail.Message){
		"no ID": func(m *mail.Message) { m.ID = "" }, "an ID with a dot": func(m *mail.Message) { m.ID = "../x" }, "an ID with a break": func(m *mail.Message) { m.ID = "a\r\nBcc: x" },
		"a long ID": func(m *mail.Message) { m.ID = strings.Repeat("x", 129) }, "a language that is none": func(m *mail.Message) { m.Lang = "de\r\nX: y" },
		"no subject": func(m *mail.Message) { m.Subject = "\r\n" }, "no text": func(m *mail.Message) { m.Text = "" }, "no HTML": func(m *mail.Message) { m.HTML = "" },
	} {
		m := invitation(t, "zoe@reader.example")
		spoil(&m)
		if err := mailer.Send(context.Background(), m, t0); err == nil || errors.Is(err, mail.ErrRefused) || errors.Is(err, mail.ErrTemporary) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := mail.NewFile("", mail.Address{Email: "x\r\n@y"}); err == nil || errors.Is(err, mail.ErrRefused) {
		t.Errorf("a sender that is none: %v", err)
	}
}

// checkKind holds an error to one kind alone.
func checkKind(t *testing.T, name string, err, want error) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: sent", name)
	}
	for _, kind := range []error{mail.ErrRefused, mail.ErrTemporary} {
		if errors.Is(err, kind) != (want == kind) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
}
