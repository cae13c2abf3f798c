package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/seatkeeper/seatkeeper/internal/fault"
)

// readQuery refuses what two readers of a query could take for different things, and leaves it in one spelling: Huma
// reads it with a parser of its own.
func readQuery(r *http.Request) error {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return fault.New(fault.Malformed, "malformed_request").Because(err)
	}
	var wrong []Value
	for name, values := range query {
		switch location := "query." + name; {
		case spoiled(name):
			wrong = append(wrong, At("query", "control_characters"))
		case len(values) > 1:
			wrong = append(wrong, At(location, "repeated"))
		case spoiled(values[0]):
			wrong = append(wrong, At(location, "control_characters"))
		}
	}
	if wrong != nil {
		return Invalid(wrong...)
	}
	r.URL.RawQuery = query.Encode()
	return nil
}

// readBody reads and checks the body and puts it back for Huma, which reads it for the operations that have one.
func readBody(r *http.Request, limit int64, expected *huma.RequestBody) ([]byte, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(io.LimitReader(r.Body, limit+1)); err != nil {
			return nil, fault.New(fault.Malformed, "malformed_request").Because(err)
		}
	}
	if int64(len(body)) > limit {
		return nil, fault.New(fault.TooLarge, "request_too_large", fault.Int("limit", int(limit)))
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if expected == nil {
		return body, nil
	}
	if len(body) == 0 {
		if expected.Required {
			return nil, fault.New(fault.Malformed, "malformed_request").With(fault.Arg{Name: "errors", Value: []Value{At("body", "required")}})
		}
		return body, nil
	}
	media, err := mediaType(r, expected)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", media)
	if media == jsonType {
		err = inspect(body)
	}
	return body, err
}

// mediaType is the kind of the body, if it is one that the operation takes. A body without a type is taken for JSON
// where that is expected. Other kinds must say so: API Gateway passes bytes unharmed only under a binary type.
func mediaType(r *http.Request, expected *huma.RequestBody) (string, error) {
	kinds := slices.Sorted(maps.Keys(expected.Content))
	unsupported := fault.New(fault.Unsupported, "unsupported_media_type", fault.Text("expected", strings.Join(kinds, ", ")))
	named := r.Header.Get("Content-Type")
	if named == "" && slices.Contains(kinds, jsonType) {
		return jsonType, nil
	}
	media, params, err := mime.ParseMediaType(named)
	if err != nil || !slices.Contains(kinds, media) {
		return "", unsupported
	}
	if charset := params["charset"]; media == jsonType && charset != "" && !strings.EqualFold(charset, "utf-8") {
		return "", unsupported
	}
	return media, nil
}

// deepest is how many lists and objects may stand within each other. Nothing that an operation takes comes near it.
const deepest = 32

// inspect refuses JSON that Go's decoder would read in silence as something that the client did not mean, or not at all:
// invalid UTF-8, a key twice, a number beyond float64, control characters in a text, and nesting without end.
func inspect(body []byte) error {
	malformed := fault.New(fault.Malformed, "malformed_request")
	if !utf8.Valid(body) {
		return malformed
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	wrong, err := walk(d, 0)
	if wrong != nil {
		wrong.Location = "body" + wrong.Location
		return Invalid(*wrong)
	}
	if err == nil {
		if _, err = d.Token(); err == io.EOF {
			return nil
		}
	}
	return malformed.Because(err)
}

// walk reads one value. The location of what is wrong is put together on the way back, since most bodies are fine.
func walk(d *json.Decoder, depth int) (*Value, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case string:
		if spoiled(t) {
			return &Value{Code: "control_characters"}, nil
		}
	case json.Number:
		if _, err := t.Float64(); err != nil {
			return &Value{Code: "number_out_of_range"}, nil
		}
	case json.Delim:
		if depth == deepest {
			return &Value{Code: "nested_too_deep"}, nil
		}
		if t == '[' {
			return walkList(d, depth+1)
		}
		return walkObject(d, depth+1)
	}
	return nil, nil
}

func walkList(d *json.Decoder, depth int) (*Value, error) {
	for i := 0; d.More(); i++ {
		wrong, err := walk(d, depth)
		if wrong != nil {
			wrong.Location = "[" + strconv.Itoa(i) + "]" + wrong.Location
		}
		if wrong != nil || err != nil {
			return wrong, err
		}
	}
	_, err := d.Token()
	return nil, err
}

func walkObject(d *json.Decoder, depth int) (*Value, error) {
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string)
		if spoiled(key) {
			return &Value{Code: "control_characters"}, nil
		}
		if seen[key] {
			return &Value{Location: "." + key, Code: "repeated"}, nil
		}
		seen[key] = true
		wrong, err := walk(d, depth)
		if wrong != nil {
			wrong.Location = "." + key + wrong.Location
		}
		if wrong != nil || err != nil {
			return wrong, err
		}
	}
	_, err := d.Token()
	return nil, err
}

// spoiled tells whether a text holds what no text of ours does: control characters other than tab and newline, which
// end lines in logs and files where nobody expects it, or bytes that are not UTF-8.
func spoiled(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' })
}

// decode reads JSON for Huma, twice a body: into any for the schema, then into the input. What the schema lets through
// and Go's types do not (1e3 or 10^30 for an int) is said in a form that findings knows.
func decode(data []byte, v any) error {
	err := json.Unmarshal(data, v)
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
		return errors.New(strings.Replace(unfit, "%s", wrong.Field, 1))
	}
	return err
}
