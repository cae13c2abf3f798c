package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/removal"
	"github.com/seatkeeper/seatkeeper/internal/sweep"
)

const (
	sweepHead = "contracts\tdue\tcalls\tread units\twrite units\tseconds\tof the least\truns\t"
	// owners are the accounts that the contracts are shared out to; few and many are how many contracts are due together.
	owners, few, many = 100, 100, 10_000
	// stairs are three days apart, so that who was told is not met again on the next day: the index is read up to tomorrow.
	firstStair, stair = 105, 3
)

// swept is a table with contracts of three kinds: few that are due on the same days, many that are on others, and the
// rest, which expire long after.
type swept struct {
	ground
	sweep    *sweep.Sweep
	accounts []id.Account
}

// span is one row of figures: the days from today on which so many contracts are due, and those before that only warm up,
// on which a few are.
type span struct {
	due     int
	warm    []int
	counted []int
}

// spans are those of a table in which so many contracts are due together at last. Contracts come to a stair, or to
// nothing, on each of the days.
func spans(most int) []span {
	none := span{due: 0}
	for day := range 20 {
		none.counted = append(none.counted, day%8)
	}
	var some span
	some.due = few
	for i := range 10 {
		day := fewExpire - firstStair + stair*i
		if i < 3 {
			some.warm = append(some.warm, day)
		} else {
			some.counted = append(some.counted, day)
		}
	}
	begin := manyExpire - firstStair
	return []span{some, none, {due: most, warm: []int{fewExpire + 3}, counted: []int{begin, begin + stair}}}
}

// In days from today: few are expired, and marked so, before many come to their first stair.
const (
	fewExpire  = 120
	manyExpire = 260
	restExpire = 2_000
)

// swept fills a table: with so many contracts, of which most are due together, and a few beside them.
func (g ground) swept(ctx context.Context, contracts, most int) (swept, error) {
	s := swept{ground: g}
	terms := account.DefaultTerms()
	terms.TimeZone = "UTC"
	for i := range owners {
		a := account.Account{ID: id.New[id.Account](g.ids, g.now), Name: fmt.Sprintf("Account %03d", i), Terms: terms, CreatedAt: g.now}
		s.accounts = append(s.accounts, a.ID)
		ops, err := account.CreateOps(a)
		if err == nil {
			err = g.db.Write(ctx, ops...)
		}
		if err != nil {
			return s, err
		}
	}
	ladder := make([]int, contract.MaxAlertDays)
	for i := range ladder {
		ladder[i] = firstStair - stair*i
	}
	err := g.fill(ctx, contracts+few, func(i int) (table.Item, error) {
		expiry := restExpire + i%300
		switch {
		case i < few:
			expiry = fewExpire
		case i < few+most:
			expiry = manyExpire
		}
		c := contract.Contract{
			ID: id.New[id.Contract](g.ids, g.now), CRM: "800L2cEpVZzAQlxI0G", AlertDays: contract.NewAlertDays(ladder), Swept: contract.Active,
			Facts: contract.Facts{Name: fmt.Sprintf("Order form 2026-%06d", i), Start: "2026-01-01", Expiry: today.AddDays(expiry), Purchased: 9},
		}
		ops, err := contract.CreateOps(s.accounts[i%owners], c)
		if err != nil {
			return nil, err
		}
		made := map[table.Key]table.Item{}
		table.Apply(made, ops[:1]) // without its words: they are not measured here and would multiply the rows by six
		return made[ops[0].Key()], nil
	})
	heal := func(context.Context, id.Account, table.Key, time.Time) (bool, error) {
		return false, errors.New("no line is here")
	}
	s.sweep = sweep.New(g.db, contract.NewStore(g.db, g.ids), removal.NewStore(g.db, g.ids, catalog.NewStore(g.db, g.ids)), heal)
	return s, err
}

// run sweeps at noon of a day, and wants so many marked: else nothing was measured, or something else.
func (s swept) run(ctx context.Context, day, due int) (time.Duration, *table.Meter, error) {
	noon, err := time.Parse(time.DateOnly, string(today.AddDays(day)))
	if err != nil {
		return 0, nil, err
	}
	ctx, meter := table.WithMeter(ctx)
	began := time.Now()
	report, err := s.sweep.Run(ctx, noon.Add(12*time.Hour))
	if err == nil && (report.Announced != due || report.Examined != due || !report.Complete) {
		err = fmt.Errorf("day %d: %+v, want %d announced and no other looked at", day, report, due)
	}
	return time.Since(began), meter, err
}

// sweeps measures tables of several sizes in turn, each in an engine of its own, so that a drift of the machine's speed
// meets all of them alike.
func sweeps(ctx context.Context, clients []*dynamodb.Client, sizes []int, noted *notes, out io.Writer) error {
	most := min(many, slices.Min(sizes))
	all := make([]swept, len(sizes))
	for i, size := range sizes {
		var err error
		if all[i], err = newGround(clients[i], noted).swept(ctx, size, most); err != nil {
			return fmt.Errorf("%d contracts: %w", size, err)
		}
	}
	noted.add(fmt.Sprintf("%d more contracts were due before the others; \"of the least\" is to the seconds of the smallest table, in turn in the same run", few))
	for _, sp := range spans(most) {
		if err := sp.measure(ctx, all, sizes, out); err != nil {
			return err
		}
	}
	return nil
}

// measure runs a span in every table.
func (sp span) measure(ctx context.Context, all []swept, sizes []int, out io.Writer) error {
	took, meters := make([][]time.Duration, len(all)), make([]*table.Meter, len(all))
	for n, day := range append(slices.Clone(sp.warm), sp.counted...) {
		for turn := range all {
			i := (turn + n) % len(all) // nobody is always first
			due := sp.due
			if n < len(sp.warm) {
				due = few
			}
			seconds, meter, err := all[i].run(ctx, day, due)
			if err != nil {
				return fmt.Errorf("%d contracts: %w", sizes[i], err)
			}
			if n >= len(sp.warm) {
				took[i], meters[i] = append(took[i], seconds), meter
			}
		}
	}
	least := median(slices.Clone(took[0]))
	for i, size := range sizes {
		ms := median(took[i])
		fmt.Fprintf(out, "%d\t%d\t%d\t%.0f\t%.0f\t%.3f\t%.2f\t%d\t\n", size, sp.due, meters[i].Calls(), meters[i].ReadUnits(), meters[i].WriteUnits(), ms/1000, ms/least, len(took[i]))
	}
	return nil
}
