package check

import (
	"testing"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
)

func TestMain(m *testing.M) { enginetest.Main(m) }
