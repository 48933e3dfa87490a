package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path/filepath"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"sleutelbos/commands"
	"sleutelbos/commands/letterpdf"
	"sleutelbos/commands/mail"
	"sleutelbos/eventstore/audit"
	"sleutelbos/eventstore/node/door"
	"sleutelbos/http/answers"
	"sleutelbos/http/api"
	"sleutelbos/http/server"
	"sleutelbos/http/session"
	"sleutelbos/http/ui"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/audithistory"
)

// How often the clock's own work is done.
const (
	deadlinesEvery = 5 * time.Second
	sweepEvery     = time.Minute
	sealEvery      = time.Hour
	stopWithin     = 10 * time.Second // what is under way gets this long at the end
)

// App is everything that serve runs, wired together.
type App struct {
	*Stores
	serving   Serving
	version   string
	PublicURL *url.URL

	Commands *commands.Service
	Runner   *machinery.Runner
	Sealer   *audit.Sealer
	Handler  http.Handler
	Manage   http.Handler
	jobs     jobs
	Door     *door.Server // nil without an embedded log, or with --node=off
	limit    int          // requests without credentials, each address, each minute; 0 is the server's default
}

// NewApp wires what the stores and settings say. web is where the web listener
// listens; links start with it unless a public URL is set.
func NewApp(ctx context.Context, s *Stores, settings Serving, web net.Addr, version string) (*App, error) {
	v := &App{Stores: s, serving: settings, version: version, jobs: newJobs(ctx)}
	var err error
	if v.PublicURL, err = settings.publicURL(web); err != nil {
		return nil, err
	}
	mailer, err := v.mailer()
	if err != nil {
		return nil, err
	}
	v.Commands, err = commands.New(commands.Options{
		Journal: s.Journal, Vault: s.Vault, Sessions: s.Vault.Sessions(), Mailer: mailer,
		PublicURL: v.PublicURL.String(), Support: settings.Support, Language: settings.Language, Now: s.Now, Log: s.Log,
	})
	if err != nil {
		return nil, fmt.Errorf("wire the commands: %w", err)
	}
	s.Closers = append(s.Closers, v.Commands.Close)
	if v.Runner, err = s.NewRunner(v.reactors()); err != nil {
		return nil, err
	}
	if err := v.newSealer(); err != nil {
		return nil, err
	}
	if err := v.newDoor(ctx); err != nil {
		return nil, err
	}
	return v, v.newHandlers()
}

func (v *App) mailer() (commands.Mailer, error) {
	if v.serving.SMTP == "" {
		return mail.Outbox{Dir: v.outbox(), From: v.serving.MailFrom, Now: v.Now}, nil
	}
	return mail.NewSMTP(v.serving.SMTP, v.serving.MailFrom)
}

func (v *App) outbox() string { return filepath.Join(v.Stores.Places.Data, "outbox") }

// reactors are the commands' own, run with a checkpoint each.
func (v *App) reactors() []machinery.Reactor {
	var all []machinery.Reactor
	for _, r := range v.Commands.Reactors() {
		all = append(all, machinery.Reactor{Name: r.Name, Types: r.Types, Handle: r.Handle})
	}
	return all
}

func (v *App) newSealer() error {
	key, err := audit.LoadOrMakeKey(v.Stores.Places.Data)
	if err != nil {
		return err
	}
	v.Sealer = &audit.Sealer{Journal: v.Journal, Dir: v.Stores.Places.Data, Key: key, Now: v.Now, Log: v.Log}
	return nil
}

func (v *App) newDoor(ctx context.Context) error {
	if v.Node == nil || v.serving.Node == "off" {
		return nil
	}
	listener, err := door.Listen(v.serving.Node)
	if err != nil {
		return fmt.Errorf("listen for clients of the event log: %w", err)
	}
	options, err := v.doorOptions(listener)
	if err == nil {
		v.Door, err = door.New(ctx, v.Node, options)
	}
	if err != nil {
		return errors.Join(exposed(err), listener.Close())
	}
	return nil
}

func (v *App) newHandlers() error {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	metrics, err := server.NewMetrics(registry)
	if err != nil {
		return fmt.Errorf("register the metrics: %w", err)
	}
	if err := server.Lag(registry, v.Runner.Status); err != nil {
		return fmt.Errorf("register the metrics: %w", err)
	}
	config := server.Config{PublicURL: v.PublicURL, Log: v.Log, Metrics: metrics, OpenPerMinute: v.limit}
	for _, network := range v.serving.Proxies {
		prefix, err := netip.ParsePrefix(network)
		if err != nil {
			return fmt.Errorf("--proxies: %w", err)
		}
		config.Proxies = append(config.Proxies, prefix)
	}
	router := server.NewRouter(config)
	askers := &session.Askers{Service: v.Commands, Sessions: session.New(v.Vault.Sessions(), v.PublicURL)}
	v.mountAPI(router, config, askers)
	v.Handler = router
	v.Manage = server.Management(server.Health{
		Stores: map[string]func(context.Context) error{
			"events": func(ctx context.Context) error { _, err := v.Journal.Store.Head(ctx); return err },
			"vault":  v.Vault.Ping,
		},
		Projections: v.Runner.Status, Registry: registry, Log: v.Log,
	})
	return nil
}

func (v *App) mountAPI(router chi.Router, config server.Config, askers *session.Askers) {
	offers := api.NewOffers(v.Commands)
	limit := config.LimitOpen()
	rebuilds := answers.Rebuilds{Runner: v.Runner, Background: v.jobs.begin}
	var subscribers answers.Subscribers
	if v.Door != nil {
		subscribers = v.subscribers
	}
	api.New(api.Config{
		Service: v.Commands, Offers: offers, Askers: askers, Journal: v.Journal, DB: v.Rows, Runner: v.Runner,
		Letter: letterpdf.Render, CursorKey: v.Vault.DerivedKey("cursors"), PublicURL: v.PublicURL, Now: v.Now,
		LimitOpen: limit, Bound: server.Bound, Rebuilds: rebuilds, Subscribers: subscribers, Version: v.version,
	}).Mount(router)
	u := ui.Config{
		Service: v.Commands, Offers: offers, Askers: askers, DB: v.Rows, Runner: v.Runner,
		History: audithistory.Opener{Registry: v.Journal.Registry, Keys: v.Vault},
		Letter:  letterpdf.Render, PublicURL: v.PublicURL, Now: v.Now, LimitOpen: limit,
		CursorKey: v.Vault.DerivedKey("cursors"), Journal: v.Journal, Rebuilds: rebuilds, Subscribers: subscribers,
		Seals: seals{store: v.Journal.Store, registry: v.Journal.Registry, dir: v.Stores.Places.Data, key: v.Sealer.Key.Public},
	}
	if v.serving.SMTP == "" {
		u.Outbox = v.ReadOutbox
	}
	ui.New(u).Mount(router)
}

// run works until the context ends: read models, reactors, clock, seals and the door. What
// was accepted is finished before it returns. Errors: a part that could not go on.
func (v *App) run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var parts sync.WaitGroup
	part := func(name string, work func(context.Context) error) {
		parts.Go(func() {
			if err := work(ctx); err != nil && ctx.Err() == nil {
				cancel(fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	part("read models", v.Runner.Run)
	part("refusals", v.Commands.Run)
	part("seals", func(ctx context.Context) error { v.Sealer.Run(ctx, sealEvery); return nil })
	part("deadlines", v.every(deadlinesEvery, func(ctx context.Context) error {
		_, err := v.Commands.Deadlines(ctx, due{v.Rows}, v.Now())
		return err
	}))
	part("repairs", v.every(sweepEvery, func(ctx context.Context) error {
		_, err := v.Vault.Sweep(ctx)
		return errors.Join(err, v.Commands.Sweep(ctx, v.Now()))
	}))
	if v.Door != nil {
		part("the door of the event log", v.Door.Serve)
	}
	<-ctx.Done()
	v.jobs.stop()
	parts.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// every does the clock's work. A failure is logged and tried again at the next turn.
func (v *App) every(pause time.Duration, work func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		ticker := time.NewTicker(pause)
		defer ticker.Stop()
		for {
			err := work(ctx)
			if err != nil && ctx.Err() == nil && !errors.Is(err, machinery.ErrNotBuilt) {
				v.Log.WarnContext(ctx, "the clock's work was not done; it is tried again", "error", err)
			}
			select {
			case <-ctx.Done():
				return nil
			case <-ticker.C:
			}
		}
	}
}

// due finds in the list of accounts what the clock has to end. The list may lag; the
// account itself decides.
type due struct{ db machinery.Reader }

// DueActivations answers accounts whose activation is over.
func (d due) DueActivations(ctx context.Context, now time.Time, limit int) ([]string, error) {
	return accountlist.DueActivations(ctx, d.db, now, limit)
}

// DueAccounts answers accounts whose end date has passed.
func (d due) DueAccounts(ctx context.Context, now time.Time, limit int) ([]string, error) {
	return accountlist.DueAccounts(ctx, d.db, now, limit)
}

// Bootstrap fills an empty store with what the settings ask for. It answers a setup link
// if they ask for nobody.
func (v *App) Bootstrap(ctx context.Context) (setupLink string, err error) {
	token, err := v.Commands.Bootstrap(ctx, commands.Bootstrap{
		Username: v.serving.BootstrapUsername, Password: v.serving.BootstrapPassword, APIKey: v.serving.BootstrapAPIKey,
	})
	if err != nil || token == "" {
		return "", err
	}
	return v.PublicURL.JoinPath("setup", token).String(), nil
}
