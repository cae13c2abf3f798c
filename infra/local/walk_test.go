package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/engine"
	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/infra/local/dev"
	"github.com/seatkeeper/seatkeeper/infra/local/function"
	"github.com/seatkeeper/seatkeeper/infra/local/stream"
	"github.com/seatkeeper/seatkeeper/infra/local/stream/streamtest"
	"github.com/seatkeeper/seatkeeper/infra/template"
)

// walk goes through a day of one line of the English account, whose administrators read English, but for one.
type walk struct {
	t        *testing.T
	s        settings
	client   *dynamodb.Client
	r        *running
	account  string
	contract string
	people   []string // five who sit on nothing yet
	reader   string   // the address of who reads French
}

// patience is how long something may take on a machine that does much else.
const patience = 5 * time.Minute

const walked = "Telephony, Norwich" // 19 of 24 seats are taken: 79 %

// begin starts the stack again, in this process.
func (w *walk) begin() {
	w.t.Helper()
	w.r = launch(w.t, w.s)
	w.r.says("Ready: " + w.r.base)
}

func (w *walk) want(status int, persona, method, path, body string) (said string) {
	w.t.Helper()
	got, said := w.r.ask(persona, method, path, body, "Content-Type", "application/json")
	if got != status {
		w.t.Fatalf("%s %s: %d %s, want %d", method, path, got, said, status)
	}
	return said
}

func (w *walk) add(name, email, more string) (id string) {
	w.t.Helper()
	said := w.want(http.StatusCreated, "super-admin", "POST", "/v1/accounts/"+w.account+"/users", fmt.Sprintf(`{"name": %q, "email": %q%s}`, name, email, more))
	var made struct{ ID string }
	if err := json.Unmarshal([]byte(said), &made); err != nil {
		w.t.Fatal(err)
	}
	return made.ID
}

func (w *walk) seats() string {
	return "/v1/accounts/" + w.account + "/contracts/" + w.contract + "/lines/telephony-standard/seats"
}

func (w *walk) assign(people ...string) {
	w.t.Helper()
	ids, err := json.Marshal(map[string]any{"userIds": people})
	if err != nil {
		w.t.Fatal(err)
	}
	w.want(http.StatusOK, "admin", "POST", w.seats(), string(ids))
}

func (w *walk) free(people ...string) {
	w.t.Helper()
	for _, p := range people {
		w.want(http.StatusOK, "admin", "DELETE", w.seats()+"/"+p, "")
	}
}

// mails are how many each reader got about the line at 80 % and at 100 %.
func (w *walk) mails() map[string][2]int {
	w.t.Helper()
	found, ids := map[string][2]int{}, map[string]bool{}
	for _, m := range w.r.box(w.t) {
		warned := strings.Contains(m.Subject, "80 %")
		if !strings.Contains(m.Text, walked) || !warned && !strings.Contains(m.Subject, "used up") && !strings.Contains(m.Subject, "épuisés") {
			continue
		}
		if french := strings.Contains(m.To, w.reader); french != (m.Language == "fr") || french != strings.Contains(m.Text, "Contrat") {
			w.t.Errorf("%s is told in %q: %s", m.To, m.Language, m.Text)
		}
		if ids[m.MailID] {
			w.t.Errorf("the mail %s was sent twice", m.MailID)
		}
		ids[m.MailID] = true
		n := found[m.To]
		if warned {
			n[0]++
		} else {
			n[1]++
		}
		found[m.To] = n
	}
	return found
}

// told waits until every reader has so many mails about the line, and wants no more to come.
func (w *walk) told(at80, at100 int) {
	w.t.Helper()
	all := func(found map[string][2]int) bool {
		for _, n := range found {
			if n != [2]int{at80, at100} {
				return false
			}
		}
		return len(found) >= 3
	}
	for end := time.Now().Add(patience); !all(w.mails()) && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
	}
	time.Sleep(time.Second)
	found := w.mails()
	if !all(found) {
		w.t.Fatalf("mailed %v, want everybody told %d times at 80 %% and %d at 100 %%", found, at80, at100)
	}
	for _, who := range []string{"super-admin@demo.example", "admin@demo.example", w.reader} {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(found)), func(to string) bool { return strings.Contains(to, who) }) {
			w.t.Errorf("%s was told nothing", who)
		}
	}
}

// calm waits until all that follows from what was written is done: the publisher is at the stream's end, and the bus has
// delivered everything.
func (w *walk) calm() {
	w.t.Helper()
	arn, err := stream.Find(w.t.Context(), w.client, w.s.table)
	if err != nil {
		w.t.Fatal(err)
	}
	for range 2 { // a delivery writes
		streamtest.Await(w.t, engine.Streams(w.s.endpoint), arn, w.s.kept(published))
		for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
			if left, err := filepath.Glob(w.s.kept("bus/*.json")); err == nil && len(left) == 0 {
				break
			}
		}
	}
}

// published is how far the publisher is in the stream.
const published = "stream/PublisherFunction.json"

// none wants that nothing was kept as failed.
func (w *walk) none() {
	w.t.Helper()
	for _, place := range []string{"failures", "dlq"} {
		if left, err := os.ReadDir(w.s.kept(place)); err == nil && len(left) > 0 {
			w.t.Errorf("in .local/%s: %v", place, left)
		}
	}
}

// What happens by itself, over the whole stack: once each, never lost, never doubled.
func TestWhatHappensByItself(t *testing.T) {
	client, _ := enginetest.Open(t)
	w := &walk{t: t, client: client, s: settings{root: place(t), port: freePort(t), endpoint: *client.Options().BaseEndpoint, table: fmt.Sprintf("walk-%d", time.Now().UnixNano())}}
	t.Cleanup(func() {
		if _, err := client.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &w.s.table}); err != nil {
			t.Error(err)
		}
	})
	w.begin()
	_, w.account = w.r.accounts()
	var page struct{ Items []struct{ ID, Name string } }
	if err := json.Unmarshal([]byte(w.want(http.StatusOK, "admin", "GET", "/v1/accounts/"+w.account+"/contracts?q=Norwich", "")), &page); err != nil || len(page.Items) != 1 {
		t.Fatalf("%v: %+v", err, page)
	}
	w.contract, w.reader = page.Items[0].ID, "zoe@reader.example"
	w.add("Zoé Aubry", w.reader, `, "roles": ["administrator"], "locale": "fr"`)
	for i := range 5 {
		w.people = append(w.people, w.add(fmt.Sprint("Newcomer ", i), fmt.Sprintf("newcomer-%d@works.example", i), ""))
	}

	w.assign(w.people[0])
	w.told(1, 0)
	w.assign(w.people[1:]...)
	w.told(1, 1)
	recordsAgain(w)
	midnight(w)
	refusedForAWhile(w)
	killed(w)
	dropped(w)
	w.none()
	w.r.end()
}

// recordsAgain gives the publisher what the stream had last, three times and shuffled.
func recordsAgain(w *walk) {
	t := w.t
	t.Helper()
	parsed, err := template.Load(w.s.root)
	if err != nil {
		t.Fatal(err)
	}
	mappings, err := parsed.Streams()
	if err != nil {
		t.Fatal(err)
	}
	arn, err := stream.Find(t.Context(), w.client, w.s.table)
	if err != nil {
		t.Fatal(err)
	}
	w.want(http.StatusOK, "", "POST", "/dev/schedules/ExpiryFunction", "") // that of the start is over by then
	w.calm()
	read, positions := &reading{}, filepath.Join(t.TempDir(), "p")
	poller, err := stream.New(stream.Config{
		Client: engine.Streams(w.s.endpoint), Stream: arn, Mapping: mappings[0], Function: function.Function{ID: "reading", Handler: read, Timeout: time.Minute},
		Positions: positions, Failures: t.TempDir(), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- poller.Run(ctx) }()
	streamtest.Await(t, engine.Streams(w.s.endpoint), arn, positions)
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	last := read.records[max(0, len(read.records)-150):]
	before := w.want(http.StatusOK, "admin", "GET", "/v1/accounts/"+w.account+"/alerts", "")
	for range 3 {
		rand.Shuffle(len(last), func(i, j int) { last[i], last[j] = last[j], last[i] })
		for batch := range slices.Chunk(last, 40) {
			body, err := json.Marshal(map[string]any{"Records": batch})
			if err != nil {
				t.Fatal(err)
			}
			if said := w.want(http.StatusOK, "", "POST", dev.InvokePath+"/2015-03-31/functions/PublisherFunction/invocations", string(body)); said != `{"batchItemFailures":[]}` {
				t.Fatalf("the publisher says %s", said)
			}
		}
	}
	if diff := cmp.Diff(before, w.want(http.StatusOK, "admin", "GET", "/v1/accounts/"+w.account+"/alerts", "")); diff != "" {
		t.Errorf("alerts listed (-before +after):\n%s", diff)
	}
	w.told(1, 1)
}

// reading keeps the records of a stream.
type reading struct {
	mu      sync.Mutex
	records []json.RawMessage
}

func (r *reading) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	var in struct{ Records []json.RawMessage }
	if err := json.Unmarshal(payload, &in); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.records = append(r.records, in.Records...)
	return []byte(`{"batchItemFailures":[]}`), nil
}

// midnight moves the clock over the end of a contract's last day. While nothing can be written, no sweep marks it.
func midnight(w *walk) {
	t := w.t
	t.Helper()
	french, _ := w.r.accounts()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	// One of the test's own: midnight itself may come at any time, and must not end it before the test does.
	expiry := time.Now().In(paris).AddDate(0, 0, 3).Format(time.DateOnly)
	w.want(http.StatusOK, "operator", "PUT", "/v1/crm/contracts/800WalkMidnight", fmt.Sprintf(
		`{"changedAt": %q, "account": {"crmId": "001DemoFr000000"}, "name": "Téléphonie – Minuit", "expiryDate": %q, "systemsPurchased": 1}`, time.Now().UTC().Format(time.RFC3339), expiry))
	shown := func() (id, status string) {
		var page struct {
			Items []struct{ ID, Status string }
		}
		said := w.want(http.StatusOK, "viewer", "GET", "/v1/accounts/"+french+"/contracts?q=Minuit", "")
		if err := json.Unmarshal([]byte(said), &page); err != nil || len(page.Items) != 1 {
			t.Fatalf("%v: %s", err, said)
		}
		return page.Items[0].ID, page.Items[0].Status
	}
	c, status := shown()
	if status != "active" {
		t.Fatalf("it is %s until %s", status, expiry)
	}
	ends, err := time.ParseInLocation(time.DateOnly, expiry, paris)
	if err != nil {
		t.Fatal(err)
	}
	w.want(http.StatusOK, "", "POST", "/dev/faults", `[{"call": "write", "mode": "fail-before"}]`)
	w.want(http.StatusOK, "", "POST", "/dev/clock", fmt.Sprintf(`{"now": %q}`, ends.Add(time.Minute).UTC().Format(time.RFC3339)))
	if _, status := shown(); status != "expired" {
		t.Errorf("a minute after midnight it is shown as %s", status)
	}
	expired := func() int {
		said := w.want(http.StatusOK, "admin", "GET", "/v1/accounts/"+french+"/activity?subjectId="+c, "")
		return strings.Count(said, `"contract.expired"`)
	}
	if n := expired(); n != 0 {
		t.Errorf("marked %d times while nothing could be written", n)
	}
	w.want(http.StatusOK, "", "DELETE", "/dev/faults", "")
	for range 3 {
		w.want(http.StatusOK, "", "POST", "/dev/schedules/ExpiryFunction", "")
	}
	if n := expired(); n != 1 {
		t.Errorf("marked %d times, want once", n)
	}
	w.toldOfTheEnd("Minuit")
	w.want(http.StatusOK, "", "POST", "/dev/clock", `{"reset": true}`)
}

// toldOfTheEnd wants both administrators and the partner told once that a contract has expired.
func (w *walk) toldOfTheEnd(contract string) {
	w.t.Helper()
	told := func() map[string]int {
		to := map[string]int{}
		for _, m := range w.r.box(w.t) {
			if strings.Contains(m.Subject, contract) && (strings.Contains(m.Subject, "a expiré") || strings.Contains(m.Subject, "has expired")) {
				to[m.To]++
			}
		}
		return to
	}
	for end := time.Now().Add(patience); len(told()) < 3 && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
	}
	time.Sleep(time.Second)
	to := told()
	for who, n := range to {
		if n != 1 {
			w.t.Errorf("%s was told %d times", who, n)
		}
	}
	if len(to) < 3 {
		w.t.Errorf("told %v, want both administrators and the partner", to)
	}
}

// refusedForAWhile crosses 80 % again while the bus takes nothing.
func refusedForAWhile(w *walk) {
	w.t.Helper()
	w.free(w.people...)
	w.want(http.StatusOK, "", "POST", "/dev/faults", `[{"call": "publish", "mode": "refuse"}]`)
	w.assign(w.people[0])
	w.assign(w.people[1])
	w.told(1, 1)
	w.want(http.StatusOK, "", "DELETE", "/dev/faults", "")
	w.told(2, 1)
	w.none()
}
