package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// kept are the documents about records that were given up: a bucket, or a folder in its place.
type kept interface {
	// names gives them in order, which for one shard is that of its records.
	names(ctx context.Context) iter.Seq2[string, error]
	read(ctx context.Context, name string) ([]byte, error)
	remove(ctx context.Context, name string) error
}

// folder is the local stack's. One that is not there is empty: nothing failed yet.
type folder string

func (f folder) names(context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		files, err := os.ReadDir(string(f))
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) {
				yield("", err)
			}
			return
		}
		for _, entry := range files {
			if strings.HasSuffix(entry.Name(), ".json") && !yield(entry.Name(), nil) {
				return
			}
		}
	}
}

func (f folder) read(_ context.Context, name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(string(f), name))
}

func (f folder) remove(_ context.Context, name string) error {
	return os.Remove(filepath.Join(string(f), name))
}

// bucket is the deployment's. Lambda names its objects aws/lambda/<mapping>/<shard>/<yyyy>/<mm>/<dd>/<time>-<uuid>.
type bucket struct {
	client       *s3.Client
	name, prefix string
}

func (b *bucket) names(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		pages := s3.NewListObjectsV2Paginator(b.client, &s3.ListObjectsV2Input{Bucket: &b.name, Prefix: &b.prefix})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield("", fmt.Errorf("bucket %s: %w", b.name, err))
				return
			}
			for _, object := range page.Contents {
				if !yield(aws.ToString(object.Key), nil) {
					return
				}
			}
		}
	}
}

func (b *bucket) read(ctx context.Context, name string) ([]byte, error) {
	out, err := b.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.name, Key: &name})
	if err != nil {
		return nil, err
	}
	defer out.Body.Close()
	return io.ReadAll(out.Body)
}

func (b *bucket) remove(ctx context.Context, name string) error {
	_, err := b.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &b.name, Key: &name})
	return err
}
