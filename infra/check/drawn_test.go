package check

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawer makes requests from the OpenAPI document alone: mostly what it allows, now and then what it does not. It knows the
// ids of one place, so that much of what it draws is about something that is there.
type drawer struct {
	doc   openAPI
	place place
	// known are ids by their prefix: what a field takes whose pattern begins with it.
	known map[string][]string
}

// openAPI is the document, as far as requests are drawn from it and answers are held to it.
type openAPI struct {
	Paths      map[string]map[string]operation
	Components struct{ Schemas map[string]drawn }
}

type operation struct {
	OperationID string
	Parameters  []struct {
		Name, In string
		Required bool
		Schema   drawn
	}
	RequestBody struct {
		Required bool
		Content  map[string]struct{ Schema drawn }
	}
	Responses map[string]struct {
		Content map[string]struct{ Schema json.RawMessage }
		Headers map[string]any
	}
}

// drawn is a schema as values are drawn from it.
type drawn struct {
	Ref                  string `json:"$ref"`
	Type                 kinds
	Enum                 []any
	Format, Pattern      string
	MinLength, MaxLength *int
	Minimum, Maximum     *float64
	MinItems, MaxItems   *int
	Items                *drawn
	Properties           map[string]drawn
	Required             []string
	AdditionalProperties json.RawMessage
}

// kinds are what a value may be: the document writes one as a text, several as a list.
type kinds []string

func (k *kinds) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*k = kinds{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(k))
}

func newDrawer(doc openAPI, p place) *drawer {
	all := map[string][]string{}
	for _, thing := range []string{
		string(p.account), string(p.contract), string(p.system), string(p.user), string(p.set), string(p.costCenter), string(p.company), string(p.staff), string(p.operator),
		string(p.quote), string(p.bought), string(p.removal), string(p.request),
	} {
		prefix, _, _ := strings.Cut(thing, "_")
		all[prefix] = append(all[prefix], thing)
	}
	return &drawer{doc, p, all}
}

// once in n draws.
func once(t *rapid.T, n int, label string) bool { return rapid.IntRange(1, n).Draw(t, label) == n }

var (
	hostile = rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"", " ", "\x00", "\u202e", "é", "null", "-1", "1e309", "9223372036854775808", "../..", "%00", "%", "<script>", "'; --", "ctr_", strings.Repeat("x", 5000), "\xff", "𝔘", "2026-02-30", "\r\nA: b",
	}))
	idForm = regexp.MustCompile(`^\^([a-z]+)_\[0-7\]`)
)

// value draws one for a schema; name is the field's. Once in a while it is of another kind than is allowed.
func (d *drawer) value(t *rapid.T, s drawn, name string, depth int) any {
	if once(t, 25, "wrong") {
		return rapid.OneOf(rapid.Just[any](nil), rapid.Just[any](true), rapid.Just[any](map[string]any{"x": 1}), rapid.Just[any]([]any{[]any{}}),
			rapid.Map(hostile, func(s string) any { return s }), rapid.Map(rapid.Float64(), func(f float64) any { return json.Number(strconv.FormatFloat(f, 'g', -1, 64)) })).Draw(t, "other kind")
	}
	if s.Ref != "" {
		return d.value(t, d.doc.Components.Schemas[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]], name, depth)
	}
	if len(s.Enum) > 0 {
		return rapid.SampledFrom(s.Enum).Draw(t, "enum")
	}
	kind := "object"
	if len(s.Type) > 0 {
		kind = rapid.SampledFrom(s.Type).Draw(t, "kind")
	}
	switch kind {
	case "null":
		return nil
	case "boolean":
		return rapid.Bool().Draw(t, "truth")
	case "integer", "number":
		return d.number(t, s)
	case "array":
		return d.list(t, s, name, depth)
	case "string":
		return d.text(t, s, name)
	default:
		return d.object(t, s, depth)
	}
}

func (d *drawer) number(t *rapid.T, s drawn) any {
	low, high := 0, 1000
	if s.Minimum != nil {
		low = int(*s.Minimum)
	}
	if s.Maximum != nil {
		high = int(min(*s.Maximum, 1<<40))
	}
	if high = max(low, high); once(t, 8, "edge") {
		return rapid.SampledFrom([]int{low, high, low - 1, high + 1, 1 << 53, -1}).Draw(t, "number")
	}
	return rapid.IntRange(low, min(high, low+20)).Draw(t, "number")
}

func (d *drawer) list(t *rapid.T, s drawn, name string, depth int) any {
	low, high := 0, 3
	if s.MinItems != nil {
		low = *s.MinItems
	}
	if s.MaxItems != nil && once(t, 20, "too many") {
		high = *s.MaxItems + 1
		low = high
	}
	items := []any{}
	for range rapid.IntRange(low, max(low, high)).Draw(t, "length") {
		if s.Items == nil || depth > 6 {
			break
		}
		items = append(items, d.value(t, *s.Items, name, depth+1))
	}
	return items
}

// text draws an id of the place where one is asked for, a text of the form that is asked for, or any.
func (d *drawer) text(t *rapid.T, s drawn, name string) string {
	if once(t, 15, "hostile") {
		return hostile.Draw(t, "text")
	}
	like := strings.ToLower(name)
	if m := idForm.FindStringSubmatch(s.Pattern); m != nil {
		return rapid.SampledFrom(append(slices.Clone(d.known[m[1]]), m[1]+"_01JD0000000000000000000009")).Draw(t, "id")
	}
	for prefix, words := range map[string]string{"ctr": "contractid", "usr": "userid", "sys": "systemid", "cc": "costcenterid", "set": "permissionsetid", "par": "partnerid"} {
		if strings.Contains(like, words) && len(d.known[prefix]) > 0 {
			return rapid.SampledFrom(append(slices.Clone(d.known[prefix]), "none")).Draw(t, "id")
		}
	}
	switch {
	case strings.HasPrefix(like, "product") || like == "dependson" || like == "excludes":
		return d.place.product
	case strings.Contains(like, "crmid"):
		return rapid.SampledFrom([]string{string(d.place.owner), string(d.place.order), "0015ubbbPIa84yR"}).Draw(t, "crm id")
	case s.Format == "date" || strings.HasSuffix(like, "date"):
		return rapid.SampledFrom([]string{"2028-01-01", "2026-11-20", "2020-02-29", "2026-02-30", ""}).Draw(t, "date")
	case s.Format == "date-time" || like == "changedat" || like == "asof":
		return rapid.SampledFrom([]string{"2026-11-19T08:00:01Z", "2026-11-20T09:29:00+02:00", "2036-01-01T00:00:00Z", "2026-11-19"}).Draw(t, "instant")
	case strings.Contains(like, "email"):
		return rapid.SampledFrom([]string{"ada@example.com", "grace@example.com", "é@exemple.fr", "a@b"}).Draw(t, "address")
	case s.Pattern != "":
		return rapid.StringMatching(s.Pattern).Draw(t, "text of a form")
	}
	return rapid.SampledFrom([]string{"Order", "Ada", "Société Générale", "a", "x y", "Europe/Paris", "EUR", "fr", "name", "-name", "2026-11", "calls"}).Draw(t, "word")
}

func (d *drawer) object(t *rapid.T, s drawn, depth int) any {
	o := map[string]any{}
	for _, name := range sortedKeys(s.Properties) {
		required := slices.Contains(s.Required, name)
		if required && once(t, 30, "lacking") || !required && (depth > 6 || rapid.Bool().Draw(t, "left out")) {
			continue
		}
		o[name] = d.value(t, s.Properties[name], name, depth+1)
	}
	var others drawn
	if json.Unmarshal(s.AdditionalProperties, &others) == nil && depth < 6 {
		for range rapid.IntRange(0, 2).Draw(t, "others") {
			o[hostile.Draw(t, "name")] = d.value(t, others, "", depth+1)
		}
	}
	if once(t, 30, "unknown field") {
		o["unheardOf"] = 1
	}
	return o
}

// request draws one for an operation; the caller is not drawn here.
func (d *drawer) request(t *rapid.T, tt *testing.T, op served, o operation) request {
	q := request{method: op.Method, path: pathOf(tt, op, d.place), headers: map[string]string{}}
	if named := parametersOf(op.Path); len(named) > 0 && once(t, 12, "another path") {
		parts := strings.Split(q.path, "/")
		parts[rapid.SampledFrom(named).Draw(t, "part")] = url.PathEscape(rapid.OneOf(hostile, rapid.SampledFrom([]string{"ctr_01JD0000000000000000000009", d.place.product})).Draw(t, "part of the path"))
		q.path = strings.Join(parts, "/")
	}
	query := url.Values{}
	for _, p := range o.Parameters {
		switch {
		case p.In == "query" && (p.Required || rapid.IntRange(1, 3).Draw(t, "asked") == 1):
			query.Set(p.Name, fmt.Sprint(d.value(t, p.Schema, p.Name, 5)))
		case p.In == "header" && p.Name == "If-Match" && !once(t, 10, "no tag"):
			q.headers["if-match"] = rapid.SampledFrom([]string{"*", `"1"`, `"2", W/"3"`, "1", `"`, `"999999"`}).Draw(t, "tag")
		case p.In == "header" && p.Name == "Idempotency-Key" && rapid.Bool().Draw(t, "keyed"):
			q.headers["idempotency-key"] = rapid.OneOf(rapid.StringMatching(`[!-~]{1,20}`), hostile).Draw(t, "key")
		}
	}
	if q.path += "?" + query.Encode(); once(t, 20, "broken query") {
		q.path += "&" + rapid.SampledFrom([]string{"%zz", "pageSize=1&pageSize=2", "a;b", "%00=1", "unheardOf=1"}).Draw(t, "query")
	}
	for name, values := range map[string][]string{
		"accept":          {"application/json", "text/csv", "*/*", "image/png", "text/csv;q=0.1,application/json;q=0", ";"},
		"accept-language": {"fr", "en-GB,en;q=0.8", "de", "*", "\xff"},
	} {
		if rapid.IntRange(1, 4).Draw(t, name) == 1 {
			q.headers[name] = rapid.SampledFrom(values).Draw(t, name)
		}
	}
	for _, media := range sortedKeys(o.RequestBody.Content) {
		d.body(t, &q, media, o.RequestBody.Content[media].Schema)
	}
	return q
}

// parametersOf says which parts of a path are parameters.
func parametersOf(path string) (all []int) {
	for i, part := range strings.Split(path, "/") {
		if strings.HasPrefix(part, "{") {
			all = append(all, i)
		}
	}
	return all
}

// body draws what is sent: of JSON mostly what the schema allows, of a file lines of one of ours.
func (d *drawer) body(t *rapid.T, q *request, media string, s drawn) {
	q.headers["content-type"] = media
	if once(t, 25, "another type") {
		q.headers["content-type"] = rapid.SampledFrom([]string{"text/plain", "application/json; charset=latin1", "", "a/b/c"}).Draw(t, "type")
	}
	switch {
	case media != "application/json":
		titles := rapid.SampledFrom([]string{contractTitles, systemTitles, userTitles, ""}).Draw(t, "titles")
		cell := rapid.OneOf(rapid.SampledFrom([]string{string(d.place.owner), string(d.place.order), "Order", "01/01/2028", "5", d.place.product, "ada@example.com", ""}), hostile)
		for range rapid.IntRange(0, 3).Draw(t, "lines") {
			titles += strings.Join(rapid.SliceOfN(cell, 0, 9).Draw(t, "cells"), ";") + "\n"
		}
		q.body = titles
	case once(t, 25, "no JSON"):
		q.body = rapid.OneOf(hostile, rapid.SampledFrom([]string{"{", `{"name":"a","name":"b"}`, "[]", `"x"`, `{"name":"\u0000"}`, strings.Repeat("[", 40), "{}{}"})).Draw(t, "body")
	default:
		text, err := json.Marshal(d.value(t, s, "", 0))
		if err != nil {
			text = []byte("{}") // a number that JSON has none of
		}
		q.body = string(text)
	}
}
