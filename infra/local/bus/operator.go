package bus

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// test tells whether one value of an event is meant: a string, a json.Number, a bool, or nil for null.
type test func(value any) bool

// The range in which EventBridge compares numbers.
const (
	smallest = -5.0e9
	largest  = 5.0e9
)

// parseOperator reads an object with one operator. {"exists": false} is the leaf's: it holds where there is no value.
func parseOperator(operator map[string]any) (test, error) {
	if len(operator) != 1 {
		return nil, fmt.Errorf("an operator stands alone in its object, not %v", slices.Sorted(maps.Keys(operator)))
	}
	for name, operand := range operator {
		switch name {
		case "exists":
			if operand != true {
				return nil, errors.New("exists takes true or false")
			}
			return func(any) bool { return true }, nil
		case "numeric":
			return parseNumeric(operand)
		case "anything-but":
			return parseAnythingBut(operand)
		default:
			return parseText(name, operand)
		}
	}
	return nil, nil // not reached: there is one
}

// parseText reads the operators on strings.
func parseText(name string, operand any) (test, error) {
	if folded, ok := operand.(map[string]any); ok && (name == "prefix" || name == "suffix") && len(folded) == 1 {
		text, ok := folded["equals-ignore-case"].(string)
		if !ok {
			return nil, fmt.Errorf("%s takes a string, or equals-ignore-case with one", name)
		}
		compare := map[string]func(string, string) bool{"prefix": strings.HasPrefix, "suffix": strings.HasSuffix}[name]
		return onText(func(value string) bool { return compare(strings.ToLower(value), strings.ToLower(text)) }), nil
	}
	text, isText := operand.(string)
	var passes test
	switch name {
	case "prefix":
		passes = onText(func(value string) bool { return strings.HasPrefix(value, text) })
	case "suffix":
		passes = onText(func(value string) bool { return strings.HasSuffix(value, text) })
	case "equals-ignore-case":
		passes = onText(func(value string) bool { return strings.EqualFold(value, text) })
	case "wildcard":
		expression, err := parseWildcard(text)
		if err != nil {
			return nil, err
		}
		passes = onText(expression.MatchString)
	default:
		return nil, fmt.Errorf("unknown operator %q", name)
	}
	if !isText {
		return nil, fmt.Errorf("%s takes a string", name)
	}
	return passes, nil
}

func onText(passes func(string) bool) test {
	return func(value any) bool {
		text, ok := value.(string)
		return ok && passes(text)
	}
}

// parseWildcard reads * for any characters, \* and \\ for these two themselves.
func parseWildcard(text string) (*regexp.Regexp, error) {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	escaped, star := false, false
	for _, r := range text {
		switch {
		case escaped && r != '*' && r != '\\':
			return nil, fmt.Errorf(`wildcard %q: a backslash stands before * or another one only`, text)
		case !escaped && r == '\\':
			escaped = true
			continue
		case !escaped && r == '*' && star:
			return nil, fmt.Errorf("wildcard %q: two * in a row", text)
		case !escaped && r == '*':
			b.WriteString(".*")
			star = true
			continue
		}
		b.WriteString(regexp.QuoteMeta(string(r)))
		escaped, star = false, false
	}
	if escaped {
		return nil, fmt.Errorf(`wildcard %q: a backslash at its end`, text)
	}
	b.WriteString(`\z`)
	return regexp.Compile(b.String())
}

// parseAnythingBut reads what a value must not be: a string or a number, a list of the one or the other, or an operator
// on strings with one string or a list. A field that is not there does not match either way.
func parseAnythingBut(operand any) (test, error) {
	operator, isOperator := operand.(map[string]any)
	if !isOperator {
		return anythingButValues(listed(operand))
	}
	if len(operator) != 1 {
		return nil, errors.New("anything-but takes one operator")
	}
	var excluded []test
	for name, operand := range operator {
		list := listed(operand)
		if len(list) == 0 {
			return nil, errors.New("anything-but with an empty list")
		}
		for _, one := range list {
			if _, ok := one.(string); !ok {
				return nil, fmt.Errorf("anything-but: %s takes a string or a list of them", name)
			}
			passes, err := parseText(name, one)
			if err != nil {
				return nil, fmt.Errorf("anything-but: %w", err)
			}
			excluded = append(excluded, passes)
		}
	}
	return func(value any) bool {
		return !slices.ContainsFunc(excluded, func(passes test) bool { return passes(value) })
	}, nil
}

func listed(operand any) []any {
	if list, ok := operand.([]any); ok {
		return list
	}
	return []any{operand}
}

func anythingButValues(list []any) (test, error) {
	var texts []string
	var numbers []float64
	for _, v := range list {
		switch v := v.(type) {
		case string:
			texts = append(texts, v)
		case json.Number:
			n, err := within(v)
			if err != nil {
				return nil, err
			}
			numbers = append(numbers, n)
		default:
			return nil, fmt.Errorf("anything-but takes strings or numbers, not %v", v)
		}
	}
	if (len(texts) > 0) == (len(numbers) > 0) {
		return nil, errors.New("anything-but takes strings or numbers, of one kind and at least one")
	}
	return func(value any) bool {
		switch v := value.(type) {
		case string:
			return !slices.Contains(texts, v)
		case json.Number:
			n, err := within(v)
			return err != nil || !slices.Contains(numbers, n)
		}
		return true
	}, nil
}

// within is a number that EventBridge can compare.
func within(v json.Number) (float64, error) {
	n, err := v.Float64()
	if err != nil || n < smallest || n > largest {
		return 0, fmt.Errorf("%s is not between %g and %g", v, smallest, largest)
	}
	return n, nil
}

// parseNumeric reads ["=", 5], ["<", 5] and the like, or a range such as [">", 0, "<=", 5].
func parseNumeric(operand any) (test, error) {
	usage := fmt.Errorf(`numeric takes a comparison or a range that is not empty, such as [">", 0, "<=", 5], not %v`, operand)
	list, ok := operand.([]any)
	if !ok || len(list) != 2 && len(list) != 4 {
		return nil, usage
	}
	lower := map[string]func(value, bound float64) bool{
		">":  func(value, bound float64) bool { return value > bound },
		">=": func(value, bound float64) bool { return value >= bound },
	}
	upper := map[string]func(value, bound float64) bool{
		"<":  func(value, bound float64) bool { return value < bound },
		"<=": func(value, bound float64) bool { return value <= bound },
		"=":  func(value, bound float64) bool { return value == bound },
	}
	var bounds []float64
	var holds []func(value, bound float64) bool
	for i := 0; i < len(list); i += 2 {
		sign, _ := list[i].(string)
		number, isNumber := list[i+1].(json.Number)
		compare, known := lower[sign]
		if i == len(list)-2 && !known || i == 2 {
			compare, known = upper[sign]
		}
		if !isNumber || !known || sign == "=" && len(list) == 4 {
			return nil, usage
		}
		bound, err := within(number)
		if err != nil {
			return nil, err
		}
		bounds, holds = append(bounds, bound), append(holds, compare)
	}
	if len(bounds) == 2 && bounds[0] >= bounds[1] {
		return nil, usage
	}
	return func(value any) bool {
		number, ok := value.(json.Number)
		if !ok {
			return false
		}
		n, err := within(number)
		for i := range bounds {
			if err != nil || !holds[i](n, bounds[i]) {
				return false
			}
		}
		return true
	}, nil
}
