package httpapi_test

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// unused are Huma's messages of schema forms that no input of ours uses; one that turns up all the same is
// wrong_form or value_invalid.
var unused = []string{
	"MsgExpectedRFC5890Hostname", "MsgExpectedRFC2673IPv4", "MsgExpectedRFC2373IPv6", "MsgExpectedRFCIPAddr", "MsgExpectedRFC4122UUID",
	"MsgExpectedRFC6570URITemplate", "MsgExpectedRFC6901JSONPointer", "MsgExpectedRFC6901RelativeJSONPointer", "MsgExpectedRegexp",
	"MsgExpectedMatchAtLeastOneSchema", "MsgExpectedMatchExactlyOneSchema", "MsgExpectedNotMatchSchema", "MsgExpectedPropertyNameInObject",
	"MsgExpectedDuration", "MsgExpectedArrayItemsUnique",
}

func TestEveryMessageOfHumaHasACodeOrIsKnownToBeUnused(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/danielgtaylor/huma/v2").Output()
	if err != nil {
		t.Fatalf("where is Huma's source? %v", err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), strings.TrimSpace(string(dir))+"/validation/messages.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	formats, _ := httpapi.Findings()
	n := 0
	for name, object := range file.Scope.Objects {
		literal := object.Decl.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value
		format, err := strconv.Unquote(literal)
		if err != nil {
			t.Fatal(err)
		}
		n++
		if slices.Contains(formats, format) == slices.Contains(unused, name) {
			t.Errorf("%s (%q): give it a code, or list it as unused; not both", name, format)
		}
	}
	if n < 40 {
		t.Errorf("only %d messages were found", n)
	}
}

// Limits puts each limit of a schema on a field of its own.
type limits struct {
	Least      int            `json:"least,omitempty" minimum:"2"`
	Most       int            `json:"most,omitempty" maximum:"3"`
	Above      float64        `json:"above,omitempty" exclusiveMinimum:"0.5"`
	Below      float64        `json:"below,omitempty" exclusiveMaximum:"1000"`
	Step       int            `json:"step,omitempty" multipleOf:"5"`
	Short      string         `json:"short,omitempty" minLength:"3"`
	Long       string         `json:"long,omitempty" maxLength:"1"`
	Few        []int          `json:"few,omitempty" minItems:"2"`
	Many       []int          `json:"many,omitempty" maxItems:"1"`
	FewNames   map[string]int `json:"fewNames,omitempty" minProperties:"2"`
	ManyNames  map[string]int `json:"manyNames,omitempty" maxProperties:"1"`
	OneOf      string         `json:"oneOf,omitempty" enum:"on,off"`
	Pattern    string         `json:"pattern,omitempty" pattern:"^a+$"`
	Described  string         `json:"described,omitempty" pattern:"^a+$" patternDescription:"some a"`
	Bytes      []byte         `json:"bytes,omitempty"`
	URL        string         `json:"url,omitempty" format:"uri"`
	Time       string         `json:"time,omitempty" format:"time"`
	HTTP       string         `json:"http,omitempty" format:"date-time-http"`
	With       string         `json:"with,omitempty" dependentRequired:"without"`
	Without    string         `json:"without,omitempty"`
	Host       string         `json:"host,omitempty" format:"hostname"`
	Unforeseen moody          `json:"unforeseen,omitempty"`
}

// moody refuses whatever it is given, in words that nobody foresaw.
type moody string

func (m *moody) UnmarshalText([]byte) error { return errors.New("not today") }

func TestEachLimitIsWordedWithItsNumber(t *testing.T) {
	w := newWorld(t)
	type input struct {
		Body limits
	}
	httpapi.Register(w.api, httpapi.Operation{ID: "limit", Method: "POST", Path: "/v1/limit", Needs: access.SignedIn},
		func(context.Context, httpapi.Call[string], *input) (*httpapi.NoBody, error) {
			return &httpapi.NoBody{}, nil
		})
	for body, want := range map[string]string{
		`{"least":1}`:                 "body.least too_small: must be 2 or more",
		`{"most":4}`:                  "body.most too_large: must be 3 or less",
		`{"above":0.5}`:               "body.above not_above: must be more than 0.5",
		`{"below":1000}`:              "body.below not_below: must be less than 1,000",
		`{"step":7}`:                  "body.step not_a_multiple: must be a multiple of 5",
		`{"short":"ab"}`:              "body.short too_short: is too short; shortest length: 3",
		`{"long":"ab"}`:               "body.long too_long: is too long; greatest length: 1",
		`{"few":[1]}`:                 "body.few too_few: holds too few values; fewest: 2",
		`{"many":[1,2]}`:              "body.many too_many: holds too many values; most: 1",
		`{"fewNames":{"a":1}}`:        "body.fewNames too_few: holds too few values; fewest: 2",
		`{"manyNames":{"a":1,"b":2}}`: "body.manyNames too_many: holds too many values; most: 1",
		`{"oneOf":"maybe"}`:           "body.oneOf not_one_of: must be one of: on, off",
		`{"pattern":"b"}`:             "body.pattern wrong_form: does not have the form that is expected here",
		`{"described":"b"}`:           "body.described wrong_form: does not have the form that is expected here",
		`{"bytes":"?"}`:               "body.bytes wrong_form: does not have the form that is expected here",
		`{"url":"%zz"}`:               "body.url not_a_url: must be a web address",
		`{"time":"noon"}`:             "body.time not_a_time: must be a time of day such as 09:30:00",
		`{"http":"noon"}`:             "body.http not_a_date_time: must be an instant such as 2026-11-20T09:30:00Z",
		`{"with":"a"}`:                "body.without required: is missing",
		`{"host":"-"}`:                "body.host wrong_form: does not have the form that is expected here",
		`{"unforeseen":"x"}`:          "body value_invalid: this value is not acceptable",
		`{"bytes":"A"}`:               "body value_invalid: this value is not acceptable", // base64 to the schema, none to Go
	} {
		r := w.want(request{as: "view", method: "POST", path: "/v1/limit", body: body}, 422, "invalid_request")
		var got []string
		for i, e := range r.wrong() {
			got = append(got, e+": "+r.doc["errors"].([]any)[i].(map[string]any)["detail"].(string))
		}
		if len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

func TestEveryFindingIsWordedInBothLanguages(t *testing.T) {
	_, codes := httpapi.Findings()
	for _, code := range codes {
		if !slices.Contains(text.Codes(), code) {
			t.Errorf("%s is not in the catalog", code)
		}
	}
}
