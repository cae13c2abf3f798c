package statement

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the page and its style
	"encoding/base64"
	"html/template"
	"sync"
)

//go:embed page.html
var pageSource string

//go:embed page.css
var style string

// page is parsed at the first statement that is read as one. No function runs for it before: what a package's variables
// call, every function that is linked with the package has to carry, and the template engine is a third of a binary.
var page struct {
	once sync.Once
	*template.Template
}

// guard lets the page load nothing and run nothing: its own style is all that there is, by its digest. The page says it
// too, so that it holds wherever the page is opened from.
var guard = sync.OnceValue(func() string {
	digest := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'; base-uri 'none'; form-action 'none'"
})

// Policy is the Content-Security-Policy that a page is sent with. Nobody may frame it.
func Policy() string { return guard() + "; frame-ancestors 'none'; sandbox" }

// Page is the statement as an HTML page to print: one file, without scripts, that asks nobody for anything.
func (s Statement) Page() ([]byte, error) {
	page.once.Do(func() { page.Template = template.Must(template.New("statement").Parse(pageSource)) })
	var out bytes.Buffer
	err := page.Execute(&out, struct {
		Statement
		Style   template.CSS
		Guard   string
		Parties []Block
	}{s, template.CSS(style), guard(), []Block{s.Seller, s.BillTo}})
	return out.Bytes(), err
}
