package check

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seatkeeper/seatkeeper/infra/template"
)

// deployed is template.yaml.
func deployed(t *testing.T) *template.Template {
	t.Helper()
	root, err := template.Root()
	if err != nil {
		t.Fatal(err)
	}
	read, err := template.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// readTemplate reads the parts of template.yaml that its package does not, into a struct that names them. Tags such as
// !Sub and !GetAtt fall away: what they are given stands there as text.
func readTemplate(t *testing.T, into any) {
	t.Helper()
	root, err := template.Root()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatalf("template.yaml: %s", yaml.FormatError(err, false, false))
	}
}

// The keys, the indexes and the stream of DATA.md. A local index cannot be added to a table that has data.
func TestTheTableHasTheKeysIndexesAndStreamOfTheDesign(t *testing.T) {
	got, expiry, err := deployed(t).Table("seatkeeper")
	if err != nil {
		t.Fatal(err)
	}
	word := func(name string) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: aws.String(name), AttributeType: types.ScalarAttributeTypeS}
	}
	keys := func(hash, sort string) []types.KeySchemaElement {
		return []types.KeySchemaElement{
			{AttributeName: aws.String(hash), KeyType: types.KeyTypeHash}, {AttributeName: aws.String(sort), KeyType: types.KeyTypeRange},
		}
	}
	local := func(name string) types.LocalSecondaryIndex {
		return types.LocalSecondaryIndex{
			IndexName: aws.String(name), KeySchema: keys("PK", name), Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
		}
	}
	want := &dynamodb.CreateTableInput{
		TableName: aws.String("seatkeeper"), BillingMode: types.BillingModePayPerRequest, KeySchema: keys("PK", "SK"),
		AttributeDefinitions:  []types.AttributeDefinition{word("PK"), word("SK"), word("LSI1"), word("LSI2"), word("LSI3"), word("GSI1PK"), word("GSI1SK")},
		LocalSecondaryIndexes: []types.LocalSecondaryIndex{local("LSI1"), local("LSI2"), local("LSI3")},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName: aws.String("GSI1"), KeySchema: keys("GSI1PK", "GSI1SK"), Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
		}},
		StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewAndOldImages},
	}
	inner := cmpopts.IgnoreUnexported(dynamodb.CreateTableInput{}, types.AttributeDefinition{}, types.KeySchemaElement{},
		types.LocalSecondaryIndex{}, types.GlobalSecondaryIndex{}, types.Projection{}, types.StreamSpecification{})
	if diff := cmp.Diff(want, got, inner); diff != "" {
		t.Errorf("the table (-design +template.yaml):\n%s", diff)
	}
	if expiry != "ttl" {
		t.Errorf("items expire by %q, want ttl: the idempotency records say when in that attribute", expiry)
	}
}

// What no test on one machine shows: the table can be read as it was, and neither a mistake nor a stack that is deleted
// takes the data along.
func TestTheTableIsKept(t *testing.T) {
	var read struct {
		Resources struct {
			Table struct {
				DeletionPolicy      string `yaml:"DeletionPolicy"`
				UpdateReplacePolicy string `yaml:"UpdateReplacePolicy"`
				Properties          struct {
					DeletionProtectionEnabled        bool `yaml:"DeletionProtectionEnabled"`
					PointInTimeRecoverySpecification struct {
						PointInTimeRecoveryEnabled bool `yaml:"PointInTimeRecoveryEnabled"`
					} `yaml:"PointInTimeRecoverySpecification"`
					SSESpecification struct {
						SSEEnabled bool `yaml:"SSEEnabled"`
					} `yaml:"SSESpecification"`
				} `yaml:"Properties"`
			} `yaml:"Table"`
		} `yaml:"Resources"`
	}
	readTemplate(t, &read)
	table := read.Resources.Table
	if table.DeletionPolicy != "Retain" || table.UpdateReplacePolicy != "Retain" {
		t.Errorf("policies %q and %q: the table would go with its stack, or with its replacement", table.DeletionPolicy, table.UpdateReplacePolicy)
	}
	for name, on := range map[string]bool{
		"DeletionProtectionEnabled":  table.Properties.DeletionProtectionEnabled,
		"PointInTimeRecoveryEnabled": table.Properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled,
		"SSEEnabled":                 table.Properties.SSESpecification.SSEEnabled,
	} {
		if !on {
			t.Errorf("%s is off", name)
		}
	}
}
