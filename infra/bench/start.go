package main

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/seatkeeper/seatkeeper/infra/check"
	"github.com/seatkeeper/seatkeeper/infra/template"
)

const (
	startHead = "function\tms to first /next\tto bare\tto client\tMB arm64\tMB zipped\tMB at rest\tMB after 1,000 requests\t"
	starts    = 30
	requests  = 1_000
)

// binary is one function, built as it is deployed.
type binary struct {
	name, path string
	arm64      int64
	zipped     int64
	took       []time.Duration
	// memory in MB: at rest, and after the requests; negative where it was not measured.
	rest, after float64
}

// start measures each function of template.yaml from its exec to its first question for work, beside a handler that does
// nothing and one that has a DynamoDB client and nothing else: all of them in turn, over and over.
func start(ctx context.Context, g ground, _ int, out io.Writer) (err error) {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	all, err := built(ctx, folder)
	if err != nil {
		return err
	}
	f, err := newFront(g)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	environment := f.environment(g)
	for range starts {
		for _, b := range all {
			took, err := b.begin(ctx, environment, nil)
			if err != nil {
				return fmt.Errorf("%s: %w", b.name, err)
			}
			b.took = append(b.took, took)
		}
	}
	events, err := f.events(ctx, g)
	if err != nil {
		return err
	}
	for _, b := range all {
		if _, err := b.begin(ctx, environment, func(ctx context.Context, a *runtimeAPI, process int) error {
			return b.weigh(ctx, a, process, events[b.name])
		}); err != nil {
			return fmt.Errorf("%s: %w", b.name, err)
		}
	}
	bare, client := median(all[0].took), median(all[1].took)
	for _, b := range all {
		ms := median(b.took)
		fmt.Fprintf(out, "%s\t%.2f\t%.2f\t%.2f\t%.1f\t%.1f\t%s\t%s\t\n", b.name, ms, ms/bare, ms/client, megabytes(b.arm64), megabytes(b.zipped), orDash(b.rest), orDash(b.after))
	}
	g.notes.add(fmt.Sprintf("start: medians of %d starts in turn, built for %s as the Makefile builds; sizes are for arm64; memory is what is resident; functions that no request reaches are not asked for 1,000", starts, runtime.GOARCH))
	return nil
}

func megabytes(n int64) float64 { return float64(n) / 1e6 }

func orDash(mb float64) string {
	if mb < 0 {
		return "-"
	}
	return strconv.FormatFloat(mb, 'f', 1, 64)
}

// built makes the two to compare with, then the functions of the template.
func built(ctx context.Context, folder string) ([]*binary, error) {
	root, err := template.Root()
	if err != nil {
		return nil, err
	}
	deployed, err := template.Load(root)
	if err != nil {
		return nil, err
	}
	type made struct{ id, room, name string }
	wanted := []made{{"BareFunction", "infra/bench", "bare"}, {"ClientFunction", "infra/bench", "client"}}
	for _, f := range deployed.Functions() {
		wanted = append(wanted, made{f.ID, "functions", path.Base(f.CodeDir)})
	}
	var all []*binary
	for _, w := range wanted {
		b := &binary{name: w.name, rest: -1, after: -1}
		for _, processor := range []string{"arm64", runtime.GOARCH} {
			to := filepath.Join(folder, processor, w.name)
			build := exec.CommandContext(ctx, "make", "-s", "-C", root, "build-"+w.id, "ARTIFACTS_DIR="+to, "ROOM="+w.room, "GOARCH="+processor)
			build.Env = slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "MAKE") || strings.HasPrefix(s, "MFLAGS") })
			if said, err := build.CombinedOutput(); err != nil {
				return nil, fmt.Errorf("build %s: %w\n%s", w.name, err, said)
			}
			b.path = filepath.Join(to, "bootstrap")
			if processor == "arm64" {
				if b.arm64, b.zipped, err = sizes(b.path); err != nil {
					return nil, err
				}
			}
		}
		all = append(all, b)
	}
	return all, nil
}

// sizes are a file's own, and that within a zip as SAM makes one.
func sizes(file string) (own, zipped int64, err error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return 0, 0, err
	}
	var n counter
	z := zip.NewWriter(&n)
	w, err := z.Create("bootstrap")
	if err == nil {
		_, err = w.Write(content)
	}
	err = errors.Join(err, z.Close())
	return int64(len(content)), int64(n), err
}

type counter int64

func (n *counter) Write(b []byte) (int, error) { *n += counter(len(b)); return len(b), nil }

// begin starts the function and says how long it took to ask for work; while it waits for some, then is done, if any.
func (b *binary) begin(ctx context.Context, environment []string, then func(ctx context.Context, a *runtimeAPI, process int) error) (took time.Duration, err error) {
	a, err := newRuntimeAPI()
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	var said strings.Builder
	process := exec.CommandContext(ctx, b.path)
	process.Env, process.Stderr = append(slices.Clone(environment), "AWS_LAMBDA_RUNTIME_API="+a.address), &said
	began := time.Now()
	if err := process.Start(); err != nil {
		return 0, err
	}
	defer func() {
		_ = process.Process.Kill()
		_ = process.Wait() // it was killed
		if err != nil && said.Len() > 0 {
			err = fmt.Errorf("%w; it said: %s", err, said.String())
		}
	}()
	at, err := a.ready(ctx)
	if err == nil && then != nil {
		err = then(ctx, a, process.Process.Pid)
	}
	return at.Sub(began), err
}

// weigh reads how much memory the process has at rest, and after it was asked the same thing often; never, where there is
// nothing to ask.
func (b *binary) weigh(ctx context.Context, a *runtimeAPI, process int, event []byte) (err error) {
	if b.rest, err = resident(process); err != nil || event == nil {
		return err
	}
	for range requests {
		said, err := a.invoke(ctx, event)
		if err != nil {
			return err
		}
		var out struct {
			StatusCode   int   `json:"statusCode"`
			IsAuthorized *bool `json:"isAuthorized"`
		}
		if err := json.Unmarshal(said, &out); err != nil {
			return err
		}
		if let := out.IsAuthorized; out.StatusCode >= 300 || let != nil && !*let {
			return fmt.Errorf("it answered %s", said)
		}
	}
	b.after, err = resident(process)
	return err
}

// resident is in MB, where the system says it; negative elsewhere.
func resident(process int) (float64, error) {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(process) + "/status")
	if errors.Is(err, os.ErrNotExist) {
		return -1, nil
	}
	for line := range strings.Lines(string(status)) {
		if kb, found := strings.CutPrefix(line, "VmRSS:"); found {
			n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kb), "kB")), 10, 64)
			return megabytes(n * 1024), err
		}
	}
	return -1, err
}

// environment has the variables of all functions.
func (f *front) environment(g ground) []string {
	return []string{
		"AWS_REGION=eu-west-1", "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local",
		"TABLE=" + tableName, "DYNAMODB_ENDPOINT=" + aws.ToString(g.client.Options().BaseEndpoint), "PAGE_TOKEN_KEY=" + pageTokenKey,
		"MAIL_FROM=us@seatkeeper.example", "MAIL_SERVER=", "PORTAL_URL=https://portal.example/", "EVENT_BUS=bench",
		"EXPORTS_BUCKET=bench", "ISSUER=" + check.Issuer, "AUDIENCE=" + audience, "JWKS_URL=" + f.keys.URL,
	}
}

// events are what each function can be asked again and again: something to read, or to write as it stands.
func (f *front) events(ctx context.Context, g ground) (map[string][]byte, error) {
	calls, err := f.prepared(ctx, g)
	if err != nil {
		return nil, err
	}
	all := map[string][]byte{}
	for _, c := range calls {
		if c.Method != "GET" && c.ID != "putSystem" || all[c.Function] != nil {
			continue
		}
		if all[c.Function], err = json.Marshal(c.Event()); err != nil {
			return nil, err
		}
		if all["authorizer"] != nil {
			continue
		}
		bearer, err := f.token(c)
		if err != nil {
			return nil, err
		}
		if all["authorizer"], err = json.Marshal(events.APIGatewayV2CustomAuthorizerV2Request{Version: "2.0", Type: "REQUEST", Headers: map[string]string{"authorization": "Bearer " + bearer}}); err != nil {
			return nil, err
		}
	}
	return all, nil
}
