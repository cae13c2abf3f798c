package export_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/alert"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/export"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/files"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

var t0 = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

type world struct {
	t      *testing.T
	table  *table.Table
	ids    *id.Maker
	store  *export.Store
	worker *export.Worker
	folder files.Folder
	a      id.Account
	now    time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	client, name := enginetest.Open(t)
	w := &world{t: t, table: table.New(client, name, nil), ids: id.NewMaker(rand.Reader), now: t0}
	w.store = export.NewStore(w.table, w.ids)
	w.folder = files.Folder{Path: t.TempDir(), Base: "http://localhost/dev/exports", Key: []byte("signs links"), Now: func() time.Time { return w.now }}
	w.worker = w.on(w.folder)
	w.a = id.New[id.Account](w.ids, t0)
	acc := account.Account{ID: w.a, Name: "Société " + rand.Text(), Terms: account.DefaultTerms(), CreatedAt: t0.AddDate(0, -2, 0)}
	ops, err := account.CreateOps(acc)
	w.must(err)
	w.must(w.table.Write(t.Context(), ops...))
	return w
}

func (w *world) on(shelf files.Shelf) *export.Worker {
	return export.NewWorker(w.store, account.NewStore(w.table, w.ids), alert.NewList(w.table, contract.NewStore(w.table, w.ids)), shelf, func() time.Time { return w.now })
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) begin() (export.Export, error) {
	w.t.Helper()
	return w.store.Begin(w.t.Context(), w.a, activity.Author{Kind: access.Operator, Name: "Olga", IP: "203.0.113.9"}, w.now, func(export.Export) ([]table.Op, error) { return nil, nil })
}

func (w *world) state(e id.Export) export.State {
	w.t.Helper()
	found, err := w.store.Get(w.t.Context(), w.a, e)
	w.must(err)
	return found.At(w.now)
}

// person adds somebody to the account.
func (w *world) person(name string, by activity.Author) user.User {
	w.t.Helper()
	u, err := user.NewStore(w.table, w.ids, nil).Add(w.t.Context(), user.Change{Account: w.a, Caller: access.Caller{Kind: access.Operator}, Now: w.now, By: by},
		user.Details{Name: name, Email: strings.ToLower(rand.Text()) + "@example.com"}, func(user.User) ([]table.Op, error) { return nil, nil })
	w.must(err)
	return u
}

// open reads the file behind an export's link, by name of its entries.
func (w *world) open(e id.Export) map[string]string {
	w.t.Helper()
	r := w.follow(w.link(e))
	if r.Code != http.StatusOK {
		w.t.Fatalf("the link answers %d: %s", r.Code, r.Body)
	}
	z, err := zip.NewReader(bytes.NewReader(r.Body.Bytes()), int64(r.Body.Len()))
	w.must(err)
	all := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		w.must(err)
		text, err := io.ReadAll(in)
		w.must(err)
		all[f.Name] = string(text)
	}
	return all
}

func (w *world) link(e id.Export) string {
	w.t.Helper()
	link, err := w.folder.Link(w.t.Context(), path.Join(string(w.a), string(e)+".zip"), w.now)
	w.must(err)
	return link
}

func (w *world) follow(link string) *httptest.ResponseRecorder {
	r := httptest.NewRecorder()
	http.StripPrefix("/dev/exports/", w.folder.Handler()).ServeHTTP(r, httptest.NewRequest(http.MethodGet, link, nil))
	return r
}

// Everything of the account is in the file, as a spreadsheet and whole; nothing of another account, no secret, and not from
// where the vendor's staff called.
func TestAnExportHoldsEverythingOfTheAccountAndNothingElse(t *testing.T) {
	w := newWorld(t)
	w.person("=SUM(A1)", activity.Author{Kind: access.Operator, Name: "Olga", IP: "203.0.113.9", UserAgent: "secret browser"})
	ada := w.person("Ada", activity.Author{Kind: access.Member, ID: "usr_1", Name: "Zoé", IP: "198.51.100.4"})
	w.now = w.now.AddDate(0, 0, 20) // in another month of activity
	w.person("Bo", activity.Author{Kind: access.Clock})
	other := newWorld(t)
	foreign := other.person("Foreigner", activity.Author{Kind: access.Clock})

	e, err := w.begin()
	w.must(err)
	w.must(w.worker.Run(t.Context(), w.a, e.ID))
	all := w.open(e.ID)
	for _, noun := range []string{"account", "permission-sets", "contracts", "lines", "systems", "users", "holdings", "seats", "cost-centers", "orders", "invoices", "removals", "requests", "usage-days", "activity", "alerts"} {
		var rows []map[string]any
		if err := json.Unmarshal([]byte(all[noun+".json"]), &rows); err != nil {
			t.Errorf("%s.json: %v", noun, err)
		}
		if lines := strings.Count(all[noun+".csv"], "\n"); lines != len(rows)+1 {
			t.Errorf("%s.csv has %d lines, its list %d rows", noun, lines, len(rows))
		}
		for _, r := range rows {
			for name := range r {
				if name == "rev" || strings.HasPrefix(name, "LSI") || name == "PK" || name == "SK" {
					t.Errorf("%s says %s", noun, name)
				}
			}
		}
	}
	if !strings.Contains(all["users.csv"], ";Ada;"+ada.Email) || !strings.Contains(all["users.csv"], "'=SUM(A1)") {
		t.Errorf("users.csv: %s", all["users.csv"])
	}
	if n := strings.Count(all["activity.json"], `"user.added"`); n != 3 {
		t.Errorf("%d people were added, want 3 in two months: %s", n, all["activity.json"])
	}
	whole := fmt.Sprint(all)
	for _, word := range []string{foreign.Email, string(other.a), "203.0.113.9", "secret browser"} {
		if strings.Contains(whole, word) {
			t.Errorf("the file says %q", word)
		}
	}
	if !strings.Contains(whole, "198.51.100.4") {
		t.Error("from where a person of the account called is left out")
	}
	if got := w.state(e.ID); got != export.Ready {
		t.Errorf("it is %s", got)
	}
}

// Whoever is being erased is in no file any more, though their row knows them until others' rows have forgotten them.
func TestAnExportDoesNotNameWhoIsBeingErased(t *testing.T) {
	w := newWorld(t)
	ada := w.person("Ada", activity.Author{Kind: access.Clock})
	users, by := user.NewStore(w.table, w.ids, nil), activity.Author{Kind: access.Operator}
	ch := user.Change{Account: w.a, Caller: access.Caller{Kind: access.Operator}, Now: w.now, By: by}
	key := table.User(w.a, ada.ID)
	was, err := w.table.Get(t.Context(), key)
	w.must(err)
	left := ada
	left.State = user.Deactivated
	item, err := table.Encode(left)
	w.must(err)
	w.must(w.table.Write(t.Context(), table.Replace(key, was, item)))
	empty := func(context.Context, user.Change, id.User) error { return nil }
	_, err = users.Erase(t.Context(), ch, ada.ID, ada.Email, empty, func(user.User) ([]table.Op, error) { return nil, nil })
	w.must(err)
	e, err := w.begin()
	w.must(err)
	w.must(w.worker.Run(t.Context(), w.a, e.ID))
	if people := w.open(e.ID)["users.json"]; !strings.Contains(people, string(ada.ID)) || strings.Contains(people, ada.Email) || strings.Contains(people, "erase\"") {
		t.Errorf("users.json: %s", people)
	}
}

// Two ask at once: one export runs. The next may begin once it is over, also where nobody ended it.
func TestOneExportRunsAtATime(t *testing.T) {
	w := newWorld(t)
	var both sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		both.Go(func() { _, errs[i] = w.begin() })
	}
	both.Wait()
	begun := 0
	for _, err := range errs {
		if err == nil {
			begun++
		} else if !fault.Is(err, "export_under_way") && !fault.Is(err, "busy") {
			t.Error(err)
		}
	}
	if begun != 1 {
		t.Fatalf("%d exports began at once", begun)
	}
	w.now = w.now.Add(3 * time.Hour)
	second, err := w.begin()
	w.must(err)
	w.must(w.worker.Run(t.Context(), w.a, second.ID))
	_, err = w.begin()
	w.must(err)
	listed, _, err := w.store.List(t.Context(), w.a, nil, 10)
	w.must(err)
	var states []export.State
	for _, e := range listed {
		states = append(states, e.At(w.now))
	}
	if want := []export.State{export.Pending, export.Ready, export.Failed}; !slices.Equal(states, want) {
		t.Errorf("listed are %v, want %v", states, want)
	}
}

// broken is a shelf that fails.
type broken struct{ puts int }

var errShelf = errors.New("no room")

func (b *broken) Put(_ context.Context, _ string, write func(io.Writer) error) (int64, error) {
	b.puts++
	return 0, errors.Join(write(io.Discard), errShelf)
}

// What fails comes again, three times; then it has failed for good. What is done is not done again.
func TestAnExportIsTriedThreeTimesAndDoneOnce(t *testing.T) {
	w := newWorld(t)
	e, err := w.begin()
	w.must(err)
	shelf := &broken{}
	worker := w.on(shelf)
	for range 3 {
		if err := worker.Run(t.Context(), w.a, e.ID); !errors.Is(err, errShelf) {
			t.Errorf("a try that failed ends with %v", err)
		}
	}
	for range 2 {
		w.must(worker.Run(t.Context(), w.a, e.ID))
	}
	if got := w.state(e.ID); got != export.Failed || shelf.puts != 3 {
		t.Errorf("after %d tries it is %s", shelf.puts, got)
	}
	next, err := w.begin()
	w.must(err)
	w.must(w.worker.Run(t.Context(), w.a, next.ID))
	was, err := w.store.Get(t.Context(), w.a, next.ID)
	w.must(err)
	w.must(w.worker.Run(t.Context(), w.a, next.ID))
	if is, err := w.store.Get(t.Context(), w.a, next.ID); err != nil || is.Rev != was.Rev {
		t.Errorf("an event that came twice wrote it again: %+v, was %+v (%v)", is, was, err)
	}
	records, _, err := activity.NewStore(w.table).List(t.Context(), w.a, string(next.ID), t0, w.now, nil, 10)
	w.must(err)
	if len(records) != 2 || records[1].Action != activity.ExportRequested || records[1].Author.Name != "Olga" {
		t.Errorf("activity has %+v", records)
	}
}

// A link ends, opens its own file alone, and the file is gone after seven days.
func TestALinkEndsAndAFileExpires(t *testing.T) {
	w := newWorld(t)
	e, err := w.begin()
	w.must(err)
	w.must(w.worker.Run(t.Context(), w.a, e.ID))
	link := w.link(e.ID)
	if r := w.follow(strings.Replace(link, string(e.ID), string(id.New[id.Export](w.ids, w.now)), 1)); r.Code != http.StatusForbidden {
		t.Errorf("a signature opens another file: %d", r.Code)
	}
	if r := w.follow(strings.Replace(link, "Expires=300", "Expires=900000", 1)); r.Code != http.StatusForbidden {
		t.Errorf("a link that was made to last opens the file: %d", r.Code)
	}
	w.now = w.now.Add(files.LinkLife)
	if r := w.follow(link); r.Code != http.StatusForbidden {
		t.Errorf("after five minutes the link opens the file: %d", r.Code)
	}
	w.now = t0.Add(files.Kept)
	if got := w.state(e.ID); got != export.Expired {
		t.Errorf("after seven days it is %s", got)
	}
}
