package check

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// floors are the rooms of internal/ from the ground up (DESIGN.md, Shape). A room imports rooms that stand before it here
// and no others, also on its own floor.
func floors() [][]string {
	return [][]string{
		{"id", "fault", "date", "money", "text", "access", "csv", "tax"},
		{"platform/table", "platform/token", "platform/httpapi", "platform/mail", "platform/mail/ses", "platform/files", "platform/files/s3", "platform/bus", "platform/bus/eventbridge"},
		{"activity", "account"},
		{"catalog", "costcenter", "user"},
		{"contract"},
		{"system", "seat"},
		{"removal", "request", "order", "statement", "statement/pdf"},
		{"event", "alert", "export", "sweep", "intake/sheet", "intake"},
	}
}

func TestInternalImportsLowerRoomsOnly(t *testing.T) {
	rooms := slices.Concat(floors()...)
	used := map[string]bool{}
	for _, s := range sources(t) {
		if !s.within("internal") {
			continue
		}
		room := strings.TrimPrefix(s.dir, "internal/")
		here := slices.Index(rooms, room)
		if here < 0 {
			t.Errorf("%s: %s is on no floor; give it a place in floors()", s.path, s.dir)
			continue
		}
		used[room] = true
		for imported := range s.imports() {
			ours, found := strings.CutPrefix(imported, module)
			if !found {
				continue
			}
			below, found := strings.CutPrefix(ours, "internal/")
			if !found {
				t.Errorf("%s imports %s: internal/ stands below functions and infra", s.path, ours)
			} else if there := slices.Index(rooms, below); there < 0 || there >= here {
				t.Errorf("%s imports %s, which stands above it", s.path, ours)
			}
		}
	}
	for _, room := range rooms {
		if !used[room] {
			t.Errorf("floors() has %s, and internal/ has not", room)
		}
	}
}

// The domain does not know that it runs on AWS.
func TestTheAWSSDKIsInPlatformFunctionsAndInfraAlone(t *testing.T) {
	for _, s := range sources(t) {
		for imported := range s.imports() {
			if !isAWS(imported) {
				continue
			}
			if !s.within("internal/platform", "functions", "infra") {
				t.Errorf("%s imports %s", s.path, imported)
			}
			if strings.Contains(imported, "dynamodb") && s.within("internal") && !s.within("internal/platform/table") {
				t.Errorf("%s imports %s: only platform/table speaks to DynamoDB", s.path, imported)
			}
		}
	}
}

// A template calls methods by name. Once one is executed, the linker keeps every method of every type: half of a function's
// size again. The page of a statement is one, for the function that makes statements: what a package's variables call, all
// who are linked with the package carry, so there none is called.
func TestOnlyTheStatementExecutesATemplate(t *testing.T) {
	for _, s := range sources(t) {
		if !s.within("internal", "functions") {
			continue
		}
		for imported, name := range s.imports() {
			if imported != "text/template" && imported != "html/template" {
				continue
			}
			if !s.within("internal/statement") {
				t.Errorf("%s imports %s", s.path, imported)
			}
			for _, called := range calledByVariables(s.file, name) {
				t.Errorf("%s: a variable's value uses %s", s.at(called), imported)
			}
		}
	}
}

// calledByVariables are the uses of a package in the values of a file's variables, which are made at a process's start.
func calledByVariables(file *ast.File, name string) []ast.Node {
	var used []ast.Node
	for _, decl := range file.Decls {
		if variables, ok := decl.(*ast.GenDecl); ok && variables.Tok == token.VAR {
			ast.Inspect(variables, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					ast.Inspect(call, func(n ast.Node) bool {
						if id, ok := n.(*ast.Ident); ok && id.Name == name {
							used = append(used, id)
						}
						return true
					})
				}
				return true
			})
		}
	}
	return used
}

func isAWS(imported string) bool {
	return strings.HasPrefix(imported, "github.com/aws/") || strings.HasPrefix(imported, "github.com/awslabs/")
}

// taken are the names by which code takes time, chance or its surroundings instead of being given them. An empty list is
// every name of the package. The seeded generators of math/rand are given, so only what draws from the process's own is
// listed.
func taken() map[string][]string {
	global := []string{
		"ExpFloat64", "Float32", "Float64", "Int", "IntN", "Int31", "Int31n", "Int32", "Int32N", "Int63", "Int63n", "Int64", "Int64N",
		"Intn", "N", "NormFloat64", "Perm", "Read", "Seed", "Shuffle", "Uint", "UintN", "Uint32", "Uint32N", "Uint64", "Uint64N",
	}
	return map[string][]string{
		"time":                     {"Now", "Since", "Until", "Local"},
		"os":                       {"Getenv", "LookupEnv", "Environ", "ExpandEnv", "Args", "Hostname", "Getwd"},
		"math/rand":                global,
		"math/rand/v2":             global,
		"crypto/rand":              {},
		"github.com/oklog/ulid/v2": {"Now", "Make", "DefaultEntropy"},
	}
}

// Time, chance and ids are given, never taken, below functions and infra: a rule can be asked about any day.
func TestTimeChanceAndEnvironmentAreGiven(t *testing.T) {
	for _, s := range sources(t) {
		if s.within("functions", "infra") {
			continue
		}
		for _, found := range takenIn(s) {
			t.Error(found)
		}
	}
}

// takenIn names what a file takes.
func takenIn(s source) (found []string) {
	names := map[string][]string{} // by the file's name for the package
	for imported, name := range s.imports() {
		list, known := taken()[imported]
		switch {
		case known && (name == "." || name == "_"):
			found = append(found, s.path+" imports "+imported+" as "+name+", so that nobody sees what it takes")
		case known:
			names[name] = list
		}
	}
	ast.Inspect(s.file, func(node ast.Node) bool {
		selector, ok := node.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := selector.X.(*ast.Ident); ok {
			if list, watched := names[x.Name]; watched && (len(list) == 0 || slices.Contains(list, selector.Sel.Name)) {
				found = append(found, s.at(selector)+" takes "+x.Name+"."+selector.Sel.Name)
			}
		}
		return true
	})
	return found
}

func TestTakingIsSeenHoweverItIsWritten(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"the clock", `import "time"; var now = time.Now()`, "takes time.Now"},
		{"as a value", `import "time"; var clock = time.Now`, "takes time.Now"},
		{"under another name", `import clock "time"; var now = clock.Now()`, "takes clock.Now"},
		{"without a name", `import . "time"; var now = Now()`, "imports time as ."},
		{"chance", `import "math/rand/v2"; var n = rand.IntN(6)`, "takes rand.IntN"},
		{"secrets", `import "crypto/rand"; var r = rand.Reader`, "takes rand.Reader"},
		{"an instant that is given", `import "time"; func f(now time.Time) time.Time { return now.Add(time.Hour) }`, ""},
		{"chance from a seed", `import "math/rand/v2"; var r = rand.New(rand.NewPCG(1, 2))`, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, "room.go", "package room; "+row.text, 0)
			if err != nil {
				t.Fatal(err)
			}
			found := strings.Join(takenIn(source{path: "room.go", set: set, file: file}), "\n")
			if (found == "") != (row.want == "") || !strings.Contains(found, row.want) {
				t.Errorf("found %q, want %q", found, row.want)
			}
		})
	}
}
