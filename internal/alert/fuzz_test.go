package alert_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/alert"
)

// What the bus brings is told, passed over or refused; it never ends the function, which would be tried again and again.
func FuzzRead(f *testing.F) {
	samples, err := filepath.Glob(filepath.Join("..", "..", "events", "bus", "*.json"))
	if err != nil || len(samples) == 0 {
		f.Fatalf("%d samples (%v)", len(samples), err)
	}
	for _, name := range samples {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		var e struct {
			Type   string          `json:"detail-type"`
			Detail json.RawMessage `json:"detail"`
		}
		if err := json.Unmarshal(text, &e); err != nil {
			f.Fatal(err)
		}
		f.Add(e.Type, []byte(e.Detail))
	}
	f.Fuzz(func(t *testing.T, kind string, detail []byte) {
		a, told, err := alert.Read(kind, detail)
		if err != nil && told {
			t.Fatalf("%s %s: told of what cannot be read: %+v, %v", kind, detail, a, err)
		}
	})
}
