package date_test

import (
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/date"
)

// Whatever is sent: a day that exists, written in one way, or an error.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"2026-11-21", "2028-02-29", "2027-02-29", "1900-01-01", "1899-12-31", "9999-12-31", "2026-1-1", "2026-11-21T00:00:00Z", "٢٠٢٦-١١-٢١", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := date.Parse(s)
		if (err == nil) == (d == "") {
			t.Fatalf("%q: %q with %v", s, d, err)
		}
		if err != nil {
			return
		}
		if string(d) != s || len(s) != len(time.DateOnly) || s < "1900" || d.AddDays(0) != d || d.AddDays(1).AddDays(-1) != d && s < "9999-12-31" {
			t.Fatalf("%q was read as %q", s, d)
		}
	})
}

// A zone that is found has a day at every instant; those that mean another thing on each machine are refused.
func FuzzZone(f *testing.F) {
	for _, seed := range []string{"Europe/Paris", "Pacific/Auckland", "UTC", "Local", "", "../etc/passwd", "Europe/../UTC", "europe/paris", "Etc/GMT+12"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		zone, err := date.Zone(name)
		if err != nil {
			return
		}
		day := date.Today(time.Date(2026, 11, 21, 11, 0, 0, 0, time.UTC), zone)
		if name == "" || name == "Local" || day < "2026-11-20" || day > "2026-11-22" {
			t.Fatalf("%q is a zone in which it is %s", name, day)
		}
	})
}
