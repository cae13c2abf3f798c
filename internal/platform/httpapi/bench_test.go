package httpapi_test

import (
	"context"
	"io"
	"log/slog"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
)

// What one operation costs at start: its route. Its schemas wait for its first request.
func BenchmarkRegister(b *testing.B) {
	for b.Loop() {
		registerThings(&world{api: httpapi.New(httpapi.Config[string]{Title: "Things", Version: "1"})})
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/7, "µs/operation")
}

// What a request costs from event to answer, without DynamoDB.
func BenchmarkRequest(b *testing.B) {
	w := newWorld(&testing.T{})
	w.log = nil
	w.api = httpapi.New(httpapi.Config[string]{Title: "Things", Version: "1", Load: w.load, Now: w.clock, Log: slog.New(slog.NewJSONHandler(io.Discard, nil))})
	registerThings(w)
	serve := w.api.Lambda()
	for name, q := range map[string]request{
		"get":     {as: "administrator", method: "GET", path: things + "/" + string(thing)},
		"post":    {as: "administrator", method: "POST", path: things, body: `{"name":"xy","quantity":3,"systems":["` + string(thing) + `"]}`},
		"invalid": {as: "administrator", method: "POST", path: things, body: `{"name":"x","quantity":"3"}`},
		"foreign": {as: "outsider", method: "GET", path: things},
	} {
		event := q.event()
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if out, err := serve(context.Background(), event); err != nil || out.StatusCode == 500 {
					b.Fatal(out, err)
				}
			}
		})
	}
}
