package httpapi_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
)

func TestRefusalsAreInTheLanguageOfTheRequestThenThePersonThenTheAccount(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct{ as, accept, want string }{
		{"administrator", "", "fr"}, // the account's
		{"view", "", "en"},          // the person's own
		{"view", "fr", "fr"},
		{"administrator", "en-GB", "en"},
		{"administrator", "de", "fr"},
		{"", "", "en"}, // nobody: the last resort
		{"", "fr-BE", "fr"},
		{"outsider", "", "en"}, // a stranger is not told the account's language
	} {
		r := w.send(request{as: tt.as, method: "POST", path: things, body: `{`, headers: map[string]string{"accept-language": tt.accept}})
		if got := r.Headers["Content-Language"]; got != tt.want {
			t.Errorf("%q with Accept-Language %q: %s, want %s", tt.as, tt.accept, got, tt.want)
		}
		french := strings.ContainsAny(r.doc["detail"].(string), "éèàê’")
		if french != (tt.want == "fr") {
			t.Errorf("%q with Accept-Language %q: %q", tt.as, tt.accept, r.doc["detail"])
		}
	}
}

func TestAProblemCarriesWhatAClientNeeds(t *testing.T) {
	w := newWorld(t)
	w.handle = func(context.Context, httpapi.Call[string], *thingInput) (*Thing, error) {
		return nil, fault.New(fault.TooLarge, "request_too_large", fault.Int("limit", 3)).
			With(fault.Text("name", "A \"b\" & <c>"), fault.Arg{Name: "results", Value: []string{"x"}}, fault.Text("status", "mine"), fault.Arg{Name: "never", Value: func() {}})
	}
	r := w.send(request{as: "administrator", method: "POST", path: things, body: `{"name":"xy"}`, headers: map[string]string{"accept-language": "en"}, edit: func(e *events.APIGatewayV2HTTPRequest) {
		e.RequestContext.RequestID = "JKJaXm/LvHc ESHA="
	}})
	want := `{"type":"urn:seatkeeper:problem:request_too_large","title":"Too large","status":413,` +
		`"detail":"The request is larger than 3 bytes. Send less at once.","code":"request_too_large","instance":"urn:seatkeeper:request:JKJaXm%2FLvHc%20ESHA=",` +
		`"limit":3,"name":"A \"b\" & <c>","results":["x"]}`
	if r.Body != want || r.StatusCode != 413 {
		t.Errorf("got\n%s\nwant\n%s", r.Body, want)
	}
}

func TestANounsOwnFindingsLookLikeTheSchemas(t *testing.T) {
	w := newWorld(t)
	w.handle = func(context.Context, httpapi.Call[string], *thingInput) (*Thing, error) {
		return nil, httpapi.Invalid(httpapi.At("body.zone", "value_invalid"), httpapi.At("body.name", "too_long", fault.Int("maximum", 3)))
	}
	r := w.want(request{as: "administrator", method: "POST", path: things, body: `{"name":"xy"}`}, 422, "invalid_request")
	if want := []string{"body.name too_long", "body.zone value_invalid"}; !slices.Equal(r.wrong(), want) {
		t.Errorf("errors %v, want %v", r.wrong(), want)
	}
	if detail := r.doc["errors"].([]any)[0].(map[string]any)["detail"]; detail != "est trop long ; longueur maximale : 3" {
		t.Errorf("detail: %q", detail)
	}
}
