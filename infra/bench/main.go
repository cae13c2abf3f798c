// Command bench measures what the design promises and prints figures: calls, computed units, medians, and the ratio of a
// store function to the same DynamoDB calls made with the bare SDK, both in turn in one run. Each size of account has a
// fresh engine, warmed before anything is counted. Arguments name the tables to print; without any it prints all. It
// judges nothing; aims stand in the README.
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/seatkeeper/seatkeeper/infra/engine"
	"github.com/seatkeeper/seatkeeper/infra/template"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

const (
	tableName = "bench"
	page      = 50
	today     = date.Date("2026-11-21")
	warmUp    = 300
	counted   = 400
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// series is one table of figures: the same work in accounts of several sizes.
type series struct {
	// noun is what an account has many of; it names the table and heads its first column.
	noun  string
	sizes []int
	// fill makes an account with that many, and gives what is measured in it.
	fill func(ctx context.Context, g ground, size int) ([]pair, error)
}

// tables are all that is measured, in the order in which it is printed.
func tables() []series {
	return []series{
		{"contracts", []int{100, 1_000, 100_000}, contracts},
		{"users", []int{100, 100_000}, users},
	}
}

// chosen are the tables that the arguments name.
func chosen(arguments []string) ([]series, error) {
	all := tables()
	if len(arguments) == 0 {
		return all, nil
	}
	var some []series
	for _, noun := range arguments {
		i := slices.IndexFunc(all, func(s series) bool { return s.noun == noun })
		if i < 0 {
			return nil, fmt.Errorf("no table of %q; there are: %s", noun, nouns(all))
		}
		some = append(some, all[i])
	}
	return some, nil
}

func nouns(all []series) string {
	words := make([]string, len(all))
	for i, s := range all {
		words[i] = s.noun
	}
	return strings.Join(words, ", ")
}

func run(ctx context.Context, arguments []string) error {
	some, err := chosen(arguments)
	if err != nil {
		return err
	}
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
	fmt.Printf("%s, %s/%s, %d processors; %d calls counted after %d to warm up; medians\n",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), counted, warmUp)
	for _, s := range some {
		out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintf(out, "\n%s\toperation\trows\tcalls\tread units\tstore ms\tbare SDK ms\tratio\tallocations\t\n", s.noun)
		for _, size := range s.sizes {
			if err := withEngine(ctx, root, schema, func(client *dynamodb.Client) error {
				return s.print(ctx, out, client, size)
			}); err != nil {
				return fmt.Errorf("%d %s: %w", size, s.noun, err)
			}
			out.Flush()
		}
	}
	return nil
}

// print measures one size, a row for each pair.
func (s series) print(ctx context.Context, out io.Writer, client *dynamodb.Client, size int) error {
	pairs, err := s.fill(ctx, newGround(client), size)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		row, err := p.measure(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		fmt.Fprintf(out, "%d\t%s\n", size, row)
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

// ground is what an account is filled and measured on.
type ground struct {
	client  *dynamodb.Client
	db      *table.Table
	ids     *id.Maker
	account id.Account
	now     time.Time
}

func newGround(client *dynamodb.Client) ground {
	ids, noon := id.NewMaker(rand.Reader), time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	return ground{client, table.New(client, tableName, nil), ids, id.New[id.Account](ids, noon), noon}
}

// write seeds the table with the operations that make gives for each of size things.
func (g ground) write(ctx context.Context, size int, make func(i int) ([]table.Op, error)) error {
	var ops []table.Op
	for i := range size {
		made, err := make(i)
		if err != nil {
			return err
		}
		if len(ops)+len(made) > table.MaxOps {
			if err := g.db.Write(ctx, ops...); err != nil {
				return err
			}
			ops = nil
		}
		ops = append(ops, made...)
	}
	return g.db.Write(ctx, ops...)
}

// query is a Query with the SDK alone, of what lies between two sort values: no decoding, no metering. sort is the
// index, or SK.
func (g ground) query(partition, sort, from, to string, limit int32) func(context.Context) error {
	in := &dynamodb.QueryInput{
		TableName: aws.String(tableName), ConsistentRead: aws.Bool(true), Limit: aws.Int32(limit),
		KeyConditionExpression: aws.String("PK = :pk AND " + sort + " BETWEEN :from AND :to"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":pk": &types.AttributeValueMemberS{Value: partition}, ":from": &types.AttributeValueMemberS{Value: from}, ":to": &types.AttributeValueMemberS{Value: to},
		},
	}
	if sort != "SK" {
		in.IndexName = aws.String(sort)
	}
	return func(ctx context.Context) error {
		_, err := g.client.Query(ctx, in)
		return err
	}
}
