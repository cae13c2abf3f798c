// Package streamtest tells tests when a stream was read to its end: no pause is long enough on every machine.
package streamtest

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// patience is how long it may take on a machine that does much else.
const patience = 2 * time.Minute

// Await waits until the position that a Poller keeps in a file is behind all that the stream has now.
func Await(t testing.TB, client *dynamodbstreams.Client, arn, positions string) {
	t.Helper()
	ends := ends(t, client, arn)
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		var kept struct {
			Shards map[string]struct {
				After string
				Done  bool
			}
		}
		if text, err := os.ReadFile(positions); err == nil {
			if err := json.Unmarshal(text, &kept); err != nil {
				t.Fatal(err)
			}
		}
		behind := true
		for shard, last := range ends {
			at := kept.Shards[shard]
			behind = behind && (at.Done || !before(at.After, last))
		}
		if behind {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the stream was read to %v, and goes to %v", kept.Shards, ends)
		}
	}
}

// before compares sequence numbers.
func before(a, b string) bool { return len(a) < len(b) || len(a) == len(b) && a < b }

// ends are the sequence numbers of the last records, by shard; a shard without records has none.
func ends(t testing.TB, client *dynamodbstreams.Client, arn string) map[string]string {
	t.Helper()
	all := map[string]string{}
	in := &dynamodbstreams.DescribeStreamInput{StreamArn: &arn}
	for {
		out, err := client.DescribeStream(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, shard := range out.StreamDescription.Shards {
			if last := last(t, client, arn, shard.ShardId); last != "" {
				all[*shard.ShardId] = last
			}
		}
		if in.ExclusiveStartShardId = out.StreamDescription.LastEvaluatedShardId; in.ExclusiveStartShardId == nil {
			return all
		}
	}
}

func last(t testing.TB, client *dynamodbstreams.Client, arn string, shard *string) (sequence string) {
	t.Helper()
	at, err := client.GetShardIterator(t.Context(), &dynamodbstreams.GetShardIteratorInput{StreamArn: &arn, ShardId: shard, ShardIteratorType: types.ShardIteratorTypeTrimHorizon})
	if err != nil {
		t.Fatal(err)
	}
	for next := at.ShardIterator; next != nil; {
		out, err := client.GetRecords(t.Context(), &dynamodbstreams.GetRecordsInput{ShardIterator: next, Limit: aws.Int32(1000)})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Records) == 0 {
			break
		}
		sequence, next = *out.Records[len(out.Records)-1].Dynamodb.SequenceNumber, out.NextShardIterator
	}
	return sequence
}
