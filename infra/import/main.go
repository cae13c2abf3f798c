// Command import sends files of a CRM's export to Seatkeeper, whatever their size: it cuts them at the boundaries of
// contracts into pieces that one call takes, sends these one after another, and tells what became of every row in the
// file's own line numbers. It decides nothing about a row: the API does, and files are read by the same package
// (internal/intake/sheet). A piece is taken over once however often it is sent, so the command may be stopped at any
// point and run again.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/intake"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// The command's exit codes.
const (
	allTaken = 0
	rejected = 1 // some rows were, the others are in
	failed   = 2 // the files were not gone through to their end
)

// command is what may be asked for.
type command struct {
	Kind     intake.Kind `required:"" enum:"contracts,systems,users,products" help:"What the files hold: contracts, systems, users or products. Contracts go first: they make the accounts, and systems name them."`
	DryRun   bool        `help:"Tell what would become of every row, and write nothing."`
	AsOf     time.Time   `help:"The instant that the export speaks of, such as 2026-11-21T08:12:00Z; else the moment of each call."`
	URL      *url.URL    `default:"http://localhost:8080" help:"Where Seatkeeper answers."`
	Token    string      `env:"SEATKEEPER_TOKEN" help:"An operator's access token. The local stack gives one by itself."`
	TimeZone string      `placeholder:"ZONE" help:"Of accounts that the file makes, such as Europe/London; else Europe/Paris."`
	Locale   string      `placeholder:"LANG" help:"Of accounts that the file makes, fr or en; else fr."`
	Currency string      `placeholder:"CODE" help:"Of accounts that the file makes, such as GBP; else EUR."`
	Edition  string      `placeholder:"NAME" help:"Of accounts that the file makes; else standard."`
	Rejected string      `type:"path" placeholder:"FILE" help:"Write the rejected rows of the file there, with the reasons, to be mended and sent again."`
	Files    []string    `arg:"" type:"existingfile" name:"file" help:"CSV files, in the order in which they are to be taken over."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the command at once
	os.Exit(run(ctx, os.Args[1:], os.Getenv("LANG"), os.Stdout, os.Stderr))
}

// run is the command without its process. Answers go to out; progress and what went wrong to diagnostics.
func run(ctx context.Context, args []string, locale string, out, diagnostics io.Writer) int {
	lang := language(locale)
	if err := runCommand(ctx, args, lang, out, diagnostics); err != nil {
		if errors.Is(err, errRejected) {
			return rejected
		}
		fmt.Fprintln(diagnostics, "import:", explain(err, lang))
		return failed
	}
	return allTaken
}

func runCommand(ctx context.Context, args []string, lang text.Lang, out, diagnostics io.Writer) error {
	var c command
	parser, err := kong.New(&c, kong.Name("import"), kong.Writers(out, diagnostics),
		kong.Description("Sends files of a CRM's export to Seatkeeper, in pieces. It can be stopped and run again without harm."))
	if err != nil {
		return fmt.Errorf("describe the command: %w", err)
	}
	if _, err := parser.Parse(args); err != nil {
		return err
	}
	if c.Rejected != "" && len(c.Files) > 1 {
		return errors.New("--rejected takes the rows of one file; import the files one at a time")
	}
	files, err := readFiles(c.Files, c.Kind)
	if err != nil {
		return err
	}
	to, err := c.client(ctx, lang)
	if err != nil {
		return err
	}
	sendErr := sendAll(ctx, to, files, newProgress(diagnostics, files))
	report(out, files, c.DryRun, lang)
	if err := c.writeRejected(out, files, lang); err != nil {
		return err
	}
	if sendErr != nil {
		return fmt.Errorf("%w\n%s", sendErr, c.aftermath())
	}
	for _, f := range files {
		if f.sum.Rejected > 0 {
			return errRejected
		}
	}
	return nil
}

// aftermath says what holds when the command stopped on its way.
func (c command) aftermath() string {
	if c.DryRun {
		return "It was a dry run: nothing was written."
	}
	return "What was sent before that line is in, and some of the piece that it begins may be. Running the same command again is harmless: rows that are in are found unchanged."
}

// client makes sure of an address and a token before anything is sent.
func (c command) client(ctx context.Context, lang text.Lang) (*client, error) {
	if c.URL.Host == "" || c.URL.Scheme != "http" && c.URL.Scheme != "https" {
		return nil, fmt.Errorf("--url %s: write an address such as https://seatkeeper.example.com", c.URL)
	}
	here := loopback(c.URL)
	if c.URL.Scheme == "http" && !here {
		return nil, fmt.Errorf("--url %s: the token would go over the network in the clear; use https", c.URL)
	}
	to := &client{http: &http.Client{Timeout: time.Minute}, base: c.URL, token: c.Token, lang: lang,
		query: c.query(), firstWait: 500 * time.Millisecond, patience: 3 * time.Minute}
	if to.token == "" {
		if !here {
			return nil, errors.New("an operator's token is needed: set SEATKEEPER_TOKEN, or pass --token")
		}
		if err := to.signIn(ctx); err != nil {
			return nil, err
		}
	}
	return to, nil
}

func (c command) query() url.Values {
	q := url.Values{"kind": {string(c.Kind)}, "dryRun": {fmt.Sprint(c.DryRun)}}
	if !c.AsOf.IsZero() {
		q.Set("asOf", c.AsOf.UTC().Format(time.RFC3339Nano))
	}
	for name, value := range map[string]string{"timeZone": c.TimeZone, "locale": c.Locale, "currency": c.Currency, "edition": c.Edition} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// loopback tells whether an address is this machine's own.
func loopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// language reads a locale such as fr_FR.UTF-8; English for what is not offered, such as C.
func language(locale string) text.Lang {
	name, _, _ := strings.Cut(locale, ".")
	name, _, _ = strings.Cut(name, "@")
	if lang, ok := text.Parse(strings.ReplaceAll(name, "_", "-")); ok {
		return lang
	}
	return text.English
}

// explain words an error for a person; refusals have their wording in the catalog.
func explain(err error, lang text.Lang) string {
	f, ok := fault.Of(err)
	if !ok {
		return plain(err.Error())
	}
	args := make([]any, len(f.Args))
	for i, a := range f.Args {
		args[i] = a.Value
	}
	return plain(strings.Replace(err.Error(), f.Error(), text.Say(lang, f.Code, args...), 1))
}
