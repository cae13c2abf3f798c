package check

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// alarm is what template.yaml says of one.
type alarm struct {
	MetricName string `yaml:"MetricName"`
	Dimensions []struct {
		Value string `yaml:"Value"`
	} `yaml:"Dimensions"`
	Metrics []struct {
		MetricStat struct {
			Metric struct {
				MetricName string `yaml:"MetricName"`
				Dimensions []struct {
					Name  string `yaml:"Name"`
					Value string `yaml:"Value"`
				} `yaml:"Dimensions"`
			} `yaml:"Metric"`
		} `yaml:"MetricStat"`
	} `yaml:"Metrics"`
}

// ofKind are the properties of all resources of a type, by their ids.
func ofKind(t *testing.T, kind string) map[string]ast.Node {
	t.Helper()
	var read struct {
		Resources map[string]struct {
			Type       string   `yaml:"Type"`
			Properties ast.Node `yaml:"Properties"`
		} `yaml:"Resources"`
	}
	readTemplate(t, &read)
	found := map[string]ast.Node{}
	for id, r := range read.Resources {
		if r.Type == kind {
			found[id] = r.Properties
		}
	}
	return found
}

// CloudWatch takes ten metrics in an alarm. A function that is in none fails unseen; so does a rule.
func TestEveryFunctionAndRuleHasItsAlarms(t *testing.T) {
	watched := map[string][]string{}
	for id, node := range ofKind(t, "AWS::CloudWatch::Alarm") {
		var a alarm
		if err := yaml.NodeToValue(node, &a); err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		metrics := 0
		for _, m := range a.Metrics {
			of := m.MetricStat.Metric
			if of.MetricName == "" {
				continue // the expression
			}
			metrics++
			for _, d := range of.Dimensions {
				watched[of.MetricName] = append(watched[of.MetricName], d.Value)
			}
		}
		if metrics > 10 {
			t.Errorf("%s has %d metrics", id, metrics)
		}
	}
	for _, f := range deployed(t).Functions() {
		for _, metric := range []string{"Errors", "Throttles"} {
			if !slices.Contains(watched[metric], f.ID) {
				t.Errorf("no alarm looks at %s of %s", metric, f.ID)
			}
		}
	}
	for id, node := range ofKind(t, "AWS::Events::Rule") {
		var r struct {
			Name string `yaml:"Name"`
		}
		if err := yaml.NodeToValue(node, &r); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(watched["FailedInvocations"], r.Name) {
			t.Errorf("no alarm looks at what %s (%s) could not deliver", id, r.Name)
		}
	}
}

func TestTheDashboardShowsEveryFunction(t *testing.T) {
	for _, node := range ofKind(t, "AWS::CloudWatch::Dashboard") {
		text := node.String()
		for _, f := range deployed(t).Functions() {
			if n := strings.Count(text, "${"+f.ID+"}"); n < 3 {
				t.Errorf("%s is shown %d times, want its time, errors and throttles", f.ID, n)
			}
		}
	}
	if got := slices.Sorted(maps.Keys(ofKind(t, "AWS::CloudWatch::Dashboard"))); len(got) != 1 {
		t.Errorf("dashboards %v", got)
	}
}
