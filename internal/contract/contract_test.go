package contract_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
)

func TestAContractIsExpiredFromTheDayNamedOn(t *testing.T) {
	c := contract.Contract{Facts: contract.Facts{Expiry: "2027-03-01"}}
	for today, want := range map[date.Date]contract.Status{
		"2027-02-28": contract.Active, "2027-03-01": contract.Expired, "2027-03-02": contract.Expired,
	} {
		if got := c.Status(today); got != want {
			t.Errorf("on %s the contract is %s, want %s", today, got, want)
		}
	}
}

// An import changes a field only where the CRM's own value changed since (DATA.md, Who owns which fact).
func TestWhatTheCRMSaysAgainLeavesOurChangesAlone(t *testing.T) {
	said := contract.Facts{Name: "Order 1", Start: "2026-01-01", Expiry: "2027-01-01", Purchased: 5}
	c := contract.Contract{Facts: said}
	c.Purchased, c.Expiry = 8, "2028-01-01" // a partner's terms
	if got := c.Take(said, said); got != c {
		t.Errorf("the same again changed something: %s", cmp.Diff(c, got))
	}
	renamed := said
	renamed.Name = "Order 1, amended"
	want := c
	want.Name = renamed.Name
	if got := c.Take(said, renamed); got != want {
		t.Errorf("a new name: %s", cmp.Diff(want, got))
	}
	extended := renamed
	extended.Expiry = "2029-01-01"
	if got := c.Take(renamed, extended).Expiry; got != "2029-01-01" {
		t.Errorf("the CRM's new date gave %s, want it taken over ours", got)
	}
}

func n(v int) *int { return &v }

// Percent rounds down, states are decided on whole numbers, a limit of 0 is full (DESIGN.md, HTTP API).
func TestUsageOfALine(t *testing.T) {
	for _, test := range []struct {
		name      string
		limit     *int
		used      int
		available int
		percent   *int
		state     contract.UsageState
	}{
		{"nobody", n(10), 0, 10, n(0), contract.OK},
		{"79.9 %", n(1000), 799, 201, n(79), contract.OK},
		{"80 %", n(1000), 800, 200, n(80), contract.Warning},
		{"99.9 %", n(1000), 999, 1, n(99), contract.Warning},
		{"all", n(10), 10, 0, n(100), contract.Full},
		{"over", n(10), 12, -2, n(120), contract.OverLimit},
		{"a limit of 0", n(0), 0, 0, n(100), contract.Full},
		{"over a limit of 0", n(0), 1, -1, n(100), contract.OverLimit},
		{"no limit set", nil, 3, 0, nil, contract.NotSet},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := contract.Line{Used: test.used, Available: -test.used, Pools: contract.Pools{contract.Unassigned: {Available: -test.used}}}.With(contract.Quantities{Contracted: test.limit}).Usage()
			want := contract.Usage{Limit: test.limit, Used: test.used, Available: test.available, Percent: test.percent, State: test.state}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What is written down follows another expiry date to active at once, and to expired never: the sweep writes that, with the
// announcement (infra/decisions/0001).
func TestAnotherExpiryIsNeverWrittenDownAsExpired(t *testing.T) {
	now := begun("2026-11-21") // everywhere
	for _, row := range []struct {
		written contract.Status
		expiry  date.Date
		want    contract.Status
	}{
		{contract.Active, "2027-01-01", contract.Active},
		{contract.Active, "2026-11-21", contract.Active},
		{contract.Active, "2026-01-01", contract.Active},
		{contract.Expired, "2026-11-22", contract.Active},
		{contract.Expired, "2026-11-21", contract.Expired},
	} {
		c := contract.Contract{Facts: contract.Facts{Expiry: row.expiry}, Swept: row.written}
		if got := c.Redated(now).Swept; got != row.want {
			t.Errorf("written as %s, then until %s: written as %s, want %s", row.written, row.expiry, got, row.want)
		}
	}
}
