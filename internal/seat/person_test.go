package seat_test

import (
	"crypto/rand"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// shelf is products with rules between them, under codes of the test's own: all accounts share one catalog.
type shelf struct{ phone, mail, suite, fax, chat, desk string }

func (w *world) shelf() shelf {
	w.t.Helper()
	tag := "-" + rand.Text()
	s := shelf{"phone" + tag, "mail" + tag, "suite" + tag, "fax" + tag, "chat" + tag, "desk" + tag}
	for _, p := range []catalog.Product{
		{ID: s.phone, Features: []catalog.Feature{{ID: "recording"}, {ID: "voicemail"}}},
		{ID: s.mail, DependsOn: []string{s.phone}},
		{ID: s.suite, DependsOn: []string{s.phone, s.mail}},
		{ID: s.chat},
		{ID: s.fax, Excludes: []string{s.chat}},
		{ID: s.desk, DependsOn: []string{s.phone}, Derived: true},
	} {
		w.must(first(w.catalog.Put(w.t.Context(), w.now, activity.Author{Kind: "operator"}, p, func(catalog.Product) error { return nil })))
	}
	return s
}

// lines makes a line of ten seats for each product, on a contract of its own.
func (w *world) lines(products ...string) map[string]id.Contract {
	w.t.Helper()
	all := map[string]id.Contract{}
	for _, p := range products {
		all[p] = w.line(p, 10, "2027-01-01")
	}
	return all
}

// queues writes down that somebody is in so many queues, and leaves their derived seats alone, as no operation does.
func (w *world) queues(u id.User, n int) {
	w.t.Helper()
	item, err := w.table.Get(w.t.Context(), table.Holding(w.account, u))
	w.must(err)
	row, err := user.ReadHolding(item)
	w.must(err)
	after := row.Holding
	after.Queues = nil
	for i := range n {
		after.Queues = append(after.Queues, user.Queue{Type: "call", Name: fmt.Sprint("Queue ", i)})
	}
	op, err := user.HoldingOp(w.account, row, after)
	w.must(err)
	w.must(w.table.Write(w.t.Context(), op))
}

// wish gives or takes a person's products, as the lists say; features are left as they are.
func (w *world) switched(u id.User, add, remove []string) seat.Done {
	w.t.Helper()
	sw := seat.Switch{User: u, Remove: remove}
	for _, p := range add {
		sw.Add = append(sw.Add, seat.Wish{User: u, Product: p})
	}
	done, err := w.seats.Set(w.t.Context(), w.change(), sw, keepNothing)
	w.must(err)
	return done
}

func (w *world) wants(what string, done seat.Done, want ...seat.Result) {
	w.t.Helper()
	if got := resultsOf(done); !slices.Equal(got, want) {
		w.t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// Several products at once for one user, whichever order they are named in: the answer says per product what happened
// (FEATURES.md, Seats).
func TestSeveralProductsAtOnceAreGivenAndTakenInTheOrderOfTheirNeeds(t *testing.T) {
	w := newWorld(t)
	s, u := w.shelf(), w.people(1)[0]
	w.lines(s.phone, s.mail, s.suite, s.chat, s.fax)
	done := w.switched(u, []string{s.suite, s.mail, s.phone}, nil)
	w.wants("what needs others first", done, seat.Assigned, seat.Assigned, seat.Assigned)
	if got := []string{done.Outcomes[0].Product, done.Outcomes[2].Product}; !slices.Equal(got, []string{s.suite, s.phone}) {
		t.Errorf("results are not in the order asked for: %v", got)
	}
	if diff := cmp.Diff(w.holding(u).Seats, done.Held.Seats); diff != "" {
		t.Errorf("the answer says what they hold (-is +said): %s", diff)
	}
	w.wants("what others need first", w.switched(u, nil, []string{s.phone, s.mail, s.suite}), seat.Removed, seat.Removed, seat.Removed)
	w.wants("base first", w.switched(u, []string{s.phone, s.mail, s.suite}, nil), seat.Assigned, seat.Assigned, seat.Assigned)
	done = w.switched(u, []string{s.chat}, []string{s.phone, s.suite})
	w.wants("one that is still needed stays, the rest is done", done, seat.NeededByOther, seat.Removed, seat.Assigned)
	w.wants("of two that exclude each other the first", w.switched(u, []string{s.fax}, nil), seat.ExcludedBy)
	w.wants("an exchange", w.switched(u, []string{s.fax}, []string{s.chat}), seat.Removed, seat.Assigned)
	w.wants("without what it needs", w.switched(w.people(1)[0], []string{s.suite, s.mail}, nil), seat.NeedsOther, seat.NeedsOther)
	w.recount()
}

// Asking for what somebody has, or to take what they have not, is a success that changes nothing; when all is refused
// nothing is done and nothing recorded.
func TestWhatIsSoAlreadyOrRefusedChangesNothing(t *testing.T) {
	w := newWorld(t)
	s, u := w.shelf(), w.people(1)[0]
	c := w.lines(s.phone, s.chat)
	w.wants("first", w.switched(u, []string{s.phone}, nil), seat.Assigned)
	records := func() int { return len(w.all(table.Activities(w.account, w.now))) }
	before, line := records(), w.lineOf(c[s.phone], s.phone)
	w.wants("again", w.switched(u, []string{s.phone}, []string{s.chat}), seat.Unchanged, seat.Unchanged)
	w.wants("refused", w.switched(u, []string{s.mail, "no-such-product"}, nil), seat.NoContract, seat.NoContract)
	done, err := w.seats.Set(t.Context(), w.change(), seat.Switch{User: u, Add: []seat.Wish{{User: u, Product: s.chat, Contract: c[s.phone]}}}, keepNothing)
	w.must(err)
	w.wants("not on that contract", done, seat.NotOnContract)
	if records() != before {
		t.Errorf("%d records of what changed nothing", records()-before)
	}
	if diff := cmp.Diff(line, w.lineOf(c[s.phone], s.phone)); diff != "" {
		t.Errorf("the line changed: %s", diff)
	}
	if _, err := w.seats.Set(t.Context(), w.change(), seat.Switch{User: id.New[id.User](w.ids, w.now), Remove: []string{s.phone}}, keepNothing); !fault.Is(err, "not_found") {
		t.Errorf("somebody who is not there: %v, want not_found", err)
	}
	w.set(u, func(u *user.User) { u.State = user.Deactivated })
	w.wants("deactivated", w.switched(u, []string{s.phone}, nil), seat.Deactivated)
	w.recount()
}

// A derived product exists as long as its user is in a queue; removing its base does not remove it, and the answer says
// so and lists the queues (FEATURES.md, Seats).
func TestADerivedSeatStaysAsLongAsItsQueues(t *testing.T) {
	w := newWorld(t)
	s, u := w.shelf(), w.people(1)[0]
	w.lines(s.phone, s.desk)
	w.wants("without a queue", w.switched(u, []string{s.phone, s.desk}, nil), seat.Assigned, seat.NeedsQueue)
	w.queues(u, 2)
	w.wants("in two queues", w.switched(u, []string{s.desk}, nil), seat.Assigned)
	kept := w.switched(u, nil, []string{s.desk})
	w.wants("while they answer them", kept, seat.InQueue)
	if got := kept.Outcomes[0].Queues; len(got) != 2 {
		t.Errorf("the refusal says that it stays by %v", got)
	}
	done := w.switched(u, nil, []string{s.phone, s.desk})
	w.wants("its base goes", done, seat.Removed, seat.InQueue)
	if base := done.Outcomes[0]; !slices.Equal(base.Stays, []string{s.desk}) || len(base.Queues) != 2 || base.Queues[0].Type != "call" {
		t.Errorf("the answer says that %v stays by %v", base.Stays, base.Queues)
	}
	w.recount()
	w.queues(u, 0)
	w.wants("no queue any more", w.switched(u, nil, []string{s.desk}), seat.Removed)
	w.queues(u, 1)
	w.wants("both again", w.switched(u, []string{s.desk, s.phone}, nil), seat.Assigned, seat.Assigned)
	w.queues(u, 0)
	done = w.switched(u, nil, []string{s.phone, s.desk})
	w.wants("both go", done, seat.Removed, seat.Removed)
	if stays := done.Outcomes[0].Stays; len(stays) > 0 {
		t.Errorf("the answer says that %v stays, and it was removed beside", stays)
	}
	w.recount()
}

// Optional features are switched on or off seat by seat; what is not named stays as it is (FEATURES.md, Seats).
func TestFeaturesAreSwitchedSeatBySeat(t *testing.T) {
	w := newWorld(t)
	s, people := w.shelf(), w.people(2)
	c, u := w.lines(s.phone), people[0]
	wish := func(features []string) seat.Done {
		done, err := w.seats.Set(t.Context(), w.change(), seat.Switch{User: u, Add: []seat.Wish{{User: u, Product: s.phone, Features: features}}}, keepNothing)
		w.must(err)
		return done
	}
	for _, step := range []struct {
		features []string
		result   seat.Result
		want     []string
	}{
		{[]string{"fax"}, seat.FeatureUnknown, nil},
		{[]string{"voicemail", "recording", "voicemail"}, seat.Assigned, []string{"recording", "voicemail"}},
		{nil, seat.Unchanged, []string{"recording", "voicemail"}},
		{[]string{"voicemail", "recording"}, seat.Unchanged, []string{"recording", "voicemail"}},
		{[]string{"voicemail"}, seat.Changed, []string{"voicemail"}},
		{[]string{"voicemail", "fax"}, seat.FeatureUnknown, []string{"voicemail"}},
		{[]string{}, seat.Changed, nil},
		{[]string{}, seat.Unchanged, nil},
	} {
		w.wants(fmt.Sprint(step.features), wish(step.features), step.result)
		if got := w.holding(u).Seats[s.phone].Features; !slices.Equal(got, step.want) {
			t.Errorf("after %v: %v are on, want %v", step.features, got, step.want)
		}
		w.recount()
	}
	// The same by the line, for somebody who has their seat under another contract: it stays there.
	other := w.line(s.phone, 5, "2028-01-01")
	for _, users := range [][]id.User{people[:1], people} {
		done, err := w.seats.Assign(t.Context(), w.change(), seat.Order{Contract: other, Product: s.phone, Users: users, Features: []string{fmt.Sprint([]string{"", "recording", "voicemail"}[len(users)])}}, false, keepNothing)
		w.must(err)
		w.wants("a seat of another contract", done, []seat.Result{seat.Changed, seat.Assigned}[:len(users)]...)
		if done.Outcomes[0].Contract != c[s.phone] {
			t.Errorf("it is under %s now, want %s", done.Outcomes[0].Contract, c[s.phone])
		}
	}
	w.recount()
}

// Nobody has seats of more than forty products, so that leaving is one transaction (DATA.md, Guards).
func TestNobodyHasMoreThanFortyProducts(t *testing.T) {
	w := newWorld(t)
	u := w.people(1)[0]
	products := many(user.MaxSeats + 2)
	for _, p := range products {
		w.line(p, 10, "2027-01-01")
	}
	w.wants("thirty-nine", w.switched(u, products[:39], nil), slices.Repeat([]seat.Result{seat.Assigned}, 39)...)
	w.wants("two more", w.switched(u, products[39:41], nil), seat.Assigned, seat.TooMany)
	w.wants("one for another", w.switched(u, products[40:41], products[:1]), seat.Removed, seat.Assigned)
	w.wants("one too many again", w.switched(u, products[41:], nil), seat.TooMany)
	w.recount()
	if after := w.set(u, func(u *user.User) { u.State = user.Deactivated }); after.State != user.Deactivated || len(w.holding(u).Seats) != 0 {
		t.Errorf("after leaving: %s, holds %d", after.State, len(w.holding(u).Seats))
	}
	w.recount()
}

// A product and no contract: the line with free seats that expires last (issue 5, 1); where none is free, the reason of
// the one that can best say why not.
func TestTheNextFreeSeatIsOfTheContractThatExpiresLast(t *testing.T) {
	w := newWorld(t)
	s, people := w.shelf(), w.people(4)
	next := func(u id.User, pool contract.PoolID) seat.Outcome {
		done, err := w.seats.Set(t.Context(), w.change(), seat.Switch{User: u, Add: []seat.Wish{{User: u, Product: s.phone, Pool: pool}}}, keepNothing)
		w.must(err)
		return done.Outcomes[0]
	}
	for i, step := range []struct {
		make func() id.Contract // a further line
		want seat.Result
	}{
		{func() id.Contract { return "" }, seat.NoContract},
		{func() id.Contract { return w.line(s.phone, 5, today) }, seat.Expired},
		{func() id.Contract { return w.line(s.phone, -1, "2029-01-01") }, seat.LimitNotSet},
		{func() id.Contract { return w.line(s.phone, 0, "2028-01-01") }, seat.LimitReached},
	} {
		step.make()
		if got := next(people[0], ""); got.Result != step.want || got.Refusal == nil {
			t.Errorf("step %d: %s, want %s", i, got.Result, step.want)
		}
	}
	soon, late := w.line(s.phone, 2, "2026-12-01"), w.line(s.phone, 1, "2027-06-01")
	cc := w.center("Paris")
	w.must(first(w.contracts.SetPools(t.Context(), contract.Changing{Account: w.account, Now: w.now}, soon, s.phone, map[contract.PoolID]int{contract.PoolOf(cc): 1})))
	if got := next(people[0], contract.PoolOf(cc)); got.Result != seat.Assigned || got.Contract != soon || got.CostCenter != cc {
		t.Errorf("of a cost center: %+v, want one of the line that it carries", got)
	}
	for i, want := range []id.Contract{soon, late, soon} {
		if got := next(people[i], ""); got.Contract != want || !got.Result.Succeeded() {
			t.Errorf("person %d: %s of %s, want one of %s", i, got.Result, got.Contract, want)
		}
	}
	if got := next(people[3], ""); got.Result != seat.LimitReached {
		t.Errorf("all are taken: %s", got.Result)
	}
	w.recount()
}

// Decided on a line that somebody else fills meanwhile, the next one is taken.
func TestTheNextFreeSeatIsSoughtAgainWhereSomebodyWasFaster(t *testing.T) {
	w := newWorld(t)
	s, people := w.shelf(), w.people(2)
	soon, late := w.line(s.phone, 1, "2026-12-01"), w.line(s.phone, 1, "2027-06-01")
	faster := true
	done, err := w.seats.Set(t.Context(), w.change(), seat.Switch{User: people[0], Add: []seat.Wish{{User: people[0], Product: s.phone}}}, func(d seat.Done) ([]table.Op, error) {
		if faster {
			faster = false
			w.assign(late, s.phone, people[1])
		}
		return nil, nil
	})
	if err != nil || done.Outcomes[0].Contract != soon {
		t.Errorf("%+v (%v), want a seat of %s", done.Outcomes, err, soon)
	}
	w.recount()
}

// Remove access: the seat is free at once. Removing again changes nothing; a seat of another contract is not there.
func TestASeatIsTakenFromTheContractThatItIsUnder(t *testing.T) {
	w := newWorld(t)
	s, people := w.shelf(), w.people(2)
	c, other, u := w.lines(s.phone, s.mail, s.desk), w.line(s.phone, 10, "2027-01-01"), people[0]
	w.queues(u, 1)
	w.switched(u, []string{s.phone, s.mail, s.desk}, nil)
	phone := w.holding(u).Seats[s.phone].Contract
	if phone == other {
		other = c[s.phone]
	}
	remove := func(c id.Contract, product string, u id.User) (seat.Done, error) {
		return w.seats.Remove(t.Context(), w.change(), c, product, u)
	}
	for name, test := range map[string]struct {
		on      id.Contract
		product string
		user    id.User
	}{
		"another contract":          {other, s.phone, u},
		"a contract without it":     {phone, s.chat, u},
		"somebody who is not there": {phone, s.phone, id.New[id.User](w.ids, w.now)},
		"no contract":               {id.New[id.Contract](w.ids, w.now), s.phone, u},
	} {
		if _, err := remove(test.on, test.product, test.user); !fault.Is(err, "not_found") {
			t.Errorf("%s: %v, want not_found", name, err)
		}
	}
	refused, err := remove(phone, s.phone, u)
	w.must(err)
	w.wants("needed by mail", refused, seat.NeededByOther)
	w.must(first(remove(c[s.mail], s.mail, u)))
	done, err := remove(phone, s.phone, u)
	w.must(err)
	w.wants("the base", done, seat.Removed)
	if !slices.Equal(done.Outcomes[0].Stays, []string{s.desk}) || len(done.Outcomes[0].Queues) != 1 || done.Line.Used != 0 {
		t.Errorf("%+v, %d used: want that the derived seat stays, with its queue", done.Outcomes[0], done.Line.Used)
	}
	for _, on := range []id.Contract{phone, other} {
		again, err := remove(on, s.phone, u)
		w.must(err)
		w.wants("twice", again, seat.Unchanged)
	}
	w.assign(phone, s.phone, people[1])
	w.recount()
}
