package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/infra/check"
	"github.com/seatkeeper/seatkeeper/infra/local/gateway"
	"github.com/seatkeeper/seatkeeper/infra/local/issuer"
	"github.com/seatkeeper/seatkeeper/infra/template"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/files"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/platform/token"
	"github.com/seatkeeper/seatkeeper/internal/statement/pdf"
)

const (
	audience     = "bench"
	pageTokenKey = "a page token key of 32 characters"
)

// front is the whole way of a request on this machine: the gateway, the authorizer, the functions on one recorded client.
// Time stands still, so that a request that is made again does the same.
type front struct {
	gateway http.Handler
	calls   *recorder
	said    *lastLine
	keys    *httptest.Server
	signs   *issuer.Issuer
	folder  string
}

func newFront(g ground) (*front, error) {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	f := &front{calls: &recorder{}, said: &lastLine{}, folder: folder}
	if f.signs, err = issuer.Open(filepath.Join(folder, "key.json"), check.Issuer, audience); err != nil {
		return nil, errors.Join(err, f.close())
	}
	f.keys = httptest.NewServer(f.signs.Keys())
	sealer, err := table.NewSealer(pageTokenKey, rand.Reader)
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	on := functions.Ground{
		Table: table.New(f.calls.client(g.client), tableName, nil), Sealer: sealer, IDs: id.NewMaker(rand.Reader), Now: check.Now, Log: slog.New(f.said),
		Mailer: nowhere{}, Portal: "https://portal.example/", Press: pdf.Press(),
		Exports: files.Folder{Base: "https://exports.example", Key: []byte("signs links"), Now: check.Now},
	}
	if f.gateway, err = f.open(on); err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

// nowhere takes mails that are written, and sends none.
type nowhere struct{}

func (nowhere) Send(context.Context, mail.Message, time.Time) error { return nil }

// open puts the gateway of template.yaml before the functions.
func (f *front) open(on functions.Ground) (http.Handler, error) {
	root, err := template.Root()
	if err != nil {
		return nil, err
	}
	deployed, err := template.Load(root)
	if err != nil {
		return nil, err
	}
	serves, handlers, authorizer := functions.HTTP(), map[string]lambda.Handler{}, ""
	for _, function := range deployed.Functions() {
		switch name := path.Base(function.CodeDir); {
		case name == "authorizer":
			authorizer = function.ID
			handlers[function.ID] = lambda.NewHandler(token.New(check.Issuer, audience, f.keys.URL, time.Now).Authorize(func(error) {}))
		case serves[name] != nil:
			handlers[function.ID] = lambda.NewHandler(serves[name](on).Lambda())
		}
	}
	return gateway.New(deployed, handlers, authorizer, on.Log)
}

func (f *front) close() error {
	if f.keys != nil {
		f.keys.Close()
	}
	return os.RemoveAll(f.folder)
}

// request is a call as a browser sends it.
func (f *front) request(ctx context.Context, c check.Call, bearer string) *http.Request {
	r := httptest.NewRequestWithContext(ctx, c.Method, c.Address, strings.NewReader(c.Body))
	r.Header.Set("Authorization", "Bearer "+bearer)
	r.Header.Set("Accept-Language", "fr")
	switch {
	case strings.HasPrefix(c.Body, "{"):
		r.Header.Set("Content-Type", "application/json")
	case c.Body != "":
		r.Header.Set("Content-Type", "application/octet-stream")
	}
	for name, value := range c.Headers {
		r.Header.Set(name, value)
	}
	return r
}

func (f *front) token(c check.Call) (string, error) {
	return f.signs.Token(issuer.Person{Subject: c.As.ID, Email: c.As.Email}, time.Now())
}

// lastLine keeps what the last request's log line says of its cost.
type lastLine struct {
	slog.Handler // nil: nobody derives loggers from it
	calls        int64
	read, write  float64
	cause        string
}

func (*lastLine) Enabled(context.Context, slog.Level) bool { return true }

func (l *lastLine) Handle(_ context.Context, r slog.Record) error {
	l.cause = ""
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "calls":
			l.calls = a.Value.Int64()
		case "readUnits":
			l.read = a.Value.Float64()
		case "writeUnits":
			l.write = a.Value.Float64()
		case "cause":
			l.cause = a.Value.String()
		}
		return true
	})
	return nil
}

// trial is a testing.TB for a program: what fails ends prepared with an error.
type trial struct {
	testing.TB // nil: what is not below is not used
	ctx        context.Context
	folder     string
}

type failure struct{ error }

func (t trial) Helper()                  {}
func (t trial) Context() context.Context { return t.ctx }
func (t trial) TempDir() string          { return t.folder }
func (t trial) Output() io.Writer {
	return os.Stderr
}
func (t trial) Fatal(all ...any)                 { panic(failure{errors.New(fmt.Sprint(all...))}) }
func (t trial) Fatalf(format string, all ...any) { panic(failure{fmt.Errorf(format, all...)}) }

// prepared are all calls of the API, ready in g.
func (f *front) prepared(ctx context.Context, g ground) (all []check.Call, err error) {
	defer func() {
		if v := recover(); v != nil {
			failed, ours := v.(failure)
			if !ours {
				panic(v)
			}
			err = failed.error
		}
	}()
	return check.Calls(trial{ctx: ctx, folder: f.folder}, g.db), nil
}
