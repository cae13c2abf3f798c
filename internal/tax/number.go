package tax

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// forms are what VAT numbers look like after their prefix, by country, as the European Commission publishes them for VIES.
// One is compiled at its first number: all of them would be a fifth of what a function allocates before main.
var forms = map[string]func() *regexp.Regexp{
	"AT": form(`U\d{8}`), "BE": form(`[01]\d{9}`), "BG": form(`\d{9,10}`), "CY": form(`\d{8}[A-Z]`), "CZ": form(`\d{8,10}`),
	"DE": form(`\d{9}`), "DK": form(`\d{8}`), "EE": form(`\d{9}`), "ES": form(`[A-Z]\d{7}[A-Z0-9]|\d{8}[A-Z]`), "FI": form(`\d{8}`),
	"FR": form(`[A-HJ-NP-Z0-9]{2}\d{9}`), "GR": form(`\d{9}`), "HR": form(`\d{11}`), "HU": form(`\d{8}`),
	"IE": form(`\d[A-Z0-9+*]\d{5}[A-Z]|\d{7}[A-Z]{2}`), "IT": form(`\d{11}`), "LT": form(`\d{9}|\d{12}`), "LU": form(`\d{8}`),
	"LV": form(`\d{11}`), "MT": form(`\d{8}`), "NL": form(`[A-Z0-9+*]{9}B\d{2}`), "PL": form(`\d{10}`), "PT": form(`\d{9}`),
	"RO": form(`\d{2,10}`), "SE": form(`\d{12}`), "SI": form(`\d{8}`), "SK": form(`\d{10}`),
}

func form(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:` + pattern + `)$`) })
}

// Clean is a number as it is kept and compared: without the spaces, dots, hyphens and slashes that people put in to read it.
func Clean(number string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \u00a0\u202f.-/", r) {
			return -1
		}
		return r
	}, strings.ToUpper(number))
}

// Number tells whether a number, as Clean makes it, is a well-formed VAT number of a country of the EU: with the country's
// prefix (EL for Greece, FR for Monaco), in its form, and for France with the key that its SIREN gives. Whether it was given out is known
// to VIES alone.
func Number(country, number string) bool {
	country = home(country)
	prefix := country
	if country == "GR" {
		prefix = "EL"
	}
	rest, ours := strings.CutPrefix(number, prefix)
	pattern := forms[country]
	if !ours || pattern == nil || !pattern().MatchString(rest) {
		return false
	}
	return country != "FR" || frenchKey(rest[:2], rest[2:])
}

// frenchKey tells whether a key goes with a SIREN. The SIREN has a check digit of its own (Luhn), but for Monaco's, which
// begin with three zeros. A key of two digits is SIREN × 100 + 12 modulo 97; one with a letter counts in base 34, which
// has neither I nor O.
func frenchKey(key, siren string) bool {
	if !strings.HasPrefix(siren, "000") && !luhn(siren) {
		return false
	}
	n, err := strconv.Atoi(siren)
	if err != nil {
		return false
	}
	if digits, err := strconv.Atoi(key); err == nil {
		return (n*100+12)%97 == digits
	}
	const base = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	first, second := strings.IndexByte(base, key[0]), strings.IndexByte(base, key[1])
	check := first*34 + second - 100
	if first < 10 {
		check = first*24 + second - 10
	}
	return check >= 0 && (n+1+check/11)%11 == check%11
}

// luhn tells whether the last of some digits checks the others.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
