package httpapi

import "context"

type watchKey struct{}

// Watch has told called when an operation's own handler begins (true) and when it ends: benchmarks tell a noun's work from
// what every request costs.
func Watch(ctx context.Context, told func(begins bool)) context.Context {
	return context.WithValue(ctx, watchKey{}, told)
}

// watched calls the handler, and tells who watches.
func watched(ctx context.Context, handle func() (any, error)) (any, error) {
	if told, ok := ctx.Value(watchKey{}).(func(bool)); ok {
		told(true)
		defer told(false)
	}
	return handle()
}
