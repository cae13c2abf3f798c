package event

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// work is what follows from one record of the stream.
type work struct {
	table.Change
	account id.Account
	events  []Event
	// line is the line that changed, as it is after the change.
	line    contract.Line
	rose    []contract.Level // the thresholds that it rose over
	used    bool             // its use or its limit is another than before
	counted bool             // the account's overview may be another

	mu  sync.Mutex // rows of one record are written side by side
	err error
}

func (w *work) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.err = errors.Join(w.err, err)
}

// levelRow is the rev by which a line last rose to a threshold, of those rises that were announced. The sweep compares it
// with the line. Each threshold has its own, written by rises alone: what was announced of one says nothing of another, and
// a fall announces nothing.
type levelRow struct {
	Rev int `dynamodbav:"rev"`
}

// read says what follows from a change, by the partition that it was made in. Nothing follows from rows of other kinds.
func read(c table.Change) *work {
	w := &work{Change: c}
	a, noun, ok := c.Key.Noun()
	if !ok {
		return w
	}
	w.account = a
	var err error
	switch {
	case strings.HasPrefix(noun, "ACT#"):
		err = w.ofRecord()
	case noun == "LINES":
		err = w.ofLine()
	case noun == "CTR":
		if _, is := id.Parse[id.Contract](c.Key.SK); is { // the counts of contracts are there too
			err = w.ofContract()
		}
	}
	if err != nil {
		w.err = fmt.Errorf("record of %s: %w", c.Key.PK, err)
	}
	return w
}

// errOther says that a row does not hold what its key says.
var errOther = errors.New("the row is not what its key says")

// ofRecord: a record of activity is written once, and then only ever removed.
func (w *work) ofRecord() error {
	if w.Was != nil || w.Is == nil {
		return nil
	}
	var r activity.Record
	if err := table.Decode(w.Is, &r); err != nil {
		return err
	}
	if r.Account != w.account || table.Activity(r.Account, r.ID) != w.Key {
		return errOther
	}
	var err error
	w.events, err = OfRecord(r)
	return err
}

// ofLine: a line that is new announces nothing, whatever its level: it did not rise to it.
func (w *work) ofLine() error {
	before, err := lineOf(w.account, w.Key, w.Was)
	if err != nil {
		return err
	}
	after, err := lineOf(w.account, w.Key, w.Is)
	if err != nil || w.Is == nil {
		w.counted = w.Is == nil
		return err
	}
	w.line = after
	if w.Was != nil {
		w.events, w.rose = Crossings(w.account, w.At, before, after), risen(before, after)
	}
	w.used = w.Was == nil || before.Used != after.Used || !same(before.Limit, after.Limit)
	w.counted = w.Was == nil || before.Usage().State != after.Usage().State || before.Expiry != after.Expiry
	return nil
}

func lineOf(a id.Account, key table.Key, item table.Item) (contract.Line, error) {
	row, err := contract.ReadLine(item)
	if err == nil && item != nil && (table.Line(a, row.Contract, row.Product) != key || row.Rev < 1) {
		err = errOther
	}
	return row.Line, err
}

// ofContract: a contract that is new has no systems on it, so it is not over. One that comes to a step of its ladder may
// be due from this day on, or expired, with its lines: that is how an overview follows the days.
func (w *work) ofContract() error {
	before, err := contractOf(w.Key, w.Was)
	if err != nil {
		return err
	}
	after, err := contractOf(w.Key, w.Is)
	if err != nil {
		return err
	}
	if w.Was != nil && w.Is != nil {
		w.events = Overrun(w.account, w.At, before, after)
	}
	w.counted = w.Was == nil || w.Is == nil || before.Expiry != after.Expiry || before.Swept != after.Swept || before.Told != after.Told || (before.Over() > 0) != (after.Over() > 0)
	return nil
}

func contractOf(key table.Key, item table.Item) (contract.Contract, error) {
	row, err := contract.Read(item)
	if err == nil && item != nil && (string(row.ID) != key.SK || row.Rev < 1) {
		err = errOther
	}
	return row.Contract, err
}
