package check

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seatkeeper/seatkeeper/infra/template"
)

// section is a heading of the third level in the runbook's chapter on alarms.
var section = regexp.MustCompile(`(?m)^### (\S+)$`)

// Whoever is called by an alarm finds what to do under its name, and nothing that calls nobody.
func TestTheRunbookHasASectionForEachAlarm(t *testing.T) {
	root, err := template.Root()
	if err != nil {
		t.Fatal(err)
	}
	deployed, err := template.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "infra", "runbook.md"))
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, found := range section.FindAllStringSubmatchIndex(string(text), -1) {
		name, rest := string(text[found[2]:found[3]]), string(text[found[1]:])
		said, _, _ := strings.Cut(rest, "\n#")
		if len(strings.Fields(said)) < 20 {
			t.Errorf("the runbook says of %s: %q", name, said)
		}
		told = append(told, name)
	}
	slices.Sort(told)
	if diff := cmp.Diff(deployed.Alarms(), told); diff != "" {
		t.Errorf("alarms (-template.yaml +runbook.md):\n%s", diff)
	}
	if len(told) == 0 {
		t.Error("there is no alarm")
	}
}
