package table

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/seatkeeper/seatkeeper/internal/id"
)

// Change is one record of the table's stream: a row before and after a write.
type Change struct {
	// Sequence is the record's place in its shard.
	Sequence string
	// At is when the row was written, to the second. It is the same whenever the record is delivered.
	At  time.Time
	Key Key
	// Was is nil for a row that is new, Is for one that was removed.
	Was, Is Item
}

// ReadChange understands a record of the stream. An error is a record that the table as it is defined does not write: one
// without keys, images or an instant.
func ReadChange(r events.DynamoDBEventRecord) (Change, error) {
	c := Change{Sequence: r.Change.SequenceNumber, At: r.Change.ApproximateCreationDateTime.UTC()}
	key, err := fromStream(r.Change.Keys)
	if err == nil {
		c.Key = keyOf(key)
		c.Was, err = fromStream(r.Change.OldImage)
	}
	if err == nil {
		c.Is, err = fromStream(r.Change.NewImage)
	}
	switch {
	case err != nil:
		return c, fmt.Errorf("record of the stream for %s: %w", c.Key.PK, err)
	case c.Key.PK == "" || c.Key.SK == "":
		return c, errors.New("record of the stream: it names no row")
	case c.Was == nil && c.Is == nil:
		return c, fmt.Errorf("record of the stream for %s: it holds no image of the row", c.Key.PK)
	case c.At.Unix() <= 0:
		return c, fmt.Errorf("record of the stream for %s: it does not say when the row was written", c.Key.PK)
	}
	return c, nil
}

// Noun says which partition of which account a row is in: LINES, CTR, ACT#202611. ok is false for a row that is in none,
// such as settings, the vendor's own or the catalog.
func (k Key) Noun() (a id.Account, noun string, ok bool) {
	rest, ours := strings.CutPrefix(k.PK, "ACCOUNT#")
	owner, noun, parted := strings.Cut(rest, "#")
	a, known := id.Parse[id.Account](owner)
	return a, noun, ours && parted && known
}

// fromStream is an image of the stream as a row; none is nil.
func fromStream(image map[string]events.DynamoDBAttributeValue) (Item, error) {
	if len(image) == 0 {
		return nil, nil
	}
	item := make(Item, len(image))
	for name, v := range image {
		value, err := streamValue(v)
		if err != nil {
			return nil, fmt.Errorf("attribute %s: %w", name, err)
		}
		item[name] = value
	}
	return item, nil
}

func streamValue(v events.DynamoDBAttributeValue) (types.AttributeValue, error) {
	switch v.DataType() {
	case events.DataTypeString:
		return &types.AttributeValueMemberS{Value: v.String()}, nil
	case events.DataTypeNumber:
		return &types.AttributeValueMemberN{Value: v.Number()}, nil
	case events.DataTypeBoolean:
		return &types.AttributeValueMemberBOOL{Value: v.Boolean()}, nil
	case events.DataTypeNull:
		return &types.AttributeValueMemberNULL{Value: true}, nil
	case events.DataTypeBinary:
		return &types.AttributeValueMemberB{Value: v.Binary()}, nil
	case events.DataTypeStringSet:
		return &types.AttributeValueMemberSS{Value: v.StringSet()}, nil
	case events.DataTypeNumberSet:
		return &types.AttributeValueMemberNS{Value: v.NumberSet()}, nil
	case events.DataTypeBinarySet:
		return &types.AttributeValueMemberBS{Value: v.BinarySet()}, nil
	case events.DataTypeMap:
		inner, err := fromStream(v.Map())
		all := make(Item, len(inner)) // a map that is empty is one all the same
		maps.Copy(all, inner)
		return &types.AttributeValueMemberM{Value: all}, err
	case events.DataTypeList:
		all := make([]types.AttributeValue, len(v.List()))
		for i, e := range v.List() {
			value, err := streamValue(e)
			if err != nil {
				return nil, err
			}
			all[i] = value
		}
		return &types.AttributeValueMemberL{Value: all}, nil
	default:
		return nil, fmt.Errorf("a value of the kind %d is not known", v.DataType())
	}
}
