// Command bench measures what the design promises and prints figures: calls, computed units, medians, and the ratio of a
// store function to the same DynamoDB calls made with the bare SDK, both in turn in one run. Each size of account has a
// fresh engine, warmed before anything is counted. Arguments name the tables to print; without any it prints all. With
// sizes behind it, sweep=1000,50000, a table is measured at these. With --json it prints one document in the end. It
// judges nothing; aims stand in the README.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"strings"
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
	// On a slow machine a pair ends earlier, so that a table always ends: after so long, two fifths of it to warm up.
	budget  = 25 * time.Second
	warming = budget * 2 / 5
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// series is one table of figures: the same work at several sizes.
type series struct {
	// noun names the table.
	noun string
	// head names its columns, the size's first, with a tab behind each.
	head  string
	sizes []int
	// rows measures one size on a fresh engine, and prints its rows; each begins with the size.
	rows func(ctx context.Context, g ground, size int, out io.Writer) error
	// together, in the place of rows, measures all sizes in turn, each on a fresh engine.
	together func(ctx context.Context, clients []*dynamodb.Client, sizes []int, noted *notes, out io.Writer) error
}

// tables are all that is measured, in the order in which it is printed.
func tables() []series {
	return []series{
		compared("contracts", contracts, 100, 1_000, 100_000),
		compared("users", users, 100, 100_000),
		compared("seats", seats, 100, 10_000, 100_000),
		{noun: "start", head: startHead, sizes: []int{1}, rows: start},
		{noun: "operations", head: operationsHead, sizes: []int{1}, rows: operations},
		{noun: "contended", head: contendedHead, sizes: []int{1, 2, 4, 8, 16, 32, 64}, rows: contended},
		{noun: "sweep", head: sweepHead, sizes: []int{10_000, 500_000}, together: sweeps},
		{noun: "publisher", head: publisherHead, sizes: []int{1, 50}, rows: published},
	}
}

// compared is a table of pairs in accounts that have many of a noun; fill makes such an account, and gives what is
// measured in it.
func compared(noun string, fill func(ctx context.Context, g ground, size int) ([]pair, error), sizes ...int) series {
	head := noun + "\toperation\trows\tcalls\tread units\twrite units\tstore ms\tbare SDK ms\tratio\tallocations\tcounted\t"
	return series{noun: noun, head: head, sizes: sizes, rows: func(ctx context.Context, g ground, size int, out io.Writer) error {
		pairs, err := fill(ctx, g, size)
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
	}}
}

// chosen are the tables that the arguments name.
func chosen(arguments []string) ([]series, error) {
	all := tables()
	if len(arguments) == 0 {
		return all, nil
	}
	var some []series
	for _, argument := range arguments {
		noun, sizes, other := strings.Cut(argument, "=")
		i := slices.IndexFunc(all, func(s series) bool { return s.noun == noun })
		if i < 0 {
			return nil, fmt.Errorf("no table of %q; there are: %s", noun, nouns(all))
		}
		s := all[i]
		if other {
			s.sizes = nil
			for _, word := range strings.Split(sizes, ",") {
				n, err := strconv.Atoi(word)
				if err != nil || n < 1 {
					return nil, fmt.Errorf("%s: %q is no size", noun, word)
				}
				s.sizes = append(s.sizes, n)
			}
			slices.Sort(s.sizes)
		}
		some = append(some, s)
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
	asJSON := slices.Contains(arguments, "--json")
	some, err := chosen(slices.DeleteFunc(arguments, func(word string) bool { return word == "--json" }))
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
	figures := report{Machine: fmt.Sprintf("%s, %s/%s, %d processors", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())}
	if !asJSON {
		fmt.Printf("%s; medians of %d calls after %d to warm up, or of what %s allow\n", figures.Machine, counted, warmUp, budget)
	}
	for _, s := range some {
		measured, err := s.measure(ctx, root, schema)
		if !asJSON {
			err = errors.Join(err, measured.print(os.Stdout))
		}
		if err != nil {
			return err
		}
		figures.Tables = append(figures.Tables, measured)
	}
	if asJSON {
		return json.NewEncoder(os.Stdout).Encode(figures)
	}
	return nil
}

// measure does every size, and gives what came of it also where one failed.
func (s series) measure(ctx context.Context, root string, schema *dynamodb.CreateTableInput) (figures, error) {
	noted, out := &notes{}, &strings.Builder{}
	if err := s.each(ctx, root, schema, noted, out); err != nil {
		return tabulate(s.noun, s.head, out.String(), noted.all), fmt.Errorf("%s: %w", s.noun, err)
	}
	return tabulate(s.noun, s.head, out.String(), noted.all), nil
}

// each prints the rows of all sizes.
func (s series) each(ctx context.Context, root string, schema *dynamodb.CreateTableInput, noted *notes, out io.Writer) error {
	if s.together != nil {
		return withEngines(ctx, root, schema, len(s.sizes), func(clients []*dynamodb.Client) error {
			return s.together(ctx, clients, s.sizes, noted, out)
		})
	}
	for _, size := range s.sizes {
		if err := withEngine(ctx, root, schema, func(client *dynamodb.Client) error {
			return s.rows(ctx, newGround(client, noted), size, out)
		}); err != nil {
			return fmt.Errorf("%d: %w", size, err)
		}
	}
	return nil
}

// notes are what a table says beside its figures.
type notes struct{ all []string }

func (n *notes) add(note string) {
	if !slices.Contains(n.all, note) {
		n.all = append(n.all, note)
	}
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

// withEngines is withEngine with several at once.
func withEngines(ctx context.Context, root string, schema *dynamodb.CreateTableInput, n int, do func([]*dynamodb.Client) error) error {
	if n == 0 {
		return do(nil)
	}
	return withEngine(ctx, root, schema, func(client *dynamodb.Client) error {
		return withEngines(ctx, root, schema, n-1, func(others []*dynamodb.Client) error { return do(append(others, client)) })
	})
}

// pair is a store function and the same calls with the bare SDK.
type pair struct {
	name  string
	store func(context.Context) (rows int, err error)
	bare  func(context.Context) error
	// restore undoes what either side wrote, outside of the measure; it may be nil where they only read.
	restore func(context.Context) error
}

// measure runs both sides in turn, so that a drift of the machine's speed meets both alike.
func (p pair) measure(ctx context.Context) (row string, err error) {
	if p.restore == nil {
		p.restore = func(context.Context) error { return nil }
	}
	var rows int
	metered, meter := table.WithMeter(ctx)
	if _, _, err = p.timed(ctx, func(context.Context) error { rows, err = p.store(metered); return err }); err != nil {
		return "", err
	}
	var store, bare []time.Duration
	var allocations uint64
	begun := time.Now()
	for warmed := 0; len(store) < counted && (len(store) == 0 || time.Since(begun) < budget); {
		ours, allocated, err := p.timed(ctx, func(ctx context.Context) error { _, err := p.store(ctx); return err })
		if err != nil {
			return "", err
		}
		theirs, _, err := p.timed(ctx, p.bare)
		if err != nil {
			return "", fmt.Errorf("bare SDK: %w", err)
		}
		if warmed < warmUp && time.Since(begun) < warming {
			warmed++
			continue
		}
		allocations, store, bare = allocated, append(store, ours), append(bare, theirs)
	}
	s, b := median(store), median(bare)
	return fmt.Sprintf("%s\t%d\t%d\t%.0f\t%.0f\t%.2f\t%.2f\t%.2f\t%d\t%d\t", p.name, rows, meter.Calls(), meter.ReadUnits(), meter.WriteUnits(), s, b, s/b, allocations, len(store)), nil
}

// timed is one side's turn: how long it took, and what it allocated.
func (p pair) timed(ctx context.Context, do func(context.Context) error) (took time.Duration, allocations uint64, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	if err := do(ctx); err != nil {
		return 0, 0, err
	}
	took = time.Since(began)
	runtime.ReadMemStats(&after)
	return took, after.Mallocs - before.Mallocs, p.restore(ctx)
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
	notes   *notes
}

func newGround(client *dynamodb.Client, noted *notes) ground {
	ids, noon := id.NewMaker(rand.Reader), time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	return ground{client, table.New(client, tableName, nil), ids, id.New[id.Account](ids, noon), noon, noted}
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
	if len(ops) == 0 {
		return nil
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
