// Command sleutelbos-bench measures Sleutelbos against what the machine can do at its best:
// a bare handler, a bare loop of SQL, the disk. Machines differ and are noisy, so both sides
// are measured in one run, turn about, and only the ratios mean something. The result goes to
// standard output; it is not part of the program that is installed.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"sleutelbos/internal/app"
)

// cli is the command line.
type cli struct {
	All    allCommand    `cmd:"" default:"withargs" help:"The whole program."`
	Search searchCommand `cmd:"" help:"Search in a list of many accounts."`
	Node   nodeCommand   `cmd:"" help:"The embedded event log, directly and through its door."`
	Soak   soakCommand   `cmd:"" help:"People, readers, followers, rebuilds and attackers at once, for a while."`
}

// program is what every command gets to work with.
type program struct {
	ctx context.Context
	log *slog.Logger
	out io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	app.TuneMemory(ctx)
	os.Exit(execute(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// execute runs a command line. Of the measured program only errors are logged: a line a
// request would stand between the figures, and would be measured, too.
func execute(ctx context.Context, args []string, out, errOut io.Writer) int {
	var c cli
	parser, err := kong.New(&c, kong.Name("sleutelbos-bench"), kong.Description("Measures Sleutelbos, as ratios to what this machine can do."),
		kong.UsageOnError(), kong.Writers(out, errOut))
	if err != nil {
		fmt.Fprintln(errOut, "sleutelbos-bench:", err)
		return 2
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		parser.FatalIfErrorf(err)
	}
	log := slog.New(slog.NewTextHandler(errOut, &slog.HandlerOptions{Level: slog.LevelError}))
	slog.SetDefault(log)
	if err := chosen.Run(&program{ctx: ctx, log: log, out: out}); err != nil {
		fmt.Fprintln(errOut, "sleutelbos-bench:", err)
		return 1
	}
	return 0
}
