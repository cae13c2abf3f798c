package contract_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// A product is lacking where no contract that is active on the day has a line of it.
func TestAnAccountLacksWhatNoActiveContractHas(t *testing.T) {
	client, name := enginetest.Open(t)
	on, ids := table.New(client, name, nil), id.NewMaker(rand.Reader)
	a, store := id.New[id.Account](ids, time.Now()), contract.NewStore(on, ids)
	for _, l := range []struct {
		product string
		expiry  date.Date
	}{{"a", "2027-01-01"}, {"a-b", "2026-11-21"}, {"c", "2026-01-01"}, {"c", "2026-11-22"}, {"e", "2027-01-01"}} {
		c := contract.Contract{ID: id.New[id.Contract](ids, time.Now())}
		c.Expiry = l.expiry
		op, err := contract.LineOp(a, contract.LineRow{}, contract.NewLine(c, l.product, l.product))
		if err == nil {
			err = on.Write(t.Context(), op)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, meter := table.WithMeter(t.Context())
	got, err := store.Lacking(ctx, a, "2026-11-21", []string{"a", "a-b", "b", "c", "d"})
	if diff := cmp.Diff([]string{"a-b", "b", "d"}, got); err != nil || diff != "" || meter.Calls() != 1 {
		t.Errorf("%d calls, %v (-want +got):\n%s", meter.Calls(), err, diff)
	}
	if got, err := store.Lacking(ctx, a, "2026-11-21", nil); err != nil || got != nil || meter.Calls() != 1 {
		t.Errorf("of nothing it lacks %v (%v)", got, err)
	}
}
