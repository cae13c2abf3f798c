package check

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// contractOfAPI is what the document promises of answers, and which of its statuses were seen.
type contractOfAPI struct {
	doc      openAPI
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema
	seen     map[string]map[int]bool
}

func readContract(t *testing.T) *contractOfAPI {
	t.Helper()
	text, err := functions.Describe().OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	c := &contractOfAPI{compiler: jsonschema.NewCompiler(), schemas: map[string]*jsonschema.Schema{}, seen: map[string]map[int]bool{}}
	if err := json.Unmarshal(text, &c.doc); err != nil {
		t.Fatal(err)
	}
	whole, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c.compiler.DefaultDraft(jsonschema.Draft2020)
	c.compiler.AssertFormat()
	if err := c.compiler.AddResource("openapi.json", whole); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *contractOfAPI) operation(op served) operation {
	return c.doc.Paths[op.Path][strings.ToLower(op.Method)]
}

// schema is that of an answer's body.
func (c *contractOfAPI) schema(op served, status, media string) (*jsonschema.Schema, error) {
	escape := strings.NewReplacer("~", "~0", "/", "~1").Replace
	at := "openapi.json#/paths/" + escape(op.Path) + "/" + strings.ToLower(op.Method) + "/responses/" + status + "/content/" + escape(media) + "/schema"
	if c.schemas[at] == nil {
		compiled, err := c.compiler.Compile(at)
		if err != nil {
			return nil, err
		}
		c.schemas[at] = compiled
	}
	return c.schemas[at], nil
}

// holds says what of an answer is not as the document promises; nil is nothing.
func (c *contractOfAPI) holds(op served, r response) error {
	status := strconv.Itoa(r.StatusCode)
	promised, ok := c.operation(op).Responses[status]
	if !ok {
		return fmt.Errorf("%s is not documented", status)
	}
	if c.seen[op.ID] == nil {
		c.seen[op.ID] = map[int]bool{}
	}
	c.seen[op.ID][r.StatusCode] = true
	if r.Body == "" {
		if len(promised.Content) > 0 {
			return fmt.Errorf("%s without a body", status)
		}
		return nil
	}
	media, _, _ := strings.Cut(r.Headers["Content-Type"], ";")
	if _, ok := promised.Content[media]; !ok {
		return fmt.Errorf("%s as %q is not documented", status, media)
	}
	if !strings.Contains(media, "json") { // a table, or a document as people read it: no schema says what is in it
		return nil
	}
	s, err := c.schema(op, status, media)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(r.Body))
	if err != nil {
		return err
	}
	if named, _ := r.document["status"].(float64); r.StatusCode >= http.StatusBadRequest && (int(named) != r.StatusCode || r.word("detail") == "" || r.word("detail") == r.word("code")) {
		return fmt.Errorf("a problem that says %v and %q", r.document["status"], r.word("detail"))
	}
	return s.Validate(value)
}

// tell sends a request and holds its answer to the document.
func (c *contractOfAPI) tell(ctx context.Context, op served, q request) (response, error) {
	answer, err := op.lambda(ctx, q.event())
	if err != nil {
		return response{}, fmt.Errorf("the function failed: %w", err)
	}
	r := response{APIGatewayV2HTTPResponse: answer}
	if strings.Contains(answer.Headers["Content-Type"], "json") {
		if err := json.Unmarshal([]byte(answer.Body), &r.document); err != nil {
			return r, err
		}
	}
	return r, c.holds(op, r)
}

// Whatever is sent, made from the OpenAPI document: no answer is a 5xx, each is documented and fits its schema, and every
// documented status is one that can be reached.
func TestAnyRequestIsAnsweredAsDocumented(t *testing.T) {
	client, name := enginetest.Open(t)
	w, c, faults := newTown(t), readContract(t), table.NewFaults(1)
	db := table.New(client, name, faults)
	w.gateway = newGateway(func(string) functions.Ground { return ground(t, db, func() time.Time { return t0 }) })
	readers := w.open("Read")
	for _, op := range w.gateway.operations {
		t.Run(op.ID, func(t *testing.T) {
			// What changes something has a place of its own: it is closed to some by it.
			p := readers
			if op.Method != http.MethodGet {
				p = w.open("Drawn")
			}
			w.probe(t, c, op, p, faults)
			c.reached(t, op) // before anything is drawn, so that chance has no part in it
			if t.Failed() {
				return // rapid draws nothing in a test that has failed
			}
			callers, d := w.insiders(p, examples[op.ID].alone), newDrawer(c.doc, p)
			callers["nobody"] = w.subject()
			names := sortedKeys(callers)
			rapid.Check(t, func(rt *rapid.T) {
				q := d.request(rt, t, op, c.operation(op))
				q.as = callers[rapid.SampledFrom(names).Draw(rt, "caller")]
				r, err := c.tell(t.Context(), op, q)
				if err != nil || r.StatusCode >= http.StatusInternalServerError {
					rt.Fatalf("%s %s %v\n%q\nis answered %d %s: %v", q.method, q.path, q.headers, q.body, r.StatusCode, r.Body, err)
				}
			})
		})
	}
}

// probe asks for what every operation documents alike, then for what it is there for, and at last for its own conflicts.
func (w *town) probe(t *testing.T, c *contractOfAPI, op served, p place, faults *table.Faults) {
	t.Helper()
	d, sent := describedOf(t)[op.ID], len(c.operation(op).RequestBody.Content) > 0
	holder := w.holder(p, op)
	send := func(ctx context.Context, change func(*request)) {
		t.Helper()
		q := w.ask(t, op, d, p, holder)
		change(&q)
		if _, err := c.tell(ctx, op, q); err != nil {
			t.Errorf("%s %s %v %.200q: %v", q.method, q.path, q.headers, q.body, err)
		}
	}
	refused := []func(*request){
		func(q *request) { q.as = access.Subject{} },
		func(q *request) { q.as = w.member(p) },
		func(q *request) { q.as = w.twin(p) },
		func(q *request) { q.path += "?%zz" },
		func(q *request) { q.headers["accept"] = "image/png" },
		func(q *request) { q.path += "?pageSize=1&pageSize=2" },
		func(q *request) { q.path = strings.Replace(q.path, string(p.account), w.never(string(p.account)), 1) },
		func(q *request) { q.path = elsewhere(w, op) },
		func(q *request) { q.body = strings.Repeat("x", 6<<20) },
	}
	if sent {
		refused = append(refused, func(q *request) { q.headers["content-type"], q.body = "text/plain", "x" })
	}
	if len(parametersOf(op.Path)) > 0 {
		refused = append(refused, func(q *request) { q.path = elsewhere(w, op) + "%01" })
	}
	if d.matches() {
		refused = append(refused, func(q *request) { delete(q.headers, "if-match") }, func(q *request) { q.headers["if-match"] = `"999999"` })
	}
	if d.keyed() {
		refused = append(refused, func(q *request) { delete(q.headers, "idempotency-key"); q.body = "{}" })
	}
	for _, change := range refused {
		send(t.Context(), change)
	}
	faults.Arm(table.Fault{Mode: table.FailBefore, P: 1})
	send(t.Context(), func(*request) {})
	faults.Arm()
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	send(late, func(*request) {})
	if e, ok := examples[op.ID]; ok && e.first != nil {
		e.first(w, p)
	}
	send(t.Context(), func(*request) {})
	for _, change := range conflicts[op.ID] {
		send(t.Context(), func(q *request) {
			if d.keyed() {
				q.headers["idempotency-key"] = "another"
			}
			change(w, p, q)
		})
	}
}

// elsewhere is the operation's path with ids in it that never were.
func elsewhere(w *town, op served) string {
	return parameter.ReplaceAllStringFunc(op.Path, func(braced string) string {
		switch braced {
		case "{productId}":
			return "no-such-product"
		case "{crmId}":
			return string(w.crm("800"))
		}
		prefix := map[string]string{"{accountId}": "acc", "{contractId}": "ctr", "{systemId}": "sys", "{userId}": "usr", "{costCenterId}": "cc", "{partnerId}": "par", "{staffId}": "stf", "{permissionSetId}": "set", "{removalId}": "rem", "{requestId}": "req", "{exportId}": "exp", "{orderId}": "ord"}[braced]
		return w.never(prefix + "_")
	})
}

// holder is somebody who may do an operation in a place.
func (w *town) holder(p place, op served) access.Subject {
	w.t.Helper()
	if op.InAccount() && slices.Contains([]access.Permission{access.ManageLicences, access.ManageBilling, access.SendRequests}, op.Needs) {
		return p.buyer
	}
	return w.operator
}

// twin is a second subject of an address whose first one has signed in: refused everywhere.
func (w *town) twin(p place) access.Subject {
	w.t.Helper()
	first, second := w.subject(), w.subject()
	first.Email = first.ID + "@example.com"
	second.Email = first.Email
	w.enrol(first, account.Member{Account: p.account, Email: first.Email})
	return second
}

// reached says which of an operation's documented statuses nothing came to.
func (c *contractOfAPI) reached(t *testing.T, op served) {
	t.Helper()
	var missed []string
	for status := range c.operation(op).Responses {
		n, err := strconv.Atoi(status)
		_, told := toldElsewhere[op.ID+" "+status]
		if reached := err == nil && c.seen[op.ID][n]; !reached && !told {
			missed = append(missed, status)
		}
	}
	if slices.Sort(missed); len(missed) > 0 {
		t.Errorf("%s documents %s, and nothing came to it", op.ID, strings.Join(missed, ", "))
	}
}
