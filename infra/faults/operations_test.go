package faults_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/infra/check"
	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/infra/faults"
	"github.com/seatkeeper/seatkeeper/internal/event"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// open is a lab on a table of its own.
func open(t *testing.T) *lab {
	t.Helper()
	client, name := enginetest.Own(t)
	return over(t, client, name)
}

func over(t *testing.T, client *dynamodb.Client, name string) *lab {
	wire, db := faults.NewWire(client, name)
	return &lab{TB: t, wire: wire, table: db, ids: faults.NewIds(rand.Reader), post: &faults.Postbox{}, line: &faults.Line{}}
}

// ground is what a function stands on in the lab.
func (l *lab) ground(now time.Time) functions.Ground {
	l.Helper()
	g := check.Ground(l, l.table, now)
	g.IDs, g.Mailer, g.Log = l.ids.Maker, l.post, slog.New(slog.DiscardHandler)
	return g
}

// asked is a write as a deed.
func (l *lab) asked(name string, w check.Way) deed {
	if w.Key != httpapi.NoKey {
		w.Headers["idempotency-key"] = "one"
	}
	return deed{name: name, gone: gone[name], anew: anew[w.ID], mailsFirst: mailsFirst[w.ID], parts: parts[w.ID], begin: func() func(context.Context) outcome {
		serve := functions.HTTP()[w.Function](l.ground(check.Now())).Lambda()
		return func(ctx context.Context) outcome {
			answer, err := serve(ctx, w.Event())
			l.must(err)
			o := outcome{said: fmt.Sprint(answer.StatusCode, " ", answer.Body)}
			o.done, o.failed = answer.StatusCode < 300, answer.StatusCode >= 500
			o.busy = answer.StatusCode == http.StatusServiceUnavailable && answer.Headers["Retry-After"] != ""
			if w.ID == "importFile" && o.done {
				o = imported(answer.Body, o)
			}
			return o
		}
	}}
}

// imported is an import's outcome: a row that could not be written is told among the rows.
func imported(body string, o outcome) outcome {
	var report struct{ Rejected int }
	if json.Unmarshal([]byte(body), &report) == nil && report.Rejected > 0 {
		o.done, o.failed = false, true
	}
	return o
}

// gone says why asking again is refused once it is done: no key is taken, and what it was about is not as it was. Their
// callers read the refusal as done.
var gone = map[string]string{
	"deletePermissionSet": "there is no such set any more (404)",
	"removePartnerStaff":  "they are not of the staff any more (404)",
	"removeOperator":      "they are no operator any more (404)",
	"withdrawRemoval":     "it is withdrawn already (409)",
	"putRequestIntoCart":  "it is in the cart already (409)",
	"putProduct new":      "there is one now, which is changed by its ETag (428)",
}

// anew says of operations why asking again does it again.
var anew = map[string]string{
	"quoteCart": "a quote is a price for half an hour, and asking again asks for the price of now",
}

// mailsFirst says of operations why they mail somebody before they write.
var mailsFirst = map[string]string{
	"resendInvitation": "the mail is what is asked for; what is written is that it left",
}

// parts says of operations why they are done in parts.
var parts = map[string]string{
	"importFile": "each row of a file is a write of its own, so that a bad one keeps no other from it",
}

// unrecorded are operations that change something of which nobody keeps a record, and why.
var unrecorded = map[string]string{
	"changeMe":       "what somebody sets for themselves changes nothing for the account",
	"putCartItem":    "a cart is its owner's draft; the order is recorded",
	"removeCartItem": "as putCartItem",
	"emptyCart":      "as putCartItem",
	"quoteCart":      "as putCartItem",
}

// Every call of every operation that writes fails in turn; then all is as it was, or as it was to be, and who asks again
// gets what was asked for, once (DATA.md, Guards). The operations are those of the OpenAPI document, and a new one that
// nobody knows how to ask for fails here by its name.
func TestAnyCallOfAWriteMayFailAndTheRepeatIsRight(t *testing.T) {
	l := open(t)
	wrote, left := map[string]bool{}, 0
	check.Ways(t, l.table, func(name string, ready func() check.Way) {
		taken := false
		t.Run(name, func(t *testing.T) {
			taken, l.TB = true, t
			l.within(func() {
				w := ready()
				l.owner = books{t, l.wire.Past(), w.Account}
				l.within(func() {
					if w.Method == http.MethodGet && !l.writes(name, w) {
						return
					}
					l.prove(l.asked(name, w))
					wrote[w.ID] = l.recorded(name, w) || wrote[w.ID]
				})
			})
		})
		if !taken { // by -run
			left++
		}
	})
	for _, op := range operations(t) {
		if op.writes && !wrote[op.id] && left == 0 {
			t.Errorf("%s: no story of it changes anything: give it one in infra/check (examples, ways)", op.id)
		}
	}
	t.Logf("%d faults", l.faults)
}

// writes tells whether an operation changes anything.
func (l *lab) writes(name string, w check.Way) bool {
	l.Helper()
	if o := l.asked(name, w).begin()(l.Context()); !o.done {
		l.Errorf("%s: %s", name, o.said)
	}
	some := len(l.wire.Was()) > 0
	l.back()
	return some
}

// recorded does the write once more, and holds it to a record of each change and an event of each record of an account. It
// answers whether anything was changed.
func (l *lab) recorded(name string, w check.Way) bool {
	l.Helper()
	if o := l.asked(name, w).begin()(l.Context()); !o.done {
		return false // prove said so
	}
	was, is := l.wire.Was(), l.see()
	old, err := l.ids.State(was)
	l.must(err)
	changed := strings.Join(old, "\n") != strings.Join(is.rows, "\n")
	kept := records(l, was, is.is)
	if why := unrecorded[w.ID]; changed && (len(kept) == 0) != (why != "") {
		l.say("%s: %d records of what changed; none are to be kept because %q", name, len(kept), why)
	}
	for _, f := range event.NewPublisher(l.line, l.table, check.Now).Handle(l.Context(), changes(was, is.is)) {
		l.say("%s: its changes cannot be published: %v", name, f.Err)
	}
	sent := map[string]int{}
	for _, e := range l.line.Taken() {
		sent[e.ID]++
	}
	for _, r := range kept {
		if n := sent["evt_"+string(r.ID)]; r.Account != "" && n != 1 {
			l.say("%s: the record %s became %d events", name, r.Action, n)
		}
	}
	l.back()
	return changed
}

// operation is one of the OpenAPI document.
type operation struct {
	id     string
	writes bool
}

// operations are all of the OpenAPI document that the code makes.
func operations(t testing.TB) (all []operation) {
	t.Helper()
	text, err := functions.Describe().OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct{ OperationID string }
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	for _, methods := range doc.Paths {
		for method, op := range methods {
			all = append(all, operation{op.OperationID, !strings.EqualFold(method, http.MethodGet)})
		}
	}
	return all
}
