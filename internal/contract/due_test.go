package contract_test

import (
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
)

// The ladder of a contract, step by step: of steps that were passed only the latest is announced, once (FEATURES.md,
// Alerts). Days are civil days: a night of a time change is one, 29 February is one where there is one.
func TestAContractAnnouncesItsLadderOnce(t *testing.T) {
	type told = contract.Told
	ladder := contract.NewAlertDays([]int{30, 90, 7, 60, 30})
	for name, test := range map[string]struct {
		expiry date.Date
		told   told
		today  date.Date
		want   contract.Step
		due    bool
	}{
		"the day before the first step":              {"2027-03-31", told{}, "2026-12-30", 0, false},
		"the day of the first step":                  {"2027-03-31", told{}, "2026-12-31", 90, true},
		"told, the same day again":                   {"2027-03-31", told{"2027-03-31", 90}, "2026-12-31", 0, false},
		"three nights were missed over two steps":    {"2027-03-31", told{"2027-03-31", 90}, "2027-03-02", 30, true},
		"the night before the expiry":                {"2027-03-31", told{"2027-03-31", 7}, "2027-03-30", 0, false},
		"the day of the expiry":                      {"2027-03-31", told{"2027-03-31", 7}, "2027-03-31", contract.AtExpiry, true},
		"never looked at until long after":           {"2027-03-31", told{}, "2027-08-01", contract.AtExpiry, true},
		"expired and told":                           {"2027-03-31", told{"2027-03-31", 0}, "2027-08-01", 0, false},
		"extended after it was told":                 {"2028-03-31", told{"2027-03-31", 0}, "2028-01-01", 90, true},
		"extended, and far away again":               {"2028-03-31", told{"2027-03-31", 30}, "2027-03-15", 0, false},
		"expires on 29 February, 90 days before":     {"2028-02-29", told{}, "2027-12-01", 90, true},
		"expires on 29 February, 91 days before":     {"2028-02-29", told{}, "2027-11-30", 0, false},
		"seven days before 1 March of a leap year":   {"2028-03-01", told{"2028-03-01", 30}, "2028-02-23", 7, true},
		"seven days before 1 March of another":       {"2027-03-01", told{"2027-03-01", 30}, "2027-02-22", 7, true},
		"across the night when clocks go forward":    {"2027-04-03", told{"2027-04-03", 30}, "2027-03-27", 7, true},
		"across the night when clocks go back":       {"2026-11-01", told{"2026-11-01", 30}, "2026-10-25", 7, true},
		"a year after 29 February is not 1 March":    {"2029-02-28", told{"2028-02-29", 0}, "2029-02-28", contract.AtExpiry, true},
		"the last day of a year, told sixty already": {"2026-12-31", told{"2026-12-31", 60}, "2026-12-01", 30, true},
	} {
		c := contract.Contract{Facts: contract.Facts{Expiry: test.expiry}, AlertDays: ladder, Told: test.told}
		if step, due := c.Due(test.today); step != test.want || due != test.due {
			t.Errorf("%s: step %d, due %v; want %d, %v", name, step, due, test.want, test.due)
		}
	}
}

// A contract enters what counts as due within 90 days on its day, also where its ladder announces nothing then, and what
// is announced is not changed by that.
func TestALadderWithoutNinetyDaysPassesThemInSilence(t *testing.T) {
	type told = contract.Told
	for name, test := range map[string]struct {
		ladder []int
		told   told
		today  date.Date
		want   contract.Step
		due    bool
	}{
		"on that day":                       {[]int{30}, told{}, "2026-12-31", 0, false},
		"the first step":                    {[]int{30}, told{"2027-03-31", 90}, "2027-03-01", 30, true},
		"the step before, missed until now": {[]int{120, 30}, told{}, "2027-01-05", 120, true},
		"the step before was announced":     {[]int{120, 30}, told{"2027-03-31", 120}, "2027-01-05", 0, false},
	} {
		c := contract.Contract{Facts: contract.Facts{Expiry: "2027-03-31"}, AlertDays: contract.NewAlertDays(test.ladder), Told: test.told}
		if step, due := c.Due(test.today); step != test.want || due != test.due {
			t.Errorf("%s: step %d, due %v; want %d, %v", name, step, due, test.want, test.due)
		}
	}
}
