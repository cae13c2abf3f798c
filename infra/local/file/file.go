// Package file keeps what the local stack must find again after it was killed: small files, each there whole or not at
// all.
package file

import (
	"fmt"
	"os"
	"path/filepath"
)

// Write puts a file in place by a rename, so that neither a reader nor a start after a kill finds half of one. The folder
// is made at need. What is kept holds customers' data: for who runs the machine alone.
func Write(name string, content []byte) error {
	if err := write(name, content); err != nil {
		return fmt.Errorf("keeping %s: %w", name, err)
	}
	return nil
}

func write(name string, content []byte) error {
	folder := filepath.Dir(name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	fresh, err := os.CreateTemp(folder, ".*.new")
	if err != nil {
		return err
	}
	_, err = fresh.Write(content)
	if closed := fresh.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(fresh.Name(), name)
	}
	if err != nil {
		_ = os.Remove(fresh.Name()) // what failed first is told
	}
	return err
}
