package check

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// story is requests to all functions, each on a client of its own that notes its calls.
type story struct {
	*town
	recorders map[string]*recorder
	gateway   *gateway
	now       time.Time
	succeeded map[string]bool // by operation
}

func newStory(t *testing.T) *story {
	s := &story{town: newTown(t), recorders: map[string]*recorder{}, now: t0, succeeded: map[string]bool{}}
	client, name := enginetest.Open(t)
	s.gateway = newGateway(func(function string) functions.Ground {
		s.recorders[function] = &recorder{}
		return ground(t, table.New(s.recorders[function].client(client), name, nil), func() time.Time { return s.now })
	})
	return s
}

// send has a request answered a minute after the one before.
func (s *story) send(q request) response {
	s.t.Helper()
	s.now = s.now.Add(time.Minute)
	op := s.gateway.find(s.t, q)
	s.recorders[op.function].begin(op.ID)
	r := s.gateway.send(s.t, q)
	s.succeeded[op.ID] = s.succeeded[op.ID] || r.StatusCode < http.StatusMultipleChoices
	return r
}

// want sends a request and holds its answer to a status.
func (s *story) want(status int, q request) response {
	s.t.Helper()
	r := s.send(q)
	if r.StatusCode != status {
		s.t.Fatalf("%s %s answered %d, want %d: %s", q.method, q.path, r.StatusCode, status, r.Body)
	}
	return r
}

func (s *story) get(as access.Subject, path string) response {
	s.t.Helper()
	return s.want(http.StatusOK, request{as: as, method: http.MethodGet, path: path})
}

// pages reads a listing to its end, a row a page.
func (s *story) pages(as access.Subject, path string) (first response) {
	s.t.Helper()
	path += map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "pageSize=1"
	first = s.get(as, path)
	token := first.word("nextPageToken")
	for n := 0; token != ""; n++ {
		if n == 200 {
			s.t.Fatalf("%s: 200 pages and no end", path)
		}
		token = s.get(as, path+"&pageToken="+url.QueryEscape(token)).word("nextPageToken")
	}
	return first
}

// Without AWS nothing else shows that a policy lacks a line, or has one too many: every operation is done, and each
// call that it made is held to its function's role.
func TestEachRoleAllowsWhatItsFunctionDoesAndNothingElse(t *testing.T) {
	s := newStory(t)
	s.tell()
	s.publish()
	s.alert()
	s.sweep()
	for _, op := range s.gateway.operations {
		if !s.succeeded[op.ID] {
			t.Errorf("%s was never answered with success, so nobody knows what it calls: tell its story in story_test.go", op.ID)
		}
	}
	all := roles(t)
	for function, rec := range s.recorders {
		lacking := map[string]bool{}
		for _, c := range rec.calls {
			missing := c.action + " on " + c.resource + " for " + c.nouns() + ", which " + c.during + " needs"
			if !all[function].allows(c.call) && !lacking[missing] {
				lacking[missing] = true
				t.Errorf("the role of %s lacks %s", function, missing)
			}
		}
		if len(rec.calls) == 0 {
			t.Errorf("%s called nothing: its calls are not noted", function)
		}
	}
	// The authorizer is there too: it has no business with the table.
	var idle []string
	for _, r := range all {
		for _, g := range r {
			idle = append(idle, g.idle()...)
		}
	}
	slices.Sort(idle)
	for _, line := range slices.Compact(idle) {
		t.Error(line)
	}
}

// firstSignIn has somebody who was invited come to each function first: any of them may be the one that binds them.
func (s *story) firstSignIn(p place) {
	s.t.Helper()
	p.bought = id.New[id.Order](s.ids, s.now) // nothing is there by that id; who comes is let in all the same
	met := map[string]bool{}
	for _, op := range s.gateway.operations {
		if met[op.function] {
			continue
		}
		met[op.function] = true
		who := s.subject()
		who.Email = strings.ToLower(who.ID) + "@example.com"
		ch := user.Change{Account: p.account, Caller: access.Caller{Kind: access.Operator}, Now: s.now, By: s.by}
		d := user.Details{Name: "Invited", Email: who.Email, Roles: []access.Role{access.Viewer}}
		_, err := user.NewStore(s.table, s.ids, nil).Add(s.t.Context(), ch, d, func(user.User) ([]table.Op, error) { return nil, nil })
		s.must(err)
		s.send(request{as: who, method: op.Method, path: pathOf(s.t, op, p)})
		if r := s.get(who, "/v1/accounts/"+string(p.account)+"/me"); r.word("name") != "Invited" {
			s.t.Errorf("after %s the person is %s", op.ID, r.Body)
		}
	}
}
