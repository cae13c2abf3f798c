package bus

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/seatkeeper/seatkeeper/infra/template"
)

// Whatever is written as a pattern is read or refused, and one that is read tells of any event whether it matches.
func FuzzPattern(f *testing.F) {
	root, err := template.Root()
	if err != nil {
		f.Fatal(err)
	}
	samples, err := filepath.Glob(filepath.Join(root, "events", "bus", "*.json"))
	if err != nil || len(samples) == 0 {
		f.Fatalf("%d samples (%v)", len(samples), err)
	}
	event, err := os.ReadFile(samples[0])
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		`{"source":["seatkeeper"],"detail-type":["SeatUsageThresholdCrossed"],"detail":{"threshold":[{"numeric":["=",80]}]}}`,
		`{"detail":{"a":[{"exists":false}],"b":[{"anything-but":{"prefix":["x"]}}],"c":[{"wildcard":"a*\\*b"}],"d":[{"suffix":{"equals-ignore-case":".PNG"}}]}}`,
		`{"$or":[{"a":[1]},{"b":[{"numeric":[">",0,"<=",5]}]}]}`, `{"a":[]}`, `{"a":[{"numeric":["<"]}]}`, `[]`, `{"a":{"b":{"c":[null,true,"",1e3]}}}`,
	} {
		f.Add([]byte(seed), event)
	}
	f.Add([]byte(`{"a":[[1]]}`), []byte(`{"a":[{"b":[]},[null]]}`))
	f.Fuzz(func(t *testing.T, pattern, event []byte) {
		p, err := ParsePattern(pattern)
		if err != nil {
			return
		}
		first, err := p.Matches(event)
		if err != nil {
			return
		}
		again, err := ParsePattern(pattern)
		if err != nil {
			t.Fatalf("%s is read once, and not twice: %v", pattern, err)
		}
		if second, err := again.Matches(event); err != nil || second != first {
			t.Fatalf("%s matches %s: %v, then %v (%v)", pattern, event, first, second, err)
		}
	})
}
