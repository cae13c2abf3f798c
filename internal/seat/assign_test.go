package seat_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// A change is visible in the next read; asking again is a success that changes nothing (FEATURES.md, Seats).
func TestAssigningTakesASeatOnce(t *testing.T) {
	w := newWorld(t)
	c, people := w.line("phone", 10, "2027-01-01"), w.people(3)
	if got := w.assign(c, "phone", people...); !slices.Equal(got, []seat.Result{seat.Assigned, seat.Assigned, seat.Assigned}) {
		t.Fatalf("results are %v", got)
	}
	if got := w.assign(c, "phone", people[0]); !slices.Equal(got, []seat.Result{seat.Unchanged}) {
		t.Errorf("asking again: %v, want unchanged", got)
	}
	if l := w.lineOf(c, "phone"); l.Used != 3 || l.Available != 7 {
		t.Errorf("the line says %d used, %d available", l.Used, l.Available)
	}
	if _, err := w.seats.Remove(t.Context(), w.change(), c, "phone", people[1]); err != nil {
		t.Fatal(err)
	}
	if l := w.lineOf(c, "phone"); l.Used != 2 || l.Available != 8 || len(w.holding(people[1]).Seats) != 0 {
		t.Errorf("after the removal: %d used, %d available, held %v", l.Used, l.Available, w.holding(people[1]).Seats)
	}
	w.recount()
}

// One seat is one transaction of at most 12 write units (DATA.md, Guards), and of one more where it makes the line cross
// 80 %: the crossing is marked for the sweep, so that no alert is lost.
func TestAssigningOneSeatIsOneTransactionOfTwelveUnits(t *testing.T) {
	w := newWorld(t)
	c, people := w.line("phone", 5, "2027-01-01"), w.people(5)
	w.must(first(w.catalog.All(t.Context(), w.now)))
	for i, u := range people {
		ctx, meter := table.WithMeter(t.Context())
		done, err := w.seats.Assign(ctx, w.change(), seat.Order{Contract: c, Product: "phone", Users: []id.User{u}}, false, keepNothing)
		w.must(err)
		t.Logf("seat %d: line is %s, %d calls, %.0f read units, %.0f write units", i+1, done.Line.Usage().State, meter.Calls(), meter.ReadUnits(), meter.WriteUnits())
		most := 12.0
		if crosses := i+1 == 4; crosses { // the fourth of five
			most++
		}
		if meter.Calls() != 2 || meter.WriteUnits() > most {
			t.Errorf("seat %d: %d calls and %.0f write units, want a batch of reads and one transaction of %.0f at most", i+1, meter.Calls(), meter.WriteUnits(), most)
		}
	}
}

func first[T any](_ T, err error) error { return err }

// The limit is hard: of many at once as many get a seat as are free, also where transactions conflict.
func TestTheLimitHoldsAgainstManyAtOnce(t *testing.T) {
	for name, faults := range map[string][]table.Fault{"calm": nil, "with conflicts": {{Call: "write", Mode: table.Conflict, P: 0.3}}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c, people := w.line("phone", 10, "2027-01-01"), w.people(64)
			w.faults.Arm(faults...)
			results := make([]seat.Result, len(people))
			var all sync.WaitGroup
			for i, u := range people {
				all.Go(func() {
					done, err := w.seats.Assign(t.Context(), w.change(), seat.Order{Contract: c, Product: "phone", Users: []id.User{u}}, false, keepNothing)
					switch {
					case fault.Is(err, "busy"):
						results[i] = "busy"
					case err != nil:
						t.Error(err)
					default:
						results[i] = done.Outcomes[0].Result
					}
				})
			}
			all.Wait()
			w.faults.Arm()
			counts := map[seat.Result]int{}
			for _, r := range results {
				counts[r]++
			}
			t.Logf("%v", counts)
			if faults == nil && (counts[seat.Assigned] != 10 || counts[seat.LimitReached] != 54) {
				t.Errorf("%v, want 10 assigned and 54 refused", counts)
			}
			if l := w.lineOf(c, "phone"); l.Used != counts[seat.Assigned] || l.Used > 10 {
				t.Errorf("%d are used and %d were told so", l.Used, counts[seat.Assigned])
			}
			w.recount()
		})
	}
}

// Up to 48 users are all or nothing; with partial as many as there are seats, in the order given (issue 5, 1).
func TestManyUsersAreAllOrNothingOrInTheirOrder(t *testing.T) {
	w := newWorld(t)
	c, people := w.line("phone", 50, "2027-01-01"), w.people(60)
	done, err := w.seats.Assign(t.Context(), w.change(), seat.Order{Contract: c, Product: "phone", Users: people[:48]}, false, keepNothing)
	if err != nil || done.Line.Used != 48 {
		t.Fatalf("48 at once: %d used, %v", done.Line.Used, err)
	}
	done, err = w.seats.Assign(t.Context(), w.change(), seat.Order{Contract: c, Product: "phone", Users: people[46:51]}, false, keepNothing)
	w.must(err)
	if got := resultsOf(done); !slices.Equal(got, []seat.Result{seat.Unchanged, seat.Unchanged, seat.LimitReached, seat.LimitReached, seat.LimitReached}) {
		t.Errorf("three new ones for two seats: %v", got)
	}
	if r := done.Outcomes[2].Refusal; r.Args[0] != fault.Int("requested", 3) || r.Args[1] != fault.Int("available", 2) {
		t.Errorf("the refusal says %v, want 3 requested and 2 available", r.Args)
	}
	if l := w.lineOf(c, "phone"); l.Used != 48 {
		t.Errorf("%d are used after a refusal, want 48", l.Used)
	}
	done, err = w.seats.Assign(t.Context(), w.change(), seat.Order{Contract: c, Product: "phone", Users: people}, true, keepNothing)
	w.must(err)
	want := slices.Concat(slices.Repeat([]seat.Result{seat.Unchanged}, 48), slices.Repeat([]seat.Result{seat.Assigned}, 2), slices.Repeat([]seat.Result{seat.LimitReached}, 10))
	if diff := cmp.Diff(want, resultsOf(done)); diff != "" {
		t.Errorf("in part (-want +got): %s", diff)
	}
	w.recount()
}

// What a line refuses, whoever asks.
func TestALineThatTakesNobodySaysWhy(t *testing.T) {
	w := newWorld(t)
	people := w.people(2)
	gone := people[1]
	w.set(gone, func(u *user.User) { u.State = user.Deactivated })
	for name, test := range map[string]struct {
		on   id.Contract
		user id.User
		want seat.Result
	}{
		"no limit set":       {w.line("phone", -1, "2027-01-01"), people[0], seat.LimitNotSet},
		"a limit of zero":    {w.line("phone", 0, "2027-01-01"), people[0], seat.LimitReached},
		"expired today":      {w.line("phone", 5, today), people[0], seat.Expired},
		"deactivated user":   {w.line("phone", 5, "2027-01-01"), gone, seat.Deactivated},
		"nobody":             {w.line("phone", 5, "2027-01-01"), id.New[id.User](w.ids, w.now), seat.UserUnknown},
		"not even a user id": {w.line("phone", 5, "2027-01-01"), "somebody", seat.UserUnknown},
	} {
		if got := w.assign(test.on, "phone", test.user); !slices.Equal(got, []seat.Result{test.want}) {
			t.Errorf("%s: %v, want %s", name, got, test.want)
		}
	}
	w.recount()
}

// A contract that expires between the decision and the write takes nobody: the day is a condition of the write.
func TestAContractThatExpiresMeanwhileTakesNobody(t *testing.T) {
	w := newWorld(t)
	c, people := w.line("phone", 5, "2027-01-01"), w.people(1)
	shorten := func() {
		expiry := today
		_, _, err := w.contracts.SetTerms(t.Context(), contract.Changing{Account: w.account, Now: w.now}, c, contract.Terms{Expiry: &expiry}, func(int) error { return nil })
		w.must(err)
	}
	done, err := w.seats.Assign(t.Context(), w.change(), seat.Order{Contract: c, Product: "phone", Users: people}, false, func(d seat.Done) ([]table.Op, error) {
		if d.Outcomes[0].Result == seat.Assigned {
			shorten() // decided, and not yet written
		}
		return nil, nil
	})
	if err != nil || done.Outcomes[0].Result != seat.Expired {
		t.Errorf("%v (%v), want a refusal since the contract expired", resultsOf(done), err)
	}
	w.recount()
}

// A line over its limit takes nobody until it is under, and nobody loses a seat by a lower limit (FEATURES.md, Seats).
func TestALowerLimitTakesNoSeatAway(t *testing.T) {
	w := newWorld(t)
	c, people := w.line("phone", 5, "2027-01-01"), w.people(6)
	w.assign(c, "phone", people[:5]...)
	limit := func(n int) {
		_, _, err := w.contracts.SetTerms(t.Context(), contract.Changing{Account: w.account, Now: w.now}, c, contract.Terms{Limits: map[string]*int{"phone": &n}}, func(int) error { return nil })
		w.must(err)
	}
	last := people[5]
	limit(3)
	if l := w.lineOf(c, "phone"); l.Used != 5 || l.Usage().State != contract.OverLimit {
		t.Errorf("limit 3, used 5: %+v", l.Usage())
	}
	for range 2 {
		if got := w.assign(c, "phone", last); got[0] != seat.OverLimit {
			t.Errorf("over the limit: %v", got)
		}
		w.must(first(w.seats.Remove(t.Context(), w.change(), c, "phone", people[0])))
		people = people[1:]
		w.recount()
	}
	limit(9)
	if got := w.assign(c, "phone", last); got[0] != seat.Assigned {
		t.Errorf("raised: %v, want assigned at once", got)
	}
	w.recount()
}

// Before and after are each person's own (FEATURES.md, Activity): a call that gives seats and switches features of others
// names each by their id.
func TestARecordOfManyKeepsTheValuesOfEach(t *testing.T) {
	w := newWorld(t)
	s, p := w.shelf(), w.people(4)
	c := w.line(s.phone, 10, "2027-01-01")
	give := func(features []string, users ...id.User) activity.Record {
		w.now = w.now.Add(time.Second)
		w.must(first(w.seats.Assign(t.Context(), w.change(), seat.Order{Contract: c, Product: s.phone, Users: users, Features: features}, false, keepNothing)))
		on := string(c)
		if len(users) == 1 {
			on = string(users[0])
		}
		records, _, err := activity.NewStore(w.table).List(t.Context(), w.account, on, w.now, w.now.Add(time.Second), nil, 50)
		w.must(err)
		if len(records) == 0 {
			t.Fatal("the call left no record")
		}
		return records[0]
	}
	holds := func(what string, got activity.Record, before, after activity.Values) {
		t.Helper()
		if diff := cmp.Diff([]activity.Values{before, after}, []activity.Values{got.Before, got.After}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	field, on := "seats."+s.phone, map[string]any{"contractId": string(c)}
	holds("one person", give([]string{"recording"}, p[0]), activity.Values{field: nil}, activity.Values{field: on})
	give([]string{"voicemail"}, p[1])
	of := func(u id.User) string { return field + "." + string(u) }
	holds("two with a seat, two without", give([]string{"recording", "voicemail"}, p...),
		activity.Values{of(p[0]) + ".features": []any{"recording"}, of(p[1]) + ".features": []any{"voicemail"}, of(p[2]): nil, of(p[3]): nil},
		activity.Values{of(p[0]) + ".features": []any{"recording", "voicemail"}, of(p[1]) + ".features": []any{"recording", "voicemail"}, of(p[2]): on, of(p[3]): on})
	holds("one of them", give([]string{"voicemail"}, p[3]), activity.Values{field + ".features": []any{"recording", "voicemail"}}, activity.Values{field + ".features": []any{"voicemail"}})
}
