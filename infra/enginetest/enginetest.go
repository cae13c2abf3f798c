// Package enginetest gives tests a DynamoDB engine with the table of template.yaml in it. It is the real engine: nothing
// stands in for it.
//
// One engine serves a whole run when `make test` started it (DYNAMODB_ENDPOINT), else each test binary starts its own,
// with its first test that needs one. All tests share one table, and none empties it: each has an account of its own.
package enginetest

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/seatkeeper/seatkeeper/infra/engine"
	"github.com/seatkeeper/seatkeeper/infra/template"
)

// Table is the name of the table that all tests share.
const Table = "seatkeeper-test"

// opensWithin holds the first test up no longer than this: enough for Maven to fetch the engine over a slow line.
const opensWithin = 10 * time.Minute

// shared is this test binary's engine. It is a variable of the package because a test binary has no main of ours that
// could hand it on, and a second engine per package would cost 2 s and 130 MB more.
var shared struct {
	once   sync.Once
	engine *engine.Engine // nil when another started it
	client *dynamodb.Client
	err    error
}

// Open gives a client for the engine and the table's name. The table is there and can be used; what other tests wrote
// is in it. Without an engine the test fails and says what to install.
func Open(t testing.TB) (client *dynamodb.Client, table string) {
	t.Helper()
	shared.once.Do(open)
	if shared.err != nil {
		t.Fatalf("no DynamoDB engine for the tests: %v", shared.err)
	}
	return shared.client, Table
}

// Own is Open with a table of the test's own, for a rule about what is in the whole table.
func Own(t testing.TB) (client *dynamodb.Client, table string) {
	t.Helper()
	client, _ = Open(t)
	name := Table + "-" + rand.Text()
	root, err := template.Root()
	if err == nil {
		err = ensure(t.Context(), root, name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return client, name
}

// Main runs a test binary and stops its engine at the end; call it from TestMain. On Linux a binary without it leaves no
// engine behind either, since the engine dies with its parent.
func Main(m *testing.M) {
	code := m.Run()
	if shared.engine != nil {
		shared.engine.Stop()
	}
	os.Exit(code)
}

// Drawing is Main for tests whose drawn cases are calls to the engine: rapid draws so many of each, not a hundred, unless
// -rapid.checks or RAPID_CHECKS says how many.
func Drawing(m *testing.M, checks int) {
	if os.Getenv("RAPID_CHECKS") == "" {
		if err := flag.Set("rapid.checks", strconv.Itoa(checks)); err != nil {
			panic(err) // a package that draws nothing has no such flag
		}
	}
	Main(m)
}

func open() {
	ctx, cancel := context.WithTimeoutCause(context.Background(), opensWithin, errors.New("it took too long"))
	defer cancel()
	shared.err = prepare(ctx)
}

func prepare(ctx context.Context) error {
	root, err := template.Root()
	if err != nil {
		return err
	}
	endpoint := os.Getenv("DYNAMODB_ENDPOINT")
	if endpoint == "" {
		shared.engine, err = engine.Start(ctx, engine.Config{Root: root})
		if err != nil {
			return err
		}
		endpoint = shared.engine.Endpoint()
	}
	shared.client = engine.Client(endpoint)
	if err := ensure(ctx, root, Table); err != nil {
		return fmt.Errorf("at %s: %w", endpoint, err)
	}
	return nil
}

// ensure makes a table as template.yaml has it, under a name.
func ensure(ctx context.Context, root, name string) error {
	definition, err := template.Load(root)
	if err != nil {
		return err
	}
	request, _, err := definition.Table(name)
	if err == nil {
		_, err = engine.EnsureTable(ctx, shared.client, request)
	}
	return err
}
