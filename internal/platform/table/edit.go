package table

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
)

// Path names an attribute, or a value inside of one; words are taken as they are, dots and all.
type Path []string

func (p Path) name() expression.NameBuilder {
	n := expression.NameNoDotSplit(p[0])
	for _, word := range p[1:] {
		n = n.AppendName(expression.NameNoDotSplit(word))
	}
	return n
}

// Edit changes parts of a row in place, so that several callers change its numbers without seeing each other. Every edit
// adds one to `rev`.
type Edit struct {
	paths map[string]Path
	adds  map[string]int
	sets  map[string]any
	drops map[string]bool
	revs  map[string]bool
}

// Add adds n to a number that is there.
func (e *Edit) Add(n int, p ...string) { e.adds = entered(e, e.adds, p, e.adds[joined(p)]+n) }

// Set writes a value.
func (e *Edit) Set(v any, p ...string) { e.sets = entered(e, e.sets, p, v) }

// Drop removes a value.
func (e *Edit) Drop(p ...string) { e.drops = entered(e, e.drops, p, true) }

// Stamp writes the rev that the row has after this edit, which nobody knows before.
func (e *Edit) Stamp(p ...string) { e.revs = entered(e, e.revs, p, true) }

// Sort puts a row into an index under a sort value, or takes it out where that is empty.
func (e *Edit) Sort(i Index, v string) {
	if v == "" {
		e.Drop(string(i))
	} else {
		e.Set(v, string(i))
	}
}

// entered puts a part of the edit down under its path.
func entered[V any](e *Edit, part map[string]V, p Path, v V) map[string]V {
	if e.paths == nil {
		e.paths = map[string]Path{}
	}
	if part == nil {
		part = map[string]V{}
	}
	e.paths[joined(p)], part[joined(p)] = p, v
	return part
}

func joined(p Path) string { return strings.Join(p, "\x00") }

// builder is the update as DynamoDB takes it. Numbers are added by SET a = a + n, which fails on a number that is not
// there, where ADD would quietly begin one.
func (e Edit) builder() expression.UpdateBuilder {
	u := expression.Add(expression.Name("rev"), expression.Value(1))
	for _, k := range slices.Sorted(maps.Keys(e.adds)) {
		name := e.paths[k].name()
		u = u.Set(name, name.Plus(expression.Value(e.adds[k])))
	}
	for _, k := range slices.Sorted(maps.Keys(e.sets)) {
		u = u.Set(e.paths[k].name(), expression.Value(e.sets[k]))
	}
	for _, k := range slices.Sorted(maps.Keys(e.revs)) {
		// What stands on the right is the row before the edit.
		u = u.Set(e.paths[k].name(), expression.Name("rev").Plus(expression.Value(1)))
	}
	for _, k := range slices.Sorted(maps.Keys(e.drops)) {
		u = u.Remove(e.paths[k].name())
	}
	return u
}

// Update edits a row that is there. was and is are the row as it was read and as it will probably be; they serve the
// computed cost alone.
func Update(key Key, was, is Item, edit Edit, cond Cond) Op {
	return Op{key: key, kind: update, cond: cond, was: was, is: keyed(key, is), edit: edit}
}

// AtLeast: the number at p is n or more.
func AtLeast(n int, p ...string) Cond {
	return Cond{condition: Path(p).name().GreaterThanEqual(expression.Value(n))}
}

// AtMost: the number at p is n or less.
func AtMost(n int, p ...string) Cond {
	return Cond{condition: Path(p).name().LessThanEqual(expression.Value(n))}
}

// Behind: the text at p sorts behind s.
func Behind(s string, p ...string) Cond {
	return Cond{condition: Path(p).name().GreaterThan(expression.Value(s))}
}

// Is: the value at p is v.
func Is(v any, p ...string) Cond {
	return Cond{condition: Path(p).name().Equal(expression.Value(v))}
}

// Has: there is a value at p.
func Has(p ...string) Cond { return Cond{condition: Path(p).name().AttributeExists()} }

// Lacks: there is no value at p.
func Lacks(p ...string) Cond { return Cond{condition: Path(p).name().AttributeNotExists()} }

// Either: one of two conditions holds.
func Either(a, b Cond) Cond { return Cond{condition: a.condition.Or(b.condition)} }

// All: every one of them holds.
func All(first Cond, others ...Cond) Cond {
	for _, other := range others {
		first.condition = first.condition.And(other.condition)
	}
	return first
}
