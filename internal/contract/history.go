package contract

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

const (
	// usualDays is how many days of use are shown unless said.
	usualDays = 90
	// mostDays is how many days may be asked for at once: a line's rows of them fit into 1 Query, which ends at 1 MB.
	mostDays = 366
	// linesAtOnce is how many lines a page has at most, whatever is asked for: each is a Query of its own.
	linesAtOnce = 20
)

// Day is how full a line was at the end of a day on which that changed. There is none of a day without a change.
type Day struct {
	Date  date.Date `dynamodbav:"-"`
	Used  int       `dynamodbav:"used"`
	Limit *int      `dynamodbav:"limit,omitempty"`
	// Rev is the line's: a row gives way to a newer one alone.
	Rev int `dynamodbav:"rev"`
}

// DayOp writes down how full a line is on a day, if nothing newer is there. Whoever comes late with what is older is
// refused and changes nothing.
func DayOp(a id.Account, d date.Date, l Line) (table.Op, error) {
	item, err := table.Encode(Day{Used: l.Used, Limit: l.Limit, Rev: l.Rev})
	if err != nil {
		return table.Op{}, err
	}
	line := table.Line(a, l.Contract, l.Product)
	table.DaySorts(d, line).Put(item)
	return table.Put(table.Day(a, d, line), item, table.Newer(l.Rev)), nil
}

// Point is how full a line was at the end of a day.
type Point struct {
	Date  date.Date `json:"date" doc:"In the account's zone."`
	Used  int       `json:"used"`
	Limit *int      `json:"limit,omitempty" doc:"Seats; absent where no limit was set."`
}

// Points are how full a line was on each day from one to another, of the days on which that changed, the oldest first:
//   - a day without a change has the count and the limit of the day before it, also where that lies before the first day;
//   - before the line was there, there is nothing;
//   - today is what the line says itself, since its day may not be written down yet; what comes after is nothing;
//   - from the day on which the contract is expired, there is nothing.
func Points(days []Day, l Line, from, to, today date.Date) []Point {
	points := []Point{}
	if today < to {
		to = today
	}
	next := 0
	for d := from; d <= to && d < l.Expiry; d = d.AddDays(1) {
		for next < len(days) && days[next].Date <= d {
			next++
		}
		switch {
		case d == today:
			points = append(points, Point{d, l.Used, l.Limit})
		case next > 0:
			points = append(points, Point{d, days[next-1].Used, days[next-1].Limit})
		}
	}
	return points
}

type historyInput struct {
	httpapi.Paging
	ProductID  string `query:"productId" maxLength:"60"`
	ContractID string `query:"contractId" maxLength:"64" doc:"Lines of that contract alone."`
	From       string `query:"from" format:"date" doc:"First day, in the account's zone; 89 days before the last unless said."`
	To         string `query:"to" format:"date" doc:"Last day; today unless said. At most 366 days."`
}

// HistoryWire is the use of a line over time.
type HistoryWire struct {
	ContractID id.Contract `json:"contractId"`
	Product    Product     `json:"product"`
	Points     []Point     `json:"points" nullable:"false" doc:"A day each, the oldest first; none before the line was there, and none once its contract is expired."`
}

// span reads the days that are asked for.
func (in *historyInput) span(today date.Date) (from, to date.Date, err error) {
	to = today
	if in.To != "" {
		if to, err = httpapi.Day("query.to", in.To); err != nil {
			return "", "", err
		}
	}
	from = to.AddDays(1 - usualDays)
	if in.From != "" {
		if from, err = httpapi.Day("query.from", in.From); err != nil {
			return "", "", err
		}
	}
	switch days := from.DaysTo(to) + 1; {
	case days < 1:
		return "", "", httpapi.Invalid(httpapi.At("query.from", "after_the_end", fault.Text("end", string(to))))
	case days > mostDays:
		return "", "", httpapi.Invalid(httpapi.At("query.from", "too_many_days", fault.Int("max", mostDays)))
	}
	return from, to, nil
}

// history is 1 Query of lines, and 1 more for each of them, at once.
func (s *Store) history(ctx context.Context, c account.Call, in *historyInput) (*httpapi.Page[HistoryWire], error) {
	today := c.Account.Today(c.Now)
	from, to, err := in.span(today)
	if err != nil {
		return nil, err
	}
	type used struct {
		Line
		days []Day
	}
	return httpapi.List(c, in.Paging, func(after *table.Position, limit int) ([]used, *table.Position, error) {
		lines, next, err := s.linesOf(ctx, c.AccountID, in.ProductID, in.ContractID, after, min(limit, linesAtOnce))
		if err != nil {
			return nil, nil, err
		}
		found := make([]used, len(lines))
		each, ctx := errgroup.WithContext(ctx)
		for i, l := range lines {
			found[i].Line = l
			each.Go(func() (err error) {
				found[i].days, err = s.Days(ctx, c.AccountID, l, from, min(to, today))
				return err
			})
		}
		return found, next, each.Wait()
	}, func(l used) HistoryWire {
		return HistoryWire{l.Contract, Product{l.Product, l.ProductName}, Points(l.days, l.Line, from, to, today)}
	})
}

// linesOf reads lines by product, of one product or of one contract where they are named: 1 Query. Where a contract is named
// and no product, a page may be shorter than limit.
func (s *Store) linesOf(ctx context.Context, a id.Account, product, of string, after *table.Position, limit int) ([]Line, *table.Position, error) {
	q := table.Query{PK: table.Lines(a), Limit: limit, After: after}
	if product != "" {
		q.Prefix = table.ProductPrefix(product) + of
	}
	lines, next, err := table.Page[Line](ctx, s.table, q)
	return slices.DeleteFunc(lines, func(l Line) bool { return of != "" && string(l.Contract) != of }), next, err
}

// Days reads what the points of a line from one day to another are made of, the oldest day first: 1 Query, however long the
// line has been there. There is one row a day at most, so from the last day back, as many rows as there are days and one more
// hold all of those days, and the last day with a change before them.
func (s *Store) Days(ctx context.Context, a id.Account, l Line, from, to date.Date) ([]Day, error) {
	if to < from {
		return nil, nil
	}
	begin := table.DaysOf(table.Line(a, l.Contract, l.Product))
	rows, _, err := s.table.Query(ctx, table.Query{
		PK: table.Days(a), Index: table.LSI1, From: begin, To: begin + string(to), Desc: true, Limit: from.DaysTo(to) + 2,
	})
	if err != nil {
		return nil, err
	}
	slices.Reverse(rows)
	days := make([]Day, len(rows))
	for i, item := range rows {
		if err := table.Decode(item, &days[i]); err != nil {
			return nil, err
		}
		days[i].Date = date.Date(strings.TrimPrefix(table.At(item, table.LSI1).Sort, begin))
	}
	return days, nil
}
