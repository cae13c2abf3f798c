package demo_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/infra/local/demo"
	"github.com/seatkeeper/seatkeeper/infra/template"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/bus"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

var update = flag.Bool("update", false, "write the ids of the demo data into events/")

// The samples in events/ work on the demo data as they stand: they name the French account, its first contract and its
// first system, whose ids are the same on every machine.
func sampleEventsNameIt(t *testing.T, on *table.Table, w demo.World) {
	french := w.Accounts[demo.French]
	ids := map[string]string{"acc": string(french)}
	for _, c := range contracts(t, on, french, "2026-11-21") {
		if c.CRM[:15] == "800DemoFr000000" {
			ids["ctr"] = string(c.ID)
		}
	}
	for _, s := range systems(t, on, french, "unmapped") {
		if s.CRM[:15] == "02iDemoFr000000" {
			ids["sys"] = string(s.ID)
		}
	}
	// A ULID in an event is an id of ours; an address in one is a persona's.
	ulid := regexp.MustCompile(`(acc|ctr|sys)_[0-9A-Z]{26}`)
	email := regexp.MustCompile(`"([a-z-]+)@[a-z.]+"`)
	for _, file := range sampleEvents(t) {
		before, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		after := ulid.ReplaceAllFunc(before, func(found []byte) []byte { return []byte(string(found[:4]) + ids[string(found[:3])][4:]) })
		after = email.ReplaceAll(after, []byte(`"$1@demo.example"`))
		if string(after) == string(before) {
			continue
		}
		if !*update {
			t.Errorf("%s names other data than the demo's; go test ./infra/local/demo -update writes it anew", file)
		} else if err := os.WriteFile(file, after, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func sampleEvents(t *testing.T) []string {
	t.Helper()
	root, err := template.Root()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(root, "events", "*.json"))
	if err != nil || len(files) < 8 {
		t.Fatalf("%d sample events (%v)", len(files), err)
	}
	return files
}

// sampleEventsRun gives each sample to the function that its name begins with, in the order of names: the system is
// connected before it is disconnected.
func sampleEventsRun(t *testing.T, on *table.Table) {
	sealer, err := table.NewSealer(strings.Repeat("s", 32), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ground := functions.Ground{Table: on, Sealer: sealer, IDs: id.NewMaker(rand.Reader), Now: func() time.Time { return t0 }, Log: slog.New(slog.DiscardHandler)}
	for _, file := range sampleEvents(t) {
		name, _, _ := strings.Cut(filepath.Base(file), "-")
		if name == "publisher" {
			sampleChangesArePublished(t, ground, file)
		}
		function, ok := functions.HTTP()[name]
		if !ok {
			continue // also the authorizer's, whose token is only a word until somebody puts one there
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var event events.APIGatewayV2HTTPRequest
		if err := json.Unmarshal(raw, &event); err != nil {
			t.Fatal(err)
		}
		answer, err := function(ground).Lambda()(t.Context(), event)
		if err != nil || answer.StatusCode >= 300 {
			t.Errorf("%s: %d %s (%v)", filepath.Base(file), answer.StatusCode, answer.Body, err)
		}
	}
}

// counter is a bus that takes everything.
type counter struct{ taken int }

func (b *counter) Publish(_ context.Context, entries []bus.Entry) (map[int]error, error) {
	b.taken += len(entries)
	return nil, nil
}

func sampleChangesArePublished(t *testing.T, ground functions.Ground, file string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var batch events.DynamoDBEvent
	if err := json.Unmarshal(raw, &batch); err != nil {
		t.Fatal(err)
	}
	var on counter
	answer, err := functions.Publisher(ground, &on)(t.Context(), batch)
	if err != nil || len(answer.BatchItemFailures) > 0 || on.taken != len(batch.Records) {
		t.Errorf("%s: %d events of %d records, failed: %v (%v)", filepath.Base(file), on.taken, len(batch.Records), answer.BatchItemFailures, err)
	}
}
