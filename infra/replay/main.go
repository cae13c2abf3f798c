// Command replay sends stream records that were given up to their function again, and removes those that it took. It reads
// what Lambda leaves in the bucket for failures, or what the local stack leaves in .local/failures, which is the same. It
// decides nothing about a record: the function makes the same event ids of the same records, so a replay of what was
// published after all changes nothing, and the command may be stopped and run again.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/seatkeeper/seatkeeper/infra/template"
)

// localStack is where the local stack answers calls of functions (infra/local/dev).
const localStack = "http://localhost:8080/dev/lambda"

type arguments struct {
	Bucket   string `help:"The deployment's bucket for failures. Without it: the local stack's folder."`
	Prefix   string `default:"aws/lambda/" help:"Of the objects in the bucket."`
	Function string `default:"PublisherFunction" help:"The function's name. Deployed it is another than the local stack's."`
	Folder   string `type:"path" help:"Of the local stack's failures, where it is not .local/failures."`
	Endpoint string `help:"Where functions are called: by default AWS with --bucket, else the local stack at ${stack}."`
	DryRun   bool   `help:"List what would be sent, and send nothing."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the command at once
	var a arguments
	kong.Parse(&a, kong.Name("replay"), kong.Vars{"stack": localStack}, kong.Description("Sends stream records that were given up to their function again, and removes those that it took."))
	if err := run(ctx, a, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "replay:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, a arguments, out io.Writer) error {
	kept, functions, err := open(ctx, a)
	if err != nil {
		return err
	}
	r := replay{kept: kept, functions: functions, function: a.Function, dryRun: a.DryRun, out: out}
	return r.run(ctx)
}

// open finds failures and function.
func open(ctx context.Context, a arguments) (kept, *lambda.Client, error) {
	if a.Bucket == "" {
		root, err := template.Root()
		if err != nil {
			return nil, nil, err
		}
		if a.Folder == "" {
			a.Folder = filepath.Join(root, ".local", "failures")
		}
		if a.Endpoint == "" {
			a.Endpoint = localStack
		}
		// The local stack takes any key: whoever reaches the loopback may call.
		local := aws.Config{Region: "eu-west-1", Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")}
		return folder(a.Folder), newFunctions(local, a.Endpoint), nil
	}
	if a.Folder != "" {
		return nil, nil, errors.New("--bucket and --folder exclude each other")
	}
	loaded, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, nil, err
	}
	return &bucket{client: s3.NewFromConfig(loaded), name: a.Bucket, prefix: a.Prefix}, newFunctions(loaded, a.Endpoint), nil
}

func newFunctions(c aws.Config, endpoint string) *lambda.Client {
	return lambda.NewFromConfig(c, func(o *lambda.Options) {
		if endpoint != "" {
			o.BaseEndpoint = &endpoint
		}
	})
}
