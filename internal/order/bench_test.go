package order_test

import (
	"net/http"
	"strconv"
	"testing"
)

// BenchmarkQuote quotes a cart of five rows; its allocations are what a change of the rules or of what is rehearsed costs.
func BenchmarkQuote(b *testing.B) {
	w := newWorld(b)
	products := []string{"phone", "mail", "fax", "chat", "desk"}
	for i, p := range products[2:] {
		w.sells(p, int64(500+i))
	}
	w.contract("2027-12-31", 100, products...)
	for i, p := range products {
		w.Want(http.StatusOK, "", w.buyer, http.MethodPut, w.path+"/cart/items/"+p, `{"quantity":`+strconv.Itoa(10+i)+`}`)
	}
	b.ReportAllocs()
	for b.Loop() {
		w.quoted(`{}`)
	}
}
