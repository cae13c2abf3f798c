package main

import "testing"

// What callers were told and is not there is lost; what is there beyond it is doubled, also where both happened.
func TestARecountTellsLostFromDoubled(t *testing.T) {
	told, before := tally{records: 10, changes: 10, used: 2, seats: 2, held: 2}, tally{records: 100, changes: 101}
	for name, row := range map[string]struct {
		after         tally
		lost, doubled int
	}{
		"as told":         {tally{110, 111, 2, 2, 2}, 0, 0},
		"a record lost":   {tally{109, 111, 2, 2, 2}, 1, 0},
		"a seat too many": {tally{110, 111, 2, 3, 2}, 0, 1},
		"both":            {tally{110, 112, 2, 2, 1}, 1, 1},
	} {
		if lost, doubled := told.against(before, row.after); lost != row.lost || doubled != row.doubled {
			t.Errorf("%s: %d lost and %d doubled, want %d and %d", name, lost, doubled, row.lost, row.doubled)
		}
	}
}
