package statement_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/order"
	"github.com/seatkeeper/seatkeeper/internal/statement"
	print "github.com/seatkeeper/seatkeeper/internal/statement/pdf"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

var update = flag.Bool("update", false, "write the golden files anew")

func pageOf(t *testing.T, o order.Order, l text.Lang) string {
	t.Helper()
	page, err := statement.Of(o, l, paris, print.Press().Country).Page()
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

func TestAStatementReadsInFrenchAndEnglish(t *testing.T) {
	for name, o := range map[string]order.Order{"two-products": twoProducts(), "reverse-charge": reverseCharge(), "outside": outside()} {
		for _, l := range text.Langs {
			file := filepath.Join("testdata", name+"."+string(l)+".html")
			got := pageOf(t, o, l)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got); if it is meant so, run again with -update:\n%s", file, diff)
			}
		}
	}
}

var styleElement = regexp.MustCompile(`(?s)<style>(.*?)</style>`)

func TestAPageLoadsAndRunsNothing(t *testing.T) {
	o := twoProducts()
	o.BillTo.LegalName = `</style><script>alert(1)</script>`
	o.Rows[0].ContractName = `"><img src=x onerror=alert(1)>`
	o.Rows[0].Split[0].CostCenterName = `javascript:alert(1)//http://example.com`
	page := pageOf(t, o, text.English)
	for _, live := range []string{`<(script|img|link|iframe|object|embed|form|base|svg)`, `<[^>]*\s(src|href|style|on\w+)=`, `url\(`, `@import`} {
		if found := regexp.MustCompile(live).FindString(page); found != "" {
			t.Errorf("the page has %s", found)
		}
	}
	styles := styleElement.FindAllStringSubmatch(page, -1)
	if len(styles) != 1 || strings.Contains(page, "style=") {
		t.Fatalf("the page has %d styles, or some of its own within", len(styles))
	}
	digest := sha256.Sum256([]byte(styles[0][1]))
	allowed := "style-src 'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'"
	within, _, found := strings.Cut(statement.Policy(), "; frame-ancestors 'none'; sandbox")
	if !found || !strings.HasPrefix(within, "default-src 'none'; "+allowed+";") {
		t.Errorf("the policy is %s, and the style %s", statement.Policy(), allowed)
	}
	if !strings.Contains(strings.ReplaceAll(page, "&#39;", "'"), within) && !strings.Contains(strings.NewReplacer("&#39;", "'", "&#43;", "+").Replace(page), within) {
		t.Error("the page itself does not say the policy")
	}
}

func TestTheDayOfAnOrderIsTheAccounts(t *testing.T) {
	for zone, want := range map[string]string{"Europe/Paris": "21 November 2026", "UTC": "20 November 2026", "Pacific/Auckland": "21 November 2026"} {
		s := statement.Of(twoProducts(), text.English, must(time.LoadLocation(zone)), print.Press().Country)
		if got := s.Facts[1].Values[0]; got != want {
			t.Errorf("in %s it was placed on %s, want %s", zone, got, want)
		}
		if day := map[bool]string{true: "2026-11-20", false: "2026-11-21"}[zone == "UTC"]; s.FileName != "order-"+day+"-ord_01JD3YV1M0000000000000TEST" {
			t.Errorf("in %s its file is %s", zone, s.FileName)
		}
	}
}

func TestAStatementSaysThatItIsADraftWithoutANumber(t *testing.T) {
	for l, want := range map[text.Lang]string{text.English: "Draft invoice, without a number.", text.French: "Facture provisoire, sans numéro."} {
		page := pageOf(t, twoProducts(), l)
		if !strings.Contains(page, want) || !contains(printed(t, twoProducts(), l).words(), want) {
			t.Errorf("in %s page or file does not say that it is a draft", l)
		}
		if strings.Contains(page, "inv_1") {
			t.Errorf("in %s the draft's own id is shown as if it were a number", l)
		}
	}
}

func TestTheLawIsNamedWhereNoTaxIsAsked(t *testing.T) {
	for _, test := range []struct {
		o    order.Order
		says string
	}{{reverseCharge(), "articles 44 and 196 of Directive 2006/112/EC"}, {outside(), "articles 44 and 59 of Directive 2006/112/EC"}, {exempt(), "title IX of Directive 2006/112/EC"}, {twoProducts(), ""}} {
		page, file := pageOf(t, test.o, text.English), printed(t, test.o, text.English).words()
		for _, law := range []string{"articles 44 and 196 of Directive 2006/112/EC", "articles 44 and 59 of Directive 2006/112/EC", "title IX of Directive 2006/112/EC"} {
			if want := law == test.says; strings.Contains(page, law) != want || contains(file, law) != want {
				t.Errorf("%v: the page says %q: %t, the file: %t", test.o.Totals.Taxes, law, strings.Contains(page, law), contains(file, law))
			}
		}
	}
}

// The same order is the same file, whenever it is read.
func TestAnOrderHasOneFile(t *testing.T) {
	one, again := printed(t, twoProducts(), text.French), printed(t, twoProducts(), text.French)
	if !bytes.Equal(one.bytes, again.bytes) {
		t.Error("two files of one order differ")
	}
}
