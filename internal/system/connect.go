package system

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// MaxConnect is how many systems one call connects, so that one transaction can hold them, the contract, its count,
// the record and the kept answer.
const MaxConnect = 90

// rounds is how often a decision is made again on fresh images (DATA.md, Guards).
const rounds = 5

// Change is who changes the mapping, and when.
type Change struct {
	Account id.Account
	Today   date.Date // in the account's zone
	Now     time.Time
	By      activity.Author
	// Contact names whom to turn to about an expired contract, for its refusal; it may be named afterwards.
	Contact string
}

// Outcome is what became of one system, by the id that was asked for. On is the contract that it is on instead, where
// it is on another.
type Outcome struct {
	Asked  string
	Result Result
	On     id.Contract
	OnName string
}

// Connection is what a connect came to: the contract as it stands afterwards, and each system in the order asked for.
type Connection struct {
	Contract contract.Contract
	Outcomes []Outcome
}

// Connect puts systems on a contract, all that can be put there in one transaction: 2 calls. A system that another
// contract took meanwhile is named and the others are connected. keep, given what the connection will have come to,
// may add the record of an idempotency key. Refused are a contract that is not there (not_found) or that is expired
// (contract_expired).
func (s *Store) Connect(ctx context.Context, ch Change, to id.Contract, systems []string, keep func(Connection) ([]table.Op, error)) (Connection, error) {
	systems = unique(systems)
	for range rounds {
		row, found, err := s.readFor(ctx, ch.Account, to, systems)
		if err != nil {
			return Connection{}, err
		}
		result, ops, err := s.plan(ctx, ch, row, found, systems)
		if err != nil {
			return Connection{}, err
		}
		if len(ops) > 0 && !MayTake(row.Contract, ch.Today) {
			return result, fault.New(fault.Conflict, "contract_expired", fault.Text("contract", row.Name), fault.Text("expiryDate", string(row.Expiry)), fault.Text("contact", ch.Contact))
		}
		kept, err := keep(result)
		if err != nil {
			return Connection{}, err
		}
		if ops = append(ops, kept...); len(ops) == 0 {
			return result, nil
		}
		if err := s.table.Write(ctx, ops...); !again(err, len(ops)-len(kept)) {
			return result, err
		}
	}
	return Connection{}, fault.New(fault.Busy, "busy").After(time.Second)
}

// again tells that the decision was made on images that have changed since. A kept answer (the operations from
// firstKept on) that is there already is no such case: that answer is to be given.
func again(err error, firstKept int) bool {
	var unmet *table.ConditionError
	return errors.As(err, &unmet) && !slices.ContainsFunc(unmet.Unmet, func(u table.Unmet) bool { return u.Op >= firstKept })
}

// plan decides on each system and makes the writes: none where nothing changes.
func (s *Store) plan(ctx context.Context, ch Change, row contract.Row, found map[string]Row, systems []string) (Connection, []table.Op, error) {
	out := Connection{Contract: row.Contract}
	record := activity.New(s.ids, ch.Now, ch.Account, ch.By, activity.SystemsConnected, row.Thing())
	var ops []table.Op
	for _, sys := range systems {
		before, ok := found[sys]
		result := Decide(before.System, ok, row.ID)
		out.Outcomes = append(out.Outcomes, Outcome{Asked: sys, Result: result, On: before.Contract})
		if result != Connected {
			continue
		}
		after := before.System
		after.Contract = row.ID
		change, err := before.ChangeOps(ch.Account, after)
		if err != nil {
			return out, nil, err
		}
		ops, record.Targets = append(ops, change...), append(record.Targets, after.Thing())
	}
	if err := s.nameOthers(ctx, ch.Account, out.Outcomes); err != nil || len(ops) == 0 {
		return out, nil, err
	}
	out.Contract.Mapped += len(record.Targets)
	counted, err := contract.ChangeOps(ch.Account, contract.Change{From: row, To: out.Contract})
	if err != nil {
		return out, nil, err
	}
	activity.Changed(&record, "systemsMapped", row.Mapped, out.Contract.Mapped)
	recorded, err := record.Op()
	return out, append(append(ops, counted...), recorded), err
}

// nameOthers names the contracts that are in the way: 1 call where there are any.
func (s *Store) nameOthers(ctx context.Context, a id.Account, outcomes []Outcome) error {
	var keys []table.Key
	for i, o := range outcomes {
		if o.Result == AlreadyConnected {
			keys = append(keys, table.Contract(a, o.On))
		} else {
			outcomes[i].On = "" // only the contract that is in the way is named
		}
	}
	if len(keys) == 0 {
		return nil
	}
	rows, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return err
	}
	for i, o := range outcomes {
		if o.Result != AlreadyConnected {
			continue
		}
		other, err := contract.Read(rows[table.Contract(a, o.On)])
		if err != nil {
			return err
		}
		outcomes[i].OnName = other.Name
	}
	return nil
}

// readFor reads a contract and systems of an account: 1 call.
func (s *Store) readFor(ctx context.Context, a id.Account, c id.Contract, systems []string) (contract.Row, map[string]Row, error) {
	keys := []table.Key{table.Contract(a, c)}
	for _, sys := range systems {
		if known, ok := id.Parse[id.System](sys); ok {
			keys = append(keys, table.System(a, known))
		}
	}
	rows, err := s.table.GetMany(ctx, keys...)
	if err != nil {
		return contract.Row{}, nil, err
	}
	if rows[keys[0]] == nil {
		return contract.Row{}, nil, fault.Missing()
	}
	row, err := contract.Read(rows[keys[0]])
	if err != nil {
		return contract.Row{}, nil, err
	}
	found := make(map[string]Row, len(systems))
	for _, k := range keys[1:] {
		if item := rows[k]; item != nil {
			if found[k.SK], err = Read(item); err != nil {
				return contract.Row{}, nil, err
			}
		}
	}
	return row, found, nil
}

// Disconnect takes a system off a contract, also off an expired one: 2 calls. A system that is on no contract already
// is a success that changes nothing; one that is on another contract is not_found here.
func (s *Store) Disconnect(ctx context.Context, ch Change, from id.Contract, sys id.System) error {
	for range rounds {
		row, found, err := s.readFor(ctx, ch.Account, from, []string{string(sys)})
		if err != nil {
			return err
		}
		before, ok := found[string(sys)]
		switch {
		case !ok || before.Contract != "" && before.Contract != from:
			return fault.Missing()
		case before.Contract == "":
			return nil
		}
		ops, err := s.disconnectOps(ch, row, before)
		if err != nil {
			return err
		}
		if err := s.table.Write(ctx, ops...); !again(err, len(ops)) {
			return err
		}
	}
	return fault.New(fault.Busy, "busy").After(time.Second)
}

func (s *Store) disconnectOps(ch Change, row contract.Row, before Row) ([]table.Op, error) {
	after, counted := before.System, row.Contract
	after.Contract = ""
	counted.Mapped--
	record := activity.New(s.ids, ch.Now, ch.Account, ch.By, activity.SystemDisconnected, row.Thing())
	record.Targets = []activity.Thing{after.Thing()}
	activity.Changed(&record, "systemsMapped", row.Mapped, counted.Mapped)
	systemOps, err1 := before.ChangeOps(ch.Account, after)
	contractOps, err2 := contract.ChangeOps(ch.Account, contract.Change{From: row, To: counted})
	recorded, err3 := record.Op()
	return append(append(systemOps, contractOps...), recorded), errors.Join(err1, err2, err3)
}

func unique(systems []string) []string {
	var once []string
	for _, s := range systems {
		if !slices.Contains(once, s) {
			once = append(once, s)
		}
	}
	return once
}
