package event_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// due are the lines whose level is to be looked at.
func (w *world) due() (lines []table.Key) {
	w.t.Helper()
	for shard := range table.DueShards {
		rows, _, err := w.table.Due(w.t.Context(), shard, date.Date("0002-01-01"), nil, 100)
		w.must(err)
		for _, row := range rows {
			lines = append(lines, row.Key)
		}
	}
	return lines
}

// A crossing whose stream record was lost is announced by the sweep; one that was announced is not announced again.
func TestACrossingThatWasLostIsAnnounced(t *testing.T) {
	w := newWorld(t)
	const product = "PBX-USER"
	c := w.line(product, 5, "2027-12-31")
	people := w.people(5)
	line := table.Line(w.account, c, product)
	w.assign(c, product, people[:4]...)
	if diff := cmp.Diff([]table.Key{line}, w.due()); diff != "" {
		t.Fatalf("lines to be looked at (-want +got):\n%s", diff)
	}
	heal := func(want bool) {
		t.Helper()
		healed, err := w.publisher.Heal(t.Context(), w.account, line, t0)
		if err != nil || healed != want {
			t.Errorf("healed: %t (%v), want %t", healed, err, want)
		}
		if left := w.due(); len(left) != 0 {
			t.Errorf("it is looked at again: %v", left)
		}
	}
	heal(true)
	heal(false)
	if diff := cmp.Diff([]string{"80 of 80"}, w.bus.crossed(t)); diff != "" || w.level(c, product).Level != 80 {
		t.Errorf("announced, with the level %+v (-want +got):\n%s", w.level(c, product), diff)
	}
	w.assign(c, product, people[4])
	if failed := w.publisher.Handle(t.Context(), w.stream()); len(failed) > 0 {
		t.Fatal(failed)
	}
	heal(false)
	if diff := cmp.Diff([]string{"80 of 80", "100 of 100"}, w.bus.crossed(t)); diff != "" {
		t.Errorf("announced in all (-want +got):\n%s", diff)
	}
}
