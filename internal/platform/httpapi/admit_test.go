package httpapi_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

func TestWhoMayNotSeeAnAccountGetsTheBytesOfOneThatDoesNotExist(t *testing.T) {
	w := newWorld(t)
	for _, as := range []string{"administrator", "super_administrator", "view"} {
		for _, q := range []request{
			{method: "GET", path: "/things"},
			{method: "GET", path: "/things/" + string(thing)},
			{method: "DELETE", path: "/things/" + string(thing)},
			{method: "POST", path: "/things", body: `{"nonsense":`},
			{method: "POST", path: "/things", body: strings.Repeat("x", 100<<10)},
			{method: "GET", path: "/things?nonsense=1"},
			{method: "GET", path: "/things", headers: map[string]string{"accept": "text/csv"}},
		} {
			q.as = as
			rest := q.path
			q.path = "/v1/accounts/" + string(foreign) + rest
			theirs := w.want(q, 404, "not_found")
			q.path = "/v1/accounts/" + string(nobodys) + rest
			none := w.want(q, 404, "not_found")
			if theirs.Body != none.Body || !maps.Equal(theirs.Headers, none.Headers) {
				t.Errorf("%s %s tells a foreign account from none:\n%s %v\n%s %v", q.method, rest, theirs.Body, theirs.Headers, none.Body, none.Headers)
			}
		}
	}
	if w.calls != 0 {
		t.Errorf("%d handlers were called", w.calls)
	}
}

func TestAnAccountIdThatIsNoneIsNotFound(t *testing.T) {
	w := newWorld(t)
	for _, account := range []string{"x", "acc_1", "acc_01jd0000000000000000000001", "ctr_01JD0000000000000000000001", "acc_81JD0000000000000000000001", "%61cc_", "..", "acc%00", "%ff", "%2F"} {
		w.want(request{as: "operator", method: "GET", path: "/v1/accounts/" + account + "/things"}, 404, "not_found")
	}
}

func TestAKnownCallerWithoutTheRightIsToldWhichOne(t *testing.T) {
	w := newWorld(t)
	r := w.want(request{as: "view", method: "DELETE", path: things + "/" + string(thing)}, 403, "permission_missing")
	if r.doc["permission"] != "manage_systems" || !strings.Contains(r.doc["detail"].(string), "“connect and disconnect systems”") {
		t.Errorf("problem: %s", r.Body)
	}
	r = w.want(request{as: "manage_billing", method: "GET", path: things}, 403, "permission_missing")
	if r.doc["permission"] != "view" || !strings.Contains(r.doc["detail"].(string), "« consulter »") {
		t.Errorf("problem: %s", r.Body)
	}
	// Outside accounts there is nothing to hide, and no administrator to ask.
	w.want(request{as: "administrator", method: "POST", path: "/v1/things", body: "{"}, 403, "vendor_only")
	w.want(request{as: "outsider", method: "POST", path: "/v1/things"}, 403, "vendor_only")
}

func TestThePermissionIsDecidedBeforeTheInputIsLookedAt(t *testing.T) {
	w := newWorld(t)
	for _, q := range []request{
		{method: "POST", path: things, body: `{"nonsense":`},
		{method: "POST", path: things, body: strings.Repeat("x", 100<<10)},
		{method: "POST", path: things + "?nonsense=1", headers: map[string]string{"content-type": "text/xml"}},
		{method: "DELETE", path: things + "/nonsense"},
		{method: "DELETE", path: things + "/" + string(thing), headers: map[string]string{"accept": "text/csv"}},
	} {
		q.as = "view"
		w.want(q, 403, "permission_missing")
		q.as = ""
		w.want(q, 401, "unauthenticated")
	}
}

func TestWithoutASubjectFromTheAuthorizerItIs401(t *testing.T) {
	w := newWorld(t)
	for name, edit := range map[string]func(*events.APIGatewayV2HTTPRequest){
		"no authorizer": func(e *events.APIGatewayV2HTTPRequest) { e.RequestContext.Authorizer = nil },
		"no context":    func(e *events.APIGatewayV2HTTPRequest) { e.RequestContext.Authorizer.Lambda = nil },
		"no issuer":     func(e *events.APIGatewayV2HTTPRequest) { delete(e.RequestContext.Authorizer.Lambda, "issuer") },
		"no subject":    func(e *events.APIGatewayV2HTTPRequest) { e.RequestContext.Authorizer.Lambda["subject"] = "" },
		"not a text":    func(e *events.APIGatewayV2HTTPRequest) { e.RequestContext.Authorizer.Lambda["subject"] = 7 },
	} {
		r := w.want(request{as: "administrator", method: "GET", path: things, edit: edit}, 401, "unauthenticated")
		if r.Headers["Www-Authenticate"] != "Bearer" {
			t.Errorf("%s: WWW-Authenticate %q", name, r.Headers["Www-Authenticate"])
		}
	}
}

func TestAnUnknownAddressIs404AndAnotherMethod405WithAllow(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/", "", "/v1", things + "/", "//" + things[1:], things + "//x", "/v1/accounts/../things", "/v1/./things", "/docs", "/openapi.json", "/schemas/Thing.json"} {
		w.want(request{as: "operator", method: "GET", path: path}, 404, "not_found")
	}
	r := w.want(request{as: "operator", method: "PATCH", path: things}, 405, "method_not_allowed")
	if r.Headers["Allow"] != "GET, HEAD, POST" {
		t.Errorf("Allow: %q", r.Headers["Allow"])
	}
	w.want(request{as: "operator", method: "BREW", path: things}, 405, "method_not_allowed")
}

func TestJSONIsGivenUnlessOnlyOtherTypesAreTaken(t *testing.T) {
	w := newWorld(t)
	for accept, status := range map[string]int{
		"": 200, "*/*": 200, "application/json": 200, "application/*;q=0.1": 200, "application/problem+json": 200,
		"text/html,application/xhtml+xml;q=0.9": 200, "text/csv, application/json;q=0.5": 200, "APPLICATION/JSON": 200,
		"garbage": 200, "a;,bb": 200, ";;;,,,q=": 200, "text/csv;q=0.5,*/*;q=0.1": 200, `application/json;v="a,b"`: 200,
		"text/csv": 406, "text/*": 406, "application/xml, text/plain": 406, "application/json;q=0": 406, "image/png, */*;q=0.0": 406,
	} {
		r := w.send(request{as: "administrator", method: "GET", path: things + "/" + string(thing), headers: map[string]string{"accept": accept}})
		if r.StatusCode != status {
			t.Errorf("Accept %q: %d, want %d", accept, r.StatusCode, status)
		}
	}
}

func TestHumaDoesNotReadAcceptBecauseItPanics(t *testing.T) {
	w := newWorld(t)
	for _, accept := range []string{"a;,bb", ";,a", "x;,yy,application/json", "é;,b"} {
		w.want(request{as: "administrator", method: "POST", path: things, body: `{}`, headers: map[string]string{"accept": accept}}, 422, "invalid_request")
	}
}
