package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// runtimeAPI stands in for what Lambda gives a function's process: it hands out events one by one and takes answers.
type runtimeAPI struct {
	address string
	server  *http.Server
	asked   chan time.Time // when the process asked for an event
	events  chan []byte
	answers chan answered
}

type answered struct {
	failed bool
	body   []byte
}

const invocations = "/2018-06-01/runtime/invocation/"

func newRuntimeAPI() (*runtimeAPI, error) {
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	a := &runtimeAPI{address: door.Addr().String(), asked: make(chan time.Time, 1), events: make(chan []byte), answers: make(chan answered, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+invocations+"next", a.next)
	mux.HandleFunc("POST "+invocations+"{id}/{outcome}", a.take)
	a.server = &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	go func() { _ = a.server.Serve(door) }() // ends with close
	return a, nil
}

func (a *runtimeAPI) close() error { return a.server.Close() }

func (a *runtimeAPI) next(w http.ResponseWriter, r *http.Request) {
	select {
	case a.asked <- time.Now():
	case <-r.Context().Done():
		return
	}
	select {
	case event := <-a.events:
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
		w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(time.Minute).UnixMilli(), 10))
		w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:123456789012:function:bench")
		_, _ = w.Write(event) // a process that went away does not answer: invoke says so
	case <-r.Context().Done():
	}
}

func (a *runtimeAPI) take(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	w.WriteHeader(http.StatusAccepted)
	a.answers <- answered{err != nil || r.PathValue("outcome") != "response", body}
}

// patience is how long a process may take for its start, or for an answer.
const patience = 20 * time.Second

// ready waits until the process asks for an event.
func (a *runtimeAPI) ready(ctx context.Context) (time.Time, error) {
	select {
	case at := <-a.asked:
		return at, nil
	case <-time.After(patience):
		return time.Time{}, fmt.Errorf("it asked for no event within %s", patience)
	case <-ctx.Done():
		return time.Time{}, ctx.Err()
	}
}

// invoke hands an event to the process, which has asked for one, and takes its answer. It returns when the process asks
// for the next.
func (a *runtimeAPI) invoke(ctx context.Context, event []byte) ([]byte, error) {
	select {
	case a.events <- event:
	case <-time.After(patience):
		return nil, fmt.Errorf("it took no event within %s", patience)
	}
	select {
	case out := <-a.answers:
		if out.failed {
			return nil, fmt.Errorf("it failed: %s", strings.TrimSpace(string(out.body)))
		}
		_, err := a.ready(ctx)
		return out.body, err
	case <-time.After(patience):
		return nil, fmt.Errorf("it did not answer within %s", patience)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
