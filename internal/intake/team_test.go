package intake_test

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/intake"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

var operator = access.Caller{Kind: access.Operator}

// team is an account that the CRM made, and whose people it names.
type team struct {
	*world
	account id.Account
	head    string
}

const allTitles = "Account ID,Email,Name,Extension,Language,Roles"

func newTeam(t *testing.T) *team {
	t.Helper()
	w := newWorld(t)
	if _, _, err := w.service.TakeContract(t.Context(), w.at(0), w.contractRecord(1)); err != nil {
		t.Fatal(err)
	}
	return &team{w, w.accountOf(crmAccount), allTitles}
}

// rows are a file of people of the account; a row is what stands behind the account's id.
func (w *team) rows(rows ...string) []byte {
	body := w.head + "\n"
	for _, r := range rows {
		body += w.mine(crmAccount) + "," + r + "\n"
	}
	return []byte(body)
}

func (w *team) say(minute int, rows ...string) intake.Report {
	w.t.Helper()
	report, _ := w.file(w.at(minute), intake.Users, w.rows(rows...))
	w.noticesAreWorded(report)
	return report
}

// became holds a report of one row to what became of it.
func (w *team) became(r intake.Report, want intake.Result) {
	w.t.Helper()
	if len(r.Counts) != 1 || r.Counts[want] != 1 {
		w.t.Fatalf("%v %v, want one row %s", r.Counts, r.Rejections, want)
	}
}

// find is the one person whom a word finds.
func (w *team) find(word string) user.User {
	w.t.Helper()
	found, _, _, err := w.users.List(w.t.Context(), w.account, word, nil, 5)
	if err != nil || len(found) != 1 {
		w.t.Fatalf("%q finds %d people (%v), want one", word, len(found), err)
	}
	return found[0]
}

func (w *team) change() user.Change {
	return user.Change{Account: w.account, Caller: operator, Now: w.now, By: activity.Author{Kind: access.Operator}}
}

// administer changes a person as an administrator does.
func (w *team) administer(u user.User, change func(*user.User)) {
	w.t.Helper()
	if _, err := w.users.Set(w.t.Context(), w.change(), u.ID, func(seen user.Seen) (user.User, error) {
		after := seen.User
		change(&after)
		return after, nil
	}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *team) caller(who access.Subject) access.Caller {
	w.t.Helper()
	loaded, err := w.accounts.Load(w.t.Context(), who, w.account, httpapi.Source{}, w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	return loaded.Caller
}

// address is one that no other test has.
func address() string { return strings.ToLower(rand.Text()) + "@example.com" }

func warned(r intake.Report) (all []string) {
	for _, p := range r.Warnings {
		all = append(all, fmt.Sprint(p.Line, " ", p.Column, " ", p.Code))
	}
	return all
}
