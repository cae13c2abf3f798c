package httpapi

import (
	"context"
	"mime"
	"net/http"
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
	if !acceptable(strings.Join(r.Header.Values("Accept"), ",")) {
		return &odd{status: http.StatusNotAcceptable, code: "not_acceptable"}
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
			return fault.New(fault.Forbidden, "vendor_only").With(fault.Text("permission", needed))
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

// acceptable tells whether JSON will do. A browser's header, and one that cannot be read, get JSON; only a list of
// types that are all something else does not.
func acceptable(accept string) bool {
	refused := false
	for part := range strings.SplitSeq(accept, ",") {
		media, params, err := mime.ParseMediaType(part)
		if err != nil || !strings.Contains(media, "/") {
			continue
		}
		switch media {
		case jsonType, problemType, "application/*", "*/*", "text/html":
			if q := params["q"]; q == "" || strings.Trim(q, "0.") != "" {
				return true
			}
		}
		refused = true
	}
	return !refused
}
