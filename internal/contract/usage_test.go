package contract_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/seatkeeper/seatkeeper/infra/apitest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// A banner stands while a line of an active contract is full (FEATURES.md, Seats): lines of expired contracts stay in the
// attention list, and hide nothing behind them. What is looked at is bounded all the same, and the answer says so.
func TestLinesOfExpiredContractsHideNoBanner(t *testing.T) {
	o := apitest.New(t)
	contract.Register(o.API, contract.NewStore(o.Table, o.IDs), o.Accounts)
	full := func(product string, expiry date.Date, n int) {
		t.Helper()
		var ops []table.Op
		for range n {
			c := contract.Contract{ID: id.New[id.Contract](o.IDs, o.Now), Facts: contract.Facts{Expiry: expiry}}
			l := contract.NewLine(c, product, "").With(contract.Quantities{Contracted: seats(1)}).Taken(map[contract.PoolID]int{none: 1})
			op, err := contract.LineOp(o.Account, contract.LineRow{}, l)
			if err != nil {
				t.Fatal(err)
			}
			ops = append(ops, op)
		}
		for some := range slices.Chunk(ops, table.MaxOps) {
			if err := o.Table.Write(t.Context(), some...); err != nil {
				t.Fatal(err)
			}
		}
	}
	viewer := o.Member(o.Account, access.Viewer)
	says := func(what, want string) {
		t.Helper()
		got := o.Want(http.StatusOK, "", viewer, http.MethodGet, "/v1/accounts/"+string(o.Account)+"/usage", "").Document
		said := fmt.Sprint(got["truncated"] == true)
		for _, v := range got["banners"].([]any) {
			said += fmt.Sprintf(" %v %v", v.(map[string]any)["code"], v.(map[string]any)["count"])
		}
		if said != want {
			t.Errorf("%s: truncated and banners are %q, want %q", what, said, want)
		}
	}
	full("a-gone", "2020-01-01", 201)
	full("b-here", "2027-01-01", 1)
	says("behind 201 lines of expired contracts", "false full 1")
	full("a-gone", "2020-01-01", 800)
	says("behind more than is looked at", "true")
}
