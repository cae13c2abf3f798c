// Package money owns amounts: whole minor units of a currency, how they are multiplied, shared and rounded. No amount is
// ever a float. It does not own what something costs (package catalog), nor taxes (package tax).
package money

import (
	"math/bits"
	"slices"
)

// Money is an amount in the minor units of its currency, cents for most: what the API shows.
type Money struct {
	Amount   int64  `dynamodbav:"amount" json:"amount" doc:"Minor units, such as cents."`
	Currency string `dynamodbav:"currency" json:"currency" minLength:"3" maxLength:"3" doc:"ISO 4217."`
}

// Part is amount × num ÷ den in whole minor units, halves away from zero. amount and num are not below zero, den is above
// it. The product is held in 128 bits, so nothing is lost before the division; a result of more than 63 bits is cut to
// the greatest amount.
func Part(amount, num, den int64) int64 {
	const most = uint64(1<<63 - 1)
	hi, lo := bits.Mul64(uint64(amount), uint64(num))
	lo, carry := bits.Add64(lo, uint64(den)/2, 0)
	hi += carry
	if hi >= uint64(den) {
		return int64(most)
	}
	q, _ := bits.Div64(hi, lo, uint64(den))
	return int64(min(q, most))
}

// Split shares an amount out by weights, in whole minor units that sum to it: each gets its share rounded down, and what
// is left goes, a unit each, to those that lost most by that; of equal ones to the first. The weights are not below zero
// and one at least is above it.
func Split(amount int64, weights []int64) []int64 {
	var sum int64
	for _, w := range weights {
		sum += w
	}
	parts, lost := make([]int64, len(weights)), make([]uint64, len(weights))
	left := amount
	order := make([]int, len(weights))
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(amount), uint64(w))
		q, r := bits.Div64(hi, lo, uint64(sum))
		parts[i], lost[i], order[i] = int64(q), r, i
		left -= parts[i]
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case lost[a] > lost[b]:
			return -1
		case lost[a] < lost[b]:
			return 1
		}
		return 0
	})
	for _, i := range order[:left] {
		parts[i]++
	}
	return parts
}
