package functions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/alert"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Alerting is the ground of the function that mails alerts; bySES is ses.Deployed.
func Alerting(bySES func(region string, as aws.CredentialsProvider, from mail.Address) (mail.Mailer, error)) Ground {
	var env Environment
	name, as := env.Need("TABLE"), identify(&env)
	env.Check()
	g := Ground{Table: deployedTable(name, as), Now: time.Now, Log: Logger()}
	g.Mailer, g.Portal = mailer(bySES)
	return g
}

// Alerts mails the events of a queue to their readers: each message is what a rule of the bus sent. Its error has all of
// them come again; what was mailed is not mailed again then.
func Alerts(g Ground) func(context.Context, events.SQSEvent) error {
	sender := alert.NewSender(g.Table, account.NewStore(g.Table, g.IDs), g.Mailer, g.Portal, g.Log)
	return func(ctx context.Context, batch events.SQSEvent) error {
		var failed []error
		for _, message := range batch.Records {
			var e events.EventBridgeEvent
			if err := json.Unmarshal([]byte(message.Body), &e); err != nil {
				failed = append(failed, fmt.Errorf("message %s is no event: %w", message.MessageId, err))
				continue
			}
			failed = append(failed, alerted(ctx, g, sender, e))
		}
		return errors.Join(failed...)
	}
}

func alerted(ctx context.Context, g Ground, sender *alert.Sender, e events.EventBridgeEvent) error {
	began := g.Now()
	ctx, meter := table.WithMeter(ctx)
	report, err := sender.Handle(ctx, e.DetailType, e.Detail, began)
	outcome := "done"
	if err != nil {
		outcome = err.Error()
	}
	g.Log.Info("alerted", "type", e.DetailType, "outcome", outcome, "sent", report.Sent, "refused", report.Refused, "dropped", report.Dropped, "before", report.Done,
		"ms", g.Now().Sub(began).Milliseconds(), "calls", meter.Calls(), "readUnits", meter.ReadUnits(), "writeUnits", meter.WriteUnits())
	return err
}
