package template

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// Lambda's values for a function that names none.
const (
	defaultTimeout = 3 // seconds
	defaultMemory  = 128
)

// Function is one Lambda function of the template.
type Function struct {
	ID          string        // logical id, AccountsFunction
	CodeDir     string        // its main package below the module's root, functions/accounts
	Environment []string      // names of its variables, sorted; the values are those of whoever runs it
	Timeout     time.Duration // after which Lambda ends a call
	Memory      int           // MB
}

// Route is one route of an HTTP API.
type Route struct {
	Method   string // GET, or ANY
	Path     string // /v1/accounts/{accountId}
	Function string // logical id
	CodeDir  string // of the function
	Public   bool   // answers without asking the authorizer
}

// Functions gives the functions, sorted by id.
func (t *Template) Functions() []Function {
	return t.functions
}

// Routes gives the routes of all functions, sorted by path and method. No two have both in common.
func (t *Template) Routes() []Route {
	return t.routes
}

type functionProperties struct {
	Timeout     ast.Node `yaml:"Timeout"`
	MemorySize  ast.Node `yaml:"MemorySize"`
	Environment struct {
		Variables map[string]ast.Node `yaml:"Variables"`
	} `yaml:"Environment"`
	Events map[string]event `yaml:"Events"`
}

type event struct {
	Type       string   `yaml:"Type"`
	Properties ast.Node `yaml:"Properties"`
}

func (t *Template) readFunctions() error {
	for _, id := range t.named("AWS::Serverless::Function") {
		var properties functionProperties
		if err := t.decode(id, &properties); err != nil {
			return err
		}
		function, err := t.function(id, properties)
		if err != nil {
			return fmt.Errorf("template.yaml: resource %s: %w", id, err)
		}
		t.functions = append(t.functions, function)
		if err := t.addRoutes(function, properties.Events); err != nil {
			return fmt.Errorf("template.yaml: resource %s: %w", id, err)
		}
	}
	slices.SortFunc(t.routes, compareRoutes)
	for i := 1; i < len(t.routes); i++ {
		if one, other := t.routes[i-1], t.routes[i]; compareRoutes(one, other) == 0 {
			return fmt.Errorf("template.yaml: resources %s and %s both have the route %s %s",
				one.Function, other.Function, one.Method, one.Path)
		}
	}
	return nil
}

func compareRoutes(a, b Route) int {
	if order := strings.Compare(a.Path, b.Path); order != 0 {
		return order
	}
	return strings.Compare(a.Method, b.Method)
}

func (t *Template) function(id string, own functionProperties) (Function, error) {
	// The build takes the same step from the id to the folder (infra/functions.mk), so that neither can name a third.
	name, ok := strings.CutSuffix(id, "Function")
	if !ok || name == "" {
		return Function{}, fmt.Errorf("the id of a function is its folder's name and Function: AccountsFunction for functions/accounts")
	}
	timeout, err := t.setting("Timeout", own.Timeout, t.globals.Function.Timeout, defaultTimeout)
	if err != nil {
		return Function{}, err
	}
	memory, err := t.setting("MemorySize", own.MemorySize, t.globals.Function.MemorySize, defaultMemory)
	if err != nil {
		return Function{}, err
	}
	variables := map[string]ast.Node{}
	maps.Copy(variables, t.globals.Function.Environment.Variables)
	maps.Copy(variables, own.Environment.Variables)
	return Function{
		ID:          id,
		CodeDir:     "functions/" + strings.ToLower(name),
		Environment: slices.Sorted(maps.Keys(variables)),
		Timeout:     time.Duration(timeout) * time.Second,
		Memory:      memory,
	}, nil
}

// setting is a number of the function's own, else of the globals, else Lambda's.
func (t *Template) setting(name string, own, global ast.Node, otherwise int) (int, error) {
	node := own
	if node == nil {
		node = global
	}
	if node == nil {
		return otherwise, nil
	}
	number, err := t.number(node)
	if err != nil {
		return 0, fmt.Errorf("%s %w", name, err)
	}
	return number, nil
}
