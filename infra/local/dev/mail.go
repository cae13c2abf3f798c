package dev

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	netmail "net/mail"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
)

// Mailbox shows the messages that a mail.File left in a folder.
type Mailbox struct {
	Folder string
}

// mostMail is how many of the newest are listed: their parts are in the list.
const mostMail = 100

// letter is a message as it stands in its file, which has the id for its name.
type letter struct {
	ID       string    `json:"id"`
	From     string    `json:"from,omitempty"`
	To       string    `json:"to,omitempty"`
	Subject  string    `json:"subject,omitempty"`
	Language string    `json:"language,omitempty"`
	At       time.Time `json:"at,omitzero"`
	MailID   string    `json:"mailId,omitempty"` // the same when one was sent again
	Text     string    `json:"text,omitempty"`
	HTML     string    `json:"html,omitempty"`
	Problem  string    `json:"problem,omitempty"` // why nothing else is here
}

// mount adds GET /dev/mail and /dev/mail/{id} to endpoints that are guarded.
func (m Mailbox) mount(guarded *http.ServeMux) {
	guarded.HandleFunc("GET /dev/mail", m.list)
	guarded.HandleFunc("GET /dev/mail/{id}", m.show)
}

// list answers the newest first. A file that is no message is listed with its problem: it hides no other.
func (m Mailbox) list(w http.ResponseWriter, _ *http.Request) {
	files, err := os.ReadDir(m.Folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // no folder: nothing was sent yet
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	out := []letter{}
	for _, file := range slices.Backward(files) { // the names begin with the time
		id, found := strings.CutSuffix(file.Name(), ".eml")
		if !found || strings.HasPrefix(id, ".") || len(out) == mostMail {
			continue
		}
		read, err := m.read(id)
		if err != nil {
			read = letter{ID: id, Problem: err.Error()}
		}
		out = append(out, read)
	}
	answer(w, out)
}

// show answers the HTML of one message. It can hold what a stranger wrote, and stands on the origin of the endpoints that
// sign anybody in: so it runs nothing, fetches nothing, sends no form, and its origin is its own. Links work.
func (m Mailbox) show(w http.ResponseWriter, r *http.Request) {
	read, err := m.read(r.PathValue("id"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		http.NotFound(w, r)
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	default:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox")
		w.Header().Set("Referrer-Policy", "no-referrer")
		_, _ = io.WriteString(w, read.HTML)
	}
}

// read finds a message by the name of its file, in the folder and nowhere else. The error is fs.ErrNotExist where there
// is none.
func (m Mailbox) read(id string) (letter, error) {
	root, err := os.OpenRoot(m.Folder)
	if err != nil {
		return letter{}, err
	}
	defer func() { _ = root.Close() }()
	file, err := root.Open(id + ".eml")
	if err != nil {
		return letter{}, err
	}
	defer func() { _ = file.Close() }()
	parsed, err := netmail.ReadMessage(file)
	if err != nil {
		return letter{}, fmt.Errorf("%s.eml is no message: %w", id, err)
	}
	out := letter{ID: id, Language: parsed.Header.Get("Content-Language"), MailID: parsed.Header.Get(mail.IDHeader)}
	words := new(mime.WordDecoder)
	var wrong [5]error
	out.Subject, wrong[0] = words.DecodeHeader(parsed.Header.Get("Subject"))
	out.From, wrong[1] = words.DecodeHeader(parsed.Header.Get("From"))
	out.To, wrong[2] = words.DecodeHeader(parsed.Header.Get("To"))
	out.At, wrong[3] = parsed.Header.Date()
	wrong[4] = out.readParts(parsed)
	if err := errors.Join(wrong[:]...); err != nil {
		return letter{}, fmt.Errorf("%s.eml is not as Seatkeeper writes them: %w", id, err)
	}
	return out, nil
}

// readParts takes the two alternatives, as mail.File writes them.
func (l *letter) readParts(parsed *netmail.Message) error {
	_, params, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	parts := multipart.NewReader(parsed.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			return err
		}
		switch kind, _, _ := strings.Cut(part.Header.Get("Content-Type"), ";"); kind {
		case "text/plain":
			l.Text = string(body)
		case "text/html":
			l.HTML = string(body)
		}
	}
}
