package seat_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/seat"
)

// Many products of one user in one call: a result for each, a refusal where nothing could be done, and no more products
// than one transaction holds (issue 5, 1).
func TestManyProductsOfOneUserInOneCall(t *testing.T) {
	f := newFloor(t)
	products := many(2 * 24)
	for _, p := range products {
		f.line(p, 5, "2027-01-01")
	}
	u := f.reader("Ada", "").ID
	call := func(status int, code string, u id.User, add, remove []string) map[string]any {
		t.Helper()
		type wanted struct {
			ProductID string `json:"productId"`
		}
		body := struct {
			Add    []wanted `json:"add,omitempty"`
			Remove []string `json:"remove,omitempty"`
		}{Remove: remove}
		for _, p := range add {
			body.Add = append(body.Add, wanted{p})
		}
		sent, err := json.Marshal(body)
		f.must(err)
		return f.office.Want(status, code, f.admin, http.MethodPatch, f.path("/users/%s/seats", u), string(sent)).Document
	}
	results := func(document map[string]any) map[string]int {
		counts := map[string]int{}
		list, _ := document["results"].([]any)
		for _, r := range list {
			result, _ := r.(map[string]any)["result"].(string)
			counts[result]++
		}
		return counts
	}
	call(http.StatusOK, "", u, products[:24], nil)
	if got := results(call(http.StatusOK, "", u, products[24:], products[:24])); got["removed"] != 24 || got["assigned"] != 24 {
		t.Errorf("as many as one transaction holds: %v", got)
	}
	before := f.holding(u)
	call(http.StatusUnprocessableEntity, "invalid_request", u, products[:24], append(slices.Clone(products[24:]), "one-too-many"))
	call(http.StatusUnprocessableEntity, "invalid_request", u, []string{products[0]}, []string{products[0]})
	call(http.StatusUnprocessableEntity, "invalid_request", u, []string{"a", "a"}, nil)
	call(http.StatusUnprocessableEntity, "invalid_request", u, nil, nil)
	call(http.StatusNotFound, "not_found", id.New[id.User](f.ids, f.now), products[:1], nil)
	call(http.StatusNotFound, "not_found", "somebody", products[:1], nil)
	full := f.line("full", 0, "2027-01-01")
	refused := call(http.StatusConflict, string(seat.LimitReached), u, []string{"full"}, nil)
	if refused["available"] != 0.0 || refused["requested"] != 1.0 {
		t.Errorf("of %s: %v", full, refused)
	}
	refused = call(http.StatusConflict, "seats_refused", u, []string{"full", "unknown"}, nil)
	if got := results(refused); got[string(seat.LimitReached)] != 1 || got[string(seat.NoContract)] != 1 {
		t.Errorf("refused for two reasons: %v", got)
	}
	if is := f.holding(u); is.Rev != before.Rev {
		t.Errorf("what was refused changed what they hold: %v", is)
	}
	if got := results(call(http.StatusOK, "", u, []string{"full", products[0]}, nil)); got["assigned"] != 1 || got[string(seat.LimitReached)] != 1 {
		t.Errorf("one of two: %v", got)
	}
	f.recount()
}
