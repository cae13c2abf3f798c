package table_test

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

func sealer(t *testing.T, secret string) *table.Sealer {
	t.Helper()
	s, err := table.NewSealer(secret, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Tampered, foreign and stale tokens are 400 with a clear text (issue: sealed page tokens).
func TestAPageTokenServesWhatItWasMadeForAndNothingElse(t *testing.T) {
	t0 := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	mine := sealer(t, strings.Repeat("a", 32))
	position := table.Position{SK: "ctr_1", Sort: "active#société générale#ctr_1"}
	token, err := mine.Seal("acc_1 admin list", t0, position)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(token, "soci") {
		t.Error("the token shows a name")
	}
	flipped := []byte(token)
	flipped[len(flipped)/2] ^= 1
	for _, test := range []struct {
		name, token, binding string
		sealer               *table.Sealer
		at                   time.Time
		want                 string
	}{
		{"as it was made", token, "acc_1 admin list", mine, t0, ""},
		{"a day later, to the second", token, "acc_1 admin list", mine, t0.Add(24 * time.Hour), ""},
		{"older than a day", token, "acc_1 admin list", mine, t0.Add(24*time.Hour + time.Second), "page_token_expired"},
		{"for another account", token, "acc_2 admin list", mine, t0, "page_token_invalid"},
		{"one bit changed", string(flipped), "acc_1 admin list", mine, t0, "page_token_invalid"},
		{"cut short", token[:10], "acc_1 admin list", mine, t0, "page_token_invalid"},
		{"not base64", "%%%", "acc_1 admin list", mine, t0, "page_token_invalid"},
		{"of another deployment", token, "acc_1 admin list", sealer(t, strings.Repeat("b", 32)), t0, "page_token_invalid"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got table.Position
			err := test.sealer.Open(test.token, test.binding, test.at, &got)
			if test.want == "" {
				if err != nil || got != position {
					t.Errorf("got %+v, %v", got, err)
				}
				return
			}
			if f, ok := fault.Of(err); !ok || f.Code != test.want || f.Kind != fault.Malformed {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestAShortSecretIsRefused(t *testing.T) {
	if _, err := table.NewSealer("short", rand.Reader); err == nil {
		t.Error("a secret of 5 characters was accepted")
	}
}
