package template

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// api is the resource that routes refer to; it asks an authorizer unless a route says otherwise.
const api = `
  Api:
    Type: AWS::Serverless::HttpApi
    Properties: {Auth: {DefaultAuthorizer: BearerToken}}
`

func TestTheTemplateOfThisModuleIsUnderstood(t *testing.T) {
	template := loaded(t)
	if _, expiry, err := template.Table("any"); err != nil || expiry == "" {
		t.Errorf("Table() = expiry %q, error %v; want an attribute and no error", expiry, err)
	}
	if len(template.Functions()) == 0 || len(template.Routes()) == 0 {
		t.Errorf("%d functions, %d routes; want some of both", len(template.Functions()), len(template.Routes()))
	}
	if _, err := template.Rules(); err != nil {
		t.Error(err)
	}
	if _, err := template.Schedules(); err != nil {
		t.Error(err)
	}
	if streams, err := template.Streams(); err != nil || len(streams) == 0 {
		t.Errorf("streams %+v, error %v; want one and no error", streams, err)
	}
	// The customer's data is never open: whoever adds an open route names it here.
	for _, route := range template.Routes() {
		if route.Public {
			t.Errorf("%s %s answers without a token", route.Method, route.Path)
		}
	}
}

func TestEachFunctionHasItsFolderAndTheReverse(t *testing.T) {
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	programs, err := filepath.Glob(filepath.Join(root, "functions", "*", "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	var folders, named []string
	for _, program := range programs {
		folders = append(folders, "functions/"+filepath.Base(filepath.Dir(program)))
	}
	for _, function := range loaded(t).Functions() {
		named = append(named, function.CodeDir)
	}
	slices.Sort(named)
	if diff := cmp.Diff(folders, named); diff != "" {
		t.Errorf("folders and functions of the template differ (-folders +template):\n%s", diff)
	}
}

func loaded(t *testing.T) *Template {
	t.Helper()
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	template, err := Load(root)
	if err != nil {
		t.Fatal(err)
	}
	return template
}

func TestErrorsNameTheResourceThatIsWrong(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       []string
	}{
		{"no YAML", "Resources:\n  A: [", []string{"template.yaml", "2:6"}},
		{"nothing in it", "Parameters: {}", []string{"no Resources"}},
		{"two resources of one id", "Resources:\n  A: {Type: X}\n  A: {Type: Y}", []string{`"A" already defined`}},
		{"a function without properties", "Resources:\n  SeatsFunction: {Type: AWS::Serverless::Function}", []string{"SeatsFunction", "Properties"}},
		{"an id that names no folder", "Resources:\n  Seats: {Type: AWS::Serverless::Function, Properties: {Handler: x}}", []string{"Seats", "functions/accounts"}},
		{"a time limit that is text", oneFunction("Timeout: soon"), []string{"SeatsFunction", "Timeout is soon"}},
		{"a time limit that is computed", oneFunction("Timeout: !If [Fast, 1, 2]"), []string{"SeatsFunction", "Timeout is !If"}},
		{"a size from an unknown parameter", oneFunction("MemorySize: !Ref Size"), []string{"SeatsFunction", "MemorySize refers to Size"}},
		{"events that are no map", oneFunction("Events: 3"), []string{"SeatsFunction", "mapping"}},
		{"a route without properties", oneEvent("Type: HttpApi"), []string{"SeatsFunction", "event Read", "no Properties"}},
		{"a route without method", oneRoute(`Path: /v1, ApiId: !Ref Api`), []string{"event Read", `Method is ""`}},
		{"a method that HTTP lacks", oneRoute(`Method: GRAB, Path: /v1, ApiId: !Ref Api`), []string{"event Read", `"GRAB"`}},
		{"a path without slash", oneRoute(`Method: GET, Path: v1, ApiId: !Ref Api`), []string{"event Read", `"v1"`}},
		{"a path that is computed", oneRoute(`Method: GET, Path: !Sub "/v1/${Stage}", ApiId: !Ref Api`), []string{"event Read", "!Sub"}},
		{"a route of an API that is not there", oneRoute(`Method: GET, Path: /v1, ApiId: !Ref Other`), []string{"event Read", "ApiId"}},
		{"a route of no API", oneRoute(`Method: GET, Path: /v1`), []string{"event Read", "ApiId"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := Parse([]byte(row.text))
			wantError(t, err, row.want)
		})
	}
}

func wantError(t *testing.T, err error, parts []string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not have %q", err, part)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("error %q is longer than a line", err)
	}
}

func oneFunction(properties string) string {
	return "Resources:\n" + api + "\n  SeatsFunction:\n    Type: AWS::Serverless::Function\n    Properties: {" + properties + "}\n"
}

func oneEvent(properties string) string {
	return oneFunction("Events: {Read: {" + properties + "}}")
}

func oneRoute(properties string) string {
	return oneEvent("Type: HttpApi, Properties: {" + properties + "}")
}

func TestAFunctionTakesWhatItDoesNotSayFromTheGlobalsAndThenFromLambda(t *testing.T) {
	const variables = "Environment: {Variables: {OWN: a, BOTH: !Ref Table}}"
	const globals = `
Parameters: {Size: {Type: Number, Default: 256}}
Globals: {Function: {Timeout: 29, MemorySize: !Ref Size, Environment: {Variables: {BOTH: x, GLOBAL: y}}}}
`
	want := Function{ID: "SeatsFunction", CodeDir: "functions/seats"}
	for _, row := range []struct {
		name, text string
		adjust     func(*Function)
	}{
		{"nothing said", oneFunction("Handler: bootstrap"), func(f *Function) { f.Timeout, f.Memory = 3e9, 128 }},
		{"globals", globals + oneFunction(variables), func(f *Function) {
			f.Timeout, f.Memory, f.Environment = 29e9, 256, []string{"BOTH", "GLOBAL", "OWN"}
		}},
		{"its own", globals + oneFunction("Timeout: 10, MemorySize: 1024"), func(f *Function) {
			f.Timeout, f.Memory, f.Environment = 10e9, 1024, []string{"BOTH", "GLOBAL"}
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			template, err := Parse([]byte(row.text))
			if err != nil {
				t.Fatal(err)
			}
			want := want
			row.adjust(&want)
			if diff := cmp.Diff([]Function{want}, template.Functions()); diff != "" {
				t.Errorf("functions differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRoutesAreTheHTTPEventsOfAllFunctionsInOneOrder(t *testing.T) {
	template, err := Parse([]byte(`
Resources:` + api + `
  Open: {Type: AWS::Serverless::HttpApi, Properties: {Description: asks nobody}}
  UsersFunction:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Nightly: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day)}}
        Create: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: post, Path: /v1/users}}
        Health: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: /health, Auth: {Authorizer: NONE}}}
  SeatsFunction:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        List: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: "/v1/{account+}"}}
        Open: {Type: HttpApi, Properties: {ApiId: !Ref Open, Method: ANY, Path: /open}}
        Named: {Type: HttpApi, Properties: {ApiId: !Ref Open, Method: GET, Path: /named, Auth: {Authorizer: BearerToken}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []Route{
		{Method: "GET", Path: "/health", Function: "UsersFunction", CodeDir: "functions/users", Public: true},
		{Method: "GET", Path: "/named", Function: "SeatsFunction", CodeDir: "functions/seats"},
		{Method: "ANY", Path: "/open", Function: "SeatsFunction", CodeDir: "functions/seats", Public: true},
		{Method: "POST", Path: "/v1/users", Function: "UsersFunction", CodeDir: "functions/users"},
		{Method: "GET", Path: "/v1/{account+}", Function: "SeatsFunction", CodeDir: "functions/seats"},
	}
	if diff := cmp.Diff(want, template.Routes()); diff != "" {
		t.Errorf("routes differ (-want +got):\n%s", diff)
	}
}

func TestTwoFunctionsCannotHaveOneRoute(t *testing.T) {
	const read = `{Type: AWS::Serverless::Function, Properties: {Events: {Read: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: /v1}}}}}`
	_, err := Parse([]byte("Resources:" + api + "  SeatsFunction: " + read + "\n  UsersFunction: " + read))
	wantError(t, err, []string{"SeatsFunction", "UsersFunction", "GET /v1"})
}
