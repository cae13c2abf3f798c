package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/infra/local/demo"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// now stands: records are kept by month, and the month may end while a test runs.
var now = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// house is the demo data in a table of the test's own, and one of its accounts.
type house struct {
	t       *testing.T
	client  *dynamodb.Client
	name    string
	table   *table.Table
	account id.Account
}

func newHouse(t *testing.T) *house {
	t.Helper()
	client, name := enginetest.Own(t)
	h := &house{t: t, client: client, name: name, table: table.New(client, name, nil)}
	w, err := demo.Seed{Table: h.table, Issuer: "https://issuer.example", Random: rand.Reader, Now: now, Notices: io.Discard}.Plant(t.Context())
	h.must(err)
	for _, key := range slices.Sorted(maps.Keys(w.Accounts)) {
		h.account = w.Accounts[key]
		if len(seats(h)) > 0 {
			return h
		}
	}
	t.Fatal("nobody of the demo data has a seat")
	return nil
}

func seats(h *house) []seat.Seat {
	h.t.Helper()
	rows, err := all(h.t.Context(), h.table, table.Query{PK: table.Seats(h.account)}, decoded[seat.Seat])
	h.must(err)
	return rows
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) recount(mend bool) (*recount, *bytes.Buffer) {
	out := &bytes.Buffer{}
	return &recount{
		table: h.table, ids: id.NewMaker(rand.Reader), now: now, account: h.account, mend: mend, out: out,
		by: activity.Author{Kind: access.Operator, Name: "Ada", UserAgent: "infra/recount"},
	}, out
}

// update changes a row by hand, past every guard; the rev stays. A lone # in the expression stands for a name that is given beside it.
func (h *house) update(key table.Key, expression string, values map[string]types.AttributeValue, names ...string) {
	h.t.Helper()
	in := &dynamodb.UpdateItemInput{
		TableName: &h.name, ExpressionAttributeValues: values,
		Key: map[string]types.AttributeValue{"PK": &types.AttributeValueMemberS{Value: key.PK}, "SK": &types.AttributeValueMemberS{Value: key.SK}},
	}
	for i, name := range names {
		if in.ExpressionAttributeNames == nil {
			in.ExpressionAttributeNames = map[string]string{}
		}
		placeholder := fmt.Sprint("#n", i)
		expression = strings.Replace(expression, "# ", placeholder+" ", 1)
		in.ExpressionAttributeNames[placeholder] = name
	}
	in.UpdateExpression = &expression
	_, err := h.client.UpdateItem(h.t.Context(), in)
	h.must(err)
}

func number(n int) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{":n": table.Number(n)}
}

// rows are those of the account's counters and of what they count.
func (h *house) rows() map[string]any {
	h.t.Helper()
	found := map[string]any{}
	for _, pk := range []string{table.Lines(h.account), table.Holding(h.account, "").PK, table.Seats(h.account), table.Contracts(h.account), table.CostCenters(h.account), table.Systems(h.account)} {
		rows, err := all(h.t.Context(), h.table, table.Query{PK: pk}, func(item table.Item) (map[string]any, error) {
			var row map[string]any
			return row, table.Decode(item, &row)
		})
		h.must(err)
		for _, row := range rows {
			delete(row, "rev") // what was mended has another
			delete(row, "GSI1PK")
			delete(row, "GSI1SK") // a line whose level changed by it is due
			found[fmt.Sprint(row["PK"], row["SK"])] = row
		}
	}
	return found
}

// records are those that recounts left.
func (h *house) records() (found []activity.Record) {
	h.t.Helper()
	rows, err := all(h.t.Context(), h.table, table.Query{PK: table.Activities(h.account, now)}, decoded[activity.Record])
	h.must(err)
	return slices.DeleteFunc(rows, func(r activity.Record) bool { return r.Action != activity.Recounted })
}

// taken is a seat that somebody has, of a cost center where there is one.
func (h *house) taken() seat.Seat {
	h.t.Helper()
	all := seats(h)
	if i := slices.IndexFunc(all, func(s seat.Seat) bool { return s.CostCenter != "" }); i >= 0 {
		return all[i]
	}
	h.t.Fatal("no cost center carries a seat of the demo data")
	return seat.Seat{}
}

// breaks are ways to have a counter wrong, one for each kind; each says what is printed of it.
func (h *house) breaks() map[string]func() {
	s := h.taken()
	line := table.Line(h.account, s.Contract, s.Product)
	return map[string]func(){
		"lines." + s.Product + ".used":       func() { h.update(line, "ADD used :n", number(3)) },
		"lines." + s.Product + ".available":  func() { h.update(line, "ADD available :n", number(-2)) },
		"lines." + s.Product + ".pools.none": func() { h.update(line, "SET pools.# .available = :n", number(99), "none") },
		"lines." + s.Product + ".limit":      func() { h.update(line, "SET # = :n", number(77), "limit") },
		"lines." + s.Product + ".attention":  h.attention(line),
		"seats." + s.Product:                 func() { h.update(table.Holding(h.account, s.User), "REMOVE seats.# ", nil, s.Product) },
		"systemsMapped":                      func() { h.update(table.Contract(h.account, s.Contract), "ADD mapped :n", number(1)) },
		", pools is":                         func() { h.update(table.CostCenter(h.account, s.CostCenter), "ADD pools :n", number(1)) },
		"contractsOverPurchased":             func() { h.update(table.ContractCounts(h.account), "SET # = :n", number(9), "over") },
		"activeCostCenters":                  func() { h.update(table.CostCenterCounts(h.account), "SET # = :n", number(0), "active") },
	}
}

// attention takes a line out of the attention list, or puts it in where it is not.
func (h *house) attention(line table.Key) func() {
	return func() {
		item, err := h.table.Get(h.t.Context(), line)
		h.must(err)
		if item["LSI2"] != nil {
			h.update(line, "REMOVE LSI2", nil)
			return
		}
		h.update(line, "SET LSI2 = :s", map[string]types.AttributeValue{":s": &types.AttributeValueMemberS{Value: table.Attention + line.SK}})
	}
}

// One house for all: its data takes longer to make than to count. Each leaves it as it was.
func TestCountersAreRecountedFromWhatTheyCount(t *testing.T) {
	h := newHouse(t)
	for name, rule := range map[string]func(*testing.T, *house){
		"what is off is said and mended":                                   whatIsOffIsSaidAndMended,
		"what changes meanwhile is left alone":                             whatChangesMeanwhileIsLeftAlone,
		"seats of nobody are said and left":                                seatsOfNobodyAreSaidAndLeft,
		"a pool that is missing is made with what its cost center carries": aPoolThatIsMissingIsMade,
	} {
		t.Run(name, func(t *testing.T) {
			h.t = t
			before := h.rows()
			rule(t, h)
			h.t = t
			if diff := cmp.Diff(before, h.rows()); diff != "" {
				t.Errorf("the house is left as another:\n%s", diff)
			}
		})
	}
}

// Every counter that was broken by hand: the dry run says so and changes nothing; --mend puts it right, with a record;
// then nothing is off. Seats themselves never change.
func whatIsOffIsSaidAndMended(t *testing.T, h *house) {
	dry, out := h.recount(false)
	if err := dry.run(t.Context()); err != nil {
		t.Fatalf("the demo data is off already: %v\n%s", err, out)
	}
	right := h.rows()
	for said, broken := range h.breaks() {
		t.Run(said, func(t *testing.T) {
			h.t = t
			before := len(h.records())
			broken()
			off := h.rows()
			dry, out := h.recount(false)
			if err := dry.run(t.Context()); err == nil || dry.off == 0 || !strings.Contains(out.String(), said) {
				t.Errorf("a dry run does not say that %s is off (%v):\n%s", said, err, out)
			}
			if diff := cmp.Diff(off, h.rows()); diff != "" || len(h.records()) != before {
				t.Errorf("a dry run changed something:\n%s", diff)
			}
			mending, out := h.recount(true)
			if err := mending.run(t.Context()); err != nil || mending.mended == 0 {
				t.Errorf("mended %d (%v):\n%s", mending.mended, err, out)
			}
			if diff := cmp.Diff(right, h.rows()); diff != "" {
				t.Errorf("mended it is not what it was (-was +is):\n%s", diff)
			}
			if n := len(h.records()) - before; n != mending.mended {
				t.Errorf("%d records of %d that were mended", n, mending.mended)
			}
			again, out := h.recount(false)
			if err := again.run(t.Context()); err != nil {
				t.Errorf("counted again: %v\n%s", err, out)
			}
		})
	}
}

// Whoever changes a counter while it is counted wins: what was counted is older than the row.
func whatChangesMeanwhileIsLeftAlone(t *testing.T, h *house) {
	s := h.taken()
	key := table.Line(h.account, s.Contract, s.Product)
	for _, mend := range []bool{false, true} {
		records := len(h.records())
		h.update(key, "ADD used :n", number(3))
		item, err := h.table.Get(t.Context(), key)
		h.must(err)
		row, err := contract.ReadLine(item)
		h.must(err)
		c, out := h.recount(mend)
		found := c.line(row, seat.TallyOf(seats(h)).Used[seat.OnLine{Contract: s.Contract, Product: s.Product}])
		h.update(key, "ADD rev :n, used :n", number(1))
		h.must(c.settle(t.Context(), found))
		if c.moved != 1 || c.mended != 0 || !strings.Contains(out.String(), "changed while it was counted") {
			t.Errorf("mend %v: %d moved, %d mended: %s", mend, c.moved, c.mended, out)
		}
		after, err := h.table.Get(t.Context(), key)
		h.must(err)
		now, err := contract.ReadLine(after)
		h.must(err)
		if now.Used != row.Used+1 || len(h.records()) > records {
			t.Errorf("mend %v: used is %d, want %d, with %d records more", mend, now.Used, row.Used+1, len(h.records())-records)
		}
		h.update(key, "ADD used :n", number(-4))
	}
}

// Seats that nothing can be held to are said, and left for somebody to decide.
func seatsOfNobodyAreSaidAndLeft(t *testing.T, h *house) {
	undisturbed := len(h.rows())
	s := h.taken()
	s.User, s.Product = id.New[id.User](id.NewMaker(rand.Reader), now), "no-such-product"
	item, err := table.Encode(s)
	h.must(err)
	h.must(h.table.Write(context.Background(), table.Put(table.Seat(h.account, s.User, s.Product), item, table.Absent())))
	before := h.rows()
	for _, mend := range []bool{false, true} {
		c, out := h.recount(mend)
		if err := c.run(t.Context()); err == nil || c.stuck != 2 || !strings.Contains(out.String(), "no-such-product") || !strings.Contains(out.String(), string(s.User)) {
			t.Errorf("mend %v: %v, %d stuck:\n%s", mend, err, c.stuck, out)
		}
	}
	if diff := cmp.Diff(before, h.rows()); diff != "" || len(before) != undisturbed+1 {
		t.Errorf("something changed:\n%s", diff)
	}
	h.must(h.table.Write(context.Background(), table.Delete(table.Seat(h.account, s.User, s.Product), item, table.Exists())))
}

// A pool of a cost center that is told of it: the line and what the cost center carries are put right together.
func aPoolThatIsMissingIsMade(t *testing.T, h *house) {
	s := h.taken()
	right := h.rows()
	key := table.Line(h.account, s.Contract, s.Product)
	line, err := h.table.Get(t.Context(), key)
	h.must(err)
	h.update(key, "REMOVE pools.# ", nil, string(s.CostCenter))
	h.update(table.CostCenter(h.account, s.CostCenter), "ADD pools :n", number(-1))
	c, out := h.recount(true)
	if err := c.run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	centers, err := costcenter.NewStore(h.table, nil).Rows(t.Context(), h.account, []id.CostCenter{s.CostCenter})
	h.must(err)
	was := right[table.CostCenters(h.account)+string(s.CostCenter)].(map[string]any)["pools"].(float64)
	if got := centers[s.CostCenter].Pools; float64(got) != was {
		t.Errorf("the cost center carries seats on %d lines, want %v:\n%s", got, was, out)
	}
	h.must(h.table.Write(t.Context(), table.Put(key, line, table.Exists()))) // how many it had purchased nobody can tell
}
