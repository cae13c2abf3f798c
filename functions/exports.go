package functions

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/alert"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/event"
	"github.com/seatkeeper/seatkeeper/internal/export"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/files"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// Linking lets a function hand out links to the files of exports.
func Linking(g Ground) Ground {
	var env Environment
	bucket, as := env.Need("EXPORTS_BUCKET"), identify(&env)
	env.Check()
	g.Exports = files.Signer{Region: as.region, Bucket: bucket, As: as.credentials}
	return g
}

// Exporting is the ground of the function that writes exports, and where it puts them; onS3 is s3.Deployed.
func Exporting(onS3 func(region string, as aws.CredentialsProvider, bucket string) files.Shelf) (Ground, files.Shelf) {
	var env Environment
	name, bucket, as := env.Need("TABLE"), env.Need("EXPORTS_BUCKET"), identify(&env)
	env.Check()
	return Ground{Table: deployedTable(name, as), IDs: id.NewMaker(rand.Reader), Now: time.Now, Log: Logger()}, onS3(as.region, as.credentials, bucket)
}

// spare is what of its time a function leaves unused, so that it ends with an error of its own and a log line.
const spare = 10 * time.Second

// errOther says that a rule sends what this function does not do.
var errOther = errors.New("nothing follows from such an event")

// Exports does what takes long and was asked for, as events of a queue tell: it writes exports, and takes people who are
// erased out of what others' rows say of them. Its error has the event come again; what was done is not done again then.
func Exports(g Ground, shelf files.Shelf) func(context.Context, events.SQSEvent) error {
	accounts := account.NewStore(g.Table, g.IDs)
	worker := export.NewWorker(export.NewStore(g.Table, g.IDs), accounts, alert.NewList(g.Table, contract.NewStore(g.Table, g.IDs)), shelf, g.Now)
	people := user.NewStore(g.Table, g.IDs, nil)
	do := func(ctx context.Context, kind string, a id.Account, subject string) error {
		switch kind {
		case event.TypeOf(activity.ExportRequested):
			return worker.Run(ctx, a, id.Export(subject))
		case event.TypeOf(activity.UserErased):
			acc, err := accounts.Get(ctx, a)
			if err != nil {
				return err
			}
			return people.Forget(ctx, acc, id.User(subject), g.Now())
		}
		return errOther
	}
	return func(ctx context.Context, batch events.SQSEvent) error {
		if ends, limited := ctx.Deadline(); limited {
			var stop context.CancelFunc
			ctx, stop = context.WithDeadline(ctx, ends.Add(-spare))
			defer stop()
		}
		var failed []error
		for _, message := range batch.Records {
			failed = append(failed, exported(ctx, g, message, do))
		}
		return errors.Join(failed...)
	}
}

// exported does what one message asks for, with one log line.
func exported(ctx context.Context, g Ground, message events.SQSMessage, do func(ctx context.Context, kind string, a id.Account, subject string) error) error {
	began := g.Now()
	ctx, meter := table.WithMeter(ctx)
	var e events.EventBridgeEvent
	var told struct {
		Account id.Account     `json:"accountId"`
		Subject activity.Thing `json:"subject"`
	}
	err := json.Unmarshal([]byte(message.Body), &e)
	if err == nil {
		err = json.Unmarshal(e.Detail, &told)
	}
	if err == nil {
		err = do(ctx, e.DetailType, told.Account, told.Subject.ID)
	}
	outcome := "done"
	if err != nil {
		outcome = err.Error()
		err = fmt.Errorf("message %s: %w", message.MessageId, err)
	}
	g.Log.Info("exported", "type", e.DetailType, "account", told.Account, "subject", told.Subject.ID, "outcome", outcome,
		"ms", g.Now().Sub(began).Milliseconds(), "calls", meter.Calls(), "readUnits", meter.ReadUnits(), "writeUnits", meter.WriteUnits())
	return err
}
