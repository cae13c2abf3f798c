// Package engine runs DynamoDB Local as a child process, for the local stack and the tests, and gives a client for it.
//
// It owns the process: fetching it once with Maven, starting, waiting until it answers, noticing its death, ending it
// together with its parent. It does not own what is in the tables (package table) nor their definition (package
// template). Nothing may depend on which engine answers: a DYNAMODB_ENDPOINT in the environment puts another in its
// place, and then nothing of this package but Client and EnsureTable is used.
package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// answersWithin is long because a start competes with a compiler on small machines: 1 to 2 s alone, 5 s were seen.
	answersWithin = 60 * time.Second

	// endsWithin is what an engine with data gets for closing its file before it is killed.
	endsWithin = 10 * time.Second

	// freePortTries counts starts on ports that were free when another program took them meanwhile.
	freePortTries = 3

	// Ports are looked for between these two: systems give ports from above them to whoever asks for any, also while Java
	// takes its seconds to bind.
	lowestPort, ports = 15000, 15000
)

// Config says which engine Start starts.
type Config struct {
	// Root is the module's root. The engine's files are kept below it, in .local/engine.
	Root string

	// Port is listened on, on all interfaces: the engine has no setting for that. 0 takes a free one.
	Port int

	// DataDir keeps the data from one start to the next, for one engine at a time; it is made when it is not there.
	// Empty keeps everything in memory.
	DataDir string

	// Notices gets one line before the one step that takes long, fetching the engine. Nil for none.
	Notices io.Writer
}

// Engine is a running DynamoDB Local.
type Engine struct {
	port     int
	inMemory bool
	child    *child
	dataLock *fileLock
	scratch  string

	stopping atomic.Bool
	died     chan struct{} // closed when it ended without Stop
	ended    chan struct{} // closed when it ended and its files are gone
}

// Start starts an engine and returns when it answers. The context bounds the start alone; Stop ends the engine, and on
// Linux so does the end of this process, however it comes. Every error is one line that says what to do about it.
func Start(ctx context.Context, config Config) (*Engine, error) {
	files, err := fetch(ctx, config.Root, config.Notices)
	if err != nil {
		return nil, err
	}
	lock, err := holdData(config.DataDir)
	if err != nil {
		return nil, err
	}
	engine, err := startOn(ctx, files, config)
	// Between the moment when a port was found free and the engine's own bind, another program may have taken it. The
	// port that a caller named is not exchanged for another.
	for try := 1; config.Port == 0 && try < freePortTries && errors.Is(err, errPortTaken); try++ {
		engine, err = startOn(ctx, files, config)
	}
	if err != nil {
		lock.release()
		return nil, err
	}
	engine.dataLock = lock
	go engine.watch()
	return engine, nil
}

// Endpoint is the engine's address, for Client and for DYNAMODB_ENDPOINT.
func (e *Engine) Endpoint() string {
	return "http://127.0.0.1:" + strconv.Itoa(e.port)
}

// Done is closed when the engine ended by itself, which it never does in good health; Err then says what was seen.
// It stays open when Stop ended the engine.
func (e *Engine) Done() <-chan struct{} {
	return e.died
}

// Err is nil until Done is closed, and then one line about the engine's death.
func (e *Engine) Err() error {
	select {
	case <-e.died:
		return fmt.Errorf("the DynamoDB engine on port %d ended by itself: %s", e.port, e.child.lastWords())
	default:
		return nil
	}
}

// Stop ends the engine and returns when it is gone. It may be called more than once, and after the engine's death.
func (e *Engine) Stop() {
	e.stopping.Store(true)
	e.end()
	<-e.ended
}

// end asks an engine with data to close its file, and kills what has nothing to lose or does not listen.
func (e *Engine) end() {
	if !e.inMemory {
		e.child.signal(syscall.SIGTERM)
		select {
		case <-e.child.ended:
			return
		case <-time.After(endsWithin):
		}
	}
	e.child.signal(syscall.SIGKILL)
	<-e.child.ended
}

func (e *Engine) watch() {
	<-e.child.ended
	e.tidy()
	if !e.stopping.Load() {
		close(e.died)
	}
	close(e.ended)
}

// tidy gives back what the process held. Its scratch folder is worth the removal: each start unpacks a library of 1 MB.
func (e *Engine) tidy() {
	e.dataLock.release()
	_ = os.RemoveAll(e.scratch) // what stays is removed by a later start
}

// startOn makes one attempt on one port. Its engine is not watched yet.
func startOn(ctx context.Context, files files, config Config) (*Engine, error) {
	if config.Port == 0 {
		// Two that start at once may find the same port free. The slower one would take the other's answer for its own
		// engine's, so those of one checkout start one after the other; those of two hardly ever draw one port.
		lock, err := waitForLock(ctx, filepath.Join(files.home, "starting"))
		if err != nil {
			return nil, fmt.Errorf("the DynamoDB engine did not answer: it waited for the start of another: %w", err)
		}
		defer lock.release()
	}
	port, err := freePort(config.Port)
	if err != nil {
		return nil, err
	}
	scratch, err := files.scratch()
	if err != nil {
		return nil, err
	}
	process, err := spawn(command(files, config.DataDir, scratch, port))
	if err != nil {
		_ = os.RemoveAll(scratch)
		if errors.Is(err, exec.ErrNotFound) {
			return nil, errors.New("java is missing: the DynamoDB engine needs Java 17 or later (Debian: apt-get install openjdk-17-jre-headless)")
		}
		return nil, fmt.Errorf("starting the DynamoDB engine: %w", err)
	}
	engine := &Engine{
		port: port, inMemory: config.DataDir == "", child: process, scratch: scratch,
		died: make(chan struct{}), ended: make(chan struct{}),
	}
	if err := engine.awaitAnswer(ctx); err != nil {
		engine.end()
		engine.tidy()
		return nil, err
	}
	return engine, nil
}

func command(files files, dataDir, scratch string, port int) *exec.Cmd {
	keep := []string{"-inMemory"}
	if dataDir != "" {
		keep = []string{"-dbPath", dataDir}
	}
	arguments := append([]string{
		// Both would leave files in the machine's temporary folder when the process is killed.
		"-XX:-UsePerfData", "-Djava.io.tmpdir=" + scratch,
		"-cp", filepath.Join(files.lib, "*"),
		"software.amazon.dynamodb.services.local.main.ServerRunner",
		// One database for all regions and keys, so that `sam local`, tests and the local stack see the same tables.
		"-sharedDb", "-disableTelemetry", "-port", strconv.Itoa(port),
	}, keep...)
	cmd := exec.Command("java", arguments...)
	cmd.Dir = scratch
	return cmd
}

// awaitAnswer waits until the engine answers HTTP, whatever it answers: an unsigned request is refused by a healthy one.
func (e *Engine) awaitAnswer(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, answersWithin)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 2 * time.Second}
	for {
		if answers(ctx, client, e.Endpoint()) && e.child.running() {
			return nil
		}
		select {
		case <-e.child.ended:
			return startError(e.port, e.child)
		case <-ctx.Done():
			return fmt.Errorf("the DynamoDB engine did not answer on port %d: %w: %s", e.port, context.Cause(ctx), e.child.lastWords())
		case <-time.After(25 * time.Millisecond):
		}
	}
}

func answers(ctx context.Context, client *http.Client, endpoint string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint, nil)
	if err != nil {
		return false
	}
	answer, err := client.Do(request)
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return true
}

var errPortTaken = errors.New("taken by another program")

// startError translates what Java says on its way out. Java's version is not asked beforehand: that would cost every
// start as much as it tells one.
func startError(port int, process *child) error {
	said := process.said()
	switch {
	case strings.Contains(said, "Address already in use"):
		return portTaken(port)
	case strings.Contains(said, "UnsupportedClassVersionError"):
		return errors.New("java is too old: the DynamoDB engine needs Java 17 or later (Debian: apt-get install openjdk-17-jre-headless)")
	}
	return fmt.Errorf("the DynamoDB engine did not start: %s", process.lastWords())
}

func portTaken(port int) error {
	return fmt.Errorf("port %d is %w: end that program, or set ENGINE_PORT to a free port", port, errPortTaken)
}

// freePort checks that a port is free, or finds one for 0. It looks before Java starts, because Java takes a second to
// notice, and because whoever holds the port might answer in the engine's place.
func freePort(port int) (int, error) {
	if port != 0 {
		return port, tryPort(port)
	}
	err := errPortTaken
	for range ports {
		port = lowestPort + rand.IntN(ports)
		if err = tryPort(port); !errors.Is(err, errPortTaken) {
			break
		}
	}
	return port, err
}

func tryPort(port int) error {
	listener, err := net.Listen("tcp", ":"+strconv.Itoa(port))
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return portTaken(port)
	case err != nil:
		return fmt.Errorf("the DynamoDB engine cannot use port %d (ENGINE_PORT): %w", port, err)
	}
	if err := listener.Close(); err != nil {
		return fmt.Errorf("looking for a free port: %w", err)
	}
	return nil
}
