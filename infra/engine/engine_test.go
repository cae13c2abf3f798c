package engine

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// soon bounds what takes a second on a free machine, and may take many on one that compiles.
const soon = time.Minute

var root = filepath.Join("..", "..")

func started(t *testing.T, config Config) *Engine {
	t.Helper()
	config.Root = root
	engine, err := Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(engine.Stop)
	return engine
}

// fetched has the jars in place, so that a test of what comes after them does not become one of Maven.
func fetched(t *testing.T) {
	t.Helper()
	if _, err := fetch(t.Context(), root, nil); err != nil {
		t.Fatal(err)
	}
}

func TestAStartedEngineKeepsItemsUntilItIsStopped(t *testing.T) {
	engine := started(t, Config{})
	client := Client(engine.Endpoint())
	if _, err := EnsureTable(t.Context(), client, keyed("notes", "LSI1")); err != nil {
		t.Fatal(err)
	}
	put(t, client, "first")
	if !has(t, client, "first") {
		t.Error("what was put is not there")
	}

	engine.Stop()
	engine.Stop() // once more does no harm
	select {
	case <-engine.Done():
		t.Error("Done is closed, as if the engine had ended by itself")
	default:
	}
	if err := engine.Err(); err != nil {
		t.Errorf("Err() = %v after Stop, want none", err)
	}
	wantGone(t, engine.Endpoint())
	if _, err := os.Stat(engine.scratch); err == nil {
		t.Error("the scratch folder is still there")
	}
}

func TestDataSurvivesAStopAndAKill(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	engine := started(t, Config{DataDir: data})
	client := Client(engine.Endpoint())
	if _, err := EnsureTable(t.Context(), client, keyed("notes", "LSI1")); err != nil {
		t.Fatal(err)
	}
	put(t, client, "before the stop")
	engine.Stop()

	engine = started(t, Config{DataDir: data})
	client = Client(engine.Endpoint())
	put(t, client, "before the kill")
	engine.child.signal(syscall.SIGKILL)
	select {
	case <-engine.Done():
	case <-time.After(soon):
		t.Fatal("Done is open, though the engine is dead")
	}
	if err := engine.Err(); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("Err() = %v, want one line", err)
	}
	engine.Stop() // of a dead one returns

	engine = started(t, Config{DataDir: data})
	client = Client(engine.Endpoint())
	for _, note := range []string{"before the stop", "before the kill"} {
		if !has(t, client, note) {
			t.Errorf("%q is lost", note)
		}
	}
}

func TestAStartThatCannotBeSaysWhatToDo(t *testing.T) {
	taken, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port

	data := t.TempDir()
	held, err := holdData(data)
	if err != nil {
		t.Fatal(err)
	}
	defer held.release()

	fetched(t)
	for _, row := range []struct {
		name, java string // java: what a stand-in prints before it fails; "" leaves the real one
		config     Config
		want       []string
	}{
		{"the port is taken", "", Config{Port: port}, []string{strconv.Itoa(port), "ENGINE_PORT"}},
		{"the data is in use", "", Config{DataDir: data}, []string{data, "in use"}},
		{"no Java", "none", Config{}, []string{"java is missing", "Java 17"}},
		{"an old Java", "Exception: java.lang.UnsupportedClassVersionError: x", Config{}, []string{"java is too old", "Java 17"}},
		{"the port taken at the last moment", "java.net.BindException: Address already in use", Config{}, []string{"ENGINE_PORT"}},
		{"any other failure", "remark\nException in thread main: boom\n\tat x.y(z)", Config{}, []string{"did not start", "boom"}},
		{"no port has that number", "", Config{Port: 1 << 20}, []string{"ENGINE_PORT", "invalid port"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if row.java != "" {
				t.Setenv("PATH", standIn(t, "java", row.java))
			}
			config := row.config
			config.Root = root
			engine, err := Start(t.Context(), config)
			if err == nil {
				engine.Stop()
				t.Fatal("it started")
			}
			for _, part := range row.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not have %q", err, part)
				}
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q is longer than a line", err)
			}
		})
	}
}

// standIn gives a PATH on which a program prints a text and fails, or is not there at all.
func standIn(t *testing.T, program, says string) string {
	t.Helper()
	folder := t.TempDir()
	if says != "none" {
		script := "#!/bin/sh\ncat >&2 <<'END'\n" + says + "\nEND\nexit 1\n"
		if err := os.WriteFile(filepath.Join(folder, program), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
		folder += ":/usr/bin:/bin"
	}
	return folder
}

func TestAStartEndsWithItsContextAndLeavesNoProcess(t *testing.T) {
	fetched(t)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	engine, err := Start(ctx, Config{Root: root})
	if err == nil {
		engine.Stop()
		t.Fatal("an engine answered within 100 ms; a JVM alone takes longer")
	}
	if !strings.Contains(err.Error(), "did not answer") {
		t.Errorf("error %q does not say that it did not answer", err)
	}
}

// Whoever asks a system for any port gets one from above these, and of two engines that start at once neither may take the
// other's answer for its own.
func TestAnEnginesPortIsItsOwn(t *testing.T) {
	fetched(t)
	if port, err := freePort(0); err != nil || port < lowestPort || port >= lowestPort+ports {
		t.Errorf("port %d (%v), want one of %d from %d on", port, err, ports, lowestPort)
	}
	other, err := waitForLock(t.Context(), filepath.Join(root, ".local", "engine", "starting"))
	if err != nil {
		t.Fatal(err)
	}
	defer other.release()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if engine, err := Start(ctx, Config{Root: root}); err == nil || !strings.Contains(err.Error(), "the start of another") {
		if err == nil {
			engine.Stop()
		}
		t.Errorf("beside another's start: %v", err)
	}
}

// wantGone waits until nobody listens any more; the kernel closes a killed process' ports after its parent sees its end.
func wantGone(t *testing.T, endpoint string) {
	t.Helper()
	address := strings.TrimPrefix(endpoint, "http://")
	for end := time.Now().Add(soon); ; time.Sleep(20 * time.Millisecond) {
		connection, err := net.Dial("tcp", address)
		if err != nil {
			return
		}
		_ = connection.Close()
		if time.Now().After(end) {
			t.Fatalf("somebody still listens on %s", address)
		}
	}
}

func TestATableIsMadeOnceHoweverManyAskForIt(t *testing.T) {
	client := Client(started(t, Config{}).Endpoint())
	var made [8]bool
	var group sync.WaitGroup
	for i := range made {
		group.Go(func() {
			var err error
			if made[i], err = EnsureTable(t.Context(), client, keyed("notes", "LSI1")); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	count := 0
	for _, created := range made {
		if created {
			count++
		}
	}
	if count != 1 {
		t.Errorf("%d callers made the table, want 1", count)
	}

	_, err := EnsureTable(t.Context(), client, keyed("notes", "LSI2"))
	if err == nil || !strings.Contains(err.Error(), "other keys") {
		t.Errorf("a table with another index: %v, want an error that says so", err)
	}
}

// keyed is a table with one local index, whose name is its key's too.
func keyed(name, index string) *dynamodb.CreateTableInput {
	attribute := func(name string) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: aws.String(name), AttributeType: types.ScalarAttributeTypeS}
	}
	keys := func(sorted string) []types.KeySchemaElement {
		return []types.KeySchemaElement{
			{AttributeName: aws.String("PK"), KeyType: types.KeyTypeHash},
			{AttributeName: aws.String(sorted), KeyType: types.KeyTypeRange},
		}
	}
	return &dynamodb.CreateTableInput{
		TableName:            aws.String(name),
		BillingMode:          types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{attribute("PK"), attribute("SK"), attribute(index)},
		KeySchema:            keys("SK"),
		LocalSecondaryIndexes: []types.LocalSecondaryIndex{{
			IndexName: aws.String(index), KeySchema: keys(index),
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
		}},
	}
}

func note(text string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: "notes"}, "SK": &types.AttributeValueMemberS{Value: text},
	}
}

func put(t *testing.T, client *dynamodb.Client, text string) {
	t.Helper()
	if _, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("notes"), Item: note(text)}); err != nil {
		t.Fatal(err)
	}
}

func has(t *testing.T, client *dynamodb.Client, text string) bool {
	t.Helper()
	got, err := client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("notes"), Key: note(text)})
	if err != nil {
		t.Fatal(err)
	}
	return len(got.Item) > 0
}
