// Package s3 keeps files in a bucket of Amazon S3. Links are made without its client: who only hands out links need not be
// linked with it, so they are in Signer.
package s3

import (
	"context"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/seatkeeper/seatkeeper/internal/platform/files"
)

// The parts of an upload: S3 takes 10,000, so a file may have 80 GB. Two are on their way at once, which is 24 MB of memory with
// the one being filled.
const (
	partSize = 8 << 20
	atOnce   = 2
)

// Bucket is one.
type Bucket struct {
	transfer *transfermanager.Client
	name     string
}

// New keeps files in the bucket of that name.
func New(client *s3.Client, name string) *Bucket {
	return &Bucket{transfermanager.New(client, func(o *transfermanager.Options) { o.PartSizeBytes, o.Concurrency = partSize, atOnce }), name}
}

// Deployed keeps them as the function that it is called in.
func Deployed(region string, as aws.CredentialsProvider, name string) files.Shelf {
	return New(s3.New(s3.Options{Region: region, Credentials: as}), name)
}

// Put streams the file up in parts while it is written: nothing of it touches a disk, and it may be larger than any that a
// function has. An upload that fails is given up, and the bucket's lifecycle removes parts of one whose function ended.
func (b *Bucket) Put(ctx context.Context, name string, write func(io.Writer) error) (int64, error) {
	size, err := files.Streamed(write, func(r io.Reader) error {
		_, err := b.transfer.UploadObject(ctx, &transfermanager.UploadObjectInput{Bucket: &b.name, Key: &name, Body: r, ContentType: aws.String("application/zip")})
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("keep %s: %w", name, err)
	}
	return size, nil
}
