package event_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/event"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/bus"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// subscriber stands where EventBridge does: it keeps what it took, and refuses what it is told to.
type subscriber struct {
	mu      sync.Mutex
	taken   []bus.Entry
	refuses func(bus.Entry) bool
	down    error
}

func (s *subscriber) Publish(_ context.Context, entries []bus.Entry) (map[int]error, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return nil, s.down
	}
	refused := map[int]error{}
	for i, e := range entries {
		if s.refuses != nil && s.refuses(e) {
			refused[i] = errors.New("refused")
		} else {
			s.taken = append(s.taken, e)
		}
	}
	return refused, nil
}

// ids are those of the events that were taken, each once, with their details.
func (s *subscriber) ids(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, e := range s.taken {
		if other, twice := found[e.ID]; twice && other != e.Type+string(e.Detail) {
			t.Errorf("two events have the id %s:\n%s\n%s", e.ID, other, e.Type+string(e.Detail))
		}
		found[e.ID] = e.Type + string(e.Detail)
	}
	return found
}

// crossed are the thresholds that were announced, each event once, in the order of the line's revs.
func (s *subscriber) crossed(t *testing.T) (found []string) {
	t.Helper()
	by := map[string]event.ThresholdCrossed{}
	for _, e := range s.taken {
		if e.Type == event.UsageThresholdCrossed {
			var c event.ThresholdCrossed
			if err := json.Unmarshal(e.Detail, &c); err != nil {
				t.Fatal(err)
			}
			by[c.ID] = c
		}
	}
	all := slices.SortedFunc(maps.Values(by), func(a, b event.ThresholdCrossed) int { return cmp.Or(a.Rev-b.Rev, int(a.Threshold-b.Threshold)) })
	for _, c := range all {
		found = append(found, fmt.Sprintf("%d of %d", c.Threshold, c.Reached))
	}
	return found
}

// crossings are the ids of the crossings that were announced, each once, sorted.
func (s *subscriber) crossings(t *testing.T) (found []string) {
	t.Helper()
	for _, e := range s.taken {
		if e.Type == event.UsageThresholdCrossed && !slices.Contains(found, e.ID) {
			found = append(found, e.ID)
		}
	}
	slices.Sort(found)
	return found
}

// count is how often a type was announced, copies among it.
func (s *subscriber) count(kind string) (n int) {
	for _, e := range s.taken {
		if e.Type == kind {
			n++
		}
	}
	return n
}

// world is an account on a table of its own, so that its stream has nothing else, and a publisher of it.
type world struct {
	t         *testing.T
	client    *dynamodb.Client
	name      string
	account   id.Account
	table     *table.Table
	faults    *table.Faults
	ids       *id.Maker
	seats     *seat.Store
	users     *user.Store
	contracts *contract.Store
	now       time.Time
	bus       *subscriber
	publisher *event.Publisher
}

func newWorld(t *testing.T) *world {
	t.Helper()
	client, name := enginetest.Own(t)
	faults := table.NewFaults(1)
	db, ids := table.New(client, name, faults), id.NewMaker(rand.Reader)
	seats := seat.NewStore(db, ids, catalog.NewStore(db, ids))
	w := &world{
		t: t, client: client, name: name, account: id.New[id.Account](ids, t0), table: db, faults: faults, ids: ids, seats: seats,
		users: user.NewStore(db, ids, seats.Follow), contracts: contract.NewStore(db, ids), now: t0, bus: &subscriber{},
	}
	w.publisher = event.NewPublisher(w.bus, db, func() time.Time { return w.now })
	ops, err := account.CreateOps(account.Account{ID: w.account, Name: "Exemple SA", Terms: account.DefaultTerms(), CreatedAt: t0})
	w.must(err)
	w.must(db.Write(t.Context(), ops...))
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// by is the operator, who does everything here.
func by() activity.Author { return activity.Author{Kind: access.Operator} }

// line makes a contract with one line; limit below zero is none set.
func (w *world) line(product string, limit int, expiry date.Date) id.Contract {
	w.t.Helper()
	c := contract.Contract{ID: id.New[id.Contract](w.ids, w.now), CRM: "800L2cEpVZzAQlxI0G", Facts: contract.Facts{Name: "Order form", Expiry: expiry, Purchased: 1}, TermsRev: 1}
	c.Products = c.Products.With(product)
	ops, err := contract.CreateOps(w.account, c.Settled(w.now))
	w.must(err)
	l := contract.NewLine(c, product, "The "+product)
	if limit >= 0 {
		l = l.With(contract.Quantities{Contracted: &limit})
	}
	op, err := contract.LineOp(w.account, contract.LineRow{}, l)
	w.must(err)
	w.must(w.table.Write(w.t.Context(), append(ops, op)...))
	return c.ID
}

func (w *world) people(n int) (all []id.User) {
	w.t.Helper()
	for i := range n {
		ch := user.Change{Account: w.account, Caller: access.Caller{Kind: access.Operator}, Now: w.now, By: by()}
		d := user.Details{Name: fmt.Sprintf("Person %03d", i), Email: fmt.Sprintf("person-%03d@example.com", i)}
		u, err := w.users.Add(w.t.Context(), ch, d, func(user.User) ([]table.Op, error) { return nil, nil })
		w.must(err)
		all = append(all, u.ID)
	}
	return all
}

func (w *world) assign(c id.Contract, product string, users ...id.User) {
	w.t.Helper()
	ch := seat.Change{Account: w.account, Today: "2026-11-21", Now: w.now, By: by()}
	done, err := w.seats.Assign(w.t.Context(), ch, seat.Order{Contract: c, Product: product, Users: users}, false, func(seat.Done) ([]table.Op, error) { return nil, nil })
	w.must(err)
	for _, o := range done.Outcomes {
		if o.Result != seat.Assigned {
			w.t.Fatalf("%s: %s", o.User, o.Result)
		}
	}
}

// seat changes how many of people sit on a line: in one change where it is more, one after the other where it is fewer.
func (w *world) seat(c id.Contract, product string, people []id.User, from, to int) {
	w.t.Helper()
	if to > from {
		w.assign(c, product, people[from:to]...)
		return
	}
	for _, u := range people[to:from] {
		w.free(c, product, u)
	}
}

func (w *world) free(c id.Contract, product string, u id.User) {
	w.t.Helper()
	_, err := w.seats.Remove(w.t.Context(), seat.Change{Account: w.account, Today: "2026-11-21", Now: w.now, By: by()}, c, product, u)
	w.must(err)
}

func (w *world) terms(c id.Contract, terms contract.Terms) {
	w.t.Helper()
	_, _, err := w.contracts.SetTerms(w.t.Context(), contract.Changing{Account: w.account, Now: w.now, By: by()}, c, terms, func(int) error { return nil })
	w.must(err)
}

// mapped gives a contract so many systems.
func (w *world) mapped(c id.Contract, n int) {
	w.t.Helper()
	row, _, err := w.contracts.Get(w.t.Context(), w.account, c)
	w.must(err)
	after := row.Contract
	after.Mapped = n
	ops, err := contract.ChangeOps(w.account, contract.Change{From: row, To: after})
	w.must(err)
	w.must(w.table.Write(w.t.Context(), ops...))
}

// stream is all that was written so far, in the order of the shards, as the engine's stream has it. The engine dates it by
// its own clock, which would let a day end within a test: here all of it happens at t0.
func (w *world) stream() (changes []table.Change) {
	w.t.Helper()
	ctx := w.t.Context()
	o := w.client.Options()
	streams := dynamodbstreams.New(dynamodbstreams.Options{Region: o.Region, Credentials: o.Credentials, BaseEndpoint: o.BaseEndpoint, HTTPClient: o.HTTPClient})
	list, err := streams.ListStreams(ctx, &dynamodbstreams.ListStreamsInput{TableName: &w.name})
	w.must(err)
	arn := list.Streams[0].StreamArn
	described, err := streams.DescribeStream(ctx, &dynamodbstreams.DescribeStreamInput{StreamArn: arn})
	w.must(err)
	for _, shard := range described.StreamDescription.Shards {
		from, err := streams.GetShardIterator(ctx, &dynamodbstreams.GetShardIteratorInput{StreamArn: arn, ShardId: shard.ShardId, ShardIteratorType: types.ShardIteratorTypeTrimHorizon})
		w.must(err)
		for at := from.ShardIterator; at != nil; {
			out, err := streams.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: at})
			w.must(err)
			for _, r := range out.Records {
				changes = append(changes, w.change(r.Dynamodb))
			}
			if at = out.NextShardIterator; len(out.Records) == 0 {
				break
			}
		}
	}
	return changes
}

func (w *world) change(r *types.StreamRecord) table.Change {
	w.t.Helper()
	image := func(item map[string]types.AttributeValue) table.Item {
		if len(item) == 0 {
			return nil
		}
		all, err := attributevalue.FromDynamoDBStreamsMap(item)
		w.must(err)
		return all
	}
	var key table.Key
	w.must(attributevalue.UnmarshalMap(image(r.Keys), &key))
	return table.Change{Sequence: *r.SequenceNumber, At: t0, Key: key, Was: image(r.OldImage), Is: image(r.NewImage)}
}

// derived are the rows that the publisher keeps.
func (w *world) derived() map[table.Key]table.Item {
	w.t.Helper()
	found := map[table.Key]table.Item{}
	for _, pk := range []string{table.Level(w.account, table.Key{}, 80).PK, table.Day(w.account, "", table.Key{}).PK, table.Overview(w.account).PK} {
		rows, _, err := w.table.Query(w.t.Context(), table.Query{PK: pk, Limit: 1000})
		w.must(err)
		for _, row := range rows {
			var key table.Key
			w.must(table.Decode(row, &key))
			found[key] = row
		}
	}
	return found
}

// overview is what the partner sees.
func (w *world) overview() (o account.Overview) {
	w.t.Helper()
	row, err := w.table.Get(w.t.Context(), table.Overview(w.account))
	w.must(err)
	w.must(table.Decode(row, &o))
	return o
}

// told are the revs of a line's rises to 80 and to 100 % that were announced last.
func (w *world) told(c id.Contract, product string) (revs [2]int) {
	w.t.Helper()
	for i, threshold := range contract.Levels() {
		row, err := w.table.Get(w.t.Context(), table.Level(w.account, table.Line(w.account, c, product), int(threshold)))
		w.must(err)
		var found struct{ Rev int }
		w.must(table.Decode(row, &found))
		revs[i] = found.Rev
	}
	return revs
}
