package functions_test

import (
	"testing"

	"github.com/seatkeeper/seatkeeper/functions"
)

// A function's start waits for no operation: what Huma makes of one, a thousand allocations, is made at its first request.
func TestAStartMakesNoSchemas(t *testing.T) {
	for name, wire := range functions.HTTP() {
		operations := float64(len(wire(functions.Ground{}).Operations()))
		if n := testing.AllocsPerRun(5, func() { wire(functions.Ground{}) }); n > 100+100*operations {
			t.Errorf("%s: %.0f allocations for %.0f operations", name, n, operations)
		}
	}
}
