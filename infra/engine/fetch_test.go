package engine

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// maven stands in for the real one, which takes many seconds and a network: it leaves a mark for each call, copies one
// file, waits as long as the test says, and copies another. The real one is run by whichever test of an engine is first.
const maven = `#!/bin/sh
for argument; do
	case $argument in -DoutputDirectory=*) folder=${argument#*=} ;; esac
done
echo called >>"$CALLS"
mkdir -p "$folder"
echo one >"$folder/one.jar"
sleep "${COPY_SECONDS:-0}"
echo two >"$folder/two.jar"
`

// withMaven puts a program in Maven's place and gives the file in which it marks its calls.
func withMaven(t *testing.T, script string) (calls string) {
	t.Helper()
	folder := t.TempDir()
	calls = filepath.Join(folder, "calls")
	if err := os.WriteFile(filepath.Join(folder, "mvn"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder+":/usr/bin:/bin")
	t.Setenv("CALLS", calls)
	return calls
}

func count(t *testing.T, calls string) int {
	t.Helper()
	text, err := os.ReadFile(calls)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return strings.Count(string(text), "called")
}

func wantJars(t *testing.T, lib string) {
	t.Helper()
	for _, name := range []string{"one.jar", "two.jar"} {
		if _, err := os.Stat(filepath.Join(lib, name)); err != nil {
			t.Error(err)
		}
	}
	if entries, err := os.ReadDir(filepath.Dir(lib)); err != nil || len(entries) > 3 {
		t.Errorf("%v is left beside the jars and the lock (%v)", entries, err)
	}
}

func TestTheEngineIsFetchedOnceHoweverManyStart(t *testing.T) {
	calls := withMaven(t, maven)
	t.Setenv("COPY_SECONDS", "0.3")
	root := t.TempDir()
	var notices [4]bytes.Buffer
	var group sync.WaitGroup
	for i := range notices {
		group.Go(func() {
			have, err := fetch(t.Context(), root, &notices[i])
			if err != nil {
				t.Error(err)
				return
			}
			wantJars(t, have.lib)
		})
	}
	group.Wait()
	if got := count(t, calls); got != 1 {
		t.Errorf("Maven was called %d times, want once", got)
	}
	told := 0
	for i := range notices {
		told += strings.Count(notices[i].String(), "\n")
	}
	if told != 1 {
		t.Errorf("%d lines told of it, want one", told)
	}
}

func TestACopyThatWasCutShortIsNotTakenForAWholeOne(t *testing.T) {
	calls := withMaven(t, maven)
	t.Setenv("COPY_SECONDS", "60")
	root := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)
	go func() {
		_, err := fetch(ctx, root, nil)
		result <- err
	}()
	for count(t, calls) == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	cancel()
	if err := <-result; err == nil {
		t.Fatal("a copy that was cut short gave no error")
	}

	// A killed process cannot tidy up.
	half := filepath.Join(root, ".local", "engine", "copy-killed", "lib")
	if err := os.MkdirAll(half, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("COPY_SECONDS", "0")
	have, err := fetch(t.Context(), root, nil)
	if err != nil {
		t.Fatal(err)
	}
	wantJars(t, have.lib)
	if got := count(t, calls); got != 2 {
		t.Errorf("Maven was called %d times, want twice", got)
	}
}

func TestAnotherVersionReplacesTheOneThatIsThere(t *testing.T) {
	calls := withMaven(t, maven)
	root := t.TempDir()
	lib := filepath.Join(root, ".local", "engine", "lib")
	if err := os.MkdirAll(lib, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"version": "0.9", "old.jar": "old"} {
		if err := os.WriteFile(filepath.Join(lib, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the second finds it in place
		if _, err := fetch(t.Context(), root, nil); err != nil {
			t.Fatal(err)
		}
	}
	wantJars(t, lib)
	if _, err := os.Stat(filepath.Join(lib, "old.jar")); err == nil {
		t.Error("a jar of the other version is still there")
	}
	if got := count(t, calls); got != 1 {
		t.Errorf("Maven was called %d times, want once", got)
	}
}

func TestAFetchThatFailsSaysWhatIsMissing(t *testing.T) {
	for _, row := range []struct{ name, says, want string }{
		{"no Maven", "none", "mvn is missing"},
		{"no network", "[ERROR] Could not resolve\n[ERROR] More about it", "is its repository in reach? [ERROR] Could not resolve"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Setenv("PATH", standIn(t, "mvn", row.says))
			root := t.TempDir()
			have, err := fetch(t.Context(), root, nil)
			if err == nil || !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error = %v, want one line with %q", err, row.want)
			}
			if _, err := os.Stat(have.lib); err == nil {
				t.Error("there is a folder of jars all the same")
			}
		})
	}
}

func TestLeftScratchFoldersAreRemovedAndThoseInUseAreNot(t *testing.T) {
	have := files{home: t.TempDir()}
	inUse, err := have.scratch()
	if err != nil {
		t.Fatal(err)
	}
	left, err := have.scratch()
	if err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-2 * staleAfter)
	if err := os.Chtimes(left, old, old); err != nil {
		t.Fatal(err)
	}
	if _, err := have.scratch(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(inUse); err != nil {
		t.Errorf("a folder in use: %v", err)
	}
	if _, err := os.Stat(left); err == nil {
		t.Error("a folder that was left is still there")
	}
}
