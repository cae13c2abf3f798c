package check

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// A file that is read in one go, and a function on one page (STYLE.md, Size).
const (
	fewerLines         = 400
	fewerFunctionLines = 60
)

func TestFilesAndFunctionsAreShort(t *testing.T) {
	for _, s := range sources(t) {
		if s.lines >= fewerLines {
			t.Errorf("%s has %d lines, it must be fewer than %d", s.path, s.lines, fewerLines)
		}
		for _, declaration := range s.file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := s.set.Position(function.End()).Line - s.set.Position(function.Pos()).Line + 1; n >= fewerFunctionLines {
				t.Errorf("%s: %s has %d lines, it must be fewer than %d", s.at(function), function.Name.Name, n, fewerFunctionLines)
			}
		}
	}
}

func TestPackagesAreNamedByNouns(t *testing.T) {
	empty := []string{"util", "utils", "common", "helper", "helpers", "model", "models", "type", "types", "base", "impl", "misc", "shared"}
	for _, s := range sources(t) {
		if slices.Contains(empty, s.file.Name.Name) || slices.ContainsFunc(strings.Split(s.dir, "/"), func(part string) bool { return slices.Contains(empty, part) }) {
			t.Errorf("%s: package %s says nothing", s.path, s.file.Name.Name)
		}
	}
}

// One paragraph says what the package owns, and stands in one place.
func TestEveryPackageSaysWhatItIs(t *testing.T) {
	said, packages := map[string][]string{}, map[string]bool{}
	for _, s := range sources(t) {
		packages[s.dir] = true
		if s.file.Doc == nil {
			continue
		}
		said[s.dir] = append(said[s.dir], s.path)
		begin := "Package " + s.file.Name.Name + " "
		if s.file.Name.Name == "main" {
			begin = "Command "
		}
		if !strings.HasPrefix(s.file.Doc.Text(), begin) {
			t.Errorf("%s: the comment of the package does not begin with %q", s.path, begin)
		}
	}
	for dir := range packages {
		if len(said[dir]) != 1 {
			t.Errorf("package %s has its comment in %d files %v, want one", dir, len(said[dir]), said[dir])
		}
	}
}
