package httpapi_test

import (
	"context"
	"sync"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
)

// Huma sees an operation at its first request; requests that come first together are answered all the same.
func TestFirstRequestsMayComeTogether(t *testing.T) {
	w := newWorld(t)
	serve, q := w.api.Lambda(), request{as: "administrator", method: "GET", path: things + "/" + string(thing)}
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if out, err := serve(t.Context(), q.event()); err != nil || out.StatusCode != 200 {
				t.Errorf("%v, answered %d: %s", err, out.StatusCode, out.Body)
			}
		})
	}
	all.Wait()
}

// Who watches is told of the handler, and only of requests that reach it.
func TestTheHandlerIsWatched(t *testing.T) {
	w := newWorld(t)
	serve := w.api.Lambda()
	for caller, want := range map[string]int{"administrator": 2, "outsider": 0} {
		var told []bool
		ctx := httpapi.Watch(context.Background(), func(begins bool) { told = append(told, begins) })
		if _, err := serve(ctx, request{as: caller, method: "GET", path: things + "/" + string(thing)}.event()); err != nil {
			t.Fatal(err)
		}
		if len(told) != want || want == 2 && (!told[0] || told[1]) {
			t.Errorf("%s: told %v, want a beginning and an end where somebody is let in", caller, told)
		}
	}
}
