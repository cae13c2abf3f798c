package catalog_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
)

const sold = `{"name":{"en":"Plain","fr":"Simple"},"kind":"product","editions":["standard","entry"],"prices":[
	{"currency":"EUR","period":"yearly","tiers":[{"from":1,"amount":10000}]},
	{"currency":"EUR","period":"monthly","tiers":[{"from":1,"amount":1000},{"from":10,"amount":900}]}]}`

// A price change makes a new version; the old one is kept.
func TestAChangeOfAnOfferMakesAVersionAndKeepsTheOld(t *testing.T) {
	w := newWorld(t)
	made := w.put(http.StatusOK, "", "p", sold)
	for _, want := range []string{`"kind":"product"`, `"editions":["entry","standard"]`, `"taxCategory":"standard"`, `"prices":[{"currency":"EUR","period":"monthly"`, `"version":1`} {
		if !strings.Contains(made.Body, want) {
			t.Errorf("no %s in %s", want, made.Body)
		}
	}
	w.Now = w.Now.Add(time.Hour)
	reordered := strings.Replace(sold, `["standard","entry"]`, `["entry","standard","entry"]`, 1)
	if same := w.put(http.StatusOK, "", "p", reordered, "if-match", "*"); same.Headers["Etag"] != `"1"` {
		t.Errorf("the same offer in another order has the ETag %s", same.Headers["Etag"])
	}
	renamed := w.put(http.StatusOK, "", "p", strings.Replace(sold, "Plain", "Plainer", 1), "if-match", "*")
	if renamed.Headers["Etag"] != `"2"` || !strings.Contains(renamed.Body, `"version":1`) {
		t.Errorf("with another name it is %s, want the version that it was", renamed.Body)
	}
	for i, change := range [][2]string{{`"amount":900`, `"amount":850`}, {`"kind":"product"`, `"kind":"add_on"`}, {`"editions":["standard","entry"],`, ``}, {`"kind":"product"`, `"kind":"product","taxCategory":"reduced"`}} {
		got := w.put(http.StatusOK, "", "p", strings.Replace(sold, change[0], change[1], 1), "if-match", "*")
		if want := fmt.Sprintf(`"version":%d`, i+2); !strings.Contains(got.Body, want) {
			t.Errorf("with %s it is %s, want %s", change[1], got.Body, want)
		}
	}
	all := w.Want(http.StatusOK, "", w.operator, "GET", w.path("p")+"/versions", "")
	items := all.Document["items"].([]any)
	var numbers []any
	for _, v := range items {
		numbers = append(numbers, v.(map[string]any)["version"])
	}
	if diff := cmp.Diff([]any{5.0, 4.0, 3.0, 2.0, 1.0}, numbers); diff != "" {
		t.Fatalf("versions (-want +got):\n%s", diff)
	}
	first := fmt.Sprint(items[4])
	if !strings.Contains(first, "amount:900") || !strings.Contains(first, "at:2026-11-21T03:00:00Z") || strings.Contains(fmt.Sprint(items[3]), "amount:900 ") {
		t.Errorf("the first version is %s, the second %v", first, items[3])
	}
	page := w.Want(http.StatusOK, "", w.operator, "GET", w.path("p")+"/versions?pageSize=2", "")
	if page.Word("nextPageToken") == "" || len(page.Column("kind")) != 2 {
		t.Errorf("a page of 2 is %s", page.Body)
	}
	w.put(http.StatusOK, "", "unsold", plain)
	if none := w.Want(http.StatusOK, "", w.operator, "GET", w.path("unsold")+"/versions", ""); len(none.Column("kind")) != 0 {
		t.Errorf("what is not sold has versions: %s", none.Body)
	}
	for _, code := range []string{"nothing", "p%23"} {
		w.Want(http.StatusNotFound, "not_found", w.operator, "GET", w.path(code)+"/versions", "")
	}
	found, _, err := activity.NewStore(w.Table).Within(t.Context(), "", w.Now, w.own+"p", "product", nil, 50)
	if err != nil || len(found) != 6 || found[4].After["version"] != nil || fmt.Sprint(found[3].Before["prices"]) != "EUR monthly (1: 1000, 10: 900); EUR yearly (1: 10000)" || fmt.Sprint(found[3].After["version"]) != "2" {
		t.Errorf("%d records (%v): %+v", len(found), err, found)
	}
}

// A version is written in the transaction that changes the product: whoever loses leaves none.
func TestTwoChangesOfAnOfferAtOnceMakeTwoVersions(t *testing.T) {
	w := newWorld(t)
	w.put(http.StatusOK, "", "p", sold)
	done := make(chan error)
	for i := range 8 {
		go func() {
			p := w.product("p")
			p.Offer = catalog.Offer{Kind: catalog.Main, Prices: []catalog.Price{{Currency: "EUR", Period: catalog.Monthly, Tiers: []catalog.Tier{{From: 1, Amount: int64(i)}}}}}
			_, err := w.store.Put(t.Context(), w.Now, activity.Author{}, p, anything)
			done <- err
		}()
	}
	written := 1
	for range 8 {
		if err := <-done; err == nil {
			written++
		}
	}
	all, next, err := w.store.Versions(t.Context(), w.own+"p", nil, 50)
	if err != nil || next != nil || len(all) != written || written < 2 {
		t.Fatalf("%d versions, %v, %v, want %d", len(all), next, err, written)
	}
	for i, v := range all {
		if v.Version != written-i {
			t.Errorf("version %d stands at %d", v.Version, i)
		}
	}
	if p, err := w.store.Get(t.Context(), w.own+"p"); err != nil || p.Version != written || p.Prices[0].Tiers[0] != all[0].Prices[0].Tiers[0] {
		t.Errorf("it is %+v (%v), want the last version", p, err)
	}
}

func TestWhatIsNoOfferIsRefusedWhereItIsWrong(t *testing.T) {
	w := newWorld(t)
	price := func(s string) string {
		return `{"name":{"en":"x","fr":"x"},"kind":"product","prices":[` + s + `]}`
	}
	tiers := func(s string) string { return price(`{"currency":"EUR","period":"monthly","tiers":[` + s + `]}`) }
	one := `{"currency":"EUR","period":"monthly","tiers":[{"from":1,"amount":1}]}`
	for body, want := range map[string]string{
		strings.Replace(price(one), `"kind":"product",`, "", 1):                        "body.kind required",
		strings.Replace(price(one), "EUR", "EUX", 1):                                   "body.prices[0].currency currency_unknown",
		strings.Replace(price(one), "EUR", "eur", 1):                                   "body.prices[0].currency wrong_form",
		strings.Replace(price(one), "monthly", "weekly", 1):                            "body.prices[0].period not_one_of",
		price(one + "," + one):                                                         "body.prices[1] repeated",
		tiers(``):                                                                      "body.prices[0].tiers too_few",
		tiers(`{"from":2,"amount":1}`):                                                 "body.prices[0].tiers[0].from tiers_not_from_one",
		tiers(`{"from":0,"amount":1}`):                                                 "body.prices[0].tiers[0].from too_small",
		tiers(`{"from":1,"amount":-1}`):                                                "body.prices[0].tiers[0].amount too_small",
		tiers(`{"from":1,"amount":1.5}`):                                               "body.prices[0].tiers[0].amount not_an_integer",
		tiers(`{"from":1,"amount":100000000001}`):                                      "body.prices[0].tiers[0].amount too_large",
		tiers(`{"from":1,"amount":1},{"from":5,"amount":1},{"from":5,"amount":1}`):     "body.prices[0].tiers[2].from tiers_not_rising",
		`{"name":{"en":"x","fr":"x"},"kind":"thing"}`:                                  "body.kind not_one_of",
		`{"name":{"en":"x","fr":"x"},"kind":"product","taxCategory":"zero"}`:           "body.taxCategory not_one_of",
		`{"name":{"en":"x","fr":"x"},"kind":"product","editions":["entry","Not One"]}`: "body.editions[1] wrong_form",
		`{"name":{"en":"x","fr":"x"},"kind":"product","editions":["` + strings.Repeat(`a","`, 20) + `a"]}`: "body.editions too_many",
	} {
		got := w.put(http.StatusUnprocessableEntity, "invalid_request", "new", body)
		if first := wrong(got); first != want {
			t.Errorf("%s: %s, want %s", body, first, want)
		}
	}
}

const vendor = `{"legalName":"Vendeur SAS","street":"1 rue de l’Exemple","postalCode":"44000","city":"Nantes","country":"FR","taxNumber":"FR 40 303 265 045","registration":"SAS, RCS Nantes 303 265 045"}`

// There is one seller for all tests, so this is one story.
func TestTheSellerIsKeptByOperatorsAndCachedWithTheProducts(t *testing.T) {
	w := newWorld(t)
	w.Want(http.StatusNotFound, "not_found", w.operator, "GET", "/v1/catalog/seller", "")
	w.Want(http.StatusPreconditionFailed, "stale", w.operator, "PUT", "/v1/catalog/seller", vendor, "if-match", "*")
	for body, want := range map[string]string{
		strings.Replace(vendor, "FR 40", "FR 41", 1):                                           "body.taxNumber tax_number_malformed",
		strings.Replace(vendor, `"country":"FR"`, `"country":"EL"`, 1):                         "body.country country_unknown",
		strings.Replace(vendor, `"Nantes","country"`, `" ","country"`, 1):                      "body.city required",
		`{"legalName":"Seller Ltd","street":"1 Example Street","city":"Leeds","country":"GB"}`: "body.country seller_country_not_offered",
	} {
		if got := wrong(w.Want(http.StatusUnprocessableEntity, "invalid_request", w.operator, "PUT", "/v1/catalog/seller", body)); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
	if before, err := w.store.All(t.Context(), w.Now); err != nil || before.Seller().Given() {
		t.Fatalf("before, the seller is %+v (%v)", before.Seller(), err)
	}
	made := w.Want(http.StatusOK, "", w.operator, "PUT", "/v1/catalog/seller", vendor)
	if made.Headers["Etag"] != `"1"` || made.Word("taxNumber") != "FR40303265045" {
		t.Errorf("made it is %s with the ETag %s", made.Body, made.Headers["Etag"])
	}
	if got := w.Want(http.StatusOK, "", w.operator, "GET", "/v1/catalog/seller", ""); got.Body != made.Body {
		t.Errorf("read back it is %s", got.Body)
	}
	after, err := w.store.All(t.Context(), w.Now)
	if err != nil || after.Seller().LegalName != "Vendeur SAS" || after.Seller().Registration != "SAS, RCS Nantes 303 265 045" {
		t.Errorf("after, the seller is %+v (%v)", after.Seller(), err)
	}
	w.put(http.StatusOK, "", "p", plain) // a product that changes does not take the seller away
	if after, err = w.store.All(t.Context(), w.Now); err != nil || !after.Seller().Given() || !after.Has(w.own+"p") {
		t.Errorf("after a change of a product the seller is %+v (%v)", after.Seller(), err)
	}
	w.Want(http.StatusPreconditionRequired, "if_match_required", w.operator, "PUT", "/v1/catalog/seller", vendor)
	w.Want(http.StatusPreconditionFailed, "stale", w.operator, "PUT", "/v1/catalog/seller", vendor, "if-match", `"7"`)
	if same := w.Want(http.StatusOK, "", w.operator, "PUT", "/v1/catalog/seller", vendor, "if-match", `"1"`); same.Headers["Etag"] != `"1"` {
		t.Errorf("the same again has the ETag %s", same.Headers["Etag"])
	}
	moved := w.Want(http.StatusOK, "", w.operator, "PUT", "/v1/catalog/seller", strings.Replace(vendor, "44000", "44100", 1), "if-match", `"1"`)
	if moved.Headers["Etag"] != `"2"` {
		t.Errorf("moved it has the ETag %s", moved.Headers["Etag"])
	}
	found, _, err := activity.NewStore(w.Table).Within(t.Context(), "", w.Now, "seller", "seller", nil, 50)
	if err != nil || len(found) != 2 || found[0].Before["postalCode"] != "44000" || found[0].After["postalCode"] != "44100" || found[0].After["city"] != nil {
		t.Errorf("recorded %+v (%v)", found, err)
	}
	w.Want(http.StatusForbidden, "vendor_only", w.Member(w.Account, "super_administrator"), "GET", "/v1/catalog/seller", "")
	w.Want(http.StatusForbidden, "vendor_only", w.Member(w.Account, "super_administrator"), "PUT", "/v1/catalog/seller", vendor, "if-match", "*")
}
