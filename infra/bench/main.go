// Command bench measures what the design promises and prints figures: calls, computed units, medians, and the ratio of a
// store function to the same DynamoDB calls made with the bare SDK, both in turn in one run. Each size of account has a
// fresh engine, warmed before anything is counted. It judges nothing; aims stand in the README.
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/seatkeeper/seatkeeper/infra/engine"
	"github.com/seatkeeper/seatkeeper/infra/template"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

const (
	tableName = "bench"
	warmUp    = 300
	counted   = 400
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	root, err := template.Root()
	if err != nil {
		return err
	}
	parsed, err := template.Load(root)
	if err != nil {
		return err
	}
	schema, _, err := parsed.Table(tableName)
	if err != nil {
		return err
	}
	fmt.Printf("%s, %s/%s, %d processors; %d calls counted after %d to warm up; medians\n\n",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), counted, warmUp)
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "contracts\toperation\trows\tcalls\tread units\tstore ms\tbare SDK ms\tratio\tallocations\t")
	for _, size := range []int{100, 1_000, 100_000} {
		if err := withEngine(ctx, root, schema, func(client *dynamodb.Client) error {
			return contracts(ctx, out, client, size)
		}); err != nil {
			return err
		}
		out.Flush()
	}
	return nil
}

// withEngine gives a fresh engine with the table in it: dropping a large table leaves the engine slow.
func withEngine(ctx context.Context, root string, schema *dynamodb.CreateTableInput, do func(*dynamodb.Client) error) error {
	e, err := engine.Start(ctx, engine.Config{Root: root, Notices: os.Stderr})
	if err != nil {
		return err
	}
	defer e.Stop()
	client := engine.Client(e.Endpoint())
	if _, err := engine.EnsureTable(ctx, client, schema); err != nil {
		return err
	}
	return do(client)
}

// pair is a store function and the same calls with the bare SDK.
type pair struct {
	name  string
	store func(context.Context) (rows int, err error)
	bare  func(context.Context) error
}

// measure runs both sides in turn, so that a drift of the machine's speed meets both alike.
func (p pair) measure(ctx context.Context) (row string, err error) {
	var store, bare []time.Duration
	var rows int
	var allocations uint64
	metered, meter := table.WithMeter(ctx)
	if rows, err = p.store(metered); err != nil {
		return "", err
	}
	for i := range warmUp + counted {
		var before, after runtime.MemStats
		last := i == warmUp+counted-1
		if last {
			runtime.ReadMemStats(&before)
		}
		began := time.Now()
		if _, err := p.store(ctx); err != nil {
			return "", err
		}
		took := time.Since(began)
		if last {
			runtime.ReadMemStats(&after)
			allocations = after.Mallocs - before.Mallocs
		}
		began = time.Now()
		if err := p.bare(ctx); err != nil {
			return "", err
		}
		if i >= warmUp {
			store, bare = append(store, took), append(bare, time.Since(began))
		}
	}
	s, b := median(store), median(bare)
	return fmt.Sprintf("%s\t%d\t%d\t%.0f\t%.2f\t%.2f\t%.2f\t%d\t", p.name, rows, meter.Calls(), meter.ReadUnits(), s, b, s/b, allocations), nil
}

// median is in milliseconds.
func median(all []time.Duration) float64 {
	slices.Sort(all)
	return float64(all[len(all)/2].Microseconds()) / 1000
}

func newIDs() *id.Maker { return id.NewMaker(rand.Reader) }
