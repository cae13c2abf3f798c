package enginetest

import (
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestMain(m *testing.M) { Main(m) }

func TestTheTableTakesWhatItsKeysSayAndFindsItByItsLocalIndexes(t *testing.T) {
	client, table := Open(t)
	text := func(value string) types.AttributeValue { return &types.AttributeValueMemberS{Value: value} }
	item := map[string]types.AttributeValue{
		"PK": text("TestTheTable"), "SK": text("one"), "LSI1": text("1"), "LSI2": text("2"), "LSI3": text("3"),
		"GSI1PK": text("DUE"), "GSI1SK": text("4"), "name": text("kept"),
	}
	if _, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(table), Item: item}); err != nil {
		t.Fatal(err)
	}
	for _, index := range []string{"LSI1", "LSI2", "LSI3"} {
		found, err := client.Query(t.Context(), &dynamodb.QueryInput{
			TableName: aws.String(table), IndexName: aws.String(index), ConsistentRead: aws.Bool(true),
			KeyConditionExpression:    aws.String("PK = :pk"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":pk": item["PK"]},
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(found.Items) != 1 || len(found.Items[0]) != len(item) {
			t.Errorf("%s found %v, want the whole item", index, found.Items)
		}
	}
}

func TestAllTestsOfARunShareOneEngine(t *testing.T) {
	one, _ := Open(t)
	other, _ := Open(t)
	if one != other {
		t.Error("a second call opened a second engine")
	}
	if given := os.Getenv("DYNAMODB_ENDPOINT"); given != "" && (shared.engine != nil || aws.ToString(one.Options().BaseEndpoint) != given) {
		t.Errorf("an engine of its own, or %v, though DYNAMODB_ENDPOINT is %s", aws.ToString(one.Options().BaseEndpoint), given)
	}
}
