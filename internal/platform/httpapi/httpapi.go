// Package httpapi owns what every HTTP operation has in common, whatever it is for: who may call it, how its input is
// read and refused, problem documents in the caller's language, If-Match, Idempotency-Key, page tokens, the log line,
// and the way from an API Gateway event to a handler and back. README.md tells the steps in their order. It owns no rule
// of the domain and finds no caller: package account is handed in for that.
package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// KeyRule says what an operation makes of the Idempotency-Key header.
type KeyRule int

// The rules. An operation that would do a thing twice when it is repeated requires a key (428 without one).
const (
	NoKey KeyRule = iota
	KeyAccepted
	KeyRequired
)

// Operation is one thing that the API does, declared where it is registered.
type Operation struct {
	// ID names the operation for good: kept answers and page tokens are bound to it.
	ID string
	// Method and Path are the route. A path with {accountId} is an operation within that account.
	Method, Path string
	Summary      string
	Tag          string
	// Needs is the one permission that a caller must hold.
	Needs access.Permission
	Key   KeyRule
	// MaxBody is the most bytes of a body; 0 is 64 KiB. A longer one is 413.
	MaxBody int64
	// Success is the status of a good answer; 0 is 200, or 204 where the output is NoBody.
	Success int
	// Offers are the media types of an answer that is a Document, first the one for a caller who takes all of them alike.
	Offers []string
	// Refusals are the statuses to document besides those that every operation of its form has.
	Refusals []int
}

// InAccount tells whether the operation works within the account that its path names.
func (o Operation) InAccount() bool { return strings.Contains(o.Path, "{"+accountParameter+"}") }

const (
	accountParameter = "accountId"
	defaultMaxBody   = 64 << 10
)

// NoBody is the output of an operation that answers with nothing but its status.
type NoBody struct{}

// Loaded is what is known of a caller as seen from an account, and of the account. Outside accounts, and for a stranger
// to the account, Account and Locale may be empty.
type Loaded[A any] struct {
	Caller  access.Caller
	Account A
	// Locale is the account's language, used where neither the request nor the person names one.
	Locale string
}

// Config is what an API is made of. The OpenAPI document needs Title and Version alone; everything else serves requests.
type Config[A any] struct {
	Title, Version string
	// Load says how a subject stands to an account (an empty one: to operations outside accounts). It is called once a
	// request, before parameters and body are looked at. An account that does not exist is no error: to everybody but an
	// operator it must look like a foreign one.
	Load func(ctx context.Context, subject access.Subject, account id.Account, from Source, now time.Time) (Loaded[A], error)
	// Table keeps the answers of requests that carry an Idempotency-Key.
	Table  *table.Table
	Sealer *table.Sealer
	Now    func() time.Time
	Log    *slog.Logger
}

// API is a set of operations and what serves them. Register everything before the first request.
type API[A any] struct {
	config     Config[A]
	mux        *http.ServeMux
	operations []Operation
	// declarations tell a Huma of the operations, each of its own.
	declarations []func(huma.API)
}

// New makes an API without operations.
func New[A any](config Config[A]) *API[A] {
	return &API[A]{config: config, mux: http.NewServeMux()}
}

// Register adds an operation. I is what Huma reads parameters and body into; O is the answer's JSON, or NoBody. An O
// with a method `Revision() int` is answered with its ETag; one that is or embeds a Page is given as CSV too; a
// Document is sent as one of op.Offers. A declaration that makes no sense panics: what is seen here at start, what Huma
// sees at the first request or document.
//
// Huma looks at each type of an operation with reflection and compiles its patterns, which takes longer than all else of a
// start: it does so at the operation's first request, and never for those that nobody asks for.
func Register[A, I, O any](api *API[A], op Operation, handle func(ctx context.Context, call Call[A], in *I) (*O, error)) {
	op = complete(op, new(O))
	f := form{reflect.TypeFor[I](), new(O), columnsOf(op, new(O))}
	api.add(op, func(to huma.API) {
		huma.Register(to, api.declaration(to, op, f), func(ctx context.Context, in *I) (*struct{}, error) {
			api.run(ctx, op.ID, func(call Call[A]) (any, error) {
				out, err := handle(ctx, call, in)
				if out == nil {
					return nil, err // a nil *O would be an any that is something
				}
				return out, err
			})
			return nil, nil // the exchange holds the outcome; what Huma would write is not sent
		})
	})
}

// form is what an operation takes and, as a new value, what it gives, with the columns of its CSV. What works on a form is in a
// function once; what had their types as parameters would be there once for each operation.
type form struct {
	in      reflect.Type
	out     any
	columns []column
}

// add lists an operation, and serves it from its first request on.
func (api *API[A]) add(op Operation, declare func(huma.API)) {
	if slices.ContainsFunc(api.operations, func(other Operation) bool { return other.ID == op.ID }) {
		panic(fmt.Sprintf("operation %q is there already", op.ID))
	}
	api.operations, api.declarations = append(api.operations, op), append(api.declarations, declare)
	ready := sync.OnceValue(func() *alone {
		h := &alone{}
		declare(humago.New(h, api.humaConfig()))
		return h
	})
	api.mux.HandleFunc(op.Method+" "+op.Path, func(w http.ResponseWriter, r *http.Request) { ready().ServeHTTP(w, r) })
}

// alone is what serves one operation: the mux has found it. Its Huma has schemas of its own, so that none change while
// another operation reads them.
type alone struct{ http.HandlerFunc }

// HandleFunc takes the one handler that Huma has for its operation.
func (h *alone) HandleFunc(_ string, handler func(http.ResponseWriter, *http.Request)) {
	h.HandlerFunc = handler
}

// declaration is what Huma is told of an operation, and what it does before it reads the input.
func (api *API[A]) declaration(to huma.API, op Operation, f form) huma.Operation {
	described := describe(to.OpenAPI().Components.Schemas, op, f)
	described.Middlewares = huma.Middlewares{func(hc huma.Context, next func(huma.Context)) {
		x := exchangeOf[A](hc.Context())
		x.op, x.columns = &op, f.columns
		r, _ := humago.Unwrap(hc)
		if x.err = api.admit(x, r, hc.Operation()); x.err == nil && !x.answered() {
			next(hc)
		}
	}}
	return described
}

// run is the handler's part of a request; its outcome is in the exchange.
func (api *API[A]) run(ctx context.Context, operation string, handle func(Call[A]) (any, error)) {
	x := exchangeOf[A](ctx)
	out, err := watched(ctx, func() (any, error) { return handle(x.call()) })
	if err == nil && out == nil {
		err = fmt.Errorf("operation %s answered neither an output nor an error", operation)
	}
	if err == nil {
		err = x.succeed(out)
	}
	if err != nil {
		x.err = api.twinOr(ctx, x, err)
	}
}

// complete fills in what a declaration leaves out, and refuses one that makes no sense.
func complete(op Operation, out any) Operation {
	if op.ID == "" || op.Needs == "" || !strings.HasPrefix(op.Path, "/") {
		panic(fmt.Sprintf("operation %q %s %s: id, path and permission are needed", op.ID, op.Method, op.Path))
	}
	checkOffers(op, out)
	if op.MaxBody == 0 {
		op.MaxBody = defaultMaxBody
	}
	if op.Success == 0 {
		op.Success = http.StatusOK
		if bodiless(out) {
			op.Success = http.StatusNoContent
		}
	}
	return op
}

func bodiless(out any) bool {
	_, none := out.(*NoBody)
	return none
}

// Operations lists what was registered, in that order.
func (api *API[A]) Operations() []Operation { return slices.Clone(api.operations) }

// Handler serves the operations over HTTP. Only a request that came through Lambda carries a subject: to all others
// every operation is 401.
func (api *API[A]) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { api.serve(w, r, nil) })
}

// Lambda serves the operations to API Gateway (HTTP API, payload 2.0). Its error is always nil: everything that goes
// wrong is an answer.
func (api *API[A]) Lambda() func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	return adapt(api.serve)
}
