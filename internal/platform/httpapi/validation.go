package httpapi

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
)

// Day reads a day that the schema passed; one that the calendar lacks is refused at its location.
func Day(location, s string) (date.Date, error) {
	d, err := date.Parse(s)
	if err != nil {
		return "", Invalid(At(location, "not_a_date", fault.Text("value", s)))
	}
	return d, nil
}

// finding says what one of Huma's English messages means to us. Its verbs become the arguments of the code's text.
type finding struct {
	format string
	code   string
}

// unfit is the message of a value that passed the schema and does not fit its Go type (decode, in body.go).
const unfit = "value of %s does not fit"

// findings lists the messages that Huma has for a request. The code's text in package text uses the arguments that the
// format has, in their order; a test sends a request for each. What is missing here is value_invalid.
func findings() []finding {
	return []finding{
		{validation.MsgUnexpectedProperty, "unknown_field"},
		{"unknown query parameter", "unknown_parameter"},
		{"required query parameter is missing", "required"},
		{"required header parameter is missing", "required"},
		{"required path parameter is missing", "required"},
		{validation.MsgExpectedRequiredProperty, "required"},
		{validation.MsgExpectedDependentRequiredProperty, "required"},
		{validation.MsgExpectedRFC3339DateTime, "not_a_date_time"},
		{validation.MsgExpectedRFC1123DateTime, "not_a_date_time"},
		{"invalid date/time for format %s", "not_a_date_time"},
		{validation.MsgExpectedRFC3339Date, "not_a_day"},
		{validation.MsgExpectedRFC3339Time, "not_a_time"},
		{validation.MsgExpectedRFC5322Email, "not_an_email"},
		{validation.MsgExpectedRFC3986URI, "not_a_url"},
		{"invalid url.URL value", "not_a_url"},
		{validation.MsgExpectedBoolean, "not_a_boolean"},
		{"invalid boolean", "not_a_boolean"},
		{validation.MsgExpectedNumber, "not_a_number"},
		{"invalid float", "not_a_number"},
		{"invalid floating value", "not_a_number"},
		{validation.MsgExpectedInteger, "not_an_integer"},
		{"invalid integer", "not_an_integer"},
		{validation.MsgExpectedString, "not_a_string"},
		{validation.MsgExpectedBase64String, "wrong_form"},
		{validation.MsgExpectedArray, "not_a_list"},
		{validation.MsgExpectedObject, "not_an_object"},
		{validation.MsgExpectedOneOf, "not_one_of"},
		{validation.MsgExpectedMinimumNumber, "too_small"},
		{validation.MsgExpectedExclusiveMinimumNumber, "not_above"},
		{validation.MsgExpectedMaximumNumber, "too_large"},
		{validation.MsgExpectedExclusiveMaximumNumber, "not_below"},
		{validation.MsgExpectedNumberBeMultipleOf, "not_a_multiple"},
		{validation.MsgExpectedMinLength, "too_short"},
		{validation.MsgExpectedMaxLength, "too_long"},
		{validation.MsgExpectedBePattern, "wrong_form"},
		{validation.MsgExpectedMatchPattern, "wrong_form"},
		{validation.MsgExpectedMinItems, "too_few"},
		{validation.MsgExpectedMaxItems, "too_many"},
		{validation.MsgExpectedMinProperties, "too_few"},
		{validation.MsgExpectedMaxProperties, "too_many"},
		{unfit, "wrong_form"},
	}
}

// withArgs are the codes whose text says what the format's verbs stand for.
var withArgs = map[string]string{
	"not_one_of": "allowed", "too_small": "minimum", "not_above": "minimum", "too_large": "maximum", "not_below": "maximum",
	"not_a_multiple": "step", "too_short": "minimum", "too_long": "maximum", "too_few": "minimum", "too_many": "maximum",
}

// refusedByHuma makes our refusal of Huma's. A path parameter that could not be read names nothing: 404, like every
// other thing that is not there.
func refusedByHuma(refused *huma.ErrorModel) error {
	if len(refused.Errors) == 0 {
		return fmt.Errorf("huma refused with %d: %s", refused.Status, refused.Detail)
	}
	var values []Value
	for _, e := range refused.Errors {
		if strings.HasPrefix(e.Location, "path.") {
			return fault.Missing()
		}
		values = append(values, understand(e))
	}
	switch refused.Status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return Invalid(values...)
	default:
		return fmt.Errorf("huma refused with %d: %s", refused.Status, refused.Detail)
	}
}

func understand(e *huma.ErrorDetail) Value {
	for _, f := range findings() {
		args, ok := scan(f.format, e.Message)
		if !ok {
			continue
		}
		v := Value{Location: e.Location, Code: f.code}
		switch name, worded := withArgs[f.code]; {
		case worded:
			v.Args = []fault.Arg{{Name: name, Value: number(args[0])}}
		case f.format == validation.MsgExpectedRequiredProperty, f.format == validation.MsgExpectedDependentRequiredProperty:
			v.Location += "." + args[0] // Huma names the object that lacks it
		case f.format == unfit && args[0] != "":
			v.Location += "." + args[0]
		}
		return v
	}
	return Value{Location: e.Location, Code: "value_invalid"}
}

// scan reads a message back into what its format's verbs stood for; ok is false for a message of another format.
func scan(format, message string) (args []string, ok bool) {
	rest := message
	parts := strings.FieldsFunc(strings.NewReplacer("%v", "\x00", "%d", "\x00", "%s", "\x00").Replace(format), func(r rune) bool { return r == '\x00' })
	rest, ok = strings.CutPrefix(rest, parts[0])
	if !ok {
		return nil, false
	}
	for _, literal := range parts[1:] {
		arg, after, found := strings.Cut(rest, literal)
		if !found {
			return nil, false
		}
		args, rest = append(args, arg), after
	}
	if strings.Count(format, "%") == len(parts) {
		return append(args, rest), true // the format ends in a verb
	}
	return args, rest == ""
}

// number gives a number back its type, so that it is worded and sent as one: a bound that Huma writes as 1e+07 is the whole
// number, or it would be worded as a power of ten.
func number(s string) any {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		if n := int64(f); float64(n) == f && math.Abs(f) < 1<<53 {
			return int(n)
		}
		return f
	}
	return s
}
