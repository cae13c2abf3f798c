package faults_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/check"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/system"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// books are the rows of an account that count, and that are counted.
type books struct {
	t     testing.TB
	table *table.Table
	a     id.Account
}

func (b books) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// all are the rows of a stretch.
func (b books) all(pk, prefix string) []table.Item {
	b.t.Helper()
	items, more, err := b.table.Query(b.t.Context(), table.Query{PK: pk, Prefix: prefix, Limit: 1000})
	b.must(err)
	if more {
		b.t.Fatalf("%s has more rows than this test reads", pk)
	}
	return items
}

// off says which counters are not what they count, by the rules that infra/recount mends them by (DATA.md, Guards): pools
// come to the limit, lines and people to their seats, cost centers to the lines, contracts to their systems.
func (b books) off() string {
	b.t.Helper()
	var record activity.Record
	strays := b.seats(&record)
	mapped := map[id.Contract]int{}
	for _, item := range b.all(table.Systems(b.a), "sys_") {
		var s system.System
		b.must(table.Decode(item, &s))
		if s.Contract != "" {
			mapped[s.Contract]++
		}
	}
	var agreed []contract.Contract
	for _, item := range b.all(table.Contracts(b.a), "ctr_") {
		row, err := contract.Read(item)
		b.must(err)
		activity.Changed(&record, string(row.ID)+" systems", row.Mapped, mapped[row.ID])
		delete(mapped, row.ID)
		agreed = append(agreed, row.Contract)
	}
	strays += len(mapped)
	item, err := b.table.Get(b.t.Context(), table.ContractCounts(b.a))
	b.must(err)
	over, err := contract.ReadCounts(item)
	b.must(err)
	activity.Changed(&record, "contracts over", over.Over, contract.RecountedOver(agreed))
	diff := cmp.Diff(record.Before, record.After)
	if strays > 0 {
		diff += fmt.Sprintf("%d seats or systems of nobody, or on nothing", strays)
	}
	return diff
}

// seats notes what is off of lines, people and cost centers, and answers how much there is of nobody.
func (b books) seats(record *activity.Record) (strays int) {
	b.t.Helper()
	var sat []seat.Seat
	for _, item := range b.all(table.Seats(b.a), "") {
		var s seat.Seat
		b.must(table.Decode(item, &s))
		sat = append(sat, s)
	}
	tally := seat.TallyOf(sat)
	for _, item := range b.all(table.Holding(b.a, "").PK, "") {
		row, err := user.ReadHolding(item)
		b.must(err)
		seat.NoteRecount(record, row.Holding, tally.Held[row.User])
		delete(tally.Held, row.User)
	}
	var lines []contract.Line
	for _, item := range b.all(table.Lines(b.a), "") {
		row, err := contract.ReadLine(item)
		b.must(err)
		on := seat.OnLine{Contract: row.Contract, Product: row.Product}
		contract.NoteRecount(record, row, row.Recounted(tally.Used[on]))
		delete(tally.Used, on)
		lines = append(lines, row.Line)
	}
	carried := contract.CarriedBy(lines)
	active := 0
	for _, item := range b.all(table.CostCenters(b.a), "cc_") {
		row, err := costcenter.Read(item)
		b.must(err)
		activity.Changed(record, string(row.ID), row.Pools, carried[row.ID])
		delete(carried, row.ID)
		active += costcenter.RecountedActive([]costcenter.CostCenter{row.CostCenter})
	}
	item, err := b.table.Get(b.t.Context(), table.CostCenterCounts(b.a))
	b.must(err)
	counts, err := costcenter.ReadCounts(item)
	b.must(err)
	activity.Changed(record, "active cost centers", counts.Active, active)
	return len(tally.Held) + len(tally.Used) + len(carried)
}

// records are the activity records among rows that are new.
func records(t testing.TB, was, is map[table.Key]table.Item) (all []activity.Record) {
	t.Helper()
	for key, row := range is {
		if was[key] != nil || !strings.HasPrefix(key.SK, "act_") {
			continue
		}
		var r activity.Record
		if err := table.Decode(row, &r); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// changes are what the stream of the table tells of rows.
func changes(was, is map[table.Key]table.Item) (all []table.Change) {
	for key := range was {
		if was[key] != nil || is[key] != nil {
			all = append(all, table.Change{Sequence: fmt.Sprint(len(all)), At: check.Now(), Key: key, Was: was[key], Is: is[key]})
		}
	}
	return all
}
