package system_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/system"
)

// Each check is a history; 20 of them take some seconds.
func TestMain(m *testing.M) { enginetest.Drawing(m, 20) }

type fataler interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// world is an account of the test's own.
type world struct {
	account   id.Account
	table     *table.Table
	faults    *table.Faults
	ids       *id.Maker
	systems   *system.Store
	contracts *contract.Store
	records   *activity.Store
	now       time.Time
}

func newWorld(t testing.TB) *world {
	client, name := enginetest.Open(t)
	faults := table.NewFaults(7)
	db := table.New(client, name, faults)
	ids := id.NewMaker(rand.Reader)
	now := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	return &world{id.New[id.Account](ids, time.Now()), db, faults, ids, system.NewStore(db, ids), contract.NewStore(db, ids), activity.NewStore(db), now}
}

func (w *world) change() system.Change {
	return system.Change{Account: w.account, Today: "2026-11-21", Now: w.now, By: activity.Author{Kind: access.Member, ID: "usr_admin"}}
}

func (w *world) contract(t fataler, name string, purchased int, expired bool) id.Contract {
	t.Helper()
	f := contract.Facts{Name: name, Expiry: "2027-11-21", Purchased: purchased}
	if expired {
		f.Expiry = "2026-11-21"
	}
	c := contract.Contract{ID: id.New[id.Contract](w.ids, w.now), CRM: "800L2cEpVZzAQlxI0G", Facts: f}.Settled(w.now)
	ops, err := contract.CreateOps(w.account, c)
	if err == nil {
		err = w.table.Write(context.Background(), ops...)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c.ID
}

func (w *world) system(t fataler, kind system.Kind) string {
	t.Helper()
	f := system.Facts{Name: "Portal", Kind: kind}
	s := system.System{ID: id.New[id.System](w.ids, w.now), CRM: "02ikzI3B44NV2EGAAA", Facts: f}
	ops, err := system.CreateOps(w.account, s)
	if err == nil {
		err = w.table.Write(context.Background(), ops...)
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(s.ID)
}

func keepNothing(system.Connection) ([]table.Op, error) { return nil, nil }

func (w *world) connect(to id.Contract, systems ...string) ([]system.Result, error) {
	done, err := w.systems.Connect(context.Background(), w.change(), to, systems, keepNothing)
	var results []system.Result
	for _, o := range done.Outcomes {
		results = append(results, o.Result)
	}
	return results, err
}

// recount holds what is counted against what is there: systems by contract, contracts over their number.
func (w *world) recount(t fataler) {
	t.Helper()
	ctx := context.Background()
	on := map[id.Contract]int{}
	systems, next, _, err := w.systems.List(ctx, w.account, system.Listing{Mapping: "all"}, nil, 200)
	if err != nil || next != nil {
		t.Fatal("list systems", err, next)
	}
	for _, s := range systems {
		if s.Contract != "" {
			on[s.Contract]++
		}
	}
	page, err := w.contracts.List(ctx, w.account, "2026-11-21", contract.Listing{Order: contract.ByName}, nil, 200)
	if err != nil {
		t.Fatal(err)
	}
	over := 0
	for _, c := range page.Contracts {
		if c.Mapped != on[c.ID] {
			t.Fatalf("%s counts %d systems, %d are on it", c.Name, c.Mapped, on[c.ID])
		}
		listed, _, _, err := w.systems.List(ctx, w.account, system.Listing{Contract: c.ID}, nil, 200)
		if err != nil || len(listed) != on[c.ID] {
			t.Fatalf("%s lists %d systems, %d are on it (%v)", c.Name, len(listed), on[c.ID], err)
		}
		if c.Over() > 0 {
			over++
		}
	}
	if counted, err := w.contracts.OverCount(ctx, w.account); err != nil || counted != over {
		t.Fatalf("%d contracts are counted as over their number, %d are (%v)", counted, over, err)
	}
}

func TestManyAreConnectedInOneCallAlsoOverTheNumberPurchased(t *testing.T) {
	w := newWorld(t)
	to := w.contract(t, "Order for five", 5, false)
	var ten []string
	for range 10 {
		ten = append(ten, w.system(t, system.Commercial))
	}
	ctx, meter := table.WithMeter(t.Context())
	done, err := w.systems.Connect(ctx, w.change(), to, ten, keepNothing)
	if err != nil {
		t.Fatal(err)
	}
	if done.Contract.Over() != 5 || meter.Calls() != 2 {
		t.Errorf("the contract is over by %d after %d calls, want 5 after 2", done.Contract.Over(), meter.Calls())
	}
	w.recount(t)
	if err := w.systems.Disconnect(t.Context(), w.change(), to, id.System(ten[0])); err != nil {
		t.Fatal(err)
	}
	w.recount(t)
	records, _, err := w.records.List(t.Context(), w.account, string(to), w.now, w.now, nil, 10)
	if err != nil || len(records) != 2 || records[0].Action != activity.SystemDisconnected || len(records[1].Targets) != 10 {
		t.Errorf("activity is %+v (%v), want the disconnect, then the connect of ten", records, err)
	}
}

func TestWhatCannotBeConnectedIsNamedAndTheRestIsConnected(t *testing.T) {
	w := newWorld(t)
	to, other := w.contract(t, "Ours", 5, false), w.contract(t, "Theirs", 5, false)
	free, taken, trial := w.system(t, system.Commercial), w.system(t, system.Commercial), w.system(t, system.Trial)
	if _, err := w.connect(other, taken); err != nil {
		t.Fatal(err)
	}
	done, err := w.systems.Connect(t.Context(), w.change(), to, []string{taken, free, trial, "sys_nothing", free}, keepNothing)
	if err != nil {
		t.Fatal(err)
	}
	want := []system.Outcome{
		{Asked: taken, Result: system.AlreadyConnected, On: other, OnName: "Theirs"}, {Asked: free, Result: system.Connected},
		{Asked: trial, Result: system.IsTrial}, {Asked: "sys_nothing", Result: system.NotFound},
	}
	if !slices.Equal(done.Outcomes, want) {
		t.Errorf("got %+v, want %+v", done.Outcomes, want)
	}
	if again, err := w.connect(to, free); err != nil || again[0] != system.AlreadyThere {
		t.Errorf("the same again is %v (%v), want a success that changes nothing", again, err)
	}
	w.recount(t)
}

func TestAnExpiredContractTakesNoSystemAndLetsGoOfThem(t *testing.T) {
	w := newWorld(t)
	to, sys := w.contract(t, "Old order", 5, false), w.system(t, system.Commercial)
	if _, err := w.connect(to, sys); err != nil {
		t.Fatal(err)
	}
	late := w.change()
	late.Today = "2027-11-21"
	_, err := w.systems.Connect(t.Context(), late, to, []string{w.system(t, system.Commercial)}, keepNothing)
	if !fault.Is(err, "contract_expired") {
		t.Errorf("got %v, want contract_expired", err)
	}
	if err := w.systems.Disconnect(t.Context(), late, to, id.System(sys)); err != nil {
		t.Errorf("a system could not be taken off an expired contract: %v", err)
	}
	w.recount(t)
}

func TestADisconnectIsHarmlessToRepeatAndBlindToOtherContracts(t *testing.T) {
	w := newWorld(t)
	to, other, sys := w.contract(t, "Ours", 5, false), w.contract(t, "Theirs", 5, false), w.system(t, system.Commercial)
	if _, err := w.connect(to, sys); err != nil {
		t.Fatal(err)
	}
	if err := w.systems.Disconnect(t.Context(), w.change(), other, id.System(sys)); !fault.Is(err, "not_found") {
		t.Errorf("off another contract: %v, want not_found", err)
	}
	for range 2 {
		if err := w.systems.Disconnect(t.Context(), w.change(), to, id.System(sys)); err != nil {
			t.Errorf("disconnect: %v", err)
		}
	}
	w.recount(t)
}

// Two administrators connecting the same system at once: one wins, the other gets a clear conflict.
func TestOfTwoAdministratorsOneConnects(t *testing.T) {
	for _, conflicts := range []bool{false, true} {
		t.Run(fmt.Sprint("conflicts ", conflicts), func(t *testing.T) {
			w := newWorld(t)
			for range 10 {
				sys := w.system(t, system.Commercial)
				ours, theirs := w.contract(t, "Ours", 5, false), w.contract(t, "Theirs", 5, false)
				results := make([]system.Result, 2)
				if conflicts { // none so often that the time is over in which a write is repeated
					w.faults.Arm(table.Fault{Call: "write", Mode: table.Conflict, P: 1, Times: 2}, table.Fault{Call: "write", Mode: table.Conflict, P: 0.1})
				}
				var both sync.WaitGroup
				for i, to := range []id.Contract{ours, theirs} {
					both.Go(func() {
						if r, err := w.connect(to, sys); err != nil {
							t.Error(err)
						} else {
							results[i] = r[0]
						}
					})
				}
				both.Wait()
				w.faults.Arm()
				slices.Sort(results)
				if !slices.Equal(results, []system.Result{system.Connected, system.AlreadyConnected}) {
					t.Errorf("results are %v, want one connected and one told of it", results)
				}
			}
			w.recount(t)
		})
	}
}

// The counters equal a recount after any history of connects and disconnects, also when answers are lost.
func TestTheCountersEqualARecountAfterAnyHistory(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		var contracts []id.Contract
		for i := range 3 {
			contracts = append(contracts, w.contract(rt, fmt.Sprint("Order ", i), rapid.IntRange(0, 2).Draw(rt, "purchased"), false))
		}
		var systems []string
		for range 5 {
			systems = append(systems, w.system(rt, system.Commercial))
		}
		rt.Repeat(map[string]func(*rapid.T){
			"connect": func(rt *rapid.T) {
				_, err := w.connect(rapid.SampledFrom(contracts).Draw(rt, "contract"), rapid.SliceOfN(rapid.SampledFrom(systems), 1, 4).Draw(rt, "systems")...)
				tolerate(rt, err)
			},
			"disconnect": func(rt *rapid.T) {
				tolerate(rt, w.systems.Disconnect(context.Background(), w.change(), rapid.SampledFrom(contracts).Draw(rt, "contract"), id.System(rapid.SampledFrom(systems).Draw(rt, "system"))))
			},
			"lose the next answer": func(*rapid.T) {
				w.faults.Arm(table.Fault{Call: "write", Mode: table.FailAfter, P: 1, Times: 1})
			},
			"": func(rt *rapid.T) { w.recount(rt) },
		})
	})
}

// tolerate passes what a history may meet: a lost answer, a system that is not on that contract.
func tolerate(t fataler, err error) {
	t.Helper()
	if err != nil && !fault.Is(err, "not_found") && !isLost(err) {
		t.Fatal(err)
	}
}

func isLost(err error) bool { return errors.Is(err, table.ErrFault) }
