package money_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/seatkeeper/seatkeeper/internal/money"
)

func TestAPartIsRoundedToWholeUnitsHalvesUp(t *testing.T) {
	for _, row := range []struct{ amount, num, den, want int64 }{
		{1000, 10, 31, 323}, // 322.58
		{1000, 1, 3, 333},
		{5, 1, 2, 3}, // a half goes up
		{4999, 365, 365, 4999},
		{4999, 0, 365, 0},
		{1 << 60, 365, 365, 1 << 60}, // 64 bits would not hold the product
	} {
		if got := money.Part(row.amount, row.num, row.den); got != row.want {
			t.Errorf("%d × %d ÷ %d = %d, want %d", row.amount, row.num, row.den, got, row.want)
		}
	}
}

// A part is the exact quotient, rounded by at most half a unit.
func TestAPartIsWithinHalfAUnitOfTheQuotient(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount, num, den := rapid.Int64Range(0, 1<<50).Draw(t, "amount"), rapid.Int64Range(0, 400).Draw(t, "num"), rapid.Int64Range(1, 400).Draw(t, "den")
		exact := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(amount), big.NewInt(num)), big.NewInt(den))
		off := new(big.Rat).Sub(exact, new(big.Rat).SetInt64(money.Part(amount, num, den)))
		if off.Abs(off).Cmp(big.NewRat(1, 2)) > 0 {
			t.Errorf("%d × %d ÷ %d is off by %s", amount, num, den, off.FloatString(3))
		}
	})
}

func TestWhatIsSplitSumsToTheWholeAndNobodyIsOffByAUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(0, 1<<50).Draw(t, "amount")
		weights := rapid.SliceOfN(rapid.Int64Range(0, 10_000), 1, 50).Draw(t, "weights")
		weights[0]++
		var all, sum int64
		for _, w := range weights {
			all += w
		}
		for i, part := range money.Split(amount, weights) {
			sum += part
			exact := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(amount), big.NewInt(weights[i])), big.NewInt(all))
			off := new(big.Rat).Sub(exact, new(big.Rat).SetInt64(part))
			if off.Abs(off).Cmp(big.NewRat(1, 1)) >= 0 {
				t.Errorf("part %d of %d is %d", i, amount, part)
			}
		}
		if sum != amount {
			t.Errorf("the parts of %d sum to %d", amount, sum)
		}
	})
}
