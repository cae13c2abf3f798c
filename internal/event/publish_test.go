package event_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/event"
	"github.com/seatkeeper/seatkeeper/internal/platform/bus"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// handle gives records to the publisher and wants all of them done.
func (w *world) handle(changes []table.Change) {
	w.t.Helper()
	if failed := w.publisher.Handle(w.t.Context(), changes); len(failed) > 0 {
		w.t.Fatalf("failed: %v", failed)
	}
}

// lived is a history of one line: up to 80 %, to 100 %, down to 60 %, over both at once by a lower limit, and a contract
// with a system too many.
func (w *world) lived() (changes []table.Change) {
	w.t.Helper()
	c, people := w.line("phone", 5, "2027-01-01"), w.people(5)
	w.assign(c, "phone", people[:4]...)
	w.assign(c, "phone", people[4])
	w.free(c, "phone", people[4])
	w.free(c, "phone", people[3])
	lower := 2
	w.terms(c, contract.Terms{Limits: map[string]*int{"phone": &lower}})
	w.mapped(c, 2)
	w.line("fax", 0, "2027-06-01")
	return w.stream()
}

// FEATURES.md, Alerts, from the stream of the real engine: once per crossing, down and up again announces again, and a
// step over both is two events.
func TestALineIsAnnouncedAtEachOfItsCrossings(t *testing.T) {
	w := newWorld(t)
	w.handle(w.lived())
	if diff := cmp.Diff([]string{"80 of 80", "100 of 100", "80 of 100", "100 of 100"}, w.bus.crossed(t)); diff != "" {
		t.Errorf("announced (-want +got):\n%s", diff)
	}
	counts := map[string]int{}
	for _, e := range w.bus.taken {
		counts[e.Type]++
	}
	want := map[string]int{
		"AccountCreated": 0, "UserAdded": 5, "SeatAssigned": 2, "SeatRemoved": 2, "ContractTermsChanged": 1, "SeatLimitChanged": 1,
		"SystemsOverPurchased": 1, "SeatUsageThresholdCrossed": 4,
	}
	maps.DeleteFunc(want, func(_ string, n int) bool { return n == 0 })
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("events of each type (-want +got):\n%s", diff)
	}
}

// What is kept beside: the rises that were announced, the use by day, and what the partner sees.
func TestThePublisherKeepsLevelDaysAndOverview(t *testing.T) {
	w := newWorld(t)
	changes := w.lived()
	w.handle(changes)
	var kept []string
	for key, row := range w.derived() {
		var r struct {
			Used, Limit *int
			Rev         int
		}
		w.must(table.Decode(row, &r))
		_, noun, ours := key.Noun()
		what := strings.TrimPrefix(key.SK, "2026-11-21")
		what = what[:strings.LastIndex(what, "#")+1]
		switch {
		case ours && noun == "LEVEL":
			kept = append(kept, fmt.Sprintf("%s %s by %d", key.SK[:strings.Index(key.SK, "#")], key.SK[strings.LastIndex(key.SK, "#")+1:], r.Rev))
		case ours:
			kept = append(kept, fmt.Sprintf("%s used %d of %d", what, *r.Used, *r.Limit))
		}
	}
	slices.Sort(kept)
	if diff := cmp.Diff([]string{"#fax# used 0 of 0", "#phone# used 3 of 2", "phone 100 by 6", "phone 80 by 6"}, kept); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	o := w.overview()
	if o.OverLimit != 1 || o.Full != 1 || o.Warning != 0 || o.NotSet != 0 || o.Due != 1 || o.OverMapped != 1 || o.AtLeast || o.Day != "2026-11-21" || !o.AsOf.Equal(t0) {
		t.Errorf("the overview is %+v", o)
	}
}

// The same records, three times and shuffled, in batches of any size: the same events by id and by what they say, and the
// same rows.
func TestRecordsThatComeAgainAndInDisorderChangeNothing(t *testing.T) {
	w := newWorld(t)
	changes := w.lived()
	w.handle(changes)
	ids, rows := w.bus.ids(t), w.derived()
	if len(ids) < 15 || len(rows) < 6 {
		t.Fatalf("%d events and %d rows: there is nothing to compare", len(ids), len(rows))
	}
	random := rand.New(rand.NewPCG(4, 2))
	for range 3 {
		w.now = w.now.Add(time.Minute)
		random.Shuffle(len(changes), func(i, j int) { changes[i], changes[j] = changes[j], changes[i] })
		for batch := range slices.Chunk(changes, 1+random.IntN(4)) {
			w.handle(batch)
			// After each batch: what an old record spoils, a newer one behind it would mend unseen.
			if diff := cmp.Diff(plain(t, rows), plain(t, w.derived())); diff != "" {
				t.Fatalf("rows (-first +after):\n%s", diff)
			}
		}
	}
	if diff := cmp.Diff(ids, w.bus.ids(t)); diff != "" {
		t.Errorf("events (-first +after):\n%s", diff)
	}
}

// Disorder from the first: what is kept in the end is the newest all the same.
func TestTheNewestIsKeptInWhateverOrderItComes(t *testing.T) {
	w := newWorld(t)
	changes := w.lived()
	w.handle(changes)
	rows := plain(t, w.derived())
	other := newWorld(t) // the same account's rows, kept by another table
	other.account = w.account
	slices.Reverse(changes)
	for _, c := range changes {
		other.handle([]table.Change{c})
	}
	got := plain(t, other.derived())
	for key, row := range rows {
		if !strings.HasPrefix(key, "SETTINGS#") && !cmp.Equal(row, got[key]) { // the overview reads rows that only the first has
			t.Errorf("%s is %v in reverse order, want %v", key, got[key], row)
		}
	}
}

// plain is rows as they can be compared.
func plain(t *testing.T, rows map[table.Key]table.Item) map[string]map[string]any {
	t.Helper()
	all := map[string]map[string]any{}
	for key, row := range rows {
		one := map[string]any{}
		if err := table.Decode(row, &one); err != nil {
			t.Fatal(err)
		}
		all[key.PK+" "+key.SK] = one
	}
	return all
}

// What the bus did not take comes again, and nothing else does; a level counts as announced once its event was taken.
func TestARecordWhoseEventsWereRefusedComesAgainAlone(t *testing.T) {
	w := newWorld(t)
	c, people := w.line("phone", 5, "2027-01-01"), w.people(4)
	w.assign(c, "phone", people...)
	changes := w.stream()
	w.bus.refuses = func(e bus.Entry) bool { return e.Type == event.UsageThresholdCrossed }
	failed := w.publisher.Handle(t.Context(), changes)
	if len(failed) != 1 {
		t.Fatalf("failed: %v, want the line's record alone", failed)
	}
	if got := w.told(c, "phone"); got != [2]int{} {
		t.Errorf("rises count as announced: %v", got)
	}
	i := slices.IndexFunc(changes, func(c table.Change) bool { return c.Sequence == failed[0].Sequence })
	w.bus.refuses = nil
	w.handle(changes[i : i+1])
	if got := w.told(c, "phone"); got != [2]int{2, 0} {
		t.Errorf("rises count as announced: %v, want that to 80 %% by the second rev", got)
	}
	if diff := cmp.Diff([]string{"80 of 80"}, w.bus.crossed(t)); diff != "" {
		t.Errorf("announced (-want +got):\n%s", diff)
	}
}

func TestWhileTheBusIsDownEveryRecordWithAnEventComesAgain(t *testing.T) {
	w := newWorld(t)
	changes := w.lived()
	w.bus.down = errors.New("no answer")
	failed := w.publisher.Handle(t.Context(), changes)
	w.bus.down = nil
	var again []table.Change
	for _, f := range failed {
		again = append(again, changes[slices.IndexFunc(changes, func(c table.Change) bool { return c.Sequence == f.Sequence })])
	}
	w.handle(again)
	events, rows := w.bus.ids(t), plain(t, w.derived())
	w.bus.taken = nil
	w.handle(changes)
	if diff := cmp.Diff(events, w.bus.ids(t)); diff != "" || len(events) == 0 {
		t.Errorf("events (-after the failure +all of them):\n%s", diff)
	}
	if diff := cmp.Diff(rows, plain(t, w.derived())); diff != "" {
		t.Errorf("rows (-after the failure +all of them):\n%s", diff)
	}
}

// One bad record holds up nothing else, wherever it stands in its batch.
func TestARecordThatCannotBeUnderstoodFailsAlone(t *testing.T) {
	text := func(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
	w := newWorld(t)
	changes := w.lived()
	w.handle(changes)
	want := w.bus.ids(t)
	w.bus.taken = nil
	act := table.Activity(w.account, "act_01KE6P4YM08EJZWGJN6B3ZCKTB")
	line, ctr := table.Line(w.account, aContract, "phone"), table.Contract(w.account, aContract)
	unknown, err := table.Encode(activity.Record{ID: "act_01KE6P4YM08EJZWGJN6B3ZCKTB", Account: w.account, At: t0, Action: "seat.painted"})
	w.must(err)
	bad := []table.Change{
		{Sequence: "not a record", Key: act, Is: table.Item{"action": text("seat.assigned")}},
		{Sequence: "an unknown action", Key: act, Is: unknown},
		{Sequence: "a line of another kind", Key: line, Was: table.Item{"used": text("many")}, Is: table.Item{"used": text("more")}},
		{Sequence: "an empty line", Key: line, Was: table.Item{}, Is: table.Item{}},
		{Sequence: "another contract", Key: ctr, Is: table.Item{"id": text("ctr_01KE6P4YM08EJZWGJN6B3ZCKTZ"), "rev": table.Number(1)}},
	}
	for _, b := range bad {
		changes = slices.Insert(changes, len(changes)/2, b)
	}
	var failed []string
	for _, f := range w.publisher.Handle(t.Context(), changes) {
		failed = append(failed, f.Sequence)
	}
	slices.Sort(failed)
	if diff := cmp.Diff([]string{"a line of another kind", "an empty line", "an unknown action", "another contract", "not a record"}, failed); diff != "" {
		t.Errorf("failed (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, w.bus.ids(t)); diff != "" {
		t.Errorf("events beside bad records (-without +with):\n%s", diff)
	}
}

// A row that could not be written is no event lost: its record comes again.
func TestARecordWhoseRowsCouldNotBeWrittenComesAgain(t *testing.T) {
	for _, call := range []string{"write", "get", "query"} {
		t.Run(call, func(t *testing.T) {
			w := newWorld(t)
			changes := w.lived()
			w.faults.Arm(table.Fault{Call: call, Mode: table.FailBefore, P: 1})
			failed := w.publisher.Handle(t.Context(), changes)
			w.faults.Arm()
			if len(failed) == 0 {
				t.Fatal("nothing failed")
			}
			var again []table.Change
			for _, f := range failed {
				again = append(again, changes[slices.IndexFunc(changes, func(c table.Change) bool { return c.Sequence == f.Sequence })])
			}
			w.handle(again)
			rows := plain(t, w.derived())
			w.handle(changes)
			if diff := cmp.Diff(rows, plain(t, w.derived())); diff != "" {
				t.Errorf("rows (-after the failure +all of them):\n%s", diff)
			}
		})
	}
}

// Seats that come and go far from a threshold cost the overview nothing.
func TestAnOverviewIsCountedOnlyWhereItMayBeAnother(t *testing.T) {
	w := newWorld(t)
	c, people := w.line("phone", 50, "2027-06-01"), w.people(2)
	w.handle(w.stream())
	seen := len(w.stream())
	w.assign(c, "phone", people...)
	ctx, meter := table.WithMeter(t.Context())
	if failed := w.publisher.Handle(ctx, w.stream()[seen:]); len(failed) > 0 {
		t.Fatal(failed)
	}
	if meter.Calls() != 2 {
		t.Errorf("%d calls, want the account's zone and the day's use", meter.Calls())
	}
}

// The partner sees a contract as due from the day on which it is, also where nothing is announced then, and as due no more
// once it has expired: each step of a contract, also a silent one, has the overview counted anew.
func TestTheOverviewFollowsTheDays(t *testing.T) {
	w := newWorld(t)
	c := w.line("phone", 0, "2027-06-01")
	w.handle(w.stream())
	ladder := contract.NewAlertDays([]int{30})
	w.terms(c, contract.Terms{AlertDays: &ladder})
	for _, day := range []struct {
		today date.Date
		due   int
		full  int
	}{{"2027-03-02", 0, 1}, {"2027-03-03", 1, 1}, {"2027-05-31", 1, 1}, {"2027-06-01", 0, 0}} {
		seen := len(w.stream())
		at, err := time.Parse(time.DateOnly, string(day.today))
		w.must(err)
		w.now = at.Add(9 * time.Hour)
		row, _, err := w.contracts.Get(t.Context(), w.account, c)
		w.must(err)
		_, err = w.contracts.Mark(t.Context(), contract.Changing{Account: w.account, Now: w.now, By: by()}, row, day.today)
		w.must(err)
		w.handle(w.stream()[seen:])
		if o := w.overview(); o.Due != day.due || o.Full != day.full {
			t.Errorf("on %s the overview is %+v, want %d due, %d full", day.today, o, day.due, day.full)
		}
	}
}
