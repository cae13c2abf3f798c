package check

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/seatkeeper/seatkeeper/infra/template"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/removal"
	asked "github.com/seatkeeper/seatkeeper/internal/request"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/system"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// codes finds the codes of internal/ by one habit of the code: what is worded is handed on in a parameter or a field
// that is called code. Types are needed to see whose parameter it is.
type codes struct {
	t    *testing.T
	used map[string]string // where each was seen first
	// assigned are the texts that variables are given, for codes that come by way of one, and returned those that a
	// function returns, by its result.
	assigned map[types.Object][]string
	answered map[types.Object]result
	returned map[result][]string
	// constants are the values of our text types, by package and name, such as system.Result.
	constants map[string][]string
	pkg       *packages.Package
}

// result is one of a function's results, by its place.
type result struct {
	function types.Object
	place    int
}

func readCodes(t *testing.T) *codes {
	t.Helper()
	root, err := template.Root()
	if err != nil {
		t.Fatal(err)
	}
	all, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax, Dir: root}, "./internal/...")
	if err != nil {
		t.Fatal(err)
	}
	c := &codes{
		t: t, used: map[string]string{}, constants: map[string][]string{},
		assigned: map[types.Object][]string{}, answered: map[types.Object]result{}, returned: map[result][]string{},
	}
	for _, pkg := range all {
		for _, problem := range pkg.Errors {
			t.Fatal(problem)
		}
		c.pkg = pkg
		c.readConstants()
		for _, file := range pkg.Syntax {
			ast.Inspect(file, c.readAssignment)
			for _, declaration := range file.Decls {
				c.readReturns(declaration)
			}
		}
	}
	for _, pkg := range all {
		c.pkg = pkg
		for _, file := range pkg.Syntax {
			ast.Inspect(file, c.readUse)
		}
	}
	return c
}

func (c *codes) readConstants() {
	scope := c.pkg.Types.Scope()
	for _, name := range scope.Names() {
		if value, ok := scope.Lookup(name).(*types.Const); ok && value.Val().Kind() == constant.String {
			typ := typeName(value.Type())
			c.constants[typ] = append(c.constants[typ], constant.StringVal(value.Val()))
		}
	}
}

// typeName is a type by its package's last name and its own.
func typeName(t types.Type) string {
	named, ok := t.(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return t.String()
	}
	return path.Base(named.Obj().Pkg().Path()) + "." + named.Obj().Name()
}

func (c *codes) readAssignment(node ast.Node) bool {
	assign, ok := node.(*ast.AssignStmt)
	if !ok {
		return true
	}
	call, _ := assign.Rhs[0].(*ast.CallExpr)
	for i, left := range assign.Lhs {
		name, ok := left.(*ast.Ident)
		if !ok {
			continue
		}
		to := c.pkg.TypesInfo.ObjectOf(name)
		if len(assign.Lhs) > len(assign.Rhs) && call != nil {
			c.answered[to] = result{c.called(call.Fun), i}
		} else if len(assign.Lhs) == len(assign.Rhs) {
			if value, literal := c.literal(assign.Rhs[i]); literal {
				c.assigned[to] = append(c.assigned[to], value)
			}
		}
	}
	return true
}

func (c *codes) readReturns(declaration ast.Decl) {
	function, ok := declaration.(*ast.FuncDecl)
	if !ok || function.Body == nil {
		return
	}
	ast.Inspect(function.Body, func(node ast.Node) bool {
		if _, inner := node.(*ast.FuncLit); inner {
			return false
		}
		if statement, ok := node.(*ast.ReturnStmt); ok {
			for i, e := range statement.Results {
				if value, literal := c.literal(e); literal {
					from := result{c.pkg.TypesInfo.ObjectOf(function.Name), i}
					c.returned[from] = append(c.returned[from], value)
				}
			}
		}
		return true
	})
}

func (c *codes) literal(e ast.Expr) (string, bool) {
	value := c.pkg.TypesInfo.Types[e].Value
	if value == nil || value.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(value), true
}

func (c *codes) readUse(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.CallExpr:
		called, ok := c.pkg.TypesInfo.TypeOf(n.Fun).(*types.Signature)
		for i := 0; ok && i < called.Params().Len() && i < len(n.Args); i++ {
			if isCode(called.Params().At(i)) {
				_, declared := c.called(n.Fun).(*types.Func)
				c.use(n.Args[i], n.Args[i+1:], declared && called.Variadic() && !n.Ellipsis.IsValid())
			}
		}
	case *ast.CompositeLit:
		structure, ok := c.pkg.TypesInfo.TypeOf(n).Underlying().(*types.Struct)
		for i := 0; ok && i < len(n.Elts); i++ {
			field, value := structure.Field(min(i, structure.NumFields()-1)), n.Elts[i]
			if pair, named := value.(*ast.KeyValueExpr); named {
				field, _ = c.pkg.TypesInfo.ObjectOf(pair.Key.(*ast.Ident)).(*types.Var)
				value = pair.Value
			}
			if isCode(field) {
				c.use(value, nil, false)
			}
		}
	}
	return true
}

// isCode tells whether a parameter or field of ours is a code.
func isCode(v *types.Var) bool {
	basic, ok := v.Type().Underlying().(*types.Basic)
	return ok && basic.Kind() == types.String && strings.EqualFold(v.Name(), "code") && v.Pkg() != nil && strings.HasPrefix(v.Pkg().Path(), module)
}

// called is what a call calls by name: a function or method, or a variable that holds one, which may add arguments of
// its own.
func (c *codes) called(e ast.Expr) types.Object {
	name, ok := e.(*ast.Ident)
	if selector, qualified := e.(*ast.SelectorExpr); qualified {
		name, ok = selector.Sel, true
	}
	if !ok {
		return nil
	}
	return c.pkg.TypesInfo.ObjectOf(name)
}

// use notes the codes that an expression may stand for. given are the values for its text, where they are all there.
func (c *codes) use(e ast.Expr, given []ast.Expr, complete bool) {
	where := c.pkg.Fset.Position(e.Pos())
	at := fmt.Sprintf("%s/%s:%d", strings.TrimPrefix(c.pkg.PkgPath, module), path.Base(where.Filename), where.Line)
	if value, ok := c.literal(e); ok {
		c.note(value, at)
		if values, known := c.samples(given); complete && known {
			c.word(value, at, values)
		}
		return
	}
	switch n := e.(type) {
	case *ast.SelectorExpr: // a field: it was noted where it was set
		return
	case *ast.Ident:
		variable := c.pkg.TypesInfo.ObjectOf(n)
		for _, value := range slices.Concat(c.assigned[variable], c.returned[c.answered[variable]]) {
			c.note(value, at)
		}
		return
	case *ast.BinaryExpr:
		if prefix, ok := c.literal(n.X); ok && n.Op == token.ADD {
			for _, member := range c.family(prefix, at) {
				c.note(prefix+member, at)
			}
			return
		}
	case *ast.CallExpr:
		if conversion := c.pkg.TypesInfo.Types[n.Fun]; conversion.IsType() && len(n.Args) == 1 {
			for _, member := range c.family(typeName(c.pkg.TypesInfo.TypeOf(n.Args[0])), at) {
				c.note(member, at)
			}
			return
		}
	}
	c.t.Errorf("%s: which code this is cannot be seen here: name it where it is handed on", at)
}

// family lists the codes that are put together, by what they are put together from.
func (c *codes) family(of, at string) (members []string) {
	switch of {
	case "title_":
		members = []string{strconv.Itoa(http.StatusMethodNotAllowed), strconv.Itoa(http.StatusNotAcceptable), strconv.Itoa(http.StatusInternalServerError)}
		for kind := fault.Malformed; kind.Status() != http.StatusInternalServerError; kind++ {
			members = append(members, strconv.Itoa(kind.Status()))
		}
	case "permission_":
		for _, permission := range c.constants["access.Permission"] {
			if access.Permission(permission) != access.SignedIn { // nobody lacks it
				members = append(members, permission)
			}
		}
		members = append(members, string(access.SuperAdministrator)) // a role that is lacked as such
	case "period_", "billed_":
		members = c.constants["catalog.Period"]
	case "removal_state_":
		members = without(c.constants["removal.State"], string(removal.Pending)) // what can still be withdrawn
	case "request_state_":
		members = without(c.constants["request.State"], string(asked.Open), string(asked.InCart)) // what is not over
	case "request_to_":
		members = c.constants["request.Audience"]
	case "mail_request_":
		members = c.constants["request.Kind"]
	case "fault.Named":
		return nil // noted where fault.Word is given it
	case "system.Result":
		for _, result := range c.constants[of] {
			if !system.Result(result).Succeeded() {
				members = append(members, result)
			}
		}
	case "seat.Result":
		for _, result := range c.constants[of] {
			if !seat.Result(result).Succeeded() {
				members = append(members, result)
			}
		}
	case "usage_":
		for _, state := range c.constants["contract.UsageState"] {
			if contract.UsageState(state) != contract.OK { // nobody is warned of it
				members = append(members, state)
			}
		}
	}
	if len(members) == 0 {
		c.t.Errorf("%s: codes are made from %s here: say in family which there are", at, of)
	}
	return members
}

// without are the members that are none of some others.
func without(members []string, others ...string) []string {
	return slices.DeleteFunc(slices.Clone(members), func(m string) bool { return slices.Contains(others, m) })
}

func (c *codes) note(code, at string) {
	if code != "" && c.used[code] == "" {
		c.used[code] = at
	}
}

// samples are values of the kinds that a text is given; known is false where one of them cannot be told.
func (c *codes) samples(given []ast.Expr) (values []any, known bool) {
	for _, e := range given {
		kind := c.pkg.TypesInfo.TypeOf(e)
		if made, ok := e.(*ast.CallExpr); ok && typeName(kind) == "fault.Arg" && len(made.Args) == 2 {
			kind = c.pkg.TypesInfo.TypeOf(made.Args[1]) // fault.Int(name, value), fault.Text(name, value)
		}
		basic, ok := kind.Underlying().(*types.Basic)
		switch {
		case ok && basic.Info()&types.IsString != 0:
			values = append(values, "word")
		case ok && basic.Info()&types.IsInteger != 0:
			values = append(values, 7)
		default:
			return nil, false
		}
	}
	return values, true
}

// word says a code's text with the values that it is given there.
func (c *codes) word(code, at string, values []any) {
	for _, lang := range text.Langs {
		if said := text.Say(lang, code, values...); strings.Contains(said, "%!") {
			c.t.Errorf("%s: %s in %s lacks a value that its text names: %s", at, code, lang, said)
		}
	}
}

// What a client is told has a sentence in the catalog, and no sentence is there for nobody.
func TestEveryCodeHasItsTextAndEveryTextItsUse(t *testing.T) {
	c := readCodes(t)
	catalog := text.Codes()
	for code, at := range c.used {
		if !slices.Contains(catalog, code) {
			t.Errorf("%s: the code %s has no text in package text", at, code)
		}
	}
	for _, code := range catalog {
		if c.used[code] == "" {
			t.Errorf("package text: nothing says %s", code)
		}
	}
}
