package demo

import (
	"context"
	"fmt"
	"hash/fnv"

	"golang.org/x/sync/errgroup"

	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
)

// remembered is how many days before the seed's the use of lines is known of.
const remembered = 120

// remember writes down how full the lines were on the days before the seed's, as the publisher would have on each of them.
// From the seed's day on, the publisher does.
func (h *house) remember(ctx context.Context) error {
	all, each := errgroup.WithContext(ctx)
	all.SetLimit(hiring)
	for _, c := range h.contracts {
		lines, err := h.terms.Lines(ctx, h.account, c)
		if err != nil {
			return err
		}
		for _, l := range lines {
			for d, then := range past(l.Line, c, h.today) {
				op, err := contract.DayOp(h.account, d, then)
				if err != nil {
					return err
				}
				all.Go(func() error {
					if err := unlessThere(h.Table.Write(each, op)); err != nil {
						return fmt.Errorf("use of %s on %s: %w", l.Product, c.Name, err)
					}
					return nil
				})
			}
		}
	}
	return all.Wait()
}

// past makes up what led to how full a line is: it filled up over the days, faster after the first half, with somebody who left
// now and then. There is a row for each day on which that changed. It comes to what the line is now, and is the same in every
// seed.
func past(l contract.Line, of contract.Contract, today date.Date) map[date.Date]contract.Line {
	first := max(today.AddDays(-remembered), of.Start)
	days := first.DaysTo(today)
	found := map[date.Date]contract.Line{}
	last := -1
	for n := range days {
		d := first.AddDays(n)
		then := l
		then.Rev = 1
		then.Used = grown(l.Used, n, days)
		if left := dip(of.Name, l.Product, n); then.Used > left {
			then.Used -= left
		}
		if then.Used != last {
			found[d], last = then, then.Used
		}
	}
	return found
}

// grown is how many of those who sit there in the end sit there after n of so many days: a third at first.
func grown(used, n, days int) int {
	return used/3 + (used-used/3)*n*(n+days)/(2*days*days)
}

// dip is how many were away on a day: nobody on most.
func dip(name, product string, n int) int {
	h := fnv.New32a()
	fmt.Fprint(h, name, product, n)
	return max(0, int(h.Sum32()%16)-13)
}
