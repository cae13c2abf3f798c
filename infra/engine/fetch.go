package engine

import (
	"context"
	_ "embed"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

//go:embed pom.xml
var pom []byte

// staleAfter is when a scratch folder is taken for the leftover of a killed process. Engines that run longer do not
// notice: their library is loaded in their first second.
const staleAfter = time.Hour

// files are the engine's folders on disk.
type files struct {
	home string // lock, scratch folders
	lib  string // the jars
}

// fetch makes sure that the jars are there, and asks Maven for them the first time and after a change of version.
// Processes that want them at the same time wait for one of them to do it.
func fetch(ctx context.Context, root string, notices io.Writer) (files, error) {
	home, err := filepath.Abs(filepath.Join(root, ".local", "engine"))
	if err != nil {
		return files{}, fmt.Errorf("the engine's folder: %w", err)
	}
	have := files{home: home, lib: filepath.Join(home, "lib")}
	version, err := wantedVersion()
	if err != nil || have.complete(version) {
		return have, err
	}
	if err := os.MkdirAll(home, 0o755); err != nil {
		return files{}, fmt.Errorf("making the engine's folder: %w", err)
	}
	lock, err := waitForLock(ctx, filepath.Join(home, "lock"))
	if err != nil {
		return files{}, fmt.Errorf("waiting for another process to fetch the engine: %w", err)
	}
	defer lock.release()
	if have.complete(version) {
		return have, nil
	}
	if notices != nil {
		fmt.Fprintf(notices, "Fetching DynamoDB Local %s with Maven (once, about 50 MB)\n", version)
	}
	return have, have.fill(ctx, version)
}

// complete says whether the jars of this version are there, all of them: the stamp comes into lib with the jars, by one
// rename.
func (f files) complete(version string) bool {
	stamp, err := os.ReadFile(filepath.Join(f.lib, "version"))
	return err == nil && string(stamp) == version
}

// fill copies the jars to a folder beside lib and renames it, so that a copy that was cut short is never taken for one
// that is done. The caller holds the lock.
func (f files) fill(ctx context.Context, version string) error {
	left, err := filepath.Glob(filepath.Join(f.home, "copy-*"))
	if err != nil {
		return fmt.Errorf("looking for earlier copies: %w", err)
	}
	for _, folder := range append(left, filepath.Join(f.home, "replaced")) {
		if err := os.RemoveAll(folder); err != nil {
			return fmt.Errorf("removing an earlier copy of the engine: %w", err)
		}
	}
	work, err := os.MkdirTemp(f.home, "copy-")
	if err != nil {
		return fmt.Errorf("making a folder for the engine: %w", err)
	}
	defer os.RemoveAll(work)
	jars := filepath.Join(work, "lib")
	if err := copyJars(ctx, work, jars); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(jars, "version"), []byte(version), 0o644); err != nil {
		return fmt.Errorf("marking the engine's version: %w", err)
	}
	// A folder cannot be renamed over one that has files. If we end between the two renames, the next start fetches.
	if err := os.Rename(f.lib, filepath.Join(f.home, "replaced")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("putting the engine's earlier version away: %w", err)
	}
	if err := os.Rename(jars, f.lib); err != nil {
		return fmt.Errorf("putting the engine in place: %w", err)
	}
	return nil
}

// copyJars has Maven put the engine and all that it needs into one folder.
func copyJars(ctx context.Context, work, jars string) error {
	project := filepath.Join(work, "pom.xml")
	if err := os.WriteFile(project, pom, 0o644); err != nil {
		return fmt.Errorf("writing Maven's project file: %w", err)
	}
	cmd := exec.CommandContext(ctx, "mvn", "--quiet", "--batch-mode", "-Dstyle.color=never", "--file", project,
		"dependency:copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory="+jars)
	// Maven is a script where it comes from some distributions: its Java has to go with it, and stands in its group.
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	maven, err := spawn(cmd)
	if errors.Is(err, exec.ErrNotFound) {
		return errors.New("mvn is missing: fetching the DynamoDB engine needs Maven (Debian: apt-get install maven)")
	}
	if err != nil {
		return fmt.Errorf("starting Maven: %w", err)
	}
	<-maven.ended
	if ctx.Err() != nil {
		return fmt.Errorf("fetching the DynamoDB engine: %w", context.Cause(ctx))
	}
	if maven.result != nil {
		return fmt.Errorf("could not fetch the DynamoDB engine with Maven; is its repository in reach? %s", maven.lastWords())
	}
	return nil
}

// wantedVersion reads the engine's version from the project file, where it stands once.
func wantedVersion() (string, error) {
	var project struct {
		Dependencies []struct {
			Version string `xml:"version"`
		} `xml:"dependencies>dependency"`
	}
	if err := xml.Unmarshal(pom, &project); err != nil {
		return "", fmt.Errorf("reading the engine's pom.xml: %w", err)
	}
	if len(project.Dependencies) != 1 || project.Dependencies[0].Version == "" {
		return "", errors.New("the engine's pom.xml must name one dependency and its version")
	}
	return project.Dependencies[0].Version, nil
}

// scratch makes a folder for what a process unpacks while it runs, and removes those that killed ones left.
func (f files) scratch() (string, error) {
	parent := filepath.Join(f.home, "scratch")
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", fmt.Errorf("making the engine's scratch folder: %w", err)
	}
	folders, err := os.ReadDir(parent)
	if err != nil {
		return "", fmt.Errorf("reading the engine's scratch folder: %w", err)
	}
	for _, folder := range folders {
		if info, err := folder.Info(); err == nil && time.Since(info.ModTime()) > staleAfter {
			_ = os.RemoveAll(filepath.Join(parent, folder.Name())) // the next start tries again
		}
	}
	own, err := os.MkdirTemp(parent, "")
	if err != nil {
		return "", fmt.Errorf("making the engine's scratch folder: %w", err)
	}
	return own, nil
}
