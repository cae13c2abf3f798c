package check

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// call is what DynamoDB asks IAM about one of our calls: action, resource, and the partition keys that it touches.
type call struct {
	action   string
	resource string // table, or table/index/LSI1
	keys     []string
}

// grant is one statement of a policy. Everything in it is kept with whether any call needed it.
type grant struct {
	owner     string // the resource of template.yaml that it stands in
	actions   map[string]bool
	resources map[string]bool
	keys      map[string]bool // patterns of dynamodb:LeadingKeys
}

// allows tells whether the statement alone allows a call: IAM does not put statements together, so the keys of a batch
// must all stand in one. What the call needed of it is noted.
func (g *grant) allows(c call) bool {
	resource := widest(g.resources, c.resource)
	if _, listed := g.actions[c.action]; !listed || resource == "" {
		return false
	}
	var needed []string
	for _, key := range c.keys {
		pattern := widest(g.keys, key)
		if pattern == "" {
			return false
		}
		needed = append(needed, pattern)
	}
	g.actions[c.action], g.resources[resource] = true, true
	for _, pattern := range needed {
		g.keys[pattern] = true
	}
	return true
}

// widest is the pattern that says most of a text of those that match it, so that a wide pattern does not make a narrow
// one beside it look idle; empty where none matches.
func widest(patterns map[string]bool, text string) (best string) {
	for pattern := range patterns {
		if like(pattern, text) && len(pattern) > len(best) {
			best = pattern
		}
	}
	return best
}

// like is IAM's StringLike (* is any text, also none, and ? one character) but for one thing: * does not span the # that
// parts a key. In IAM it does, so that ACCOUNT#*#SYS lets the words of systems through as well; here a role must name
// each noun that it means. What this allows IAM allows too.
func like(pattern, text string) bool {
	quoted := strings.NewReplacer(`\*`, "[^#]*", `\?`, "[^#]").Replace(regexp.QuoteMeta(pattern))
	return regexp.MustCompile("^" + quoted + "$").MatchString(text)
}

// idle lists what no call needed.
func (g *grant) idle() (found []string) {
	for _, part := range []struct {
		name string
		all  map[string]bool
	}{{"action", g.actions}, {"resource", g.resources}, {"leading key", g.keys}} {
		for _, word := range slices.Sorted(maps.Keys(part.all)) {
			if !part.all[word] {
				found = append(found, fmt.Sprintf("%s: nothing uses %s %s of the statement for %s", g.owner, part.name, word, strings.Join(slices.Sorted(maps.Keys(g.actions)), ", ")))
			}
		}
	}
	return found
}

// role is what a function may do with the table: first what it shares with others, so that what it has of its own is
// idle where that is enough.
type role []*grant

func (r role) allows(c call) bool {
	return slices.ContainsFunc(r, func(g *grant) bool { return g.allows(c) })
}

// list is what CloudFormation lets stand alone or as a list.
type list []string

// UnmarshalYAML takes either.
func (l *list) UnmarshalYAML(read func(any) error) error {
	var one string
	if read(&one) == nil {
		*l = list{one}
		return nil
	}
	return read((*[]string)(l))
}

type policyDocument struct {
	Version   string `yaml:"Version"`
	Statement []struct {
		Effect    string `yaml:"Effect"`
		Action    list   `yaml:"Action"`
		Resource  list   `yaml:"Resource"`
		Condition struct {
			Keys struct {
				LeadingKeys list `yaml:"dynamodb:LeadingKeys"`
			} `yaml:"ForAllValues:StringLike"`
		} `yaml:"Condition"`
	} `yaml:"Statement"`
}

// policyProperties are those of functions, of their roles and of managed policies; a resource has its own of them.
type policyProperties struct {
	Role              string `yaml:"Role"`
	ManagedPolicyArns list   `yaml:"ManagedPolicyArns"`
	Policies          []struct {
		PolicyDocument ast.Node `yaml:"PolicyDocument"`
	} `yaml:"Policies"`
	PolicyDocument ast.Node `yaml:"PolicyDocument"`
}

// policyReader gives the properties of resources of template.yaml by their logical ids.
func policyReader(t *testing.T) func(id string) policyProperties {
	t.Helper()
	var read struct {
		Resources map[string]struct {
			Properties ast.Node `yaml:"Properties"`
		} `yaml:"Resources"`
	}
	readTemplate(t, &read)
	return func(id string) (properties policyProperties) {
		t.Helper()
		node := read.Resources[id].Properties
		if node == nil {
			t.Fatalf("template.yaml has no resource %q with properties", id)
		}
		if err := yaml.NodeToValue(node, &properties); err != nil {
			t.Fatalf("%s: %s", id, yaml.FormatError(err, false, false))
		}
		return properties
	}
}

// roles reads the role of every function from template.yaml, by the function's folder. A managed policy is the same
// grants in every role that has it.
func roles(t *testing.T) map[string]role {
	t.Helper()
	resource := policyReader(t)
	managed := map[string]role{}
	all := map[string]role{}
	for _, function := range deployed(t).Functions() {
		id := strings.TrimSuffix(resource(function.ID).Role, ".Arn")
		properties := resource(id)
		var r role
		for _, name := range properties.ManagedPolicyArns {
			if managed[name] == nil {
				managed[name] = grants(t, name, resource(name).PolicyDocument)
			}
			r = append(r, managed[name]...)
		}
		for _, policy := range properties.Policies {
			r = append(r, grants(t, id, policy.PolicyDocument)...)
		}
		all[strings.TrimPrefix(function.CodeDir, "functions/")] = r
	}
	return all
}

// beside are the grants that are not about rows, by their resource, with all that each may allow: one of the lists. No call
// to the table is held to them: Lambda makes these calls with a function's role, but for those to the bus and for exports.
func beside() map[string][]list {
	return map[string][]list{
		"FunctionLogs.Arn":      {{"logs:CreateLogStream", "logs:PutLogEvents"}},
		"Table.StreamArn":       {{"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"}},
		"${Table.Arn}/stream/*": {{"dynamodb:ListStreams"}},
		"EventBus.Arn":          {{"events:PutEvents"}},
		"AlertsQueue.Arn":       {{"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}},
		"ExportsQueue.Arn":      {{"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}},
		// Who signs a link may read; who writes a file may not.
		"${ExportsBucket.Arn}/*":  {{"s3:GetObject"}, {"s3:PutObject", "s3:AbortMultipartUpload"}},
		"FailuresBucket.Arn":      {{"s3:ListBucket"}},
		"${FailuresBucket.Arn}/*": {{"s3:PutObject"}},
	}
}

// grants reads the statements of a policy that are about the table. It knows the few forms that ours have, and fails on
// any other: a policy that is misread would be tested as another one.
func grants(t *testing.T, owner string, document ast.Node) role {
	t.Helper()
	var read policyDocument
	if document == nil {
		t.Fatalf("%s has no PolicyDocument", owner)
	}
	if err := yaml.NodeToValue(document, &read, yaml.Strict()); err != nil {
		t.Fatalf("%s: %s", owner, yaml.FormatError(err, false, false))
	}
	r := role{}
	for _, statement := range read.Statement {
		if statement.Effect != "Allow" {
			t.Fatalf("%s: a statement with the effect %q is not understood here", owner, statement.Effect)
		}
		if allowed, known := beside()[strings.Join(statement.Resource, " ")]; known {
			if !slices.ContainsFunc(allowed, func(one list) bool { return slices.Equal(statement.Action, one) }) {
				t.Errorf("%s allows %v on %v, want %v", owner, statement.Action, statement.Resource, allowed)
			}
			continue
		}
		g := &grant{owner, map[string]bool{}, map[string]bool{}, map[string]bool{}}
		for _, action := range statement.Action {
			g.actions[action] = false
		}
		for _, resource := range statement.Resource {
			name := strings.NewReplacer("${Table.Arn}", "table", "Table.Arn", "table").Replace(resource)
			if !strings.HasPrefix(name, "table") {
				t.Fatalf("%s: the resource %s is not understood here", owner, resource)
			}
			g.resources[name] = false
		}
		for _, pattern := range statement.Condition.Keys.LeadingKeys {
			g.keys[pattern] = false
		}
		if len(g.keys) == 0 {
			t.Fatalf("%s: %v is allowed on every partition", owner, statement.Action)
		}
		r = append(r, g)
	}
	return r
}

func TestAPolicyIsReadAsIAMReadsItOrStricter(t *testing.T) {
	read := func() role {
		set := func(words ...string) map[string]bool {
			all := map[string]bool{}
			for _, word := range words {
				all[word] = false
			}
			return all
		}
		return role{
			{"Role", set("dynamodb:GetItem", "dynamodb:BatchGetItem"), set("table"), set("IDENT#*", "A#*#SYS", "A#?#CTR")},
			{"Role", set("dynamodb:BatchGetItem", "dynamodb:Query"), set("table", "table/index/LSI*"), set("CRM#*")},
		}
	}
	for _, row := range []struct {
		name string
		call call
		want bool
	}{
		{"a key that matches", call{"dynamodb:GetItem", "table", []string{"IDENT#1"}}, true},
		{"a star is also nothing", call{"dynamodb:BatchGetItem", "table", []string{"A##SYS"}}, true},
		{"a star is one part of a key", call{"dynamodb:GetItem", "table", []string{"A#1#TERMS#SYS"}}, false},
		{"a question mark is one character", call{"dynamodb:GetItem", "table", []string{"A#1#CTR"}}, true},
		{"not two", call{"dynamodb:GetItem", "table", []string{"A#12#CTR"}}, false},
		{"a key that begins alike", call{"dynamodb:GetItem", "table", []string{"A#1#SYSTEM"}}, false},
		{"another action", call{"dynamodb:PutItem", "table", []string{"IDENT#1"}}, false},
		{"an action of another statement", call{"dynamodb:Query", "table", []string{"IDENT#1"}}, false},
		{"an index that is named", call{"dynamodb:Query", "table/index/LSI2", []string{"CRM#1"}}, true},
		{"an index that is not", call{"dynamodb:Query", "table/index/GSI1", []string{"CRM#1"}}, false},
		{"a batch of which one key is not allowed", call{"dynamodb:BatchGetItem", "table", []string{"IDENT#1", "PARTNER#1"}}, false},
		{"a batch over two statements", call{"dynamodb:BatchGetItem", "table", []string{"IDENT#1", "CRM#1"}}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := read().allows(row.call); got != row.want {
				t.Errorf("allowed is %t, want %t", got, row.want)
			}
		})
	}
	used := read()
	used.allows(call{"dynamodb:GetItem", "table", []string{"IDENT#1", "A#1#CTR"}})
	if got := used[0].idle(); len(got) != 2 || !strings.Contains(got[0], "dynamodb:BatchGetItem") || !strings.Contains(got[1], "A#*#SYS") {
		t.Errorf("idle: %v, want the batch and A#*#SYS", got)
	}
}
