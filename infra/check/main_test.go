package check

import (
	"testing"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
)

// Twenty requests are drawn for each operation.
func TestMain(m *testing.M) { enginetest.Drawing(m, 20) }
