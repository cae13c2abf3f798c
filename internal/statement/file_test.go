package statement_test

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/ledongthuc/pdf"

	"github.com/seatkeeper/seatkeeper/internal/order"
	"github.com/seatkeeper/seatkeeper/internal/statement"
	print "github.com/seatkeeper/seatkeeper/internal/statement/pdf"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// file is a PDF as somebody else's reader sees it.
type file struct {
	bytes []byte
	pages [][]drawn
}

// drawn is a piece of text and where it begins, in points from the lower left corner.
type drawn struct {
	x, y float64
	text string
}

func printed(t testing.TB, o order.Order, l text.Lang) file {
	t.Helper()
	body, err := print.Print(statement.Of(o, l, paris, print.Press().Country))
	if err != nil {
		t.Fatal(err)
	}
	r, err := pdf.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	f := file{bytes: body}
	for n := 1; n <= r.NumPage(); n++ {
		f.pages = append(f.pages, drawnOn(r.Page(n)))
	}
	return f
}

// drawnOn lists what is drawn on a page, in that order. The texts are the letters' own numbers, two bytes each.
func drawnOn(page pdf.Page) []drawn {
	var all []drawn
	var at drawn
	pdf.Interpret(page.V.Key("Contents"), func(stack *pdf.Stack, operator string) {
		switch operator {
		case "Td":
			at.y, at.x = stack.Pop().Float64(), stack.Pop().Float64()
		case "Tj":
			raw := []byte(stack.Pop().RawString())
			units := make([]uint16, len(raw)/2)
			for i := range units {
				units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
			}
			all = append(all, drawn{at.x, at.y, string(utf16.Decode(units))})
		default:
			for stack.Len() > 0 {
				stack.Pop()
			}
		}
	})
	return all
}

// texts are the pieces of all pages.
func (f file) texts() []string {
	var all []string
	for _, page := range f.pages {
		for _, d := range page {
			all = append(all, d.text)
		}
	}
	return all
}

// words is all that the file says, as one line.
func (f file) words() string { return strings.Join(f.texts(), " ") }

// contains tells whether words say something, wherever lines were broken.
func contains(words, said string) bool { return strings.Contains(words, said) }

func TestALongOrderHasNumberedPagesWithTheirTitles(t *testing.T) {
	for l, page := range map[text.Lang]*regexp.Regexp{text.English: regexp.MustCompile(`^Page (\d+) of (\d+)$`), text.French: regexp.MustCompile(`^Page (\d+) sur (\d+)$`)} {
		f := printed(t, longOrder(), l)
		if len(f.pages) < 4 {
			t.Fatalf("%d pages", len(f.pages))
		}
		for n, all := range f.pages {
			numbered := 0
			for _, d := range all {
				if found := page.FindStringSubmatch(d.text); found != nil {
					numbered++
					if found[1] != strconv.Itoa(n+1) || found[2] != strconv.Itoa(len(f.pages)) {
						t.Errorf("page %d of %d says %s", n+1, len(f.pages), d.text)
					}
				}
				if d.x < 40 || d.x > 560 || d.y < 30 || d.y > 810 {
					t.Errorf("page %d: %q stands at %v, %v, off the sheet", n+1, d.text, d.x, d.y)
				}
			}
			if title := text.Say(l, "statement_unit_price"); n > 0 && !slices.ContainsFunc(all[:6], func(d drawn) bool { return d.text == title }) {
				t.Errorf("page %d begins with %v, want the titles of the columns", n+1, all[:6])
			}
			if numbered != 1 {
				t.Errorf("page %d has %d numbers", n+1, numbered)
			}
		}
		joined := strings.ReplaceAll(byColumns(f), " ", "")
		for _, r := range longOrder().Rows {
			if name := strings.ReplaceAll(r.ProductName.In(l), " ", ""); !strings.Contains(joined, name) {
				t.Errorf("%s is not whole", r.ProductName.In(l))
			}
		}
	}
}

func TestNamesOfEuropeAreShownAndOthersAreMarkedAsMissing(t *testing.T) {
	o := twoProducts()
	for name, want := range map[string]string{
		"Ünïcode Łódź Ⅻ":   "Ünïcode Łódź Ⅻ",
		"Ωμέγα ΑΕ":         "Ωμέγα ΑΕ",
		"ООО «Привет» Ґїє": "ООО «Привет» Ґїє",
		"Ș ț ő ğ Ə ạ ữ ŵ":  "Ș ț ő ğ Ə ạ ữ ŵ",
		"e\u0301te\u0301":  "été",
		"株式会社 K":           "▯▯▯▯ K",
		"שלום 7":           "▯▯▯▯ 7",
		"مرحبا":            "▯▯▯▯▯",
		"a😀\u200db":        "a▯b",
		"a\u202eb\u0007c":  "abc",
		"a\u00a0b\u202fc":  "a b c",
		"two\nlines\tand":  "two lines and",
	} {
		o.BillTo.LegalName = name
		words := printed(t, o, text.English).words()
		if !strings.Contains(words, " "+want+" ") {
			t.Errorf("%q is not shown as %q: %.400s", name, want, words)
		}
		if said, lost := strings.Contains(words, "stands for a letter that this file cannot show"), strings.Contains(want, "▯"); said != lost {
			t.Errorf("%q: the file says that letters are missing: %t", name, said)
		}
		if page := pageOf(t, o, text.English); !strings.Contains(page, "<bdi>"+name+"</bdi>") {
			t.Errorf("%q is not whole on the page", name)
		}
	}
}
