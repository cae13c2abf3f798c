package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
)

// strict sets the two switches that Huma has for the whole process. Names of another case would slip past the schema's
// limits and still reach the input, because Go's decoder takes them; and no list of ours is ever null.
var strict = sync.OnceFunc(func() {
	huma.ValidateStrictCasing = true
	huma.DefaultArrayNullable = false
})

// humaConfig sets a Huma up to describe operations and to read their input, and no more: no pages of its own, nothing
// added to bodies, nothing written. What it refuses goes to the exchange.
func (api *API[A]) humaConfig() huma.Config {
	strict()
	schemas := huma.NewMapRegistry("#/components/schemas/", schemaName)
	schemas.RegisterTypeAlias(reflect.TypeFor[huma.ErrorModel](), reflect.TypeFor[Problem]())
	aliasID[id.Account](schemas)
	aliasID[id.Contract](schemas)
	aliasID[id.System](schemas)
	aliasID[id.User](schemas)
	aliasID[id.Partner](schemas)
	aliasID[id.Activity](schemas)
	aliasID[id.Staff](schemas)
	aliasID[id.CostCenter](schemas)
	aliasID[id.Quote](schemas)
	aliasID[id.Cart](schemas)
	aliasID[id.Order](schemas)
	aliasID[id.Invoice](schemas)
	aliasID[id.Removal](schemas)
	aliasID[id.Request](schemas)
	aliasID[id.PermissionSet](schemas)
	aliasID[id.Export](schemas)
	schemas.RegisterTypeAlias(reflect.TypeFor[date.Date](), reflect.TypeFor[civilDate]())
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: api.config.Title, Version: api.config.Version},
			Components: &huma.Components{Schemas: schemas, SecuritySchemes: map[string]*huma.SecurityScheme{
				bearer: {Type: "http", Scheme: "bearer", BearerFormat: "JWT"},
			}},
		},
		Formats:                      map[string]huma.Format{jsonType: {Marshal: unwritten, Unmarshal: decode}, problemType: {Marshal: unwritten}},
		DefaultFormat:                jsonType,
		RejectUnknownQueryParameters: true,
		Transformers: []huma.Transformer{func(hc huma.Context, _ string, v any) (any, error) {
			if model, ok := v.(*huma.ErrorModel); ok {
				exchangeOf[A](hc.Context()).err = refusedByHuma(model)
			}
			return v, nil
		}},
	}
}

const bearer = "bearer"

// unwritten is how Huma writes: what it would say is in the exchange, and answered from there.
func unwritten(io.Writer, any) error { return nil }

// describe is what Huma is told of an operation.
func describe(schemas huma.Registry, op Operation, f form) huma.Operation {
	described := huma.Operation{
		OperationID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Summary,
		Description:   "Needs the permission `" + string(op.Needs) + "`.",
		DefaultStatus: op.Success,
		// readBody holds the limit; Huma refuses a body that just reaches its own.
		MaxBodyBytes: op.MaxBody + 1,
		Security:     []map[string][]string{{bearer: {}}},
		Extensions:   map[string]any{"x-permission": string(op.Needs)},
		Parameters:   parameters(schemas, op),
		Responses:    map[string]*huma.Response{strconv.Itoa(op.Success): success(schemas, op, f)},
	}
	if op.Tag != "" {
		described.Tags = []string{op.Tag}
	}
	body, hasBody := f.in.FieldByName("Body")
	if hasBody && body.Type.Name() == "" {
		// Huma would name it by the input's type, whose name another package may have too.
		described.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{
			jsonType: {Schema: huma.SchemaFromField(schemas, body, op.ID+"Body")},
		}}
	}
	_, hasRaw := f.in.FieldByName("RawBody")
	matched, _ := f.in.FieldByName("IfMatch")
	described.Errors = refusals(op, hasBody || hasRaw, matched.Type == reflect.TypeFor[IfMatch]())
	return described
}

// parameters are the ones that no input declares, because this package reads them.
func parameters(schemas huma.Registry, op Operation) []*huma.Param {
	var all []*huma.Param
	if op.InAccount() {
		all = append(all, &huma.Param{Name: accountParameter, In: "path", Required: true, Schema: schemas.Schema(reflect.TypeFor[id.Account](), true, "")})
	}
	if op.Key != NoKey {
		shortest, longest := 1, longestKey
		all = append(all, &huma.Param{
			Name: keyHeader, In: "header", Required: op.Key == KeyRequired,
			Description: "A value of your own, new for each thing you want done and the same when you repeat it. A repeat within 48 hours gets the first answer.",
			Schema:      &huma.Schema{Type: huma.TypeString, MinLength: &shortest, MaxLength: &longest},
		})
	}
	return all
}

func success(schemas huma.Registry, op Operation, f form) *huma.Response {
	r := &huma.Response{Description: http.StatusText(op.Success), Headers: map[string]*huma.Param{}}
	word := &huma.Schema{Type: huma.TypeString}
	if _, ok := f.out.(Revisioned); ok {
		r.Headers["ETag"] = &huma.Param{Description: "For If-Match.", Schema: word}
	}
	if op.Key != NoKey {
		r.Headers["Idempotent-Replay"] = &huma.Param{Description: "true where this is the answer to an earlier request with the same Idempotency-Key.", Schema: word}
	}
	switch {
	case len(op.Offers) > 0:
		describeDocument(r, op)
	case !bodiless(f.out):
		r.Content = map[string]*huma.MediaType{jsonType: {Schema: schemas.Schema(reflect.TypeOf(f.out).Elem(), true, op.ID+"Answer")}}
	}
	if f.columns != nil {
		describeCSV(r, f.out, f.columns)
	}
	return r
}

func refusals(op Operation, body, match bool) []int {
	all := append(slices.Clone(op.Refusals), http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotAcceptable,
		http.StatusRequestEntityTooLarge, // also of a body that the operation does not look at
		http.StatusUnprocessableEntity, http.StatusInternalServerError, http.StatusServiceUnavailable)
	if strings.Contains(op.Path, "{") {
		all = append(all, http.StatusNotFound)
	}
	if body {
		all = append(all, http.StatusUnsupportedMediaType)
	}
	if op.Key == KeyRequired || match {
		all = append(all, http.StatusPreconditionRequired)
	}
	if match {
		all = append(all, http.StatusPreconditionFailed)
	}
	return all
}

// OpenAPI is the OpenAPI 3.1 document of what was registered, the same bytes for the same operations.
func (api *API[A]) OpenAPI() ([]byte, error) {
	all := humago.New(http.NewServeMux(), api.humaConfig())
	for _, declare := range api.declarations {
		declare(all)
	}
	document, err := all.OpenAPI().MarshalJSON()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, document, "", "  "); err != nil {
		return nil, err
	}
	if bytes.Contains(b.Bytes(), []byte(`"uniqueItems": true`)) {
		return nil, errors.New("uniqueItems: Huma panics on a list of objects there, whatever the items should be; let the noun refuse doubles")
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// schemaName names a type by its package and itself, so that two nouns may each have a Summary; a type that begins with
// its package's name keeps its own (contract.Contract is Contract), and a Page is named by what it holds.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Name() == "" {
		return title(hint)
	}
	base, args, _ := strings.Cut(strings.TrimSuffix(t.Name(), "]"), "[")
	name := qualified(path.Base(t.PkgPath()), base)
	held := ""
	for arg := range strings.SplitSeq(args, ",") {
		pkg, base, found := strings.Cut(path.Base(arg), ".")
		if !found {
			pkg, base = "", pkg
		}
		held += qualified(pkg, base)
	}
	return held + name
}

func qualified(pkg, name string) string {
	if pkg == "httpapi" || strings.HasPrefix(strings.ToLower(name), strings.ToLower(pkg)) {
		return title(name)
	}
	return title(pkg) + title(name)
}

func title(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

// identifier is how an id of package id stands in a schema: an input declares its field as id.Contract, and what the
// handler sees is well-formed.
type identifier[T id.Known] struct{}

func aliasID[T id.Known](schemas huma.Registry) {
	schemas.RegisterTypeAlias(reflect.TypeFor[T](), reflect.TypeFor[identifier[T]]())
}

// Schema is what id.Parse takes. The prefix is package id's to say, and an id says it.
func (identifier[T]) Schema(huma.Registry) *huma.Schema {
	first := string(id.New[T](id.NewMaker(bytes.NewReader(make([]byte, 16))), time.UnixMilli(0)))
	prefix, _, _ := strings.Cut(first, "_")
	return &huma.Schema{Type: huma.TypeString, Pattern: "^" + prefix + "_[0-7][0-9A-HJKMNP-TV-Z]{25}$"}
}

// civilDate is how a date.Date stands in a schema: what date.Parse takes. An absent date is an absent field.
type civilDate struct{}

// Schema is what date.Parse takes: Huma's format knows which days exist, the pattern which years.
func (civilDate) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date", Pattern: "^(19|[2-9][0-9])"}
}
