package engine

import (
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// keptOutput is how much of a child's output is kept for its error, in bytes: a Java stack trace with its first line.
const keptOutput = 16 << 10

// child is a process that does not outlive this one (on Linux; elsewhere it may after a kill -9), and the end of what it
// printed.
type child struct {
	cmd    *exec.Cmd
	output *tail
	ended  chan struct{}
	result error // of the process, once ended is closed
}

// spawn starts a command. Its error is that of the start; ended is closed when the process is gone and its output read.
func spawn(cmd *exec.Cmd) (*child, error) {
	process := &child{cmd: cmd, output: &tail{}, ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = process.output, process.output
	cmd.SysProcAttr = bound()
	// A grandchild that keeps the pipe open must not keep us from seeing the end.
	cmd.WaitDelay = time.Second

	started := make(chan error, 1)
	go func() {
		// Linux sends the signal for the parent's death when the thread that made the child ends, and Go ends threads as
		// it likes. Held by this goroutine, which waits for the child, the thread lives as long as the child does.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		process.result = cmd.Wait()
		close(process.ended)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return process, nil
}

func (c *child) running() bool {
	select {
	case <-c.ended:
		return false
	default:
		return true
	}
}

// signal fails only when the process is gone, which ended tells.
func (c *child) signal(signal syscall.Signal) {
	_ = c.cmd.Process.Signal(signal)
}

func (c *child) said() string {
	return c.output.String()
}

// lastWords is one line about why a child ended: its exception or error if it printed one, else its last line, else the
// result of the process.
func (c *child) lastWords() string {
	last := ""
	for line := range strings.Lines(c.said()) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "Exception ") || strings.HasPrefix(line, "Error: ") || strings.HasPrefix(line, "[ERROR] ") {
			return line
		}
		// A frame of a stack trace, or a remark of the logging library on each start, says nothing to a reader.
		if line != "" && !strings.HasPrefix(line, "at ") && !strings.HasPrefix(line, "SLF4J:") {
			last = line
		}
	}
	if !c.running() && c.result != nil && strings.HasPrefix(c.result.Error(), "signal: ") {
		return c.result.Error() // somebody killed it: nothing that it printed says why
	}
	if !c.running() && c.result != nil {
		return strings.TrimPrefix(last+" ("+c.result.Error()+")", " ")
	}
	if last == "" {
		return "it printed nothing"
	}
	return last
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

func (t *tail) Write(text []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, text...)
	if over := len(t.text) - keptOutput; over > 0 {
		t.text = append(t.text[:0], t.text[over:]...)
	}
	return len(text), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
