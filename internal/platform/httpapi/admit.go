package httpapi

import (
	"context"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/awslabs/aws-lambda-go-api-proxy/core"
	"github.com/danielgtaylor/huma/v2"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// admit lets a request through to its handler, or says why not. Who calls comes first: nobody learns from the way their
// input is refused what they may not see. A request that was answered before leaves its answer in the exchange.
func (api *API[A]) admit(x *exchange[A], r *http.Request, described *huma.Operation) error {
	if err := api.permit(x, r); err != nil {
		return err
	}
	if err := x.negotiate(strings.Join(r.Header.Values("Accept"), ",")); err != nil {
		return err
	}
	// Huma would negotiate anew, and panics on some headers ("a;,bb").
	r.Header.Del("Accept")
	if err := readQuery(r); err != nil {
		return err
	}
	body, err := readBody(r, x.op.MaxBody, described.RequestBody)
	if err != nil {
		return err
	}
	return api.recall(x, r, body)
}

// permit finds out who calls and decides whether they may.
func (api *API[A]) permit(x *exchange[A], r *http.Request) error {
	subject, ok := subjectOf(r.Context())
	if !ok {
		return fault.New(fault.Unauthenticated, "unauthenticated")
	}
	if x.op.InAccount() {
		if x.account, ok = id.Parse[id.Account](r.PathValue(accountParameter)); !ok {
			return fault.Missing()
		}
	}
	loaded, err := api.config.Load(r.Context(), subject, x.account, x.source, x.now)
	if err != nil {
		return err
	}
	loaded.Caller.Subject = subject
	decision := access.Decide(loaded.Caller, x.op.Needs, x.op.InAccount())
	if decision == access.Unknown {
		// The language stays what the request alone says: a foreign account's own would tell that it exists.
		return fault.Missing()
	}
	x.loaded = loaded
	x.lang = text.Match(r.Header.Get("Accept-Language"), loaded.Caller.Language, loaded.Locale)
	if decision == access.Lacking {
		needed := string(x.op.Needs)
		if !x.op.InAccount() {
			// No administrator of an account can give it.
			code := "vendor_only"
			if x.op.Needs.Partners() {
				code = "staff_only"
			}
			return fault.New(fault.Forbidden, code).With(fault.Text("permission", needed))
		}
		return fault.New(fault.Forbidden, "permission_missing", fault.Text("permissionName", text.Say(x.lang, "permission_"+needed))).
			With(fault.Text("permission", needed))
	}
	return nil
}

// subjectOf is whom the authorizer vouches for. Nothing else is asked: a client can send any header.
func subjectOf(ctx context.Context) (access.Subject, bool) {
	gateway, ok := core.GetAPIGatewayV2ContextFromContext(ctx)
	if !ok || gateway.Authorizer == nil {
		return access.Subject{}, false
	}
	word := func(name string) string { s, _ := gateway.Authorizer.Lambda[name].(string); return s }
	s := access.Subject{Issuer: word("issuer"), ID: word("subject"), Email: word("email")}
	return s, s.Issuer != "" && s.ID != ""
}

// wanted is how much a form of the answer is wanted: its quality, and whether it was named or is one of many.
type wanted struct {
	quality float64
	named   bool
}

func (w wanted) over(other wanted) bool {
	return w.quality > other.quality || w.quality == other.quality && w.named && !other.named
}

// negotiate finds the form of the answer that its reader wants, or refuses to answer in any other.
func (x *exchange[A]) negotiate(accept string) error {
	tabular := x.columns != nil
	var acceptable bool
	if len(x.op.Offers) > 0 {
		x.media, acceptable = choose(accept, x.op.Offers)
	} else {
		x.csv, acceptable = wantsCSV(accept, tabular)
	}
	if !acceptable {
		return &odd{status: http.StatusNotAcceptable, code: "not_acceptable", args: []fault.Arg{fault.Text("offered", strings.Join(x.op.offered(tabular), ", "))}}
	}
	return nil
}

// wantsCSV chooses the form of an answer: CSV, where there is one, only for those who want it more than JSON. A
// browser's header, and one that cannot be read, get JSON. It is not acceptable to name types that are all something
// else.
func wantsCSV(accept string, tabular bool) (asCSV, acceptable bool) {
	var asJSON, table wanted
	refused := false
	for part := range strings.SplitSeq(accept, ",") {
		media, params, err := mime.ParseMediaType(part)
		if err != nil || !strings.Contains(media, "/") {
			continue
		}
		refused = true
		this := wanted{quality: quality(params["q"])}
		form := &asJSON
		switch media {
		case jsonType, problemType, "text/html":
			this.named = true
		case "application/*", "*/*":
		case "text/csv":
			this.named, form = true, &table
		case "text/*":
			form = &table
		default:
			continue
		}
		if this.over(*form) {
			*form = this
		}
	}
	if tabular && table.quality > 0 && table.over(asJSON) {
		return true, true
	}
	return false, asJSON.quality > 0 || !refused
}

// quality reads a weight of an Accept header; one that cannot be read is 1, as if there were none.
func quality(q string) float64 {
	weight, err := strconv.ParseFloat(q, 64)
	if err != nil || !(weight >= 0 && weight <= 1) {
		return 1
	}
	return weight
}
