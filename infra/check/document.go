package check

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seatkeeper/seatkeeper/functions"
)

// described is what the OpenAPI document says that an operation is sent.
type described struct {
	query   map[string]schema
	headers []string
	ids     []string // the fields of query and body that hold ids: query.subjectId, body.systemIds[]
	tagged  bool     // its answer has an ETag
}

func (d described) pages() bool   { _, ok := d.query["pageToken"]; return ok }
func (d described) matches() bool { return slices.Contains(d.headers, "If-Match") }
func (d described) keyed() bool   { return slices.Contains(d.headers, "Idempotency-Key") }

// document is the part of an OpenAPI document that is read here.
type document struct {
	Paths map[string]map[string]struct {
		OperationID string
		Parameters  []struct {
			Name, In string
			Schema   schema
		}
		RequestBody struct {
			Content map[string]struct{ Schema schema }
		}
		Responses map[string]struct{ Headers map[string]any }
	}
	Components struct{ Schemas map[string]schema }
}

type schema struct {
	Ref                  string `json:"$ref"`
	Pattern              string
	Enum                 []any
	Properties           map[string]schema
	Items                *schema
	AdditionalProperties json.RawMessage // a schema, or whether others are let in
	AllOf, AnyOf, OneOf  []schema
}

// describedOf reads what every operation is sent, by its id, from the document that the code makes.
func describedOf(t testing.TB) map[string]described {
	t.Helper()
	text, err := functions.Describe().OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var doc document
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	all := map[string]described{}
	for _, methods := range doc.Paths {
		for _, op := range methods {
			d := described{query: map[string]schema{}}
			for _, p := range op.Parameters {
				switch p.In {
				case "header":
					d.headers = append(d.headers, http.CanonicalHeaderKey(p.Name))
				case "query":
					d.query[p.Name] = p.Schema
					d.ids = append(d.ids, doc.idsIn(p.Schema, "query."+p.Name, nil)...)
				}
			}
			for _, media := range op.RequestBody.Content {
				d.ids = append(d.ids, doc.idsIn(media.Schema, "body", nil)...)
			}
			for _, r := range op.Responses {
				d.tagged = d.tagged || r.Headers["ETag"] != nil
			}
			slices.Sort(d.ids)
			all[op.OperationID] = d
		}
	}
	return all
}

var (
	// idPattern is how httpapi writes the form of an id of package id.
	idPattern = regexp.MustCompile(`^\^[a-z]+_\[0-7\]`)
	// idName is what a field is called that holds an id, also where its schema says nothing.
	idName = regexp.MustCompile(`(^|\.)(\w+(Id|ID|Ids|IDs)|ids?)(\[\])?$`)
)

// idsIn finds the fields of a schema that hold ids: by their form, or by their name.
func (d document) idsIn(s schema, path string, within []string) []string {
	if s.Ref != "" {
		name := s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
		if slices.Contains(within, name) {
			return nil
		}
		return d.idsIn(d.Components.Schemas[name], path, append(slices.Clone(within), name))
	}
	var found []string
	for _, part := range slices.Concat(s.AllOf, s.AnyOf, s.OneOf) {
		found = append(found, d.idsIn(part, path, within)...)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		found = append(found, d.idsIn(s.Properties[name], path+"."+name, within)...)
	}
	var others schema
	if json.Unmarshal(s.AdditionalProperties, &others) == nil {
		found = append(found, d.idsIn(others, path+"{}", within)...)
	}
	if s.Items != nil {
		return append(found, d.idsIn(*s.Items, path+"[]", within)...)
	}
	if len(found) == 0 && len(s.Properties) == 0 && (idPattern.MatchString(s.Pattern) || idName.MatchString(path)) {
		found = append(found, path)
	}
	return found
}
