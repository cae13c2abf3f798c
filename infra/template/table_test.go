package template

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestATableKeepsKeysIndexesAndStreamAndNothingElse(t *testing.T) {
	template, err := Parse([]byte(`
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub "${AWS::StackName}-data"
      BillingMode: PROVISIONED
      DeletionProtectionEnabled: !If [Precious, true, false]
      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}
      SSESpecification: {SSEEnabled: true, SSEType: KMS}
      AttributeDefinitions:
        - {AttributeName: PK, AttributeType: S}
        - {AttributeName: SK, AttributeType: S}
        - {AttributeName: L, AttributeType: S}
        - {AttributeName: G, AttributeType: N}
      KeySchema: [{AttributeName: PK, KeyType: HASH}, {AttributeName: SK, KeyType: RANGE}]
      LocalSecondaryIndexes:
        - IndexName: LOCAL
          KeySchema: [{AttributeName: PK, KeyType: HASH}, {AttributeName: L, KeyType: RANGE}]
          Projection: {ProjectionType: INCLUDE, NonKeyAttributes: [name]}
      GlobalSecondaryIndexes:
        - IndexName: GLOBAL
          KeySchema: [{AttributeName: G, KeyType: HASH}]
          Projection: {ProjectionType: KEYS_ONLY}
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
      TimeToLiveSpecification: {AttributeName: ttl, Enabled: true}
`))
	if err != nil {
		t.Fatal(err)
	}
	got, expiry, err := template.Table("seatkeeper")
	if err != nil {
		t.Fatal(err)
	}
	hash := func(name string) types.KeySchemaElement {
		return types.KeySchemaElement{AttributeName: aws.String(name), KeyType: types.KeyTypeHash}
	}
	sorted := func(name string) types.KeySchemaElement {
		return types.KeySchemaElement{AttributeName: aws.String(name), KeyType: types.KeyTypeRange}
	}
	attribute := func(name string, kind types.ScalarAttributeType) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: aws.String(name), AttributeType: kind}
	}
	want := &dynamodb.CreateTableInput{
		TableName:   aws.String("seatkeeper"),
		BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			attribute("PK", "S"), attribute("SK", "S"), attribute("L", "S"), attribute("G", "N"),
		},
		KeySchema: []types.KeySchemaElement{hash("PK"), sorted("SK")},
		LocalSecondaryIndexes: []types.LocalSecondaryIndex{{
			IndexName: aws.String("LOCAL"), KeySchema: []types.KeySchemaElement{hash("PK"), sorted("L")},
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeInclude, NonKeyAttributes: []string{"name"}},
		}},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName: aws.String("GLOBAL"), KeySchema: []types.KeySchemaElement{hash("G")},
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
		}},
		StreamSpecification: &types.StreamSpecification{
			StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewAndOldImages,
		},
	}
	unexported := cmpopts.IgnoreUnexported(dynamodb.CreateTableInput{}, types.AttributeDefinition{}, types.KeySchemaElement{},
		types.LocalSecondaryIndex{}, types.GlobalSecondaryIndex{}, types.Projection{}, types.StreamSpecification{})
	if diff := cmp.Diff(want, got, unexported); diff != "" {
		t.Errorf("request differs (-want +got):\n%s", diff)
	}
	if expiry != "ttl" {
		t.Errorf("expiry attribute = %q, want ttl", expiry)
	}
}

func TestItemsExpireOnlyWhenTheTableSaysSo(t *testing.T) {
	for _, row := range []struct{ name, specification, want string }{
		{"on", "TimeToLiveSpecification: {AttributeName: gone, Enabled: true}", "gone"},
		{"off", "TimeToLiveSpecification: {AttributeName: gone, Enabled: false}", ""},
		{"not named", "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			template, err := Parse([]byte(oneTable(row.specification)))
			if err != nil {
				t.Fatal(err)
			}
			if _, got, err := template.Table("any"); err != nil || got != row.want {
				t.Errorf("expiry attribute = %q, %v; want %q", got, err, row.want)
			}
		})
	}
}

func TestATableThatCannotBeMadeIsRefusedWithItsReason(t *testing.T) {
	const index = "LocalSecondaryIndexes: [{IndexName: L, KeySchema: [{AttributeName: LSI, KeyType: RANGE}]}]"
	for _, row := range []struct {
		name, text string
		want       []string
	}{
		{"no table", "Resources: {Bucket: {Type: AWS::S3::Bucket}}", []string{"no resource Table"}},
		{"another type", "Resources: {Table: {Type: AWS::S3::Bucket}}", []string{"no resource Table", "AWS::DynamoDB::Table"}},
		{"no properties", "Resources: {Table: {Type: AWS::DynamoDB::Table}}", []string{"Table", "Properties"}},
		{"an unknown property", oneTable("Keys: 3"), []string{"resource Table", `unknown field "Keys"`}},
		{"no keys", "Resources: {Table: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: x}}}", []string{"resource Table", "KeySchema"}},
		{"a key without a definition", oneTable(index), []string{"resource Table", "index L", `"LSI"`}},
		{"an index without a name", oneTable("GlobalSecondaryIndexes: [{KeySchema: []}]"), []string{"resource Table", "IndexName"}},
		{"an index without keys", oneTable("GlobalSecondaryIndexes: [{IndexName: G}]"), []string{"resource Table", "index G"}},
		{"a computed key", oneTable("LocalSecondaryIndexes: [{IndexName: !Ref Name}]"), []string{"resource Table", "!Ref Name"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			template, err := Parse([]byte(row.text))
			if err == nil {
				_, _, err = template.Table("any")
			}
			wantError(t, err, row.want)
		})
	}
}

// oneTable is a table that can be made, with one property more.
func oneTable(property string) string {
	return `Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: PK, AttributeType: S}]
      KeySchema: [{AttributeName: PK, KeyType: HASH}]
      ` + property + "\n"
}
