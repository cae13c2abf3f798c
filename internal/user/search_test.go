package user_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// known adds somebody with a name and an address.
func (w *world) known(name, email string) user.User {
	w.t.Helper()
	u, err := w.users.Add(w.t.Context(), w.as(operator), user.Details{Name: name, Email: email}, keepNothing)
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

// found are the addresses of those whom a search finds, in the order of the alphabet.
func (w *world) found(asked string) (emails []string, truncated bool) {
	w.t.Helper()
	users, _, truncated, err := w.users.List(w.t.Context(), w.account, asked, nil, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	emails = []string{}
	for _, u := range users {
		emails = append(emails, u.Email)
	}
	slices.Sort(emails)
	return emails, truncated
}

// A person is found by their whole address or the beginning of it, and by an address nobody else is.
func TestAPersonIsFoundByTheBeginningOfTheirAddress(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("a.very.long", 5) + "@" + strings.Repeat("mailbox.", 4) + "example"
	for _, email := range []string{"e1@e.example", "e10@e.example", "Zoé.B@e.example", long, "x" + long} {
		w.known("Someone New", email)
	}
	for asked, want := range map[string][]string{
		"e1@e.example": {"e1@e.example"}, "E1@E.Ex": {"e1@e.example"}, "e1@": {"e1@e.example"}, "e10@e.example": {"e10@e.example"}, "1@e.example": {},
		"zoe.b@e": {"Zoé.B@e.example"}, "new e10@e": {"e10@e.example"}, "old e10@e": {}, "e10@e new": {"e10@e.example"},
		long: {long}, long + "s": {}, "e1": {"e10@e.example", "e1@e.example"}, "@e zo": {"Zoé.B@e.example"},
	} {
		if got, _ := w.found(asked); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", asked, got, want)
		}
	}
}

// One address is found among more alike than a search looks at, and costs the words no room.
func TestAnAddressIsFoundAmongManyAlike(t *testing.T) {
	w := newWorld(t)
	const many = 230
	for i := range many {
		w.known("Anna", fmt.Sprintf("anna.a%d@big.example", i))
	}
	w.known("Zora", "anna@big.example")
	if got, truncated := w.found("anna@big.example"); !slices.Equal(got, []string{"anna@big.example"}) || truncated {
		t.Errorf("found %q, more: %t", got, truncated)
	}
	for i := range 150 {
		w.known(fmt.Sprintf("Berta B%d", i), fmt.Sprintf("berta.b%d@big.example", i))
	}
	if _, truncated := w.found("berta"); truncated {
		t.Error("150 people do not fit into a search for their name")
	}
}

// A person has at most twelve terms, their address first, so that a rename is small; a new address moves the term.
func TestAnAddressIsTheFirstOfTwelveTerms(t *testing.T) {
	terms := table.AddressTerms("Ada@x.example", "one two three four five six seven eight nine ten eleven twelve", "Ada@x.example")
	if len(terms) != 12 || terms[0] != "@ada@x.example" || terms[11] != "eleven" {
		t.Errorf("the terms are %q", terms)
	}
	w := newWorld(t)
	u := w.known("Ada", "ada@x.example")
	for _, change := range []func(*user.User){func(u *user.User) { u.Name = "Zoé" }, func(u *user.User) { u.Email = "new@x.example" }} {
		if err := w.set(operator, u, change); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := w.found("new@x"); len(got) != 1 {
		t.Errorf("her new address finds %q", got)
	}
	rows, _, err := w.table.Query(t.Context(), table.Query{PK: table.UserTerms(w.account), Prefix: "@", Limit: 10})
	if err != nil || len(rows) != 1 {
		t.Errorf("%d addresses are kept (%v), want the one that she has", len(rows), err)
	}
}

// An extension is kept as names are: without what cannot be seen.
func TestAnExtensionIsCleanedAsNamesAre(t *testing.T) {
	o := newOffice(t)
	path, _ := o.hire("Ada", `,"extension":" 10\u200b  42 "`)
	if got := o.want(http.StatusOK, "", o.operator, "GET", path, "").word("extension"); got != "10 42" {
		t.Errorf("added, it is %q", got)
	}
	if got := o.change(http.StatusOK, "", o.operator, path, `{"extension":"\u202e7\t"}`).word("extension"); got != "7" {
		t.Errorf("changed, it is %q", got)
	}
}

// What was not there before has no before.
func TestAPersonsFirstRecordHasNothingEmpty(t *testing.T) {
	o := newOffice(t)
	path, _ := o.hire("Ada", "")
	records, _, err := activity.NewStore(o.table).List(t.Context(), o.account, strings.TrimPrefix(path, "/users/"), o.now, o.now, nil, 10)
	if err != nil || len(records) != 1 {
		t.Fatalf("%d records (%v)", len(records), err)
	}
	r := records[0]
	if len(r.Before) != 0 || r.After["name"] != "Ada" || r.After["state"] != "active" {
		t.Errorf("recorded: before %v, after %v", r.Before, r.After)
	}
	for field, value := range r.After {
		if value == "" {
			t.Errorf("%s is recorded empty", field)
		}
	}
}
