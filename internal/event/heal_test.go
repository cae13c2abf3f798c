package event_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/event"
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

// settled is when a crossing at t0 is no longer left to the stream.
var settled = t0.Add(10 * time.Minute)

func (w *world) heal(line table.Key, at time.Time, want bool) {
	w.t.Helper()
	healed, err := w.publisher.Heal(w.t.Context(), w.account, line, at)
	if err != nil || healed != want {
		w.t.Errorf("healed at %s: %t (%v), want %t", at, healed, err, want)
	}
}

// A crossing whose stream record was lost is announced by the sweep; one that was announced is not announced again.
func TestACrossingThatWasLostIsAnnounced(t *testing.T) {
	w := newWorld(t)
	const product = "PBX-USER"
	c := w.line(product, 5, "2027-12-31")
	people := w.people(5)
	line := table.Line(w.account, c, product)
	w.assign(c, product, people[:4]...)
	w.heal(line, settled.Add(-time.Second), false)
	if diff := cmp.Diff([]table.Key{line}, w.due()); diff != "" || len(w.bus.taken) > 0 {
		t.Fatalf("a young crossing was announced %d times; lines to be looked at (-want +got):\n%s", len(w.bus.taken), diff)
	}
	heal := func(want bool) {
		t.Helper()
		w.heal(line, settled, want)
		if left := w.due(); len(left) != 0 {
			t.Errorf("it is looked at again: %v", left)
		}
	}
	heal(true)
	heal(false)
	if diff := cmp.Diff([]string{"80 of 80"}, w.bus.crossed(t)); diff != "" || w.told(c, product) != [2]int{2, 0} {
		t.Errorf("announced, by the revs %v (-want +got):\n%s", w.told(c, product), diff)
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

// The process ends between the publishing and the noting of it, and the line changes before the sweep comes: whoever is told
// again is told the same thing by its id. So does the record that was given up and is sent again later.
func TestWhatIsAnnouncedAfterACrashHasTheIdThatItHad(t *testing.T) {
	w := newWorld(t)
	const product = "PBX-USER"
	c, people := w.line(product, 10, "2027-12-31"), w.people(10)
	line := table.Line(w.account, c, product)
	w.assign(c, product, people[:7]...)
	w.assign(c, product, people[7])
	before := w.stream()
	w.faults.Arm(table.Fault{Call: "write", Mode: table.FailBefore, P: 1})
	if failed := w.publisher.Handle(t.Context(), before); len(failed) == 0 {
		t.Fatal("no crash")
	}
	w.faults.Arm()
	w.assign(c, product, people[8])
	w.heal(line, settled, true)
	w.handle(before)
	if ids := w.bus.crossings(t); len(ids) != 1 || ids[0] != fmt.Sprintf("evt_%s_%s_3_80", c, product) {
		t.Errorf("announced as %v, want one id, of the line's third rev", ids)
	}
	if n := w.bus.count(event.UsageThresholdCrossed); n != 3 {
		t.Errorf("announced %d times, want before the crash, by the sweep, and by the record that came again", n)
	}
}

// Of a line that fell and rose again unseen the last rise is announced, although its level is the one announced before.
func TestARiseThatWasLostAfterAFallIsAnnounced(t *testing.T) {
	w := newWorld(t)
	const product = "PBX-USER"
	c, people := w.line(product, 5, "2027-12-31"), w.people(5)
	line := table.Line(w.account, c, product)
	w.assign(c, product, people[:4]...)
	w.handle(w.stream())
	w.free(c, product, people[3])
	w.assign(c, product, people[3])
	w.heal(line, settled, true)
	w.heal(line, settled, false)
	if diff := cmp.Diff([]string{"80 of 80", "80 of 80"}, w.bus.crossed(t)); diff != "" {
		t.Errorf("announced (-want +got):\n%s", diff)
	}
}

// A rise that was lost is announced, whatever the stream brought of the line since: a fall to a threshold that it is still
// at, and the rise to the other one, which says nothing of the first.
func TestARiseThatWasLostIsAnnouncedWhateverCameAfterIt(t *testing.T) {
	const product = "PBX-USER"
	for _, row := range []struct {
		name        string
		lost        []int // how many of 5 sit there: what was announced, what was lost, what came after
		after       int
		told        int
		want        []string
		announcedBy [2]int
	}{
		{"a fall", []int{0, 5}, 4, 0, []string{"80 of 80"}, [2]int{2, 0}},
		{"the other threshold", []int{3, 4}, 5, 1, []string{"80 of 80", "100 of 100"}, [2]int{3, 4}},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			c, people := w.line(product, 5, "2027-12-31"), w.people(5)
			w.seat(c, product, people, 0, row.lost[0])
			w.handle(w.stream())
			w.seat(c, product, people, row.lost[0], row.lost[1])
			lost := len(w.stream())
			w.seat(c, product, people, row.lost[1], row.after)
			w.handle(w.stream()[lost:])
			if n := w.bus.count(event.UsageThresholdCrossed); n != row.told {
				t.Fatalf("%d were announced by the stream, want %d", n, row.told)
			}
			line := table.Line(w.account, c, product)
			w.heal(line, settled, true)
			w.heal(line, settled, false)
			if diff := cmp.Diff(row.want, w.bus.crossed(t)); diff != "" || w.told(c, product) != row.announcedBy || len(w.due()) > 0 {
				t.Errorf("by the revs %v, want %v; to be looked at: %v; announced (-want +got):\n%s", w.told(c, product), row.announcedBy, w.due(), diff)
			}
		})
	}
}

// A threshold that was crossed by counting anew is left to the stream as any other, and is dated when it was counted.
func TestACrossingByARecountIsDatedAndLeftToTheStream(t *testing.T) {
	w := newWorld(t)
	const product = "PBX-USER"
	c := w.line(product, 5, "2027-12-31")
	line := table.Line(w.account, c, product)
	item, err := w.table.Get(t.Context(), line)
	w.must(err)
	row, err := contract.ReadLine(item)
	w.must(err)
	ops, err := contract.RecountOps(w.account, row, row.Recounted(map[contract.PoolID]int{contract.Unassigned: 4}), t0)
	w.must(err)
	w.must(w.table.Write(t.Context(), ops...))
	w.heal(line, settled.Add(-time.Second), false)
	if n := len(w.bus.taken); n != 0 {
		t.Errorf("a young crossing was announced %d times", n)
	}
	w.heal(line, settled, true)
	if len(w.bus.taken) != 1 || !strings.Contains(string(w.bus.taken[0].Detail), t0.Format(time.RFC3339)) {
		t.Errorf("announced %+v, want one event of %s", w.bus.taken, t0)
	}
}

// What was lost is announced as the stream would have: each threshold by the rev that it was risen over with, both by one
// where it was one step; and nothing that is over.
func TestTheSweepNamesACrossingAsTheStreamDoes(t *testing.T) {
	w := newWorld(t)
	people := w.people(10)
	var healed []event.Event
	for n, row := range []struct {
		name     string
		used     []int                  // of 10, one change after the other
		told     map[contract.Level]int // the revs that were announced last
		want     []string
		reaching []string
	}{
		{"one step over both", []int{7, 10}, nil, []string{"_2_80", "_2_100"}, []string{"80 of 100", "100 of 100"}},
		{"two steps", []int{7, 8, 10}, nil, []string{"_2_80", "_3_100"}, []string{"80 of 80", "100 of 100"}},
		{"the second of two", []int{7, 8, 10}, map[contract.Level]int{80: 2}, []string{"_3_100"}, []string{"100 of 100"}},
		{"the first of two", []int{7, 8, 10}, map[contract.Level]int{100: 3}, []string{"_2_80"}, []string{"80 of 80"}},
		{"announced", []int{7, 8, 10}, map[contract.Level]int{80: 2, 100: 3}, nil, nil},
		{"changed since at its level", []int{7, 8, 9}, nil, []string{"_2_80"}, []string{"80 of 80"}},
		{"fell to 80 %", []int{7, 10, 9}, nil, []string{"_2_80"}, []string{"80 of 80"}},
		{"fell below", []int{7, 8, 7}, nil, nil, nil},
		{"fell and rose again", []int{7, 8, 7, 8}, map[contract.Level]int{80: 2}, []string{"_4_80"}, []string{"80 of 80"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			product := fmt.Sprintf("product-%d", n)
			c := w.line(product, 10, "2027-12-31")
			for i, used := range row.used {
				if i == 0 {
					w.seat(c, product, people, 0, used)
				} else {
					w.seat(c, product, people, row.used[i-1], used)
				}
			}
			item, err := w.table.Get(t.Context(), table.Line(w.account, c, product))
			w.must(err)
			l, err := contract.ReadLine(item)
			w.must(err)
			first := l.Rev - len(row.used) // the rev of the first of the changes is one more
			var ids []string
			told := map[contract.Level]int{}
			for threshold, rev := range row.told {
				told[threshold] = first + rev
			}
			all := event.Untold(w.account, told, l.Line)
			for _, e := range all {
				ids = append(ids, strings.TrimPrefix(e.ID, fmt.Sprintf("evt_%s_%s", c, product)))
				if !e.At.Equal(t0) {
					t.Errorf("it is dated %s, want when it happened", e.At)
				}
			}
			for i, id := range row.want {
				rev, threshold, _ := strings.Cut(id[1:], "_")
				n, err := strconv.Atoi(rev)
				w.must(err)
				row.want[i] = fmt.Sprintf("_%d_%s", first+n, threshold)
			}
			if diff := cmp.Diff(row.want, ids); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(row.reaching, thresholds(all)); diff != "" {
				t.Errorf("thresholds (-want +got):\n%s", diff)
			}
			healed = append(healed, all...)
		})
	}
	w.handle(w.stream())
	named := w.bus.crossings(t)
	for _, e := range healed {
		if !slices.Contains(named, e.ID) {
			t.Errorf("the stream has %v, and not %s", named, e.ID)
		}
	}
}
