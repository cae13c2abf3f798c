package check

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	localbus "github.com/seatkeeper/seatkeeper/infra/local/bus"
	"github.com/seatkeeper/seatkeeper/infra/template"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/bus"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// taker is a bus that takes everything.
type taker struct{ taken []bus.Entry }

func (b *taker) Publish(_ context.Context, entries []bus.Entry) (map[int]error, error) {
	b.taken = append(b.taken, entries...)
	return nil, nil
}

// publish gives the publisher its sample batch, for an account of its own: what it derives is new each time.
func (s *story) publish() {
	s.t.Helper()
	root, err := template.Root()
	s.must(err)
	text, err := os.ReadFile(filepath.Join(root, "events", "publisher-changes.json"))
	s.must(err)
	const sampled = "acc_01KE6P4YM08EJZWGJN6B3ZCKT4"
	var batch events.DynamoDBEvent
	s.must(json.Unmarshal([]byte(strings.ReplaceAll(string(text), sampled, string(id.New[id.Account](s.ids, s.now)))), &batch))
	client, name := enginetest.Open(s.t)
	rec := &recorder{during: "a batch of changes"}
	s.recorders["publisher"] = rec
	took := &taker{}
	answer, err := functions.Publisher(ground(s.t, table.New(rec.client(client), name, nil), func() time.Time { return s.now }), took)(s.t.Context(), batch)
	s.must(err)
	if len(answer.BatchItemFailures) > 0 || len(took.taken) < 3 {
		s.t.Fatalf("%d events, failed: %v", len(took.taken), answer.BatchItemFailures)
	}
}

// AWS repeats a batch without end, and forgets it after a day, where nothing else is said.
func TestTheStreamIsReadWithEveryLimitSaid(t *testing.T) {
	streams, err := deployed(t).Streams()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range streams {
		if s.Batch != 100 || !s.Partial || !s.Bisect {
			t.Errorf("%s: batches of %d; one bad record fails its whole batch unless it is told apart (%t) and cut out (%t)", s.Function, s.Batch, s.Partial, s.Bisect)
		}
		if s.Retries < 1 || s.Age != 6*time.Hour || s.Failures == "" || len(s.Filters) > 5 {
			t.Errorf("%s: %d tries within %s, then to %q; %d filters, of which Lambda takes 5", s.Function, s.Retries, s.Age, s.Failures, len(s.Filters))
		}
	}
	if len(streams) != 1 {
		t.Errorf("%d functions read the stream, want the publisher alone: each reader more is throttled from the third on", len(streams))
	}
}

// A record that nothing follows from costs a call for nothing, and one that the publisher itself wrote would feed it for
// ever; one that is kept from it is never announced.
func TestTheStreamsFiltersPassWhatEventsAreMadeOfAndNothingElse(t *testing.T) {
	streams, err := deployed(t).Streams()
	if err != nil {
		t.Fatal(err)
	}
	const a, c, product = "acc_01KE6P4YM08EJZWGJN6B3ZCKT4", "ctr_01KE6P4YM08EJZWGJN6B3ZCKT5", "PBX-USER"
	line := table.Line(a, c, product)
	words := table.TermOps(table.ContractTerms(a), c, "", nil, "Order", []string{"order"})[0].Key()
	for _, row := range []struct {
		name string
		key  table.Key
		want bool
	}{
		{"activity", table.Activity(a, "act_01KE6P4YM08EJZWGJN6B3ZCKTB"), true},
		{"a line", line, true},
		{"a contract", table.Contract(a, c), true},
		{"the vendor's activity", table.Activity("", "act_01KE6P4YM08EJZWGJN6B3ZCKTB"), false},
		{"the counts of contracts", table.ContractCounts(a), false},
		{"a word of a contract", words, false},
		{"a seat", table.Seat(a, "usr_01KE6P4YM08EJZWGJN6B3ZCKT6", product), false},
		{"a level", table.Level(a, line, 80), false},
		{"a day", table.Day(a, "2026-11-21", line), false},
		{"an overview", table.Overview(a), false},
		{"settings", table.Settings(a), false},
		{"a removal", table.Removal(a, "rem_01KE6P4YM08EJZWGJN6B3ZCKTB"), false},
		{"a request", table.Request(a, "req_01KE6P4YM08EJZWGJN6B3ZCKTB"), false},
	} {
		var record struct {
			DynamoDB struct {
				Keys map[string]map[string]string
			} `json:"dynamodb"`
		}
		record.DynamoDB.Keys = map[string]map[string]string{"PK": {"S": row.key.PK}, "SK": {"S": row.key.SK}}
		text, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		passes := 0
		for _, filter := range streams[0].Filters {
			pattern, err := localbus.ParsePattern(filter)
			if err != nil {
				t.Fatal(err)
			}
			matches, err := pattern.Matches(text)
			if err != nil {
				t.Fatal(err)
			}
			if matches {
				passes++
			}
		}
		if (passes > 0) != row.want {
			t.Errorf("%s passes %d filters, want it passed: %t", row.name, passes, row.want)
		}
	}
}
