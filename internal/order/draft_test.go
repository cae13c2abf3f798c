package order

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/id"
)

// A quote counts what it does not make: one that is given must not become an order that no transaction takes.
func TestARehearsalCountsThePapersAndTheRecord(t *testing.T) {
	ids, now := id.NewMaker(rand.Reader), time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	d := &draft{buying: Buying{Now: now}}
	d.record = activity.New(ids, now, id.New[id.Account](ids, now), activity.Author{}, activity.OrderPlaced, activity.Thing{})
	activity.Set(&d.record, "lines.phone.limit", 1, 2)
	for _, step := range []func(*Store) error{d.papers, d.told} {
		if err := step(nil); err != nil {
			t.Fatal(err)
		}
	}
	if len(d.ops) != paperwork {
		t.Errorf("papers and record are %d operations, a rehearsal counts %d", len(d.ops), paperwork)
	}
}
