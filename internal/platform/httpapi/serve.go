package httpapi

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/awslabs/aws-lambda-go-api-proxy/core"

	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// exchange is one request on its way to its answer. Exactly one of answer and err is the outcome; nothing is written
// to the client before it is known, so a panic half-way leaves no half answer.
type exchange[A any] struct {
	api     *API[A]
	request *http.Request
	now     time.Time
	source  Source
	lang    text.Lang
	// op is nil until a route is found; account is empty until the path is read.
	op      *Operation
	account id.Account
	loaded  Loaded[A]
	// columns are nil where there is no CSV; csv tells that it was asked for.
	columns []column
	csv     bool
	// media is what was chosen of an operation's Offers.
	media string
	// repeat is nil where no Idempotency-Key counts.
	repeat *repeat

	answer answer
	err    error
}

// answer is what a good request is answered with. It is also what an idempotency record keeps, but for what CSV and
// documents alone have: no operation with a key answers either.
type answer struct {
	status    int
	etag      string
	lang      text.Lang
	media     string
	body      []byte
	replay    bool
	link      string
	truncated bool
	// disposition and policy are a document's.
	disposition, policy string
}

func (x *exchange[A]) answered() bool { return x.answer.status != 0 }

type exchangeKey struct{}

func exchangeOf[A any](ctx context.Context) *exchange[A] {
	x, _ := ctx.Value(exchangeKey{}).(*exchange[A])
	return x
}

// panicked is an outcome: a handler's panic, with where it happened.
type panicked struct {
	value any
	stack string
}

func (p *panicked) Error() string { return fmt.Sprint("panic: ", p.value) }

// serve answers one request and logs one line. unreadable is set for an event that could not be made into a request.
func (api *API[A]) serve(w http.ResponseWriter, r *http.Request, unreadable error) {
	x := &exchange[A]{api: api, now: api.config.Now(), lang: text.Match(r.Header.Get("Accept-Language"))}
	if gateway, ok := core.GetAPIGatewayV2ContextFromContext(r.Context()); ok {
		x.source = Source{IP: gateway.HTTP.SourceIP, UserAgent: plain(gateway.HTTP.UserAgent), RequestID: gateway.RequestID}
	}
	ctx, meter := table.WithMeter(r.Context())
	x.request = r.WithContext(context.WithValue(ctx, exchangeKey{}, x))
	x.run(unreadable)
	status, code := x.respond(w)
	x.log(status, code, meter)
}

// run finds the outcome.
func (x *exchange[A]) run(unreadable error) {
	defer func() {
		if v := recover(); v != nil {
			x.err = &panicked{v, string(debug.Stack())}
		}
	}()
	if unreadable != nil {
		x.err = fault.New(fault.Malformed, "malformed_request").Because(unreadable)
		return
	}
	if spoiled(x.request.URL.Path) {
		x.err = fault.Missing()
		return
	}
	// Huma's outcome of a good request is already in the exchange, and its refusals come by way of refusedByHuma.
	ignored := &sink{header: http.Header{}}
	x.api.mux.ServeHTTP(ignored, x.request)
	if x.op == nil {
		x.err = fault.Missing() // also what the mux would redirect: a path has one spelling
		if ignored.status == http.StatusMethodNotAllowed {
			x.err = &odd{status: http.StatusMethodNotAllowed, code: "method_not_allowed", allow: ignored.header.Get("Allow")}
		}
	}
	if x.err == nil && !x.answered() {
		x.err = fmt.Errorf("%s %s came to no outcome", x.request.Method, x.request.Pattern)
	}
}

// sink takes what the mux and Huma write. It is read for a route that was not found, and dropped.
type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
func (s *sink) WriteHeader(status int)      { s.status = status }

// respond writes the outcome: the only place that writes to a client.
func (x *exchange[A]) respond(w http.ResponseWriter) (status int, code string) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept, Accept-Language")
	if x.err != nil {
		return x.refuse(w)
	}
	a := x.answer
	code = "ok"
	if a.replay {
		h.Set("Idempotent-Replay", "true")
		code = "replayed"
	}
	if a.etag != "" {
		h.Set("ETag", a.etag)
	}
	if len(a.body) == 0 {
		w.WriteHeader(a.status)
		return a.status, code
	}
	if a.link != "" {
		h.Set("Link", a.link)
	}
	if a.truncated {
		h.Set(truncatedHeader, "true")
	}
	a.headDocument(h)
	h.Set("Content-Type", cmp.Or(a.media, jsonType))
	h.Set("Content-Language", string(a.lang))
	w.WriteHeader(a.status)
	if x.request.Method != http.MethodHead {
		_, _ = w.Write(a.body) // a client that went away: there is nobody to tell, and the log line stands
	}
	return a.status, code
}

// log writes the request's one line: no personal data, and no id of the path but the account's.
func (x *exchange[A]) log(status int, code string, meter *table.Meter) {
	attrs := []slog.Attr{
		slog.String("requestId", x.source.RequestID), slog.Int("status", status), slog.String("code", code),
		slog.Int64("ms", x.api.config.Now().Sub(x.now).Milliseconds()),
		slog.Int("calls", meter.Calls()), slog.Float64("readUnits", meter.ReadUnits()), slog.Float64("writeUnits", meter.WriteUnits()),
	}
	if x.op != nil {
		attrs = append(attrs, slog.String("operation", x.op.ID))
	}
	if x.account != "" {
		attrs = append(attrs, slog.String("account", string(x.account)))
	}
	level := slog.LevelInfo
	if status >= http.StatusInternalServerError {
		level = slog.LevelError
		attrs = append(attrs, slog.String("cause", x.err.Error()))
		if p, ok := x.err.(*panicked); ok {
			attrs = append(attrs, slog.String("stack", p.stack))
		}
	}
	x.api.config.Log.LogAttrs(x.request.Context(), level, "request", attrs...)
}
