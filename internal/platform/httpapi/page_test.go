package httpapi_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
)

func TestAPageTokenServesItsOwnListingAlone(t *testing.T) {
	w := newWorld(t)
	httpapi.Register(w.api, httpapi.Operation{ID: "report", Method: "PATCH", Path: "/v1/accounts/{accountId}/things", Needs: access.View},
		func(_ context.Context, call httpapi.Call[string], in *listInput) (*httpapi.NoBody, error) {
			at := 0
			return &httpapi.NoBody{}, call.Position(in.PageToken, &at)
		})
	get := func(as, path, query string) response {
		return w.send(request{as: as, method: "GET", path: path + "?" + query})
	}
	token := func(r response) string { return r.doc["nextPageToken"].(string) }
	first := get("administrator", things, "state=on&q=a%20b")
	for _, query := range []string{"state=on&q=a+b", "q=a%20b&state=on", "pageSize=7&q=a%20b&state=on"} {
		if r := get("administrator", things, query+"&pageToken="+token(first)); r.StatusCode != 200 {
			t.Errorf("?%s: %d %s", query, r.StatusCode, r.code())
		}
	}
	for name, r := range map[string]response{
		"another filter": get("administrator", things, "state=off&q=a%20b&pageToken="+token(first)),
		"no filter":      get("administrator", things, "pageToken="+token(first)),
		"another caller": get("super_administrator", things, "state=on&q=a%20b&pageToken="+token(first)),
		"another account": get("operator", "/v1/accounts/"+string(foreign)+"/things", "pageToken="+
			token(get("operator", things, ""))),
		"another issuer": w.send(request{as: "administrator", method: "GET", path: things + "?state=on&q=a%20b&pageToken=" + token(first),
			edit: func(e *events.APIGatewayV2HTTPRequest) {
				e.RequestContext.Authorizer.Lambda["issuer"] = "https://other.example"
			}}),
		"another operation": w.send(request{as: "administrator", method: "PATCH", path: things + "?state=on&q=a%20b&pageToken=" + token(first)}),
		"tampered":          get("administrator", things, "state=on&q=a%20b&pageToken="+token(first)+"A"),
		"no token":          get("administrator", things, "state=on&q=a%20b&pageToken=x"),
		"not base64":        get("administrator", things, "state=on&q=a%20b&pageToken=%21"),
	} {
		if r.code() != "page_token_invalid" || r.StatusCode != 400 {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.code())
		}
	}
	w.advance(25 * time.Hour)
	if r := get("administrator", things, "state=on&q=a%20b&pageToken="+token(first)); r.code() != "page_token_expired" || r.StatusCode != 400 {
		t.Errorf("a day later: %d %s", r.StatusCode, r.code())
	}
}

func TestTokensLeadThroughAListingAndTheLastPageHasNone(t *testing.T) {
	w := newWorld(t)
	pages, query := 0, ""
	for pages < 10 {
		r := w.want(request{as: "administrator", method: "GET", path: things + query}, 200, "")
		pages++
		next, more := r.doc["nextPageToken"].(string)
		if !more {
			break
		}
		query = "?pageToken=" + next
	}
	if pages != 3 {
		t.Errorf("%d pages, want 3", pages)
	}
}
