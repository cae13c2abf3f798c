package main

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/local/bus"
	"github.com/seatkeeper/seatkeeper/infra/local/dev"
	"github.com/seatkeeper/seatkeeper/infra/local/function"
	"github.com/seatkeeper/seatkeeper/infra/local/issuer"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// publisher is the function, in a local stack of its own. It fails at what holds "broken" and does not take "bad".
type publisher struct {
	mu  sync.Mutex
	got []string // sequence numbers
}

func (p *publisher) handle(_ context.Context, in events.DynamoDBEvent) (out events.DynamoDBEventResponse, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range in.Records {
		sequence := r.Change.SequenceNumber
		switch {
		case strings.HasPrefix(sequence, "broken"):
			return out, errors.New("broken")
		case strings.HasPrefix(sequence, "bad"):
			out.BatchItemFailures = append(out.BatchItemFailures, events.DynamoDBBatchItemFailure{ItemIdentifier: sequence})
		default:
			p.got = append(p.got, sequence)
		}
	}
	return out, nil
}

// start gives the endpoint at which functions are called.
func (p *publisher) start(t *testing.T) string {
	t.Helper()
	signs, err := issuer.Open(filepath.Join(t.TempDir(), "issuer.json"), "http://localhost"+dev.IssuerPath, "test")
	if err != nil {
		t.Fatal(err)
	}
	e := dev.Endpoints{Issuer: signs, Clock: &dev.Clock{}, Faults: table.NewFaults(1), Bus: bus.NewFaults(1), Functions: dev.Functions{
		"PublisherFunction": function.Function{ID: "PublisherFunction", Handler: lambda.NewHandler(p.handle), Timeout: 5 * time.Second},
	}}
	server := httptest.NewServer(e.Handler())
	t.Cleanup(server.Close)
	return server.URL + dev.InvokePath
}

// document is what Lambda leaves, with the parts that are read and some that are not.
func document(sequences ...string) string {
	var event events.DynamoDBEvent
	for _, s := range sequences {
		event.Records = append(event.Records, events.DynamoDBEventRecord{EventName: "INSERT", Change: events.DynamoDBStreamRecord{SequenceNumber: s}})
	}
	payload, _ := json.Marshal(event)
	inString, _ := json.Marshal(string(payload))
	return `{"requestContext": {"condition": "RetryAttemptsExhausted", "approximateInvokeCount": 11}, "version": "1.0", "DDBStreamBatchInfo": {"batchSize": 1}, "payload": ` + string(inString) + `}`
}

// failures are documents by name: those that can be sent, and those that cannot.
func failures() map[string]string {
	return map[string]string{
		"a.json": document("1", "2"), "b.json": document("broken-3"), "c.json": document("4", "bad-5"), "d.json": document("6"),
		"e.json": `{"payload": {"Records": [{"dynamodb": {"SequenceNumber": "7"}}]}}`, "f.json": `{"payload": "no event"}`, "g.json": `{"version": "1.0"}`, "h.json": `{`,
	}
}

var (
	taken  = []string{"1", "2", "4", "6", "7"} // 4 was in a document with one that was not
	stayed = []string{"b.json", "c.json", "f.json", "g.json", "h.json"}
)

func TestWhatIsTakenIsRemovedAndTheRestStays(t *testing.T) {
	folder := t.TempDir()
	for name, text := range failures() {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var p publisher
	a := arguments{Function: "PublisherFunction", Folder: folder, Endpoint: p.start(t)}
	names := func() (out []string) {
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			out = append(out, e.Name())
		}
		return out
	}

	var said strings.Builder
	dry := a
	dry.DryRun = true
	if err := run(t.Context(), dry, &said); err == nil || len(p.got) != 0 || len(names()) != 8 {
		t.Errorf("a dry run: %v, sent %v, kept %v\n%s", err, p.got, names(), said.String())
	}
	said.Reset()
	err := run(t.Context(), a, &said)
	if err == nil || err.Error() != "5 documents stay" || !strings.Contains(said.String(), "3 documents with 4 records sent") || !strings.Contains(said.String(), "did not take 1 of its records") {
		t.Errorf("%v\n%s", err, said.String())
	}
	if diff := cmp.Diff(taken, p.got); diff != "" {
		t.Errorf("taken (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(stayed, names()); diff != "" {
		t.Errorf("stayed (-want +got):\n%s", diff)
	}
}

func TestNothingFailedIsNoError(t *testing.T) {
	var said strings.Builder
	err := run(t.Context(), arguments{Function: "PublisherFunction", Folder: filepath.Join(t.TempDir(), "none")}, &said)
	if err != nil || said.String() != "0 documents with 0 records sent and removed\n" {
		t.Errorf("%v\n%s", err, said.String())
	}
}

func TestAStackThatDoesNotAnswerIsAnError(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "a.json"), []byte(document("1")), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	var said strings.Builder
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	if err := run(ctx, arguments{Function: "PublisherFunction", Folder: folder, Endpoint: "http://127.0.0.1:1"}, &said); err == nil {
		t.Errorf("no error\n%s", said.String())
	}
	if _, err := os.Stat(filepath.Join(folder, "a.json")); err != nil {
		t.Error(err)
	}
}

// store answers as S3 does for one bucket, two objects a page.
type store struct {
	mu      sync.Mutex
	objects map[string]string
}

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, _ := strings.CutPrefix(r.URL.Path, "/failures/")
	switch {
	case r.Method == http.MethodGet && r.URL.Query().Get("list-type") == "2":
		type object struct{ Key string }
		var page struct {
			XMLName               xml.Name `xml:"ListBucketResult"`
			IsTruncated           bool
			NextContinuationToken string `xml:",omitempty"`
			Contents              []object
		}
		for _, name := range slices.Sorted(maps.Keys(s.objects)) {
			if !strings.HasPrefix(name, r.URL.Query().Get("prefix")) || name <= r.URL.Query().Get("continuation-token") {
				continue
			}
			if page.IsTruncated = len(page.Contents) == 2; page.IsTruncated {
				page.NextContinuationToken = page.Contents[1].Key
				break
			}
			page.Contents = append(page.Contents, object{name})
		}
		_ = xml.NewEncoder(w).Encode(page)
	case s.objects[key] == "":
		http.Error(w, `<Error><Code>NoSuchKey</Code></Error>`, http.StatusNotFound)
	case r.Method == http.MethodGet:
		fmt.Fprint(w, s.objects[key])
	case r.Method == http.MethodDelete:
		delete(s.objects, key)
		w.WriteHeader(http.StatusNoContent)
	}
}

func TestABucketIsReadAsAFolderIs(t *testing.T) {
	s := &store{objects: map[string]string{"other/a.json": document("8")}}
	const prefix = "aws/lambda/mapping/shard/2026/11/21/"
	for name, text := range failures() {
		s.objects[prefix+name] = text
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	for name, value := range map[string]string{"AWS_ENDPOINT_URL_S3": server.URL, "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y", "AWS_EC2_METADATA_DISABLED": "true"} {
		t.Setenv(name, value)
	}
	var p publisher
	var said strings.Builder
	err := run(t.Context(), arguments{Function: "PublisherFunction", Bucket: "failures", Prefix: "aws/lambda/", Endpoint: p.start(t)}, &said)
	if err == nil || err.Error() != "5 documents stay" {
		t.Errorf("%v\n%s", err, said.String())
	}
	if diff := cmp.Diff(taken, p.got); diff != "" {
		t.Errorf("taken (-want +got):\n%s", diff)
	}
	want := []string{"other/a.json"}
	for _, name := range stayed {
		want = append(want, prefix+name)
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(s.objects))); diff != "" {
		t.Errorf("stayed (-want +got):\n%s", diff)
	}
}
