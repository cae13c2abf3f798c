package costcenter_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// Archiving is refused while a cost center carries seats, and an archived one carries none.
func TestACostCenterThatCarriesSeatsIsNotArchived(t *testing.T) {
	w := newWorld(t)
	cc, path := w.create("Paris")
	for range 2 {
		if err := w.carry(cc, 1); err != nil {
			t.Fatal(err)
		}
	}
	refused := w.change(http.StatusConflict, "cost_center_not_empty", path, `{"state":"archived"}`)
	if refused.Document["pools"] != 2.0 || !strings.Contains(refused.Word("detail"), "2") {
		t.Errorf("refused with %s", refused.Body)
	}
	w.change(http.StatusOK, "", path, `{"name":"Paris 2"}`)
	if err := w.carry(cc, -3); err == nil {
		t.Error("it carries seats on fewer lines than none")
	}
	if err := w.carry(cc, -2); err != nil {
		t.Fatal(err)
	}
	w.change(http.StatusOK, "", path, `{"state":"archived"}`)
	err := w.carry(cc, 1)
	unmet, _ := err.(*table.ConditionError)
	if unmet == nil {
		t.Fatalf("archived it took seats: %v", err)
	}
	image, _ := unmet.Image(1)
	row, err := costcenter.Read(image)
	if err != nil || !fault.Is(row.MayCarry(), "cost_center_archived") {
		t.Errorf("the row in the way says %v (%v)", row.MayCarry(), err)
	}
	if err := w.carry(id.New[id.CostCenter](w.IDs, w.Now), 1); err == nil {
		t.Error("a cost center that is not there took seats")
	}
	if err := (costcenter.CostCenter{}).MayCarry(); !fault.Is(err, "not_found") {
		t.Errorf("of one that is not there: %v, want not_found", err)
	}
}

func TestArchivingAndTheFirstSeatsDoNotCross(t *testing.T) {
	w := newWorld(t)
	for round := range 20 {
		cc, _ := w.create(fmt.Sprint("Round ", round))
		var archived, carried error
		var both sync.WaitGroup
		both.Go(func() {
			_, archived = w.store.Set(t.Context(), costcenter.Change{Account: w.Account, Now: w.Now}, cc, func(c costcenter.CostCenter) (costcenter.CostCenter, error) {
				c.State = costcenter.Archived
				return c, nil
			})
		})
		both.Go(func() { carried = w.carry(cc, 1) })
		both.Wait()
		row, err := w.store.Get(t.Context(), w.Account, cc)
		if err != nil || (archived == nil) == (carried == nil) || (row.State == costcenter.Archived) == (row.Pools == 1) {
			t.Fatalf("archiving: %v, carrying: %v, and it is %s with %d lines (%v)", archived, carried, row.State, row.Pools, err)
		}
	}
}

func TestAnArchiveDecidedOnAnOldRowIsDecidedAgain(t *testing.T) {
	w := newWorld(t)
	cc, _ := w.create("Paris")
	_, err := w.store.Set(t.Context(), costcenter.Change{Account: w.Account, Now: w.Now}, cc, func(c costcenter.CostCenter) (costcenter.CostCenter, error) {
		if c.Pools == 0 {
			if err := w.carry(cc, 1); err != nil {
				t.Fatal(err)
			}
		}
		c.State = costcenter.Archived
		return c, nil
	})
	if !fault.Is(err, "cost_center_not_empty") {
		t.Errorf("seats came between the decision and its write: %v, want cost_center_not_empty", err)
	}
}

// What a change costs is what the table's README says.
func TestWhatAChangeOfACostCenterCosts(t *testing.T) {
	w := newWorld(t)
	w.create("First") // the row of the count is there from now on
	ch := costcenter.Change{Account: w.Account, Now: w.Now}
	var made costcenter.CostCenter
	set := func(change func(*costcenter.CostCenter)) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := w.store.Set(ctx, ch, made.ID, func(c costcenter.CostCenter) (costcenter.CostCenter, error) {
				change(&c)
				return c, nil
			})
			return err
		}
	}
	for _, step := range []struct {
		name  string
		do    func(context.Context) error
		reads float64
		units float64
	}{
		{"create, found by one word", func(ctx context.Context) (err error) {
			made, err = w.store.Create(ctx, ch, "Paris", keepNothing)
			return err
		}, 2, 10 + 2},
		{"rename, found by another word", set(func(c *costcenter.CostCenter) { c.Name = "Lyon" }), 2, 11 + 2*2},
		{"archive", set(func(c *costcenter.CostCenter) { c.State = costcenter.Archived }), 2, 9},
	} {
		ctx, meter := table.WithMeter(t.Context())
		if err := step.do(ctx); err != nil {
			t.Fatal(err)
		}
		if meter.Calls() != 2 || meter.ReadUnits() != step.reads || meter.WriteUnits() != step.units {
			t.Errorf("%s: %d calls, %v read, %v write, want 2, %v, %v", step.name, meter.Calls(), meter.ReadUnits(), meter.WriteUnits(), step.reads, step.units)
		}
	}
	if cost := costcenter.CarryOp(w.Account, made.ID, 1).Cost(true); cost.Base != 2 || cost.Arms != 1 {
		t.Errorf("carrying seats costs %+v", cost)
	}
}
