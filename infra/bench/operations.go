package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"runtime"
	"slices"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/check"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

const operationsHead = "operation\tcalls\tread units\twrite units\tp50 ms\tp95 ms\tratio\tratio of the handler\tallocations\t$ a million\tcounted\t"

// An operation is counted so often, or as often as fits into its time.
const (
	operationWarmUp  = 40
	operationCounted = 200
	operationBudget  = 5 * time.Second
)

// operations measures every operation that the functions have, in the town that infra/check calls them in. A row is the
// whole request (gateway, authorizer, function), beside the calls that it made with the bare SDK; and what the noun's own
// handler took of it, beside the calls that were made during it.
func operations(ctx context.Context, g ground, _ int, out io.Writer) (err error) {
	f, err := newFront(g)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	calls, err := f.prepared(ctx, g)
	if err != nil {
		return err
	}
	for _, c := range calls {
		o, err := f.study(ctx, g, c)
		if err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
		row, err := o.measure(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
		fmt.Fprintf(out, "%s\t%s\n", c.Name, row)
	}
	g.notes.add("operations: p50 and p95 of the whole request through gateway, authorizer and function; ratios to the same calls with the bare SDK; what a process has learned (signing keys, catalog) it knows")
	g.notes.add("operations: $ a million by AWS's prices of " + priced + ": request, invocation and units")
	return nil
}

// studied is an operation whose calls are known.
type studied struct {
	front  *front
	ground ground
	call   check.Call
	bearer string
	// before, during and after are the calls that it makes: up to its handler, in it, after it.
	before, during, after [][]any
	were                  map[table.Key]table.Item
	written               []table.Key
}

// study makes the call twice, so that what a process learns once is known, and keeps what the second made.
func (f *front) study(ctx context.Context, g ground, c check.Call) (*studied, error) {
	bearer, err := f.token(c)
	if err != nil {
		return nil, err
	}
	o := &studied{front: f, ground: g, call: c, bearer: bearer, were: map[table.Key]table.Item{}}
	f.calls.look = func(ctx context.Context, keys []table.Key) error {
		rows, err := g.db.GetMany(ctx, keys...)
		for k, row := range rows {
			if _, known := o.were[k]; !known {
				o.were[k] = row
			}
		}
		return err
	}
	defer func() { f.calls.look = nil }()
	for range 2 {
		from, to := 0, 0
		if _, err := o.send(ctx, func(begins bool) {
			if begins {
				from = len(f.calls.groups)
			}
			to = len(f.calls.groups)
		}); err != nil {
			return nil, err
		}
		all := f.calls.groups
		o.before, o.during, o.after, o.written = all[:from], all[from:to], all[to:], f.calls.written()
		if err := o.undo(ctx); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// send makes the call once, and says how long it took.
func (o *studied) send(ctx context.Context, watch func(begins bool)) (time.Duration, error) {
	o.front.calls.forget()
	r, w := o.front.request(httpapi.Watch(ctx, watch), o.call, o.bearer), httptest.NewRecorder()
	began := time.Now()
	o.front.gateway.ServeHTTP(w, r)
	took := time.Since(began)
	if w.Code >= 300 {
		return 0, fmt.Errorf("answered %d: %s %s", w.Code, w.Body, o.front.said.cause)
	}
	return took, nil
}

// undo brings back every row that was written since the last call was begun.
func (o *studied) undo(ctx context.Context) error {
	return restore(o.ground.client, o.front.calls.written(), o.were)(ctx)
}

// bare makes the calls with the SDK alone, and says how long all took and how long those of the handler.
func (o *studied) bare(ctx context.Context) (all, handler time.Duration, err error) {
	began := time.Now()
	if err = again(ctx, o.ground.client, o.before); err != nil {
		return 0, 0, err
	}
	handling := time.Now()
	if err = again(ctx, o.ground.client, o.during); err != nil {
		return 0, 0, err
	}
	handler = time.Since(handling)
	err = again(ctx, o.ground.client, o.after)
	return time.Since(began), handler, err
}

// measure makes both sides in turn, so that a drift of the machine's speed meets both alike.
func (o *studied) measure(ctx context.Context) (row string, err error) {
	var whole, handler, bareWhole, bareHandler []time.Duration
	var allocations uint64
	begun := time.Now()
	for n := 0; len(whole) < operationCounted && (len(whole) == 0 || time.Since(begun) < operationBudget); n++ {
		var before, after runtime.MemStats
		var from time.Time
		var inside time.Duration
		runtime.ReadMemStats(&before)
		took, err := o.send(ctx, func(begins bool) {
			if begins {
				from = time.Now()
			} else {
				inside = time.Since(from)
			}
		})
		runtime.ReadMemStats(&after)
		if err == nil {
			err = o.undo(ctx)
		}
		if err != nil {
			return "", err
		}
		all, ofHandler, err := o.bare(ctx)
		if err == nil {
			err = restore(o.ground.client, o.written, o.were)(ctx)
		}
		if err != nil {
			return "", fmt.Errorf("bare SDK: %w", err)
		}
		if n < operationWarmUp && time.Since(begun) < operationBudget*2/5 {
			continue
		}
		allocations = after.Mallocs - before.Mallocs
		whole, handler = append(whole, took), append(handler, inside)
		bareWhole, bareHandler = append(bareWhole, all), append(bareHandler, ofHandler)
	}
	said, p50 := o.front.said, median(whole)
	return fmt.Sprintf("%d\t%.0f\t%.0f\t%.2f\t%.2f\t%s\t%s\t%d\t%.2f\t%d\t", said.calls, said.read, said.write, p50, percentile(whole, 95),
		ratio(p50, median(bareWhole), len(o.before)+len(o.during)+len(o.after)), ratio(median(handler), median(bareHandler), len(o.during)),
		allocations, perMillion(said.read, said.write), len(whole)), nil
}

// ratio is of two medians, where calls were made at all.
func ratio(ours, theirs float64, calls int) string {
	if calls == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", ours/theirs)
}

// percentile is in milliseconds.
func percentile(all []time.Duration, p int) float64 {
	slices.Sort(all)
	return float64(all[(len(all)-1)*p/100].Microseconds()) / 1000
}
