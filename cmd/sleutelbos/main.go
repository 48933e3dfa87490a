// Command sleutelbos administers accounts for organizations that must be able to prove who
// had access to what, when, and by whose hand. This package is its command line:
// the flags and the operator's commands. internal/app wires the parts together.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"sleutelbos/internal/app"

	"github.com/alecthomas/kong"
)

// version is set when a release is built.
var version = "dev"

// cli is the command line.
type cli struct {
	app.Places
	Config      string             `help:"JSON file of settings, by the names of the flags." type:"path" placeholder:"FILE"`
	LogFormat   string             `name:"log-format" help:"text or json." enum:"text,json" default:"text"`
	LogLevel    string             `name:"log-level" help:"debug, info, warn or error." enum:"debug,info,warn,error" default:"info"`
	Serve       serveCommand       `cmd:"" help:"Run everything."`
	Demo        demoCommand        `cmd:"" help:"Run everything on a fresh temporary folder, with something to see."`
	Projections projectionsCommand `cmd:"" help:"The read models: list, rebuild, verify."`
	Reactors    reactorsCommand    `cmd:"" help:"What acts on events (mails, letters): list, resume."`
	Events      eventsCommand      `cmd:"" help:"What the log holds that the program can't read: let it pass."`
	Audit       auditCommand       `cmd:"" help:"The log: verify its chains and checkpoints, export it."`
	Doctor      doctorCommand      `cmd:"" help:"Look whether log, vault, read models, seals and backups belong together, and say what to do."`
	Backup      backupCommand      `cmd:"" help:"Write one archive of log, vault and keys, beside a running serve."`
	Restore     restoreCommand     `cmd:"" help:"Unpack such an archive into an empty data folder, and verify it."`
	Node        nodeCommand        `cmd:"" help:"The embedded event log's door: its users."`
	CopyLog     copyLogCommand     `cmd:"" name:"copy-log" help:"Copy the log to another event store, resumable, and verify it."`
	CopyVault   copyVaultCommand   `cmd:"" name:"copy-vault" help:"Copy the vault to PostgreSQL."`
	Healthcheck healthcheckCommand `cmd:"" help:"Ask a running serve whether it is ready; exit code 0 if so."`
	Version     versionCommand     `cmd:"" help:"Print the version."`
}

// program is what every command gets to work with.
type program struct {
	ctx    context.Context
	places app.Places
	log    *slog.Logger
	out    io.Writer
	adjust app.Adjust // nothing but in tests
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	app.TuneMemory(ctx)
	// A second signal ends the program at once: after the first, signals are as they were.
	context.AfterFunc(ctx, stop)
	os.Exit(execute(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func execute(ctx context.Context, args []string, out, errOut io.Writer) int {
	var c cli
	settings, err := settingsFile(args)
	if err != nil {
		fmt.Fprintln(errOut, "sleutelbos:", err)
		return 2
	}
	parser, err := kong.New(&c, kong.Name("sleutelbos"),
		kong.Description("Event-sourced administration of accounts. Every flag can also be set as SLEUTELBOS_<FLAG>, a secret as SLEUTELBOS_<FLAG>_FILE."),
		kong.Resolvers(resolver{file: settings, env: os.LookupEnv}), kong.UsageOnError(), kong.Writers(out, errOut))
	if err != nil {
		fmt.Fprintln(errOut, "sleutelbos:", err)
		return 2
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		parser.FatalIfErrorf(err)
	}
	p := &program{ctx: ctx, places: c.Places, log: c.logger(errOut), out: out}
	slog.SetDefault(p.log)
	if err := chosen.Run(p); errors.Is(err, errNotSealed) {
		return codeNotSealed
	} else if err != nil {
		if !errors.Is(err, errSaid) {
			fmt.Fprintln(errOut, "sleutelbos:", err)
		}
		return 1
	}
	return 0
}

// codeNotSealed is the exit code of a verification that found nothing wrong but that the end of the log
// has waited for its seal for too long.
const codeNotSealed = 3

var errNotSealed = errors.New("the log was not sealed for too long")

// errSaid ends a command whose output has said already what is wrong.
var errSaid = errors.New("it was said")

func (s cli) logger(w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		level = slog.LevelInfo // the flag's enum allows nothing else
	}
	options := &slog.HandlerOptions{Level: level}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

type versionCommand struct{}

// Run prints the version and the commit it was built from.
func (versionCommand) Run(p *program) error {
	commit := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = " " + s.Value
			}
		}
	}
	_, err := fmt.Fprintf(p.out, "sleutelbos %s%s\n", version, commit)
	return err
}
