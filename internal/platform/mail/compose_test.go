package mail_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

func TestAMailSaysTheSameInTextAndInHTML(t *testing.T) {
	content := mail.Content{
		Title: "Bienvenue", Paragraphs: []string{"L’un.", "Deux\u00a0: 2."}, Footer: "Pourquoi.",
		Action: mail.Action{Label: "Ouvrir", URL: "https://admin.example/a?b=c&d=e"},
	}
	plain, html, err := mail.Compose(text.French, content)
	if err != nil {
		t.Fatal(err)
	}
	if want := "Bienvenue\n\nL’un.\n\nDeux\u00a0: 2.\n\nOuvrir\nhttps://admin.example/a?b=c&d=e\n\n-- \nPourquoi.\n"; plain != want {
		t.Errorf("text %q, want %q", plain, want)
	}
	at := 0
	for _, said := range []string{`<html lang="fr">`, ">Bienvenue</h1>", ">L’un.</p>", ">Deux\u00a0: 2.</p>", `<a href="https://admin.example/a?b=c&amp;d=e"`, ">Ouvrir</a>", ">https://admin.example/a?b=c&amp;d=e</p>", ">Pourquoi.</td>"} {
		next := strings.Index(html[at:], said)
		if next < 0 {
			t.Fatalf("no %s after position %d in %s", said, at, html)
		}
		at += next
	}
}

func TestAMailWithoutActionAndFooterHasNoEmptyOnes(t *testing.T) {
	plain, html, err := mail.Compose(text.English, mail.Content{Title: "Gone", Paragraphs: []string{"All of it."}})
	if err != nil || plain != "Gone\n\nAll of it.\n" || strings.Contains(html, "<a ") || strings.Contains(html, "border-top") {
		t.Errorf("%v: %q\n%s", err, plain, html)
	}
}

func TestWhatPeopleNamedThingsIsNoMarkup(t *testing.T) {
	evil := "</title><script src=//evil.example/x.js></script><img src=x onerror=alert(1)>\r\n-- \r\n{{.}}"
	plain, html, err := mail.Compose(text.English, mail.Content{Title: evil, Paragraphs: []string{evil}, Footer: evil, Action: mail.Action{Label: evil, URL: `https://admin.example/"><script>alert(1)</script>`}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range []string{"<script", "<img", "</title><"} {
		if strings.Contains(strings.Replace(html, "</title>\n</head>", "", 1), tag) {
			t.Errorf("HTML holds %s:\n%s", tag, html)
		}
	}
	if n := strings.Count(plain, "\n-- \n"); n != 1 {
		t.Errorf("a text makes a line of its own: %q", plain)
	}
}

// A mail that fetches tells a stranger who reads it and when.
func TestHTMLFetchesNothing(t *testing.T) {
	_, html, err := mail.Compose(text.English, mail.Content{Title: "T", Paragraphs: []string{"p"}, Footer: "f", Action: mail.Action{Label: "Go", URL: "https://admin.example/"}})
	if err != nil {
		t.Fatal(err)
	}
	if found := regexp.MustCompile(`(?i)<(img|link|script|style|iframe|object|base)\b|\bsrc=|url\(|@import|background=`).FindAllString(html, -1); found != nil {
		t.Errorf("HTML holds %v", found)
	}
	if n := strings.Count(html, "href="); n != 1 {
		t.Errorf("%d links", n)
	}
}

func TestAnActionLeadsToAPage(t *testing.T) {
	for _, url := range []string{"", "/relative", "javascript:alert(1)", "ftp://x.example/", "https://", "https://x.example/\r\n", "data:text/html,x", "//x.example"} {
		if _, _, err := mail.Compose(text.English, mail.Content{Title: "T", Action: mail.Action{Label: "Go", URL: url}}); err == nil {
			t.Errorf("%q is taken", url)
		}
	}
}
