package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// asParent turns this test binary into a program that starts an engine, says where, and waits to be killed.
const asParent = "SEATKEEPER_TEST_ENGINE_PARENT"

func TestMain(m *testing.M) {
	if os.Getenv(asParent) == "" {
		os.Exit(m.Run())
	}
	engine, err := Start(context.Background(), Config{Root: filepath.Join("..", "..")})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(engine.Endpoint())
	select {}
}
