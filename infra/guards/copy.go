package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// verdict is what a test said of its guard.
type verdict string

const (
	noticed   verdict = "noticed"          // green with the guard, red without it
	unnoticed verdict = "NOT NOTICED"      // green without it, too
	broken    verdict = "RED IN ANY CASE"  // it says nothing about the guard
	unclear   verdict = "DOES NOT COMPILE" // or ended otherwise than by the test
)

// patience is for one test; a test that never ends without its guard has not said so.
const patience = "5m"

// copied is a copy of the tree, in which guards are taken out.
type copied struct {
	dir string
	// green are the tests that were seen to pass as the code is, by package and name.
	green map[string]bool
	// said is what the last run of a test printed.
	said string
}

// newCopy copies the files that git knows or would take, as they are now. Tests find the engine there that the tree has.
func newCopy(ctx context.Context, root string) (*copied, error) {
	list := exec.CommandContext(ctx, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = root
	names, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files: %w", err)
	}
	dir, err := os.MkdirTemp("", "guards-")
	if err != nil {
		return nil, err
	}
	c := &copied{dir: dir, green: map[string]bool{}}
	for name := range strings.SplitSeq(strings.TrimRight(string(names), "\x00"), "\x00") {
		if err := c.take(root, name); err != nil {
			c.remove()
			return nil, err
		}
	}
	if err := c.link(root); err != nil {
		c.remove()
		return nil, err
	}
	return c, nil
}

// take copies a file; one that is deleted and still known to git is left out.
func (c *copied) take(root, name string) error {
	text, err := os.ReadFile(filepath.Join(root, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	to := filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644)
}

// link shares the engine's files with the tree, so that they are not fetched for each copy.
func (c *copied) link(root string) error {
	of, err := filepath.EvalSymlinks(filepath.Join(root, ".local", "engine"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(c.dir, ".local"), 0o755); err != nil {
		return err
	}
	return os.Symlink(of, filepath.Join(c.dir, ".local", "engine"))
}

func (c *copied) remove() { _ = os.RemoveAll(c.dir) }

// try runs a guard's test as the code is, once for all guards that share it, and without the guard. The copy is then as
// it was.
func (c *copied) try(ctx context.Context, g guard) (v verdict, err error) {
	if key := g.in + "." + g.test; !c.green[key] {
		passed, _, err := c.test(ctx, g)
		if err != nil || !passed {
			return broken, err
		}
		c.green[key] = true
	}
	name := filepath.Join(c.dir, g.file)
	is, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	without, err := g.without(string(is))
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(name, []byte(without), 0o644); err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.WriteFile(name, is, 0o644)) }()
	passed, failed, err := c.test(ctx, g)
	switch {
	case err != nil:
		return "", err
	case failed:
		return noticed, nil
	case passed:
		return unnoticed, nil
	default:
		return unclear, nil
	}
}

// without is the text of the guard's file once the guard is gone.
func (g guard) without(text string) (string, error) {
	if n := strings.Count(text, g.from); n != 1 {
		return "", fmt.Errorf("%s has the guard's text %d times, want once", g.file, n)
	}
	return strings.Replace(text, g.from, g.to, 1), nil
}

// test runs the guard's test in the copy. Neither passed nor failed is one that did not come to its end.
func (c *copied) test(ctx context.Context, g guard) (passed, failed bool, err error) {
	var said bytes.Buffer
	run := exec.CommandContext(ctx, "go", "test", "-count=1", "-vet=off", "-v", "-timeout", patience, "-run", "^"+g.test+"$", "./"+g.in)
	run.Dir, run.Stdout, run.Stderr = c.dir, &said, &said
	// Go leaves its test binary behind when it is told to end, so both are told; the binary's engine ends with it.
	run.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	run.Cancel = func() error { return syscall.Kill(-run.Process.Pid, syscall.SIGTERM) }
	run.WaitDelay = 10 * time.Second
	err = run.Run()
	c.said = said.String()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		return false, false, errors.Join(err, ctx.Err())
	}
	ended := func(how string) bool { return strings.Contains("\n"+c.said, "\n--- "+how+": "+g.test+" ") }
	return err == nil && ended("PASS"), err != nil && ended("FAIL"), nil
}

// complaint is the first line that the last run of a test printed of its own: mostly what is wrong.
func (c *copied) complaint() string {
	for line := range strings.Lines(c.said) {
		if strings.Contains(line, "_test.go:") {
			return strings.TrimSpace(line)
		}
	}
	return ""
}
