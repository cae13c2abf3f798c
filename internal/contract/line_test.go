package contract_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/contract"
)

func seats(n int) *int { return &n }

// taken is a line under a limit that so many sit on.
func taken(limit *int, used int) contract.Line {
	most := max(used, limitOr(limit, 0))
	l := contract.Line{Pools: contract.Pools{none: {}}}.With(contract.Quantities{Contracted: &most}).Taken(map[contract.PoolID]int{none: used})
	return l.With(contract.Quantities{Contracted: limit})
}

func limitOr(limit *int, other int) int {
	if limit == nil {
		return other
	}
	return *limit
}

// A warning from 80 % of the limit on, full at 100 %, over it loudly; a line without a limit is misconfigured
// (FEATURES.md, Seats).
func TestHowFullALineIs(t *testing.T) {
	for name, test := range map[string]struct {
		limit   *int
		used    int
		state   contract.UsageState
		percent *int
	}{
		"nobody":               {seats(10), 0, contract.OK, seats(0)},
		"79.9 %":               {seats(1000), 799, contract.OK, seats(79)},
		"80 %":                 {seats(1000), 800, contract.Warning, seats(80)},
		"79 of 99":             {seats(99), 79, contract.OK, seats(79)},
		"80 of 99":             {seats(99), 80, contract.Warning, seats(80)},
		"2 of 3":               {seats(3), 2, contract.OK, seats(66)},
		"4 of 5":               {seats(5), 4, contract.Warning, seats(80)},
		"99.9 %":               {seats(1000), 999, contract.Warning, seats(99)},
		"all":                  {seats(1000), 1000, contract.Full, seats(100)},
		"one seat, free":       {seats(1), 0, contract.OK, seats(0)},
		"one seat, taken":      {seats(1), 1, contract.Full, seats(100)},
		"over":                 {seats(10), 11, contract.OverLimit, seats(110)},
		"a limit of 0 is full": {seats(0), 0, contract.Full, seats(100)},
		"over a limit of 0":    {seats(0), 1, contract.OverLimit, seats(100)},
		"not set":              {nil, 0, contract.NotSet, nil},
		"not set any more":     {nil, 3, contract.NotSet, nil},
		"the most there is":    {seats(contract.MaxSeats), contract.MaxSeats, contract.Full, seats(100)},
	} {
		l := taken(test.limit, test.used)
		want := contract.Usage{Limit: test.limit, Used: test.used, Percent: test.percent, State: test.state}
		if test.limit != nil {
			want.Available = *test.limit - test.used
		}
		if diff := cmp.Diff(want, l.Usage()); diff != "" {
			t.Errorf("%s (-want +got): %s", name, diff)
		}
	}
}

// What is pending removal is neither used nor available: a line is full once nothing is free.
func TestWhatIsPendingRemovalIsOutOfStock(t *testing.T) {
	l := taken(seats(10), 5)
	l.Pending, l.Available = 5, 0
	if u := l.Usage(); u.State != contract.Full || *u.Percent != 50 {
		t.Errorf("5 used and 5 pending of 10: %s, %d %%", u.State, *u.Percent)
	}
}

// The state is decided on whole numbers, for every limit.
func TestTheWarningBeginsAtEightyPercentOfEveryLimit(t *testing.T) {
	check := func(limit, used int) {
		want := contract.OK
		switch {
		case used == limit:
			want = contract.Full
		case used*10 >= limit*8:
			want = contract.Warning
		}
		if got := taken(&limit, used).Usage().State; got != want {
			t.Errorf("%d of %d is %s, want %s", used, limit, got, want)
		}
	}
	for limit := range 200 {
		for used := range limit + 1 {
			check(limit, used)
		}
	}
	for limit := contract.MaxSeats - 20; limit <= contract.MaxSeats; limit++ {
		for used := limit/10*8 - 3; used < limit/10*8+20; used++ {
			check(limit, used)
		}
	}
}

// The limit is the override, else what was contracted and bought; 0 is a limit (DATA.md, Who owns which fact).
func TestWhoSaysTheLimit(t *testing.T) {
	for name, test := range map[string]struct {
		contract.Quantities
		want *int
	}{
		"nobody":                     {contract.Quantities{}, nil},
		"the CRM":                    {contract.Quantities{Contracted: seats(5)}, seats(5)},
		"orders":                     {contract.Quantities{Bought: seats(3)}, seats(3)},
		"both":                       {contract.Quantities{Contracted: seats(5), Bought: seats(3)}, seats(8)},
		"the override before both":   {contract.Quantities{Contracted: seats(5), Bought: seats(3), Override: seats(6)}, seats(6)},
		"an override of 0":           {contract.Quantities{Contracted: seats(5), Override: seats(0)}, seats(0)},
		"contracted 0 is a limit":    {contract.Quantities{Contracted: seats(0)}, seats(0)},
		"the override alone is said": {contract.Quantities{Override: seats(2)}, seats(2)},
	} {
		if diff := cmp.Diff(test.want, test.Limit()); diff != "" {
			t.Errorf("%s (-want +got): %s", name, diff)
		}
	}
}
