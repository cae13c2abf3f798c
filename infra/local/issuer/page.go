package issuer

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"strings"
)

//go:embed page.html
var source string

var shown = template.Must(template.New("page").Parse(source))

// policy lets the page have its one style and send its one form: by then the browser is led on to the portal, on
// whichever port of this machine it is.
const policy = "default-src 'none'; style-src 'sha256-%STYLE%'; base-uri 'none'; frame-ancestors 'none'"

type words struct {
	Lang, Title, Lead string
}

// page offers the people to choose from.
func (s *SignIn) page(w http.ResponseWriter, r *http.Request) {
	said := words{"en", "Who are you?", "This issuer is part of the local stack. It asks for no password: choose whom to sign in as."}
	if strings.HasPrefix(r.URL.Query().Get("ui_locales"), "fr") {
		said = words{"fr", "Qui êtes-vous ?", "Cet émetteur fait partie de la pile locale. Il ne demande pas de mot de passe : choisissez qui vous êtes."}
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", strings.Replace(policy, "%STYLE%", styleHash(), 1))
	h.Set("Referrer-Policy", "no-referrer")
	// A page of our own always executes; what fails is the reader's connection.
	_ = shown.Execute(w, struct {
		words
		Action  string
		Choices []Choice
	}{said, "?" + r.URL.RawQuery, s.choices})
}

// styleHash names the page's one style in its policy (CSP, hash-source).
func styleHash() string {
	_, rest, _ := strings.Cut(source, "<style>")
	style, _, _ := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	return base64.StdEncoding.EncodeToString(sum[:])
}
