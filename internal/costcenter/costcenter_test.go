package costcenter_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/apitest"
	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// world is an account with somebody who may manage its licences.
type world struct {
	*apitest.Office
	store   *costcenter.Store
	manager access.Subject
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Office: apitest.New(t)}
	w.store = costcenter.NewStore(w.Table, w.IDs)
	costcenter.Register(w.API, w.store)
	w.manager = w.Member(w.Account, access.LicenceManager)
	return w
}

func (w *world) all() string { return "/v1/accounts/" + string(w.Account) + "/cost-centers" }

func (w *world) create(name string) (cc id.CostCenter, path string) {
	w.T.Helper()
	a := w.Want(http.StatusCreated, "", w.manager, "POST", w.all(), fmt.Sprintf(`{"name":%q}`, name))
	return id.CostCenter(a.Word("id")), w.all() + "/" + a.Word("id")
}

// change patches what is at a path as it stands now.
func (w *world) change(status int, code, path, body string) apitest.Answer {
	w.T.Helper()
	return w.Want(status, code, w.manager, "PATCH", path, body, "if-match", "*")
}

// carry is what another package's transaction does: it changes something of its own, and what a cost center carries.
func (w *world) carry(cc id.CostCenter, by int) error {
	return w.Table.Write(w.T.Context(), table.Check(table.Settings(w.Account), table.Exists()), costcenter.CarryOp(w.Account, cc, by))
}

func (w *world) listed(query string) []string {
	w.T.Helper()
	return w.Want(http.StatusOK, "", w.manager, "GET", w.all()+query, "").Column("name")
}

// Cost centers: list, search, create, rename, archive when empty, reactivate; archived ones are listed when asked for.
func TestACostCenterIsCreatedRenamedArchivedAndReactivated(t *testing.T) {
	w := newWorld(t)
	cc, path := w.create("  Zürich   Nord ")
	w.create("berne")
	w.create("Alsace")
	if got, want := w.listed(""), []string{"Alsace", "berne", "Zürich Nord"}; !slices.Equal(got, want) {
		t.Errorf("listed %q, want %q", got, want)
	}
	one := w.Want(http.StatusOK, "", w.manager, "GET", path, "")
	if one.Headers["Etag"] != `"1"` || one.Word("state") != "active" || one.Document["pools"] != 0.0 {
		t.Errorf("it is %s with the ETag %s", one.Body, one.Headers["Etag"])
	}
	w.Want(http.StatusPreconditionRequired, "if_match_required", w.manager, "PATCH", path, `{"name":"x"}`)
	w.Want(http.StatusPreconditionFailed, "stale", w.manager, "PATCH", path, `{"name":"x"}`, "if-match", `"7"`)
	renamed := w.Want(http.StatusOK, "", w.manager, "PATCH", path, `{"name":"Genève"}`, "if-match", `"1"`)
	if renamed.Word("name") != "Genève" || renamed.Headers["Etag"] != `"2"` {
		t.Errorf("renamed it is %s with the ETag %s", renamed.Body, renamed.Headers["Etag"])
	}
	w.change(http.StatusOK, "", path, `{"state":"archived"}`)
	if got, want := w.listed(""), []string{"Alsace", "berne"}; !slices.Equal(got, want) {
		t.Errorf("active ones are %q, want %q", got, want)
	}
	if got, want := w.listed("?state=archived"), []string{"Genève"}; !slices.Equal(got, want) {
		t.Errorf("archived ones are %q, want %q", got, want)
	}
	w.change(http.StatusOK, "", path, `{"state":"active"}`)
	if got, want := w.listed("?state=active"), []string{"Alsace", "berne", "Genève"}; !slices.Equal(got, want) {
		t.Errorf("active ones are %q, want %q", got, want)
	}
	again := w.change(http.StatusOK, "", path, `{"state":"active","name":"Genève"}`)
	if again.Headers["Etag"] != `"4"` {
		t.Errorf("a change that changes nothing has the ETag %s, want 4", again.Headers["Etag"])
	}
	w.records(cc, activity.CostCenterReactivated, activity.CostCenterArchived, activity.CostCenterChanged, activity.CostCenterCreated)
}

// records holds what was recorded about a cost center to these actions, newest first.
func (w *world) records(cc id.CostCenter, want ...activity.Action) {
	w.T.Helper()
	found, _, err := activity.NewStore(w.Table).Within(w.T.Context(), w.Account, w.Now, string(cc), "cost_center", nil, 50)
	if err != nil {
		w.T.Fatal(err)
	}
	var got []activity.Action
	for _, r := range found {
		got = append(got, r.Action)
		if len(r.After) == 0 || r.Subject.Noun != "costCenter" {
			w.T.Errorf("%s is recorded of a %s with %v after it", r.Action, r.Subject.Noun, r.After)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.T.Errorf("recorded (-want +got):\n%s", diff)
	}
}

func TestTheSameKeyIsAnsweredWithTheSameCostCenter(t *testing.T) {
	w := newWorld(t)
	first := w.Want(http.StatusCreated, "", w.manager, "POST", w.all(), `{"name":"Paris"}`, "idempotency-key", "k")
	again := w.Want(http.StatusCreated, "", w.manager, "POST", w.all(), `{"name":"Paris"}`, "idempotency-key", "k")
	if again.Body != first.Body || again.Headers["Idempotent-Replay"] != "true" {
		t.Errorf("the repeat is answered %s, want %s", again.Body, first.Body)
	}
}

// A name is one cost center's, without regard to case and accents, archived ones among them.
func TestANameIsOneCostCenters(t *testing.T) {
	w := newWorld(t)
	paris, path := w.create("Paris Été")
	if taken := w.Want(http.StatusConflict, "cost_center_name_taken", w.manager, "POST", w.all(), `{"name":"PARIS  ete"}`); taken.Word("costCenterId") != string(paris) {
		t.Errorf("it is taken by %q, want %s", taken.Word("costCenterId"), paris)
	}
	w.change(http.StatusOK, "", path, `{"name":"paris été"}`)
	w.change(http.StatusOK, "", path, `{"state":"archived"}`)
	w.Want(http.StatusConflict, "cost_center_name_taken", w.manager, "POST", w.all(), `{"name":"Paris Ete"}`)
	_, lyon := w.create("Lyon")
	w.change(http.StatusConflict, "cost_center_name_taken", lyon, `{"name":"Paris Ete"}`)
	w.change(http.StatusOK, "", path, `{"name":"Nice"}`)
	w.change(http.StatusOK, "", lyon, `{"name":"Paris Ete"}`)
	w.create("Lyon")
	for _, empty := range []string{`{}`, `{"name":""}`, `{"name":"   "}`, `{"name":"\u0301"}`, `{"name":"` + strings.Repeat("x", 101) + `"}`} {
		w.Want(http.StatusUnprocessableEntity, "invalid_request", w.manager, "POST", w.all(), empty)
	}
	other := w.Another()
	w.Want(http.StatusCreated, "", w.Member(other, access.Administrator), "POST", "/v1/accounts/"+string(other)+"/cost-centers", `{"name":"Nice"}`)
}

func TestOfSeveralWhoCreateOneNameAtOnceOneDoes(t *testing.T) {
	w := newWorld(t)
	w.create("Somebody else")
	errs := make([]error, 8)
	var done sync.WaitGroup
	for i := range errs {
		done.Go(func() {
			_, errs[i] = w.store.Create(t.Context(), costcenter.Change{Account: w.Account, Now: w.Now}, "Paris", keepNothing)
		})
	}
	done.Wait()
	made := 0
	for _, err := range errs {
		if err == nil {
			made++
		} else if !fault.Is(err, "cost_center_name_taken") {
			t.Error(err)
		}
	}
	if made != 1 || len(w.listed("")) != 2 {
		t.Errorf("%d were made, and the list is %q", made, w.listed(""))
	}
}

func keepNothing(costcenter.CostCenter) ([]table.Op, error) { return nil, nil }

// Two who give a cost center the same name at once both see it done.
func TestANameThatSomebodyGaveItMeanwhileIsItsOwn(t *testing.T) {
	w := newWorld(t)
	cc, path := w.create("Paris")
	first := true
	got, err := w.store.Set(t.Context(), costcenter.Change{Account: w.Account, Now: w.Now}, cc, func(c costcenter.CostCenter) (costcenter.CostCenter, error) {
		if first {
			first = false
			w.change(http.StatusOK, "", path, `{"name":"Lyon"}`)
		}
		c.Name = "Lyon"
		return c, nil
	})
	if err != nil || got.Name != "Lyon" || got.Rev != 2 {
		t.Errorf("it is %+v (%v)", got, err)
	}
}

// An account has at most 1,000 active ones; archived ones do not count.
func TestAnAccountHasAThousandActiveCostCentersAtMost(t *testing.T) {
	w := newWorld(t)
	_, path := w.create("First")
	counts := table.Item{"active": table.Number(costcenter.MaxActive - 1), "rev": table.Number(2)}
	if err := w.Table.Write(t.Context(), table.Put(table.CostCenterCounts(w.Account), counts, table.Exists())); err != nil {
		t.Fatal(err)
	}
	w.create("The last")
	full := w.Want(http.StatusConflict, "too_many_cost_centers", w.manager, "POST", w.all(), `{"name":"One more"}`)
	if full.Document["max"] != 1000.0 {
		t.Errorf("refused with %s", full.Body)
	}
	w.change(http.StatusOK, "", path, `{"name":"Still first"}`)
	w.change(http.StatusOK, "", path, `{"state":"archived"}`)
	w.create("One more")
	w.change(http.StatusConflict, "too_many_cost_centers", path, `{"state":"active"}`)
}

func TestCostCentersAreFoundPagedAndGivenAsCSV(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"Île-de-France Nord", "Île-de-France Sud", "Franche-Comté", "=Bretagne"} {
		w.create(name)
	}
	_, gone := w.create("France d’outre-mer")
	w.change(http.StatusOK, "", gone, `{"state":"archived"}`)
	for asked, want := range map[string][]string{
		"fran": {"Franche-Comté", "Île-de-France Nord", "Île-de-France Sud"}, "sud FRAN": {"Île-de-France Sud"}, "nobody": {}, "comte": {"Franche-Comté"},
	} {
		if got := w.listed("?q=" + url.QueryEscape(asked)); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", asked, got, want)
		}
	}
	if got := w.listed("?q=fran&state=archived"); !slices.Equal(got, []string{"France d’outre-mer"}) {
		t.Errorf("among the archived ones it finds %q", got)
	}
	w.change(http.StatusOK, "", gone, `{"name":"Guadeloupe"}`)
	if got := w.listed("?q=outre&state=archived"); len(got) != 0 {
		t.Errorf("by its old name it is still found: %q", got)
	}
	first := w.Want(http.StatusOK, "", w.manager, "GET", w.all()+"?pageSize=3", "")
	rest := w.listed("?pageSize=3&pageToken=" + url.QueryEscape(first.Word("nextPageToken")))
	if got := append(first.Column("name"), rest...); !slices.Equal(got, []string{"=Bretagne", "Franche-Comté", "Île-de-France Nord", "Île-de-France Sud"}) {
		t.Errorf("the pages hold %q", got)
	}
	sheet := w.Want(http.StatusOK, "", w.manager, "GET", w.all(), "", "accept", "text/csv")
	lines := strings.Split(strings.TrimSpace(sheet.Body), "\n")
	if len(lines) != 5 || strings.TrimSpace(lines[0]) != "\ufeffid,name,state,pools" || !strings.Contains(lines[1], ",'=Bretagne,active,0") {
		t.Errorf("as CSV it is %q", sheet.Body)
	}
}

// Buying and what goes with it needs "manage licences"; a foreign cost center is not there.
func TestWhoMayChangeCostCenters(t *testing.T) {
	w := newWorld(t)
	_, path := w.create("Paris")
	viewer, other := w.Member(w.Account, access.Viewer, access.UserManager), w.Another()
	w.Want(http.StatusOK, "", viewer, "GET", w.all(), "")
	w.Want(http.StatusOK, "", viewer, "GET", path, "")
	w.Want(http.StatusForbidden, "permission_missing", viewer, "POST", w.all(), `{"name":"x"}`)
	w.Want(http.StatusForbidden, "permission_missing", viewer, "PATCH", path, `{"name":"x"}`, "if-match", "*")
	w.Want(http.StatusForbidden, "permission_missing", w.Member(w.Account, access.BillingManager), "GET", w.all(), "")
	outsider := w.Member(other, access.Administrator)
	w.Want(http.StatusNotFound, "not_found", outsider, "GET", path, "")
	w.Want(http.StatusNotFound, "not_found", outsider, "GET", "/v1/accounts/"+string(other)+"/cost-centers/"+path[strings.LastIndex(path, "/")+1:], "")
	for _, none := range []string{"COUNTS", "cc_", "nothing", string(id.New[id.CostCenter](w.IDs, time.Now()))} {
		w.Want(http.StatusNotFound, "not_found", w.manager, "GET", w.all()+"/"+none, "")
		w.Want(http.StatusNotFound, "not_found", w.manager, "PATCH", w.all()+"/"+none, `{"name":"x"}`, "if-match", "*")
	}
}

func TestRowsAreThoseOfTheCostCentersThatAreThere(t *testing.T) {
	w := newWorld(t)
	paris, _ := w.create("Paris")
	lyon, _ := w.create("Lyon")
	rows, err := w.store.Rows(t.Context(), w.Account, []id.CostCenter{paris, lyon, paris, id.New[id.CostCenter](w.IDs, w.Now)})
	got := map[id.CostCenter]string{}
	for cc, row := range rows {
		got[cc] = row.Name
	}
	if diff := cmp.Diff(map[id.CostCenter]string{paris: "Paris", lyon: "Lyon"}, got); diff != "" || err != nil {
		t.Errorf("the names (-want +got, %v):\n%s", err, diff)
	}
	if got, err := w.store.Rows(t.Context(), w.Another(), []id.CostCenter{paris}); err != nil || len(got) != 0 {
		t.Errorf("another account has %v (%v)", got, err)
	}
	if got, err := w.store.Rows(t.Context(), w.Account, nil); err != nil || len(got) != 0 {
		t.Errorf("of none there are %v (%v)", got, err)
	}
}
