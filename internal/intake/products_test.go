package intake_test

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/intake"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

const productTitles = "Code produit;Nom (anglais);Nom (français);Nature;Éditions;Catégorie de taxe;Devise;Période;À partir de;Prix unitaire;Dépend de\n"

// vendor imports products under codes of its own, written as $name: all tests share one catalog.
type vendor struct {
	*world
	own     string
	catalog *catalog.Store
}

func newVendor(t *testing.T) *vendor {
	w := nameless(t)
	return &vendor{w, "t" + rand.Text() + "-", catalog.NewStore(w.table, id.NewMaker(rand.Reader))}
}

func (v *vendor) say(in intake.Terms, rows string) (intake.Report, *table.Meter) {
	v.t.Helper()
	report, meter := v.file(in, intake.Products, []byte(strings.ReplaceAll(productTitles+rows, "$", v.own)))
	v.noticesAreWorded(report)
	return report, meter
}

func (v *vendor) product(name string) catalog.Product {
	v.t.Helper()
	p, err := v.catalog.Get(v.t.Context(), v.own+name)
	if err != nil {
		v.t.Fatalf("%s: %v", name, err)
	}
	return p
}

func (v *vendor) counts(r intake.Report, want map[intake.Result]int) {
	v.t.Helper()
	if diff := cmp.Diff(want, r.Counts); diff != "" {
		v.t.Fatalf("counts (-want +got):\n%s\n%v", diff, r.Rejections)
	}
}

const goods = `$recording;Call recording;Enregistrement des appels;complément;entry|standard;normal;EUR;mensuel;1;4,50;$phone
$phone;Telephony;Téléphonie;produit;;normal;EUR;mensuel;1;12,00;
$phone;;;;;;EUR;mensuel;200;9,50;
$phone;;;;;;EUR;mensuel;50;11;
$phone;;;;;;EUR;annuel;1;"1 234,50";
$phone;;;;;;GBP;annuel;;1.034,50;
$meetings;Meetings Pro;Visioconférence évoluée;licence optionnelle;standard;réduit;EUR;annuel;1;99,9;
$yen;Meetings Japan;Réunions Japon;produit;;exonéré;JPY;mensuel;1;1500;
$unsold;Fax;Télécopie;;;;;;;;
`

// CSV import with decimal commas, as a spreadsheet in France writes it: Windows-1252 and semicolons. The second import
// changes nothing and writes nothing.
func TestProductsAreImportedWithDecimalCommasAndAgainWithoutAChange(t *testing.T) {
	v := newVendor(t)
	body, err := charmap.Windows1252.NewEncoder().String(strings.ReplaceAll(productTitles+goods, "$", v.own))
	if err != nil {
		t.Fatal(err)
	}
	dry := v.terms()
	dry.DryRun = true
	report, meter := v.file(dry, intake.Products, []byte(body))
	v.counts(report, map[intake.Result]int{intake.Created: 9})
	if _, err := v.catalog.Get(t.Context(), v.own+"phone"); err == nil || meter.WriteUnits() > 0 {
		t.Errorf("a dry run wrote %v units", meter.WriteUnits())
	}
	report, _ = v.file(v.terms(), intake.Products, []byte(body))
	v.counts(report, map[intake.Result]int{intake.Created: 9})
	phone := v.product("phone")
	want := catalog.Offer{Kind: catalog.Main, TaxCategory: "standard", Version: 1, Prices: []catalog.Price{
		{Currency: "EUR", Period: catalog.Monthly, Tiers: []catalog.Tier{{From: 1, Amount: 1200}, {From: 50, Amount: 1100}, {From: 200, Amount: 950}}},
		{Currency: "EUR", Period: catalog.Yearly, Tiers: []catalog.Tier{{From: 1, Amount: 123450}}},
		{Currency: "GBP", Period: catalog.Yearly, Tiers: []catalog.Tier{{From: 1, Amount: 103450}}},
	}}
	if diff := cmp.Diff(want, phone.Offer); diff != "" || phone.Name != (catalog.Name{English: "Telephony", French: "Téléphonie"}) {
		t.Errorf("%+v (-want +got):\n%s", phone.Name, diff)
	}
	recording, meetings, yen := v.product("recording"), v.product("meetings"), v.product("yen")
	if got := fmt.Sprint(recording.Kind, recording.Editions, recording.Prices[0].Tiers, recording.DependsOn); got != "add_on[entry standard] [{1 450}] ["+v.own+"phone]" {
		t.Errorf("recording is %s", got)
	}
	if got := fmt.Sprint(meetings.Kind, " ", meetings.TaxCategory, meetings.Prices[0].Tiers, yen.TaxCategory, yen.Prices[0].Tiers); got != "optional reduced[{1 9990}]exempt[{1 1500}]" {
		t.Errorf("meetings are %s", got)
	}
	if unsold := v.product("unsold"); unsold.Kind != "" || unsold.Version != 0 {
		t.Errorf("what has no price is %+v", unsold)
	}
	report, meter = v.file(v.terms(), intake.Products, []byte(body))
	v.counts(report, map[intake.Result]int{intake.Unchanged: 9})
	if meter.WriteUnits() > 0 || meter.Calls() > 3 {
		t.Errorf("the second import made %d calls and wrote %v units", meter.Calls(), meter.WriteUnits())
	}
}

// What a file does not say stays; a price that it names is another version.
func TestAFileOfProductsChangesWhatItNames(t *testing.T) {
	v := newVendor(t)
	v.say(v.terms(), goods)
	p := v.product("phone")
	p.Features = []catalog.Feature{{ID: "fax", Name: p.Name}}
	if _, err := v.catalog.Put(t.Context(), v.now, activity.Author{}, p, func(catalog.Product) error { return nil }); err != nil {
		t.Fatal(err)
	}
	report, _ := v.say(v.terms(), "$phone;;;;;;eur;annuel;1;1 300,00;\n")
	v.counts(report, map[intake.Result]int{intake.Changed: 1})
	after := v.product("phone")
	if after.Name != p.Name || len(after.Features) != 1 || after.Kind != catalog.Main || after.Version != 2 || len(after.Prices) != 3 || after.Prices[1].Tiers[0].Amount != 130000 || len(after.Prices[0].Tiers) != 3 {
		t.Errorf("it is %+v", after)
	}
	old, _, err := v.catalog.Versions(t.Context(), v.own+"phone", nil, 10)
	if err != nil || len(old) != 2 || old[1].Prices[1].Tiers[0].Amount != 123450 {
		t.Errorf("versions %+v (%v)", old, err)
	}
	report, _ = v.say(v.terms(), "$recording;;;;;;;;;;\n") // its columns stand there, and say none
	v.counts(report, map[intake.Result]int{intake.Changed: 1})
	if r := v.product("recording"); len(r.Editions) != 0 || len(r.DependsOn) != 0 || len(r.Prices) != 1 || r.Kind != catalog.AddOn {
		t.Errorf("it is %+v", r)
	}
}

// A row that is wrong is rejected with its reason, and so is the rest of its product: a price with a tier left out would be
// another price. Other products stand.
func TestARowOfProductsThatIsWrongIsRejectedWithItsProduct(t *testing.T) {
	for rows, want := range map[string]string{
		"$x;X;X;produit;;;EUR;mensuel;1;1.234;\n":                                    "2 price ambiguous_amount",
		"$x;X;X;produit;;;EUR;mensuel;1;12;\n$x;;;;;;EUR;mensuel;10;1,234;\n":        "2 productCode product_row_rejected, 3 price ambiguous_amount",
		"$x;X;X;produit;;;EUR;mensuel;1;12,345;\n":                                   "2 price ambiguous_amount",
		"$x;X;X;produit;;;EUR;mensuel;1;0,005;\n":                                    "2 price amount_too_precise",
		"$x;X;X;produit;;;JPY;mensuel;1;0,5;\n":                                      "2 price amount_too_precise",
		"$x;X;X;produit;;;EUR;mensuel;1;-5;\n":                                       "2 price negative_number",
		"$x;X;X;produit;;;EUR;mensuel;1;;\n":                                         "2 price cell_empty",
		"$x;X;X;produit;;;EUR;mensuel;1;douze;\n":                                    "2 price not_an_amount",
		"$x;X;X;produit;;;EUR;mensuel;1;9999999999;\n":                               "2 price amount_too_large",
		"$x;X;X;produit;;;;mensuel;1;5;\n":                                           "2 price price_incomplete",
		"$x;X;X;produit;;;EUR;;1;5;\n":                                               "2 price price_incomplete",
		"$x;X;X;produit;;;EUX;mensuel;1;5;\n":                                        "2 currency currency_unknown",
		"$x;X;X;produit;;;EUR;hebdo;1;5;\n":                                          "2 period period_unknown",
		"$x;X;X;produit;;;EUR;mensuel;0;5;\n":                                        "2 from number_out_of_tiers",
		"$x;X;X;produit;;;EUR;mensuel;1,5;5;\n":                                      "2 from not_a_whole_number",
		"$x;X;X;produit;;;EUR;mensuel;10;5;\n":                                       "2 from no_first_tier",
		"$x;X;X;produit;;;EUR;mensuel;1;5;\n$x;;;;;;EUR;mensuel;1;6;\n":              "2 productCode product_row_rejected, 3 from tier_twice",
		"$x;X;X;produit;;;EUR;mensuel;1;5;\n$x;Y;;;;;EUR;annuel;1;6;\n":              "2 productCode product_row_rejected, 3 nameEn row_contradicts",
		"$x;X;X;chose;;;EUR;mensuel;1;5;\n":                                          "2 kind product_kind_unknown",
		"$x;X;X;;;;EUR;mensuel;1;5;\n":                                               "2 kind cell_empty",
		"$x;X;X;produit;;zéro;EUR;mensuel;1;5;\n":                                    "2 taxCategory tax_category_unknown",
		"$x;X;X;produit;Entry Level;;EUR;mensuel;1;5;\n":                             "2 editions edition_malformed",
		"$x;;X;produit;;;EUR;mensuel;1;5;\n":                                         "2 nameEn cell_empty",
		"$x;X;X;produit;;;EUR;mensuel;1;5;a b\n":                                     "2 dependsOn not_a_product_code",
		"$x;X;X;produit;;;EUR;mensuel;1;5;$none\n":                                   "2 productCode product_unknown",
		"a b;X;X;produit;;;EUR;mensuel;1;5;\n":                                       "2 productCode not_a_product_code",
		";X;X;produit;;;EUR;mensuel;1;5;\n":                                          "2 productCode cell_empty",
		"$x;" + strings.Repeat("x", 101) + ";X;produit;;;EUR;mensuel;1;5;\n":         "2 nameEn cell_too_long",
		"$x;X;X;produit;;;EUR;mensuel;1;5;$y\n$y;Y;Y;produit;;;EUR;mensuel;1;5;$x\n": "2 productCode product_unknown, 3 productCode product_unknown",
		"$x;X;X;produit;;;EUR;mensuel;1;5;\n" + tiers(21):                            "too_many_prices",
	} {
		v := newVendor(t)
		report, _ := v.say(v.terms(), rows+"$good;Good;Bon;produit;;;EUR;mensuel;1;5,00;\n")
		var got []string
		for _, p := range report.Rejections {
			got = append(got, fmt.Sprint(p.Line, " ", p.Column, " ", p.Code))
		}
		slices.Sort(got)
		if all := strings.Join(got, ", "); all != want && !(want == "too_many_prices" && strings.HasSuffix(all, want)) {
			t.Errorf("%s: rejected %s, want %s", rows, all, want)
		}
		if _, err := v.catalog.Get(t.Context(), v.own+"x"); err == nil {
			t.Errorf("%s: something of it was taken", rows)
		}
		if v.product("good").Prices[0].Tiers[0].Amount != 500 {
			t.Errorf("%s: another product did not stand", rows)
		}
		if csv, err := report.RejectedCSV(text.French); err != nil || !strings.Contains(csv, "Motif") {
			t.Errorf("%s: the rejected rows are %q (%v)", rows, csv, err)
		}
	}
}

// tiers are further rows of $x.
func tiers(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "$x;;;;;;EUR;mensuel;%d;5;\n", i+2)
	}
	return b.String()
}

// Somebody who changes the catalog at the same time is not overwritten.
func TestAnImportOfProductsAndAnOperatorDoNotOverwriteEachOther(t *testing.T) {
	v := newVendor(t)
	v.say(v.terms(), goods)
	done := make(chan error, 8)
	for i := range 8 {
		go func() {
			_, err := v.service.File(t.Context(), v.terms(), intake.Products, []byte(strings.ReplaceAll(productTitles+fmt.Sprintf("$phone;;;;;;%s;mensuel;1;%d;\n", []string{"USD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF"}[i], i+1), "$", v.own)))
			done <- err
		}()
	}
	failed := 0
	for range 8 {
		if err := <-done; err != nil {
			failed++
		}
	}
	if p := v.product("phone"); len(p.Prices) != 3+8-failed || p.Version != 1+8-failed || failed == 8 {
		t.Errorf("%d failed, and there are %d prices in version %d", failed, len(p.Prices), p.Version)
	}
}
