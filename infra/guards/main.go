// Command guards takes the guards that matter out of the code, one at a time, and says whether the test that states the
// rule turns red: a test that stays green without its guard proves nothing. It works in a copy of the tree, never in the
// tree. It owns the list of those guards; the rules are FEATURES.md's, the tests stand in the packages.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/alecthomas/kong"

	"github.com/seatkeeper/seatkeeper/infra/template"
)

type arguments struct {
	Names []string `arg:"" optional:"" name:"guard" help:"Guards to take out. Without any, all of them."`
	List  bool     `help:"Print guards, rules and tests, and run nothing."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the command at once
	var a arguments
	kong.Parse(&a, kong.Name("guards"), kong.Description("Takes guards out of a copy of the code, one at a time, and says whether the test of each turns red."))
	if err := run(ctx, a, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "guards:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, a arguments, out io.Writer) error {
	chosen, err := choose(guards(), a.Names)
	if err != nil {
		return err
	}
	if a.List {
		return show(out, chosen, nil)
	}
	root, err := template.Root()
	if err != nil {
		return err
	}
	c, err := newCopy(ctx, root)
	if err != nil {
		return err
	}
	defer c.remove()
	seen := map[string]verdict{}
	for _, g := range chosen {
		began := time.Now()
		v, err := c.try(ctx, g)
		if err != nil {
			return fmt.Errorf("%s: %w", g.name, err)
		}
		seen[g.name] = v
		fmt.Fprintf(out, "%s: %s (%.0f s)\n", g.name, v, time.Since(began).Seconds())
		if v != noticed {
			fmt.Fprintln(out, c.said)
			continue
		}
		fmt.Fprintln(out, "  "+c.complaint()) // red for the reason that the guard is for
	}
	fmt.Fprintln(out)
	if err := show(out, chosen, seen); err != nil {
		return err
	}
	return missed(chosen, seen)
}

// choose are the guards of these names, all of them where none is named.
func choose(all []guard, names []string) ([]guard, error) {
	if len(names) == 0 {
		return all, nil
	}
	var chosen []guard
	for _, name := range names {
		i := slices.IndexFunc(all, func(g guard) bool { return g.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no guard %s: --list names them", name)
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

// show prints a table of guards; what was seen of each where they were taken out.
func show(out io.Writer, all []guard, seen map[string]verdict) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, g := range all {
		if seen != nil {
			fmt.Fprint(table, seen[g.name], "\t")
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s.%s\n", g.name, g.rule, g.file, g.in, g.test)
	}
	return table.Flush()
}

// missed is the error of a run in which a guard was gone and no test missed it, or its test could not tell.
func missed(all []guard, seen map[string]verdict) error {
	bad := 0
	for _, g := range all {
		if seen[g.name] != noticed {
			bad++
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d guards are not held by their test", bad, len(all))
	}
	return nil
}
