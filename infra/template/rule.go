package template

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// EventBridge's retries for a target that names none, and Scheduler's.
const (
	defaultRetries = 185
	defaultAge     = 24 * 60 * 60 // seconds
)

// Rule is one rule of the event bus.
type Rule struct {
	ID      string // logical id, UsageWarningRule
	Bus     string // logical id
	Pattern []byte // as JSON
	Targets []Target
}

// Target is a function that a rule or a schedule sends to, or a rule by way of a queue.
type Target struct {
	Function    string        // logical id
	Queue       *Queue        // between the rule and the function; nil: none
	Retries     int           // after the first try
	Age         time.Duration // of an event that is still retried
	DeadLetters string        // logical id of the queue; empty: what fails for good is dropped
}

// ruleProperties are those of AWS::Events::Rule. Reading is strict: a schedule or an input that is transformed would make
// the rule do something else on AWS than here.
type ruleProperties struct {
	EventBusName ast.Node           `yaml:"EventBusName"`
	EventPattern ast.Node           `yaml:"EventPattern"`
	State        literal            `yaml:"State"`
	Targets      []targetProperties `yaml:"Targets"`

	Name        any `yaml:"Name"`
	Description any `yaml:"Description"`
	Tags        any `yaml:"Tags"`
}

type targetProperties struct {
	Id               literal    `yaml:"Id"`
	Arn              ast.Node   `yaml:"Arn"`
	RoleArn          any        `yaml:"RoleArn"`
	Input            literal    `yaml:"Input"`
	RetryPolicy      retries    `yaml:"RetryPolicy"`
	DeadLetterConfig deadLetter `yaml:"DeadLetterConfig"`
}

type retries struct {
	MaximumRetryAttempts     ast.Node `yaml:"MaximumRetryAttempts"`
	MaximumEventAgeInSeconds ast.Node `yaml:"MaximumEventAgeInSeconds"`
}

type deadLetter struct {
	Arn ast.Node `yaml:"Arn"`
}

// Rules gives the rules of event buses, sorted by id, without those that are switched off. Each must be of a bus of the
// template's own: ours are never sent to the account's default one.
func (t *Template) Rules() ([]Rule, error) {
	if err := t.without("AWS::Events::Rule", "EventBridgeRule", "CloudWatchEvent"); err != nil {
		return nil, err
	}
	var rules []Rule
	for _, id := range t.named("AWS::Events::Rule") {
		var p ruleProperties
		if err := t.decode(id, &p, yaml.Strict()); err != nil {
			return nil, err
		}
		rule, err := t.rule(id, p)
		if err != nil {
			return nil, fmt.Errorf("template.yaml: resource %s: %w", id, err)
		}
		if p.State != "DISABLED" {
			rules = append(rules, rule)
		}
	}
	return rules, nil
}

// without refuses other ways of saying what a resource of a type says: they would work on AWS and be unseen here.
func (t *Template) without(instead string, kinds ...string) error {
	for _, kind := range kinds {
		if ids := t.named(kind); len(ids) > 0 {
			return fmt.Errorf("template.yaml: resource %s: type %s is not understood here, %s is", ids[0], kind, instead)
		}
		err := t.eachEvent(kind, func(string, string, ast.Node) error {
			return fmt.Errorf("type %s is not understood here, %s is", kind, instead)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *Template) rule(id string, p ruleProperties) (Rule, error) {
	bus, ok := mention(p.EventBusName)
	if !ok || t.resources[bus].Type != "AWS::Events::EventBus" {
		return Rule{}, errors.New("its EventBusName must refer to a resource of type AWS::Events::EventBus")
	}
	pattern, err := asJSON(p.EventPattern)
	if err != nil {
		return Rule{}, fmt.Errorf("EventPattern %w", err)
	}
	if len(p.Targets) == 0 {
		return Rule{}, errors.New("no Targets")
	}
	out := Rule{ID: id, Bus: bus, Pattern: pattern}
	for i, one := range p.Targets {
		if one.Input != "" {
			return Rule{}, fmt.Errorf("target %d has an Input of its own, which is not understood here", i+1)
		}
		target, err := t.target(one)
		if err != nil {
			return Rule{}, fmt.Errorf("target %d: %w", i+1, err)
		}
		out.Targets = append(out.Targets, target)
	}
	return out, nil
}

func (t *Template) target(p targetProperties) (Target, error) {
	out, err := t.delivery(p.RetryPolicy, p.DeadLetterConfig.Arn)
	if err != nil {
		return Target{}, err
	}
	if id, ok := mention(p.Arn); ok && t.resources[id].Type == queueType {
		out.Queue, out.Function, err = t.queue(id)
	} else {
		out.Function, err = t.functionOf("Arn", p.Arn)
	}
	return out, err
}

// delivery reads how often a target is tried, and where what fails goes.
func (t *Template) delivery(policy retries, queue ast.Node) (Target, error) {
	attempts, err := t.setting("MaximumRetryAttempts", policy.MaximumRetryAttempts, nil, defaultRetries)
	if err != nil {
		return Target{}, err
	}
	age, err := t.setting("MaximumEventAgeInSeconds", policy.MaximumEventAgeInSeconds, nil, defaultAge)
	if err != nil {
		return Target{}, err
	}
	if attempts < 0 || attempts > defaultRetries || age < 60 || age > defaultAge {
		return Target{}, fmt.Errorf("RetryPolicy has %d retries and %d s; AWS takes 0 to %d and 60 to %d", attempts, age, defaultRetries, defaultAge)
	}
	out := Target{Retries: attempts, Age: time.Duration(age) * time.Second}
	if queue != nil {
		id, ok := mention(queue)
		if !ok || t.resources[id].Type != queueType {
			return Target{}, errors.New("DeadLetterConfig must refer to a resource of type AWS::SQS::Queue")
		}
		out.DeadLetters = id
	}
	return out, nil
}

// functionOf reads a property that names a function of the template.
func (t *Template) functionOf(property string, node ast.Node) (string, error) {
	id, ok := mention(node)
	if !ok || t.resources[id].Type != "AWS::Serverless::Function" {
		return "", fmt.Errorf("its %s must be !GetAtt of a function of this template, or of a queue that one reads", property)
	}
	return id, nil
}

// mention gives the resource that a !Ref or a !GetAtt means.
func mention(node ast.Node) (string, bool) {
	if id, ok := reference(node); ok {
		return id, true
	}
	id, _, ok := attribute(node)
	return id, ok
}

// asJSON gives what stands in the template as JSON. What CloudFormation would compute is refused, as in a literal.
func asJSON(node ast.Node) ([]byte, error) {
	if node == nil {
		return nil, errors.New("is not there")
	}
	var tags tagged
	ast.Walk(&tags, node)
	if tags.first != nil {
		return nil, fmt.Errorf("has %s: only plain values are understood here", tags.first)
	}
	var v any
	if err := yaml.NodeToValue(node, &v); err != nil {
		return nil, errors.New(brief(err))
	}
	return json.Marshal(v)
}

// tagged finds the first tag below a node.
type tagged struct{ first ast.Node }

// Visit is called for every node by ast.Walk.
func (t *tagged) Visit(node ast.Node) ast.Visitor {
	if _, ok := node.(*ast.TagNode); ok && t.first == nil {
		t.first = node
	}
	return t
}
