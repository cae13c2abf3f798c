package order

import "github.com/seatkeeper/seatkeeper/internal/id"

// Basis is what a quote was made from besides the catalog: once one of it is another, the quote is not the price any more.
type Basis struct {
	// Cart is a digest of what was in the cart, Terms the termsRev of each contract that it names.
	Cart  string              `dynamodbav:"cart"`
	Terms map[id.Contract]int `dynamodbav:"terms"`
	// Profile is a digest of what taxes and the two parties were made from.
	Profile string `dynamodbav:"profile"`
}
