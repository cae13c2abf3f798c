package template

import (
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/goccy/go-yaml"
)

// tableID is the logical id of the one table.
const tableID = "Table"

// tableProperties are those of AWS::DynamoDB::Table. Reading is strict, so that a property that makes a table behave
// otherwise cannot be added to the template and be missing here.
type tableProperties struct {
	AttributeDefinitions []struct {
		AttributeName literal `yaml:"AttributeName"`
		AttributeType literal `yaml:"AttributeType"`
	} `yaml:"AttributeDefinitions"`
	KeySchema              []key   `yaml:"KeySchema"`
	LocalSecondaryIndexes  []index `yaml:"LocalSecondaryIndexes"`
	GlobalSecondaryIndexes []index `yaml:"GlobalSecondaryIndexes"`
	StreamSpecification    struct {
		StreamViewType literal `yaml:"StreamViewType"`
	} `yaml:"StreamSpecification"`
	TimeToLiveSpecification struct {
		AttributeName literal `yaml:"AttributeName"`
		Enabled       bool    `yaml:"Enabled"`
	} `yaml:"TimeToLiveSpecification"`

	// What follows changes cost, safety or names on AWS, and nothing that the engine on one machine could show.
	TableName                        any `yaml:"TableName"`
	BillingMode                      any `yaml:"BillingMode"`
	OnDemandThroughput               any `yaml:"OnDemandThroughput"`
	WarmThroughput                   any `yaml:"WarmThroughput"`
	TableClass                       any `yaml:"TableClass"`
	DeletionProtectionEnabled        any `yaml:"DeletionProtectionEnabled"`
	PointInTimeRecoverySpecification any `yaml:"PointInTimeRecoverySpecification"`
	SSESpecification                 any `yaml:"SSESpecification"`
	ContributorInsightsSpecification any `yaml:"ContributorInsightsSpecification"`
	KinesisStreamSpecification       any `yaml:"KinesisStreamSpecification"`
	ResourcePolicy                   any `yaml:"ResourcePolicy"`
	Tags                             any `yaml:"Tags"`
}

type key struct {
	AttributeName literal `yaml:"AttributeName"`
	KeyType       literal `yaml:"KeyType"`
}

type index struct {
	IndexName  literal `yaml:"IndexName"`
	KeySchema  []key   `yaml:"KeySchema"`
	Projection struct {
		ProjectionType   literal  `yaml:"ProjectionType"`
		NonKeyAttributes []string `yaml:"NonKeyAttributes"`
	} `yaml:"Projection"`

	// As with the table: of no consequence on one machine.
	OnDemandThroughput               any `yaml:"OnDemandThroughput"`
	WarmThroughput                   any `yaml:"WarmThroughput"`
	ContributorInsightsSpecification any `yaml:"ContributorInsightsSpecification"`
}

// Table gives the request that makes the template's table under a name, billed on demand, and the attribute by which
// items expire (epoch seconds; empty when expiry is off), which CreateTable cannot set.
func (t *Template) Table(name string) (*dynamodb.CreateTableInput, string, error) {
	if found, ok := t.resources[tableID]; !ok || found.Type != "AWS::DynamoDB::Table" {
		return nil, "", fmt.Errorf("template.yaml has no resource %s of type AWS::DynamoDB::Table", tableID)
	}
	var properties tableProperties
	if err := t.decode(tableID, &properties, yaml.Strict()); err != nil {
		return nil, "", err
	}
	if err := properties.check(); err != nil {
		return nil, "", fmt.Errorf("template.yaml: resource %s: %w", tableID, err)
	}
	return properties.request(name), properties.expiry(), nil
}

func (p *tableProperties) check() error {
	defined := map[literal]bool{}
	for _, attribute := range p.AttributeDefinitions {
		defined[attribute.AttributeName] = true
	}
	if err := checkKeys("the table", p.KeySchema, defined); err != nil {
		return err
	}
	for _, index := range slices.Concat(p.LocalSecondaryIndexes, p.GlobalSecondaryIndexes) {
		if index.IndexName == "" {
			return errors.New("an index has no IndexName")
		}
		if err := checkKeys("index "+string(index.IndexName), index.KeySchema, defined); err != nil {
			return err
		}
	}
	return nil
}

func checkKeys(owner string, keys []key, defined map[literal]bool) error {
	if len(keys) == 0 {
		return fmt.Errorf("%s has no KeySchema", owner)
	}
	for _, key := range keys {
		if !defined[key.AttributeName] {
			return fmt.Errorf("%s has the key %q, which AttributeDefinitions does not name", owner, key.AttributeName)
		}
	}
	return nil
}

func (p *tableProperties) expiry() string {
	if !p.TimeToLiveSpecification.Enabled {
		return ""
	}
	return string(p.TimeToLiveSpecification.AttributeName)
}

func (p *tableProperties) request(name string) *dynamodb.CreateTableInput {
	request := &dynamodb.CreateTableInput{
		TableName:   aws.String(name),
		BillingMode: types.BillingModePayPerRequest,
		KeySchema:   keySchema(p.KeySchema),
	}
	for _, attribute := range p.AttributeDefinitions {
		request.AttributeDefinitions = append(request.AttributeDefinitions, types.AttributeDefinition{
			AttributeName: aws.String(string(attribute.AttributeName)), AttributeType: types.ScalarAttributeType(attribute.AttributeType),
		})
	}
	for _, index := range p.LocalSecondaryIndexes {
		request.LocalSecondaryIndexes = append(request.LocalSecondaryIndexes, types.LocalSecondaryIndex{
			IndexName: aws.String(string(index.IndexName)), KeySchema: keySchema(index.KeySchema), Projection: index.projection(),
		})
	}
	for _, index := range p.GlobalSecondaryIndexes {
		request.GlobalSecondaryIndexes = append(request.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName: aws.String(string(index.IndexName)), KeySchema: keySchema(index.KeySchema), Projection: index.projection(),
		})
	}
	if view := p.StreamSpecification.StreamViewType; view != "" {
		request.StreamSpecification = &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewType(view)}
	}
	return request
}

func (i *index) projection() *types.Projection {
	return &types.Projection{
		ProjectionType:   types.ProjectionType(i.Projection.ProjectionType),
		NonKeyAttributes: i.Projection.NonKeyAttributes,
	}
}

func keySchema(keys []key) []types.KeySchemaElement {
	var schema []types.KeySchemaElement
	for _, key := range keys {
		schema = append(schema, types.KeySchemaElement{
			AttributeName: aws.String(string(key.AttributeName)), KeyType: types.KeyType(key.KeyType),
		})
	}
	return schema
}
