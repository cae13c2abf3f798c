// Package alert owns who is told what when something runs full or out, or somebody asks for something: which events are mailed, to whom, in which words,
// once; and the list of alerts in the portal, which is derived from contracts and lines each time it is read. It does not
// own when something is announced (package event), nor how a mail leaves (platform/mail).
package alert

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/event"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// The events of a contract's ladder, which package event makes from activity.
const (
	contractExpiring = "ContractExpiring"
	contractExpired  = "ContractExpired"
)

// Alert is an event as its readers are told of it.
type Alert struct {
	// ID is the event's: whoever delivers it again delivers the same.
	ID      string
	Kind    account.AlertMail
	Account id.Account
	// About is what the mails of one series are about, and Order the place of this one among them: the rev of a line or
	// of a contract's systems, the instant of a step of a contract's ladder.
	About string
	Order int

	Contract id.Contract
	Product  string         // its name; of usage alone
	Usage    contract.Usage // of usage alone
	Expiry   date.Date      // of a contract's ladder alone
	Systems  event.Systems  // of systems alone
	Request  id.Request     // of a request alone
}

// Read understands an event by its type and detail. told is false for one that mails nothing: a step over both thresholds
// is two events and one mail, that of the higher (FEATURES.md, Alerts). An error is an event that is not for this package,
// or of another version.
func Read(kind string, detail json.RawMessage) (a Alert, told bool, err error) {
	switch kind {
	case event.UsageThresholdCrossed:
		a, told, err = ofUsage(detail)
	case event.SystemsOverPurchased:
		a, told, err = ofSystems(detail)
	case contractExpiring, contractExpired:
		a, told, err = ofContract(kind, detail)
	case requestSent:
		a, told, err = ofRequest(detail)
	default:
		err = errors.New("nobody is mailed about it")
	}
	if err != nil {
		return Alert{}, false, fmt.Errorf("event %s: %w", kind, err)
	}
	return a, told, nil
}

func ofUsage(detail json.RawMessage) (Alert, bool, error) {
	var e event.ThresholdCrossed
	if err := read(detail, &e, &e.Heading, &e.ContractID); err != nil {
		return Alert{}, false, err
	}
	a := Alert{
		ID: e.ID, Account: e.Account, About: table.Line(e.Account, e.ContractID, e.ProductID).SK, Order: e.Rev,
		Contract: e.ContractID, Product: e.ProductName, Usage: e.Usage,
	}
	switch e.Threshold {
	case contract.LevelWarning:
		a.Kind = account.MailUsage80
	case contract.LevelFull:
		a.Kind = account.MailUsage100
	default:
		return Alert{}, false, fmt.Errorf("%d is no threshold", e.Threshold)
	}
	return a, e.Threshold >= e.Reached, nil
}

func ofSystems(detail json.RawMessage) (Alert, bool, error) {
	var e event.SystemsOver
	if err := read(detail, &e, &e.Heading, &e.ContractID); err != nil {
		return Alert{}, false, err
	}
	return Alert{
		ID: e.ID, Kind: account.MailSystemsOver, Account: e.Account, About: string(e.ContractID) + "#systems", Order: e.Rev,
		Contract: e.ContractID, Systems: e.Systems,
	}, true, nil
}

// ofContract reads a step of a contract's ladder. Steps have no rev, but they happen one after the other.
func ofContract(kind string, detail json.RawMessage) (Alert, bool, error) {
	var e event.Recorded
	var of id.Contract
	err := read(detail, &e, &e.Heading, nil)
	if err == nil {
		var ok bool
		if of, ok = id.Parse[id.Contract](e.Subject.ID); !ok || e.Expiry == "" {
			err = errors.New("it names no contract that expires")
		}
	}
	if err != nil {
		return Alert{}, false, err
	}
	a := Alert{
		ID: e.ID, Kind: account.MailContractExpiring, Account: e.Account, About: string(of) + "#expiry", Order: int(e.At.UnixMilli()),
		Contract: of, Expiry: e.Expiry,
	}
	if kind == contractExpired {
		a.Kind = account.MailContractExpired
	}
	return a, true, nil
}

// read reads a detail into v, of which h and of are parts.
func read(detail json.RawMessage, v any, h *event.Heading, of *id.Contract) error {
	if err := json.Unmarshal(detail, v); err != nil {
		return err
	}
	_, known := id.Parse[id.Account](string(h.Account))
	if of != nil && known {
		_, known = id.Parse[id.Contract](string(*of))
	}
	switch {
	case h.Version != event.Version:
		return fmt.Errorf("its version is %d, and %d is understood", h.Version, event.Version)
	case !known || h.ID == "":
		return errors.New("it does not say what it is about")
	}
	return nil
}

// Outdated tells whether a step of a ladder is no longer so: the contract's expiry is another day by now. It may come hours
// after it happened, where mails did not leave.
func (a Alert) Outdated(is contract.Contract) bool {
	return (a.Kind == account.MailContractExpiring || a.Kind == account.MailContractExpired) && a.Expiry != is.Expiry
}

// Superseded tells whether a mail comes too late: one that is further on was mailed about the same thing. Deliveries come
// in any order (FEATURES.md, Alerts).
func (a Alert) Superseded(last int) bool { return a.Order < last }
