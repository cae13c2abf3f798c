package catalog_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

func priced(currencies ...string) catalog.Offer {
	o := catalog.Offer{Kind: catalog.Main}
	for _, c := range currencies {
		o.Prices = append(o.Prices, catalog.Price{Currency: c, Period: catalog.Monthly, Tiers: []catalog.Tier{{From: 1, Amount: 1000}}})
	}
	return o
}

// An account buys what is priced in its currency, what its edition may buy, where no partner manages it, and what it has
// the dependencies of; of several reasons the one that it can do least about is given.
func TestWhatAnAccountMayNotBuyHasItsReason(t *testing.T) {
	restricted := priced("EUR")
	restricted.Editions = []string{"standard"}
	ps := catalog.NewProducts(
		catalog.Product{ID: "base", Offer: priced("EUR", "GBP")}, catalog.Product{ID: "unsold"},
		catalog.Product{ID: "big", Offer: restricted, DependsOn: []string{"base"}}, catalog.Product{ID: "addon", Offer: priced("EUR"), DependsOn: []string{"base"}},
	)
	of := func(currency, edition string, partner id.Partner) account.Account {
		return account.Account{Terms: account.Terms{Currency: currency, Edition: edition}, Partner: partner}
	}
	for _, row := range []struct {
		product string
		account account.Account
		lacking []string
		want    catalog.Obstacle
	}{
		{"base", of("EUR", "entry", ""), nil, ""},
		{"base", of("GBP", "entry", ""), []string{"base"}, ""},
		{"base", of("USD", "entry", ""), nil, catalog.NoPrice},
		{"base", of("EUR", "entry", "par"), nil, catalog.PartnerManaged},
		{"unsold", of("EUR", "entry", "par"), nil, catalog.NoPrice},
		{"unknown", of("EUR", "entry", ""), nil, catalog.NoPrice},
		{"big", of("EUR", "standard", ""), nil, ""},
		{"big", of("EUR", "entry", ""), nil, catalog.EditionExcludes},
		{"big", of("EUR", "entry", "par"), []string{"base"}, catalog.EditionExcludes},
		{"big", of("GBP", "entry", ""), nil, catalog.NoPrice},
		{"addon", of("EUR", "entry", ""), nil, ""},
		{"addon", of("EUR", "entry", ""), []string{"base"}, catalog.DependencyMissing},
		{"addon", of("EUR", "entry", "par"), []string{"base"}, catalog.PartnerManaged},
	} {
		if got := ps.Obstacle(row.product, row.account, row.lacking); got != row.want {
			t.Errorf("%s for %+v without %q: %q, want %q", row.product, row.account.Terms, row.lacking, got, row.want)
		}
	}
}

// Whoever changes a product goes on with the same seller.
func TestAChangeOfAProductKeepsTheSeller(t *testing.T) {
	seller := catalog.Seller{Billing: account.Billing{LegalName: "Seller", Country: "FR"}}
	after, _, err := catalog.NewProducts().SoldBy(seller).With(catalog.Product{ID: "p"})
	if err != nil || after.Seller() != seller || !after.Has("p") {
		t.Errorf("the seller is %+v (%v)", after.Seller(), err)
	}
}

// shop is a world whose account sees the catalog; it has what is in has.
func shop(t *testing.T) (w *world, has *[]string, asked *int) {
	w, has, asked = newWorld(t), &[]string{}, new(int)
	catalog.RegisterShop(w.API, w.store, w.Accounts, func(_ context.Context, a id.Account, today date.Date, products []string) ([]string, error) {
		*asked++
		if a != w.Account || today != "2026-11-21" || !slices.IsSorted(products) {
			t.Errorf("asked of %s on %s for %q", a, today, products)
		}
		return slices.DeleteFunc(slices.Clone(products), func(p string) bool { return slices.Contains(*has, p) }), nil
	})
	return w, has, asked
}

// offers is the catalog as somebody of the account sees it, by the codes that are this test's own.
func (w *world) offers(query string, headers ...string) map[string]map[string]any {
	w.T.Helper()
	got := w.Want(http.StatusOK, "", w.viewer(), "GET", "/v1/accounts/"+string(w.Account)+"/catalog?q="+w.own+query, "", headers...)
	all := map[string]map[string]any{}
	for _, v := range got.Document["items"].([]any) {
		item := v.(map[string]any)
		all[strings.TrimPrefix(item["productId"].(string), w.own)] = item
	}
	return all
}

func (w *world) viewer() access.Subject { return w.Member(w.Account, access.Viewer) }

func (w *world) sell(name string, change func(*catalog.Product)) {
	w.T.Helper()
	p := w.product(name)
	p.Name = catalog.Name{English: "English " + name, French: "Français " + name}
	p.Offer = priced("EUR")
	if change != nil {
		change(&p)
	}
	if _, err := w.store.Put(w.T.Context(), w.Now, activity.Author{}, p, anything); err != nil {
		w.T.Fatal(err)
	}
}

// The catalog shows what this account may buy and at what price, and why not where it may not.
func TestTheCatalogShowsWhatAnAccountMayBuyAndWhyNot(t *testing.T) {
	w, has, asked := shop(t)
	w.sell("base", func(p *catalog.Product) {
		p.Features = []catalog.Feature{{ID: "video", Name: catalog.Name{English: "Video", French: "Vidéo"}}}
		p.Prices = append(priced("GBP").Prices, catalog.Price{Currency: "EUR", Period: catalog.Monthly, Tiers: []catalog.Tier{{From: 1, Amount: 1000}, {From: 10, Amount: 900}}})
	})
	w.sell("other", func(p *catalog.Product) { p.Kind, p.Editions = catalog.Upgrade, []string{"entry"} })
	w.sell("pounds", func(p *catalog.Product) { p.Offer = priced("GBP") })
	if w.offers(""); *asked != 0 {
		t.Errorf("nothing depends on another, and it was asked %d times what the account has", *asked)
	}
	w.sell("addon", func(p *catalog.Product) { p.Kind, p.DependsOn = catalog.AddOn, []string{w.own + "base"} })
	all := w.offers("")
	if *asked != 1 || len(all) != 4 {
		t.Fatalf("%d products after %d Queries", len(all), *asked)
	}
	if got := fmt.Sprint(all["base"]["buyable"], " ", all["base"]["prices"], " ", all["base"]["currency"], " ", all["base"]["name"], " ", all["base"]["version"]); got != "true [map[period:monthly tiers:[map[amount:1000 from:1] map[amount:900 from:10]]]] EUR English base 1" {
		t.Errorf("the base is %s", got)
	}
	if got := fmt.Sprint(all["base"]["features"], " ", all["other"]["features"], " ", w.offers("", "accept-language", "fr")["base"]["features"]); got != "[map[id:video name:Video]] [] [map[id:video name:Vidéo]]" {
		t.Errorf("the features are %s", got)
	}
	for product, want := range map[string]string{
		"addon":  "false dependency_missing “English addon” needs “English base”",
		"other":  "false edition_excludes “English other”",
		"pounds": "false no_price “English pounds” has no price in EUR",
	} {
		if got := fmt.Sprint(all[product]["buyable"], " ", all[product]["reason"], " ", all[product]["detail"]); !strings.HasPrefix(got, want) {
			t.Errorf("%s is %s, want %s", product, got, want)
		}
	}
	if got := w.offers("", "accept-language", "fr")["addon"]; got["name"] != "Français addon" || !strings.Contains(fmt.Sprint(got["detail"]), "« Français base »") {
		t.Errorf("in French the add-on is %v", got)
	}
	*has = []string{w.own + "base"}
	if got := w.offers("&kind=add_on"); len(got) != 1 || got["addon"]["buyable"] != true || got["addon"]["reason"] != nil {
		t.Errorf("with the base, add-ons are %v", got)
	}
	for query, want := range map[string]int{"%20angl": 0, "%20engl": 4, "%20fran%C3%A7": 4, "%20engl%20othe": 1, "&kind=optional": 0, "&kind=upgrade": 1} {
		if got := w.offers(query); len(got) != want {
			t.Errorf("%s finds %d, want %d", query, len(got), want)
		}
	}
	w.Want(http.StatusForbidden, "permission_missing", w.Member(w.Account, access.BillingManager), "GET", "/v1/accounts/"+string(w.Account)+"/catalog", "")
}

// An account with a partner buys nothing by itself, and is told whom to ask.
func TestAnAccountWithAPartnerIsToldWhomToAsk(t *testing.T) {
	w, _, asked := shop(t)
	w.sell("base", nil)
	w.sell("addon", func(p *catalog.Product) { p.DependsOn = []string{w.own + "base"} })
	p, ops, err := w.Accounts.NewPartner("Partner Ltd", account.Contact{Name: "Paula Partner", Email: "paula@partner.example"}, w.Now, activity.Author{})
	if err == nil {
		err = w.Table.Write(t.Context(), ops...)
	}
	if err == nil {
		_, err = w.Accounts.Link(t.Context(), w.Account, p.ID, w.Now, activity.Author{})
	}
	if err != nil {
		t.Fatal(err)
	}
	got := w.Want(http.StatusOK, "", w.viewer(), "GET", "/v1/accounts/"+string(w.Account)+"/catalog?q="+w.own, "")
	if strings.Count(got.Body, `"buyable":false,"reason":"partner_managed"`) != 2 || strings.Count(got.Body, "Contact Paula Partner") != 2 || !strings.Contains(got.Body, `"amount":1000`) ||
		!strings.Contains(got.Body, `"contact":{"name":"Paula Partner","email":"paula@partner.example"}`) || *asked != 0 {
		t.Errorf("asked %d times, answered %s", *asked, got.Body)
	}
}

// 0 calls beside the cached catalog, also for the pages behind the first; each product stands on one of them.
func TestTheCatalogOfAnAccountIsPagedByNameWithoutReading(t *testing.T) {
	w, _, _ := shop(t)
	for _, name := range []string{"d", "b", "e", "a", "c"} {
		w.sell(name, nil)
	}
	ps, err := w.store.All(t.Context(), w.Now)
	if err != nil {
		t.Fatal(err)
	}
	first := ps.Asked("", w.own, text.English, nil)
	if len(first) != 5 {
		t.Fatalf("%d found", len(first))
	}
	ctx, meter := table.WithMeter(t.Context())
	if _, err := w.store.All(ctx, w.Now); err != nil || meter.Calls() != 0 {
		t.Errorf("%d calls (%v)", meter.Calls(), err)
	}
	var got []string
	path, token := "/v1/accounts/"+string(w.Account)+"/catalog?pageSize=2&q="+w.own, ""
	who := w.viewer()
	for {
		page := w.Want(http.StatusOK, "", who, "GET", path+token, "")
		got = append(got, page.Column("name")...)
		if page.Word("nextPageToken") == "" {
			break
		}
		token = "&pageToken=" + page.Word("nextPageToken")
	}
	if diff := cmp.Diff([]string{"English a", "English b", "English c", "English d", "English e"}, got); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
	sheet := w.Want(http.StatusOK, "", who, "GET", path, "", "accept", "text/csv")
	if !strings.HasPrefix(sheet.Body, "\ufeffproductId,name,kind,version,features.id,features.name,dependsOn,excludes,taxCategory,currency,prices.period,prices.tiers.from,prices.tiers.amount,buyable,reason,detail") ||
		!strings.Contains(sheet.Body, w.own+"a,English a,product,1,,,,,standard,EUR,monthly,1,1000,true,,") {
		t.Errorf("as CSV it is %q", sheet.Body)
	}
}
