package twin

import "time"

// Product is how a product is sold: by the month or by the year, at the price of the tier of its quantity.
type Product struct {
	Monthly bool
	// From is the least quantity of each tier, in rising order, Cents a seat's price there for a period.
	From, Cents []int
	// Rate is its tax in France, in hundredths of a percent.
	Rate int
}

// unit is what each of n seats costs for a period.
func (p Product) unit(n int) int {
	cents := p.Cents[0]
	for i, from := range p.From {
		if n >= from {
			cents = p.Cents[i]
		}
	}
	return cents
}

// billed tells whether a contract is billed on a day: on the day of its first day in each month, or of that month in each
// year; where the month is too short, on its last day. A contract without a first day is counted back from its expiry date.
func (c *Contract) billed(on time.Time, monthly bool) bool {
	first := c.Start
	if first.IsZero() {
		first = c.Expiry
	}
	if !monthly && on.Month() != first.Month() {
		return false
	}
	last := on.AddDate(0, 0, 1).Day() == 1
	return on.Day() == first.Day() || last && on.Day() < first.Day()
}

// next is the first day after today on which a contract is billed, never later than its end.
func (c *Contract) next(today time.Time, monthly bool) time.Time {
	if day := c.after(today, monthly); day.Before(c.Expiry) {
		return day
	}
	return c.Expiry
}

func (c *Contract) after(today time.Time, monthly bool) time.Time {
	day := today.AddDate(0, 0, 1)
	for !c.billed(day, monthly) {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

// span is what of a period is charged today: so many days, today included, of all from the billing day before to the next
// one, which the contract's end does not cut.
func (c *Contract) span(today time.Time, monthly bool) (days, of int) {
	begin := today
	for !c.billed(begin, monthly) {
		begin = begin.AddDate(0, 0, -1)
	}
	return between(today, c.next(today, monthly)), between(begin, c.after(today, monthly))
}

func between(a, b time.Time) int { return int(b.Sub(a) / (24 * time.Hour)) }

// part is a × n ÷ of, rounded once, halves up.
func part(a, n, of int) int { return (2*a*n + of) / (2 * of) }
