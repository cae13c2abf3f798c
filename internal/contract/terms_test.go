package contract_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/apitest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// termed is an account with a contract of three lines of ten seats: nobody sits on the first, eight on the second, and
// nobody said how many seats the third has.
type termed struct {
	*account
	t   *testing.T
	c   contract.Contract
	now time.Time
}

func newTermed(t *testing.T, a *account) *termed {
	t.Helper()
	w := &termed{account: a, t: t, now: begun("2026-11-21")}
	w.c = contract.Contract{
		ID: id.New[id.Contract](a.ids, w.now), CRM: "800L2cEpVZzAQlxI0G", TermsRev: 1,
		Facts:    contract.Facts{Name: "Order form", Start: "2026-01-01", Expiry: "2027-01-01", Purchased: 3},
		Products: contract.Products("").With("phone").With("mail").With("chat"),
	}.Settled(w.now)
	ops, err := contract.CreateOps(a.id, w.c)
	for product, used := range map[string]int{"phone": 0, "mail": 8, "chat": 0} {
		l := contract.NewLine(w.c, product, "The "+product)
		if product != "chat" {
			l = l.With(contract.Quantities{Contracted: seats(10)}).Taken(map[contract.PoolID]int{none: used})
		}
		op, lineErr := contract.LineOp(a.id, contract.LineRow{}, l)
		if ops = append(ops, op); lineErr != nil {
			err = lineErr
		}
	}
	if err == nil {
		err = a.table.Write(t.Context(), ops...)
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *termed) set(terms contract.Terms) (contract.Contract, map[string]contract.Line, error) {
	c, _, err := w.store.SetTerms(context.Background(), contract.Changing{Account: w.id, Now: w.now, By: activity.Author{Kind: access.Operator}}, w.c.ID, terms, func(int) error { return nil })
	if err != nil {
		return c, nil, err
	}
	is, lines := w.read()
	if diff := gocmp.Diff(is.TermsRev, c.TermsRev); diff != "" || is.Expiry != c.Expiry {
		w.t.Errorf("the answer says %+v, and it is %+v", c, is)
	}
	return c, lines, nil
}

func (w *termed) read() (contract.Contract, map[string]contract.Line) {
	w.t.Helper()
	c, rows, err := w.store.Get(context.Background(), w.id, w.c.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	lines := map[string]contract.Line{}
	for _, row := range rows {
		lines[row.Product] = row.Line
	}
	return c.Contract, lines
}

// records are the activity of the account, the newest last.
func (w *termed) records() []activity.Record {
	w.t.Helper()
	items, _, err := w.table.Query(context.Background(), table.Query{PK: table.Activities(w.id, w.now), Limit: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	all := make([]activity.Record, len(items))
	for i, item := range items {
		if err := table.Decode(item, &all[i]); err != nil {
			w.t.Fatal(err)
		}
	}
	return all
}

// The partner or an operator raises or lowers the limit; it counts at once. A limit below what is used takes no seat away;
// taken back, what the CRM and orders say counts again (FEATURES.md, Seats; DATA.md, Who owns which fact).
func TestALimitCountsAtOnceAndTakesNoSeatAway(t *testing.T) {
	w := newTermed(t, newAccount(t))
	for i, step := range []struct {
		limits map[string]*int
		phone  string // limit/used/available/state
		mail   string
		chat   string
	}{
		{map[string]*int{"phone": seats(20)}, "20/0/20/ok", "10/8/2/warning", "-/0/0/not_set"},
		{map[string]*int{"mail": seats(5), "chat": seats(0)}, "20/0/20/ok", "5/8/-3/over_limit", "0/0/0/full"},
		{map[string]*int{"mail": seats(8)}, "20/0/20/ok", "8/8/0/full", "0/0/0/full"},
		{map[string]*int{"mail": seats(11), "phone": seats(0)}, "0/0/0/full", "11/8/3/ok", "0/0/0/full"},
		{map[string]*int{"mail": nil, "phone": nil, "chat": nil}, "10/0/10/ok", "10/8/2/warning", "-/0/0/not_set"},
	} {
		c, lines, err := w.set(contract.Terms{Limits: step.limits})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for product, l := range lines {
			limit := "-"
			if l.Limit != nil {
				limit = fmt.Sprint(*l.Limit)
			}
			got[product] = fmt.Sprintf("%s/%d/%d/%s", limit, l.Used, l.Available, l.Usage().State)
			if p := l.Pools[none]; p.Available != l.Available || p.Used() != l.Used {
				t.Errorf("step %d: the pool of %s is %+v", i, product, p)
			}
		}
		if diff := gocmp.Diff(map[string]string{"phone": step.phone, "mail": step.mail, "chat": step.chat}, got); diff != "" {
			t.Errorf("step %d (-want +got): %s", i, diff)
		}
		if c.TermsRev != i+2 || len(w.records()) != i+1 {
			t.Errorf("step %d: terms %d, %d records", i, c.TermsRev, len(w.records()))
		}
		attention, _, err := w.store.UsagePage(t.Context(), w.id, "attention", "", nil, 50)
		want := 0
		for _, l := range lines {
			if l.Usage().State != contract.OK {
				want++
			}
		}
		if err != nil || len(attention) != want {
			t.Errorf("step %d: %d lines in the attention list (%v), want %d", i, len(attention), err, want)
		}
	}
	if _, _, err := w.set(contract.Terms{Limits: map[string]*int{"fax": seats(1)}}); !fault.Is(err, "product_not_on_contract") {
		t.Errorf("a product without a line: %v", err)
	}
}

// Dates, systems purchased and alert days: what is left out stays, every line keeps step with the expiry, what is the
// same already changes and records nothing.
func TestOtherTermsKeepTheLinesInStep(t *testing.T) {
	w := newTermed(t, newAccount(t))
	day := func(d date.Date) *date.Date { return &d }
	days := func(d ...int) *contract.AlertDays { a := contract.NewAlertDays(d); return &a }
	for i, step := range []struct {
		terms   contract.Terms
		changed []string // fields in the record, none where nothing changed
		code    string
	}{
		{contract.Terms{Expiry: day("2028-06-30")}, []string{"expiryDate"}, ""},
		{contract.Terms{Expiry: day("2028-06-30"), Purchased: seats(3), AlertDays: days()}, nil, ""},
		{contract.Terms{Start: day("2026-02-01"), Purchased: seats(0)}, []string{"startDate", "systemsPurchased"}, ""},
		{contract.Terms{Expiry: day("2026-01-31")}, nil, "expires_before_start"},
		{contract.Terms{Start: day("2028-07-01")}, nil, "expires_before_start"},
		{contract.Terms{AlertDays: days(7, 120, 7)}, []string{"alertDays"}, ""},
		{contract.Terms{AlertDays: days(120, 7)}, nil, ""},
		{contract.Terms{AlertDays: days()}, []string{"alertDays"}, ""},
		{contract.Terms{Expiry: day("2026-11-21"), Limits: map[string]*int{"mail": seats(9)}}, []string{"expiryDate", "lines.mail.limit", "lines.mail.override"}, ""},
	} {
		was, _ := w.read()
		before := len(w.records())
		c, lines, err := w.set(step.terms)
		if step.code != "" {
			if !fault.Is(err, step.code) || len(w.records()) != before {
				t.Errorf("step %d: %v, want %s", i, err, step.code)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for product, l := range lines {
			if l.Expiry != c.Expiry {
				t.Errorf("step %d: the line of %s expires on %s, its contract on %s", i, product, l.Expiry, c.Expiry)
			}
		}
		if step.changed == nil {
			if c.TermsRev != was.TermsRev || len(w.records()) != before {
				t.Errorf("step %d: terms %d after %d, %d records more", i, c.TermsRev, was.TermsRev, len(w.records())-before)
			}
			continue
		}
		all := w.records()
		var fields []string
		for field := range all[len(all)-1].After {
			fields = append(fields, field)
		}
		slices.Sort(fields)
		if c.TermsRev != was.TermsRev+1 || len(all) != before+1 || !slices.Equal(fields, step.changed) {
			t.Errorf("step %d: terms %d after %d, %d records more, of %v, want %v", i, c.TermsRev, was.TermsRev, len(all)-before, fields, step.changed)
		}
	}
	if c, _ := w.read(); c.Status("2026-11-21") != contract.Expired || c.Purchased != 0 || !slices.Equal(c.AlertDays.Days(), []int{90, 60, 30, 7}) {
		t.Errorf("it came to %+v", c)
	}
}

// Seats that come and go on its lines do not stand in the way of other dates; a limit is decided again on what is used.
func TestTermsAreDecidedAgainWhereSeatsCameMeanwhile(t *testing.T) {
	w := newTermed(t, newAccount(t))
	ch := contract.Changing{Account: w.id, Now: w.now}
	later := date.Date("2029-01-01")
	for name, terms := range map[string]contract.Terms{"a limit": {Limits: map[string]*int{"mail": seats(4)}}, "a date": {Expiry: &later}} {
		rounds := 0
		_, _, err := w.store.SetTerms(t.Context(), ch, w.c.ID, terms, func(int) error {
			if rounds++; rounds == 1 {
				_, lines, err := w.store.Get(t.Context(), w.id, w.c.ID)
				if err != nil {
					return err
				}
				i := slices.IndexFunc(lines, func(l contract.LineRow) bool { return l.Product == "mail" })
				op, _, err := contract.SeatsOp(w.id, lines[i], map[contract.PoolID]int{none: -1}, "", time.Time{})
				if err != nil {
					return err
				}
				return w.table.Write(t.Context(), op, table.Check(table.Contract(w.id, w.c.ID), table.Exists()))
			}
			return nil
		})
		if want := map[string]int{"a limit": 2, "a date": 1}[name]; err != nil || rounds != want {
			t.Errorf("%s: %v after %d rounds, want %d", name, err, rounds, want)
		}
	}
	if _, lines := w.read(); lines["mail"].Used != 6 || lines["mail"].Available != -2 || lines["mail"].Pools[none] != (contract.Pool{Purchased: 4, Available: -2}) {
		t.Errorf("it came to %+v", lines["mail"])
	}
}

// The change of terms is held to the revision that was seen: 428 without, 412 where somebody was faster (issue 5, 4);
// it is for partners and operators.
func TestTermsAskForTheRevisionThatWasSeen(t *testing.T) {
	o := apitest.New(t)
	store := contract.NewStore(o.Table, o.IDs)
	contract.Register(o.API, store, o.Accounts)
	w := newTermed(t, &account{id: o.Account, table: o.Table, store: store, ids: o.IDs})
	operator, admin := o.Operator(), o.Member(o.Account, access.SuperAdministrator)
	path := fmt.Sprintf("/v1/accounts/%s/contracts/%s", o.Account, w.c.ID)
	tag := func() string {
		seen := o.Want(http.StatusOK, "", operator, http.MethodGet, path, "")
		for name, value := range seen.Headers {
			if http.CanonicalHeaderKey(name) == "Etag" {
				return value
			}
		}
		t.Fatalf("no ETag among %v", seen.Headers)
		return ""
	}
	first := tag()
	patch := func(status int, code, body string, headers ...string) apitest.Answer {
		t.Helper()
		return o.Want(status, code, operator, http.MethodPatch, path+"/terms", body, headers...)
	}
	patch(http.StatusPreconditionRequired, "if_match_required", `{"systemsPurchased":4}`)
	answer := patch(http.StatusOK, "", `{"systemsPurchased":4,"alertDays":[30,100],"limits":[{"productId":"phone","limit":3},{"productId":"chat","limit":null}]}`, "if-match", first)
	if answer.Document["termsRev"] != 2.0 || fmt.Sprint(answer.Document["alertDays"]) != "[100 30]" {
		t.Errorf("answered %s", answer.Body)
	}
	patch(http.StatusPreconditionFailed, "stale", `{"systemsPurchased":5}`, "if-match", first)
	patch(http.StatusOK, "", `{"systemsPurchased":5}`, "if-match", tag())
	o.Want(http.StatusForbidden, "permission_missing", admin, http.MethodPatch, path+"/terms", `{"systemsPurchased":6}`, "if-match", tag())
	for body, code := range map[string]string{
		`{"limits":[{"productId":"phone","limit":-1}]}`:                                "invalid_request",
		`{"limits":[{"productId":"phone","limit":10000001}]}`:                          "invalid_request",
		`{"limits":[{"productId":"phone","limit":1},{"productId":"phone","limit":2}]}`: "invalid_request",
		`{"limits":[{"productId":"fax","limit":1}]}`:                                   "product_not_on_contract",
		`{"systemsPurchased":-1}`:                                                      "invalid_request",
		`{"alertDays":[0]}`:                                                            "invalid_request",
		`{"alertDays":[731]}`:                                                          "invalid_request",
		`{"alertDays":[1,2,3,4,5,6,7,8,9,10,11]}`:                                      "invalid_request",
		`{"expiryDate":"2027-02-30"}`:                                                  "invalid_request",
		`{"expiryDate":"2025-12-31"}`:                                                  "expires_before_start",
	} {
		patch(http.StatusUnprocessableEntity, code, body, "if-match", tag())
	}
	if c, _ := w.read(); c.Purchased != 5 || c.TermsRev != 3 {
		t.Errorf("it came to %+v", c)
	}
}
