package gateway

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seatkeeper/seatkeeper/infra/template"
)

// route is a route of the template, ready to be compared with paths.
type route struct {
	template.Route
	segments []segment
	function function
}

// key is how an event names the route.
func (r route) key() string { return r.Method + " " + r.Path }

// segment is what stands between two slashes of a route. The order of the kinds is that of precedence.
type segment struct {
	kind segmentKind
	text string // the literal, or the variable's name
}

type segmentKind int

const (
	literal  segmentKind = iota
	variable             // {accountId}: one segment of a path
	greedy               // {proxy+}: all that is left, only at the end
)

func newRoute(r template.Route, f function) route {
	out := route{Route: r, function: f}
	for _, text := range split(r.Path) {
		name, braced := strings.CutPrefix(text, "{")
		name = strings.TrimSuffix(name, "}")
		rest, plus := strings.CutSuffix(name, "+")
		switch {
		case !braced:
			out.segments = append(out.segments, segment{literal, text})
		case plus:
			out.segments = append(out.segments, segment{greedy, rest})
		default:
			out.segments = append(out.segments, segment{variable, name})
		}
	}
	return out
}

func split(path string) []string { return strings.Split(strings.TrimPrefix(path, "/"), "/") }

// bySpecificity puts the routes into the order in which they are tried: at the first segment that differs a literal goes
// before a variable and that before a greedy one; of one path, the named method goes before ANY.
func bySpecificity(routes []route) {
	slices.SortStableFunc(routes, func(a, b route) int {
		kinds := slices.CompareFunc(a.segments, b.segments, func(x, y segment) int { return cmp.Compare(x.kind, y.kind) })
		if kinds != 0 {
			return kinds
		}
		return cmp.Compare(anyMethod(a), anyMethod(b))
	})
}

func anyMethod(r route) int {
	if r.Method == "ANY" {
		return 1
	}
	return 0
}

// match finds the first route that takes a method and a path. A path has one spelling: another case, a doubled slash or
// one at the end is another path.
func match(routes []route, method, path string) (route, map[string]string, bool) {
	segments := split(path)
	for _, r := range routes {
		if r.Method != method && r.Method != "ANY" {
			continue
		}
		if parameters, ok := r.take(segments); ok {
			return r, parameters, true
		}
	}
	return route{}, nil, false
}

// take compares a path with the route and gives what its variables stand for.
func (r route) take(path []string) (map[string]string, bool) {
	parameters := map[string]string{}
	for i, s := range r.segments {
		if i >= len(path) || path[i] == "" && s.kind != literal {
			return nil, false
		}
		switch s.kind {
		case literal:
			if s.text != path[i] {
				return nil, false
			}
		case variable:
			parameters[s.text] = path[i]
		case greedy:
			parameters[s.text] = strings.Join(path[i:], "/")
			return parameters, true
		}
	}
	return parameters, len(path) == len(r.segments)
}
