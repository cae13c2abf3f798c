package event

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/bus"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// settling is for how long a crossing is left to the stream: records come within seconds, and a function that failed over
// one is called again within minutes. Longer ago it was lost, or will not be sooner than we are.
const settling = 10 * time.Minute

// Heal looks at a line whose level changed (contract, the index of what is due): where it rose to a threshold that it is at
// by a rev that is newer than the one announced of that threshold last, the change's stream record was lost, and it is
// announced now; healed tells that. Then the line is taken out of the index. A crossing that is younger than the stream's
// usual delay is left where it is, for the next run.
//
// The events have the ids that the lost record would have given them. So whoever crashed between publishing and noting it,
// and a record that comes after all, makes nobody hear of it twice.
// 1 batch of 3 reads and 1 write; 1 write more for each threshold that was lost.
func (p *Publisher) Heal(ctx context.Context, a id.Account, line table.Key, now time.Time) (healed bool, err error) {
	keys := []table.Key{line}
	for _, threshold := range contract.Levels() {
		keys = append(keys, table.Level(a, line, int(threshold)))
	}
	rows, err := p.table.GetMany(ctx, keys...)
	if err != nil {
		return false, err
	}
	row, err := contract.ReadLine(rows[line])
	if err != nil || !row.There() {
		return false, err
	}
	told := map[contract.Level]int{}
	for _, threshold := range contract.Levels() {
		var last levelRow
		if err := table.Decode(rows[table.Level(a, line, int(threshold))], &last); err != nil {
			return false, err
		}
		told[threshold] = last.Rev
	}
	events := Untold(a, told, row.Line)
	if age := now.Sub(row.When()); len(events) > 0 && age < settling && age > -settling { // clocks differ a little
		return false, nil
	}
	if err := p.send(ctx, events); err != nil {
		return false, err
	}
	for _, e := range events {
		over := e.Detail.(ThresholdCrossed)
		if err := p.note(ctx, table.Level(a, line, int(over.Threshold)), over.Rev); err != nil {
			return false, err
		}
	}
	return len(events) > 0, p.contracts.Unmark(ctx, a, row)
}

// note writes down which rise was announced, if no newer one is.
func (p *Publisher) note(ctx context.Context, announced table.Key, rev int) error {
	item, err := table.Encode(levelRow{rev})
	if err == nil {
		err = p.table.Write(ctx, table.Put(announced, item, table.Newer(rev)))
	}
	var newer *table.ConditionError
	if errors.As(err, &newer) {
		return nil
	}
	return err
}

// send publishes events of which all must be taken.
func (p *Publisher) send(ctx context.Context, events []Event) error {
	if len(events) == 0 {
		return nil
	}
	entries := make([]bus.Entry, len(events))
	for i, e := range events {
		var err error
		if entries[i], err = e.Entry(); err != nil {
			return err
		}
	}
	refused, err := p.bus.Publish(ctx, entries)
	for _, why := range refused {
		err = errors.Join(err, why)
	}
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}
