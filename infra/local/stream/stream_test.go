package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/engine"
	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/infra/local/function"
	"github.com/seatkeeper/seatkeeper/infra/local/stream/streamtest"
	"github.com/seatkeeper/seatkeeper/infra/template"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// table is a table of a test's own, with the place of the pollers that read it one after another.
type table struct {
	t      *testing.T
	client *dynamodb.Client
	name   string
	folder string
}

func newTable(t *testing.T) *table {
	t.Helper()
	client, name := enginetest.Own(t)
	t.Cleanup(func() {
		if _, err := client.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &name}); err != nil {
			t.Error(err)
		}
	})
	return &table{t, client, name, t.TempDir()}
}

func (x *table) put(sk, more string) {
	x.t.Helper()
	item := map[string]types.AttributeValue{"PK": &types.AttributeValueMemberS{Value: "P"}, "SK": &types.AttributeValueMemberS{Value: sk}, "more": &types.AttributeValueMemberS{Value: more}}
	if _, err := x.client.PutItem(x.t.Context(), &dynamodb.PutItemInput{TableName: &x.name, Item: item}); err != nil {
		x.t.Fatal(err)
	}
}

// seen is a function that keeps what it gets, and waits before it answers where it is told to.
type seen struct {
	mu    sync.Mutex
	got   []events.DynamoDBEventRecord
	stuck bool
}

func (s *seen) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var event events.DynamoDBEvent
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.got = append(s.got, event.Records...)
	s.mu.Unlock()
	if s.stuck {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return []byte("null"), nil
}

// names are what happened, as the records tell it.
func (s *seen) names() (out []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.got {
		keys := r.Change.Keys
		out = append(out, r.EventName+" "+keys["SK"].String())
	}
	return out
}

// run reads until the function has seen so many records, to the stream's end, and a little longer; then it ends. Where the
// function is stuck nothing comes to the end.
func (x *table) run(f *seen, until int, filters ...string) {
	x.t.Helper()
	arn, err := Find(x.t.Context(), x.client, x.name)
	if err != nil {
		x.t.Fatal(err)
	}
	m := template.Stream{Function: "PublisherFunction", Batch: 3, Retries: 1, Partial: true}
	for _, text := range filters {
		m.Filters = append(m.Filters, []byte(text))
	}
	p, err := New(Config{
		Client: engine.Streams(aws.ToString(x.client.Options().BaseEndpoint)), Stream: arn, Mapping: m, Function: function.Function{ID: m.Function, Handler: f, Timeout: time.Minute},
		Positions: filepath.Join(x.folder, "position.json"), Failures: filepath.Join(x.folder, "failures"), Log: slog.New(slog.DiscardHandler), Pause: time.Millisecond,
	})
	if err != nil {
		x.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(x.t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	for end := time.Now().Add(2 * time.Minute); len(f.names()) < until && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	if !f.stuck {
		streamtest.Await(x.t, p.config.Client, arn, p.config.Positions)
	}
	time.Sleep(2 * poll) // for what must not come
	stop()
	if err := <-done; err != nil {
		x.t.Error(err)
	}
}

func TestEachChangeIsHandedOverOnceAndInOrder(t *testing.T) {
	x := newTable(t)
	x.put("a", "one")
	x.put("a", "two")
	x.put("b", "one")
	key := map[string]types.AttributeValue{"PK": &types.AttributeValueMemberS{Value: "P"}, "SK": &types.AttributeValueMemberS{Value: "a"}}
	if _, err := x.client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &x.name, Key: key}); err != nil {
		t.Fatal(err)
	}
	var f seen
	x.run(&f, 4)
	if diff := cmp.Diff([]string{"INSERT a", "MODIFY a", "INSERT b", "REMOVE a"}, f.names()); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	changed := f.got[1]
	before, after := changed.Change.OldImage["more"], changed.Change.NewImage["more"]
	if before.String() != "one" || after.String() != "two" || changed.EventSource != "aws:dynamodb" || changed.EventSourceArn == "" || changed.EventID == "" || changed.Change.SequenceNumber == "" ||
		time.Since(changed.Change.ApproximateCreationDateTime.Time) > time.Hour {
		t.Errorf("the second record is %+v", changed)
	}
}

func TestANewStartGoesOnWhereTheLastOneEnded(t *testing.T) {
	x := newTable(t)
	x.put("a", "")
	x.put("b", "")
	var first, second seen
	x.run(&first, 2)
	x.put("c", "")
	x.run(&second, 1)
	if diff := cmp.Diff([]string{"INSERT a", "INSERT b"}, first.names()); diff != "" {
		t.Errorf("before (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"INSERT c"}, second.names()); diff != "" {
		t.Errorf("after (-want +got):\n%s", diff)
	}
}

func TestWhatWasNotFinishedIsHandedOverAgain(t *testing.T) {
	x := newTable(t)
	x.put("a", "")
	killed, again := seen{stuck: true}, seen{}
	x.run(&killed, 1)
	x.run(&again, 1)
	for _, f := range []*seen{&killed, &again} {
		if diff := cmp.Diff([]string{"INSERT a"}, f.names()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestFiltersLetThroughWhatTheyMatchAndTheRestIsPassed(t *testing.T) {
	x := newTable(t)
	for i := range 7 {
		x.put(fmt.Sprint(i), "")
	}
	var f, none seen
	x.run(&f, 2, `{"dynamodb": {"Keys": {"SK": {"S": ["3"]}}}}`, `{"dynamodb": {"NewImage": {"SK": {"S": [{"prefix": "5"}]}}}}`)
	if diff := cmp.Diff([]string{"INSERT 3", "INSERT 5"}, f.names()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Without a filter nothing is left: what it did not let through was passed for good.
	x.run(&none, 0)
	if len(none.names()) != 0 {
		t.Errorf("after it: %v", none.names())
	}
}

func TestAFilterThatIsNoneIsRefused(t *testing.T) {
	_, err := New(Config{Mapping: template.Stream{Function: "F", Filters: [][]byte{[]byte(`{"a": [{"like": "x"}]}`)}}, Positions: filepath.Join(t.TempDir(), "p")})
	if err == nil {
		t.Error("taken")
	}
}

func TestEveryKindOfValueIsHandedOnUnchanged(t *testing.T) {
	item := map[string]streamtypes.AttributeValue{
		"s": &streamtypes.AttributeValueMemberS{Value: "x"}, "n": &streamtypes.AttributeValueMemberN{Value: "12.50"}, "bool": &streamtypes.AttributeValueMemberBOOL{Value: true},
		"b": &streamtypes.AttributeValueMemberB{Value: []byte{1, 255}}, "null": &streamtypes.AttributeValueMemberNULL{Value: true},
		"ss": &streamtypes.AttributeValueMemberSS{Value: []string{"a", "b"}}, "ns": &streamtypes.AttributeValueMemberNS{Value: []string{"1", "2"}}, "bs": &streamtypes.AttributeValueMemberBS{Value: [][]byte{{7}}},
		"l": &streamtypes.AttributeValueMemberL{Value: []streamtypes.AttributeValue{&streamtypes.AttributeValueMemberS{Value: "y"}}},
		"m": &streamtypes.AttributeValueMemberM{Value: map[string]streamtypes.AttributeValue{"k": &streamtypes.AttributeValueMemberN{Value: "1"}}},
	}
	r, err := newRecord(streamtypes.Record{EventName: "INSERT", Dynamodb: &streamtypes.StreamRecord{SequenceNumber: aws.String("9"), NewImage: item}}, "arn")
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Dynamodb struct{ NewImage, OldImage map[string]any }
	}
	if err := json.Unmarshal(r.event, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"s": map[string]any{"S": "x"}, "n": map[string]any{"N": "12.50"}, "bool": map[string]any{"BOOL": true}, "b": map[string]any{"B": "Af8="}, "null": map[string]any{"NULL": true},
		"ss": map[string]any{"SS": []any{"a", "b"}}, "ns": map[string]any{"NS": []any{"1", "2"}}, "bs": map[string]any{"BS": []any{"Bw=="}},
		"l": map[string]any{"L": []any{map[string]any{"S": "y"}}}, "m": map[string]any{"M": map[string]any{"k": map[string]any{"N": "1"}}},
	}
	if diff := cmp.Diff(want, got.Dynamodb.NewImage); diff != "" || got.Dynamodb.OldImage != nil {
		t.Errorf("(-want +got):\n%s\nold image: %v", diff, got.Dynamodb.OldImage)
	}
	if _, err := newRecord(streamtypes.Record{}, "arn"); err == nil {
		t.Error("a record without a change is taken")
	}
}

func TestATableWithoutStreamIsNamed(t *testing.T) {
	client, _ := enginetest.Open(t)
	var absent *types.ResourceNotFoundException
	if _, err := Find(t.Context(), client, "nowhere"); !errors.As(err, &absent) {
		t.Errorf("of no table: %v", err)
	}
}
