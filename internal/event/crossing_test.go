package event_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/event"
	"github.com/seatkeeper/seatkeeper/internal/id"
)

const (
	anAccount  id.Account  = "acc_01KE6P4YM08EJZWGJN6B3ZCKT4"
	aContract  id.Contract = "ctr_01KE6P4YM08EJZWGJN6B3ZCKT5"
	lineEvents             = "evt_ctr_01KE6P4YM08EJZWGJN6B3ZCKT5_PBX-USER"
)

var t0 = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// line is one whose limit, below zero, is not set.
func line(used, limit, rev int) contract.Line {
	l := contract.Line{Contract: aContract, Product: "PBX-USER", ProductName: "Telephony user", Used: used, Rev: rev}
	if limit >= 0 {
		l.Limit, l.Available = &limit, limit-used
	}
	return l
}

func thresholds(all []event.Event) (found []string) {
	for _, e := range all {
		c := e.Detail.(event.ThresholdCrossed)
		found = append(found, fmt.Sprintf("%d of %d", c.Threshold, c.Reached))
	}
	return found
}

// FEATURES.md, Alerts: upwards, by more use or by a lower limit; over limit counts as above 100.
func TestUseThatRisesOverAThresholdIsAnnounced(t *testing.T) {
	const none = -1
	for _, row := range []struct {
		name                     string
		used, limit, used2, lim2 int
		want                     []string
	}{
		{"79.9 % is below", 798, 1000, 799, 1000, nil},
		{"80 %", 799, 1000, 800, 1000, []string{"80 of 80"}},
		{"a limit that 80 % of is no whole number", 5, 7, 6, 7, []string{"80 of 80"}},
		{"more above 80 %", 8, 10, 9, 10, nil},
		{"100 %", 9, 10, 10, 10, []string{"100 of 100"}},
		{"from 70 % to 100 % is two", 7, 10, 10, 10, []string{"80 of 100", "100 of 100"}},
		{"a limit of one", 0, 1, 1, 1, []string{"80 of 100", "100 of 100"}},
		{"a lower limit", 8, 20, 8, 10, []string{"80 of 80"}},
		{"a limit below what is used", 8, 20, 8, 5, []string{"80 of 100", "100 of 100"}},
		{"from full to over the limit", 10, 10, 10, 5, nil},
		{"from over the limit to full", 10, 5, 10, 10, nil},
		{"from over the limit to 80 %", 8, 5, 8, 10, nil},
		{"down", 10, 10, 8, 10, nil},
		{"a higher limit", 10, 10, 10, 100, nil},
		{"no limit", 10, none, 12, none, nil},
		{"a limit is set, and reached", 10, none, 10, 10, []string{"80 of 100", "100 of 100"}},
		{"a limit is set, far off", 10, none, 10, 100, nil},
		{"the limit is taken away", 10, 10, 10, none, nil},
		{"a limit of 0 is full", 0, 10, 0, 0, []string{"80 of 100", "100 of 100"}},
		{"neither use nor limit", 9, 10, 9, 10, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := thresholds(event.Crossings(anAccount, t0, line(row.used, row.limit, 6), line(row.used2, row.lim2, 7)))
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("announced (-want +got):\n%s", diff)
			}
		})
	}
}

func TestACrossingSaysWhatALineIsNowAndIsNamedByWhatHappened(t *testing.T) {
	got := event.Crossings(anAccount, t0, line(7, 10, 6), line(8, 10, 7))
	limit, percent := 10, 80
	h := event.Heading{Version: 1, ID: lineEvents + "_7_80", At: t0, Account: anAccount}
	want := []event.Event{{Type: "SeatUsageThresholdCrossed", Heading: h, Detail: event.ThresholdCrossed{
		Heading: h, ContractID: aContract, ProductID: "PBX-USER", ProductName: "Telephony user", Threshold: 80, Reached: 80, Rev: 7,
		Usage: contract.Usage{Limit: &limit, Used: 8, Available: 2, Percent: &percent, State: contract.Warning},
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	later := event.Crossings(anAccount, t0.Add(time.Hour), line(7, 10, 6), line(8, 10, 7))
	if later[0].ID != got[0].ID {
		t.Errorf("read an hour later it is %s", later[0].ID)
	}
}

// The reference model says it in other words than the code: for each threshold a lamp, lit while there is a limit and a
// hundred times the use is at least the threshold's part of it. What is announced is each lamp that goes on.
func TestAnnouncementsAreTheCrossingsOfAReferenceModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lit := map[int]bool{}
		lights := func(used, limit int) map[int]bool {
			on := map[int]bool{}
			for _, percent := range []int{80, 100} {
				on[percent] = limit >= 0 && 100*used >= percent*limit
			}
			return on
		}
		ids := map[string]bool{}
		now := line(0, -1, 1)
		for rev := range rapid.IntRange(0, 60).Draw(t, "changes") {
			used, limit := now.Used, -1
			if now.Limit != nil {
				limit = *now.Limit
			}
			switch rapid.SampledFrom([]string{"use", "use", "use", "limit", "unset"}).Draw(t, "what") {
			case "use":
				used = max(0, used+rapid.IntRange(-6, 8).Draw(t, "by"))
			case "limit":
				limit = rapid.IntRange(0, 25).Draw(t, "limit")
			default:
				limit = -1
			}
			next := line(used, limit, rev+2)
			var want, got []int
			on := lights(used, limit)
			for _, percent := range []int{80, 100} {
				if on[percent] && !lit[percent] {
					want = append(want, percent)
				}
			}
			lit = on
			for _, e := range event.Crossings(anAccount, t0, now, next) {
				c := e.Detail.(event.ThresholdCrossed)
				got = append(got, int(c.Threshold))
				if ids[e.ID] {
					t.Fatalf("the id %s was made twice", e.ID)
				}
				ids[e.ID] = true
				if top := map[bool]int{true: 100, false: 80}[on[100]]; int(c.Reached) != top {
					t.Fatalf("reached %d, want %d", c.Reached, top)
				}
			}
			if !slices.Equal(want, got) {
				t.Fatalf("from %d of %v to %d of %d: announced %v, want %v (%v)", now.Used, now.Limit, used, limit, got, want, slices.Collect(maps.Keys(ids)))
			}
			now = next
		}
	})
}

func TestAContractThatGoesOverItsSystemsIsAnnouncedOnce(t *testing.T) {
	of := func(mapped, purchased, rev int) contract.Contract {
		return contract.Contract{ID: aContract, Facts: contract.Facts{Name: "Order form", Purchased: purchased}, Mapped: mapped, Rev: rev}
	}
	for _, row := range []struct {
		name                               string
		mapped, bought, mapped2, purchased int
		want                               bool
	}{
		{"one system too many", 3, 3, 4, 3, true},
		{"as many as purchased", 2, 3, 3, 3, false},
		{"fewer purchased", 3, 3, 3, 2, true},
		{"still more", 4, 3, 5, 3, false},
		{"down to the number", 4, 3, 3, 3, false},
		{"none purchased", 0, 0, 1, 0, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := event.Overrun(anAccount, t0, of(row.mapped, row.bought, 4), of(row.mapped2, row.purchased, 5))
			if (len(got) == 1) != row.want {
				t.Fatalf("%d events, want one: %t", len(got), row.want)
			}
			if row.want {
				d := got[0].Detail.(event.SystemsOver)
				if got[0].ID != "evt_"+string(aContract)+"_over_5" || d.ID != got[0].ID || d.Systems.Mapped != row.mapped2 || d.Systems.Purchased != row.purchased {
					t.Errorf("event %+v", d)
				}
			}
		})
	}
}

func contractOf(mapped, purchased int) contract.Contract {
	return contract.Contract{ID: aContract, Facts: contract.Facts{Name: "Telephony 2026", Purchased: purchased}, Mapped: mapped, Rev: mapped + 1}
}
