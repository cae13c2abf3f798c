package httpapi_test

import (
	"testing"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
)

func TestMain(m *testing.M) { enginetest.Main(m) }
