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

// Heal looks at a line whose level changed (contract, the index of what is due): where it rose to its level by a rev that
// is newer than what was announced last, the change's stream record was lost, and it is announced now; healed tells that.
// Then the line is taken out of the index. A crossing that is younger than the stream's usual delay is left where it is,
// for the next run.
//
// The events have the ids that the lost record would have given them. So whoever crashed between publishing and noting it,
// and a record that comes after all, makes nobody hear of it twice.
// 1 batch of reads, and 2 writes where something was lost, else 1.
func (p *Publisher) Heal(ctx context.Context, a id.Account, line table.Key, now time.Time) (healed bool, err error) {
	announced := table.Level(a, line)
	rows, err := p.table.GetMany(ctx, line, announced)
	if err != nil {
		return false, err
	}
	row, err := contract.ReadLine(rows[line])
	if err != nil || !row.There() {
		return false, err
	}
	var last levelRow
	if err := table.Decode(rows[announced], &last); err != nil {
		return false, err
	}
	events := Untold(a, last.Rev, row.Line)
	if age := now.Sub(row.When()); len(events) > 0 && age < settling && age > -settling { // clocks differ a little
		return false, nil
	}
	if err := p.send(ctx, events); err != nil {
		return false, err
	}
	if len(events) > 0 || last.Level != row.Level() {
		item, err := table.Encode(levelRow{row.Level(), row.Rev})
		if err == nil {
			err = p.table.Write(ctx, table.Put(announced, item, table.Newer(row.Rev)))
		}
		var newer *table.ConditionError
		if err != nil && !errors.As(err, &newer) {
			return false, err
		}
	}
	return len(events) > 0, p.contracts.Unmark(ctx, a, row)
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
