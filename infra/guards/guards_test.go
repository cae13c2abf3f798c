package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seatkeeper/seatkeeper/infra/template"
)

// The list fits the code: each guard stands once in its file, its file is Go without it, and its test is there. Whether the
// test turns red the command says.
func TestEachGuardAndItsTestAreThere(t *testing.T) {
	root, err := template.Root()
	if err != nil {
		t.Fatal(err)
	}
	names, changes := map[string]bool{}, map[string]bool{}
	for _, g := range guards() {
		change := g.file + g.from + g.to
		if names[g.name] || changes[change] || g.from == g.to || g.rule == "" {
			t.Errorf("%s is there twice, changes nothing, or says nothing", g.name)
		}
		names[g.name], changes[change] = true, true
		text, err := os.ReadFile(filepath.Join(root, g.file))
		if err != nil {
			t.Error(err)
			continue
		}
		without, err := g.without(string(text))
		if err == nil {
			_, err = parser.ParseFile(token.NewFileSet(), g.file, without, parser.SkipObjectResolution)
		}
		if err != nil {
			t.Errorf("%s: %v", g.name, err)
		}
		if !tested(t, filepath.Join(root, g.in), g.test) {
			t.Errorf("%s: %s has no %s", g.name, g.in, g.test)
		}
	}
	if len(names) < 10 {
		t.Errorf("%d guards: ten at least matter", len(names))
	}
}

// tested tells whether a package has a test of that name.
func tested(t *testing.T, dir, name string) bool {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Error(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, e.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == name && f.Recv == nil {
				return true
			}
		}
	}
	return false
}

// A guard that was written otherwise is an error, not a test that passes for want of a change.
func TestAGuardThatIsNotFoundIsAnError(t *testing.T) {
	g := guard{file: "x.go", from: "if a {", to: "if false {"}
	for text, ok := range map[string]bool{"if a {}": true, "if b {}": false, "if a {}; if a {}": false} {
		if _, err := g.without(text); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}
