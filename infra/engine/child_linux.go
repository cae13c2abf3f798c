package engine

import "syscall"

// bound keeps a child to this process: the kernel kills it when its parent is gone, however the parent ended. A group of
// its own keeps the terminal's Ctrl-C from it, so that the engine still answers while its users come to their end.
func bound() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}
