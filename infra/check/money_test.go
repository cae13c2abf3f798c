package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/seatkeeper/seatkeeper/infra/template"
)

// exact are the packages that money goes through.
var exact = []string{"money", "tax", "catalog", "order", "removal", "statement"}

// No amount is ever a float: no expression in these packages has a float's type, whether it is declared, converted to,
// written as a literal or answered by another package.
func TestNoAmountIsAFloat(t *testing.T) {
	root, err := template.Root()
	if err != nil {
		t.Fatal(err)
	}
	patterns := make([]string, len(exact))
	for i, name := range exact {
		patterns[i] = "./internal/" + name
	}
	all, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax, Dir: root}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	var looked []string
	for _, pkg := range all {
		for _, problem := range pkg.Errors {
			t.Fatal(problem)
		}
		looked = append(looked, path.Base(pkg.PkgPath))
		for _, at := range floats(pkg) {
			t.Error(at)
		}
	}
	slices.Sort(looked)
	if want := slices.Sorted(slices.Values(exact)); !slices.Equal(looked, want) {
		t.Errorf("looked at %v, want %v", looked, want)
	}
}

// floats are the places of a package where something is a float or a complex number.
func floats(pkg *packages.Package) []string {
	var found []string
	for _, file := range pkg.Syntax {
		ast.Inspect(file, func(node ast.Node) bool {
			e, ok := node.(ast.Expr)
			if !ok {
				return true
			}
			if is := pkg.TypesInfo.TypeOf(e); is != nil && inexact(is) {
				found = append(found, positionOf(pkg.Fset, e))
			}
			return true
		})
	}
	return found
}

func positionOf(set *token.FileSet, e ast.Expr) string {
	at := set.Position(e.Pos())
	return strings.TrimPrefix(at.String(), path.Dir(path.Dir(path.Dir(at.Filename)))+"/") + ": a float"
}

// inexact tells of a type that it is a float, or a list or pointer of some.
func inexact(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&(types.IsFloat|types.IsComplex) != 0
	case *types.Slice:
		return inexact(u.Elem())
	case *types.Pointer:
		return inexact(u.Elem())
	}
	return false
}
