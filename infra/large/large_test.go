package main

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/system"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

func all[T any](t *testing.T, db *table.Table, partition string, read func(table.Item) (T, error)) []T {
	t.Helper()
	items, more, err := db.Query(t.Context(), table.Query{PK: partition, Limit: 1000})
	if err != nil || more {
		t.Fatalf("%s: more rows: %t, %v", partition, more, err)
	}
	found := make([]T, len(items))
	for i, item := range items {
		if found[i], err = read(item); err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// A figure that a row shows is one that its seats and systems add up to, also after a repeat.
func TestWhatIsWrittenAgrees(t *testing.T) {
	client, name := enginetest.Open(t)
	db := table.New(client, name, nil)
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	account := id.New[id.Account](id.NewMaker(rand.Reader), now)
	for range 2 {
		rows, err := newCrowd(account, now, 40, 20, 30).rows(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if err := write(t.Context(), client, name, rows); err != nil {
			t.Fatal(err)
		}
	}
	decode := func(item table.Item) (s seat.Seat, err error) { return s, table.Decode(item, &s) }
	seats := all(t, db, table.Seats(account), decode)
	if len(seats) != 40*products {
		t.Errorf("%d seats", len(seats))
	}
	tally := seat.TallyOf(seats)
	for _, l := range all(t, db, table.Lines(account), contract.ReadLine) {
		if used := tally.Used[seat.OnLine{Contract: l.Contract, Product: l.Product}][contract.Unassigned]; used != l.Used || l.Available != *l.Limit-used {
			t.Errorf("%s: %d used and %d available of %d; there are %d seats", l.Product, l.Used, l.Available, *l.Limit, used)
		}
	}
	holdings := all(t, db, table.Holding(account, "").PK, user.ReadHolding)
	if len(holdings) != 40 {
		t.Errorf("%d people", len(holdings))
	}
	for _, h := range holdings {
		if len(h.Seats) != products || len(tally.Held[h.User]) != products {
			t.Errorf("%s holds %d, and has %d seats", h.Name, len(h.Seats), len(tally.Held[h.User]))
		}
	}
	mapped := map[id.Contract]int{}
	for _, s := range all(t, db, table.Systems(account), system.Read) {
		mapped[s.Contract]++
	}
	covers := all(t, db, table.Contracts(account), contract.Read)
	if len(covers) != 20 {
		t.Errorf("%d contracts", len(covers))
	}
	for _, c := range covers {
		if c.Mapped != mapped[c.ID] {
			t.Errorf("%s: %d systems, not %d", c.Name, mapped[c.ID], c.Mapped)
		}
	}
}
