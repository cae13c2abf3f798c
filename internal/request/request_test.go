package request_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/request"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

var t0 = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// A request for seats reaches the account's own administrators first, all others whoever manages its terms.
func TestWhoIsAsked(t *testing.T) {
	own, alone := account.Account{Representative: account.Contact{Email: "rosa@example.com"}}, account.Account{}
	managed := own
	managed.Partner = "par_x"
	for _, tt := range []struct {
		kind request.Kind
		acc  account.Account
		want request.Audience
	}{
		{request.MoreSeats, own, request.Administrators}, {request.MoreSeats, managed, request.Partner}, {request.MoreSeats, alone, request.Administrators},
		{request.Price, own, request.Representative}, {request.Upgrade, own, request.Representative}, {request.Support, own, request.Representative},
		{request.Price, managed, request.Partner}, {request.Upgrade, managed, request.Partner}, {request.Support, managed, request.Partner},
		{request.Price, alone, request.Vendor}, {request.Upgrade, alone, request.Vendor}, {request.Support, alone, request.Vendor},
	} {
		if got := request.Asked(tt.kind, tt.acc); got != tt.want {
			t.Errorf("%s of an account with partner %q and representative %q is for %s, want %s", tt.kind, tt.acc.Partner, tt.acc.Representative.Email, got, tt.want)
		}
	}
}

type world struct {
	t       *testing.T
	store   *request.Store
	ids     *id.Maker
	account id.Account
}

func newWorld(t *testing.T) *world {
	t.Helper()
	client, name := enginetest.Open(t)
	db, ids := table.New(client, name, nil), id.NewMaker(rand.Reader)
	return &world{t, request.NewStore(db, ids, catalog.NewStore(db, ids)), ids, id.New[id.Account](ids, t0)}
}

func (w *world) member(roles ...access.Role) access.Caller {
	return access.Caller{Kind: access.Member, User: id.New[id.User](w.ids, t0), Roles: roles, Name: "Member"}
}

func (w *world) by(c access.Caller) request.Change {
	return request.Change{Account: w.account, Caller: c, Now: t0, By: activity.Author{Kind: c.Kind, Name: c.Name}}
}

func (w *world) send(c access.Caller, to request.Audience) (id.Request, error) {
	r, err := w.store.Send(w.t.Context(), w.by(c), request.Request{Kind: request.Support, To: to, Author: request.Author{User: c.User}, Message: "Help"},
		func(request.Request) ([]table.Op, error) { return nil, nil })
	return r.ID, err
}

// Its author withdraws a request; who is asked answers or declines it; nobody else does either, and to other people it is
// not there.
func TestWhoMayDoWhatWithARequest(t *testing.T) {
	w := newWorld(t)
	author, other, manager := w.member(access.Viewer), w.member(access.Viewer), w.member(access.LicenceManager)
	partner, operator := access.Caller{Kind: access.Partner}, access.Caller{Kind: access.Operator}
	for _, tt := range []struct {
		to   request.Audience
		who  string
		as   access.Caller
		into request.State
		code string
	}{
		{request.Administrators, "author", author, request.Withdrawn, ""},
		{request.Administrators, "author", author, request.Answered, "request_not_for_you"},
		{request.Administrators, "other", other, request.Withdrawn, "not_found"},
		{request.Administrators, "other", other, request.Answered, "not_found"},
		{request.Administrators, "manager", manager, request.Withdrawn, "request_not_yours"},
		{request.Administrators, "manager", manager, request.Answered, ""},
		{request.Administrators, "manager", manager, request.Declined, ""},
		{request.Administrators, "partner", partner, request.Declined, "request_not_for_you"},
		{request.Partner, "partner", partner, request.Answered, ""},
		{request.Partner, "partner", partner, request.Withdrawn, "request_not_yours"},
		{request.Partner, "manager", manager, request.Answered, "request_not_for_you"},
		{request.Representative, "manager", manager, request.Answered, "request_not_for_you"},
		{request.Representative, "operator", operator, request.Answered, ""},
		{request.Vendor, "operator", operator, request.Declined, ""},
		{request.Vendor, "partner", partner, request.Declined, "request_not_for_you"},
	} {
		r, err := w.send(author, tt.to)
		if err != nil {
			t.Fatal(err)
		}
		after, err := w.store.Settle(t.Context(), w.by(tt.as), r, tt.into, "Done")
		if tt.code != "" {
			if !fault.Is(err, tt.code) {
				t.Errorf("to %s, %s makes it %s: %v, want %s", tt.to, tt.who, tt.into, err, tt.code)
			}
			_, _ = w.store.Settle(t.Context(), w.by(author), r, request.Withdrawn, "") // so that the author's open ones stay few
			continue
		}
		if err != nil || after.State != tt.into || after.Answer.Message != "Done" {
			t.Errorf("to %s, %s makes it %s: %+v %v", tt.to, tt.who, tt.into, after, err)
		}
		if _, err := w.store.Settle(t.Context(), w.by(tt.as), r, tt.into, "Again"); !fault.Is(err, "request_closed") {
			t.Errorf("to %s, %s makes it %s again: %v", tt.to, tt.who, tt.into, err)
		}
	}
}

func TestListsHoldOnesOwnRequestsAndAllForWhoManagesLicences(t *testing.T) {
	w := newWorld(t)
	author, other, manager := w.member(access.Viewer), w.member(access.BillingManager), w.member(access.LicenceManager)
	first, err := w.send(author, request.Administrators)
	if err != nil {
		t.Fatal(err)
	}
	second, err := w.send(other, request.Administrators)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.Settle(t.Context(), w.by(manager), first, request.Declined, ""); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		as    access.Caller
		state request.State
		want  []id.Request
	}{
		{author, "", []id.Request{first}}, {other, "", []id.Request{second}}, {manager, "", []id.Request{second, first}},
		{manager, request.Open, []id.Request{second}}, {manager, request.Declined, []id.Request{first}}, {author, request.Open, nil},
		{access.Caller{Kind: access.Partner}, "", []id.Request{second, first}}, {access.Caller{Kind: access.Operator}, "", []id.Request{second, first}},
	} {
		found, next, err := w.store.List(t.Context(), w.account, tt.state, tt.as, nil, 10)
		var got []id.Request
		for _, r := range found {
			got = append(got, r.ID)
		}
		if err != nil || next != nil || len(got) != len(tt.want) {
			t.Fatalf("%v %s: %v %v %v", tt.as.Kind, tt.state, got, next, err)
		}
		for i := range got {
			if got[i] != tt.want[i] {
				t.Errorf("%v in state %q: %v, want %v", tt.as.Roles, tt.state, got, tt.want)
			}
		}
	}
}

func TestNobodySendsRequestsWithoutEnd(t *testing.T) {
	w := newWorld(t)
	author := w.member(access.Viewer)
	for range request.MaxOpen {
		if _, err := w.send(author, request.Vendor); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.send(author, request.Vendor); !fault.Is(err, "too_many_requests") {
		t.Errorf("one more: %v", err)
	}
	if _, err := w.send(w.member(access.Viewer), request.Vendor); err != nil {
		t.Errorf("somebody else: %v", err)
	}
}
