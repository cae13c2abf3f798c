package date_test

import (
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/date"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := date.Zone(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// The same instant is another day elsewhere: what is over in Auckland is not in Paris (FEATURES.md, Contracts).
func TestTodayIsTheDayInTheAccountsZone(t *testing.T) {
	for _, test := range []struct {
		name, zone, now string
		want            date.Date
	}{
		{"a minute before midnight in Paris", "Europe/Paris", "2026-11-20T22:59:59Z", "2026-11-20"},
		{"midnight in Paris", "Europe/Paris", "2026-11-20T23:00:00Z", "2026-11-21"},
		{"the same instant in Auckland", "Pacific/Auckland", "2026-11-20T23:00:00Z", "2026-11-21"},
		{"noon UTC is tomorrow in Auckland", "Pacific/Auckland", "2026-11-20T12:00:00Z", "2026-11-21"},
		{"and still yesterday's evening in Honolulu", "Pacific/Honolulu", "2026-11-21T09:59:59Z", "2026-11-20"},
		{"before the night that Paris goes to summer time", "Europe/Paris", "2027-03-27T22:59:59Z", "2027-03-27"},
		{"the first second of that day", "Europe/Paris", "2027-03-27T23:00:00Z", "2027-03-28"},
		{"its last second, an hour earlier in UTC", "Europe/Paris", "2027-03-28T21:59:59Z", "2027-03-28"},
		{"the day after begins under summer time", "Europe/Paris", "2027-03-28T22:00:00Z", "2027-03-29"},
		{"the night Paris goes back", "Europe/Paris", "2026-10-24T22:00:00Z", "2026-10-25"},
		{"and its long day ends", "Europe/Paris", "2026-10-25T22:59:59Z", "2026-10-25"},
		// Beirut moves its clocks at midnight: 28 March 2027 begins at 01:00.
		{"the last second before the midnight that Beirut skips", "Asia/Beirut", "2027-03-27T21:59:59Z", "2027-03-27"},
		{"the first second behind it", "Asia/Beirut", "2027-03-27T22:00:00Z", "2027-03-28"},
		{"a leap day", "Europe/Paris", "2028-02-28T23:00:00Z", "2028-02-29"},
	} {
		t.Run(test.name, func(t *testing.T) {
			now, err := time.Parse(time.RFC3339, test.now)
			if err != nil {
				t.Fatal(err)
			}
			if got := date.Today(now, zone(t, test.zone)); got != test.want {
				t.Errorf("today in %s at %s is %s, want %s", test.zone, test.now, got, test.want)
			}
		})
	}
}

func TestDaysThatDoNotExistAreRefused(t *testing.T) {
	for _, s := range []string{"2027-02-29", "2027-02-31", "2027-13-01", "2027-00-10", "1899-12-31", "2027-2-1", "", "20270201", "2027-02-01T00:00:00Z"} {
		if d, err := date.Parse(s); err == nil {
			t.Errorf("%q was read as %s", s, d)
		}
	}
}

func TestDaysAddUpInTheCalendar(t *testing.T) {
	for _, test := range []struct {
		from date.Date
		days int
		want date.Date
	}{{"2028-02-28", 1, "2028-02-29"}, {"2028-02-29", 1, "2028-03-01"}, {"2027-01-01", -1, "2026-12-31"}, {"2027-03-27", 2, "2027-03-29"}} {
		if got := test.from.AddDays(test.days); got != test.want {
			t.Errorf("%s and %d days is %s, want %s", test.from, test.days, got, test.want)
		}
	}
}

func TestZonesThatDependOnTheMachineAreRefused(t *testing.T) {
	for _, name := range []string{"", "Local", "Europe/Atlantis", "../etc/passwd"} {
		if _, err := date.Zone(name); err == nil {
			t.Errorf("zone %q was accepted", name)
		}
	}
}

func TestADayHasBegunEverywhereWhenItHasInTheWesternmostZone(t *testing.T) {
	for now, want := range map[string]date.Date{"2026-11-21T11:59:59Z": "2026-11-20", "2026-11-21T12:00:00Z": "2026-11-21"} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := date.Everywhere(at); got != want {
			t.Errorf("at %s the day is %s everywhere, want %s", now, got, want)
		}
		for _, name := range []string{"Pacific/Auckland", "Europe/Paris", "Pacific/Pago_Pago", "Etc/GMT+12"} {
			if today := date.Today(at, zone(t, name)); today < want {
				t.Errorf("at %s it is only %s in %s", now, today, name)
			}
		}
	}
}
