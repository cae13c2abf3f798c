package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/infra/local/bus"
	"github.com/seatkeeper/seatkeeper/infra/template"
	platform "github.com/seatkeeper/seatkeeper/internal/platform/bus"
)

// chained is a template in which a change of the table becomes an event, and that a mail.
const chained = `
Resources:
  Table: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: x}}
  EventBus: {Type: AWS::Events::EventBus, Properties: {Name: ours}}
  Failures: {Type: AWS::S3::Bucket}
  Dead: {Type: AWS::SQS::Queue}
  FullRule:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref EventBus
      EventPattern: {source: [seatkeeper], detail: {full: [true]}}
      Targets: [{Id: alerts, Arn: !GetAtt AlertsFunction.Arn, DeadLetterConfig: {Arn: !GetAtt Dead.Arn}}]
  PublisherFunction:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Changes:
          Type: DynamoDB
          Properties:
            Stream: !GetAtt Table.StreamArn
            StartingPosition: TRIM_HORIZON
            MaximumRetryAttempts: 1000
            FunctionResponseTypes: [ReportBatchItemFailures]
            DestinationConfig: {OnFailure: {Type: S3, Destination: !GetAtt Failures.Arn}}
  AlertsFunction: {Type: AWS::Serverless::Function, Properties: {Handler: x}}
  ExpiryFunction:
    Type: AWS::Serverless::Function
    Properties: {Events: {Hourly: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 hour)}}}}
`

// chain is the functions of that template: small ones, for the rules about what carries them.
type chain struct {
	mu     sync.Mutex
	mailed []string
	swept  int
}

func (c *chain) workers() map[string]worker {
	return map[string]worker{
		"publisher": func(_ functions.Ground, b platform.Bus) lambda.Handler {
			return lambda.NewHandler(func(ctx context.Context, in events.DynamoDBEvent) (out events.DynamoDBEventResponse, err error) {
				for _, r := range in.Records {
					id := r.Change.Keys["SK"].String()
					e := platform.Entry{ID: id, Type: "Written", At: time.Now(), Detail: json.RawMessage(fmt.Sprintf(`{"id": %q, "full": %t}`, id, strings.HasPrefix(id, "full")))}
					if refused, err := b.Publish(ctx, []platform.Entry{e}); err != nil || len(refused) > 0 {
						out.BatchItemFailures = append(out.BatchItemFailures, events.DynamoDBBatchItemFailure{ItemIdentifier: r.Change.SequenceNumber})
					}
				}
				return out, nil
			})
		},
		"alerts": func(functions.Ground, platform.Bus) lambda.Handler {
			return lambda.NewHandler(func(_ context.Context, in struct{ Detail struct{ ID string } }) error {
				c.mu.Lock()
				defer c.mu.Unlock()
				if !slices.Contains(c.mailed, in.Detail.ID) { // at least once, in any order
					c.mailed = append(c.mailed, in.Detail.ID)
				}
				slices.Sort(c.mailed)
				return nil
			})
		},
		"expiry": func(functions.Ground, platform.Bus) lambda.Handler {
			return lambda.NewHandler(func(context.Context, map[string]any) (string, error) {
				c.mu.Lock()
				defer c.mu.Unlock()
				c.swept++
				return "swept", nil
			})
		},
	}
}

// mails waits until so many came, and gives them.
func (c *chain) mails(t *testing.T, n int) []string {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		c.mu.Lock()
		got := slices.Clone(c.mailed)
		c.mu.Unlock()
		if len(got) >= n {
			return got
		}
	}
	t.Fatalf("%v came, want %d", c.mailed, n)
	return nil
}

// carried is a place where one start of the work follows another.
type carried struct {
	t      *testing.T
	s      settings
	client *dynamodb.Client
	faults *bus.Faults
}

func (x *carried) write(sk string) {
	x.t.Helper()
	item := map[string]types.AttributeValue{"PK": &types.AttributeValueMemberS{Value: "P"}, "SK": &types.AttributeValueMemberS{Value: sk}}
	if _, err := x.client.PutItem(x.t.Context(), &dynamodb.PutItemInput{TableName: &x.s.table, Item: item}); err != nil {
		x.t.Fatal(err)
	}
}

// start works until the end that it gives is called.
func (x *carried) start(c *chain) (w *work, end func()) {
	x.t.Helper()
	parsed, err := template.Parse([]byte(chained))
	if err != nil {
		x.t.Fatal(err)
	}
	// A clock that stands: no full hour passes, at which there is a sweep.
	now := func() time.Time { return time.Date(2026, 11, 21, 12, 30, 0, 0, time.UTC) }
	w, err = newWork(x.t.Context(), x.s, parsed, x.client, functions.Ground{Now: now, Log: slog.New(slog.DiscardHandler)}, x.faults, c.workers())
	if err != nil {
		x.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(x.t.Context())
	done := make(chan error, 1)
	go func() { done <- w.run(ctx) }()
	return w, func() {
		x.t.Helper()
		stop()
		if err := <-done; err != nil {
			x.t.Error(err)
		}
		soon, cancel := context.WithTimeout(x.t.Context(), drain)
		defer cancel()
		w.close(soon)
	}
}

func TestWhatIsWrittenIsPublishedAndMailedByTheRulesOfTheTemplate(t *testing.T) {
	client, name := enginetest.Own(t)
	t.Cleanup(func() {
		if _, err := client.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &name}); err != nil {
			t.Error(err)
		}
	})
	x := &carried{t, settings{root: t.TempDir(), table: name}, client, bus.NewFaults(1)}
	var first, second chain
	x.write("full-1")
	x.write("other")
	w, end := x.start(&first)
	x.write("full-2")
	if diff := cmp.Diff([]string{"full-1", "full-2"}, first.mails(t, 2)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	// The bus refuses for a while: everything comes once it is back.
	x.faults.Arm(bus.Fault{Mode: bus.FailBefore, P: 1})
	x.write("full-3")
	x.write("full-4")
	time.Sleep(time.Second)
	if got := first.mails(t, 2); len(got) != 2 {
		t.Errorf("a bus that refuses delivered %v", got)
	}
	x.faults.Arm()
	if diff := cmp.Diff([]string{"full-1", "full-2", "full-3", "full-4"}, first.mails(t, 4)); diff != "" {
		t.Errorf("after the bus was back (-want +got):\n%s", diff)
	}

	// It also goes on with a new process, and there from where the last one was.
	x.faults.Arm(bus.Fault{Mode: bus.FailBefore, P: 1})
	x.write("full-5")
	time.Sleep(time.Second)
	end()
	x.faults.Arm()
	if out, err := w.schedules.Now(t.Context(), "ExpiryFunction"); err != nil || string(out) != `"swept"` || first.swept != 2 {
		t.Errorf("swept %d times, once at the start and once by hand; %s %v", first.swept, out, err)
	}
	_, end = x.start(&second)
	defer end()
	if diff := cmp.Diff([]string{"full-5"}, second.mails(t, 1)); diff != "" {
		t.Errorf("after the start (-want +got):\n%s", diff)
	}
}

func TestEveryPatternOfTheTemplateIsUnderstood(t *testing.T) {
	root, err := template.Root()
	if err != nil {
		t.Fatal(err)
	}
	ours, err := template.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := ours.Rules()
	if err != nil {
		t.Fatal(err)
	}
	streams, err := ours.Streams()
	if err != nil {
		t.Fatal(err)
	}
	patterns := map[string][]byte{}
	for _, r := range rules {
		patterns[r.ID] = r.Pattern
	}
	for _, s := range streams {
		for i, filter := range s.Filters {
			patterns[fmt.Sprintf("filter %d of %s", i+1, s.Function)] = filter
		}
	}
	for name, text := range patterns {
		if _, err := bus.ParsePattern(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAFunctionThatIsCalledAndHasNoWorkerIsNamed(t *testing.T) {
	client, name := enginetest.Open(t)
	parsed, err := template.Parse([]byte(chained))
	if err != nil {
		t.Fatal(err)
	}
	for _, missing := range []string{"publisher", "alerts", "expiry"} {
		var c chain
		makers := c.workers()
		delete(makers, missing)
		_, err := newWork(t.Context(), settings{root: t.TempDir(), table: name}, parsed, client, functions.Ground{Now: time.Now, Log: slog.New(slog.DiscardHandler)}, nil, makers)
		if err == nil || !strings.Contains(strings.ToLower(err.Error()), missing+"function, for which") {
			t.Errorf("without %s: %v", missing, err)
		}
	}
}
