package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/local/function"
	"github.com/seatkeeper/seatkeeper/infra/template"
)

// answers is a function that is asked with the sequence numbers of a batch.
type answers func(ctx context.Context, batch []string) (events.DynamoDBEventResponse, error)

func (a answers) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var event events.DynamoDBEvent
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	var batch []string
	for _, r := range event.Records {
		batch = append(batch, r.Change.SequenceNumber)
	}
	out, err := a(ctx, batch)
	if err != nil {
		return nil, err
	}
	return json.Marshal(out)
}

// failing reports records as failed.
func failing(ids ...string) (out events.DynamoDBEventResponse) {
	for _, id := range ids {
		out.BatchItemFailures = append(out.BatchItemFailures, events.DynamoDBBatchItemFailure{ItemIdentifier: id})
	}
	return out
}

// desk is a poller without an engine, for the rules about one batch.
func desk(t *testing.T, m template.Stream, f answers) *Poller {
	t.Helper()
	m.Function = "PublisherFunction"
	folder := t.TempDir()
	p, err := New(Config{
		Stream: "arn:stream", Mapping: m, Function: function.Function{ID: m.Function, Handler: f, Timeout: 5 * time.Second},
		Positions: filepath.Join(folder, "position.json"), Failures: filepath.Join(folder, "failures"), Log: slog.New(slog.DiscardHandler), Pause: time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func records(n int) (batch []record) {
	for i := range n {
		sequence := fmt.Sprint(101 + i)
		batch = append(batch, record{sequence: sequence, at: time.Now(), event: json.RawMessage(`{"dynamodb": {"SequenceNumber": "` + sequence + `"}}`)})
	}
	return batch
}

// kept are the sequence numbers of the files that were left, with their documents.
func kept(t *testing.T, p *Poller) map[string]failure {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(p.config.Failures, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]failure{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var f failure
		if err := json.Unmarshal(text, &f); err != nil {
			t.Fatal(err)
		}
		out[strings.TrimSuffix(filepath.Base(name), ".json")] = f
	}
	return out
}

func TestABatchIsTriedAsLambdaTriesIt(t *testing.T) {
	broken := errors.New("broken")
	for _, row := range []struct {
		name    string
		mapping template.Stream
		answer  func(call int, batch []string) (events.DynamoDBEventResponse, error)
		calls   string // the batches, in order
		kept    []string
	}{
		{"all taken", template.Stream{Partial: true}, func(int, []string) (events.DynamoDBEventResponse, error) { return failing(), nil }, "101 102 103 104", nil},
		{"an error, then taken", template.Stream{Retries: 2}, func(call int, _ []string) (events.DynamoDBEventResponse, error) {
			if call < 3 {
				return failing(), broken
			}
			return failing(), nil
		}, "101 102 103 104|101 102 103 104|101 102 103 104", nil},
		{"again from the first that failed", template.Stream{Retries: 2, Partial: true}, func(call int, _ []string) (events.DynamoDBEventResponse, error) {
			return map[int]events.DynamoDBEventResponse{1: failing("102", "104"), 2: failing("104")}[call], nil
		}, "101 102 103 104|102 103 104|104", nil},
		{"failures that nobody asked for", template.Stream{Retries: 2}, func(int, []string) (events.DynamoDBEventResponse, error) { return failing("102"), nil }, "101 102 103 104", nil},
		{"a failure of no record is one of all", template.Stream{Retries: 1, Partial: true}, func(call int, _ []string) (events.DynamoDBEventResponse, error) {
			return map[int]events.DynamoDBEventResponse{1: failing("103", "")}[call], nil
		}, "101 102 103 104|101 102 103 104", nil},
		{"given up after the retries", template.Stream{Retries: 1, Partial: true}, func(int, []string) (events.DynamoDBEventResponse, error) { return failing("103"), nil }, "101 102 103 104|103 104", []string{"shard-103"}},
		{"given up without retries", template.Stream{}, func(int, []string) (events.DynamoDBEventResponse, error) { return failing(), broken }, "101 102 103 104", []string{"shard-101"}},
		{"a bad record alone is given up", template.Stream{Retries: 1, Bisect: true}, func(_ int, batch []string) (events.DynamoDBEventResponse, error) {
			if slices.Contains(batch, "103") {
				return failing(), broken
			}
			return failing(), nil
		}, "101 102 103 104|101 102|103 104|103|103|104", []string{"shard-103"}},
		{"a record that is reported alone is given up", template.Stream{Retries: 1, Bisect: true, Partial: true}, func(_ int, batch []string) (events.DynamoDBEventResponse, error) {
			if slices.Contains(batch, "102") {
				return failing("102"), nil
			}
			return failing(), nil
		}, "101 102 103 104|102|102|103 104", []string{"shard-102"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var calls []string
			p := desk(t, row.mapping, func(_ context.Context, batch []string) (events.DynamoDBEventResponse, error) {
				calls = append(calls, strings.Join(batch, " "))
				return row.answer(len(calls), batch)
			})
			if err := p.settle(t.Context(), "shard", records(4)); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(calls, "|"); got != row.calls {
				t.Errorf("called with %s, want %s", got, row.calls)
			}
			var files []string
			for name := range kept(t, p) {
				files = append(files, name)
			}
			if diff := cmp.Diff(row.kept, files); diff != "" {
				t.Errorf("given up (-want +got):\n%s", diff)
			}
			if again, err := openPositions(p.positions.name, "arn:stream"); err != nil || again.of("shard").After != "104" {
				t.Errorf("the position is %+v (%v), want behind 104", again, err)
			}
		})
	}
}

func TestWhatIsGivenUpIsKeptAsLambdaLeavesItInS3(t *testing.T) {
	p := desk(t, template.Stream{Retries: 2, Partial: true}, func(context.Context, []string) (events.DynamoDBEventResponse, error) { return failing("102"), nil })
	if err := p.settle(t.Context(), "shard", records(3)); err != nil {
		t.Fatal(err)
	}
	f := kept(t, p)["shard-102"]
	if f.RequestContext.Condition != exhausted || f.RequestContext.Invocations != 3 || f.Batch.ShardID != "shard" || f.Batch.Start != "102" || f.Batch.End != "103" || f.Batch.Size != 2 || f.Batch.StreamARN != "arn:stream" {
		t.Errorf("kept as %+v", f)
	}
	var event events.DynamoDBEvent
	if err := json.Unmarshal([]byte(f.Payload), &event); err != nil || len(event.Records) != 2 || event.Records[0].Change.SequenceNumber != "102" {
		t.Errorf("with the payload %s (%v)", f.Payload, err)
	}
}

func TestRecordsThatAreTooOldAreGivenUp(t *testing.T) {
	p := desk(t, template.Stream{Retries: -1, Age: time.Hour}, func(context.Context, []string) (events.DynamoDBEventResponse, error) {
		return failing(), errors.New("broken")
	})
	batch := records(1)
	batch[0].at = time.Now().Add(-time.Hour)
	if err := p.settle(t.Context(), "shard", batch); err != nil {
		t.Fatal(err)
	}
	if f := kept(t, p)["shard-101"]; f.RequestContext.Condition != tooOld {
		t.Errorf("kept as %+v", f)
	}
}

func TestWhatTheEndOfTheProcessCutsOffIsNoFailure(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	p := desk(t, template.Stream{Partial: true}, func(_ context.Context, batch []string) (events.DynamoDBEventResponse, error) {
		stop()
		return failing(), errors.New("cut off")
	})
	if err := p.settle(ctx, "shard", records(2)); !errors.Is(err, context.Canceled) {
		t.Errorf("settled: %v", err)
	}
	if len(kept(t, p)) != 0 || p.positions.of("shard").After != "" {
		t.Errorf("given up %v, position %+v", kept(t, p), p.positions.of("shard"))
	}
}

func TestPositionsOfAnotherStreamAreForgotten(t *testing.T) {
	name := filepath.Join(t.TempDir(), "position.json")
	p, err := openPositions(name, "one")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.set("shard", position{After: "7"}); err != nil {
		t.Fatal(err)
	}
	for stream, want := range map[string]string{"one": "7", "other": ""} {
		if again, err := openPositions(name, stream); err != nil || again.of("shard").After != want {
			t.Errorf("of %s: %+v (%v)", stream, again, err)
		}
	}
	if err := p.keep(map[string]bool{"next": true}); err != nil || p.of("shard").After != "" {
		t.Errorf("a shard that is gone: %+v (%v)", p.of("shard"), err)
	}
}
