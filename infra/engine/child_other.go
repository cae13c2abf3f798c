//go:build unix && !linux

package engine

import "syscall"

// bound keeps the terminal's Ctrl-C from a child, so that the engine still answers while its users come to their end.
// Only Linux ends a child with its parent: elsewhere a parent killed with -9 leaves its engine running.
func bound() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
