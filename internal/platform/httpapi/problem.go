package httpapi

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

const (
	jsonType    = "application/json"
	problemType = "application/problem+json"
)

// Problem is the RFC 9457 document of every refusal. What a code's text mentions (numbers, names) stands beside these
// members under its own name.
type Problem struct {
	_        struct{} `additionalProperties:"true"`
	Type     string   `json:"type" doc:"urn:seatkeeper:problem: and the code."`
	Title    string   `json:"title" doc:"What kind of refusal it is, in the caller's language."`
	Status   int      `json:"status"`
	Detail   string   `json:"detail" doc:"What is wrong and what to do, in the caller's language."`
	Code     string   `json:"code" doc:"Stable, never translated."`
	Instance string   `json:"instance,omitempty" doc:"The request's id, for support."`
	Errors   []Wrong  `json:"errors,omitempty" doc:"The values that are not acceptable, at most 20."`
}

// Wrong is one value that is not acceptable.
type Wrong struct {
	Location string `json:"location" doc:"Where it stands, such as body.systemIds[3] or query.pageSize."`
	Code     string `json:"code" doc:"Stable, never translated."`
	Detail   string `json:"detail" doc:"What is wrong with it, in the caller's language."`
}

// Value is a value of a request that is not acceptable: where it stands, and the code whose text (package text) says
// why, with what that text needs.
type Value struct {
	Location string
	Code     string
	Args     []fault.Arg
}

// At makes a Value.
func At(location, code string, args ...fault.Arg) Value { return Value{location, code, args} }

// Invalid is the refusal of values that were read and are not acceptable (422): the same document whether the schema or
// a noun's own rule found them.
func Invalid(values ...Value) *fault.Error {
	return fault.New(fault.Invalid, "invalid_request").With(fault.Arg{Name: "errors", Value: values})
}

// odd is a refusal that HTTP knows and the domain does not.
type odd struct {
	status int
	code   string
	args   []fault.Arg
	allow  string
}

func (o *odd) Error() string { return o.code }

// shortestRetry is sent with a 503 that names no time of its own.
const shortestRetry = time.Second

// refuse writes the problem document of the exchange's error. This is the one table from errors to HTTP.
func (x *exchange[A]) refuse(w http.ResponseWriter) (status int, code string) {
	h := w.Header()
	var o *odd
	f, isFault := fault.Of(x.err)
	switch {
	case errors.As(x.err, &o):
		status, f = o.status, fault.New(0, o.code, o.args...)
		if o.allow != "" {
			h.Set("Allow", o.allow)
		}
	case errors.Is(x.err, context.DeadlineExceeded), errors.Is(x.err, context.Canceled):
		// Before the faults: what ran out of time while it waited its turn is busy too, but may have been done.
		status, f = http.StatusServiceUnavailable, fault.New(fault.Busy, "timed_out")
	case isFault:
		status = f.Kind.Status()
	default:
		status, f = http.StatusInternalServerError, fault.New(0, "internal_error")
	}
	if status == http.StatusServiceUnavailable {
		wait := cmp.Or(f.RetryAfter, shortestRetry)
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	}
	if status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	h.Set("Content-Type", problemType)
	h.Set("Content-Language", string(x.lang))
	w.WriteHeader(status)
	_, _ = w.Write(problem(status, f, x.lang, x.source.RequestID)) // as in respond
	return status, f.Code
}

// problem words a refusal in a language.
func problem(status int, f *fault.Error, lang text.Lang, requestID string) []byte {
	p := Problem{
		Type: "urn:seatkeeper:problem:" + f.Code, Title: text.Say(lang, "title_"+strconv.Itoa(status)), Status: status,
		Detail: say(lang, f.Code, f.Args), Code: f.Code,
	}
	if requestID != "" {
		p.Instance = "urn:seatkeeper:request:" + url.PathEscape(requestID)
	}
	own := []string{"type", "title", "status", "detail", "code", "instance", "errors"}
	var beside bytes.Buffer
	for _, a := range slices.Concat(f.Args, f.Members) {
		if values, ok := a.Value.([]Value); ok && a.Name == "errors" {
			p.Errors = words(lang, values)
			continue
		}
		if named, ok := a.Value.(fault.Named); ok {
			a.Value = text.Say(lang, string(named))
		}
		value, err := encode(a.Value)
		if err != nil || slices.Contains(own, a.Name) {
			continue // the document says what it is; a member that is in its way is left out
		}
		own = append(own, a.Name)
		beside.WriteString("," + strconv.Quote(a.Name) + ":")
		beside.Write(value)
	}
	document, err := encode(p)
	if err != nil {
		return nil // strings and an int: cannot be
	}
	return slices.Concat(document[:len(document)-1], beside.Bytes(), []byte("}"))
}

func say(lang text.Lang, code string, args []fault.Arg) string {
	values := make([]any, len(args))
	for i, a := range args {
		values[i] = a.Value
	}
	return text.Say(lang, code, values...)
}

// The most that is said of one request: a body of 64 KiB can hold ten thousand wrong values, and names as long as itself.
const (
	mostErrors      = 20
	longestLocation = 200
)

// words orders the wrong values by where they stand, because Huma walks maps, and words them.
func words(lang text.Lang, values []Value) []Wrong {
	values = slices.Clone(values)
	slices.SortStableFunc(values, func(a, b Value) int {
		return cmp.Or(cmp.Compare(a.Location, b.Location), cmp.Compare(a.Code, b.Code))
	})
	var all []Wrong
	for _, v := range values[:min(len(values), mostErrors)] {
		location := v.Location
		if len(location) > longestLocation {
			location = strings.ToValidUTF8(location[:longestLocation], "") + "…"
		}
		all = append(all, Wrong{location, v.Code, say(lang, v.Code, v.Args)})
	}
	return all
}

// encode is the JSON of every answer: without the escapes that are for JSON within HTML, and without a last newline.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
