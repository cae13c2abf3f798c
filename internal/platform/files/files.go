// Package files owns where files are kept that people fetch by a link which ends: here a folder with links that the
// local stack checks, in package s3 a bucket with presigned ones. It does not own what a file holds, nor who may have its
// link.
package files

import (
	"context"
	"io"
	"time"
)

// LinkLife is how long a link opens a file: as long as a browser needs to begin. A download that has begun goes on.
const LinkLife = 5 * time.Minute

// Kept is how long a file is kept. The bucket's lifecycle in template.yaml says the same.
const Kept = 7 * 24 * time.Hour

// Shelf takes files.
type Shelf interface {
	// Put keeps what write writes, under a name, over what was there; the size is in bytes. Nothing is kept where write fails.
	Put(ctx context.Context, name string, write func(io.Writer) error) (size int64, err error)
}

// Links makes links to kept files.
type Links interface {
	// Link is an address that opens a file until LinkLife after now. It calls nobody: whether there is such a file shows
	// when it is opened.
	Link(ctx context.Context, name string, now time.Time) (string, error)
}

// counted counts what goes through it.
type counted struct {
	io.Writer
	n int64
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	c.n += int64(n)
	return n, err
}

// Streamed hands what write writes to take, which reads it while it is written: nothing but what is on its way is in
// memory. The size is what went through. An error of write is the one that take reads.
func Streamed(write func(io.Writer) error, take func(io.Reader) error) (size int64, err error) {
	r, w := io.Pipe()
	c := &counted{Writer: w}
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.CloseWithError(write(c)) // nil is the end of the file
	}()
	err = take(r)
	r.CloseWithError(err) // a writer that is still at it ends
	<-done
	return c.n, err
}
