package httpapi_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// keeping is a world on the real engine whose operation `do` makes one thing in one transaction, with the kept answer.
func keeping(t *testing.T) *world {
	client, name := enginetest.Open(t)
	w := newWorld(t)
	maker := id.NewMaker(rand.Reader)
	w.ours, w.foreign = id.New[id.Account](maker, t0), id.New[id.Account](maker, t0)
	w.faults = table.NewFaults(1)
	w.table = table.New(client, name, w.faults)
	w.build(nil)
	made := 0
	w.handle = func(ctx context.Context, call httpapi.Call[string], in *thingInput) (*Thing, error) {
		w.mu.Lock()
		made++
		// Each run would answer something else: only what was kept can make a repeat's bytes equal.
		out := &Thing{ID: thing, Name: fmt.Sprintf("%s-%d", in.Body.Name, made), revision: made}
		w.mu.Unlock()
		ops, err := call.Keep(out)
		if err != nil {
			return nil, err
		}
		err = w.table.Write(ctx, append(ops, table.Put(table.System(call.AccountID, thing), table.Item{}, table.Absent()))...)
		if unmet := (*table.ConditionError)(nil); errors.As(err, &unmet) {
			return nil, fault.New(fault.Conflict, "system_already_connected", fault.Text("name", "other")).Because(err)
		}
		return out, err
	}
	return w
}

func (w *world) keyed(key, body string) request {
	return request{as: "administrator", method: "POST", path: "/v1/accounts/" + string(w.ours) + "/things", body: body, headers: map[string]string{"idempotency-key": key}}
}

// forget removes the thing, so that the next run of the handler would make it anew.
func (w *world) forget() {
	w.t.Helper()
	if err := w.table.Write(context.Background(), table.Delete(table.System(w.ours, thing), nil, table.Guarded())); err != nil {
		w.t.Fatal(err)
	}
}

func TestARepeatIsAnsweredWithTheFirstAnswersBytes(t *testing.T) {
	w := keeping(t)
	first := w.want(w.keyed("k1", `{"name":"xy"}`), 201, "")
	if first.Headers["Idempotent-Replay"] != "" || first.doc["name"] != "xy-1" {
		t.Errorf("first: %v %s", first.Headers, first.Body)
	}
	w.forget()
	again := w.want(w.keyed("k1", `{"name":"xy"}`), 201, "")
	if again.Body != first.Body || again.Headers["Idempotent-Replay"] != "true" {
		t.Errorf("again: %v %s, want %s", again.Headers, again.Body, first.Body)
	}
	for _, name := range []string{"Etag", "Content-Type", "Content-Language"} {
		if first.Headers[name] == "" || again.Headers[name] != first.Headers[name] {
			t.Errorf("%s: %q, then %q", name, first.Headers[name], again.Headers[name])
		}
	}
	if w.calls != 1 {
		t.Errorf("the handler ran %d times", w.calls)
	}
	lines := w.lines()
	if lines[1]["code"] != "replayed" || lines[1]["calls"] != 1.0 {
		t.Errorf("line: %v", lines[1])
	}
	if other := w.want(w.keyed("k2", `{"name":"xy"}`), 201, ""); other.doc["name"] != "xy-2" {
		t.Errorf("another key: %s", other.Body)
	}
}

func TestAKeyOfAnotherRequestIs422(t *testing.T) {
	w := keeping(t)
	w.want(w.keyed("k", `{"name":"xy"}`), 201, "")
	w.want(w.keyed("k", `{"name":"zz"}`), 422, "idempotency_key_reused")
	w.want(w.keyed("k", `{"name":"xy" }`), 422, "idempotency_key_reused")
	dry := w.keyed("k", `{"name":"xy"}`)
	dry.path += "?dryRun=true"
	w.want(dry, 422, "idempotency_key_reused")
	if w.calls != 1 {
		t.Errorf("the handler ran %d times", w.calls)
	}
}

func TestAKeyOfAnotherThingOfTheSameOperationIs422(t *testing.T) {
	w := keeping(t)
	httpapi.Register(w.api, httpapi.Operation{ID: "touch", Method: "POST", Path: "/v1/accounts/{accountId}/things/{thingId}/touch", Needs: access.View, Key: httpapi.KeyRequired},
		func(ctx context.Context, call httpapi.Call[string], in *oneInput) (*Thing, error) {
			out := &Thing{ID: in.Thing}
			ops, err := call.Keep(out)
			if err != nil {
				return nil, err
			}
			return out, w.table.Write(ctx, ops...)
		})
	touch := w.keyed("k", "")
	touch.path += "/" + string(thing) + "/touch"
	w.want(touch, 200, "")
	touch.path = strings.Replace(touch.path, "0001/touch", "0002/touch", 1)
	w.want(touch, 422, "idempotency_key_reused")
	// Another operation has keys of its own.
	w.want(w.keyed("k", `{"name":"xy"}`), 201, "")
}

func TestWhatWasKeptIsWhatIsAnswered(t *testing.T) {
	w := keeping(t)
	plain := w.handle
	w.handle = func(ctx context.Context, call httpapi.Call[string], in *thingInput) (*Thing, error) {
		out, err := plain(ctx, call, in)
		if out != nil {
			out.Name = "changed after it was kept"
		}
		return out, err
	}
	first := w.want(w.keyed("k", `{"name":"xy"}`), 201, "")
	if again := w.want(w.keyed("k", `{"name":"xy"}`), 201, ""); again.Body != first.Body || first.doc["name"] != "xy-1" {
		t.Errorf("%s, then %s", first.Body, again.Body)
	}
}

func TestAKeyCountsForItsCallerAndAccountAlone(t *testing.T) {
	w := keeping(t)
	w.want(w.keyed("k", `{"name":"xy"}`), 201, "")
	w.forget()
	issued := w.keyed("k", `{"name":"xy"}`)
	issued.edit = func(e *events.APIGatewayV2HTTPRequest) {
		e.RequestContext.Authorizer.Lambda["issuer"] = "https://other.example"
	}
	if r := w.want(issued, 201, ""); r.doc["name"] != "xy-2" {
		t.Errorf("the same subject of another issuer: %s", r.Body)
	}
	w.forget()
	other := w.keyed("k", `{"name":"xy"}`)
	other.as = "super_administrator"
	if r := w.want(other, 201, ""); r.doc["name"] != "xy-3" {
		t.Errorf("another caller: %s", r.Body)
	}
	elsewhere := w.keyed("k", `{"name":"xy"}`)
	elsewhere.as, elsewhere.path = "operator", "/v1/accounts/"+string(w.foreign)+"/things"
	if r := w.want(elsewhere, 201, ""); r.doc["name"] != "xy-4" {
		t.Errorf("another account: %s", r.Body)
	}
}

func TestAKeptAnswerIsNotForWhoLostTheRight(t *testing.T) {
	w := keeping(t)
	w.want(w.keyed("k", `{"name":"xy"}`), 201, "")
	foreigner := w.keyed("k", `{"name":"xy"}`)
	foreigner.path = "/v1/accounts/" + string(w.foreign) + "/things"
	w.want(foreigner, 404, "not_found")
}

func TestARefusalIsNotKept(t *testing.T) {
	w := keeping(t)
	w.want(w.keyed("first", `{"name":"xy"}`), 201, "")
	w.want(w.keyed("k", `{"name":"xy"}`), 409, "system_already_connected")
	w.forget()
	w.want(w.keyed("k", `{"name":"xy"}`), 201, "")
}

func TestOfManyTwinsOneActsAndAllGetItsBytes(t *testing.T) {
	for _, conflicts := range []bool{false, true} {
		w := keeping(t)
		if conflicts { // none so often that the time is over in which a write is repeated
			w.faults.Arm(table.Fault{Mode: table.Conflict, P: 1, Times: 3}, table.Fault{Mode: table.Conflict, P: 0.1})
		}
		var wg sync.WaitGroup
		bodies := make([]string, 16)
		for i := range bodies {
			wg.Go(func() { bodies[i] = w.want(w.keyed("k", `{"name":"xy"}`), 201, "").Body })
		}
		wg.Wait()
		slices.Sort(bodies)
		if distinct := slices.Compact(bodies); len(distinct) != 1 {
			t.Errorf("conflicts %t: %d answers: %q", conflicts, len(distinct), distinct)
		}
	}
}

func TestTheRecordAloneDecidesBetweenTwins(t *testing.T) {
	w := keeping(t)
	runs, waiting := 0, 0
	var two *sync.WaitGroup // nobody writes before two have decided, so that one of them is late
	w.handle = func(ctx context.Context, call httpapi.Call[string], in *thingInput) (*Thing, error) {
		w.mu.Lock()
		runs++
		out := &Thing{ID: thing, Name: fmt.Sprint(runs)}
		if waiting < 2 {
			waiting++
			two.Done()
		}
		w.mu.Unlock()
		two.Wait()
		ops, err := call.Keep(out)
		if err != nil {
			return nil, err
		}
		return out, w.table.Write(ctx, ops...)
	}
	// The second time, what stands in the way is a record that has run out.
	for _, later := range []time.Duration{0, 50 * time.Hour} {
		w.advance(later)
		waiting, two = 0, &sync.WaitGroup{}
		two.Add(2)
		var wg sync.WaitGroup
		bodies := make([]string, 16)
		for i := range bodies {
			wg.Go(func() { bodies[i] = w.want(w.keyed("k", `{"name":"xy"}`), 201, "").Body })
		}
		wg.Wait()
		slices.Sort(bodies)
		if distinct := slices.Compact(bodies); len(distinct) != 1 {
			t.Errorf("after %v: %d answers: %q", later, len(distinct), distinct)
		}
	}
	if runs < 4 {
		t.Errorf("%d runs, want two at least in each round", runs)
	}
}

func TestATwinThatWinsWhileThisOneDecidesAnswersForBoth(t *testing.T) {
	w := keeping(t)
	plain := w.handle
	var twin response
	w.handle = func(ctx context.Context, call httpapi.Call[string], in *thingInput) (*Thing, error) {
		w.handle = plain
		twin = w.send(w.keyed("k", `{"name":"xy"}`))
		return w.handle(ctx, call, in)
	}
	r := w.want(w.keyed("k", `{"name":"xy"}`), 201, "")
	if r.Body != twin.Body || r.Headers["Idempotent-Replay"] != "true" || twin.StatusCode != 201 {
		t.Errorf("%s, its twin %s", r.Body, twin.Body)
	}

	w = keeping(t)
	plain = w.handle
	w.handle = func(ctx context.Context, call httpapi.Call[string], in *thingInput) (*Thing, error) {
		w.handle = plain
		w.send(w.keyed("k", `{"name":"zz"}`))
		return w.handle(ctx, call, in)
	}
	w.want(w.keyed("k", `{"name":"xy"}`), 422, "idempotency_key_reused")
}

func TestAWriteWhoseAnswerWasLostIsAnsweredAfterAll(t *testing.T) {
	w := keeping(t)
	w.faults.Arm(table.Fault{Call: "write", Mode: table.FailAfter, P: 1, Times: 1})
	r := w.want(w.keyed("k", `{"name":"xy"}`), 201, "")
	if again := w.want(w.keyed("k", `{"name":"xy"}`), 201, ""); again.Body != r.Body || w.calls != 1 {
		t.Errorf("%s, then %s after %d runs", r.Body, again.Body, w.calls)
	}
	w.forget()
	w.faults.Arm(table.Fault{Call: "write", Mode: table.FailBefore, P: 1, Times: 1})
	w.want(w.keyed("k2", `{"name":"xy"}`), 500, "internal_error")
	w.want(w.keyed("k2", `{"name":"xy"}`), 201, "")
	// The look-up that fails too changes nothing: the first error stands.
	w.forget()
	w.faults.Arm(table.Fault{Call: "write", Mode: table.FailAfter, P: 1, Times: 1}, table.Fault{Call: "get", Mode: table.FailBefore, Skip: 1, P: 1, Times: 1})
	w.want(w.keyed("k3", `{"name":"xy"}`), 500, "internal_error")
	w.want(w.keyed("k3", `{"name":"xy"}`), 201, "")
}

func TestAKeyIsGoodFor48HoursAndThenForAnotherThing(t *testing.T) {
	w := keeping(t)
	first := w.want(w.keyed("k", `{"name":"xy"}`), 201, "")
	w.forget()
	w.advance(48*time.Hour - time.Second)
	if r := w.want(w.keyed("k", `{"name":"xy"}`), 201, ""); r.Body != first.Body {
		t.Errorf("a second before: %s", r.Body)
	}
	w.advance(time.Second)
	// DynamoDB has not deleted the record yet.
	r := w.want(w.keyed("k", `{"name":"zz"}`), 201, "")
	if r.doc["name"] != "zz-2" {
		t.Errorf("after: %s", r.Body)
	}
	if again := w.want(w.keyed("k", `{"name":"zz"}`), 201, ""); again.Body != r.Body || w.calls != 2 {
		t.Errorf("again: %s after %d runs", again.Body, w.calls)
	}
	w.advance(48 * time.Hour)
	w.forget()
	w.want(w.keyed("k", `{"name":"xy"}`), 201, "")
}

func TestTheRecordRunsOutByItsTTL(t *testing.T) {
	w := keeping(t)
	w.want(w.keyed("k", `{"name":"xy"}`), 201, "")
	items, _, err := w.table.Query(context.Background(), table.Query{PK: table.Idempotency(w.ours, "", "", "").PK, Limit: 10})
	if err != nil || len(items) != 1 {
		t.Fatal(len(items), err)
	}
	var record map[string]any
	if err := table.Decode(items[0], &record); err != nil {
		t.Fatal(err)
	}
	if record["ttl"] != float64(t0.Add(48*time.Hour).Unix()) {
		t.Errorf("ttl: %v", record["ttl"])
	}
	for name, value := range record {
		if s, ok := value.(string); ok && (strings.Contains(s, "administrator") || strings.Contains(s, "#k")) {
			t.Errorf("%s is not hashed: %q", name, s)
		}
	}
}

func TestAKeyThatIsNoneIs400AndAMissingOne428WhereItIsRequired(t *testing.T) {
	w := newWorld(t)
	for _, key := range []string{"", strings.Repeat("k", 256), "a b", "a\tb", "é", "a\x00"} {
		w.want(w.keyed(key, `{"name":"xy"}`), 400, "idempotency_key_invalid")
		vendor := w.keyed(key, `{"name":"xy"}`)
		vendor.as, vendor.path = "operator", "/v1/things"
		w.want(vendor, 400, "idempotency_key_invalid")
	}
	w.want(request{as: "operator", method: "POST", path: "/v1/things", body: `{"name":"xy"}`}, 428, "idempotency_key_required")
	// An operation that takes none does not look at it.
	w.want(request{as: "administrator", method: "GET", path: things, headers: map[string]string{"idempotency-key": ""}}, 200, "")
	k := keeping(t)
	k.want(k.keyed(strings.Repeat("k", 255), `{"name":"xy"}`), 201, "")
	k.want(k.keyed("!~,;=\"", `{"name":"xy"}`), 409, "system_already_connected")
}

func TestWithoutAKeyNothingIsKept(t *testing.T) {
	w := keeping(t)
	unkeyed := w.keyed("", `{"name":"xy"}`)
	unkeyed.headers = nil
	w.want(unkeyed, 201, "")
	items, _, err := w.table.Query(context.Background(), table.Query{PK: table.Idempotency(w.ours, "", "", "").PK, Limit: 10})
	if err != nil || len(items) != 0 {
		t.Errorf("%d records, %v", len(items), err)
	}
	if calls := w.lines()[0]["calls"]; calls != 1.0 {
		t.Errorf("%v calls", calls)
	}
}
