package catalog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// office is a small catalog: an extension needs a base, the contact center needs the extension and is derived, the two
// bases exclude each other, which only one of them says.
func office() catalog.Products {
	return catalog.NewProducts(
		catalog.Product{ID: "base", Name: catalog.Name{English: "Base", French: "Socle"}},
		catalog.Product{ID: "base-plus", Excludes: []string{"base"}},
		catalog.Product{ID: "ext", DependsOn: []string{"base"}, Features: []catalog.Feature{{ID: "record"}, {ID: "fax"}}},
		catalog.Product{ID: "cc", DependsOn: []string{"ext"}, Derived: true},
	)
}

func TestTheRulesBetweenProducts(t *testing.T) {
	ps := office()
	held := []string{"ext", "cc", "base-plus", "unheard-of", "ext"}
	for _, row := range []struct {
		rule      string
		got, want []string
	}{
		{"ext needs", ps.Needs("ext"), []string{"base"}},
		{"cc needs directly", ps.Needs("cc"), []string{"ext"}},
		{"base needs", ps.Needs("base"), nil},
		{"an unknown product needs", ps.Needs("unheard-of"), nil},
		{"base is needed by", ps.NeededBy("base", held), []string{"ext"}},
		{"ext is needed by", ps.NeededBy("ext", held), []string{"cc"}},
		{"base is needed, where nothing is held, by", ps.NeededBy("base", nil), nil},
		{"an unknown product is needed by", ps.NeededBy("unheard-of", held), nil},
		{"base is excluded by what another says", ps.Excluded("base", held), []string{"base-plus"}},
		{"base-plus excludes what it says itself", ps.Excluded("base-plus", []string{"ext", "base"}), []string{"base"}},
		{"ext excludes", ps.Excluded("ext", []string{"base", "base-plus"}), nil},
		{"an unknown product excludes", ps.Excluded("unheard-of", held), nil},
	} {
		if diff := cmp.Diff(row.want, row.got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.rule, diff)
		}
	}
	for _, row := range []struct {
		fact      string
		got, want bool
	}{
		{"cc is derived", ps.Derived("cc"), true},
		{"ext is derived", ps.Derived("ext"), false},
		{"an unknown product is derived", ps.Derived("unheard-of"), false},
		{"ext has a fax", ps.Feature("ext", "fax"), true},
		{"base has a fax", ps.Feature("base", "fax"), false},
		{"an unknown product has a fax", ps.Feature("unheard-of", "fax"), false},
		{"base is known", ps.Has("base"), true},
		{"an unknown product is known", ps.Has("unheard-of"), false},
	} {
		if row.got != row.want {
			t.Errorf("%s: %t", row.fact, row.got)
		}
	}
	for lang, want := range map[text.Lang]string{text.English: "Base", text.French: "Socle"} {
		if got := ps.Name("base", lang); got != want {
			t.Errorf("in %s it is %q, want %q", lang, got, want)
		}
	}
	if got := ps.Name("unheard-of", text.French); got != "" {
		t.Errorf("an unknown product is called %q", got)
	}
	if (catalog.Products{}).Needs("base") != nil || (catalog.Products{}).Derived("base") {
		t.Error("an empty catalog has rules")
	}
}

func TestWhatTheRulesSayIsNotTheCatalogsOwnList(t *testing.T) {
	ps := office()
	ps.Needs("ext")[0] = "spoiled"
	if got := ps.Needs("ext"); got[0] != "base" {
		t.Errorf("ext needs %q by now", got)
	}
}

func TestWhatAProductMaySay(t *testing.T) {
	for _, row := range []struct {
		name    string
		product catalog.Product
		code    string
		about   []any
	}{
		{"nothing", catalog.Product{ID: "new"}, "", nil},
		{"needs several", catalog.Product{ID: "new", DependsOn: []string{"ext", "base"}}, "", nil},
		{"excludes", catalog.Product{ID: "new", Excludes: []string{"base", "cc"}}, "", nil},
		{"changes", catalog.Product{ID: "ext"}, "", nil},
		{"needs what is not there", catalog.Product{ID: "new", DependsOn: []string{"base", "nothing"}}, "product_unknown", []any{"nothing"}},
		{"excludes what is not there", catalog.Product{ID: "new", Excludes: []string{"Base"}}, "product_unknown", []any{"Base"}},
		{"needs itself", catalog.Product{ID: "new", DependsOn: []string{"new"}}, "products_depend_in_circle", []any{"new → new"}},
		{"needs in a circle of two", catalog.Product{ID: "base", DependsOn: []string{"ext"}}, "products_depend_in_circle", []any{"base → ext → base"}},
		{"needs in a circle of three", catalog.Product{ID: "base", DependsOn: []string{"base-plus", "cc"}}, "products_depend_in_circle", []any{"base → cc → ext → base"}},
		{"excludes itself", catalog.Product{ID: "new", Excludes: []string{"new"}}, "product_excludes_itself", []any{"new"}},
		{"excludes what it needs", catalog.Product{ID: "new", DependsOn: []string{"ext"}, Excludes: []string{"ext"}}, "product_excludes_needed", []any{"new", "ext", "new"}},
		{"excludes what it needs by way of another", catalog.Product{ID: "new", DependsOn: []string{"cc"}, Excludes: []string{"base"}}, "product_excludes_needed", []any{"new", "base", "new"}},
		{"needs two that exclude each other", catalog.Product{ID: "new", DependsOn: []string{"ext", "base-plus"}}, "product_excludes_needed", []any{"new", "base", "base-plus"}},
		{"excludes what needs it", catalog.Product{ID: "base", Excludes: []string{"cc"}}, "product_excludes_needed", []any{"cc", "base", "cc"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			after, made, err := office().With(row.product)
			if row.code == "" {
				if err != nil || !after.Has(row.product.ID) || made.ID != row.product.ID {
					t.Fatalf("refused: %v", err)
				}
				return
			}
			f, _ := fault.Of(err)
			if f == nil || f.Code != row.code || f.Kind != fault.Invalid {
				t.Fatalf("answered %v, want %s", err, row.code)
			}
			var about []any
			for _, arg := range f.Args {
				about = append(about, arg.Value)
			}
			if diff := cmp.Diff(row.about, about); diff != "" {
				t.Errorf("it names (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatAProductSaysIsKeptInOneOrderAndOnce(t *testing.T) {
	said := []string{"ext", "base", "ext"}
	_, made, err := office().With(catalog.Product{ID: "new", DependsOn: said})
	if err != nil || !slices.Equal(made.DependsOn, []string{"base", "ext"}) || !slices.Equal(said, []string{"ext", "base", "ext"}) {
		t.Errorf("it needs %q, of %q (%v)", made.DependsOn, said, err)
	}
}

// The catalog holds at most 1,000 products; those that are there can still be changed.
func TestTheCatalogHasAnEnd(t *testing.T) {
	all := make([]catalog.Product, catalog.MaxProducts)
	for i := range all {
		all[i].ID = fmt.Sprint("p", i)
	}
	full := catalog.NewProducts(all...)
	if _, _, err := full.With(catalog.Product{ID: "one-more"}); !fault.Is(err, "too_many_products") {
		t.Errorf("one more: %v", err)
	}
	if _, _, err := full.With(catalog.Product{ID: "p7", DependsOn: []string{"p8"}}); err != nil {
		t.Errorf("a change: %v", err)
	}
}

func TestWhatAProductCodeIs(t *testing.T) {
	for code, want := range map[string]bool{
		"base": true, "7": true, "A.b-c_d": true, strings.Repeat("x", 60): true,
		"": false, "-base": false, ".": false, "a b": false, "é": false, "a#b": false, strings.Repeat("x", 61): false, "base\n": false,
	} {
		if catalog.ValidID(code) != want {
			t.Errorf("%q is a code: %t", code, !want)
		}
	}
}
