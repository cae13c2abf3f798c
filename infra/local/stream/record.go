package stream

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// record is a record of the stream as Lambda hands it on.
type record struct {
	sequence string
	at       time.Time
	event    json.RawMessage // events.DynamoDBEventRecord
}

func newRecord(r types.Record, stream string) (record, error) {
	change := r.Dynamodb
	if change == nil {
		return record{}, fmt.Errorf("record %s has no change in it", aws.ToString(r.EventID))
	}
	out := record{sequence: aws.ToString(change.SequenceNumber), at: aws.ToTime(change.ApproximateCreationDateTime)}
	made := events.DynamoDBEventRecord{
		AWSRegion: aws.ToString(r.AwsRegion), EventID: aws.ToString(r.EventID), EventName: string(r.EventName),
		EventSource: aws.ToString(r.EventSource), EventVersion: aws.ToString(r.EventVersion), EventSourceArn: stream,
		Change: events.DynamoDBStreamRecord{
			ApproximateCreationDateTime: events.SecondsEpochTime{Time: out.at}, SequenceNumber: out.sequence,
			SizeBytes: aws.ToInt64(change.SizeBytes), StreamViewType: string(change.StreamViewType),
			Keys: image(change.Keys), NewImage: image(change.NewImage), OldImage: image(change.OldImage),
		},
	}
	if who := r.UserIdentity; who != nil {
		made.UserIdentity = &events.DynamoDBUserIdentity{Type: aws.ToString(who.Type), PrincipalID: aws.ToString(who.PrincipalId)}
	}
	var err error
	if out.event, err = json.Marshal(made); err != nil {
		return record{}, fmt.Errorf("record %s: %w", out.sequence, err)
	}
	return out, nil
}

func image(item map[string]types.AttributeValue) map[string]events.DynamoDBAttributeValue {
	if item == nil {
		return nil
	}
	out := make(map[string]events.DynamoDBAttributeValue, len(item))
	for name, v := range item {
		out[name] = value(v)
	}
	return out
}

func value(v types.AttributeValue) events.DynamoDBAttributeValue {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return events.NewStringAttribute(v.Value)
	case *types.AttributeValueMemberN:
		return events.NewNumberAttribute(v.Value)
	case *types.AttributeValueMemberBOOL:
		return events.NewBooleanAttribute(v.Value)
	case *types.AttributeValueMemberB:
		return events.NewBinaryAttribute(v.Value)
	case *types.AttributeValueMemberSS:
		return events.NewStringSetAttribute(v.Value)
	case *types.AttributeValueMemberNS:
		return events.NewNumberSetAttribute(v.Value)
	case *types.AttributeValueMemberBS:
		return events.NewBinarySetAttribute(v.Value)
	case *types.AttributeValueMemberM:
		return events.NewMapAttribute(image(v.Value))
	case *types.AttributeValueMemberL:
		list := make([]events.DynamoDBAttributeValue, len(v.Value))
		for i, element := range v.Value {
			list[i] = value(element)
		}
		return events.NewListAttribute(list)
	default:
		return events.NewNullAttribute()
	}
}

// payload is the event of a call.
func payload(batch []record) ([]byte, error) {
	var out struct {
		Records []json.RawMessage `json:"Records"`
	}
	for _, r := range batch {
		out.Records = append(out.Records, r.event)
	}
	return json.Marshal(out)
}
