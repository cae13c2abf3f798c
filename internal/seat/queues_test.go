package seat_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

var (
	frontDesk = user.Queue{Type: user.CallQueue, Name: "Front desk"}
	help      = user.Queue{Type: user.InboxQueue, Name: "help@example.com"}
)

// Who has left is in no queue, and who has not in fifty at most; that they are in none may be said of anybody.
func TestWhoMayBeInQueues(t *testing.T) {
	erased := user.Holding{State: user.Deactivated}
	for name, test := range map[string]struct {
		holder user.Holding
		queues []user.Queue
		want   seat.Result
		args   []any
	}{
		"active":                  {holder(), []user.Queue{frontDesk}, "", nil},
		"deactivated":             {deactivated(holder()), []user.Queue{frontDesk}, seat.Deactivated, []any{"Ada"}},
		"erased":                  {erased, []user.Queue{frontDesk}, seat.Erased, nil},
		"deactivated, in none":    {deactivated(holder()), nil, "", nil},
		"erased, and in none too": {erased, nil, "", nil},
		"in fifty":                {holder(), inQueues(holder(), user.MaxQueues).Queues, "", nil},
		"in one more":             {holder(), inQueues(holder(), user.MaxQueues+1).Queues, seat.TooManyQueues, []any{"Ada", user.MaxQueues}},
	} {
		held(t, name, seat.MayJoin(test.holder, test.queues), test.want, test.args...)
	}
}

// A contact-center seat exists as long as its user is in a queue, whichever that is (FEATURES.md, Seats).
func TestDerivedSeatsEndWithTheLastQueue(t *testing.T) {
	h := inQueues(holder("phone", "desk", "mail"), 2)
	for name, test := range map[string]struct {
		queues []user.Queue
		want   []string
	}{
		"other queues": {[]user.Queue{help}, nil},
		"one is left":  {h.Queues[:1], nil},
		"none":         {nil, []string{"desk"}},
	} {
		if got := seat.Ending(h, test.queues, rules); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v end, want %v", name, got, test.want)
		}
	}
}

// What a change names begins or ends, and nothing else: two who change the queues of one person do not undo each other.
func TestAChangeOfQueuesIsOfThoseThatItNames(t *testing.T) {
	desk, renamed := user.Queue{Type: user.CallQueue, Name: "front DESK"}, user.Queue{Type: user.InboxQueue, Name: "Front desk"}
	for name, test := range map[string]struct {
		change    seat.Membership
		now, want []user.Queue
	}{
		"one more, in its order":      {seat.Membership{Join: []user.Queue{frontDesk}}, []user.Queue{help}, []user.Queue{frontDesk, help}},
		"one that is there":           {seat.Membership{Join: []user.Queue{desk}}, []user.Queue{frontDesk}, []user.Queue{frontDesk}},
		"one fewer":                   {seat.Membership{Leave: []user.Queue{desk}}, []user.Queue{frontDesk, help}, []user.Queue{help}},
		"one that is not there":       {seat.Membership{Leave: []user.Queue{renamed}}, []user.Queue{frontDesk}, []user.Queue{frontDesk}},
		"under another name":          {seat.Membership{Leave: []user.Queue{frontDesk}, Join: []user.Queue{desk}}, []user.Queue{frontDesk}, []user.Queue{desk}},
		"none":                        {seat.Membership{LeaveAll: true}, []user.Queue{frontDesk, help}, nil},
		"others than all those there": {seat.Membership{LeaveAll: true, Join: []user.Queue{renamed}}, []user.Queue{frontDesk}, []user.Queue{renamed}},
	} {
		if got := test.change.Of(test.now); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// answers puts somebody into these queues and no other.
func (w *world) answers(u id.User, queues ...user.Queue) seat.Done {
	w.t.Helper()
	done, refusal, err := w.seats.ChangeQueues(w.t.Context(), w.change(), seat.Membership{User: u, LeaveAll: true, Join: queues}, keepNothing)
	w.must(err)
	if refusal != nil {
		w.t.Fatalf("refused: %+v", refusal)
	}
	return done
}

// records are those of the activity, the newest last.
func (w *world) records() []activity.Record {
	w.t.Helper()
	var all []activity.Record
	for _, item := range w.all(table.Activities(w.account, w.now)) {
		var r activity.Record
		w.must(table.Decode(item, &r))
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b activity.Record) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return all
}

// Taken out of all queues in one step the person has no derived seat any more, it is free for somebody else, also where
// its contract is expired, and one record says both. The base seat stays. The same list again, in whatever order, changes
// nothing and is not recorded (FEATURES.md, Seats).
func TestLeavingAllQueuesFreesTheDerivedSeats(t *testing.T) {
	w := newWorld(t)
	s, u := w.shelf(), w.people(1)[0]
	lines := w.lines(s.phone, s.desk)
	w.answers(u, help, frontDesk)
	if got := w.holding(u).Queues; !slices.Equal(got, []user.Queue{frontDesk, help}) {
		t.Fatalf("they are in %v", got)
	}
	w.wants("in queues", w.switched(u, []string{s.phone, s.desk}, nil), seat.Assigned, seat.Assigned)
	before := w.records()
	rev := w.holding(u).Rev
	if done := w.answers(u, frontDesk, help); len(done.Outcomes) > 0 || w.holding(u).Rev != rev || len(w.records()) != len(before) {
		t.Errorf("the same list again: %+v, %d records more", done, len(w.records())-len(before))
	}
	w.wants("one is left", w.answers(u, help))
	if len(w.seatsOf(u)) != 2 {
		t.Errorf("with a queue left they have %v", w.seatsOf(u))
	}
	ch := w.change()
	ch.Today = "2027-06-01" // after the contract's expiry
	done, _, err := w.seats.ChangeQueues(t.Context(), ch, seat.Membership{User: u, LeaveAll: true}, keepNothing)
	w.must(err)
	w.wants("out of all", done, seat.Removed)
	if o := done.Outcomes[0]; o.Product != s.desk || o.Contract != lines[s.desk] || o.ProductName != "The "+s.desk {
		t.Errorf("what was freed: %+v", o)
	}
	if h := w.holding(u); len(h.Queues) != 0 || !slices.Equal(h.Products(), []string{s.phone}) {
		t.Errorf("they hold %v, in %v", h.Products(), h.Queues)
	}
	if l := w.lineOf(lines[s.desk], s.desk); l.Used != 0 || l.Available != 10 {
		t.Errorf("%d used, %d available", l.Used, l.Available)
	}
	all := w.records()
	r := all[len(all)-1]
	want := activity.Record{
		Action: activity.UserQueuesChanged, Subject: activity.Thing{Noun: "user", ID: string(u), Name: "Person 000"},
		Targets: []activity.Thing{{Noun: "line", ID: s.desk, Name: "The " + s.desk}},
		Before:  activity.Values{"queues.inbox": []any{help.Name}, "seats." + s.desk: map[string]any{"contractId": string(lines[s.desk])}},
		After:   activity.Values{"queues.inbox": []any{}, "seats." + s.desk: nil},
	}
	got := activity.Record{Action: r.Action, Subject: r.Subject, Targets: r.Targets, Before: r.Before, After: r.After}
	if diff := cmp.Diff(want, got); diff != "" || len(all) != len(before)+2 {
		t.Errorf("%d records, the last (-want +got): %s", len(all)-len(before), diff)
	}
	w.recount()
}

// What another seat needs cannot go by leaving the queues: neither does the person leave them. A derived seat that another
// derived one needs goes with it.
func TestQueuesAreNotLeftWhileASeatNeedsADerivedOne(t *testing.T) {
	w := newWorld(t)
	s, u := w.shelf(), w.people(1)[0]
	coach, board := s.desk+"-coach", s.desk+"-board"
	for _, p := range []catalog.Product{{ID: coach, DependsOn: []string{s.desk}}, {ID: board, DependsOn: []string{s.desk}, Derived: true}} {
		w.must(first(w.catalog.Put(t.Context(), w.now, activity.Author{Kind: "operator"}, p, func(catalog.Product) error { return nil })))
	}
	w.lines(s.phone, s.desk, coach, board)
	w.answers(u, frontDesk)
	w.wants("all", w.switched(u, []string{s.phone, s.desk, coach, board}, nil), seat.Assigned, seat.Assigned, seat.Assigned, seat.Assigned)
	rev := w.holding(u).Rev
	_, refusal, err := w.seats.ChangeQueues(t.Context(), w.change(), seat.Membership{User: u, LeaveAll: true}, keepNothing)
	w.must(err)
	held(t, "needed by another", refusal, seat.QueuesNeeded, "Person 000", coach, s.desk)
	if h := w.holding(u); h.Rev != rev || len(h.Queues) != 1 {
		t.Errorf("what was refused changed what they hold: %+v", h)
	}
	w.wants("the other goes", w.switched(u, nil, []string{coach}), seat.Removed)
	w.wants("both go", w.answers(u), seat.Removed, seat.Removed)
	if got := w.holding(u).Products(); !slices.Equal(got, []string{s.phone}) {
		t.Errorf("they hold %v", got)
	}
	w.recount()
}

// Who is deactivated is in no queue, their record says so, and they come back to none.
func TestWhoIsDeactivatedIsInNoQueue(t *testing.T) {
	w := newWorld(t)
	s, u := w.shelf(), w.people(1)[0]
	w.lines(s.phone, s.desk)
	w.answers(u, frontDesk, help)
	w.wants("in queues", w.switched(u, []string{s.phone, s.desk}, nil), seat.Assigned, seat.Assigned)
	w.set(u, func(u *user.User) { u.State = user.Deactivated })
	if h := w.holding(u); len(h.Queues)+len(h.Seats) > 0 {
		t.Errorf("they hold %+v", h)
	}
	all := w.records()
	if r := all[len(all)-1]; r.Action != activity.UserDeactivated || !cmp.Equal(r.Before["queues.call"], any([]any{frontDesk.Name})) || !cmp.Equal(r.After["queues.call"], any([]any{})) {
		t.Errorf("the record: %+v", r)
	}
	_, refusal, err := w.seats.ChangeQueues(t.Context(), w.change(), seat.Membership{User: u, Join: []user.Queue{help}}, keepNothing)
	w.must(err)
	held(t, "a queue for who has left", refusal, seat.Deactivated, "Person 000")
	w.answers(u)
	w.set(u, func(u *user.User) { u.State = user.Active })
	w.wants("back", w.switched(u, []string{s.phone, s.desk}, nil), seat.Assigned, seat.NeedsQueue)
	if _, _, err := w.seats.ChangeQueues(t.Context(), w.change(), seat.Membership{User: id.New[id.User](w.ids, w.now), LeaveAll: true}, keepNothing); !fault.Is(err, "not_found") {
		t.Errorf("somebody who is not there: %v", err)
	}
	w.recount()
}

// Whoever leaves their last queue while they are given the derived seat, and the reverse, never has the seat and no
// queue: each decided and not yet written when the other comes.
func TestNobodyHasADerivedSeatAndNoQueueAtTheWorstMoment(t *testing.T) {
	w := newWorld(t)
	s, people := w.shelf(), w.people(2)
	line := w.lines(s.phone, s.desk)[s.desk]
	for _, u := range people {
		w.answers(u, frontDesk)
		w.wants("the base", w.switched(u, []string{s.phone}, nil), seat.Assigned)
	}
	assign := func(u id.User, met func()) []seat.Result {
		done, err := w.seats.Assign(t.Context(), w.change(), seat.Order{Contract: line, Product: s.desk, Users: []id.User{u}}, false, func(seat.Done) ([]table.Op, error) {
			met()
			return nil, nil
		})
		w.must(err)
		return resultsOf(done)
	}
	if got := assign(people[0], sync.OnceFunc(func() { w.answers(people[0]) })); !slices.Equal(got, []seat.Result{seat.NeedsQueue}) {
		t.Errorf("they left when it was decided: %v", got)
	}
	done, _, err := w.seats.ChangeQueues(t.Context(), w.change(), seat.Membership{User: people[1], LeaveAll: true}, func() seat.Keep {
		met := sync.OnceFunc(func() { assign(people[1], func() {}) })
		return func(seat.Done) ([]table.Op, error) {
			met()
			return nil, nil
		}
	}())
	w.must(err)
	w.wants("they were given it when it was decided", done, seat.Removed)
	w.noneWithoutAQueue(s.desk, people)
}

// The same by chance, with conflicts: whatever comes of it, nobody has the seat and no queue, and the counters agree.
func TestNobodyHasADerivedSeatAndNoQueue(t *testing.T) {
	w := newWorld(t)
	s, people := w.shelf(), w.people(16)
	line := w.lines(s.phone, s.desk)[s.desk]
	phone := w.line(s.phone, 20, "2027-01-01")
	w.assign(phone, s.phone, people...)
	for _, u := range people {
		w.answers(u, frontDesk)
	}
	w.faults.Arm(table.Fault{Call: "write", Mode: table.Conflict, P: 0.2})
	var all sync.WaitGroup
	var left atomic.Int32
	for _, u := range people {
		all.Go(func() {
			if _, err := w.seats.Assign(context.Background(), w.change(), seat.Order{Contract: line, Product: s.desk, Users: []id.User{u}}, true, keepNothing); err != nil && !fault.Is(err, "busy") {
				t.Error(err)
			}
		})
		all.Go(func() {
			_, _, err := w.seats.ChangeQueues(context.Background(), w.change(), seat.Membership{User: u, LeaveAll: true}, keepNothing)
			if err == nil {
				left.Add(1)
			} else if !fault.Is(err, "busy") {
				t.Error(err)
			}
		})
	}
	all.Wait()
	w.faults.Arm()
	if left.Load() == 0 {
		t.Error("nobody left their queues")
	}
	w.noneWithoutAQueue(s.desk, people)
}

func (w *world) noneWithoutAQueue(derived string, people []id.User) {
	w.t.Helper()
	for i, u := range people {
		sits := slices.ContainsFunc(w.seatsOf(u), func(s seat.Seat) bool { return s.Product == derived })
		if sits && len(w.holding(u).Queues) == 0 {
			w.t.Errorf("person %d is in no queue, and has a derived seat", i)
		}
	}
	w.recount()
}

// A product may be derived only since its seats were given: they end with the queues that somebody leaves next, or is not in.
func TestADerivedSeatWithoutAQueueEndsWithTheNextChange(t *testing.T) {
	w := newWorld(t)
	s, u := w.shelf(), w.people(1)[0]
	w.lines(s.phone, s.desk)
	w.wants("the base", w.switched(u, []string{s.phone}, nil), seat.Assigned)
	derives := func(derived bool) {
		w.must(first(w.catalog.Put(t.Context(), w.now, activity.Author{Kind: "operator"}, catalog.Product{ID: s.phone, Derived: derived}, func(catalog.Product) error { return nil })))
	}
	derives(true)
	w.wants("in none, and none left", w.answers(u), seat.Removed)
	if got := w.holding(u).Products(); len(got) > 0 {
		t.Errorf("they hold %v", got)
	}
	w.recount()
}

// By HTTP: what begins and what ends, trimmed and in order; what is wrong is said at its place; the answer names what was
// freed; with a key the same answer comes again.
func TestQueuesOfAUserByHTTP(t *testing.T) {
	f := newFloor(t)
	s, u := f.shelf(), f.reader("Ada", "").ID
	f.lines(s.phone, s.desk)
	patch := func(status int, code, body string, headers ...string) map[string]any {
		t.Helper()
		return f.office.Want(status, code, f.admin, http.MethodPatch, f.path("/users/%s/queues", u), body, headers...).Document
	}
	for body, want := range map[string]string{
		`{}`:                                    "body no_queue_named",
		`{"add":[],"removeAll":false}`:          "body no_queue_named",
		`{"queues":[]}`:                         "body.queues unknown_field",
		`{"add":[{"type":"call","name":"  "}]}`: "body.add[0].name required",
		`{"remove":[{"type":"call","name":"A\tB"}]}`:                                                                 "body.remove[0].name control_characters",
		`{"add":[{"type":"call","name":""}]}`:                                                                        "body.add[0].name too_short",
		`{"add":[{"type":"fax","name":"A"}]}`:                                                                        "body.add[0].type not_one_of",
		`{"add":[{"type":"call","name":"` + strings.Repeat("n", 101) + `"}]}`:                                        "body.add[0].name too_long",
		`{"add":[{"type":"call","name":"Accueil"},{"type":"call","name":" ACCUEIL "}]}`:                              "body.add[1] queue_twice",
		`{"add":[` + strings.Repeat(`{"type":"call","name":"A"},`, user.MaxQueues) + `{"type":"inbox","name":"A"}]}`: "body.add too_many",
	} {
		errs, _ := patch(http.StatusUnprocessableEntity, "invalid_request", body)["errors"].([]any)
		said := ""
		if len(errs) > 0 {
			e := errs[0].(map[string]any)
			said = fmt.Sprint(e["location"], " ", e["code"])
		}
		if said != want {
			t.Errorf("%s: %q, want %q", body, said, want)
		}
	}
	named := func(document map[string]any) string { return fmt.Sprint(document["queues"]) }
	two := patch(http.StatusOK, "", `{"add":[{"type":"inbox","name":"Accueil"},{"type":"call","name":"  Front  desk "}]}`)
	if want := "[map[name:Front desk type:call] map[name:Accueil type:inbox]]"; named(two) != want || fmt.Sprint(two["results"]) != "[]" {
		t.Errorf("in two: %v, want %s", two, want)
	}
	f.switched(u, []string{s.phone, s.desk}, nil)
	coach := catalog.Product{ID: s.desk + "-coach", Name: catalog.Name{English: "Coach", French: "Tuteur"}, DependsOn: []string{s.desk}}
	f.must(first(f.catalog.Put(t.Context(), f.now, activity.Author{Kind: "operator"}, coach, func(catalog.Product) error { return nil })))
	f.lines(coach.ID)
	f.switched(u, []string{coach.ID}, nil)
	needed := patch(http.StatusConflict, "queues_needed", `{"removeAll":true}`)
	if said := fmt.Sprint(needed["detail"]); !strings.Contains(said, "“Coach” needs the seat of “"+s.desk+"”") || needed["productId"] != s.desk || needed["neededBy"] != coach.ID {
		t.Errorf("the refusal: %v", needed)
	}
	f.switched(u, nil, []string{coach.ID})
	none := patch(http.StatusOK, "", `{"removeAll":true}`, "Idempotency-Key", "leave")
	results, _ := none["results"].([]any)
	if named(none) != "[]" || len(results) != 1 {
		t.Fatalf("in none: %v", none)
	}
	if r := results[0].(map[string]any); r["result"] != "removed" || r["productId"] != s.desk || r["productName"] != "The "+s.desk {
		t.Errorf("freed: %v", r)
	}
	if again := patch(http.StatusOK, "", `{"removeAll":true}`, "Idempotency-Key", "leave"); !cmp.Equal(again, none) {
		t.Errorf("the repeat: %v", again)
	}
	if unchanged := patch(http.StatusOK, "", `{"removeAll":true}`); fmt.Sprint(unchanged["results"]) != "[]" {
		t.Errorf("nothing to do: %v", unchanged)
	}
	f.set(u, func(u *user.User) { u.State = user.Deactivated })
	patch(http.StatusConflict, "user_deactivated", `{"add":[{"type":"call","name":"A"}]}`)
	u = id.New[id.User](f.ids, f.now)
	patch(http.StatusNotFound, "not_found", `{"removeAll":true}`)
	u = "somebody"
	patch(http.StatusNotFound, "not_found", `{"removeAll":true}`)
	f.recount()
}
