package dev

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

var t0 = time.Date(2027, 3, 1, 9, 30, 0, 0, time.UTC)

// ask asks a mailbox behind the guard of all endpoints.
func (m Mailbox) ask(path string, host ...string) *httptest.ResponseRecorder {
	mux := http.NewServeMux()
	m.mount(mux)
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Host = "localhost:8080"
	if len(host) == 1 {
		r.Host = host[0]
	}
	w := httptest.NewRecorder()
	guard(mux).ServeHTTP(w, r)
	return w
}

func (m Mailbox) letters(t *testing.T) (all []letter) {
	t.Helper()
	w := m.ask("/dev/mail")
	if err := json.Unmarshal(w.Body.Bytes(), &all); err != nil || w.Code != http.StatusOK || all == nil {
		t.Fatalf("%d %v: %s", w.Code, err, w.Body)
	}
	return all
}

func send(t *testing.T, folder string, m mail.Message, at time.Time) mail.Message {
	t.Helper()
	mailer, err := mail.NewFile(folder, mail.Address{Name: "Seatkeeper", Email: "no-reply@seatkeeper.example"})
	if err != nil {
		t.Fatal(err)
	}
	if err := mailer.Send(context.Background(), m, at); err != nil {
		t.Fatal(err)
	}
	return m
}

func letterTo(name, id string) mail.Message {
	return mail.Message{
		To: mail.Address{Name: name, Email: "zoe@reader.example"}, Lang: text.French, Subject: "Numéro " + id, ID: id,
		Text: "Bonjour Zoë,\n\nvoici.\n", HTML: `<p style="color:#123">Zoë` + strings.Repeat(" très", 30) + "</p>\n",
	}
}

func TestMailIsListedNewestFirstWithItsParts(t *testing.T) {
	box := Mailbox{Folder: filepath.Join(t.TempDir(), "mail")}
	if all := box.letters(t); len(all) != 0 {
		t.Errorf("before the first: %v", all)
	}
	first := send(t, box.Folder, letterTo("Zoë Müller", "one"), t0)
	send(t, box.Folder, letterTo("Zoe", "two"), t0.Add(time.Hour))
	send(t, box.Folder, letterTo("Zoe", "one"), t0.Add(time.Minute)) // sent again
	all := box.letters(t)
	if len(all) != 3 || all[0].MailID != "two" || all[1].MailID != "one" || all[2].MailID != "one" || all[1].ID == all[2].ID {
		t.Fatalf("listed: %+v", all)
	}
	want := letter{
		ID: "20270301T093000.000000000Z-one", From: `"Seatkeeper" <no-reply@seatkeeper.example>`, To: "Zoë Müller <zoe@reader.example>",
		Subject: "Numéro one", Language: "fr", At: t0, MailID: "one", Text: strings.ReplaceAll(first.Text, "\n", "\r\n"), HTML: strings.ReplaceAll(first.HTML, "\n", "\r\n"),
	}
	if diff := cmp.Diff(want, all[2]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheNewestMailsAreListedWhereThereAreMany(t *testing.T) {
	box := Mailbox{Folder: t.TempDir()}
	for i := range mostMail + 1 {
		send(t, box.Folder, letterTo("Zoe", fmt.Sprint("m", i)), t0.Add(time.Duration(i)*time.Second))
	}
	if all := box.letters(t); len(all) != mostMail || all[0].MailID != fmt.Sprint("m", mostMail) || all[mostMail-1].MailID != "m1" {
		t.Errorf("%d listed, from %s to %s", len(all), all[0].MailID, all[len(all)-1].MailID)
	}
}

// What is in the folder besides messages hides none of them.
func TestADamagedMailIsListedWithItsProblem(t *testing.T) {
	box := Mailbox{Folder: t.TempDir()}
	send(t, box.Folder, letterTo("Zoe", "whole"), t0)
	for name, said := range map[string]string{"a.eml": "", "b.eml": "Subject: x\r\n\r\nno parts", ".half.new": "From", "notes.txt": "x"} {
		if err := os.WriteFile(filepath.Join(box.Folder, name), []byte(said), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all := box.letters(t)
	if len(all) != 3 || all[0].ID != "b" || all[0].Problem == "" || all[1].ID != "a" || all[1].Problem == "" || all[2].MailID != "whole" || all[2].Problem != "" {
		t.Errorf("listed: %+v", all)
	}
	if w := box.ask("/dev/mail/b"); w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "b.eml") {
		t.Errorf("shown: %d %s", w.Code, w.Body)
	}
}

// The page stands beside /dev/token: nothing in it may run, and nothing may be fetched for it.
func TestAMailIsShownAsHTMLThatCanDoNothing(t *testing.T) {
	box := Mailbox{Folder: t.TempDir()}
	send(t, box.Folder, letterTo("Zoe", "one"), t0)
	w := box.ask("/dev/mail/" + box.letters(t)[0].ID)
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), `<p style="color:#123">Zoë très très`) || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	policy := map[string]string{}
	for part := range strings.SplitSeq(w.Header().Get("Content-Security-Policy"), "; ") {
		name, value, _ := strings.Cut(part, " ")
		policy[name] = value
	}
	want := map[string]string{"default-src": "'none'", "style-src-attr": "'unsafe-inline'", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'", "sandbox": ""}
	if diff := cmp.Diff(want, policy); diff != "" {
		t.Errorf("policy (-want +got):\n%s", diff)
	}
	if w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", w.Header())
	}
}

func TestOnlyMailOfTheFolderIsShown(t *testing.T) {
	above := t.TempDir()
	box := Mailbox{Folder: filepath.Join(above, "mail")}
	send(t, above, letterTo("Zoe", "outside"), t0)
	send(t, box.Folder, letterTo("Zoe", "inside"), t0)
	outside := t0.Format(mail.FileTime) + "-outside"
	if err := os.Symlink(filepath.Join(above, outside+".eml"), filepath.Join(box.Folder, "link.eml")); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"none", outside, "..%2f" + outside, "..%5c" + outside, "%2e%2e%2f" + outside, "%2ftmp", ".hidden", "inside%00", "link"} {
		if w := box.ask("/dev/mail/" + id); w.Code == http.StatusOK || strings.Contains(w.Body.String(), "Zoë") {
			t.Errorf("%s: %d %s", id, w.Code, w.Body)
		}
	}
	if w := box.ask("/dev/mail/none"); w.Code != http.StatusNotFound {
		t.Errorf("none: %d", w.Code)
	}
	if w := (Mailbox{Folder: filepath.Join(above, "absent")}).ask("/dev/mail/none"); w.Code != http.StatusNotFound {
		t.Errorf("in no folder: %d", w.Code)
	}
}

func TestAPageOfAnotherSiteReadsNoMail(t *testing.T) {
	box := Mailbox{Folder: t.TempDir()}
	send(t, box.Folder, letterTo("Zoe", "one"), t0)
	for _, path := range []string{"/dev/mail", "/dev/mail/" + box.letters(t)[0].ID} {
		if w := box.ask(path, "evil.example:8080"); w.Code != http.StatusForbidden {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}
