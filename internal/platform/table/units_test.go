package table

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func s(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }

// DynamoDB's published sizes: names and values in UTF-8, numbers by their digits, lists and maps with 3 bytes and 1
// for each element.
func TestSizeIsWhatDynamoDBCounts(t *testing.T) {
	for _, test := range []struct {
		name string
		item Item
		want int
	}{
		{"nothing", nil, 0},
		{"text", Item{"name": s("Été")}, 4 + 5},
		{"a number of five digits", Item{"n": &types.AttributeValueMemberN{Value: "12345"}}, 1 + 4},
		{"a negative number", Item{"n": &types.AttributeValueMemberN{Value: "-12"}}, 1 + 3},
		{"yes", Item{"b": &types.AttributeValueMemberBOOL{Value: true}}, 2},
		{"a map", Item{"m": &types.AttributeValueMemberM{Value: Item{"a": s("bc")}}}, 1 + 3 + 1 + 3},
		{"a list", Item{"l": &types.AttributeValueMemberL{Value: []types.AttributeValue{s("ab"), s("c")}}}, 1 + 3 + 2 + 3},
	} {
		if got := Size(test.item); got != test.want {
			t.Errorf("%s: %d bytes, want %d", test.name, got, test.want)
		}
	}
}

func TestAWriteCostsItsBaseTwiceInATransactionAndItsIndexesOnce(t *testing.T) {
	small := Item{"PK": s("p"), "SK": s("s"), "LSI1": s("a")}
	moved := Item{"PK": s("p"), "SK": s("s"), "LSI1": s("b")}
	due := Item{"PK": s("p"), "SK": s("s"), "LSI1": s("a"), "GSI1PK": s("DUE#01"), "GSI1SK": s("2027")}
	large := Item{"PK": s("p"), "SK": s("s"), "LSI1": s("a"), "x": s(strings.Repeat("x", 2000))}
	for _, test := range []struct {
		name        string
		was, is     Item
		transaction bool
		want        Cost
	}{
		{"a new row in one index", nil, small, false, Cost{1, 1}},
		{"the same in a transaction", nil, small, true, Cost{2, 1}},
		{"another index key is two writes there", small, moved, true, Cost{2, 2}},
		{"the same index key is one, since whole rows are copied", small, small, true, Cost{2, 1}},
		{"entering the index of due rows", small, due, true, Cost{2, 2}},
		{"staying there changes nothing there: keys alone are copied", due, due, true, Cost{2, 1}},
		{"leaving it", due, small, true, Cost{2, 2}},
		{"a row of two KB", nil, large, true, Cost{4, 2}},
		{"a row that shrinks costs what it was", large, small, false, Cost{2, 1}},
		{"a removal", small, nil, true, Cost{2, 1}},
	} {
		if got := writeCost(test.was, test.is, test.transaction); got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
}

func TestAReadCostsAUnitForEachFourKilobytesBegun(t *testing.T) {
	for bytes, want := range map[int]float64{0: 1, 1: 1, 4096: 1, 4097: 2, 20 << 10: 5} {
		if got := readUnits(bytes); got != want {
			t.Errorf("%d bytes: %v units, want %v", bytes, got, want)
		}
	}
}
