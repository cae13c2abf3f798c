package functions

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/seatkeeper/seatkeeper/internal/event"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/bus"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Publishing is the ground of a function that publishes, and the bus that it publishes on; onEventBridge is eventbridge.Deployed. Other
// functions are not even linked with EventBridge.
func Publishing(onEventBridge func(region string, as aws.CredentialsProvider, name string) bus.Bus) (Ground, bus.Bus) {
	var env Environment
	name, busName, as := env.Need("TABLE"), env.Need("EVENT_BUS"), identify(&env)
	env.Check()
	return Ground{Table: deployedTable(name, as), IDs: id.NewMaker(rand.Reader), Now: time.Now, Log: Logger()}, onEventBridge(as.region, as.credentials, busName)
}

// Publisher handles a batch of the table's stream. It names the records that are to come again, each with one log line, and
// never ends with an error: that would bring all of them back.
func Publisher(g Ground, b bus.Bus) func(context.Context, events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
	publisher := event.NewPublisher(b, g.Table, g.Now)
	return func(ctx context.Context, batch events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
		began := g.Now()
		ctx, meter := table.WithMeter(ctx)
		var failed []event.Failure
		var changes []table.Change
		for _, r := range batch.Records {
			c, err := table.ReadChange(r)
			if err != nil {
				failed = append(failed, event.Failure{Sequence: r.Change.SequenceNumber, Err: err})
				continue
			}
			changes = append(changes, c)
		}
		failed = append(failed, publisher.Handle(ctx, changes)...)
		answer := events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{}}
		for _, f := range failed {
			answer.BatchItemFailures = append(answer.BatchItemFailures, events.DynamoDBBatchItemFailure{ItemIdentifier: f.Sequence})
			g.Log.Error("record not published", "sequence", f.Sequence, "error", f.Err.Error())
		}
		g.Log.Info("published", "records", len(batch.Records), "failed", len(failed), "ms", g.Now().Sub(began).Milliseconds(), "calls", meter.Calls(), "readUnits", meter.ReadUnits(), "writeUnits", meter.WriteUnits())
		return answer, nil
	}
}
