package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/infra/engine"
	"github.com/seatkeeper/seatkeeper/infra/local/bus"
	"github.com/seatkeeper/seatkeeper/infra/local/demo"
	"github.com/seatkeeper/seatkeeper/infra/local/dev"
	"github.com/seatkeeper/seatkeeper/infra/local/gateway"
	"github.com/seatkeeper/seatkeeper/infra/local/issuer"
	"github.com/seatkeeper/seatkeeper/infra/local/portal"
	"github.com/seatkeeper/seatkeeper/infra/template"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/files"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/platform/token"
	"github.com/seatkeeper/seatkeeper/internal/statement/pdf"
)

const (
	audience = "seatkeeper-local"

	// pageTokenKey is the one of samconfig.toml, so that a page token serves here and under `sam local`. It is no secret.
	pageTokenKey = "seatkeeper-local-page-token-key-not-a-secret"

	// drain is how long requests may go on after Ctrl-C.
	drain = 5 * time.Second
)

// stack is everything behind the doors.
type stack struct {
	gateway *gateway.Gateway
	portal  http.Handler
	dev     *dev.Endpoints // its World is set once the demo data is there
	table   *table.Table
	work    *work // what happens by itself
}

// build wires the stack on an engine, with the table made where it is absent.
func build(ctx context.Context, s settings, issuerAddress string, log *slog.Logger) (*stack, error) {
	t, err := template.Load(s.root)
	if err != nil {
		return nil, err
	}
	client := engine.Client(s.endpoint)
	definition, _, err := t.Table(s.table)
	if err != nil {
		return nil, err
	}
	if _, err := engine.EnsureTable(ctx, client, definition); err != nil {
		if refused := (*net.OpError)(nil); errors.As(err, &refused) {
			return nil, fmt.Errorf("the DynamoDB engine at %s does not answer: start it, or unset DYNAMODB_ENDPOINT for one of the stack's own", s.endpoint)
		}
		return nil, fmt.Errorf("%w (make reset drops that of the stack's own engine)", err)
	}
	signs, err := issuer.Open(s.kept("issuer.json"), issuerAddress, audience)
	if err != nil {
		return nil, err
	}
	sealer, err := table.NewSealer(pageTokenKey, rand.Reader)
	if err != nil {
		return nil, err
	}
	clock, faults := &dev.Clock{}, table.NewFaults(uint64(time.Now().UnixNano()))
	data := table.New(client, s.table, faults)
	mailbox := s.kept("mail")
	mailer, err := mail.NewFile(mailbox, mail.Address{Name: "Seatkeeper", Email: "no-reply@seatkeeper.example"})
	if err != nil {
		return nil, err
	}
	exports, err := exportsOf(s, clock.Now, strings.TrimSuffix(issuerAddress, dev.IssuerPath))
	if err != nil {
		return nil, err
	}
	ground := functions.Ground{Exports: exports, Table: data, Sealer: sealer, IDs: id.NewMaker(rand.Reader), Now: clock.Now, Log: log, Mailer: mailer, Portal: strings.TrimSuffix(issuerAddress, dev.IssuerPath) + "/", Press: pdf.Press()}
	handlers, authorizer := handlers(t, ground, issuerAddress)
	front, err := gateway.New(t, handlers, authorizer, log)
	if err != nil {
		return nil, err
	}
	ofBus := bus.NewFaults(uint64(time.Now().UnixNano()))
	own, err := newWork(ctx, s, t, client, ground, ofBus, workers(exports))
	if err != nil {
		return nil, err
	}
	shown := &dev.Endpoints{Issuer: signs, Clock: clock, Faults: faults, Mail: dev.Mailbox{Folder: mailbox}, Functions: own.functions, Bus: ofBus, Schedules: own.schedules, Exports: exports.Handler()}
	return &stack{gateway: front, portal: portalOf(s), table: data, dev: shown, work: own}, nil
}

// exportsOf keeps exports in a folder, with a key of its own for their links: those of an earlier start end with it.
func exportsOf(s settings, now func() time.Time, base string) (files.Folder, error) {
	key := make([]byte, 32)
	_, err := rand.Read(key)
	return files.Folder{Path: s.kept("exports"), Base: base + dev.ExportsPath, Key: key, Now: now}, err
}

// handlers are the functions' own, under the ids that the template gives them. Tokens run out by the machine's time.
func handlers(t *template.Template, ground functions.Ground, issuerAddress string) (handlers map[string]lambda.Handler, authorizer string) {
	handlers = map[string]lambda.Handler{}
	serves := functions.HTTP()
	for _, f := range t.Functions() {
		name := path.Base(f.CodeDir)
		if name == "authorizer" {
			verifier := token.New(issuerAddress, audience, issuerAddress+"/jwks", time.Now)
			refused := func(err error) { ground.Log.Info("token refused", "reason", err.Error()) }
			handlers[f.ID], authorizer = lambda.NewHandler(verifier.Authorize(refused)), f.ID
		} else if make, ok := serves[name]; ok {
			handlers[f.ID] = lambda.NewHandler(make(ground).Lambda())
		}
	}
	return handlers, authorizer
}

// serve builds the stack, sees to the demo data, and answers until the context ends.
func serve(ctx context.Context, s settings, d *doors, out io.Writer) error {
	log, closeLog, err := openLog(s.kept("functions.log"), out)
	if err != nil {
		return err
	}
	defer closeLog()
	base := "http://localhost:" + strconv.Itoa(s.port)
	st, err := build(ctx, s, base+dev.IssuerPath, log)
	if err != nil {
		return err
	}
	seed := demo.Seed{Table: st.table, Issuer: base + dev.IssuerPath, Random: rand.Reader, Now: time.Now(), Notices: out}
	if st.dev.World, err = seed.Plant(ctx); err != nil {
		return err
	}
	front := newServer(told(out, st.handler(base)))
	keys := newServer(st.keys())
	failed := make(chan error, 2+len(d.loopback))
	working, rest := context.WithCancel(ctx)
	defer rest()
	rested := make(chan struct{})
	go func() {
		defer close(rested)
		if err := st.work.run(working); err != nil {
			failed <- err
		}
	}()
	for _, l := range d.loopback {
		go func() { failed <- front.Serve(l) }()
	}
	if d.bridge != nil {
		go func() { failed <- keys.Serve(d.bridge) }()
	}
	ready(out, base, st.dev.World)
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	// Those who came before the end are answered, not kept waiting for a connection that stays open.
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	defer func() {
		rest()
		<-rested
		st.work.close(ending)
	}()
	return errors.Join(err, late(front.Shutdown(ending)), late(keys.Shutdown(ending)))
}

// late takes requests that went on for too long for what they are: cut off, at the end that was asked for.
func late(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

func newServer(h http.Handler) *http.Server {
	// The handlers hold the limits of AWS themselves; a slow client must not hold a connection for ever.
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}
}

// handler shares out the paths. http.ServeMux would redirect what it takes for another spelling of a path; AWS does not.
func (st *stack) handler(base string) http.Handler {
	development := st.dev.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/dev/"):
			development.ServeHTTP(w, r)
		case r.URL.Path == "/dev" && r.Method == http.MethodGet:
			front(w, base, st.dev.World)
		case r.URL.Path == "/v1" || strings.HasPrefix(r.URL.Path, "/v1/"):
			st.gateway.ServeHTTP(w, r)
		default:
			st.portal.ServeHTTP(w, r)
		}
	})
}

// portalOf serves the built portal, whose readers sign in with the issuer of the stack.
func portalOf(s settings) http.Handler {
	return portal.Handler(filepath.Join(s.root, "portal", "dist"), portal.Config{
		Issuer: "http://localhost:" + strconv.Itoa(s.port) + dev.IssuerPath, ClientID: audience, Scope: "openid email profile",
		AuthorizationEndpoint: dev.IssuerPath + "/authorize", TokenEndpoint: dev.IssuerPath + "/token", SignOutEndpoint: dev.IssuerPath + "/sign-out",
	})
}

// keys is what containers may see.
func (st *stack) keys() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+dev.IssuerPath+"/jwks", st.dev.Issuer.Keys())
	return mux
}
