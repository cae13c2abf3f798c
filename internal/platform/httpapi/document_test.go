package httpapi_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
)

// bytesOfPDF are no text in any encoding that JSON carries.
const bytesOfPDF = "%PDF-1.7\n\xff\x00\xe9\r\n%%EOF"

const papers = "/v1/accounts/" + string(ours) + "/papers/" + string(thing)

// offerPapers adds an operation that answers with a document: a file, or a page.
func offerPapers(w *world) {
	op := httpapi.Operation{ID: "getPaper", Method: "GET", Path: "/v1/accounts/{accountId}/papers/{thingId}", Needs: access.View, Offers: []string{"application/pdf", "text/html; charset=utf-8"}}
	httpapi.Register(w.api, op, func(_ context.Context, call httpapi.Call[string], in *oneInput) (*httpapi.Document, error) {
		w.saw(in)
		if call.Media == "application/pdf" {
			return &httpapi.Document{Body: []byte(bytesOfPDF), FileName: map[bool]string{true: "reçu.pdf", false: "receipt.pdf"}[call.Lang == "fr"]}, nil
		}
		return &httpapi.Document{Body: []byte("<p>é"), Policy: "default-src 'none'"}, nil
	})
}

func paper(accept, language string) request {
	return request{as: "administrator", method: "GET", path: papers, headers: map[string]string{"accept": accept, "accept-language": language}}
}

func TestADocumentIsSentByteByByteAsItsReaderWants(t *testing.T) {
	w := newWorld(t)
	offerPapers(w)
	pdf := w.want(paper("application/pdf", "en"), 200, "")
	body, err := base64.StdEncoding.DecodeString(pdf.Body)
	if err != nil || !pdf.IsBase64Encoded || string(body) != bytesOfPDF {
		t.Errorf("body %q in base64: %t %v", pdf.Body, pdf.IsBase64Encoded, err)
	}
	page := w.want(paper("text/html", "fr"), 200, "")
	if page.Body != "<p>é" || page.IsBase64Encoded {
		t.Errorf("body %q", page.Body)
	}
	common := map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Vary": "Accept, Accept-Language"}
	with := func(further map[string]string) map[string]string {
		for name, value := range common {
			further[name] = value
		}
		return further
	}
	if diff := cmp.Diff(with(map[string]string{"Content-Type": "application/pdf", "Content-Language": "en", "Content-Disposition": "attachment; filename=receipt.pdf"}), pdf.Headers); diff != "" {
		t.Errorf("headers of the file (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(with(map[string]string{"Content-Type": "text/html; charset=utf-8", "Content-Language": "fr", "Content-Security-Policy": "default-src 'none'"}), page.Headers); diff != "" {
		t.Errorf("headers of the page (-want +got):\n%s", diff)
	}
	if got := w.want(paper("application/pdf", "fr"), 200, "").Headers["Content-Disposition"]; got != "attachment; filename*=utf-8''re%C3%A7u.pdf" {
		t.Errorf("a name with letters beyond ASCII: %q", got)
	}
}

func TestTheFormOfADocumentIsNegotiated(t *testing.T) {
	w := newWorld(t)
	offerPapers(w)
	for accept, form := range map[string]string{
		"application/pdf": "pdf", "application/*": "pdf", "*/*": "pdf", "": "pdf", "a;,bb": "pdf", "application/pdf, text/html": "pdf",
		"text/html;q=0.8, application/pdf;q=0.9": "pdf", "text/html;q=0, */*": "pdf", "text/*;q=0.2, */*;q=0.3": "pdf", "text/html;q=0.5, */*;q=0.5, application/pdf;q=0.6": "pdf",
		"text/html": "html", "text/html; charset=utf-8": "html", "text/*": "html", "text/html, */*": "html", "application/pdf;q=0, */*": "html",
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "html", "application/pdf;q=0.5, text/html": "html", "text/html;q=0.1, application/xml": "html",
		"application/json": "406", "text/csv": "406", "application/json, image/*": "406", "application/pdf;q=0": "406", "*/*;q=0": "406",
	} {
		r := w.send(paper(accept, "en"))
		got := map[string]string{"application/pdf": "pdf", "text/html; charset=utf-8": "html", "application/problem+json": r.code()}[r.Headers["Content-Type"]]
		if form == "406" {
			form = "not_acceptable"
			if r.StatusCode != 406 || r.doc["offered"] != "application/pdf, text/html" || !strings.Contains(r.Body, "as application/pdf, text/html only") {
				t.Errorf("Accept %q is answered %d: %s", accept, r.StatusCode, r.Body)
			}
		}
		if got != form {
			t.Errorf("Accept %q: %q, want %q", accept, got, form)
		}
	}
}

func TestARefusalToReadADocumentIsAProblemAndSaysNothingOfItsForms(t *testing.T) {
	w := newWorld(t)
	offerPapers(w)
	q := paper("application/pdf", "en")
	q.as = "outsider"
	w.want(q, 404, "not_found")
	q.as = "manage_billing"
	w.want(q, 403, "permission_missing")
	q.as, q.headers["accept"] = "outsider", "image/png"
	w.want(q, 404, "not_found")
	q = paper("application/pdf", "en")
	q.path = strings.TrimSuffix(papers, string(thing)) + "sys_1"
	w.want(q, 404, "not_found")
	if w.calls != 0 {
		t.Errorf("the handler was called %d times", w.calls)
	}
}

func TestHEADIsAnsweredAsGETWithoutItsBody(t *testing.T) {
	w := newWorld(t)
	offerPapers(w)
	for _, q := range []request{paper("application/pdf", "fr"), paper("text/html", "en"), {as: "administrator", method: "GET", path: things + "/" + string(thing)}} {
		get := w.want(q, 200, "")
		q.method = "HEAD"
		head := w.want(q, 200, "")
		if diff := cmp.Diff(get.Headers, head.Headers); diff != "" {
			t.Errorf("%s: headers (-GET +HEAD):\n%s", q.path, diff)
		}
		if head.Body != "" || get.Body == "" {
			t.Errorf("%s: HEAD has the body %q, GET %q", q.path, head.Body, get.Body)
		}
	}
}

func TestADocumentIsDescribedByItsMediaTypes(t *testing.T) {
	w := newWorld(t)
	offerPapers(w)
	text, err := w.api.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			Responses map[string]struct {
				Content map[string]struct{ Schema map[string]any }
				Headers map[string]any
			}
		}
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	answer := doc.Paths["/v1/accounts/{accountId}/papers/{thingId}"]["get"].Responses["200"]
	want := map[string]struct{ Schema map[string]any }{
		"application/pdf": {map[string]any{"type": "string", "contentMediaType": "application/pdf"}}, "text/html": {map[string]any{"type": "string"}},
	}
	if diff := cmp.Diff(want, answer.Content); diff != "" {
		t.Errorf("content (-want +got):\n%s", diff)
	}
	if answer.Headers["Content-Disposition"] == nil || answer.Headers["Content-Security-Policy"] == nil {
		t.Errorf("headers: %v", answer.Headers)
	}
}

func TestADeclarationOfADocumentMakesSense(t *testing.T) {
	refuses := func(name string, register func(w *world)) {
		t.Helper()
		defer func() {
			if recover() == nil {
				t.Errorf("%s is let in", name)
			}
		}()
		register(newWorld(t))
	}
	declare := func(key httpapi.KeyRule, offers ...string) func(w *world) {
		return func(w *world) {
			op := httpapi.Operation{ID: "x", Method: "GET", Path: "/v1/x", Needs: access.ManageAccounts, Key: key, Offers: offers}
			httpapi.Register(w.api, op, func(context.Context, httpapi.Call[string], *struct{}) (*httpapi.Document, error) { return nil, nil })
		}
	}
	refuses("a document without a form", declare(httpapi.NoKey))
	refuses("a form that is none", declare(httpapi.NoKey, "pdf"))
	refuses("a form that is many", declare(httpapi.NoKey, "text/*"))
	refuses("a document that is kept for repeats", declare(httpapi.KeyAccepted, "application/pdf"))
	refuses("forms of what is no document", func(w *world) {
		op := httpapi.Operation{ID: "x", Method: "GET", Path: "/v1/x", Needs: access.ManageAccounts, Offers: []string{"application/pdf"}}
		httpapi.Register(w.api, op, func(context.Context, httpapi.Call[string], *struct{}) (*Thing, error) { return nil, nil })
	})
}
