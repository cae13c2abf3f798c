package httpapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/seatkeeper/seatkeeper/internal/fault"
)

// What is taken as a key can stand in a log, and is sent again as it was.
func FuzzIdempotencyKey(f *testing.F) {
	for _, seed := range []string{"1", "", " ", "6f2a-…", "a b", "a\n", strings.Repeat("k", longestKey), strings.Repeat("k", longestKey+1), "\x7f"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want := s != "" && len(s) <= 255
		for _, c := range []byte(s) {
			want = want && c > ' ' && c < 0x7f
		}
		if got := isKey(s); got != want {
			t.Fatalf("%q: %v, want %v", s, got, want)
		}
		if isKey(s) && (hash(s) == hash(s+"k") || hash(s) != hash(strings.Clone(s))) {
			t.Fatalf("%q has the place of another key", s)
		}
	})
}

// A header matches a revision only if it names that one, and is refused with one of three codes.
func FuzzIfMatch(f *testing.F) {
	for _, seed := range []string{`"7"`, `W/"7"`, `"6", "7"`, "*", "", `"a,b", "7"`, `"7`, `7`, `"7" "8"`, `"7",`, "\"7\"\t,\t\"8\""} {
		f.Add(seed, 7)
	}
	f.Fuzz(func(t *testing.T, header string, rev int) {
		err := IfMatch{header}.RequireMatch(rev)
		trimmed := strings.TrimSpace(header)
		switch {
		case trimmed == "":
			if !fault.Is(err, "if_match_required") {
				t.Fatalf("%q: %v", header, err)
			}
		case err == nil && trimmed != "*" && !strings.Contains(header, ETag(rev)):
			t.Fatalf("%q matches %d", header, rev)
		case err != nil && (trimmed == "*" || trimmed == ETag(rev)):
			t.Fatalf("%q does not match %d: %v", header, rev, err)
		case err != nil && !fault.Is(err, "stale"):
			if refused, ok := fault.Of(err); !ok || refused.Kind != fault.Invalid {
				t.Fatalf("%q: %v", header, err)
			}
		}
		if again, err := strconv.Unquote(ETag(rev)); err != nil || again != strconv.Itoa(rev) {
			t.Fatalf("the tag of %d is %s", rev, ETag(rev))
		}
	})
}

// Whatever is accepted, it is one form or a refusal; nobody gets CSV who did not name it, nor where there is none.
func FuzzAccept(f *testing.F) {
	for _, seed := range []string{"", "*/*", "text/csv", "text/csv;q=0.5, application/json", "image/png", "text/csv;q=0", "text/html,application/xhtml+xml,*/*;q=0.8", ";;", "a/b;q=nan", "text/*", "application/json;q=2"} {
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, header string, tabular bool) {
		csv, ok := wantsCSV(header, tabular)
		if csv && (!ok || !tabular || !strings.Contains(strings.ToLower(header), "text/")) {
			t.Fatalf("%q: csv %v, acceptable %v, tabular %v", header, csv, ok, tabular)
		}
		if plain, fits := wantsCSV(header, false); plain || fits && !ok {
			t.Fatalf("%q: without a table it is csv %v, acceptable %v; with one %v", header, plain, fits, ok)
		}
	})
}

// A query that is taken is read alike by two parsers: each name once, valid text, without control characters.
func FuzzQuery(f *testing.F) {
	for _, seed := range []string{"q=a&pageSize=2", "q=a&q=b", "q=%00", "a;b", "%zz", "q=%C3", "+=+", "q=a%0Ab", "&&=", "[]=1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.RawQuery = query
		err := readQuery(r)
		if err != nil {
			if _, ok := fault.Of(err); !ok {
				t.Fatalf("%q: %v", query, err)
			}
			return
		}
		values, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			t.Fatalf("%q was left as %q: %v", query, r.URL.RawQuery, err)
		}
		for name, all := range values {
			if len(all) != 1 || spoiled(name) || spoiled(all[0]) || !utf8.ValidString(all[0]) {
				t.Fatalf("%q was taken with %q: %q", query, name, all)
			}
		}
		if again := values.Encode(); again != r.URL.RawQuery {
			t.Fatalf("%q was left as %q, and reads as %q", query, r.URL.RawQuery, again)
		}
	})
}

// A body that is taken is JSON that Go's decoder reads, and that says the same when it is written again.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		`{"name":"a","list":[1,2.5,null,true],"inner":{"x":"é"}}`, `{"a":1,"a":2}`, `{"a":"\u0000"}`, `1e999`, `{"a":"\ud800"}`, strings.Repeat("[", 40), `{} {}`, `{"A":1,"a":2}`, "\xff", ``, `"`, `[1,]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if err := inspect(body); err != nil {
			if _, ok := fault.Of(err); !ok {
				t.Fatalf("%q: %v", body, err)
			}
			return
		}
		var v any
		if err := decode(body, &v); err != nil {
			t.Fatalf("%q was taken, and cannot be read: %v", body, err)
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatalf("%q was taken, and cannot be written: %v", body, err)
		}
		if err := inspect(text); err != nil && !bytes.Contains(body, []byte(`\u`)) {
			t.Fatalf("%q was taken, and written again as %q is not: %v", body, text, err)
		}
	})
}
