package table

import (
	"math"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The cost of a call is computed, not asked for: the local engine reports transactions wrongly, and AWS reports them
// only after the fact. The rules are DynamoDB's published ones (item sizes; read and write units).

// Size is what DynamoDB counts for a row, in bytes: attribute names and values in UTF-8, numbers by their digits,
// lists and maps with 3 bytes and 1 more for each element.
func Size(item Item) int {
	n := 0
	for name, v := range item {
		n += len(name) + valueSize(v)
	}
	return n
}

func valueSize(v types.AttributeValue) int {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return len(v.Value)
	case *types.AttributeValueMemberN:
		return numberSize(v.Value)
	case *types.AttributeValueMemberB:
		return len(v.Value)
	case *types.AttributeValueMemberBOOL, *types.AttributeValueMemberNULL:
		return 1
	case *types.AttributeValueMemberM:
		n := 3 + len(v.Value)
		for name, e := range v.Value {
			n += len(name) + valueSize(e)
		}
		return n
	case *types.AttributeValueMemberL:
		n := 3 + len(v.Value)
		for _, e := range v.Value {
			n += valueSize(e)
		}
		return n
	case *types.AttributeValueMemberSS:
		n := 0
		for _, e := range v.Value {
			n += len(e)
		}
		return n
	default:
		return 0
	}
}

// numberSize: about a byte for two significant digits, one more, and one for a sign.
func numberSize(s string) int {
	digits, sign := 0, 0
	for _, c := range s {
		switch {
		case c == '-':
			sign = 1
		case c >= '0' && c <= '9':
			digits++
		}
	}
	return (digits+1)/2 + 1 + sign
}

// readUnits is a strongly consistent read: a unit for each 4 KB begun, at least one.
func readUnits(bytes int) float64 { return max(1, math.Ceil(float64(bytes)/4096)) }

func writeUnits(bytes int) float64 { return max(1, math.Ceil(float64(bytes)/1024)) }

// indexes lists the secondary indexes; whole tells whether all attributes are copied there.
var indexes = []struct {
	attributes []string
	whole      bool
}{
	{[]string{string(LSI1)}, true},
	{[]string{string(LSI2)}, true},
	{[]string{string(LSI3)}, true},
	{[]string{"GSI1PK", "GSI1SK"}, false},
}

// Cost is the computed write units of one operation: on the base table, and on the arms of its indexes.
type Cost struct {
	Base, Arms float64
}

// writeCost computes what replacing was (nil: nothing was there) by is (nil: it is removed) costs. In a transaction
// the base costs twice; index arms never double. An arm is one write when a row enters, leaves or changes in place,
// two when its index key changes, none when nothing that the index holds changed.
func writeCost(was, is Item, transaction bool) Cost {
	c := Cost{Base: writeUnits(max(Size(was), Size(is)))}
	if transaction {
		c.Base *= 2
	}
	for _, index := range indexes {
		before, after := indexKey(was, index.attributes), indexKey(is, index.attributes)
		switch {
		case before == "" && after == "":
		case before == "":
			c.Arms += armUnits(is, index.whole)
		case after == "":
			c.Arms += armUnits(was, index.whole)
		case before != after:
			c.Arms += armUnits(was, index.whole) + armUnits(is, index.whole)
		case index.whole:
			c.Arms += armUnits(is, true)
		}
	}
	return c
}

func armUnits(item Item, whole bool) float64 {
	if whole {
		return writeUnits(Size(item))
	}
	return 1
}

func indexKey(item Item, attributes []string) string {
	key := ""
	for _, a := range attributes {
		v := attr(item, a)
		if v == "" {
			return ""
		}
		key += v + "\x00"
	}
	return key
}
