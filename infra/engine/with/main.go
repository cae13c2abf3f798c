// Command with runs another command beside an engine of its own:
//
//	go run ./infra/engine/with -- go test ./...
//
// The command finds an empty engine in memory under DYNAMODB_ENDPOINT, so that all test binaries of one run share it.
// Where that variable is set already, the engine that it names is used and none is started. Signals are passed on, and
// the command's exit code is this one's.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/seatkeeper/seatkeeper/infra/engine"
	"github.com/seatkeeper/seatkeeper/infra/template"
)

// Exit codes as a shell gives them.
const (
	failed   = 1
	misused  = 2
	notFound = 127
	killed   = 128 // and the signal's number
)

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(arguments []string) int {
	if len(arguments) > 0 && arguments[0] == "--" {
		arguments = arguments[1:]
	}
	if len(arguments) == 0 {
		return complain(misused, errors.New("usage: with -- COMMAND ARGUMENTS"))
	}
	// Looked for before an engine is started in vain.
	if _, err := exec.LookPath(arguments[0]); err != nil {
		return complain(notFound, err)
	}
	if os.Getenv("DYNAMODB_ENDPOINT") != "" {
		return beside(nil, arguments)
	}
	own, err := start()
	if err != nil {
		return complain(failed, err)
	}
	defer own.Stop()
	return beside(own, arguments)
}

func complain(code int, err error) int {
	fmt.Fprintln(os.Stderr, "with:", err)
	return code
}

func start() (*engine.Engine, error) {
	root, err := template.Root()
	if err != nil {
		return nil, err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	return engine.Start(ctx, engine.Config{Root: root, Notices: os.Stderr})
}

// beside runs the command to its end; own is nil when another's engine is used.
func beside(own *engine.Engine, arguments []string) int {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	defer signal.Stop(signals)

	command := exec.Command(arguments[0], arguments[1:]...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	var died <-chan struct{} // never, when it is not ours
	if own != nil {
		command.Env = append(os.Environ(), "DYNAMODB_ENDPOINT="+own.Endpoint())
		died = own.Done()
	}
	if err := command.Start(); err != nil {
		return complain(failed, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()

	least := 0
	for {
		select {
		case err := <-ended:
			return max(least, code(err))
		case received := <-signals:
			if !sentByTerminal(received) {
				_ = command.Process.Signal(received) // fails when it has ended, which is seen next
			}
		case <-died:
			least, died = complain(failed, own.Err()), nil
			_ = command.Process.Signal(os.Interrupt)
		}
	}
}

// sentByTerminal says whether a signal was a key press, which the terminal sends to the command as well. Passed on, it
// would come twice, and many programs take the second Ctrl-C for impatience.
func sentByTerminal(received os.Signal) bool {
	if received != syscall.SIGINT && received != syscall.SIGQUIT {
		return false
	}
	terminal, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	defer terminal.Close()
	foreground, err := unix.IoctlGetInt(int(terminal.Fd()), unix.TIOCGPGRP)
	return err == nil && foreground == unix.Getpgrp()
}

func code(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &exit):
		return complain(failed, err)
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return killed + int(status.Signal())
	}
	return exit.ExitCode()
}
