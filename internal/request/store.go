package request

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// rounds is how often a decision is made again on a fresh row (DATA.md, Guards).
const rounds = 5

// Store keeps requests.
type Store struct {
	table   *table.Table
	ids     *id.Maker
	catalog *catalog.Store
}

// NewStore keeps them in t; new ones get their ids from ids, and their products are named by the catalog.
func NewStore(t *table.Table, ids *id.Maker, products *catalog.Store) *Store {
	return &Store{t, ids, products}
}

// Change is who sends or changes a request, and when.
type Change struct {
	Account id.Account
	Caller  access.Caller
	Now     time.Time
	By      activity.Author
}

// Row is a request as it was read: what it says, and the row that a change is made over.
type Row struct {
	Request
	was table.Item
}

// Read understands a row; nil is a request that is not there, which is in no state.
func Read(item table.Item) (Row, error) {
	r := Row{was: item}
	return r, table.Decode(item, &r.Request)
}

func encode(r Request) (table.Item, error) {
	item, err := table.Encode(r)
	if err == nil {
		table.RequestSorts(string(r.State), r.ID).Put(item)
	}
	return item, err
}

// mostOpen is how many open requests of an account are looked at for one person's.
const mostOpen = 200

// Send keeps a new request: 1 Query, 1 transaction; its event has those mailed who are asked. Refused is one of a person
// who has MaxOpen open (too_many_requests). keep adds the record of the idempotency key.
func (s *Store) Send(ctx context.Context, ch Change, r Request, keep func(Request) ([]table.Op, error)) (Request, error) {
	open, _, err := table.Page[Request](ctx, s.table, table.Query{PK: table.Requests(ch.Account), Index: table.LSI1, Prefix: string(Open) + "#", Limit: mostOpen})
	if err != nil {
		return Request{}, err
	}
	mine := 0
	for _, o := range open {
		if o.Author.User == ch.Caller.User {
			mine++
		}
	}
	if mine >= MaxOpen {
		return Request{}, fault.New(fault.Conflict, "too_many_requests", fault.Int("max", MaxOpen))
	}
	r.ID, r.State, r.CreatedAt, r.Rev = id.New[id.Request](s.ids, ch.Now), Open, ch.Now.UTC().Truncate(time.Millisecond), 1
	item, err := encode(r)
	if err != nil {
		return Request{}, err
	}
	record := activity.New(s.ids, ch.Now, ch.Account, ch.By, activity.RequestSent, r.Thing())
	record.After = activity.Values{"kind": r.Kind, "to": r.To, "state": r.State}
	recorded, err := record.Op()
	if err != nil {
		return Request{}, err
	}
	kept, err := keep(r)
	if err != nil {
		return Request{}, err
	}
	return r, s.table.Write(ctx, append([]table.Op{table.Put(table.Request(ch.Account, r.ID), item, table.Absent()), recorded}, kept...)...)
}

// Get reads a request: 1 call, 1 unit for each 4 KB. One that the caller may not see is not there.
func (s *Store) Get(ctx context.Context, a id.Account, r id.Request, c access.Caller) (Request, error) {
	found, err := s.get(ctx, a, r, c)
	return found.Request, err
}

func (s *Store) get(ctx context.Context, a id.Account, r id.Request, c access.Caller) (Row, error) {
	item, err := s.table.Get(ctx, table.Request(a, r))
	if err != nil {
		return Row{}, err
	}
	found, err := Read(item)
	switch {
	case err != nil:
		return Row{}, err
	case item == nil, !found.Sees(c):
		return Row{}, fault.Missing()
	}
	return found, nil
}

// actions are what a request's way into a state is called.
var actions = map[State]activity.Action{
	InCart: activity.RequestInCart, Answered: activity.RequestAnswered, Declined: activity.RequestAnswered, Withdrawn: activity.RequestWithdrawn,
	Open: activity.RequestReopened,
}

// Settle brings a request into a state that the caller may bring it into, with what they say: 2 calls, again where somebody
// was faster. In its state already, by the same person with the same words, nothing is written.
func (s *Store) Settle(ctx context.Context, ch Change, r id.Request, to State, message string) (Request, error) {
	for range rounds {
		after, ops, err := s.settleOps(ctx, ch, r, to, message)
		if err != nil || len(ops) == 0 {
			return after, err
		}
		err = s.table.Write(ctx, ops...)
		var unmet *table.ConditionError
		if !errors.As(err, &unmet) {
			return after, err
		}
		table.Pause(ctx)
	}
	return Request{}, fault.New(fault.Busy, "busy").After(time.Second)
}

// settleOps are the writes by which a request comes into a state; none where it is in it already: 1 call.
func (s *Store) settleOps(ctx context.Context, ch Change, r id.Request, to State, message string) (Request, []table.Op, error) {
	found, err := s.get(ctx, ch.Account, r, ch.Caller)
	if err != nil {
		return Request{}, nil, err
	}
	answer := answerOf(ch.By, ch.Now, message)
	if was := found.Answer; to != InCart && found.State == to && was != nil && was.By == answer.By && was.User == answer.User && was.Message == message {
		return found.Request, nil, nil
	}
	if to != InCart {
		if refused := found.may(ch.Caller, to); refused != nil {
			return Request{}, nil, refused
		}
	} else if refused := found.untouched(); refused != nil {
		return Request{}, nil, refused
	}
	after, op, err := found.into(ch.Account, to, answer, "")
	if err != nil {
		return Request{}, nil, err
	}
	recorded, err := s.recorded(ch, found.Request, to)
	return after, []table.Op{op, recorded}, err
}

// recorded is the record of a request's way into a state.
func (s *Store) recorded(ch Change, r Request, to State) (table.Op, error) {
	record := activity.New(s.ids, ch.Now, ch.Account, ch.By, actions[to], r.Thing())
	activity.Set(&record, "state", r.State, to)
	return record.Op()
}

// into is the request in another state, and its write over the row that was read. One that is open again has no answer.
func (r Row) into(a id.Account, to State, by Answer, order id.Order) (Request, table.Op, error) {
	after := r.Request
	after.State, after.Answer, after.Order = to, &by, order
	if to == Open {
		after.Answer = nil
	}
	item, err := encode(after)
	return after, table.Replace(table.Request(a, r.ID), r.was, item), err
}

// OrderOp is the write by which an order closes a request whose products were put into its cart. The order's own record
// tells of it.
func (r Row) OrderOp(ch Change, o id.Order) (table.Op, error) {
	_, op, err := r.into(ch.Account, Ordered, answerOf(ch.By, ch.Now, ""), o)
	return op, err
}

// GiveBackOps are the writes by which requests whose products were taken out of a cart wait for an answer again, those of them
// that are still in it, with their records: 1 call, none where none is named.
func (s *Store) GiveBackOps(ctx context.Context, ch Change, requests []id.Request) ([]table.Op, error) {
	if len(requests) == 0 {
		return nil, nil
	}
	keys := make([]table.Key, len(requests))
	for i, r := range requests {
		keys[i] = table.Request(ch.Account, r)
	}
	rows, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return nil, err
	}
	var ops []table.Op
	for _, key := range keys {
		found, err := Read(rows[key])
		if err != nil {
			return nil, err
		}
		if found.State != InCart {
			continue
		}
		again, err := s.ReopenOps(ch, found)
		if err != nil {
			return nil, err
		}
		ops = append(ops, again...)
	}
	return ops, nil
}

// ReopenOps are the writes by which a request that is in a cart waits for an answer again: itself, and its record.
func (s *Store) ReopenOps(ch Change, r Row) ([]table.Op, error) {
	_, op, err := r.into(ch.Account, Open, Answer{}, "")
	if err != nil {
		return nil, err
	}
	recorded, err := s.recorded(ch, r.Request, Open)
	return []table.Op{op, recorded}, err
}

// List reads requests, the newest first, of one state where it is named: 1 Query. Who does not manage requests is shown
// their own, so that a page may be shorter than limit while others follow.
func (s *Store) List(ctx context.Context, a id.Account, state State, c access.Caller, after *table.Position, limit int) ([]Request, *table.Position, error) {
	q := table.Query{PK: table.Requests(a), Desc: true, Limit: limit, After: after}
	if state != "" {
		q.Index, q.Prefix = table.LSI1, string(state)+"#"
	}
	found, next, err := table.Page[Request](ctx, s.table, q)
	if err != nil {
		return nil, nil, err
	}
	return slices.DeleteFunc(found, func(r Request) bool { return !r.Sees(c) }), next, nil
}
