// Package gateway answers HTTP as API Gateway (HTTP API) and Lambda do in front of the functions: it finds the route in
// template.yaml, holds AWS's limits, makes the event, asks the authorizer, calls the function's own handler with JSON,
// and turns what comes back into an answer. It owns nothing of what the functions do.
//
// It is there so that nothing works on one machine that AWS would refuse or change on the way. Where AWS's documents are
// silent, it does what others measured on AWS, and the comment says which.
package gateway

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/seatkeeper/seatkeeper/infra/template"
)

// The limits of AWS, none of which can be raised.
const (
	maxBody = 10 << 20 // bytes of a request's body
	maxHead = 10240    // bytes of request line and header values together

	// maxPayload is what Lambda takes and gives in one call, as JSON with base64 in it: 6 MB, to the byte that Lambda
	// names when it refuses.
	maxPayload = 6<<20 + 100

	maxWait           = 30 * time.Second // for a function
	maxAuthorizerWait = 10 * time.Second
)

// Gateway is an http.Handler for all routes of a template.
type Gateway struct {
	routes     []route
	authorizer function
	log        *slog.Logger
	maxWait    time.Duration
}

// New serves the routes of a template with handlers, each under the logical id of its function; authorizer is the id of
// the one that says whose token a request carries. A route whose function has no handler is an error. The log gets what
// a function did wrong, of which a client learns nothing.
func New(t *template.Template, handlers map[string]lambda.Handler, authorizer string, log *slog.Logger) (*Gateway, error) {
	functions := map[string]function{}
	for _, f := range t.Functions() {
		if h := handlers[f.ID]; h != nil {
			functions[f.ID] = function{id: f.ID, handler: h, timeout: f.Timeout}
		}
	}
	g := &Gateway{authorizer: functions[authorizer], log: log, maxWait: maxWait}
	if g.authorizer.handler == nil {
		return nil, fmt.Errorf("gateway: no handler for the authorizer %s", authorizer)
	}
	for _, r := range t.Routes() {
		f, ok := functions[r.Function]
		if !ok {
			return nil, fmt.Errorf("gateway: route %s %s: no handler for %s", r.Method, r.Path, r.Function)
		}
		g.routes = append(g.routes, newRoute(r, f))
	}
	bySpecificity(g.routes)
	return g, nil
}

// ServeHTTP answers one request. Nothing is kept from one to the next: AWS may keep an authorizer's answer for as long as
// the template says, but here that would only hide a token that ran out or a defect in the authorizer.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := exchange{g: g, w: w, r: r, id: requestID(), at: time.Now()}
	w.Header().Set("Apigw-Requestid", x.id)
	if err := x.run(); err != nil {
		x.refuse(err)
	}
}

// exchange is one request on its way through.
type exchange struct {
	g  *Gateway
	w  http.ResponseWriter
	r  *http.Request
	id string
	at time.Time // never the moved time of /dev/clock: on AWS this clock is not ours
}

// refusal is an answer of the gateway's own.
type refusal struct {
	status  int
	message string
	// cause is logged where it is a function's fault; nil where the client's.
	cause error
}

func (e *refusal) Error() string { return fmt.Sprintf("%d %s", e.status, e.message) }

func (x *exchange) run() error {
	// The status is what users of AWS report; no document names it.
	if headSize(x.r) > maxHead {
		return &refusal{status: http.StatusRequestHeaderFieldsTooLarge, message: "Request Header Fields Too Large"}
	}
	// An HTTP API decodes the path once, and cuts it at a question mark that comes out of that (both measured on AWS by
	// others). What it decoded is what it compares with its routes and what the function gets as "rawPath".
	path, _, _ := strings.Cut(x.r.URL.Path, "?")
	to, parameters, ok := match(x.g.routes, x.r.Method, path)
	if !ok {
		return &refusal{status: http.StatusNotFound, message: "Not Found"}
	}
	body, err := readBody(x.r)
	if err != nil {
		return err
	}
	event := x.event(to, path, parameters, body)
	if !to.Public {
		who, err := x.authorize(event)
		if err != nil {
			return err
		}
		event.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{Lambda: who}
	}
	payload, err := json.Marshal(event)
	if err != nil {
		return failed(err)
	}
	if len(payload) > maxPayload {
		return tooLarge()
	}
	out, err := to.function.call(x.r.Context(), payload, x.id, x.g.maxWait)
	if err != nil {
		return err
	}
	return x.pass(out)
}

// readBody reads all of a body before anything else happens, as API Gateway does.
func readBody(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, &refusal{status: http.StatusBadRequest, message: "Bad Request"}
	}
	if len(body) > maxBody {
		// A client that is cut off while it still sends sees a broken connection and not the reason.
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxBody))
		return nil, tooLarge()
	}
	return body, nil
}

func tooLarge() error {
	return &refusal{status: http.StatusRequestEntityTooLarge, message: "Request Entity Too Large"}
}

// failed is the answer to whatever a function does that it must not.
func failed(cause error) error {
	return &refusal{status: http.StatusInternalServerError, message: "Internal Server Error", cause: cause}
}

// refuse writes an answer of the gateway's own, in the one form that those have.
func (x *exchange) refuse(err error) {
	var refused *refusal
	if !errors.As(err, &refused) {
		errors.As(failed(err), &refused)
	}
	if refused.cause != nil {
		x.g.log.Error("function failed", "method", x.r.Method, "path", x.r.URL.Path, "requestId", x.id, "cause", refused.cause.Error())
	}
	x.w.Header().Set("Content-Type", "application/json")
	x.w.WriteHeader(refused.status)
	body, _ := json.Marshal(map[string]string{"message": refused.message}) // a map of strings always marshals
	_, _ = x.w.Write(body)                                                 // a client that went away has nobody to tell
}

// headSize counts as API Gateway's limit does: the request line, and the values of the headers without their names.
func headSize(r *http.Request) int {
	size := len(r.Method) + len(" ") + len(r.RequestURI) + len(" ") + len(r.Proto) + len(r.Host)
	for _, values := range r.Header {
		for _, v := range values {
			size += len(v)
		}
	}
	return size
}

// requestID is of API Gateway's form. Some code takes it for unique, so it is.
func requestID() string {
	var random [11]byte
	_, _ = rand.Read(random[:]) // never fails
	return base64.StdEncoding.EncodeToString(random[:])
}
