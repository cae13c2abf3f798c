package check

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestAnIdIsFoundInWhateverSchemaItStands(t *testing.T) {
	var doc document
	var s schema
	for text, to := range map[string]any{
		`{"components":{"schemas":{"Line":{"properties":{"seat":{"properties":{"userId":{}}},"lines":{"items":{"$ref":"#/components/schemas/Line"}}}}}}}`: &doc,
		`{"properties":{"name":{"pattern":"^[a-z]+$"},"paid":{},"owner":{"pattern":"^usr_[0-7][0-9]{25}$"},"systemIds":{"items":{}},"id":{},"line":{"$ref":"#/x/Line"},
			"either":{"anyOf":[{"properties":{"contractId":{}}}]},"byName":{"additionalProperties":{"properties":{"setId":{}}}},"closed":{"additionalProperties":false}}}`: &s,
	} {
		if err := json.Unmarshal([]byte(text), to); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"body.byName{}.setId", "body.either.contractId", "body.id", "body.line.seat.userId", "body.owner", "body.systemIds[]"}
	if got := doc.idsIn(s, "body", nil); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

// What a caller puts into a path becomes part of a key, and DynamoDB refuses a key of more than 1 KB: to the caller, an error of
// ours.
func TestWhateverStandsInAPathHasALongest(t *testing.T) {
	for path, methods := range readContract(t).doc.Paths {
		for method, op := range methods {
			for _, p := range op.Parameters {
				if p.In == "path" && p.Schema.Pattern == "" && p.Schema.MaxLength == nil {
					t.Errorf("%s %s takes a %s of any length", method, path, p.Name)
				}
			}
		}
	}
}
