package mail

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// File leaves messages in a folder: what they would be, for one machine and for tests.
type File struct {
	folder string
	from   Address
}

// NewFile makes a Mailer that puts every message into a file of the folder, which it makes at need. The error is a
// sender's address that is none.
func NewFile(folder string, from Address) (*File, error) {
	from, err := Sender(from)
	return &File{folder, from}, err
}

// FileTime is how the files' names begin, in UTC, so that names sort by time; then a dash, the message's ID and .eml.
const FileTime = "20060102T150405.000000000Z"

// Send writes the message by a rename, so that who looks into the folder never finds half of one.
func (f *File) Send(_ context.Context, m Message, now time.Time) error {
	raw, err := Render(f.from, m, now)
	if err != nil {
		return err
	}
	if err := f.keep(raw, now.UTC().Format(FileTime)+"-"+m.ID+".eml"); err != nil {
		return fmt.Errorf("keeping mail %s: %w", m.ID, err)
	}
	return nil
}

// keep writes for who runs the machine alone: mails hold names and links.
func (f *File) keep(raw []byte, name string) error {
	if err := os.MkdirAll(f.folder, 0o700); err != nil {
		return err
	}
	fresh, err := os.CreateTemp(f.folder, ".*.new")
	if err != nil {
		return err
	}
	_, err = fresh.Write(raw)
	if closed := fresh.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(fresh.Name(), filepath.Join(f.folder, name))
	}
	if err != nil {
		_ = os.Remove(fresh.Name()) // what failed first is told
	}
	return err
}
