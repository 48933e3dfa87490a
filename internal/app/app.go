package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"

	"github.com/prometheus/client_golang/prometheus"

	"sleutelbos/commands"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/setup"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/audit"
	"sleutelbos/eventstore/node/door"
	"sleutelbos/http/api"
	"sleutelbos/http/server"
	"sleutelbos/http/ui"
	"sleutelbos/internal/limits"
	"sleutelbos/projections/machinery"
)

// Options say what the program is made of.
type Options struct {
	Stores  *Stores // open, for writing; Close closes them
	Serving Serving
	Parts   Parts
	Version string // of the program
	Adjust  Adjust // nothing but in tests and the demo
	front   *front // listens already; nil if New is to listen
}

// matrix returns the limits of what one asker may use.
func (o Options) matrix() limits.Matrix {
	m := limits.Standard()
	if o.Adjust.Limits != nil {
		o.Adjust.Limits(m)
	}
	return m
}

// Adjust changes the options of parts after everything else was decided. With it a test puts
// something of its own in one place, and leaves the rest as the program has it.
type Adjust struct {
	Limits   func(limits.Matrix)
	Commands func(*commands.Options)
	Runner   func(*machinery.Options)
	Server   func(*server.Config)
	API      func(*api.Config)
	UI       func(*ui.Config)
}

// Parts are the parts that Run runs. The door of the event log is not among them: the
// setting Node says whether there is one.
type Parts uint8

// The parts.
const (
	Views      Parts = 1 << iota // read models and reactors
	Refusals                     // writes down what strangers were refused, summed
	Seals                        // seals the log every hour
	Clock                        // deadlines and repairs
	Web                          // listens for requests, at the web and the management address
	Everything = Views | Refusals | Seals | Clock | Web
)

// App is the whole program, wired together.
type App struct {
	*Stores
	PublicURL  *url.URL
	SetupLink  string // makes the first administrator; empty unless the store is empty and the settings name nobody
	Commands   *commands.Service
	Runner     *machinery.Runner
	Sealer     *audit.Sealer
	Handler    http.Handler // of the API and the pages
	Management http.Handler
	Metrics    *prometheus.Registry
	Limits     *limits.Limits // what one asker may use
	Door       *door.Server   // nil without an embedded log, or with --node=off

	serving  Serving
	parts    Parts
	version  string
	front    *front // nil without the part Web
	tasks    tasks
	schedule schedule
	proxies  []netip.Prefix // whose word on addresses is taken
	stop     *server.Stop
	troubles *troubles
}

// New wires everything, listens, and fills an empty store with what the settings ask for. Requests
// wait for Run. After an error the stores are closed.
func New(ctx context.Context, o Options) (*App, error) {
	if o.Parts == 0 {
		return nil, errors.Join(errors.New("say which parts run"), o.Stores.Close())
	}
	a := &App{Stores: o.Stores, serving: o.Serving, parts: o.Parts, version: o.Version, tasks: newTasks(ctx), stop: server.NewStop(), Metrics: prometheus.NewRegistry(), troubles: &troubles{registry: o.Stores.Journal.Registry}}
	err := a.listen(ctx, o)
	if err == nil {
		err = a.wire(ctx, o.Adjust)
	}
	if err != nil && a.front != nil && o.front == nil {
		err = errors.Join(err, a.front.stop())
	}
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	if a.front != nil {
		a.front.hold()
		a.closers = append(a.closers, a.front.stop)
	}
	return a, nil
}

func (a *App) wire(ctx context.Context, adjust Adjust) error {
	for _, step := range []func(context.Context, Adjust) error{
		a.newSealer, a.belong, a.newCommands, a.newRunner, a.openDoor, a.newSchedule, a.newHandlers, a.bootstrap,
	} {
		if err := step(ctx, adjust); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) newCommands(_ context.Context, adjust Adjust) error {
	o := commands.Options{
		Journal: a.Journal, Vault: a.Vault, Sessions: a.Vault.Sessions(), Limits: a.Limits,
		Away: a.Reach.Away, Belongings: belongings{a},
		PublicURL: a.PublicURL.String(), Support: a.serving.Support, Language: a.serving.Language, Now: a.Now, Log: a.Log,
	}
	var err error
	if o.Mailer, err = a.mailer(); err != nil {
		return err
	}
	if adjust.Commands != nil {
		adjust.Commands(&o)
	}
	if a.Commands, err = commands.New(o); err != nil {
		return fmt.Errorf("wire the commands: %w", err)
	}
	a.closers = append(a.closers, a.Commands.Close)
	return nil
}

// newRunner prepares the read models and the reactors: what happens from here on, reactors
// act on.
func (a *App) newRunner(ctx context.Context, adjust Adjust) error {
	o := a.runnerOptions()
	o.Kept = a.kept
	for _, r := range a.Commands.Reactors {
		o.Reactors = append(o.Reactors, machinery.Reactor{Name: r.Name, Types: r.Types, FromStart: r.FromStart, Handle: r.Handle, PassOver: func(ctx context.Context, rec eventstore.Record, why error) error {
			return a.Commands.Engine.PassOver(ctx, engine.UndoneAfter(r.Name, rec), why)
		}})
	}
	if adjust.Runner != nil {
		adjust.Runner(&o)
	}
	var err error
	if a.Runner, err = machinery.NewRunner(o); err != nil {
		return err
	}
	return a.Runner.Prepare(ctx)
}

func (a *App) newSealer(ctx context.Context, _ Adjust) error {
	key, err := audit.LoadOrMakeKey(ctx, a.Places.Data, a.Journal.Store)
	if err != nil {
		return err
	}
	a.Sealer = &audit.Sealer{Journal: a.Journal, Dir: a.Places.Data, Key: key, Now: a.Now, Log: a.Log, Away: a.Reach.Away}
	return nil
}

// bootstrap fills an empty store with what the settings ask for.
func (a *App) bootstrap(ctx context.Context, _ Adjust) error {
	token, err := a.Commands.Setup.Bootstrap(ctx, setup.First{
		Username: a.serving.BootstrapUsername, Password: a.serving.BootstrapPassword, APIKey: a.serving.BootstrapAPIKey,
	})
	if err != nil {
		return err
	}
	if token != "" {
		a.SetupLink = a.PublicURL.JoinPath("setup", token).String()
	}
	return nil
}
