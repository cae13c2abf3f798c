package bus

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Pattern is an event pattern of EventBridge that has been read. It holds what AWS documents of patterns, but for `cidr`;
// an operator that it does not know is an error when it is read, since a rule that silently never matches would look
// like a bus on which nothing happens.
type Pattern struct {
	all *fields
}

// fields are the fields of one object of a pattern. All of them must match.
type fields struct {
	nested map[string]*fields
	leaves map[string]leaf
	either []*fields // of "$or": one of them must match; none where the object has no "$or"
}

// leaf is what the values of one field may be: one that passes one test.
type leaf struct {
	path   []string // from the event's root
	tests  []test
	absent bool // {"exists": false} is among them: that there is no such field will also do
}

// ParsePattern reads a pattern. Errors say where in it.
func ParsePattern(text []byte) (*Pattern, error) {
	read, err := decode(text)
	if err != nil {
		return nil, fmt.Errorf("event pattern: %w", err)
	}
	object, ok := read.(map[string]any)
	if !ok {
		return nil, errors.New("event pattern: it is no object")
	}
	all, err := parseFields(object, nil)
	if err != nil {
		return nil, fmt.Errorf("event pattern: %w", err)
	}
	return &Pattern{all}, nil
}

// decode keeps numbers as they are written: EventBridge compares exact ones so.
func decode(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is something behind it")
	}
	return v, nil
}

func parseFields(object map[string]any, path []string) (*fields, error) {
	if len(object) == 0 {
		return nil, fmt.Errorf("%s is empty", dotted(path))
	}
	out := &fields{nested: map[string]*fields{}, leaves: map[string]leaf{}}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		below := append(slices.Clone(path), name)
		var err error
		switch v := object[name].(type) {
		case map[string]any:
			out.nested[name], err = parseFields(v, below)
		case []any:
			if name == "$or" {
				out.either, err = parseEither(v, path)
			} else {
				out.leaves[name], err = parseLeaf(v, below)
			}
		default:
			err = fmt.Errorf("%s is neither an object nor a list of values", dotted(below))
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// parseEither reads the alternatives of a "$or". EventBridge takes a list that is none for a field of that name; such a
// field nobody meant.
func parseEither(list []any, path []string) ([]*fields, error) {
	if len(list) < 2 {
		return nil, fmt.Errorf("%s: $or needs two alternatives", dotted(path))
	}
	var out []*fields
	for _, v := range list {
		object, ok := v.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s: $or has an alternative that is no object", dotted(path))
		}
		one, err := parseFields(object, path)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

func parseLeaf(list []any, path []string) (leaf, error) {
	out := leaf{path: path}
	if len(list) == 0 {
		return out, fmt.Errorf("%s has no values, so nothing could match", dotted(path))
	}
	for _, v := range list {
		operator, ok := v.(map[string]any)
		switch _, list := v.([]any); {
		case list:
			return out, fmt.Errorf("%s has a list in its list", dotted(path))
		case !ok:
			out.tests = append(out.tests, func(value any) bool { return value == v })
		case maps.Equal(operator, map[string]any{"exists": false}):
			out.absent = true
		default:
			passes, err := parseOperator(operator)
			if err != nil {
				return out, fmt.Errorf("%s: %w", dotted(path), err)
			}
			out.tests = append(out.tests, passes)
		}
	}
	return out, nil
}

// dotted names a field for a reader.
func dotted(path []string) string {
	if len(path) == 0 {
		return "it"
	}
	return strings.Join(path, ".")
}

// Matches tells whether an event, as JSON, matches. The error is an event that is no JSON object.
func (p *Pattern) Matches(event []byte) (bool, error) {
	v, err := decode(event)
	if err != nil {
		return false, fmt.Errorf("event: %w", err)
	}
	if _, ok := v.(map[string]any); !ok {
		return false, errors.New("event: it is no object")
	}
	return p.all.match(v, v), nil
}

// match tells whether something at this place of the event has all fields. In an array it must be one and the same
// element that has them.
func (f *fields) match(here, event any) bool {
	return slices.ContainsFunc(objects(here), func(object map[string]any) bool { return f.matchObject(object, event) })
}

func (f *fields) matchObject(object map[string]any, event any) bool {
	for name, l := range f.leaves {
		if !l.match(object[name], has(object, name), event) {
			return false
		}
	}
	for name, below := range f.nested {
		if !below.match(object[name], event) {
			return false
		}
	}
	return len(f.either) == 0 || slices.ContainsFunc(f.either, func(one *fields) bool { return one.matchObject(object, event) })
}

func (l leaf) match(here any, there bool, event any) bool {
	if l.absent && !present(event, l.path) {
		return true
	}
	if !there {
		return false
	}
	return slices.ContainsFunc(scalars(here), func(value any) bool {
		return slices.ContainsFunc(l.tests, func(passes test) bool { return passes(value) })
	})
}

func has(object map[string]any, name string) bool {
	_, there := object[name]
	return there
}

// objects are the objects at a place: itself, or those in an array. Where there is none stands an empty one, in which
// every field is absent.
func objects(here any) []map[string]any {
	if found := gather(here); len(found) > 0 {
		return found
	}
	return []map[string]any{{}}
}

func gather(here any) (found []map[string]any) {
	switch v := here.(type) {
	case map[string]any:
		return []map[string]any{v}
	case []any:
		for _, element := range v {
			found = append(found, gather(element)...)
		}
	}
	return found
}

// scalars are the values at a place: itself, or those in an array. An object is none: patterns compare leaves alone.
func scalars(here any) (found []any) {
	switch v := here.(type) {
	case map[string]any:
	case []any:
		for _, element := range v {
			found = append(found, scalars(element)...)
		}
	default:
		found = append(found, v)
	}
	return found
}

// present tells whether an event has a value under a path, in whatever element of an array.
func present(here any, path []string) bool {
	if len(path) == 0 {
		return len(scalars(here)) > 0
	}
	return slices.ContainsFunc(gather(here), func(object map[string]any) bool {
		return has(object, path[0]) && present(object[path[0]], path[1:])
	})
}
