package table_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// A token opens for what it was sealed for, as what it was; whatever else is sent is refused as a bad request.
func FuzzPageToken(f *testing.F) {
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	seal := func(t testing.TB, binding, position string) (*table.Sealer, string) {
		sealer, err := table.NewSealer(strings.Repeat("s", 32), bytes.NewReader(make([]byte, 12)))
		if err != nil {
			t.Fatal(err)
		}
		token, err := sealer.Seal(binding, now, position)
		if err != nil {
			t.Fatal(err)
		}
		return sealer, token
	}
	_, good := seal(f, "us", "place")
	for _, seed := range []string{good, good[1:], good + "A", good[:20], strings.ToLower(good), "=", "", "é"} {
		f.Add(seed, "us", "place")
	}
	f.Fuzz(func(t *testing.T, sent, binding, position string) {
		position = strings.ToValidUTF8(position, "")
		sealer, token := seal(t, binding, position)
		var read string
		if err := sealer.Open(token, binding, now, &read); err != nil || read != position {
			t.Fatalf("what was sealed as %q opens as %q (%v)", position, read, err)
		}
		if err := sealer.Open(token, binding+"x", now, &read); !fault.Is(err, "page_token_invalid") {
			t.Fatalf("a token for another opens: %v", err)
		}
		var other string
		switch err := sealer.Open(sent, binding, now, &other); {
		case err == nil:
			if _, sealed := seal(t, binding, other); !same(sent, sealed) {
				t.Fatalf("%q opens as %q, and nobody sealed it", sent, other)
			}
		case !fault.Is(err, "page_token_invalid"):
			t.Fatalf("%q: %v", sent, err)
		}
	})
}

// same tells that two tokens are one in other spellings: base64 passes over line ends, and leaves the last bits unread.
func same(a, b string) bool {
	plain := func(s string) string { return strings.NewReplacer("\n", "", "\r", "").Replace(s) }
	a, b = plain(a), plain(b)
	return len(a) == len(b) && a[:len(a)-1] == b[:len(b)-1]
}

// Whatever the stream brings is a row before and after, or refused.
func FuzzReadChange(f *testing.F) {
	for _, seed := range []string{
		`{"dynamodb":{"ApproximateCreationDateTime":1795251600,"SequenceNumber":"1","Keys":{"PK":{"S":"ACCOUNT#a#LINES"},"SK":{"S":"x"}},"NewImage":{"PK":{"S":"ACCOUNT#a#LINES"},"n":{"N":"1"},"m":{"M":{"l":{"L":[{"NULL":true},{"BOOL":false},{"B":"AA=="},{"SS":["a"]},{"NS":["1"]},{"BS":["AA=="]}]}}}}}}`,
		`{"dynamodb":{"Keys":{"PK":{"S":"a"}}}}`, `{"dynamodb":{"Keys":{"PK":{"N":"1"},"SK":{"S":"x"}},"OldImage":{"a":{"N":"nan"}}}}`, `{}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var r events.DynamoDBEventRecord
		if !decodes(text, &r) {
			return
		}
		c, err := table.ReadChange(r)
		if err == nil && (c.Key.PK == "" || c.Key.SK == "" || c.Was == nil && c.Is == nil || c.At.Unix() <= 0) {
			t.Fatalf("%s was read as %+v", text, c)
		}
	})
}

// decodes is how Lambda's runtime reads an event. Its library panics at some values that no stream has, such as a number
// where a text is to be, and the runtime answers that as it answers an error.
func decodes(text []byte, v any) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	return json.Unmarshal(text, v) == nil
}

// What somebody is found by: every word of a name finds it, whatever is written.
func FuzzWords(f *testing.F) {
	for _, seed := range []string{"Société Générale", "ÉTÉ 2026", "a\x1fb", "  ", "İstanbul", "ﬁn", "\xff", "日本 語", strings.Repeat("long", 40)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		for _, word := range table.Terms(name) {
			if word == "" || text.Fold(word) != word || strings.Contains(word, "#") {
				t.Fatalf("%q has the word %q", name, word)
			}
			if !table.Matches(word, name) {
				t.Fatalf("%q is not found by its word %q", name, word)
			}
		}
	})
}
