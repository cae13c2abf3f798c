// Command local is Seatkeeper on one machine: the DynamoDB engine, the table of template.yaml, demo data, a gateway that
// behaves as AWS's does, and behind it the functions' own handlers. `make run` starts it; Ctrl-C ends it; what is in the
// table stays in .local/db. It owns the wiring and the process, and nothing that a deployed function has.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/engine"
	"github.com/seatkeeper/seatkeeper/infra/template"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once
	s, err := readSettings(os.Getenv)
	if err == nil {
		err = run(ctx, s, os.Stderr)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "local:", err)
		os.Exit(1)
	}
}

// settings are where the stack is, and what the environment may say.
type settings struct {
	root       string // of the module: template.yaml, and .local for what is kept
	port       int    // PORT
	enginePort int    // ENGINE_PORT
	endpoint   string // DYNAMODB_ENDPOINT; empty: an engine of our own
	table      string
}

// tableName is what !Ref gives to a function under `sam local`: the table's logical id.
const tableName = "Table"

func readSettings(env func(string) string) (settings, error) {
	root, err := template.Root()
	if err != nil {
		return settings{}, err
	}
	s := settings{root: root, endpoint: env("DYNAMODB_ENDPOINT"), table: tableName}
	if s.port, err = port(env, "PORT", 8080); err != nil {
		return s, err
	}
	s.enginePort, err = port(env, "ENGINE_PORT", 8000)
	return s, err
}

func port(env func(string) string, name string, otherwise int) (int, error) {
	said := env(name)
	if said == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(said)
	if err != nil || n < 1 || n > 65535 {
		return 0, fmt.Errorf("%s is %q: it must be a port, 1 to 65535", name, said)
	}
	return n, nil
}

// kept is where a file of the stack's own is, out of reach of version control.
func (s settings) kept(name string) string { return filepath.Join(s.root, ".local", name) }

// noticed is within what time the end of the engine is seen.
const noticed = 2 * time.Second

// run is the stack until the context ends, which is no error, or until something that it stands on does.
func run(ctx context.Context, s settings, out io.Writer) error {
	// Before the engine, which takes a second or two to find out less.
	doors, err := open(s.port)
	if err != nil {
		return err
	}
	defer doors.close()

	running, lost := context.WithCancelCause(ctx)
	defer lost(nil)
	own := s.endpoint == ""
	if own {
		e, err := engine.Start(ctx, engine.Config{Root: s.root, Port: s.enginePort, DataDir: s.kept("db"), Notices: out})
		if err != nil {
			return unlessEnded(ctx, err)
		}
		defer e.Stop()
		s.endpoint = e.Endpoint()
		go func() {
			select {
			case <-e.Done():
				lost(fmt.Errorf("%w; start again, the data is kept", e.Err()))
			case <-running.Done():
			}
		}()
	}
	err = serve(running, s, doors, out)
	if own && err != nil {
		select { // a call of it may fail before its end is seen
		case <-running.Done():
		case <-time.After(noticed):
		}
	}
	if cause := context.Cause(running); cause != nil && ctx.Err() == nil {
		return cause // what failed because the engine was gone says less than that it is
	}
	return unlessEnded(ctx, err)
}

// unlessEnded takes what fails because somebody pressed Ctrl-C for the end that it is.
func unlessEnded(ctx context.Context, err error) error {
	if ctx.Err() != nil && (err == nil || errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx))) {
		return nil
	}
	return err
}
