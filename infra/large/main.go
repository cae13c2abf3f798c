// Command large makes one account of the local stack large, so that the portal can be measured and looked at with as many
// rows as a large customer has: people, contracts, lines, seats and systems. It writes rows that agree with each other (a
// recount finds nothing off) past the rules and without records, which is many times quicker than real use; demo data that
// shows rules is package demo's. A repeat writes the same rows again.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/seatkeeper/seatkeeper/infra/engine"
	"github.com/seatkeeper/seatkeeper/internal/id"
)

type arguments struct {
	Account   string `required:"" help:"The id of the account."`
	Table     string `default:"Table" help:"The local stack's table."`
	Endpoint  string `required:"" env:"DYNAMODB_ENDPOINT" help:"The stack's engine: http://localhost: and ENGINE_PORT."`
	Users     int    `default:"10000" help:"How many people. Each has a seat of each of the ten products."`
	Contracts int    `default:"1000" help:"How many contracts, each of one product."`
	Systems   int    `default:"10000" help:"How many systems: half of them connected, a tenth of the rest trials."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var a arguments
	kong.Parse(&a, kong.Name("large"), kong.Description("Makes an account of the local stack large."))
	if err := run(ctx, a); err != nil {
		fmt.Fprintln(os.Stderr, "large:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, a arguments) error {
	acc, ok := id.Parse[id.Account](a.Account)
	if !ok {
		return fmt.Errorf("%s is not the id of an account", a.Account)
	}
	c := newCrowd(acc, time.Now().UTC().Truncate(time.Millisecond), a.Users, a.Contracts, a.Systems)
	rows, err := c.rows(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "Writing %d rows\n", len(rows))
	return write(ctx, engine.Client(a.Endpoint), a.Table, rows)
}
