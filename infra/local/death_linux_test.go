package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// children are the processes that this one started and that run a program of that name.
func children(t *testing.T, program string) []int {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	var found []int
	for _, file := range stats {
		raw, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended since
		}
		// pid (program) state parent …
		head, rest, _ := strings.Cut(string(raw), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 2 || fields[1] != strconv.Itoa(os.Getpid()) || !strings.HasSuffix(head, "("+program) {
			continue
		}
		pid, err := strconv.Atoi(head[:strings.Index(head, " ")])
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, pid)
	}
	return found
}

func TestADeadEngineEndsTheStackWithOneLine(t *testing.T) {
	before := children(t, "java") // the engine of the other tests
	s := settings{root: place(t), port: freePort(t), enginePort: freePort(t), table: tableName}
	r := launch(t, s)
	r.says("Making the demo data")
	for _, pid := range children(t, "java") {
		if len(before) == 0 || pid != before[0] {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
	}
	select {
	case err := <-r.done:
		want := fmt.Sprintf("the DynamoDB engine on port %d ended by itself", s.enginePort)
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("the stack ended with %v", err)
		}
	case <-time.After(time.Minute):
		t.Error("the stack goes on without its engine")
	}
}
