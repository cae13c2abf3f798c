package id_test

import (
	"bytes"
	"crypto/rand"
	"testing"
	"time"

	"github.com/seatkeeper/seatkeeper/internal/id"
)

// 15- and 18-character CRM ids are the same id; a wrong checksum is an error (FEATURES.md, Contracts).
func TestBothFormsOfACRMIDAreOneID(t *testing.T) {
	for _, test := range []struct{ short, long string }{
		{"0015ubbbPIa84yR", "0015ubbbPIa84yRAYQ"},
		{"800L2cEpVZzAQlx", "800L2cEpVZzAQlxI0G"},
		{"001v5UTG79BG16Q", "001v5UTG79BG16QAHT"},
		{"001woRoWD8s7bA1", "001woRoWD8s7bA1ANI"},
	} {
		short, err1 := id.ParseCRM(test.short)
		long, err2 := id.ParseCRM(test.long)
		if err1 != nil || err2 != nil || short != long || string(long) != test.long {
			t.Errorf("%s and %s were read as %q and %q (%v, %v)", test.short, test.long, short, long, err1, err2)
		}
	}
}

func TestWhatIsNoCRMIDIsRefused(t *testing.T) {
	for _, s := range []string{"", "80012", "800L2cEpVZzAQlxI0H", "800l2cEpVZzAQlxI0G", "800L2cEpVZzAQl-", "800L2cEpVZzAQlxI0", "8003xKJm8GAF0w\u00e9", "800L2cEpVZzAQlx\x00\x00\x00"} {
		if c, err := id.ParseCRM(s); err == nil {
			t.Errorf("%q was read as %s", s, c)
		}
	}
}

func TestAnIDIsReadOnlyIfItCouldHaveBeenMade(t *testing.T) {
	m := id.NewMaker(rand.Reader)
	now := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	c := id.New[id.Contract](m, now)
	if got, ok := id.Parse[id.Contract](string(c)); !ok || got != c {
		t.Errorf("%s was not read back", c)
	}
	for _, s := range []string{"", "ctr_", string(c)[:29], string(c) + "x", "sys_" + string(c)[4:], "ctr_" + "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "ctr_" + "01jd" + string(c)[8:], string(c)[:28] + "#x"} {
		if got, ok := id.Parse[id.Contract](s); ok {
			t.Errorf("%q was read as %s", s, got)
		}
	}
}

func TestIDsOfOneMillisecondSortAsTheyWereMade(t *testing.T) {
	m := id.NewMaker(bytes.NewReader(bytes.Repeat([]byte{7}, 1<<16)))
	now := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	last := id.New[id.Activity](m, now)
	for range 1000 {
		next := id.New[id.Activity](m, now)
		if next <= last {
			t.Fatalf("%s came after %s", next, last)
		}
		last = next
	}
	if at, ok := last.Time(); !ok || !at.Equal(now) {
		t.Errorf("the time of %s is %s, want %s", last, at, now)
	}
}
