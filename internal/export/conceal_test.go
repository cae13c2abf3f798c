package export

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A spreadsheet has no year 1: what has not ended has no end.
func TestAnInstantThatHasNotComeIsLeftOut(t *testing.T) {
	facts := map[string]any{"endedAt": "0001-01-01T00:00:00Z", "createdAt": "2026-11-21T08:00:00Z", "rows": []any{map[string]any{"endedAt": "0001-01-01T00:00:00Z"}}}
	conceal(facts)
	if diff := cmp.Diff(map[string]any{"createdAt": "2026-11-21T08:00:00Z", "rows": []any{map[string]any{}}}, facts); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
}
