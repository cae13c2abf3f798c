package event

import (
	"fmt"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/id"
)

// The types that are made from counters rather than from activity.
const (
	UsageThresholdCrossed = "SeatUsageThresholdCrossed"
	SystemsOverPurchased  = "SystemsOverPurchased"
)

// ThresholdCrossed says that the use of a line rose to a threshold of its limit, by more use or by a lower limit.
type ThresholdCrossed struct {
	Heading
	ContractID  id.Contract `json:"contractId"`
	ProductID   string      `json:"productId"`
	ProductName string      `json:"productName"`
	// Threshold is 80 or 100, in percent. Reached is the highest one of the same step: a step over both is two events and
	// one alert, that of the highest.
	Threshold contract.Level `json:"threshold"`
	Reached   contract.Level `json:"reached"`
	Usage     contract.Usage `json:"usage"`
	// Rev is the line's when it rose: of two events of one line the one with the higher rev is the later.
	Rev int `json:"rev"`
}

// Crossings are the events of a line that changed: one for each threshold that it rose over, none where it fell. Once per
// crossing: falling and rising again announces again (FEATURES.md, Alerts).
func Crossings(a id.Account, at time.Time, before, after contract.Line) []Event {
	var all []Event
	for _, threshold := range risen(before, after) {
		all = append(all, crossed(a, at, after, threshold, after.Level(), after.Rev))
	}
	return all
}

// risen are the thresholds that a line that changed rose over, the lower one first.
func risen(before, after contract.Line) (over []contract.Level) {
	for _, threshold := range contract.Levels() {
		if threshold > before.Level() && threshold <= after.Level() {
			over = append(over, threshold)
		}
	}
	return over
}

// Untold are the events of the thresholds that a line is at and rose over by a later rev than the one that was announced of
// the threshold last. They have the ids that Crossings gave them, or would have; how full the line is they say as it is now.
func Untold(a id.Account, told map[contract.Level]int, l contract.Line) []Event {
	var all []Event
	for _, threshold := range contract.Levels() {
		rev := l.RevOf(threshold)
		if threshold > l.Level() || rev <= told[threshold] {
			continue
		}
		reached := threshold
		if l.Level() == contract.LevelFull && l.RevOf(contract.LevelFull) == rev {
			reached = contract.LevelFull // one step over both
		}
		all = append(all, crossed(a, l.When(), l, threshold, reached, rev))
	}
	return all
}

// crossed is the event of one threshold. Its id has nothing in it that whoever makes it late could not know.
func crossed(a id.Account, at time.Time, l contract.Line, threshold, reached contract.Level, rev int) Event {
	h := heading(fmt.Sprintf("evt_%s_%s_%d_%d", l.Contract, l.Product, rev, threshold), at, a)
	return Event{UsageThresholdCrossed, h, ThresholdCrossed{
		Heading: h, ContractID: l.Contract, ProductID: l.Product, ProductName: l.ProductName,
		Threshold: threshold, Reached: reached, Usage: l.Usage(), Rev: rev,
	}}
}

// SystemsOver says that a contract covers more systems than were purchased, and did not before.
type SystemsOver struct {
	Heading
	ContractID   id.Contract `json:"contractId"`
	ContractName string      `json:"contractName"`
	Systems      Systems     `json:"systems"`
	Rev          int         `json:"rev"`
}

// Systems are how many a contract covers.
type Systems struct {
	Purchased int `json:"purchased"`
	Mapped    int `json:"mapped"`
}

// Overrun is the event of a contract that changed, where it went over the number of systems purchased.
func Overrun(a id.Account, at time.Time, before, after contract.Contract) []Event {
	if before.Over() > 0 || after.Over() <= 0 {
		return nil
	}
	h := heading(fmt.Sprintf("evt_%s_over_%d", after.ID, after.Rev), at, a)
	return []Event{{SystemsOverPurchased, h, SystemsOver{
		Heading: h, ContractID: after.ID, ContractName: after.Name, Systems: Systems{after.Purchased, after.Mapped}, Rev: after.Rev,
	}}}
}
