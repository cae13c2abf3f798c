package template

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// methods are those that a route of an HTTP API can have.
const methods = "ANY DELETE GET HEAD OPTIONS PATCH POST PUT"

type httpAPIEvent struct {
	ApiId  ast.Node `yaml:"ApiId"`
	Method literal  `yaml:"Method"`
	Path   literal  `yaml:"Path"`
	Auth   struct {
		Authorizer literal `yaml:"Authorizer"`
	} `yaml:"Auth"`
}

// httpAPIProperties are what decides whether a route asks an authorizer.
type httpAPIProperties struct {
	Auth struct {
		DefaultAuthorizer literal `yaml:"DefaultAuthorizer"`
	} `yaml:"Auth"`
}

// addRoutes reads a function's events of type HttpApi. Those of other types are no routes.
func (t *Template) addRoutes(function Function, events map[string]event) error {
	for _, name := range slices.Sorted(maps.Keys(events)) {
		if events[name].Type != "HttpApi" {
			continue
		}
		route, err := t.route(events[name])
		if err != nil {
			return fmt.Errorf("event %s: %w", name, err)
		}
		route.Function, route.CodeDir = function.ID, function.CodeDir
		t.routes = append(t.routes, route)
	}
	return nil
}

func (t *Template) route(event event) (Route, error) {
	if event.Properties == nil {
		return Route{}, errors.New("no Properties: a route for everything is not understood here")
	}
	var properties httpAPIEvent
	if err := yaml.NodeToValue(event.Properties, &properties); err != nil {
		return Route{}, errors.New(brief(err))
	}
	method := strings.ToUpper(string(properties.Method))
	if method == "" || !slices.Contains(strings.Fields(methods), method) {
		return Route{}, fmt.Errorf("its Method is %q, not one of %s", properties.Method, methods)
	}
	if !strings.HasPrefix(string(properties.Path), "/") {
		return Route{}, fmt.Errorf("its Path is %q and does not begin with /", properties.Path)
	}
	public, err := t.public(properties)
	if err != nil {
		return Route{}, err
	}
	return Route{Method: method, Path: string(properties.Path), Public: public}, nil
}

// public says whether a route answers without an authorizer: when it says so itself, or when neither it nor its API
// names one.
func (t *Template) public(event httpAPIEvent) (bool, error) {
	switch event.Auth.Authorizer {
	case "NONE":
		return true, nil
	case "":
	default:
		return false, nil
	}
	api, ok := reference(event.ApiId)
	if !ok || t.resources[api].Type != "AWS::Serverless::HttpApi" {
		return false, errors.New("its ApiId must be a !Ref of a resource of type AWS::Serverless::HttpApi")
	}
	var properties httpAPIProperties
	if err := t.decode(api, &properties); err != nil {
		return false, err
	}
	return properties.Auth.DefaultAuthorizer == "", nil
}
