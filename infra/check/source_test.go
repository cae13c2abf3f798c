package check

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/seatkeeper/seatkeeper/infra/template"
)

// module is the path that all our imports begin with.
const module = "github.com/seatkeeper/seatkeeper/"

// source is one Go file of the module that is not a test, whatever system it is for.
type source struct {
	path  string // below the module's root, with slashes
	dir   string
	set   *token.FileSet
	file  *ast.File
	lines int
}

// sources reads all of them. Files that this machine does not compile are held to the same rules.
func sources(t *testing.T) []source {
	t.Helper()
	root, err := template.Root()
	if err != nil {
		t.Fatal(err)
	}
	var all []source
	err = filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if hidden := strings.HasPrefix(entry.Name(), ".") && name != root; hidden || entry.Name() == "testdata" || entry.Name() == "node_modules" {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		below, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		s := source{path: filepath.ToSlash(below), dir: path.Dir(filepath.ToSlash(below)), set: token.NewFileSet()}
		s.file, err = parser.ParseFile(s.set, name, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		s.lines = s.set.File(s.file.FileStart).LineCount()
		all = append(all, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("%d source files found below %s: that is not the whole tree", len(all), root)
	}
	return all
}

// within tells whether a file stands in one of these folders or below it.
func (s source) within(folders ...string) bool {
	for _, folder := range folders {
		if s.dir == folder || strings.HasPrefix(s.dir, folder+"/") {
			return true
		}
	}
	return false
}

func (s source) at(node ast.Node) string {
	return s.path + ":" + strconv.Itoa(s.set.Position(node.Pos()).Line)
}

// imports are the paths that the file imports, and the names it calls them by.
func (s source) imports() map[string]string {
	names := map[string]string{}
	for _, spec := range s.file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser let it through: a string literal
		}
		name := path.Base(imported)
		if name == "v2" {
			name = path.Base(path.Dir(imported))
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[imported] = name
	}
	return names
}
