package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// fileLock is held by one process; the system gives it back when that process ends. A nil one holds nothing.
type fileLock struct {
	file *os.File
}

func (l *fileLock) release() {
	if l != nil {
		_ = l.file.Close()
	}
}

var errLocked = errors.New("another process holds the lock")

// tryLock takes the lock or fails with errLocked. The file stays when the lock is released: removing it would let two
// processes lock two files of one name.
func tryLock(path string) (*fileLock, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errLocked
		}
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	return &fileLock{file: file}, nil
}

// waitForLock asks again and again, since a blocking call would not see the context's end.
func waitForLock(ctx context.Context, path string) (*fileLock, error) {
	for {
		lock, err := tryLock(path)
		if !errors.Is(err, errLocked) {
			return lock, err
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// holdData keeps a second engine off the data: the engine itself opens the file twice without a word.
func holdData(dir string) (*fileLock, error) {
	if dir == "" {
		return nil, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the data folder: %w", err)
	}
	lock, err := tryLock(filepath.Join(dir, "lock"))
	if errors.Is(err, errLocked) {
		return nil, fmt.Errorf("the data in %s is in use by another engine: end that one first", dir)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the data folder: %w", err)
	}
	return lock, nil
}
