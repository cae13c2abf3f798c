package id_test

import (
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/id"
)

// An id that is read is written in one way, is of one noun, and has the instant that it was made at.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"act_01KE6P4YM08EJZWGJN6B3ZCKT4", "act_81KE6P4YM08EJZWGJN6B3ZCKT4", "act_01ke6p4ym08ejzwgjn6b3zckt4", "acc_01KE6P4YM08EJZWGJN6B3ZCKT4", "act_01KE6P4YM08EJZWGJN6B3ZCKTI", "act_", "cc_01KE6P4YM08EJZWGJN6B3ZCKT8", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		nouns := 0
		for _, parsed := range []func() (string, bool){
			parse[id.Account](s), parse[id.Contract](s), parse[id.System](s), parse[id.User](s), parse[id.Partner](s),
			parse[id.PermissionSet](s), parse[id.Staff](s), parse[id.CostCenter](s), parse[id.Activity](s),
		} {
			read, ok := parsed()
			if ok != (read == s && s != "") {
				t.Fatalf("%q was read as %q", s, read)
			}
			if ok {
				nouns++
			}
		}
		if nouns > 1 {
			t.Fatalf("%q is the id of %d nouns", s, nouns)
		}
		if at, ok := id.Activity(s).Time(); ok && (nouns != 1 || at.UnixMilli() < 0) {
			t.Fatalf("%q was made at %s", s, at)
		}
	})
}

func parse[T id.Known](s string) func() (string, bool) {
	return func() (string, bool) {
		read, ok := id.Parse[T](s)
		return string(read), ok
	}
}

// Both forms of a CRM id are one, and what is read is the long one.
func FuzzParseCRM(f *testing.F) {
	for _, seed := range []string{"0015ubbbPIa84yR", "0015ubbbPIa84yRAYQ", "0015ubbbPIa84yRAYA", "0015ubbbPIa84yé", "", "000000000000000000"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := id.ParseCRM(s)
		if err != nil {
			if c != "" {
				t.Fatalf("%q: %q with %v", s, c, err)
			}
			return
		}
		again, err := id.ParseCRM(string(c))
		short, shortErr := id.ParseCRM(string(c)[:15])
		if len(c) != 18 || err != nil || shortErr != nil || again != c || short != c || s[:15] != string(c)[:15] {
			t.Fatalf("%q was read as %q, that as %q and its short form as %q (%v, %v)", s, c, again, short, err, shortErr)
		}
	})
}
