package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain lets the test binary be the command itself, since exit codes and signals are those of a process, and under the
// name of Java an engine that dies when it is told to.
func TestMain(m *testing.M) {
	switch {
	case filepath.Base(os.Args[0]) == "java":
		answerUntilToldToEnd()
	case os.Getenv("SEATKEEPER_TEST_WITH") != "":
		main()
	default:
		os.Exit(m.Run())
	}
}

func with(t *testing.T, endpoint string, arguments ...string) *exec.Cmd {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0], arguments...)
	command.Env = append(os.Environ(), "SEATKEEPER_TEST_WITH=1", "DYNAMODB_ENDPOINT="+endpoint)
	return command
}

func exitCode(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	if err == nil {
		return 0
	}
	if !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return exit.ExitCode()
}

func TestTheCommandFindsAnEngineThatEndsWithIt(t *testing.T) {
	output, err := with(t, "", "--", "sh", "-c", `printf %s "$DYNAMODB_ENDPOINT"; exit 7`).Output()
	if code := exitCode(t, err); code != 7 {
		t.Errorf("exit code %d, want the command's 7", code)
	}
	address, ok := strings.CutPrefix(string(output), "http://")
	if !ok {
		t.Fatalf("the command found DYNAMODB_ENDPOINT %q", output)
	}
	if connection, err := net.Dial("tcp", address); err == nil {
		_ = connection.Close()
		t.Error("the engine still listens")
	}
}

func TestAnEndpointThatIsSetIsUsed(t *testing.T) {
	const set = "http://192.0.2.1:1"
	output, err := with(t, set, "sh", "-c", `printf %s "$DYNAMODB_ENDPOINT"`).Output()
	if code := exitCode(t, err); code != 0 || string(output) != set {
		t.Errorf("exit code %d, endpoint %q; want 0 and %q", code, output, set)
	}
}

func TestExitCodesAreThoseOfAShell(t *testing.T) {
	for _, row := range []struct {
		name      string
		arguments []string
		want      int
		says      string
	}{
		{"no command", []string{"--"}, 2, "usage"},
		{"an unknown command", []string{"--", "no-such-command"}, 127, "no-such-command"},
		{"a command that was killed", []string{"--", "sh", "-c", "kill -TERM $$"}, 128 + 15, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			command := with(t, "http://192.0.2.1:1", row.arguments...)
			var said bytes.Buffer
			command.Stderr = &said
			if code := exitCode(t, command.Run()); code != row.want {
				t.Errorf("exit code %d, want %d", code, row.want)
			}
			if !strings.Contains(said.String(), row.says) {
				t.Errorf("it said %q, without %q", said.String(), row.says)
			}
		})
	}
}

func TestSignalsReachTheCommand(t *testing.T) {
	command := with(t, "http://192.0.2.1:1", "--", "sh", "-c", `trap 'exit 9' TERM; echo ready; for i in $(seq 600); do sleep 0.05; done`)
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(output).ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("the command said %q, %v", line, err)
	}
	if err := command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := exitCode(t, command.Wait()); code != 9 {
		t.Errorf("exit code %d, want the 9 of the command's trap", code)
	}
}

// An engine that dies leaves tests that all fail for one reason, which must be told.
func TestADeadEngineEndsTheCommandWithOneLine(t *testing.T) {
	programs := t.TempDir()
	if err := os.Symlink(self(t), filepath.Join(programs, "java")); err != nil {
		t.Fatal(err)
	}
	command := with(t, "", "--", "sh", "-c", `trap 'exit 0' INT; : >"$ENGINE_ENDS"; for i in $(seq 600); do sleep 0.05; done`)
	command.Env = append(command.Env, "PATH="+programs+":"+os.Getenv("PATH"), "ENGINE_ENDS="+filepath.Join(programs, "ends"))
	var said bytes.Buffer
	command.Stderr = &said
	if code := exitCode(t, command.Run()); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	if strings.Count(said.String(), "\n") != 1 || !strings.Contains(said.String(), "ended by itself: out of something") {
		t.Errorf("it said %q, want one line about the engine", said.String())
	}
}

func self(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// answerUntilToldToEnd is an engine as far as package engine sees one, until there is a file of the name in ENGINE_ENDS.
func answerUntilToldToEnd() {
	port := os.Args[slices.Index(os.Args, "-port")+1]
	go http.ListenAndServe("127.0.0.1:"+port, http.NotFoundHandler())
	for {
		if _, err := os.Stat(os.Getenv("ENGINE_ENDS")); err == nil {
			fmt.Println("out of something")
			os.Exit(1)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
