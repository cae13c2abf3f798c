package template

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// around is what rules, streams and schedules refer to.
const around = `
Parameters: {Tries: {Type: Number, Default: 7}}
Resources:
  EventBus: {Type: AWS::Events::EventBus, Properties: {Name: ours}}
  Queue: {Type: AWS::SQS::Queue}
  Failures: {Type: AWS::S3::Bucket}
  Table: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: x}}
  AlertsFunction: {Type: AWS::Serverless::Function, Properties: {Handler: x}}
`

func TestRulesSayWhatTheySendWhereAndHowOften(t *testing.T) {
	template, err := Parse([]byte(around + `
  UsageFullRule:
    Type: AWS::Events::Rule
    Properties:
      Name: !Sub "${AWS::StackName}-full"
      Description: all seats are used
      EventBusName: !GetAtt EventBus.Name
      State: ENABLED
      EventPattern:
        source: [seatkeeper]
        detail-type: [SeatUsageThresholdCrossed]
        detail: {threshold: [100], note: [null, {prefix: "x"}], off: [false]}
      Targets:
        - Id: alerts
          Arn: !GetAtt AlertsFunction.Arn
          RetryPolicy: {MaximumRetryAttempts: !Ref Tries, MaximumEventAgeInSeconds: 3600}
          DeadLetterConfig: {Arn: !GetAtt [Queue, Arn]}
        - {Id: again, Arn: !GetAtt AlertsFunction.Arn}
  Another:
    Type: AWS::Events::Rule
    Properties: {EventBusName: !Ref EventBus, EventPattern: {source: [x]}, Targets: [{Id: a, Arn: !GetAtt AlertsFunction.Arn}]}
  Off:
    Type: AWS::Events::Rule
    Properties: {State: DISABLED, EventBusName: !Ref EventBus, EventPattern: {source: [x]}, Targets: [{Id: a, Arn: !GetAtt AlertsFunction.Arn}]}
`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := template.Rules()
	if err != nil {
		t.Fatal(err)
	}
	plain := Target{Function: "AlertsFunction", Retries: 185, Age: 24 * time.Hour}
	want := []Rule{
		{ID: "Another", Bus: "EventBus", Pattern: []byte(`{"source":["x"]}`), Targets: []Target{plain}},
		{
			ID: "UsageFullRule", Bus: "EventBus",
			Pattern: []byte(`{"detail":{"note":[null,{"prefix":"x"}],"off":[false],"threshold":[100]},"detail-type":["SeatUsageThresholdCrossed"],"source":["seatkeeper"]}`),
			Targets: []Target{{Function: "AlertsFunction", Retries: 7, Age: time.Hour, DeadLetters: "Queue"}, plain},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// queued is a rule to a queue, and the function that reads it; properties are those of the queue and of the event.
func queued(queue, event string) string {
	return around + `
  Told: {Type: AWS::SQS::Queue, Properties: {` + queue + `}}
  MailsFunction: {Type: AWS::Serverless::Function, Properties: {Timeout: 60, Events: {Told: {Type: SQS, Properties: {` + event + `}}}}}
  R:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref EventBus
      EventPattern: {source: [x]}
      Targets: [{Id: a, Arn: !GetAtt Told.Arn, RetryPolicy: {MaximumRetryAttempts: 9}, DeadLetterConfig: {Arn: !GetAtt Queue.Arn}}]
`
}

const redriven, told = "VisibilityTimeout: 720, RedrivePolicy: {deadLetterTargetArn: !GetAtt Queue.Arn, maxReceiveCount: 30}", "Queue: !GetAtt Told.Arn, BatchSize: 1"

func TestARuleReachesAFunctionByItsQueue(t *testing.T) {
	template, err := Parse([]byte(queued(redriven+", MessageRetentionPeriod: 600", told)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := template.Rules()
	want := []Rule{{ID: "R", Bus: "EventBus", Pattern: []byte(`{"source":["x"]}`), Targets: []Target{{
		Function: "MailsFunction", Queue: &Queue{ID: "Told", Hidden: 12 * time.Minute, Receives: 30, DeadLetters: "Queue"},
		Retries: 9, Age: 24 * time.Hour, DeadLetters: "Queue",
	}}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestAQueueThatWouldDoSomethingElseOnAWSIsRefused(t *testing.T) {
	const redrive = "RedrivePolicy: {deadLetterTargetArn: !GetAtt Queue.Arn, maxReceiveCount: 30}"
	for _, row := range []struct {
		name, queue, event string
		want               []string
	}{
		{"that nobody reads", redriven, "Queue: !GetAtt Queue.Arn, BatchSize: 1", []string{"queue Told, which no function reads"}},
		{"read by the dozen", redriven, "Queue: !GetAtt Told.Arn", []string{"MailsFunction", "BatchSize is 10"}},
		{"read with a window", redriven, told + ", MaximumBatchingWindowInSeconds: 5", []string{`unknown field "MaximumBatchingWindowInSeconds"`}},
		{"whose failures come for ever", "VisibilityTimeout: 720", told, []string{"Told", "RedrivePolicy"}},
		{"whose failures go to a bucket", "RedrivePolicy: {deadLetterTargetArn: !GetAtt Failures.Arn, maxReceiveCount: 30}", told, []string{"RedrivePolicy"}},
		{"that is late", redriven + ", DelaySeconds: 5", told, []string{`unknown field "DelaySeconds"`}},
		{"that gives a message to a second call beside the first", "VisibilityTimeout: 59, " + redrive, told, []string{"VisibilityTimeout of 59s", "MailsFunction"}},
		{"with the default of that", redrive, told, []string{"VisibilityTimeout of 30s"}},
		{"that tries never", "VisibilityTimeout: 720, RedrivePolicy: {deadLetterTargetArn: !GetAtt Queue.Arn, maxReceiveCount: 0}", told, []string{"maxReceiveCount 0"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			template, err := Parse([]byte(queued(row.queue, row.event)))
			if err == nil {
				_, err = template.Rules()
			}
			wantError(t, err, row.want)
		})
	}
}

func TestARuleThatWouldDoSomethingElseOnAWSIsRefused(t *testing.T) {
	const target = "Targets: [{Id: a, Arn: !GetAtt AlertsFunction.Arn}]"
	rule := func(properties string) string {
		return "  R: {Type: AWS::Events::Rule, Properties: {" + properties + "}}"
	}
	for _, row := range []struct {
		name, text string
		want       []string
	}{
		{"of the default bus", rule("EventPattern: {source: [x]}, " + target), []string{"resource R", "EventBusName"}},
		{"of a bus that is none", rule("EventBusName: !Ref Queue, EventPattern: {source: [x]}, " + target), []string{"resource R", "EventBusName"}},
		{"of a bus by its name", rule("EventBusName: ours, EventPattern: {source: [x]}, " + target), []string{"EventBusName"}},
		{"without pattern", rule("EventBusName: !Ref EventBus, " + target), []string{"resource R", "EventPattern is not there"}},
		{"with a computed pattern", rule("EventBusName: !Ref EventBus, EventPattern: {source: [!Ref Tries]}, " + target), []string{"EventPattern has !Ref Tries"}},
		{"without targets", rule("EventBusName: !Ref EventBus, EventPattern: {source: [x]}"), []string{"no Targets"}},
		{"to another's function", rule("EventBusName: !Ref EventBus, EventPattern: {source: [x]}, Targets: [{Id: a, Arn: !Ref Queue}]"), []string{"target 1", "Arn"}},
		{"with a changed input", rule("EventBusName: !Ref EventBus, EventPattern: {source: [x]}, Targets: [{Id: a, Arn: !GetAtt AlertsFunction.Arn, Input: x}]"), []string{"target 1", "Input"}},
		{"with a transformed input", rule("EventBusName: !Ref EventBus, EventPattern: {source: [x]}, Targets: [{Id: a, Arn: !GetAtt AlertsFunction.Arn, InputPath: x}]"), []string{`unknown field "InputPath"`}},
		{"by the clock", rule("ScheduleExpression: rate(1 day), EventBusName: !Ref EventBus, " + target), []string{`unknown field "ScheduleExpression"`}},
		{"with a queue that is none", rule("EventBusName: !Ref EventBus, EventPattern: {source: [x]}, Targets: [{Id: a, Arn: !GetAtt AlertsFunction.Arn, DeadLetterConfig: {Arn: !GetAtt Failures.Arn}}]"), []string{"DeadLetterConfig"}},
		{"with too many retries", rule("EventBusName: !Ref EventBus, EventPattern: {source: [x]}, Targets: [{Id: a, Arn: !GetAtt AlertsFunction.Arn, RetryPolicy: {MaximumRetryAttempts: 186}}]"), []string{"186 retries"}},
		{"as an event of a function", "  SeatsFunction: {Type: AWS::Serverless::Function, Properties: {Events: {Full: {Type: EventBridgeRule, Properties: {Pattern: {source: [x]}}}}}}", []string{"SeatsFunction", "event Full", "AWS::Events::Rule"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			template, err := Parse([]byte(around + row.text + "\n"))
			if err == nil {
				_, err = template.Rules()
			}
			wantError(t, err, row.want)
		})
	}
}

func reads(event string) string {
	return around + "  PublisherFunction: {Type: AWS::Serverless::Function, Properties: {Events: {Changes: " + event + "}}}\n"
}

const kept = "DestinationConfig: {OnFailure: {Type: S3, Destination: !GetAtt Failures.Arn}}"

func TestAStreamSaysHowItsBatchesAreTried(t *testing.T) {
	for _, row := range []struct {
		name, event string
		want        Stream
	}{
		{"nothing said", "{Type: DynamoDB, Properties: {Stream: !GetAtt Table.StreamArn, StartingPosition: TRIM_HORIZON, " + kept + "}}",
			Stream{Function: "PublisherFunction", Batch: 100, Retries: -1, Failures: "Failures"}},
		{"all said", `{Type: DynamoDB, Properties: {Stream: !GetAtt [Table, StreamArn], StartingPosition: TRIM_HORIZON, BatchSize: 10, MaximumRetryAttempts: !Ref Tries,
			MaximumRecordAgeInSeconds: 21600, BisectBatchOnFunctionError: true, FunctionResponseTypes: [ReportBatchItemFailures], MaximumBatchingWindowInSeconds: 1,
			FilterCriteria: {Filters: [{Pattern: '{"eventName": ["INSERT"]}'}, {Pattern: '{"a": [1]}'}]}, ` + kept + "}}",
			Stream{Function: "PublisherFunction", Batch: 10, Retries: 7, Age: 6 * time.Hour, Bisect: true, Partial: true, Failures: "Failures", Filters: [][]byte{[]byte(`{"eventName": ["INSERT"]}`), []byte(`{"a": [1]}`)}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			template, err := Parse([]byte(reads(row.event)))
			if err != nil {
				t.Fatal(err)
			}
			got, err := template.Streams()
			if diff := cmp.Diff([]Stream{row.want}, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestAStreamThatWouldLoseRecordsIsRefused(t *testing.T) {
	const start = "Stream: !GetAtt Table.StreamArn, StartingPosition: TRIM_HORIZON, "
	for _, row := range []struct {
		name, properties string
		want             []string
	}{
		{"of another table", "Stream: !GetAtt Other.StreamArn, StartingPosition: TRIM_HORIZON, " + kept, []string{"PublisherFunction", "event Changes", "Table.StreamArn"}},
		{"of the table itself", "Stream: !GetAtt Table.Arn, StartingPosition: TRIM_HORIZON, " + kept, []string{"Table.StreamArn"}},
		{"from now on", "Stream: !GetAtt Table.StreamArn, StartingPosition: LATEST, " + kept, []string{"TRIM_HORIZON"}},
		{"without a place for failures", "Stream: !GetAtt Table.StreamArn, StartingPosition: TRIM_HORIZON", []string{"DestinationConfig"}},
		{"with a queue for failures", start + "DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt Queue.Arn}}", []string{"only S3"}},
		{"with a window", start + "TumblingWindowInSeconds: 5, " + kept, []string{`unknown field "TumblingWindowInSeconds"`}},
		{"with an unknown kind of answer", start + "FunctionResponseTypes: [Other], " + kept, []string{`"Other"`}},
		{"with an empty filter", start + "FilterCriteria: {Filters: [{}]}, " + kept, []string{"filter 1"}},
		{"with no batch", start + "BatchSize: 0, " + kept, []string{"BatchSize 0"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			template, err := Parse([]byte(reads("{Type: DynamoDB, Properties: {" + row.properties + "}}")))
			if err == nil {
				_, err = template.Streams()
			}
			wantError(t, err, row.want)
		})
	}
	template, err := Parse([]byte(around + "  Mapping: {Type: AWS::Lambda::EventSourceMapping, Properties: {BatchSize: 1}}\n"))
	if err == nil {
		_, err = template.Streams()
	}
	wantError(t, err, []string{"Mapping", "event of type DynamoDB"})
}

func TestSchedulesAreReadFromResourcesAndFromEvents(t *testing.T) {
	template, err := Parse([]byte(around + `
  SweepSchedule:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: cron(5 * * * ? *)
      ScheduleExpressionTimezone: UTC
      FlexibleTimeWindow: {Mode: "OFF"}
      Target:
        Arn: !GetAtt AlertsFunction.Arn
        RoleArn: !GetAtt SomeRole.Arn
        Input: '{"deep": true}'
        RetryPolicy: {MaximumRetryAttempts: 2}
        DeadLetterConfig: {Arn: !GetAtt Queue.Arn}
  ExpiryFunction:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Hourly: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 hour), RetryPolicy: {MaximumRetryAttempts: 3}}}
        Never: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(15 minutes), State: DISABLED}}
`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := template.Schedules()
	want := []Schedule{
		{ID: "SweepSchedule", Every: time.Hour, Minute: 5 * time.Minute, Input: `{"deep": true}`, Target: Target{Function: "AlertsFunction", Retries: 2, Age: 24 * time.Hour, DeadLetters: "Queue"}},
		{ID: "ExpiryFunctionHourly", Every: time.Hour, Target: Target{Function: "ExpiryFunction", Retries: 3, Age: 24 * time.Hour}},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestAScheduleThatIsNotUnderstoodIsRefused(t *testing.T) {
	event := func(properties string) string {
		return "  ExpiryFunction: {Type: AWS::Serverless::Function, Properties: {Events: {Hourly: {Type: ScheduleV2, Properties: {" + properties + "}}}}}"
	}
	for _, row := range []struct {
		name, text string
		want       []string
	}{
		{"nothing said", event("Name: x"), []string{"ExpiryFunction", "event Hourly", "ScheduleExpression"}},
		{"once a day by cron", event(`ScheduleExpression: "cron(0 2 * * ? *)"`), []string{"cron(0 2 * * ? *)"}},
		{"no minute", event(`ScheduleExpression: "cron(60 * * * ? *)"`), []string{"cron(60"}},
		{"every 0 hours", event("ScheduleExpression: rate(0 hours)"), []string{"rate(0"}},
		{"in a zone", event("ScheduleExpression: rate(1 hour), ScheduleExpressionTimezone: Europe/Paris"), []string{"Europe/Paris"}},
		{"computed", event("ScheduleExpression: !Ref Tries"), []string{"!Ref Tries"}},
		{"of an older kind", "  ExpiryFunction: {Type: AWS::Serverless::Function, Properties: {Events: {Hourly: {Type: Schedule, Properties: {Schedule: rate(1 hour)}}}}}", []string{"event Hourly", "ScheduleV2"}},
		{"to nothing", `  S: {Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: rate(1 hour), Target: {Arn: !GetAtt Queue.Arn}}}`, []string{"resource S", "Arn"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			template, err := Parse([]byte(around + row.text + "\n"))
			if err == nil {
				_, err = template.Schedules()
			}
			wantError(t, err, row.want)
		})
	}
}
