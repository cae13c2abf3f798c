package money_test

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/money"
)

var update = flag.Bool("update", false, "write the portal's table as the code is now")

// The portal writes and reads amounts by the same digits: a browser's own are CLDR's, which would be wrong by a factor of
// a hundred for some. Every code that is taken here is in its table, and no other.
func TestThePortalHasTheSameCurrencies(t *testing.T) {
	const file = "../../portal/src/app/currencies.json"
	want := known()
	if *update {
		table, err := json.MarshalIndent(want, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(table, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]int
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(got, want) {
		t.Errorf("%s differs from what money says; go test ./internal/money -update writes it", file)
	}
}

// known has the digits of every code that is a currency's.
func known() map[string]int {
	all := map[string]int{}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			for c := 'A'; c <= 'Z'; c++ {
				if code := string([]rune{a, b, c}); money.Currency(code) {
					all[code] = money.Digits(code)
				}
			}
		}
	}
	return all
}
