package system_test

import (
	"testing"

	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/system"
)

const (
	here  = id.Contract("ctr_here")
	there = id.Contract("ctr_there")
)

func TestASystemIsOnAtMostOneContract(t *testing.T) {
	for _, test := range []struct {
		name   string
		system system.System
		exists bool
		want   system.Result
	}{
		{"on none", system.System{Facts: system.Facts{Kind: system.Commercial}}, true, system.Connected},
		{"on this one", system.System{Facts: system.Facts{Kind: system.Commercial}, Contract: here}, true, system.AlreadyThere},
		{"on another", system.System{Facts: system.Facts{Kind: system.Commercial}, Contract: there}, true, system.AlreadyConnected},
		{"a trial", system.System{Facts: system.Facts{Kind: system.Trial}}, true, system.IsTrial},
		{"a trial that the CRM put here", system.System{Facts: system.Facts{Kind: system.Trial}, Contract: here}, true, system.AlreadyThere},
		{"none", system.System{}, false, system.NotFound},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := system.Decide(test.system, test.exists, here); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestTrialSystemsAreInNeitherList(t *testing.T) {
	for _, test := range []struct {
		kind     system.Kind
		contract id.Contract
		want     system.State
	}{
		{system.Commercial, "", system.Unmapped}, {system.Commercial, here, system.Mapped},
		{system.Trial, "", system.OnTrial}, {system.Trial, here, system.Mapped},
	} {
		if got := (system.System{Facts: system.Facts{Kind: test.kind}, Contract: test.contract}).State(); got != test.want {
			t.Errorf("a %s system on %q is %s, want %s", test.kind, test.contract, got, test.want)
		}
	}
}

// A field changes only where the CRM's own value did.
func TestWhatTheCRMSaysAgainLeavesOurFactsAlone(t *testing.T) {
	said := system.Facts{Name: "Portal", URL: "https://portal.example.com/", Kind: system.Commercial}
	renamed := system.System{Facts: said}
	renamed.Name = "Our portal"
	if got := renamed.Take(said, said); got.Facts != renamed.Facts {
		t.Errorf("the same again gave %+v", got.Facts)
	}
	now := said
	now.Kind = system.Trial
	if got := renamed.Take(said, now); got.Name != "Our portal" || got.Kind != system.Trial {
		t.Errorf("another kind gave %+v", got.Facts)
	}
}
