package table_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

func record(t *testing.T, text string) events.DynamoDBEventRecord {
	t.Helper()
	var r events.DynamoDBEventRecord
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// What a function is given of the stream is the row as it was written: every kind of value, also empty maps and lists.
func TestAStreamImageIsTheRowItself(t *testing.T) {
	got, err := table.ReadChange(record(t, `{"eventName": "MODIFY", "dynamodb": {
		"SequenceNumber": "4421", "ApproximateCreationDateTime": 1795251600,
		"Keys": {"PK": {"S": "ACCOUNT#acc_01KE6P4YM08EJZWGJN6B3ZCKT4#LINES"}, "SK": {"S": "p#c"}},
		"OldImage": {"PK": {"S": "x"}},
		"NewImage": {"s": {"S": ""}, "n": {"N": "12.50"}, "t": {"BOOL": true}, "z": {"NULL": true}, "b": {"B": "AQI="},
			"ss": {"SS": ["a", "b"]}, "ns": {"NS": ["1"]}, "bs": {"BS": ["AQ=="]},
			"m": {"M": {"in": {"M": {"n": {"N": "1"}}}, "none": {"M": {}}}}, "l": {"L": [{"S": "a"}, {"L": []}]}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	text := func(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
	number := func(s string) types.AttributeValue { return &types.AttributeValueMemberN{Value: s} }
	object := func(item table.Item) types.AttributeValue { return &types.AttributeValueMemberM{Value: item} }
	want := table.Change{
		Sequence: "4421", At: time.Unix(1795251600, 0).UTC(),
		Key: table.Key{PK: "ACCOUNT#acc_01KE6P4YM08EJZWGJN6B3ZCKT4#LINES", SK: "p#c"}, Was: table.Item{"PK": text("x")},
		Is: table.Item{
			"s": text(""), "n": number("12.50"), "t": &types.AttributeValueMemberBOOL{Value: true}, "z": &types.AttributeValueMemberNULL{Value: true},
			"b": &types.AttributeValueMemberB{Value: []byte{1, 2}}, "ss": &types.AttributeValueMemberSS{Value: []string{"a", "b"}},
			"ns": &types.AttributeValueMemberNS{Value: []string{"1"}}, "bs": &types.AttributeValueMemberBS{Value: [][]byte{{1}}},
			"m": object(table.Item{"in": object(table.Item{"n": number("1")}), "none": object(table.Item{})}),
			"l": &types.AttributeValueMemberL{Value: []types.AttributeValue{text("a"), &types.AttributeValueMemberL{Value: []types.AttributeValue{}}}},
		},
	}
	inner := cmpopts.IgnoreUnexported(types.AttributeValueMemberS{}, types.AttributeValueMemberN{}, types.AttributeValueMemberBOOL{}, types.AttributeValueMemberNULL{},
		types.AttributeValueMemberB{}, types.AttributeValueMemberSS{}, types.AttributeValueMemberNS{}, types.AttributeValueMemberBS{}, types.AttributeValueMemberM{}, types.AttributeValueMemberL{})
	if diff := cmp.Diff(want, got, inner); diff != "" {
		t.Errorf("the change (-want +got):\n%s", diff)
	}
	if a, noun, ok := got.Key.Noun(); !ok || a != "acc_01KE6P4YM08EJZWGJN6B3ZCKT4" || noun != "LINES" {
		t.Errorf("the row is in %s of %s (%t)", noun, a, ok)
	}
}

func TestARecordOfAnotherTableIsRefusedWithItsReason(t *testing.T) {
	for _, row := range []struct{ name, change, want string }{
		{"no keys", `"ApproximateCreationDateTime": 1, "NewImage": {"a": {"S": "b"}}`, "names no row"},
		{"keys alone", `"ApproximateCreationDateTime": 1, "Keys": {"PK": {"S": "p"}, "SK": {"S": "s"}}`, "no image"},
		{"no instant", `"Keys": {"PK": {"S": "p"}, "SK": {"S": "s"}}, "NewImage": {"a": {"S": "b"}}`, "when the row was written"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if _, err := table.ReadChange(record(t, `{"dynamodb": {`+row.change+`}}`)); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("error %v, want one that says %q", err, row.want)
			}
		})
	}
}

func TestOnlyRowsOfAccountsHaveANoun(t *testing.T) {
	for _, pk := range []string{"SETTINGS#acc_01KE6P4YM08EJZWGJN6B3ZCKT4", "VENDOR#ACT#202611", "CATALOG", "ACCOUNT#acc_01KE6P4YM08EJZWGJN6B3ZCKT4", "ACCOUNT#other#LINES"} {
		if a, noun, ok := (table.Key{PK: pk, SK: "x"}).Noun(); ok {
			t.Errorf("%s is read as %s of %s", pk, noun, a)
		}
	}
}

// A row that is derived from a counted one is written by the newest alone, in whatever order the writers come.
func TestWhatIsOlderDoesNotReplaceWhatIsNewer(t *testing.T) {
	db, _, pk := open(t)
	key := table.Key{PK: pk, SK: "row"}
	for _, step := range []struct {
		rev  int
		held bool
	}{{3, true}, {2, false}, {3, false}, {4, true}} {
		err := db.Write(t.Context(), table.Put(key, table.Item{"rev": table.Number(step.rev)}, table.Newer(step.rev)))
		var unmet *table.ConditionError
		if held := err == nil; held != step.held || !held && !errors.As(err, &unmet) {
			t.Fatalf("rev %d: %v, want it written: %t", step.rev, err, step.held)
		}
	}
	if item, err := db.Get(t.Context(), key); err != nil || table.RevOf(item) != 4 {
		t.Errorf("the row has rev %d (%v), want 4", table.RevOf(item), err)
	}
}
