package tax_test

import (
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/tax"
)

// One table: French VAT is 20 %, reverse charge within the EU with a well-formed tax number, none outside.
func TestASaleIsTaxedByCountriesTaxNumberAndCategory(t *testing.T) {
	french, german := tax.Profile{Country: "FR", TaxNumber: "FR40303265045"}, tax.Profile{Country: "DE", TaxNumber: "DE136695976"}
	for _, row := range []struct {
		name          string
		seller, buyer tax.Profile
		category      string
		points        int
		reason        tax.Reason
	}{
		{"at home", french, tax.Profile{Country: "FR"}, tax.Standard, 2000, tax.AtRate},
		{"at home with a number", french, french, tax.Standard, 2000, tax.AtRate},
		{"at home, reduced", french, tax.Profile{Country: "FR"}, tax.Reduced, 550, tax.AtRate},
		{"at home, exempt", french, french, tax.Exempt, 0, tax.ExemptSale},
		{"a business elsewhere in the EU", french, german, tax.Standard, 0, tax.ReverseCharge},
		{"a business elsewhere in the EU, reduced", french, german, tax.Reduced, 0, tax.ReverseCharge},
		{"a business elsewhere in the EU, exempt", french, german, tax.Exempt, 0, tax.ExemptSale},
		{"elsewhere in the EU without a number", french, tax.Profile{Country: "DE"}, tax.Standard, 2000, tax.AtRate},
		{"elsewhere in the EU with a wrong number", french, tax.Profile{Country: "DE", TaxNumber: "DE1"}, tax.Standard, 2000, tax.AtRate},
		{"elsewhere in the EU with the seller's number", french, tax.Profile{Country: "DE", TaxNumber: "FR40303265045"}, tax.Standard, 2000, tax.AtRate},
		{"Greece by its prefix", french, tax.Profile{Country: "GR", TaxNumber: "EL094259216"}, tax.Standard, 0, tax.ReverseCharge},
		{"outside", french, tax.Profile{Country: "GB", TaxNumber: "GB980780684"}, tax.Standard, 0, tax.Outside},
		{"outside, exempt", french, tax.Profile{Country: "CH"}, tax.Exempt, 0, tax.Outside},
		{"Monaco is France", french, tax.Profile{Country: "MC"}, tax.Standard, 2000, tax.AtRate},
		{"Monaco with a number: it is at home", french, tax.Profile{Country: "MC", TaxNumber: "FR40303265045"}, tax.Standard, 2000, tax.AtRate},
		{"a seller in Monaco", tax.Profile{Country: "MC"}, tax.Profile{Country: "FR"}, tax.Reduced, 550, tax.AtRate},
		{"a German seller, Monaco", german, tax.Profile{Country: "MC", TaxNumber: "FR40303265045"}, tax.Standard, 0, tax.ReverseCharge},
		{"the Isle of Man is outside, as the United Kingdom", french, tax.Profile{Country: "IM", TaxNumber: "GB980780684"}, tax.Standard, 0, tax.Outside},
		{"a German seller", german, tax.Profile{Country: "DE"}, tax.Standard, 1900, tax.AtRate},
		{"a German seller, France", german, french, tax.Standard, 0, tax.ReverseCharge},
		{"a Finnish seller", tax.Profile{Country: "FI"}, tax.Profile{Country: "FI"}, tax.Standard, 2550, tax.AtRate},
		{"no reduced rate", tax.Profile{Country: "DK"}, tax.Profile{Country: "DK"}, tax.Reduced, 2500, tax.AtRate},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := tax.Of(row.seller, row.buyer, row.category); got != (tax.Treatment{BasisPoints: row.points, Reason: row.reason}) {
				t.Errorf("got %+v, want %d %s", got, row.points, row.reason)
			}
		})
	}
}

func TestATaxIsRoundedHalvesUp(t *testing.T) {
	for _, row := range []struct {
		points int
		net    int64
		want   int64
	}{{2000, 1000, 200}, {2000, 1, 0}, {2000, 2, 0}, {2000, 3, 1}, {550, 1000, 55}, {550, 100, 6}, {2550, 99_999, 25_500}, {0, 5000, 0}} {
		if got := (tax.Treatment{BasisPoints: row.points}).On(row.net); got != row.want {
			t.Errorf("%d points on %d is %d, want %d", row.points, row.net, got, row.want)
		}
	}
}

// The examples are published ones: of tax authorities, VIES and standards on the numbers.
func TestATaxNumberIsWellFormedByItsCountry(t *testing.T) {
	for country, numbers := range map[string][]string{
		"AT": {"ATU13585627"}, "BE": {"BE0428759497", "BE1000000088"}, "BG": {"BG175074752", "BG7523169263"}, "CY": {"CY10259033P"},
		"CZ": {"CZ25123891", "CZ640903926", "CZ7103192745"}, "DE": {"DE 136 695 976"}, "DK": {"DK13585628"}, "EE": {"EE100931558"},
		"ES": {"ES54362315K", "ESX5253868R", "ESM1234567L", "ESB58378431"}, "FI": {"FI20774740"},
		"FR": {"FR40303265045", "FR23334175221", "FRK7399859412", "FR4Z123456782", "fr 83.404-833 048"},
		"GR": {"EL094259216"}, "MC": {"FR40303265045"}, "HR": {"HR33392005961"}, "HU": {"HU12892312"}, "IE": {"IE6433435F", "IE6433435OA", "IE8D79739I"},
		"IT": {"IT00743110157"}, "LT": {"LT119511515", "LT100001919017"}, "LU": {"LU15027442"}, "LV": {"LV40003521600"}, "MT": {"MT11679112"},
		"NL": {"NL004495445B01", "NL002455799B11"}, "PL": {"PL8567346215"}, "PT": {"PT501964843"}, "RO": {"RO18547290"},
		"SE": {"SE123456789701"}, "SI": {"SI50223054"}, "SK": {"SK2022749619"},
	} {
		if !tax.EU(country) {
			t.Errorf("%s has numbers and no rate", country)
		}
		for _, n := range numbers {
			if !tax.Number(country, tax.Clean(n)) {
				t.Errorf("%s is not one of %s", n, country)
			}
		}
	}
	for country, numbers := range map[string][]string{
		"AT": {"AT13585627", "ATU1358562"}, "BE": {"BE2428759497", "BE428759497"}, "DE": {"136695976", "DE13669597", "DE1366959760", "FR40303265045", "DE13669597A"},
		"ES": {"ES123456789"}, "FR": {"FR41303265045", "FR40303265046", "FR43303265046", "FR84323140391", "FRIO303265045", "FRK7399859413", "FR4030326504", ""},
		"GR": {"GR094259216"}, "MC": {"MC40303265045", "FR41303265045"}, "GB": {"GB980780684"}, "": {""}, "IE": {"IE6433435"}, "NL": {"NL004495445A01"},
	} {
		for _, n := range numbers {
			if tax.Number(country, tax.Clean(n)) {
				t.Errorf("%s is one of %s", n, country)
			}
		}
	}
}

func TestACountryIsOneOfISO3166(t *testing.T) {
	for code, want := range map[string]bool{"FR": true, "GR": true, "GB": true, "US": true, "EL": false, "UK": false, "EU": false, "fr": false, "FRA": false, "": false, "ZZ": false, "250": false, "XX": false} {
		if got := tax.Country(code); got != want {
			t.Errorf("%q: %v, want %v", code, got, want)
		}
	}
}
