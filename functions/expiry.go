package functions

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/event"
	"github.com/seatkeeper/seatkeeper/internal/platform/bus"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/removal"
	"github.com/seatkeeper/seatkeeper/internal/sweep"
)

// Swept is what a sweep answers to who called it by hand.
type Swept struct {
	Examined  int  `json:"examined"`
	Marked    int  `json:"marked"`
	Announced int  `json:"announced"`
	Healed    int  `json:"healed"`
	Removed   int  `json:"removed"`
	Failed    int  `json:"failed"`
	Complete  bool `json:"complete"`
}

// Expiry sweeps until what is due is done, or the function's time is. Whatever calls it says nothing: all of it is in the
// table and the clock. Its error names how many rows were not marked; they are marked by the next call.
func Expiry(g Ground, b bus.Bus) func(context.Context, json.RawMessage) (Swept, error) {
	s := sweep.New(g.Table, contract.NewStore(g.Table, g.IDs), removal.NewStore(g.Table, g.IDs, catalog.NewStore(g.Table, g.IDs)), event.NewPublisher(b, g.Table, g.Now).Heal)
	return func(ctx context.Context, _ json.RawMessage) (Swept, error) {
		began := g.Now()
		ctx, meter := table.WithMeter(ctx)
		r, err := s.Run(ctx, began)
		done := 0
		if r.Complete && err == nil {
			done = 1
		}
		took := g.Now().Sub(began)
		g.Log.Info("swept", append(metrics(began, took, meter, r), "Complete", done)...)
		out := Swept{r.Examined, r.Marked, r.Announced, r.Healed, r.Removed, r.Failed, r.Complete}
		if err != nil {
			return out, fmt.Errorf("sweep: %d of %d rows failed, first: %w", r.Failed, r.Examined, first(err))
		}
		return out, nil
	}
}

// first is the first of errors that were joined: a log line has room for few.
func first(err error) error {
	if all, ok := err.(interface{ Unwrap() []error }); ok && len(all.Unwrap()) > 0 {
		return first(all.Unwrap()[0])
	}
	return err
}

// metricsNamespace is where CloudWatch shows our own metrics.
const metricsNamespace = "Seatkeeper"

// metrics are the fields of a log line from which CloudWatch takes metrics by itself (the embedded metric format), for the
// function of this deployment. Its caller adds Complete.
func metrics(at time.Time, took time.Duration, meter *table.Meter, r sweep.Report) []any {
	type metric struct {
		Name string
		Unit string
	}
	counts := []metric{{"Examined", "Count"}, {"Marked", "Count"}, {"Announced", "Count"}, {"Healed", "Count"}, {"Removed", "Count"}, {"Failed", "Count"}, {"Complete", "Count"}, {"Seconds", "Seconds"}, {"Units", "Count"}}
	return []any{
		"_aws", map[string]any{
			"Timestamp":         at.UnixMilli(),
			"CloudWatchMetrics": []any{map[string]any{"Namespace": metricsNamespace, "Dimensions": [][]string{{"FunctionName"}}, "Metrics": counts}},
		},
		"FunctionName", lambdacontext.FunctionName,
		"Examined", r.Examined, "Marked", r.Marked, "Announced", r.Announced, "Healed", r.Healed, "Removed", r.Removed, "Failed", r.Failed,
		"Seconds", took.Seconds(), "Units", meter.ReadUnits() + meter.WriteUnits(),
	}
}
