package table_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// open gives the table with its fault points, and a partition of the test's own.
func open(t *testing.T) (*table.Table, *table.Faults, string) {
	t.Helper()
	client, name := enginetest.Open(t)
	faults := table.NewFaults(1)
	return table.New(client, name, faults), faults, "ACCOUNT#" + string(id.New[id.Account](id.NewMaker(rand.Reader), time.Now())) + "#TEST"
}

func n(v int) types.AttributeValue { return &types.AttributeValueMemberN{Value: strconv.Itoa(v)} }

func row(v int) table.Item { return table.Item{"v": n(v), "rev": n(1)} }

func value(item table.Item) string {
	v, _ := item["v"].(*types.AttributeValueMemberN)
	if v == nil {
		return ""
	}
	return v.Value
}

func TestATransactionChangesEverythingOrNothing(t *testing.T) {
	db, _, pk := open(t)
	ctx := t.Context()
	a, b := table.Key{PK: pk, SK: "a"}, table.Key{PK: pk, SK: "b"}
	if err := db.Write(ctx, table.Put(a, row(1), table.Absent()), table.Put(b, row(2), table.Absent())); err != nil {
		t.Fatal(err)
	}
	err := db.Write(ctx, table.Put(table.Key{PK: pk, SK: "c"}, row(3), table.Absent()), table.Put(b, row(4), table.Absent()))
	var unmet *table.ConditionError
	if !errors.As(err, &unmet) {
		t.Fatalf("got %v, want a condition that did not hold", err)
	}
	image, failed := unmet.Image(1)
	if _, first := unmet.Image(0); first || !failed || value(image) != "2" {
		t.Errorf("operation 1 met %v, want the row that was there with 2", image)
	}
	rows, err := db.GetMany(ctx, a, b, table.Key{PK: pk, SK: "c"})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 || value(rows[b]) != "2" {
		t.Errorf("rows are %v, want a and b unchanged and no c", rows)
	}
}

func TestASingleWriteTellsTheRowThatWasThere(t *testing.T) {
	db, _, pk := open(t)
	a := table.Key{PK: pk, SK: "a"}
	for i, want := range []string{"", "1"} {
		err := db.Write(t.Context(), table.Put(a, row(i+1), table.Absent()))
		var unmet *table.ConditionError
		errors.As(err, &unmet)
		got := ""
		if unmet != nil {
			image, _ := unmet.Image(0)
			got = value(image)
		}
		if got != want {
			t.Errorf("write %d met %q, want %q", i+1, got, want)
		}
	}
}

// Read, decide, write under rev: of those who decided on the same image one wins (DATA.md, Guards).
func TestOfManyWhoReplaceTheSameRevOneWins(t *testing.T) {
	for _, p := range []float64{0, 0.3} {
		t.Run(fmt.Sprintf("conflicts with probability %v", p), func(t *testing.T) {
			db, faults, pk := open(t)
			a := table.Key{PK: pk, SK: "a"}
			if err := db.Write(t.Context(), table.Put(a, row(0), table.Absent())); err != nil {
				t.Fatal(err)
			}
			was, err := db.Get(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			faults.Arm(table.Fault{Call: "write", Mode: table.Conflict, P: p})
			var wins sync.Map
			var all sync.WaitGroup
			for i := range 16 {
				all.Go(func() {
					beside := table.Put(table.Key{PK: pk, SK: fmt.Sprint("beside", i)}, row(i), table.Absent())
					if err := db.Write(t.Context(), table.Replace(a, was, row(i+1)), beside); err == nil {
						wins.Store(i, true)
					}
				})
			}
			all.Wait()
			faults.Arm()
			won := 0
			wins.Range(func(_, _ any) bool { won++; return true })
			if is, err := db.Get(t.Context(), a); err != nil || won != 1 || table.RevOf(is) != 2 {
				t.Errorf("%d won and the rev is %d (%v), want one and 2", won, table.RevOf(is), err)
			}
		})
	}
}

func TestAConflictIsRepeatedAndOneThatLastsIsBusy(t *testing.T) {
	db, faults, pk := open(t)
	faults.Arm(table.Fault{Call: "write", Mode: table.Conflict, P: 1, Times: 3})
	ctx, meter := table.WithMeter(t.Context())
	if err := db.Write(ctx, table.Put(table.Key{PK: pk, SK: "a"}, row(1), table.Absent()), table.Put(table.Key{PK: pk, SK: "b"}, row(1), table.Absent())); err != nil {
		t.Fatal(err)
	}
	if meter.Calls() != 4 || meter.Conflicts() != 3 {
		t.Errorf("%d calls with %d conflicts, want 4 with 3", meter.Calls(), meter.Conflicts())
	}
	faults.Arm(table.Fault{Call: "write", Mode: table.Conflict, P: 1})
	short, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	err := db.Write(short, table.Put(table.Key{PK: pk, SK: "c"}, row(1), table.Absent()))
	if f, ok := fault.Of(err); !ok || f.Code != "busy" || f.RetryAfter == 0 {
		t.Errorf("got %v, want busy with a time to come back", err)
	}
}

func TestALostAnswerLeavesTheChangeMade(t *testing.T) {
	db, faults, pk := open(t)
	a := table.Key{PK: pk, SK: "a"}
	faults.Arm(table.Fault{Call: "write", Mode: table.FailAfter, P: 1, Times: 1})
	if err := db.Write(t.Context(), table.Put(a, row(1), table.Absent())); !errors.Is(err, table.ErrFault) {
		t.Fatalf("got %v, want the fault", err)
	}
	if is, err := db.Get(t.Context(), a); err != nil || value(is) != "1" {
		t.Errorf("the row is %v (%v), want it written", is, err)
	}
	faults.Arm(table.Fault{Mode: table.FailBefore, P: 1, Times: 1})
	if err := db.Write(t.Context(), table.Delete(a, nil, table.Exists())); !errors.Is(err, table.ErrFault) {
		t.Fatalf("got %v, want the fault", err)
	}
	if is, err := db.Get(t.Context(), a); err != nil || is == nil {
		t.Errorf("the row is gone (%v), want it untouched", err)
	}
}

func TestAnAdditionCountsOnceBesideOthersAndNeverAlone(t *testing.T) {
	db, _, pk := open(t)
	counts := table.Key{PK: pk, SK: "COUNTS"}
	for i := range 3 {
		if err := db.Write(t.Context(), table.Add(counts, "v", 2), table.Put(table.Key{PK: pk, SK: fmt.Sprint(i)}, row(1), table.Absent())); err != nil {
			t.Fatal(err)
		}
	}
	if is, err := db.Get(t.Context(), counts); err != nil || value(is) != "6" {
		t.Errorf("the count is %q (%v), want 6", value(is), err)
	}
	if err := db.Write(t.Context(), table.Add(counts, "v", 1)); err == nil {
		t.Error("an addition alone was made: a lost answer would count it twice")
	}
}

func TestAQueryReadsItsStretchAndResumes(t *testing.T) {
	db, _, pk := open(t)
	var ops []table.Op
	for i := range 10 {
		item := row(i)
		table.Sorts{table.LSI1: fmt.Sprintf("word%d#x", 9-i)}.Put(item)
		ops = append(ops, table.Put(table.Key{PK: pk, SK: fmt.Sprint(i)}, item, table.Absent()))
	}
	if err := db.Write(t.Context(), ops...); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		q    table.Query
		want []string
	}{
		{"all", table.Query{}, []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}},
		{"the other way in another order", table.Query{Index: table.LSI1, Desc: true}, []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}},
		{"a prefix", table.Query{Index: table.LSI1, Prefix: "word3"}, []string{"6"}},
		{"from and to", table.Query{From: "3", To: "5"}, []string{"3", "4", "5"}},
		{"from", table.Query{From: "8"}, []string{"8", "9"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			q := test.q
			q.PK, q.Limit = pk, 3
			var got []string
			for range 5 {
				items, more, err := db.Query(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				for _, item := range items {
					got = append(got, value(item))
					q.After = table.At(item, q.Index)
				}
				if !more {
					break
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestManyRowsAreReadInBatchesAndTheMissingCostToo(t *testing.T) {
	db, _, pk := open(t)
	var keys []table.Key
	for i := range 150 {
		keys = append(keys, table.Key{PK: pk, SK: fmt.Sprintf("%03d", i)})
	}
	var ops []table.Op
	for _, k := range keys[:90] {
		ops = append(ops, table.Put(k, row(1), table.Absent()))
	}
	if err := db.Write(t.Context(), ops...); err != nil {
		t.Fatal(err)
	}
	ctx, meter := table.WithMeter(t.Context())
	rows, err := db.GetMany(ctx, append(keys, keys[0])...)
	if err != nil || len(rows) != 90 {
		t.Fatalf("%d rows (%v), want 90", len(rows), err)
	}
	if meter.Calls() != 2 || meter.ReadUnits() != 150 {
		t.Errorf("%d calls and %v units, want 2 and 150", meter.Calls(), meter.ReadUnits())
	}
}

func TestTermsFindByTheBeginningOfAnyWord(t *testing.T) {
	db, _, pk := open(t)
	add := func(entity, name string) {
		t.Helper()
		if err := db.Write(t.Context(), table.TermOps(pk, entity, "", nil, name, table.Terms(name))...); err != nil {
			t.Fatal(err)
		}
	}
	add("1", "Société Générale d'Électricité")
	add("2", "Electrolux GmbH")
	add("3", "Œnothèque du Rhône")
	for asked, want := range map[string][]string{
		"ELECTR": {"1", "2"}, "électri": {"1"}, "oeno": {"3"}, "rhone": {"3"}, "xyz": nil, "--": nil, "": nil,
	} {
		got, truncated, err := db.Search(t.Context(), pk, asked)
		if err != nil || truncated {
			t.Fatal(err, truncated)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", asked, diff)
		}
	}
	// A rename moves the words: those that stay sort by the new name.
	if err := db.Write(t.Context(), table.TermOps(pk, "2", "Electrolux GmbH", table.Terms("Electrolux GmbH"), "Zanussi GmbH", table.Terms("Zanussi GmbH"))...); err != nil {
		t.Fatal(err)
	}
	if got, _, _ := db.Search(t.Context(), pk, "electro"); got != nil {
		t.Errorf("the old name still finds %v", got)
	}
	if got, _, _ := db.Search(t.Context(), pk, "zan gmbh"); len(got) != 1 || !table.Matches("zan gmbh", "Zanussi GmbH") || table.Matches("zan gmbx", "Zanussi GmbH") {
		t.Errorf("the new name finds %v", got)
	}
}
