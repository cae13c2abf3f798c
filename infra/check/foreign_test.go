package check

import (
	"crypto/rand"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
)

// insiders are one caller of each kind that acts within a place; alone is a place without a partner.
func (w *town) insiders(p place, alone bool) map[string]access.Subject {
	callers := map[string]access.Subject{"super administrator": p.buyer, "operator": w.operator}
	if !alone {
		company, staff := w.partner("Partner")
		w.link(p, company)
		callers["partner"] = staff
	}
	return callers
}

// never is an id, or a product's code, of the same form that nothing ever had.
func (w *town) never(like string) string {
	if prefix, _, ulid := strings.Cut(like, "_"); ulid {
		_, fresh, _ := strings.Cut(string(id.New[id.Account](w.ids, t0)), "_")
		return prefix + "_" + fresh
	}
	return string(w.crm(like[:3]))
}

// without is an answer as it would be for any other id.
func (r response) without(id string) response {
	r.Body, r.document = strings.ReplaceAll(r.Body, id, "…"), nil
	return r
}

// Every id that any operation is sent, in path, query or body, found in the list of operations and the OpenAPI document:
// one of another account is answered like one that never was, whoever calls, and nothing changes. The account's own is
// taken, so that the request has no other fault.
func TestAnIdOfAnotherAccountIsOneThatNeverWas(t *testing.T) {
	w, all, known := newTown(t), describedOf(t), map[string]bool{}
	abroad := w.open("Foreign")
	for _, op := range w.gateway.operations {
		for _, field := range all[op.ID].ids {
			known[op.ID+" "+field] = true
		}
		for i := range w.attempts(t, op, all[op.ID], abroad) {
			home := w.open("Own") // each with its own: what is tried at the end changes it
			a := w.attempts(t, op, all[op.ID], home)[i]
			t.Run(op.ID+" "+a.field, func(t *testing.T) { w.try(t, op, a, home, abroad) })
		}
	}
	for name := range references {
		if !known[name] {
			t.Errorf("references: %s is sent no more", name)
		}
	}
}

// try sends an id of another account, then one that never was, then the account's own.
func (w *town) try(t *testing.T, op served, a attempt, home, abroad place) {
	send := func(as access.Subject, id string) response {
		q := a.with(id)
		q.as = as
		if op.Key == httpapi.KeyRequired {
			q.headers["idempotency-key"] = rand.Text()
		}
		return w.gateway.send(t, q)
	}
	if example, ok := examples[op.ID]; ok && example.first != nil {
		example.first(w, home)
	}
	callers := w.insiders(home, examples[op.ID].alone)
	foreign, never := a.names(abroad), w.never(a.names(abroad))
	before := w.rows(t, home, abroad)
	var let []string
	for _, name := range slices.Sorted(maps.Keys(callers)) {
		r, nothing := send(callers[name], foreign), send(callers[name], never)
		if diff := cmp.Diff(nothing.without(never), r.without(foreign), cmp.AllowUnexported(response{})); diff != "" && !a.tells {
			t.Errorf("%s is told that %s is somebody's (-never was +foreign):\n%s", name, foreign, diff)
		}
		if r.StatusCode == http.StatusForbidden {
			continue
		}
		let = append(let, name)
		refused := slices.Contains([]int{http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity}, r.StatusCode)
		if searched := strings.HasPrefix(a.field, "query."); !refused && !(searched && r.StatusCode == http.StatusOK) {
			t.Errorf("%s is answered %d, want 404, 409 or 422: %s", name, r.StatusCode, r.Body)
		}
	}
	if diff := cmp.Diff(before, w.rows(t, home, abroad)); diff != "" {
		t.Errorf("an id of another account changed something:\n%s", diff)
	}
	if len(let) == 0 {
		t.Fatal("nobody may send it")
	}
	if r := send(callers[let[0]], a.names(home)); r.StatusCode >= http.StatusMultipleChoices {
		t.Errorf("the account's own is answered %d, so nothing was tried: %s", r.StatusCode, r.Body)
	}
}

// An ETag says a revision and not whose. That of another account's thing is stale here, or means the revision that the
// account's own thing has too: then that changes, and the other stays.
func TestAnETagOfAnotherAccountReachesNothingThere(t *testing.T) {
	w, all, tried := newTown(t), describedOf(t), 0
	for _, op := range w.gateway.operations {
		d := all[op.ID]
		if !d.matches() || !op.InAccount() {
			continue
		}
		tried++
		t.Run(op.ID, func(t *testing.T) {
			may := map[id.Account]access.Subject{}
			open := func(name string) place {
				p := w.open(name)
				if may[p.account] = w.operator; op.Needs == access.ManageLicences { // which operators lack
					may[p.account] = w.member(p, access.LicenceManager)
				}
				return p
			}
			send := func(p place, tag string) response {
				q := w.ask(t, op, d, p, may[p.account])
				q.headers["if-match"] = tag
				return w.gateway.send(t, q)
			}
			own, abroad := open("Own"), open("Foreign")
			tag, untouched := w.tag(t, op, all, abroad), w.rows(t, abroad)
			if mine := w.tag(t, op, all, own); mine != tag {
				t.Fatalf("ETags %s and %s: two new places are at different revisions", mine, tag)
			}
			if r := send(own, tag); r.StatusCode >= http.StatusMultipleChoices {
				t.Errorf("with the revision of both: answered %d: %s", r.StatusCode, r.Body)
			}
			if diff := cmp.Diff(untouched, w.rows(t, abroad)); diff != "" {
				t.Errorf("the other account changed:\n%s", diff)
			}
			if r := send(abroad, tag); r.StatusCode >= http.StatusMultipleChoices {
				t.Fatalf("at home it is answered %d: %s", r.StatusCode, r.Body)
			}
			fresh, later := open("Own"), w.tag(t, op, all, abroad)
			untouched = w.rows(t, abroad, fresh)
			if r := send(fresh, later); r.StatusCode != http.StatusPreconditionFailed {
				t.Errorf("with a revision that only the other account reached: answered %d, want 412: %s", r.StatusCode, r.Body)
			}
			if diff := cmp.Diff(untouched, w.rows(t, abroad, fresh)); diff != "" {
				t.Errorf("a stale change changed something:\n%s", diff)
			}
		})
	}
	if tried == 0 {
		t.Error("no operation asks for If-Match")
	}
}

// tag is the ETag for an operation: of its own path, or of the listing that its thing stands in.
func (w *town) tag(t *testing.T, op served, all map[string]described, p place) string {
	t.Helper()
	for path := op.Path; path != ""; path = path[:strings.LastIndexByte(path, '/')] {
		for _, read := range w.gateway.operations {
			if read.Method == http.MethodGet && read.Path == path && all[read.ID].tagged {
				return w.do(http.MethodGet, pathOf(t, read, p), "").Headers["Etag"]
			}
		}
	}
	t.Fatalf("%s asks for an ETag that no operation gives", op.ID)
	return ""
}
