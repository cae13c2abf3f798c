package main

import (
	"context"
	"fmt"
	"path"
	"sync"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/infra/engine"
	"github.com/seatkeeper/seatkeeper/infra/local/bus"
	"github.com/seatkeeper/seatkeeper/infra/local/dev"
	"github.com/seatkeeper/seatkeeper/infra/local/function"
	"github.com/seatkeeper/seatkeeper/infra/local/schedule"
	"github.com/seatkeeper/seatkeeper/infra/local/stream"
	"github.com/seatkeeper/seatkeeper/infra/template"
	platform "github.com/seatkeeper/seatkeeper/internal/platform/bus"
	"github.com/seatkeeper/seatkeeper/internal/platform/files"
)

// worker makes the handler of a function that works by itself. Those that publish get the bus.
type worker func(functions.Ground, platform.Bus) lambda.Handler

// workers are these functions by the names of their folders; exports are kept on that shelf. What calls them stands in template.yaml.
func workers(exports files.Shelf) map[string]worker {
	return map[string]worker{
		"publisher": func(g functions.Ground, b platform.Bus) lambda.Handler {
			return lambda.NewHandler(functions.Publisher(g, b))
		},
		"alerts": func(g functions.Ground, _ platform.Bus) lambda.Handler {
			return lambda.NewHandler(functions.Alerts(g))
		},
		"exports": func(g functions.Ground, _ platform.Bus) lambda.Handler {
			return lambda.NewHandler(functions.Exports(g, exports))
		},
		"expiry": func(g functions.Ground, b platform.Bus) lambda.Handler {
			return lambda.NewHandler(functions.Expiry(g, b))
		},
	}
}

// work is what happens by itself: streams are read, events delivered, schedules kept.
type work struct {
	functions dev.Functions
	bus       *bus.Bus
	rules     []bus.Rule
	streams   []*stream.Poller
	schedules *schedule.Runner
}

// newWork wires what the template says. A function that it sends something to and that has no worker is an error.
func newWork(ctx context.Context, s settings, t *template.Template, client *dynamodb.Client, ground functions.Ground, faults *bus.Faults, makers map[string]worker) (*work, error) {
	w := &work{functions: dev.Functions{}}
	w.bus = bus.New(bus.Config{Waiting: s.kept("bus"), Dead: s.kept("dlq"), Faults: faults, Log: ground.Log, Now: ground.Now})
	for _, f := range t.Functions() {
		if make, ok := makers[path.Base(f.CodeDir)]; ok {
			w.functions[f.ID] = function.Function{ID: f.ID, Handler: make(ground, w.bus), Timeout: f.Timeout}
		}
	}
	if err := w.readRules(t); err != nil {
		return nil, err
	}
	if err := w.readStreams(ctx, s, t, client, ground); err != nil {
		return nil, err
	}
	schedules, err := t.Schedules()
	if err != nil {
		return nil, err
	}
	var jobs []schedule.Job
	for _, one := range schedules {
		f, err := w.function(one.Target.Function, one.ID)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, schedule.Job{Schedule: one, Function: f})
	}
	w.schedules = schedule.New(jobs, ground.Now, ground.Log)
	return w, nil
}

// function finds whom somebody calls.
func (w *work) function(id, caller string) (function.Function, error) {
	f, ok := w.functions[id]
	if !ok {
		return f, fmt.Errorf("template.yaml: %s calls %s, for which infra/local has no worker", caller, id)
	}
	return f, nil
}

func (w *work) readRules(t *template.Template) error {
	rules, err := t.Rules()
	if err != nil {
		return err
	}
	for _, r := range rules {
		pattern, err := bus.ParsePattern(r.Pattern)
		if err != nil {
			return fmt.Errorf("template.yaml: resource %s: %w", r.ID, err)
		}
		made := bus.Rule{Name: r.ID, Pattern: pattern}
		for _, target := range r.Targets {
			f, err := w.function(target.Function, r.ID)
			if err != nil {
				return err
			}
			to := bus.Target{Function: f, Retries: target.Retries, Age: target.Age, Kept: target.DeadLetters != ""}
			if q := target.Queue; q != nil {
				to.Queue = &bus.Queue{Hidden: q.Hidden, Receives: q.Receives}
				to.Kept = q.DeadLetters != ""
			}
			made.Targets = append(made.Targets, to)
		}
		w.rules = append(w.rules, made)
	}
	return nil
}

func (w *work) readStreams(ctx context.Context, s settings, t *template.Template, client *dynamodb.Client, ground functions.Ground) error {
	mappings, err := t.Streams()
	if err != nil || len(mappings) == 0 {
		return err
	}
	arn, err := stream.Find(ctx, client, s.table)
	if err != nil {
		return err
	}
	for _, m := range mappings {
		f, err := w.function(m.Function, "the table's stream")
		if err != nil {
			return err
		}
		poller, err := stream.New(stream.Config{
			Client: engine.Streams(aws.ToString(client.Options().BaseEndpoint)), Stream: arn, Mapping: m, Function: f,
			Positions: s.kept("stream/" + m.Function + ".json"), Failures: s.kept("failures"), Log: ground.Log,
		})
		if err != nil {
			return err
		}
		w.streams = append(w.streams, poller)
	}
	return nil
}

// run works until the context ends, which is no error. Then call close.
func (w *work) run(ctx context.Context) error {
	if err := w.bus.Start(w.rules); err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var all sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for _, poller := range w.streams {
		all.Go(func() {
			if err := poller.Run(ctx); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = err
				stop(err) // what stands on a stream that is not read any more is not worth going on with
			}
		})
	}
	all.Go(func() { w.schedules.Run(ctx) })
	all.Wait()
	return failed
}

// close waits for events that are on their way, until the context ends. The next start delivers what is left.
func (w *work) close(ctx context.Context) { w.bus.Close(ctx) }
