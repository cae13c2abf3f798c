package catalog_test

import (
	"crypto/rand"
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
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// world is the vendor's catalog. There is one for all tests, so each has products of its own: their codes begin with own.
type world struct {
	*apitest.Office
	store    *catalog.Store
	operator access.Subject
	own      string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Office: apitest.New(t), own: "t" + rand.Text() + "-"}
	w.store = catalog.NewStore(w.Table, w.IDs)
	catalog.Register(w.API, w.store)
	w.operator = w.Operator()
	return w
}

func (w *world) path(product string) string { return "/v1/catalog/products/" + w.own + product }

// put sends a product whose codes are written without what they begin with, as $name.
func (w *world) put(status int, code, product, body string, headers ...string) apitest.Answer {
	w.T.Helper()
	return w.Want(status, code, w.operator, "PUT", w.path(product), strings.ReplaceAll(body, "$", w.own), headers...)
}

const plain = `{"name":{"en":"Plain","fr":"Simple"}}`

func (w *world) product(name string) catalog.Product {
	return catalog.Product{ID: w.own + name, Name: catalog.Name{English: name, French: name}}
}

func anything(catalog.Product) error { return nil }

func TestAProductIsAddedAndChangedAsItWasSeen(t *testing.T) {
	w := newWorld(t)
	w.put(http.StatusOK, "", "base", plain)
	w.put(http.StatusPreconditionFailed, "stale", "ext", plain, "if-match", `"1"`)
	w.put(http.StatusPreconditionFailed, "stale", "ext", plain, "if-match", `*`)
	made := w.put(http.StatusOK, "", "ext", `{"name":{"en":" Extension ","fr":"Poste"},"features":[{"id":"fax","name":{"en":"Fax","fr":"Télécopie"}}],
		"dependsOn":["$base","$base"],"derived":true}`)
	want := fmt.Sprintf(`{"id":"%[1]sext","name":{"en":"Extension","fr":"Poste"},"features":[{"id":"fax","name":{"en":"Fax","fr":"Télécopie"}}],"dependsOn":["%[1]sbase"],"excludes":[],"derived":true,"editions":[],"prices":[],"version":0}`, w.own)
	if diff := cmp.Diff(want, made.Body); diff != "" || made.Headers["Etag"] != `"1"` {
		t.Errorf("made with the ETag %s (-want +got):\n%s", made.Headers["Etag"], diff)
	}
	if got := w.Want(http.StatusOK, "", w.operator, "GET", w.path("ext"), ""); got.Body != made.Body || got.Headers["Etag"] != `"1"` {
		t.Errorf("read back it is %s", got.Body)
	}
	w.put(http.StatusPreconditionRequired, "if_match_required", "ext", plain)
	w.put(http.StatusPreconditionFailed, "stale", "ext", plain, "if-match", `"2"`)
	changed := w.put(http.StatusOK, "", "ext", plain, "if-match", `"1"`)
	if changed.Headers["Etag"] != `"2"` || !strings.Contains(changed.Body, `"features":[],"dependsOn":[]`) {
		t.Errorf("changed it is %s with the ETag %s", changed.Body, changed.Headers["Etag"])
	}
	if same := w.put(http.StatusOK, "", "ext", plain, "if-match", `"2"`); same.Headers["Etag"] != `"2"` {
		t.Errorf("a change that changes nothing has the ETag %s", same.Headers["Etag"])
	}
	w.Want(http.StatusNotFound, "not_found", w.operator, "GET", w.path("nothing"), "")
	w.records("ext", activity.ProductChanged, activity.ProductAdded)
}

// records holds what the vendor's record says about a product to these actions, newest first.
func (w *world) records(product string, want ...activity.Action) {
	w.T.Helper()
	found, _, err := activity.NewStore(w.Table).Within(w.T.Context(), "", w.Now, w.own+product, "product", nil, 50)
	if err != nil {
		w.T.Fatal(err)
	}
	var got []activity.Action
	for _, r := range found {
		got = append(got, r.Action)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.T.Fatalf("recorded (-want +got):\n%s", diff)
	}
	if got := found[0].Before["features"]; got != "fax (Fax / Télécopie)" || found[0].After["features"] != "" {
		w.T.Errorf("the change says %v, then %v", found[0].Before, found[0].After)
	}
}

func TestWhatIsNoProductIsRefusedWhereItIsWrong(t *testing.T) {
	w := newWorld(t)
	w.put(http.StatusOK, "", "base", plain)
	feature := `{"id":"fax","name":{"en":"Fax","fr":"Fax"}}`
	for body, want := range map[string]string{
		`{}`:                                 "body.name required",
		`{"name":{"en":"x"}}`:                "body.name.fr required",
		`{"name":{"en":"\u200b","fr":"x"}}`:  "body.name.en required",
		`{"name":{"en":"x","fr":"x"},"n":1}`: "body.n unknown_field",
		`{"name":{"en":"x","fr":"x"},"features":[` + feature + `,` + feature + `]}`:                   "body.features[1].id repeated",
		`{"name":{"en":"x","fr":"x"},"features":[{"id":"a b","name":{"en":"x","fr":"x"}}]}`:           "body.features[0].id wrong_form",
		`{"name":{"en":"x","fr":"x"},"features":[{"id":"a","name":{"en":"x","fr":" "}}]}`:             "body.features[0].name.fr required",
		`{"name":{"en":"x","fr":"x"},"features":[` + strings.Repeat(feature+",", 20) + feature + `]}`: "body.features too_many",
		`{"name":{"en":"x","fr":"x"},"excludes":[` + strings.Repeat(`"$base",`, 40) + `"$base"]}`:     "body.excludes too_many",
		`{"name":{"en":"x","fr":"` + strings.Repeat("x", 101) + `"}}`:                                 "body.name.fr too_long",
	} {
		got := w.put(http.StatusUnprocessableEntity, "invalid_request", "new", body)
		if first := wrong(got); first != want {
			t.Errorf("%s: %s, want %s", body, first, want)
		}
	}
	for _, code := range []string{"a%20b", "-a", strings.Repeat("x", 61), "a%23b"} {
		got := w.Want(http.StatusUnprocessableEntity, "invalid_request", w.operator, "PUT", "/v1/catalog/products/"+code, plain)
		if first := wrong(got); first != "path.productId not_a_product_code" {
			t.Errorf("the code %s: %s", code, first)
		}
	}
	w.put(http.StatusUnprocessableEntity, "product_unknown", "new", `{"name":{"en":"x","fr":"x"},"dependsOn":["$base","$none"]}`)
	w.put(http.StatusUnprocessableEntity, "product_unknown", "new", `{"name":{"en":"x","fr":"x"},"excludes":["REV"]}`)
	w.put(http.StatusUnprocessableEntity, "product_excludes_itself", "new", `{"name":{"en":"x","fr":"x"},"excludes":["$new"]}`)
	w.put(http.StatusUnprocessableEntity, "product_excludes_needed", "new", `{"name":{"en":"x","fr":"x"},"dependsOn":["$base"],"excludes":["$base"]}`)
	w.put(http.StatusOK, "", "new", `{"name":{"en":"x","fr":"x"},"dependsOn":["$base"]}`)
	w.put(http.StatusUnprocessableEntity, "products_depend_in_circle", "base", `{"name":{"en":"x","fr":"x"},"dependsOn":["$new"]}`, "if-match", "*")
}

// wrong is the first value that a refusal names.
func wrong(a apitest.Answer) string {
	list, _ := a.Document["errors"].([]any)
	if len(list) == 0 {
		return ""
	}
	first, _ := list[0].(map[string]any)
	return fmt.Sprint(first["location"], " ", first["code"])
}

// Two changes that are each in order do not make a circle together.
func TestTwoChangesAtOnceDoNotMakeACircle(t *testing.T) {
	w := newWorld(t)
	for round := range 10 {
		one, other := w.product(fmt.Sprint("one", round)), w.product(fmt.Sprint("other", round))
		for _, p := range []catalog.Product{one, other} {
			if _, err := w.store.Put(t.Context(), w.Now, activity.Author{}, p, anything); err != nil {
				t.Fatal(err)
			}
		}
		one.DependsOn, other.DependsOn = []string{other.ID}, []string{one.ID}
		errs := make([]error, 2)
		var both sync.WaitGroup
		for i, p := range []catalog.Product{one, other} {
			both.Go(func() { _, errs[i] = w.store.Put(t.Context(), w.Now, activity.Author{}, p, anything) })
		}
		both.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || !fault.Is(errs[0], "products_depend_in_circle") && !fault.Is(errs[1], "products_depend_in_circle") {
			t.Fatalf("one: %v, the other: %v", errs[0], errs[1])
		}
	}
}

func TestTheCatalogIsListedByCodeAndGivenAsCSV(t *testing.T) {
	w := newWorld(t)
	for _, product := range []string{"c", "a", "b"} {
		w.put(http.StatusOK, "", product, plain)
	}
	w.put(http.StatusOK, "", "d", `{"name":{"en":"=Plain","fr":"Simple"},"dependsOn":["$a","$b"]}`)
	var got []string
	query := "?pageSize=2"
	for {
		page := w.Want(http.StatusOK, "", w.operator, "GET", "/v1/catalog/products"+query, "")
		for _, code := range page.Column("id") {
			if own, found := strings.CutPrefix(code, w.own); found {
				got = append(got, own)
			}
		}
		if page.Word("nextPageToken") == "" {
			break
		}
		query = "?pageSize=2&pageToken=" + url.QueryEscape(page.Word("nextPageToken"))
	}
	if !slices.Equal(got, []string{"a", "b", "c", "d"}) {
		t.Errorf("listed %q", got)
	}
	sheet := w.Want(http.StatusOK, "", w.operator, "GET", "/v1/catalog/products", "", "accept", "text/csv")
	if !strings.HasPrefix(sheet.Body, "\ufeffid,name.en,name.fr,features.id,features.name.en,features.name.fr,dependsOn,excludes,derived,kind,editions,taxCategory,prices.currency,prices.period,prices.tiers.from,prices.tiers.amount,version") ||
		!strings.Contains(sheet.Body, fmt.Sprintf("%[1]sd,'=Plain,Simple,,,,%[1]sa|%[1]sb,,false,,,,,,,,0", w.own)) {
		t.Errorf("as CSV it is %q", sheet.Body)
	}
}

// What was read is good for a minute, and a change that this process made counts at once.
func TestTheProductsAreReadOnceAMinute(t *testing.T) {
	w := newWorld(t)
	elsewhere := catalog.NewStore(w.Table, w.IDs)
	called := func(at time.Time) string {
		t.Helper()
		ps, err := w.store.All(t.Context(), at)
		if err != nil {
			t.Fatal(err)
		}
		return ps.Name(w.own+"p", text.English)
	}
	name := func(s *catalog.Store, name string) {
		t.Helper()
		p := w.product("p")
		p.Name.English = name
		if _, err := s.Put(t.Context(), w.Now, activity.Author{}, p, anything); err != nil {
			t.Fatal(err)
		}
	}
	if got := called(w.Now); got != "" {
		t.Errorf("at first it is called %q", got)
	}
	name(elsewhere, "First")
	for _, step := range []struct {
		after time.Duration
		want  string
	}{{59 * time.Second, ""}, {time.Minute, "First"}} {
		if got := called(w.Now.Add(step.after)); got != step.want {
			t.Errorf("after %s it is called %q, want %q", step.after, got, step.want)
		}
	}
	name(elsewhere, "Second")
	if got := called(w.Now.Add(-time.Hour)); got != "Second" {
		t.Errorf("by a clock that was turned back it is called %q", got)
	}
	name(w.store, "Third")
	if got := called(w.Now.Add(-time.Hour)); got != "Third" {
		t.Errorf("after a change here it is called %q", got)
	}
}

// The catalog is the vendor's own.
func TestOnlyOperatorsSeeAndKeepTheCatalog(t *testing.T) {
	w := newWorld(t)
	w.put(http.StatusOK, "", "base", plain)
	admin := w.Member(w.Account, access.SuperAdministrator)
	w.Want(http.StatusForbidden, "vendor_only", admin, "GET", "/v1/catalog/products", "")
	w.Want(http.StatusForbidden, "vendor_only", admin, "GET", w.path("base"), "")
	w.Want(http.StatusForbidden, "vendor_only", admin, "PUT", w.path("base"), plain, "if-match", "*")
}
