package main

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/infra/template"
)

var update = flag.Bool("update", false, "write openapi.json as the code is now")

func TestTheDocumentIsWhatTheCodeDeclares(t *testing.T) {
	if *update {
		if err := write(); err != nil {
			t.Fatal(err)
		}
	}
	file, err := file()
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	declared, err := functions.Describe().OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(kept), "\n"), strings.Split(string(declared), "\n")); diff != "" {
		t.Errorf("openapi.json is not what the code declares; `go run ./infra/openapi` writes it anew (-file +code):\n%s", diff)
	}
}

// The document is made of another wiring than the functions are: it must have all of their operations and no other.
func TestTheDocumentHasTheOperationsOfTheFunctions(t *testing.T) {
	var served, described []string
	for _, function := range functions.HTTP() {
		for _, op := range function(functions.Ground{}).Operations() {
			served = append(served, op.ID)
		}
	}
	for _, op := range functions.Describe().Operations() {
		described = append(described, op.ID)
	}
	slices.Sort(served)
	slices.Sort(described)
	if diff := cmp.Diff(served, described); diff != "" {
		t.Errorf("operations (-of the functions +of the document):\n%s", diff)
	}
}

// What API Gateway has no route for nobody can call, and a route that no operation answers to is a 404 of ours.
func TestEveryOperationHasItsRouteAtItsFunctionAndNoRouteIsWithoutOne(t *testing.T) {
	root, err := template.Root()
	if err != nil {
		t.Fatal(err)
	}
	deployed, err := template.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	routes := map[string]string{}
	for _, route := range deployed.Routes() {
		routes[route.Method+" "+route.Path] = route.CodeDir
		if route.Public {
			t.Errorf("%s %s asks no authorizer: every operation needs to know who calls", route.Method, route.Path)
		}
	}
	operations := map[string]string{}
	for name, function := range functions.HTTP() {
		for _, op := range function(functions.Ground{}).Operations() {
			operations[op.Method+" "+op.Path] = "functions/" + name
		}
	}
	if diff := cmp.Diff(operations, routes); diff != "" {
		t.Errorf("routes and the folders of their functions (-operations +template.yaml):\n%s", diff)
	}
}
