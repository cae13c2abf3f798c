package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/seatkeeper/seatkeeper/infra/template"
)

// place is a module's root of the test's own, with the template and the engine's files in it.
func place(t *testing.T) string {
	t.Helper()
	root, err := template.Root()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	own, engine := t.TempDir(), filepath.Join(root, ".local", "engine")
	for _, err := range []error{
		os.WriteFile(filepath.Join(own, "template.yaml"), text, 0o644),
		os.MkdirAll(engine, 0o755), os.MkdirAll(filepath.Join(own, ".local"), 0o755),
		os.Symlink(engine, filepath.Join(own, ".local", "engine")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return own
}
