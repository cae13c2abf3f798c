package httpapi_test

import (
	"context"
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
)

const longName = `{"name":"a name that is too long"`

func TestEachFindingOfTheSchemaHasItsPlaceAndCode(t *testing.T) {
	w := newWorld(t)
	for body, want := range map[string][]string{
		`{}`:            {"body.name required"},
		`{"name":null}`: {"body.name not_a_string"},
		`{"name":7}`:    {"body.name not_a_string"},
		`{"name":"x"}`:  {"body.name too_short"},
		longName + `}`:  {"body.name too_long"},
		`{"Name":"xy"}`: {"body.Name unknown_field", "body.name required"},
		`{"name":"xy","NAME":"` + strings.Repeat("z", 99) + `"}`: {"body.NAME unknown_field"},
		`{"name":"xy","extra":1,"also":2}`:                       {"body.also unknown_field", "body.extra unknown_field"},
		`{"name":"xy","quantity":"7"}`:                           {"body.quantity not_an_integer"},
		`{"name":"xy","quantity":1.5}`:                           {"body.quantity not_an_integer"},
		`{"name":"xy","quantity":0}`:                             {"body.quantity too_small"},
		`{"name":"xy","quantity":2000001}`:                       {"body.quantity too_large"},
		`{"name":"xy","quantity":1e3}`:                           {"body.quantity wrong_form"},
		`{"name":"xy","count":99999999999999999999}`:             {"body.count wrong_form"},
		`{"name":"xy","ratio":0}`:                                {"body.ratio not_above"},
		`{"name":"xy","ratio":"1"}`:                              {"body.ratio not_a_number"},
		`{"name":"xy","ratio":1e400}`:                            {"body.ratio number_out_of_range"},
		`{"name":"xy","ratio":-1e999999999}`:                     {"body.ratio number_out_of_range"},
		`{"name":"xy","loud":"yes"}`:                             {"body.loud not_a_boolean"},
		`{"name":"xy","day":"2026-02-30"}`:                       {"body.day not_a_day"},
		`{"name":"xy","day":"1776-07-04"}`:                       {"body.day wrong_form"},
		`{"name":"xy","day":""}`:                                 {"body.day not_a_day", "body.day wrong_form"},
		`{"name":"xy","when":"yesterday"}`:                       {"body.when not_a_date_time"},
		`{"name":"xy","email":"nobody"}`:                         {"body.email not_an_email"},
		`{"name":"xy","kind":"free"}`:                            {"body.kind not_one_of"},
		`{"name":"xy","kind":{}}`:                                {"body.kind not_a_string"},
		`{"name":"xy","systems":{}}`:                             {"body.systems not_a_list"},
		`{"name":"xy","systems":["sys_1"]}`:                      {"body.systems[0] wrong_form"},
		`{"name":"xy","systems":[{},[],1]}`:                      {"body.systems[0] not_a_string", "body.systems[1] not_a_string", "body.systems[2] not_a_string"},
		`{"name":"xy","systems":["` + string(thing) + `","ctr_01JD0000000000000000000001"]}`: {"body.systems[1] wrong_form"},
		`{"name":"xy","inner":[]}`:         {"body.inner not_an_object"},
		`{"name":"xy","inner":{"deep":1}}`: {"body.inner.deep not_a_string"},
		`[]`:                               {"body not_an_object"},
		`null`:                             {"body not_an_object"},
		`"x"`:                              {"body not_an_object"},
		`{"name":"xy","name":"zz"}`:        {"body.name repeated"},
		`{"name":"xy","inner":{"deep":"a","deep":"b"}}`:                 {"body.inner.deep repeated"},
		`{"name":"x\u0000y"}`:                                           {"body.name control_characters"},
		`{"name":"x\ry"}`:                                               {"body.name control_characters"},
		`{"name":"x\u0085y"}`:                                           {"body.name control_characters"},
		`{"na\u0000me":"xy"}`:                                           {"body control_characters"},
		`{"name":"xy","systems":["a","\u001b[2J"]}`:                     {"body.systems[1] control_characters"},
		strings.Repeat("[", 50) + strings.Repeat("]", 50):               {"body" + strings.Repeat("[0]", 32) + " nested_too_deep"},
		strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000): {"body" + strings.Repeat(".a", 32) + " nested_too_deep"},
	} {
		r := w.send(request{as: "administrator", method: "POST", path: things, body: body})
		if r.StatusCode != 422 || r.code() != "invalid_request" || !slices.Equal(r.wrong(), want) {
			t.Errorf("%.80s\n  %d %v, want %v", body, r.StatusCode, r.wrong(), want)
		}
		for _, e := range r.doc["errors"].([]any) {
			e := e.(map[string]any)
			if d := e["detail"].(string); d == e["code"] || strings.Contains(d, "%!") {
				t.Errorf("%.80s: detail %q", body, d)
			}
		}
	}
	if w.calls != 0 {
		t.Errorf("a handler was called")
	}
}

func TestWhatIsNoJSONIsMalformed(t *testing.T) {
	w := newWorld(t)
	for _, body := range []string{
		"", "{", "}", `{"name":"xy",}`, `{"name":"xy"} {}`, `{"name":"xy"}]`, `{name:"xy"}`, `{"name":'xy'}`, `{"name":NaN}`, `{"name":01}`, `{"name":"\x"}`,
		"\xef\xbb\xbf{}", "{\"name\":\"\xff\xfe\"}", "{\"name\":\"x\ny\"}", "\x00", strings.Repeat("[", 60000), `{"a":` + strings.Repeat(" ", 1000),
	} {
		q := request{as: "administrator", method: "POST", path: things, edit: func(e *events.APIGatewayV2HTTPRequest) {
			e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(body)), true
		}}
		r := w.send(q)
		if r.StatusCode != 400 && !(r.StatusCode == 422 && strings.HasPrefix(body, "[[")) {
			t.Errorf("%.40q: %d %s", body, r.StatusCode, r.code())
		}
	}
}

func TestAnEscapeIsReadAndTabAndNewlineAreText(t *testing.T) {
	w := newWorld(t)
	w.want(request{as: "administrator", method: "POST", path: things, body: `{"name":"\u00e9\n\t\ud83d\ude00"}`}, 201, "")
	if got := w.last.(*thingInput).Body.Name; got != "é\n\t😀" {
		t.Errorf("name: %q", got)
	}
	w.want(request{as: "administrator", method: "POST", path: things, body: `{"name":"\ud800x"}`}, 201, "") // half a pair: a replacement character
}

func TestNoOtherTypeOfBodyIsTaken(t *testing.T) {
	w := newWorld(t)
	good := `{"name":"xy"}`
	for named, status := range map[string]int{
		"application/json": 201, "application/json; charset=utf-8": 201, "Application/JSON;Charset=UTF-8": 201, "": 201, "application/json;v=a+b": 201,
		"application/json; charset=utf-16": 415, "text/plain": 415, "application/xml": 415, "application/x-www-form-urlencoded": 415,
		"multipart/form-data; boundary=x": 415, "application/problem+json": 415, ";": 415, "json": 415, "application/octet-stream": 415, "a/b;c": 415,
	} {
		r := w.send(request{as: "administrator", method: "POST", path: things, body: good, headers: map[string]string{"content-type": named}})
		if r.StatusCode != status {
			t.Errorf("Content-Type %q: %d %s, want %d", named, r.StatusCode, r.code(), status)
		}
	}
	r := w.want(request{as: "operator", method: "POST", path: "/v1/files?kind=systems", body: "a;b"}, 415, "unsupported_media_type")
	if r.doc["expected"] != "application/octet-stream" {
		t.Errorf("problem: %s", r.Body)
	}
	w.want(request{as: "operator", method: "POST", path: "/v1/files?kind=systems", body: "a;b", headers: map[string]string{"content-type": ""}}, 415, "unsupported_media_type")
}

func TestAFileComesThroughByteForByte(t *testing.T) {
	w := newWorld(t)
	file := "\xef\xbb\xbfa;\x00\xff\r\n"
	w.want(request{as: "operator", method: "POST", path: "/v1/files?kind=systems", headers: map[string]string{"content-type": "application/octet-stream"},
		edit: func(e *events.APIGatewayV2HTTPRequest) {
			e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(file)), true
		}}, 200, "")
	if r := w.last.(*fileInput); r.Kind != "systems" {
		t.Errorf("input: %+v", r)
	}
}

func TestABodyOfTheLimitPassesAndOneByteMoreIs413(t *testing.T) {
	w := newWorld(t)
	at := func(n int) string { return `{"name":"xy"` + strings.Repeat(" ", n-len(`{"name":"xy"}`)) + `}` }
	w.want(request{as: "administrator", method: "POST", path: things, body: at(64 << 10)}, 201, "")
	r := w.want(request{as: "administrator", method: "POST", path: things, body: at(64<<10 + 1)}, 413, "request_too_large")
	if r.doc["limit"] != 65536.0 {
		t.Errorf("problem: %s", r.Body)
	}
	w.want(request{as: "administrator", method: "POST", path: things, body: strings.Repeat("x", 10<<20)}, 413, "request_too_large")
	w.want(request{as: "administrator", method: "DELETE", path: things + "/" + string(thing), body: at(10 << 20)}, 413, "request_too_large")
	octets := map[string]string{"content-type": "application/octet-stream"}
	w.want(request{as: "operator", method: "POST", path: "/v1/files?kind=systems", headers: octets, body: strings.Repeat("x", 1000)}, 200, "")
	w.want(request{as: "operator", method: "POST", path: "/v1/files?kind=systems", headers: octets, body: strings.Repeat("x", 1001)}, 413, "request_too_large")
	w.want(request{as: "operator", method: "POST", path: "/v1/files?kind=systems", headers: octets}, 400, "malformed_request")
}

func TestAQueryIsHeldToItsParameters(t *testing.T) {
	w := newWorld(t)
	for query, want := range map[string][]string{
		"nonsense=1&worse=2":                {"query.nonsense unknown_parameter", "query.worse unknown_parameter"},
		"State=on":                          {"query.State unknown_parameter"},
		"accountId=x":                       {"query.accountId unknown_parameter"},
		"pageSize=0":                        {"query.pageSize too_small"},
		"pageSize=201":                      {"query.pageSize too_large"},
		"pageSize=ten":                      {"query.pageSize not_an_integer"},
		"pageSize=99999999999999999999":     {"query.pageSize not_an_integer"},
		"pageSize=1e1":                      {"query.pageSize not_an_integer"},
		"state=maybe":                       {"query.state not_one_of"},
		"q=" + strings.Repeat("%C3%A9", 21): {"query.q too_long"},
		"since=yesterday":                   {"query.since not_a_date_time"},
		"loud=perhaps":                      {"query.loud not_a_boolean"},
		"q=a%00b":                           {"query.q control_characters"},
		"q=%ff":                             {"query.q control_characters"},
		"%00=1":                             {"query control_characters"},
		"state=on&state=off":                {"query.state repeated"},
		"pageSize=x&state=no":               {"query.pageSize not_an_integer", "query.state not_one_of"},
	} {
		r := w.want(request{as: "administrator", method: "GET", path: things + "?" + query}, 422, "invalid_request")
		if !slices.Equal(r.wrong(), want) {
			t.Errorf("?%s: %v, want %v", query, r.wrong(), want)
		}
	}
	r := w.want(request{as: "operator", method: "POST", path: "/v1/files", body: "x", headers: map[string]string{"content-type": "application/octet-stream"}}, 422, "invalid_request")
	if want := []string{"query.kind required"}; !slices.Equal(r.wrong(), want) {
		t.Errorf("%v, want %v", r.wrong(), want)
	}
	for _, query := range []string{"q=%zz", "%zz=1", "q=a;b", "q=%"} {
		w.want(request{as: "administrator", method: "GET", path: things + "?" + query}, 400, "malformed_request")
	}
}

func TestAParameterMeansTheSameToEveryReader(t *testing.T) {
	w := newWorld(t)
	for query, want := range map[string]string{"q": "", "q=": "", "q&state=on": "", "state=on&q=a%26b": "a&b", "&&q=a+b&": "a b", "q=é": "é"} {
		w.want(request{as: "administrator", method: "GET", path: things + "?" + query}, 200, "")
		if got := w.last.(*listInput); got.Q != want || got.PageSize != 50 {
			t.Errorf("?%s: q is %q, want %q; page of %d", query, got.Q, want, got.PageSize)
		}
	}
}

func TestAPathParameterThatIsNoneIsNotFound(t *testing.T) {
	w := newWorld(t)
	for _, p := range []string{"x", "sys_1", "ctr_01JD0000000000000000000001", "sys_01jd0000000000000000000001", "sys_91JD0000000000000000000001", "sys_01JD000000000000000000000I", "%00", "%ff", "a%2Fb", "%20"} {
		for _, method := range []string{"GET", "DELETE"} {
			w.want(request{as: "administrator", method: method, path: things + "/" + p}, 404, "not_found")
		}
		w.want(request{as: "administrator", method: "PUT", path: things + "/" + p, body: `{"nme":1}`}, 404, "not_found")
	}
}

func TestWhatIsSaidOfOneRequestIsBounded(t *testing.T) {
	w := newWorld(t)
	long := w.want(request{as: "administrator", method: "POST", path: things, body: `{"` + strings.Repeat("é", 30000) + `":1,"name":"xy"}`}, 422, "invalid_request")
	if len(long.wrong()) != 1 || len(long.wrong()[0]) > 250 || !strings.HasSuffix(long.wrong()[0], "éé… unknown_field") {
		t.Errorf("errors: %.500q", long.wrong())
	}
	many := make([]string, 5000)
	for i := range many {
		many[i] = `"f` + strings.Repeat("x", i%5) + string(rune('a'+i%26)) + strconv.Itoa(i) + `":1`
	}
	r := w.want(request{as: "administrator", method: "POST", path: things, body: "{" + strings.Join(many, ",") + "}"}, 422, "invalid_request")
	if len(r.wrong()) != 20 || len(r.Body) > 10000 {
		t.Errorf("%d errors in %d bytes", len(r.wrong()), len(r.Body))
	}
	again := w.send(request{as: "administrator", method: "POST", path: things, body: "{" + strings.Join(many, ",") + "}"})
	if again.Body != r.Body {
		t.Errorf("the same request is refused in other words")
	}
}

func TestAPathParameterThatIsAnyTextHoldsNoControlCharacters(t *testing.T) {
	w := newWorld(t)
	type input struct {
		Word string `path:"word"`
	}
	httpapi.Register(w.api, httpapi.Operation{ID: "word", Method: "GET", Path: "/v1/words/{word}", Needs: access.SignedIn},
		func(context.Context, httpapi.Call[string], *input) (*httpapi.NoBody, error) {
			return &httpapi.NoBody{}, nil
		})
	for word, status := range map[string]int{"a": 204, "%C3%A9": 204, "a%2Fb": 204, "a%00": 404, "%1b": 404, "%ff": 404, "%C2%85": 404} {
		if r := w.send(request{as: "view", method: "GET", path: "/v1/words/" + word}); r.StatusCode != status {
			t.Errorf("%s: %d, want %d", word, r.StatusCode, status)
		}
	}
}

// What package id makes is what a schema takes, for every kind of id.
func TestIdsOfEveryKindArePassedOnAsPackageIdReadsThem(t *testing.T) {
	maker := id.NewMaker(strings.NewReader(strings.Repeat("entropy!", 100)))
	tells[id.Account](t, maker)
	tells[id.Contract](t, maker)
	tells[id.System](t, maker)
	tells[id.User](t, maker)
	tells[id.Partner](t, maker)
	tells[id.Activity](t, maker)
}

func tells[T id.Known](t *testing.T, maker *id.Maker) {
	w := newWorld(t)
	type input struct {
		One T `query:"one"`
	}
	httpapi.Register(w.api, httpapi.Operation{ID: "one", Method: "GET", Path: "/v1/one", Needs: access.SignedIn},
		func(_ context.Context, _ httpapi.Call[string], in *input) (*httpapi.NoBody, error) {
			w.saw(in)
			return &httpapi.NoBody{}, nil
		})
	made := string(id.New[T](maker, t0))
	for _, s := range []string{made, made + "0", made[:len(made)-1], strings.ToLower(made), "xxx" + made[3:], made[:4] + "8" + made[5:], made[:4] + "7" + made[5:], made[:29] + "U", made + "\n", " " + made} {
		_, ok := id.Parse[T](s)
		r := w.send(request{as: "view", method: "GET", path: "/v1/one?one=" + url.QueryEscape(s)})
		if want := map[bool]int{true: 204, false: 422}[ok]; r.StatusCode != want {
			t.Errorf("%T %q: %d, want %d", T(""), s, r.StatusCode, want)
		}
	}
}
