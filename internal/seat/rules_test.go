package seat_test

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// The rules of the tests: mail needs a phone, fax and chat exclude each other, and a desk is derived from a phone.
var rules = catalog.NewProducts(
	catalog.Product{ID: "phone", Features: []catalog.Feature{{ID: "recording"}, {ID: "voicemail"}}},
	catalog.Product{ID: "mail", DependsOn: []string{"phone"}},
	catalog.Product{ID: "suite", DependsOn: []string{"phone", "mail"}},
	catalog.Product{ID: "fax", Excludes: []string{"chat"}},
	catalog.Product{ID: "chat"},
	catalog.Product{ID: "desk", DependsOn: []string{"phone"}, Derived: true},
)

// holder is somebody active who has seats of products.
func holder(products ...string) user.Holding {
	h := user.Holding{Name: "Ada", State: user.Active, Seats: map[string]user.HeldSeat{}}
	for _, p := range products {
		h.Seats[p] = user.HeldSeat{Contract: "ctr"}
	}
	return h
}

func inQueues(h user.Holding, n int) user.Holding {
	for i := range n {
		h.Queues = append(h.Queues, user.Queue{Type: "call", Name: "Queue " + strconv.Itoa(i)})
	}
	return h
}

func deactivated(h user.Holding) user.Holding {
	h.State = user.Deactivated
	return h
}

func many(n int) []string {
	var products []string
	for i := range n {
		products = append(products, "product-"+strconv.Itoa(i))
	}
	return products
}

// held compares a refusal with what it was to be; the empty result is none.
func held(t *testing.T, name string, got *seat.Refusal, want seat.Result, args ...any) {
	t.Helper()
	if got == nil {
		got = &seat.Refusal{}
	}
	var values []any
	for _, a := range got.Args {
		values = append(values, a.Value)
	}
	if got.Result != want || want != "" && !slices.Equal(values, args) {
		t.Errorf("%s: %q %v, want %q %v", name, got.Result, values, want, args)
	}
}

// A product may depend on another, exclude another, or be derived; who is deactivated has no seat (FEATURES.md, Seats).
func TestWhoMayHaveASeat(t *testing.T) {
	for name, test := range map[string]struct {
		holds   user.Holding
		product string
		want    seat.Result
		args    []any
	}{
		"a first seat": {holder(), "phone", "", nil},
		"a product that the catalog does not know": {holder(), "slate", "", nil},
		"has what it needs":                        {holder("phone"), "mail", "", nil},
		"lacks what it needs":                      {holder("chat"), "mail", seat.NeedsOther, []any{"mail", "phone"}},
		"lacks one of two":                         {holder("phone"), "suite", seat.NeedsOther, []any{"suite", "mail"}},
		"lacks both":                               {holder(), "suite", seat.NeedsOther, []any{"suite", "phone, mail"}},
		"excludes one that they have":              {holder("chat"), "fax", seat.ExcludedBy, []any{"fax", "chat"}},
		"is excluded by one that they have":        {holder("fax"), "chat", seat.ExcludedBy, []any{"chat", "fax"}},
		"derived, in a queue":                      {inQueues(holder("phone"), 1), "desk", "", nil},
		"derived, in none":                         {holder("phone"), "desk", seat.NeedsQueue, []any{"desk", "Ada"}},
		"derived, in a queue, without its base":    {inQueues(holder(), 1), "desk", seat.NeedsOther, []any{"desk", "phone"}},
		"deactivated":                              {deactivated(holder("phone")), "mail", seat.Deactivated, []any{"Ada"}},
		"erased":                                   {user.Holding{State: user.Deactivated}, "mail", seat.Erased, nil},
		"the last that is possible":                {holder(many(user.MaxSeats - 1)...), "phone", "", nil},
		"one too many":                             {holder(many(user.MaxSeats)...), "phone", seat.TooMany, []any{"Ada", user.MaxSeats}},
	} {
		held(t, name, seat.MayAdd(test.holds, test.product, rules), test.want, test.args...)
	}
}

// Removing the base product of a derived seat does not remove that seat, and the answer says so (FEATURES.md, Seats).
func TestWhoseSeatMayBeTaken(t *testing.T) {
	for name, test := range map[string]struct {
		holds   user.Holding
		product string
		stays   []string
		want    seat.Result
		args    []any
	}{
		"one that nothing needs":                      {holder("phone", "chat"), "phone", nil, "", nil},
		"needed by another":                           {holder("phone", "mail"), "phone", nil, seat.NeededByOther, []any{"phone", "mail"}},
		"needed by two":                               {holder("phone", "mail", "suite"), "phone", nil, seat.NeededByOther, []any{"phone", "mail, suite"}},
		"what needs it may go":                        {holder("phone", "mail"), "mail", nil, "", nil},
		"the base of a derived seat":                  {inQueues(holder("phone", "desk"), 2), "phone", []string{"desk"}, "", nil},
		"the base of a derived seat and of another":   {inQueues(holder("phone", "desk", "mail"), 2), "phone", nil, seat.NeededByOther, []any{"phone", "mail"}},
		"derived, while they answer queues":           {inQueues(holder("phone", "desk"), 2), "desk", nil, seat.InQueue, []any{"desk", "Ada", 2}},
		"derived, and they answer none any more":      {holder("phone", "desk"), "desk", nil, "", nil},
		"of a product that the catalog does not know": {holder("slate"), "slate", nil, "", nil},
	} {
		stays, refusal := seat.MayRemove(test.holds, test.product, rules)
		held(t, name, refusal, test.want, test.args...)
		if !slices.Equal(stays, test.stays) {
			t.Errorf("%s: %v stays, want %v", name, stays, test.stays)
		}
	}
}

// An expired contract takes no new seat, from the day named as its expiry date on; a line without a limit is
// misconfigured. Both say whom to ask (FEATURES.md, Contracts and Seats).
func TestALineThatTakesNobodyAtAll(t *testing.T) {
	line := func(expiry date.Date, limit *int) contract.Line {
		return contract.Line{ProductName: "The phone", Expiry: expiry, Quantities: contract.Quantities{Contracted: limit}, Limit: limit}
	}
	five, zero := 5, 0
	for name, test := range map[string]struct {
		line contract.Line
		want seat.Result
		args []any
	}{
		"active":                             {line("2026-11-22", &five), "", nil},
		"full is for who counts":             {line("2026-11-22", &zero), "", nil},
		"expires today":                      {line("2026-11-21", &five), seat.Expired, []any{"Order 1", "2026-11-21"}},
		"expired":                            {line("2025-01-01", &five), seat.Expired, []any{"Order 1", "2025-01-01"}},
		"no limit set":                       {line("2026-11-22", nil), seat.LimitNotSet, []any{"The phone"}},
		"expired before it had any limit":    {line("2025-01-01", nil), seat.Expired, []any{"Order 1", "2025-01-01"}},
		"a day that no account has seen yet": {line("9999-12-31", &five), "", nil},
	} {
		refusal := seat.MayTake(test.line, "Order 1", today)
		held(t, name, refusal, test.want, test.args...)
		if refusal != nil && !refusal.Contact {
			t.Errorf("%s: it does not say whom to ask", name)
		}
	}
}

// When fewer seats are free the answer says how many are: of the line, or of the cost center that was named where that
// is what is short. Whom to ask is said where only a higher limit helps.
func TestTheRefusalSaysHowManyAreFree(t *testing.T) {
	line := contract.Line{Available: 5, Pools: contract.Pools{contract.Unassigned: {Purchased: 9, Available: 3}, "cc": {Purchased: 4, Available: 2}, "dd": {Purchased: 1}}}
	owed := contract.Line{Available: -2, Pools: contract.Pools{contract.Unassigned: {Available: -3}, "cc": {Purchased: 4, Available: 1}}}
	full := contract.Line{Available: 0, Pools: contract.Pools{contract.Unassigned: {Purchased: 4}, "cc": {Purchased: 4}}}
	for name, test := range map[string]struct {
		line      contract.Line
		named     contract.PoolID
		want      seat.Result
		available int
	}{
		"of the line":                          {line, "", seat.LimitReached, 5},
		"of a cost center":                     {line, "cc", seat.PoolExhausted, 2},
		"of no cost center":                    {line, contract.Unassigned, seat.PoolExhausted, 3},
		"a cost center that has none left":     {line, "dd", seat.PoolExhausted, 0},
		"a cost center that carries none":      {line, "ee", seat.PoolExhausted, 0},
		"over the limit":                       {owed, "", seat.LimitReached, 0},
		"over the limit, whatever a pool says": {owed, "cc", seat.LimitReached, 0},
		"full":                                 {full, "", seat.LimitReached, 0},
		"full, and a cost center was named":    {full, "cc", seat.LimitReached, 0},
	} {
		got := seat.Exhausted(test.line, test.named, 7)
		want := []fault.Arg{fault.Int("requested", 7), fault.Int("available", test.available)}
		if diff := cmp.Diff(want, got.Args); got.Result != test.want || got.Contact != (test.want == seat.LimitReached) || diff != "" {
			t.Errorf("%s: %s, contact %v, want %s (-want +got): %s", name, got.Result, got.Contact, test.want, diff)
		}
	}
}

// Nobody can be put on a seat who was erased; there is no name to say it by.
func TestWhoWasErasedGetsNoSeatAndIsSaidToBeErased(t *testing.T) {
	f := newFloor(t)
	phone, on := f.product("Telephony", "Téléphonie")
	gone := f.reader("Hugo Brun", "")
	f.set(gone.ID, func(u *user.User) { u.State = user.Deactivated })
	ch := user.Change{Account: f.account, Caller: access.Caller{Kind: access.Operator}, Now: f.now, By: activity.Author{Kind: access.Operator}}
	nothing := func(context.Context, user.Change, id.User) error { return nil }
	if _, err := f.users.Erase(t.Context(), ch, gone.ID, gone.Email, nothing, func(user.User) ([]table.Op, error) { return nil, nil }); err != nil {
		t.Fatal(err)
	}
	if got := f.put(http.StatusConflict, "user_erased", on, phone, "", idsOf(gone)); !strings.Contains(got.Word("detail"), "This person was erased") {
		t.Errorf("told %s", got.Body)
	}
}
