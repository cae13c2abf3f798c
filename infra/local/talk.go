package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/local/demo"
)

// ready says that the stack answers, and what to try.
func ready(out io.Writer, base string, w demo.World) {
	fmt.Fprintf(out, "Ready: %s (Ctrl-C ends it); what else there is: %s/dev\n\n%s\n\n", base, base, try(base, w))
}

func try(base string, w demo.World) string {
	return fmt.Sprintf(`  curl -s -H "Authorization: Bearer $(curl -s '%s/dev/token?persona=admin')" %s/v1/accounts/%s/contracts`,
		base, base, w.Accounts[demo.French])
}

// front lists what there is to ask for.
func front(w http.ResponseWriter, base string, world demo.World) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintf(w, `Seatkeeper on this machine

%[1]s/                             the portal; choose whom to sign in as
%[1]s/v1/me                        the API; every request needs a token, such as

%[2]s

%[1]s/dev/personas                 whom one can sign in as, and their accounts
%[1]s/dev/token?persona=admin      a token, bare
%[1]s/dev/clock                    the time that the rules see; POST {"advance": "36h"}, {"now": "2027-01-01T00:00:00Z"} or {"reset": true}
%[1]s/dev/faults                   calls to table and bus that fail; POST [{"call": "write", "mode": "conflict", "p": 0.3}, {"call": "publish", "mode": "refuse"}], DELETE
%[1]s/dev/oidc/.well-known/openid-configuration
`, base, try(base, world))
}

// openLog opens the functions' log: JSON lines in a file, as CloudWatch would have them. What went wrong is also told on
// out, in one line: nobody watches the file until then.
func openLog(name string, out io.Writer) (*slog.Logger, func(), error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return nil, nil, fmt.Errorf("log of the functions: %w", err)
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, nil, fmt.Errorf("log of the functions: %w", err)
	}
	return slog.New(&alarm{slog.NewJSONHandler(file, nil), out, name}), func() { _ = file.Close() }, nil
}

// alarm hands records on, and tells of errors.
type alarm struct {
	slog.Handler
	out  io.Writer
	file string
}

// Handle tells the cause of an error in its first line; the file has all of it.
func (a *alarm) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelError {
		r.Attrs(func(attr slog.Attr) bool {
			if attr.Key == "cause" {
				cause, _, _ := strings.Cut(attr.Value.String(), "\n")
				fmt.Fprintf(a.out, "         %s (see %s)\n", cause, a.file)
			}
			return attr.Key != "cause"
		})
	}
	return a.Handler.Handle(ctx, r)
}

// told says one line about each request: time, status, what was asked for, how long it took.
func told(out io.Writer, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		seen := &watched{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(seen, r)
		fmt.Fprintf(out, "%s %d %-6s %s  %d ms\n", began.Format(time.TimeOnly), seen.status, r.Method, r.URL.RequestURI(), time.Since(began).Milliseconds())
	})
}

// watched remembers an answer's status.
type watched struct {
	http.ResponseWriter
	status int
}

func (w *watched) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}
