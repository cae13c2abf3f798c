package mail

import (
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"sync"

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
func Compose(lang text.Lang, c Content) (plain, html string, err error) {
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
	var b strings.Builder
	err = layout().Execute(&b, struct {
		Lang text.Lang
		Content
	}{lang, c})
	return c.plain(), b.String(), err
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

// layout is parsed at the first mail: most requests of a function send none. Tables and attributes, since mail readers
// know little else; system fonts, and no image, so that nothing tells the world who reads.
var layout = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("mail").Parse(`<!doctype html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
</head>
<body style="margin:0;padding:0;background-color:#f2f4f7">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:#f2f4f7">
<tr><td align="center" style="padding:32px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px;background-color:#ffffff;border:1px solid #d5dae1;border-radius:8px;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;color:#1b2430;text-align:left">
<tr><td style="padding:32px 32px 24px">
<h1 style="margin:0 0 20px;font-size:22px;line-height:30px;font-weight:600;overflow-wrap:anywhere">{{.Title}}</h1>
{{range .Paragraphs}}<p style="margin:0 0 16px;font-size:16px;line-height:24px;overflow-wrap:anywhere">{{.}}</p>
{{end}}{{if .Action.Label}}<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 20px">
<tr><td style="background-color:#0b5d66;border-radius:6px">
<a href="{{.Action.URL}}" style="display:inline-block;padding:12px 24px;font-size:16px;line-height:24px;font-weight:600;color:#ffffff;text-decoration:none">{{.Action.Label}}</a>
</td></tr>
</table>
<p style="margin:0;font-size:13px;line-height:20px;color:#566171;word-break:break-all">{{.Action.URL}}</p>
{{end}}</td></tr>
{{if .Footer}}<tr><td style="padding:16px 32px 24px;border-top:1px solid #e4e8ed;font-size:13px;line-height:20px;color:#566171;overflow-wrap:anywhere">{{.Footer}}</td></tr>
{{end}}</table>
</td></tr>
</table>
</body>
</html>
`))
})
