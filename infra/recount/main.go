// Command recount counts anew what an account's counters say, and prints what is off: of lines what is used, available and
// in each pool, by the seats; of people what they hold, by the seats; of contracts how many systems they cover; of cost
// centers on how many lines they carry seats; and the two counts that stand beside those. It reads by Queries of that
// account alone, and writes nothing unless it is told to. With --mend each counter is put right in a transaction of its
// own, with a record, under the rev that it had before what it counts was read: whoever changes it meanwhile wins, and
// the command may be run again. What is right is for the nouns to say (recount.go of packages contract, seat and
// costcenter); the command reads, compares and writes.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

type arguments struct {
	Table    string `required:"" help:"The deployment's table: the output TableName of its stack. The local stack's is Table."`
	Account  string `required:"" help:"The id of the account."`
	Mend     bool   `help:"Put right what is off. Without it nothing is written."`
	Endpoint string `env:"DYNAMODB_ENDPOINT" help:"Another DynamoDB engine."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the command at once
	var a arguments
	kong.Parse(&a, kong.Name("recount"), kong.Description("Counts anew what an account's counters say, prints what is off, and with --mend puts it right."))
	if err := run(ctx, a, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "recount:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, a arguments, out io.Writer) error {
	acc, ok := id.Parse[id.Account](a.Account)
	if !ok {
		return fmt.Errorf("%s is not the id of an account", a.Account)
	}
	loaded, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	client := dynamodb.NewFromConfig(loaded, func(o *dynamodb.Options) {
		if a.Endpoint != "" {
			o.BaseEndpoint = &a.Endpoint
		}
	})
	c := recount{
		table: table.New(client, a.Table, nil), ids: id.NewMaker(rand.Reader), now: time.Now(), account: acc, mend: a.Mend, out: out,
		by: activity.Author{Kind: access.Operator, Name: os.Getenv("USER"), UserAgent: "infra/recount"},
	}
	return c.run(ctx)
}

// recount is one account being counted, and what came of it.
type recount struct {
	table   *table.Table
	ids     *id.Maker
	now     time.Time
	by      activity.Author
	account id.Account
	mend    bool
	out     io.Writer

	// off is how many counters are not as they must be; mended, moved (changed while they were counted) and stuck
	// (nothing here can put them right) are parts of it.
	off, mended, moved, stuck int
}

// run counts one noun after the other. Each is counted by rows that those before may have mended: cost centers by lines.
// A counter that is still off at the end is an error, so that a script learns of it.
func (c *recount) run(ctx context.Context) error {
	if _, err := account.NewStore(c.table, c.ids).Get(ctx, c.account); err != nil {
		return fmt.Errorf("account %s: %w", c.account, err)
	}
	for _, step := range []func(context.Context) error{c.seats, c.systems, c.costCenters, c.counts} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	switch left := c.off - c.mended; {
	case c.off == 0:
		fmt.Fprintln(c.out, "Every counter is what it counts.")
		return nil
	case left == 0:
		fmt.Fprintf(c.out, "%d mended.\n", c.mended)
		return nil
	case left == c.moved:
		return fmt.Errorf("%d changed while they were counted: run it again", c.moved)
	case left == c.moved+c.stuck:
		return fmt.Errorf("%d cannot be put right here, and %d changed while they were counted: see above", c.stuck, c.moved)
	default:
		return fmt.Errorf("%d are off; --mend puts right what it can", left)
	}
}

// finding is a counter that may be off: the record says by what, and is what stays of it in the account's activity.
type finding struct {
	record activity.Record
	// key is the row of the counter, rev what it had before what it counts was read.
	key table.Key
	rev int
	ops func() ([]table.Op, error)
	// stuck says why nothing here can put it right; empty where something can.
	stuck string
}

func (c *recount) finding(subject activity.Thing, key table.Key, rev int, ops func() ([]table.Op, error)) *finding {
	return &finding{record: activity.New(c.ids, c.now, c.account, c.by, activity.Recounted, subject), key: key, rev: rev, ops: ops}
}

// settle prints a finding and mends it where that is asked for; nothing is said of a counter that is right.
func (c *recount) settle(ctx context.Context, f *finding) error {
	if f.stuck == "" && len(f.record.After) == 0 {
		return nil
	}
	outcome, err := c.outcome(ctx, f)
	if err != nil {
		return err
	}
	c.off++
	fmt.Fprintf(c.out, "%s: %s\n", described(f), outcome)
	return nil
}

func (c *recount) outcome(ctx context.Context, f *finding) (string, error) {
	if f.stuck != "" {
		c.stuck++
		return f.stuck, nil
	}
	if !c.mend {
		item, err := c.table.Get(ctx, f.key)
		if err == nil && table.RevOf(item) != f.rev {
			c.moved++
			return "changed while it was counted", nil
		}
		return "off", err
	}
	ops, err := f.ops()
	if err != nil {
		return "", err
	}
	recorded, err := f.record.Op()
	if err != nil {
		return "", err
	}
	err = c.table.Write(ctx, append(ops, recorded)...)
	if unmet := (*table.ConditionError)(nil); errors.As(err, &unmet) {
		c.moved++
		return "changed while it was counted, and was left alone", nil
	}
	if err != nil {
		return "", fmt.Errorf("mend %s: %w", f.record.Subject.ID, err)
	}
	c.mended++
	return "mended", nil
}
