package mail

import (
	"fmt"
	"html"
	"net/url"
	"strings"

	"github.com/seatkeeper/seatkeeper/internal/text"
)

// Content is what a mail says, in the reader's language. Each text is one paragraph, without markup.
type Content struct {
	Title      string
	Paragraphs []string
	Action     Action // none where its Label is empty
	Footer     string // why the reader gets this
}

// Action is the one thing to do: a button, and its address written out for readers that show none.
type Action struct {
	Label string
	URL   string // http or https, with its host
}

// Compose lays a content out twice: as plain text, and as HTML that fetches nothing and needs no style sheet. Texts are
// escaped. An error is a URL that no reader could open.
func Compose(lang text.Lang, c Content) (plain, marked string, err error) {
	c.Title, c.Footer, c.Action.Label = oneLine(c.Title), oneLine(c.Footer), oneLine(c.Action.Label)
	paragraphs := make([]string, len(c.Paragraphs))
	for i, p := range c.Paragraphs {
		paragraphs[i] = oneLine(p)
	}
	c.Paragraphs = paragraphs
	if c.Action.Label != "" {
		u, err := url.Parse(c.Action.URL)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return "", "", fmt.Errorf("mail action %q: %q is no address of a page", c.Action.Label, c.Action.URL)
		}
		c.Action.URL = u.String()
	}
	return c.plain(), c.html(lang), nil
}

func (c Content) plain() string {
	blocks := append([]string{c.Title}, c.Paragraphs...)
	if c.Action.Label != "" {
		blocks = append(blocks, c.Action.Label+"\n"+c.Action.URL)
	}
	if c.Footer != "" {
		blocks = append(blocks, "-- \n"+c.Footer) // the mark by which readers know a signature
	}
	return strings.Join(blocks, "\n\n") + "\n"
}

// markup is HTML that is written piece by piece. It is no template: html/template reflects on methods by name, and with that
// alone the linker keeps every method of every type that is linked, half of a function's size again.
type markup struct{ strings.Builder }

// tags writes what is ours, as it stands.
func (m *markup) tags(s string) { m.WriteString(s) }

// text writes what anybody may have named, as the text of an element or within a quoted attribute.
func (m *markup) text(s string) { m.WriteString(html.EscapeString(s)) }

// around writes a text between tags of ours.
func (m *markup) around(before, text, after string) {
	m.tags(before)
	m.text(text)
	m.tags(after)
}

// html lays the content out in tables and attributes, since mail readers know little else; system fonts, and no image, so
// that nothing tells the world who reads.
func (c Content) html(lang text.Lang) string {
	var m markup
	m.around("<!doctype html>\n<html lang=\"", string(lang), "\">\n")
	m.around(`<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>`, c.Title, `</title>
</head>
<body style="margin:0;padding:0;background-color:#f2f4f7">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:#f2f4f7">
<tr><td align="center" style="padding:32px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px;background-color:#ffffff;border:1px solid #d5dae1;border-radius:8px;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;color:#1b2430;text-align:left">
<tr><td style="padding:32px 32px 24px">
`)
	m.around(`<h1 style="margin:0 0 20px;font-size:22px;line-height:30px;font-weight:600;overflow-wrap:anywhere">`, c.Title, "</h1>\n")
	for _, p := range c.Paragraphs {
		m.around(`<p style="margin:0 0 16px;font-size:16px;line-height:24px;overflow-wrap:anywhere">`, p, "</p>\n")
	}
	if c.Action.Label != "" {
		m.around(`<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 20px">
<tr><td style="background-color:#0b5d66;border-radius:6px">
<a href="`, c.Action.URL, `" style="display:inline-block;padding:12px 24px;font-size:16px;line-height:24px;font-weight:600;color:#ffffff;text-decoration:none">`)
		m.around("", c.Action.Label, "</a>\n</td></tr>\n</table>\n")
		m.around(`<p style="margin:0;font-size:13px;line-height:20px;color:#566171;word-break:break-all">`, c.Action.URL, "</p>\n")
	}
	m.tags("</td></tr>\n")
	if c.Footer != "" {
		m.around(`<tr><td style="padding:16px 32px 24px;border-top:1px solid #e4e8ed;font-size:13px;line-height:20px;color:#566171;overflow-wrap:anywhere">`, c.Footer, "</td></tr>\n")
	}
	m.tags("</table>\n</td></tr>\n</table>\n</body>\n</html>\n")
	return m.String()
}
