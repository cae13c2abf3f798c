// Package template reads the deployment's template.yaml for what runs without CloudFormation: the local stack and the
// tests. The table, the routes and the functions are defined there once, and here nothing of them is repeated.
//
// It understands of CloudFormation and SAM what our template uses, and says so where it meets something else, rather
// than guessing: a definition that is misread would make the local stack differ from the deployed one unseen.
package template

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Template is a template.yaml that has been read.
type Template struct {
	parameters map[string]parameter
	globals    globals
	resources  map[string]resource

	functions []Function
	routes    []Route
}

type document struct {
	Parameters map[string]parameter `yaml:"Parameters"`
	Globals    globals              `yaml:"Globals"`
	Resources  map[string]resource  `yaml:"Resources"`
}

type parameter struct {
	Default ast.Node `yaml:"Default"`
}

// globals are what SAM adds to each function that does not say otherwise.
type globals struct {
	Function functionProperties `yaml:"Function"`
}

type resource struct {
	Type       string   `yaml:"Type"`
	Properties ast.Node `yaml:"Properties"` // read by whoever knows the type
}

// Root is the module's root: the nearest folder with a go.mod, upwards from the working folder. Commands and tests have
// it in common, wherever they were started.
func Root() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("looking for the module's root: %w", err)
	}
	for folder := start; ; folder = filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			return "", fmt.Errorf("looking for the module's root: no go.mod in %s or above it", start)
		}
	}
}

// Load reads the template.yaml in the module's root.
func Load(root string) (*Template, error) {
	text, err := os.ReadFile(filepath.Join(root, "template.yaml"))
	if err != nil {
		return nil, fmt.Errorf("reading the template: %w", err)
	}
	return Parse(text)
}

// Parse reads a template. Its functions and routes are checked at once, a table when it is asked for. Errors name the
// resource, and for faulty YAML the line.
func Parse(text []byte) (*Template, error) {
	var read document
	if err := yaml.Unmarshal(text, &read); err != nil {
		return nil, fmt.Errorf("template.yaml: %s", brief(err))
	}
	if len(read.Resources) == 0 {
		return nil, errors.New("template.yaml has no Resources")
	}
	t := &Template{parameters: read.Parameters, globals: read.Globals, resources: read.Resources}
	if err := t.readFunctions(); err != nil {
		return nil, err
	}
	return t, nil
}

// named gives the logical ids of all resources of a type, sorted, so that what is made of them has one order.
func (t *Template) named(kind string) []string {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(t.resources)) {
		if t.resources[id].Type == kind {
			ids = append(ids, id)
		}
	}
	return ids
}

// decode reads a resource's properties into a struct that names those it knows; the error names the resource.
func (t *Template) decode(id string, properties any, options ...yaml.DecodeOption) error {
	node := t.resources[id].Properties
	if node == nil {
		return fmt.Errorf("template.yaml: resource %s has no Properties", id)
	}
	if err := yaml.NodeToValue(node, properties, options...); err != nil {
		return fmt.Errorf("template.yaml: resource %s: %s", id, brief(err))
	}
	return nil
}

// brief is a YAML error in one line, [line:column] first, without the lines around it that the library would print.
func brief(err error) string {
	return yaml.FormatError(err, false, false)
}

// number reads a value that is a number, or a !Ref of a parameter whose default is one. A stack may be deployed with
// another value; what runs here runs with the default.
func (t *Template) number(node ast.Node) (int, error) {
	if name, ok := reference(node); ok {
		given, known := t.parameters[name]
		if !known || given.Default == nil {
			return 0, fmt.Errorf("refers to %s, which is no parameter with a default", name)
		}
		node = given.Default
	}
	var number int
	if _, tagged := node.(*ast.TagNode); tagged {
		return 0, fmt.Errorf("is %s: only a number, or a !Ref of a parameter with a default, is understood here", node)
	}
	if err := yaml.NodeToValue(node, &number); err != nil {
		return 0, fmt.Errorf("is %s, not a whole number", node)
	}
	return number, nil
}

// reference gives the name that a !Ref refers to.
func reference(node ast.Node) (string, bool) {
	tag, ok := node.(*ast.TagNode)
	if !ok || tag.Start.Value != "!Ref" {
		return "", false
	}
	name, ok := tag.Value.(ast.ScalarNode)
	if !ok {
		return "", false
	}
	text, ok := name.GetValue().(string)
	return text, ok
}

// literal is text that stands in the template as it is. What CloudFormation would compute (!Sub, !Ref, …) is refused:
// the YAML library would drop the tag and take a parameter's name for its value.
type literal string

// UnmarshalYAML refuses everything but text.
func (l *literal) UnmarshalYAML(node ast.Node) error {
	scalar, ok := node.(ast.ScalarNode)
	if _, tagged := node.(*ast.TagNode); tagged || !ok {
		at := node.GetToken().Position
		return fmt.Errorf("[%d:%d] %s: only plain text is understood here", at.Line, at.Column, node)
	}
	*l = literal(fmt.Sprint(scalar.GetValue()))
	return nil
}
