package httpapi

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Document is the output of an operation that answers with a file or a page to read, and not with JSON. The operation says
// in Operation.Offers as what; Call.Media is what its caller chose of these.
type Document struct {
	// Body are the bytes, sent as they are.
	Body []byte
	// FileName has a browser keep the document under this name. Empty: it is shown.
	FileName string
	// Policy is the document's Content-Security-Policy; empty where it runs nowhere.
	Policy string
}

// checkOffers panics where an operation offers no form of its Document, or forms of what is no Document, or would keep the
// document for a repeat: a kept answer is JSON.
func checkOffers(op Operation, out any) {
	_, is := out.(*Document)
	if is != (len(op.Offers) > 0) || is && op.Key != NoKey {
		panic(fmt.Sprintf("operation %q: a Document needs Offers and takes no key, and nothing else has Offers", op.ID))
	}
	for _, offer := range op.Offers {
		if media, _, err := mime.ParseMediaType(offer); err != nil || !strings.Contains(media, "/") || strings.Contains(media, "*") {
			panic(fmt.Sprintf("operation %q offers %q, which is no media type", op.ID, offer))
		}
	}
}

// answerDocument is a document in the form that was chosen.
func (x *exchange[A]) answerDocument(d *Document, a answer) answer {
	a.media, a.body, a.policy = x.media, d.Body, d.Policy
	if d.FileName != "" {
		// Letters beyond ASCII come out as RFC 2231 has it, which RFC 6266 asks of browsers.
		a.disposition = mime.FormatMediaType("attachment", map[string]string{"filename": d.FileName})
	}
	return a
}

// offered are the media types of an operation's answer, without parameters, for the refusal of any other.
func (op Operation) offered(tabular bool) []string {
	switch {
	case len(op.Offers) > 0:
		all := make([]string, len(op.Offers))
		for i, offer := range op.Offers {
			all[i], _, _ = strings.Cut(offer, ";")
		}
		return all
	case tabular:
		return []string{jsonType, "text/csv"}
	default:
		return []string{jsonType}
	}
}

// choose is which of the offers a caller wants most (RFC 9110, 12.5.1): the most exact of the header's ranges that an offer
// is in gives its quality; of equal ones the one that was named comes before one of many, then the one offered first. A
// header that cannot be read, and one without types, want the first; ok is false where none of the offers is wanted.
func choose(accept string, offers []string) (media string, ok bool) {
	var best wanted
	said := false
	for i, offer := range offers {
		name, _, _ := strings.Cut(offer, ";")
		kind, _, _ := strings.Cut(name, "/")
		ranges := []string{"*/*", kind + "/*", name} // from the widest to the most exact
		here, exact := wanted{}, -1
		for part := range strings.SplitSeq(accept, ",") {
			asked, params, err := mime.ParseMediaType(part)
			if err != nil || !strings.Contains(asked, "/") {
				continue
			}
			said = true
			if at := slices.Index(ranges, asked); at > exact {
				here, exact = wanted{quality(params["q"]), at == len(ranges)-1}, at
			}
		}
		if here.quality > 0 && (media == "" || here.over(best)) {
			best, media = here, offers[i]
		}
	}
	if !said {
		return offers[0], true
	}
	return media, media != ""
}

// describeDocument is what the OpenAPI document says of an answer that is a document.
func describeDocument(r *huma.Response, op Operation) {
	word := &huma.Schema{Type: huma.TypeString}
	r.Content = map[string]*huma.MediaType{}
	for _, media := range op.offered(false) {
		schema := &huma.Schema{Type: huma.TypeString}
		if !strings.HasPrefix(media, "text/") {
			schema.Extensions = map[string]any{"contentMediaType": media} // bytes, as OpenAPI 3.1 has it
		}
		r.Content[media] = &huma.MediaType{Schema: schema}
	}
	r.Headers[dispositionHeader] = &huma.Param{Description: "Of what is to be kept as a file: its name, in the reader's language.", Schema: word}
	r.Headers[policyHeader] = &huma.Param{Description: "Of a page: what it may load, which is nothing.", Schema: word}
}

const (
	dispositionHeader = "Content-Disposition"
	policyHeader      = "Content-Security-Policy"
)

// headDocument writes the headers that a document alone has.
func (a answer) headDocument(h http.Header) {
	if a.disposition != "" {
		h.Set(dispositionHeader, a.disposition)
	}
	if a.policy != "" {
		h.Set(policyHeader, a.policy)
	}
}
