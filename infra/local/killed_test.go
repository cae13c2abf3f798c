package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seatkeeper/seatkeeper/infra/enginetest"
)

// asStack has this test binary be a stack, so that a test can kill one. It holds where: root, port, endpoint, table.
const asStack = "SEATKEEPER_TEST_STACK"

func TestMain(m *testing.M) {
	if where := os.Getenv(asStack); where != "" {
		var s settings
		if _, err := fmt.Sscan(where, &s.root, &s.port, &s.endpoint, &s.table); err != nil {
			panic(err)
		}
		if err := run(context.Background(), s, os.Stdout); err != nil {
			panic(err)
		}
		return
	}
	enginetest.Main(m)
}

// killed has a stack of its own process end by SIGKILL between the transaction and what follows from it.
func killed(w *walk) {
	t := w.t
	t.Helper()
	w.r.end()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d %s %s", asStack, w.s.root, w.s.port, w.s.endpoint, w.s.table))
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer child.Process.Kill()
	lines := bufio.NewScanner(out)
	ready := false
	for !ready && lines.Scan() {
		ready = strings.Contains(lines.Text(), "Ready: ")
	}
	if !ready {
		t.Fatal("the process never was ready")
	}
	go io.Copy(io.Discard, out)
	w.want(http.StatusOK, "", "POST", "/dev/faults", `[{"call": "publish", "mode": "fail-before"}]`)
	w.assign(w.people[2:]...)
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // killed, as asked
	w.begin()
	w.told(2, 2)
}

// dropped has the publisher pass over the records of lines, as if it were switched off and the stream had forgotten them:
// the sweep announces what was crossed then, once it is no longer the stream's.
func dropped(w *walk) {
	t := w.t
	t.Helper()
	w.free(w.people...)
	w.calm()
	w.r.end()
	file := filepath.Join(w.s.root, "template.yaml")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const filter = `[{"suffix": "#LINES"}]`
	off := strings.Replace(string(whole), filter, `[{"suffix": "#NOTHING"}]`, 1)
	if off == string(whole) {
		t.Fatalf("template.yaml has no filter %s", filter)
	}
	if err := os.WriteFile(file, []byte(off), 0o644); err != nil {
		t.Fatal(err)
	}
	w.begin()
	w.assign(w.people[0])
	w.calm()
	w.r.end()
	if err := os.WriteFile(file, whole, 0o644); err != nil {
		t.Fatal(err)
	}
	w.begin()
	w.told(2, 2)
	w.want(http.StatusOK, "", "POST", "/dev/clock", `{"advance": "11m"}`)
	w.want(http.StatusOK, "", "POST", "/dev/schedules/ExpiryFunction", "")
	w.told(3, 2)
	w.want(http.StatusOK, "", "POST", "/dev/schedules/ExpiryFunction", "")
	w.told(3, 2)
}
