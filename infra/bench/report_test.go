package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// Every table is given as JSON too: its rows by column, numbers as numbers.
func TestATableIsReadAsJSONAndByPeople(t *testing.T) {
	table := tabulate("seats", "seats\toperation\tratio\t", "100\tassign\t1.04\t\n100\tlist\t-\t\n", []string{"said once"})
	raw, err := json.Marshal(report{Machine: "two cores", Tables: []figures{table}})
	want := `{"machine":"two cores","tables":[{"table":"seats","columns":["seats","operation","ratio"],"notes":["said once"],"rows":[{"operation":"assign","ratio":1.04,"seats":100},{"operation":"list","ratio":"-","seats":100}]}]}`
	if err != nil || string(raw) != want {
		t.Errorf("%v\n%s, want\n%s", err, raw, want)
	}
	var shown strings.Builder
	if err := table.print(&shown); err != nil || !strings.Contains(shown.String(), "assign   1.04\n") || !strings.HasSuffix(shown.String(), "said once\n") {
		t.Errorf("%v %q", err, shown.String())
	}
}

// A table that is asked for by a name that there is none of is no silence.
func TestATableThatIsNotThereIsAnError(t *testing.T) {
	if some, err := chosen([]string{"start", "operations"}); err != nil || len(some) != 2 || some[0].noun != "start" {
		t.Errorf("%v %v", some, err)
	}
	if _, err := chosen([]string{"boats"}); err == nil {
		t.Error("a table of boats")
	}
}
