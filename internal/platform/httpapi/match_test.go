package httpapi_test

import (
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
)

func TestAChangeNeedsTheRevisionThatItsCallerSaw(t *testing.T) {
	for header, code := range map[string]string{
		"":             "if_match_required",
		"  ":           "if_match_required",
		`"7"`:          "",
		` "7" `:        "",
		`W/"7"`:        "",
		`*`:            "",
		`"7", "6"`:     "",
		`"6", "7"`:     "",
		`"6","7"`:      "",
		`"a,b", W/"7"`: "",
		`"6"`:          "stale",
		`"6", "8"`:     "stale",
		`""`:           "stale",
		`"07"`:         "stale",
		`" 7"`:         "stale",
		`"abc"`:        "stale",
		`"6,7"`:        "stale",
		`7`:            "invalid_request",
		`"7`:           "invalid_request",
		`'7'`:          "invalid_request",
		`"7" "8"`:      "invalid_request",
		`"7",`:         "invalid_request",
		`"7", *`:       "invalid_request",
		`W/7`:          "invalid_request",
		`w/"7"`:        "invalid_request",
	} {
		err := httpapi.IfMatch{IfMatch: header}.RequireMatch(7)
		got := ""
		if f, ok := fault.Of(err); ok {
			got = f.Code
		} else if err != nil {
			got = err.Error()
		}
		if got != code {
			t.Errorf("If-Match %s: %q, want %q", header, got, code)
		}
	}
}

func TestIfMatchOverTheWire(t *testing.T) {
	w := newWorld(t)
	change := func(ifMatch string) request {
		return request{as: "administrator", method: "PUT", path: things + "/" + string(thing), body: `{"name":"xy"}`, headers: map[string]string{"if-match": ifMatch}}
	}
	read := w.want(request{as: "administrator", method: "GET", path: things + "/" + string(thing)}, 200, "")
	r := w.want(change(read.Headers["Etag"]), 200, "")
	if r.Headers["Etag"] != httpapi.ETag(8) {
		t.Errorf("ETag of the change: %q", r.Headers["Etag"])
	}
	w.want(change(r.Headers["Etag"]), 412, "stale")
	w.want(change(""), 428, "if_match_required")
	if r := w.want(change("7"), 422, "invalid_request"); r.wrong()[0] != "header.If-Match not_an_etag" {
		t.Errorf("errors: %v", r.wrong())
	}
}
