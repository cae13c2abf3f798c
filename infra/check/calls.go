package check

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Now is when calls happen; what they are about was made then too.
func Now() time.Time { return t0 }

// Issuer is whose tokens the subjects of calls have.
const Issuer = issuer

// Call is an operation, asked for where it succeeds.
type Call struct {
	httpapi.Operation
	// Name is the operation's id, with what the call is about where one operation is called more than once.
	Name string
	// Function is the folder of the function that serves it.
	Function string
	As       access.Subject
	// Address is the path with its query.
	Address string
	Body    string
	Headers map[string]string
}

// Event is the call as API Gateway hands it on.
func (c Call) Event() events.APIGatewayV2HTTPRequest {
	return request{as: c.As, method: c.Method, path: c.Address, body: c.Body, headers: c.Headers}.event()
}

// Calls makes every operation that the functions have ready to be called, each in a place of its own: once, or again
// after the rows that it wrote are what they were. Those that read find more than one row. An Idempotency-Key is sent where
// one is required, and an If-Match that any revision meets. Quote and checkout are called again with a cart of five rows.
func Calls(t testing.TB, db *table.Table) []Call {
	w, described := townIn(t, db), describedOf(t)
	var all []Call
	for _, op := range w.gateway.operations {
		p := w.open(op.ID)
		if first := examples[op.ID].first; first != nil {
			first(w, p)
		}
		if op.Method == http.MethodGet {
			w.crowd(p)
		}
		ready := func(name string) {
			q := w.ask(t, op, described[op.ID], p, w.caller(p, op.Operation))
			if op.Key != httpapi.KeyRequired && !examples[op.ID].keyed {
				delete(q.headers, "idempotency-key")
			}
			all = append(all, Call{op.Operation, name, op.function, q.as, q.path, q.body, q.headers})
		}
		ready(op.ID)
		if op.ID == "quoteCart" || op.ID == "placeOrder" {
			p = w.open(op.ID)
			w.basket(&p, 5)
			ready(op.ID + ", 5 rows")
		}
	}
	return all
}

// caller is a member who may do it, or the operator where members never may.
func (w *town) caller(p place, op httpapi.Operation) access.Subject {
	member := access.Caller{Kind: access.Member, Roles: []access.Role{access.SuperAdministrator}}
	if op.Needs == access.SignedIn || slices.Contains(member.Holds(), op.Needs) {
		return p.buyer
	}
	return w.operator
}
