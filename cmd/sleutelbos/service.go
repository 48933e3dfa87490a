package main

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

// service is everything that serve runs, wired together.
type service struct {
	*stores
	settings  Serving
	publicURL *url.URL

	commands *commands.Service
	runner   *machinery.Runner
	sealer   *audit.Sealer
	handler  http.Handler
	manage   http.Handler
	jobs     jobs
	door     *door.Server // nil without an embedded log, or with --node=off
	limit    int          // requests without credentials, each address, each minute; 0 is the server's default
}

// newService wires what the stores and settings say. web is where the web listener
// listens; links start with it unless a public URL is set.
func newService(ctx context.Context, s *stores, settings Serving, web net.Addr) (*service, error) {
	v := &service{stores: s, settings: settings, jobs: newJobs(ctx)}
	var err error
	if v.publicURL, err = settings.publicURL(web); err != nil {
		return nil, err
	}
	mailer, err := v.mailer()
	if err != nil {
		return nil, err
	}
	v.commands, err = commands.New(commands.Options{
		Journal: s.journal, Vault: s.vault, Sessions: s.vault.Sessions(), Mailer: mailer,
		PublicURL: v.publicURL.String(), Support: settings.Support, Language: settings.Language, Now: s.now, Log: s.log,
	})
	if err != nil {
		return nil, fmt.Errorf("wire the commands: %w", err)
	}
	s.closers = append(s.closers, v.commands.Close)
	if v.runner, err = s.runner(v.reactors()); err != nil {
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

func (v *service) mailer() (commands.Mailer, error) {
	if v.settings.SMTP == "" {
		return mail.Outbox{Dir: v.outbox(), From: v.settings.MailFrom, Now: v.now}, nil
	}
	return mail.NewSMTP(v.settings.SMTP, v.settings.MailFrom)
}

func (v *service) outbox() string { return filepath.Join(v.stores.settings.Data, "outbox") }

// reactors are the commands' own, run with a checkpoint each.
func (v *service) reactors() []machinery.Reactor {
	var all []machinery.Reactor
	for _, r := range v.commands.Reactors() {
		all = append(all, machinery.Reactor{Name: r.Name, Types: r.Types, Handle: r.Handle})
	}
	return all
}

func (v *service) newSealer() error {
	key, err := audit.LoadOrMakeKey(v.stores.settings.Data)
	if err != nil {
		return err
	}
	v.sealer = &audit.Sealer{Journal: v.journal, Dir: v.stores.settings.Data, Key: key, Now: v.now, Log: v.log}
	return nil
}

func (v *service) newDoor(ctx context.Context) error {
	if v.node == nil || v.settings.Node == "off" {
		return nil
	}
	listener, err := door.Listen(v.settings.Node)
	if err != nil {
		return fmt.Errorf("listen for clients of the event log: %w", err)
	}
	options, err := v.doorOptions(listener)
	if err == nil {
		v.door, err = door.New(ctx, v.node, options)
	}
	if err != nil {
		return errors.Join(exposed(err), listener.Close())
	}
	return nil
}

func (v *service) newHandlers() error {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	metrics, err := server.NewMetrics(registry)
	if err != nil {
		return fmt.Errorf("register the metrics: %w", err)
	}
	if err := server.Lag(registry, v.runner.Status); err != nil {
		return fmt.Errorf("register the metrics: %w", err)
	}
	config := server.Config{PublicURL: v.publicURL, Log: v.log, Metrics: metrics, OpenPerMinute: v.limit}
	for _, network := range v.settings.Proxies {
		prefix, err := netip.ParsePrefix(network)
		if err != nil {
			return fmt.Errorf("--proxies: %w", err)
		}
		config.Proxies = append(config.Proxies, prefix)
	}
	router := server.NewRouter(config)
	askers := &session.Askers{Service: v.commands, Sessions: session.New(v.vault.Sessions(), v.publicURL)}
	v.mountAPI(router, config, askers)
	v.handler = router
	v.manage = server.Management(server.Health{
		Stores: map[string]func(context.Context) error{
			"events": func(ctx context.Context) error { _, err := v.journal.Store.Head(ctx); return err },
			"vault":  v.vault.Ping,
		},
		Projections: v.runner.Status, Registry: registry, Log: v.log,
	})
	return nil
}

func (v *service) mountAPI(router chi.Router, config server.Config, askers *session.Askers) {
	offers := api.NewOffers(v.commands)
	limit := config.LimitOpen()
	rebuilds := api.Rebuilds{Runner: v.runner, Background: v.jobs.begin}
	var subscribers api.Subscribers
	if v.door != nil {
		subscribers = v.subscribers
	}
	api.New(api.Config{
		Service: v.commands, Offers: offers, Askers: askers, Journal: v.journal, DB: v.rows, Runner: v.runner,
		Letter: letterpdf.Render, CursorKey: v.vault.DerivedKey("cursors"), PublicURL: v.publicURL, Now: v.now,
		LimitOpen: limit, Bound: server.Bound, Rebuilds: rebuilds, Subscribers: subscribers, Version: version,
	}).Mount(router)
	u := ui.Config{
		Service: v.commands, Offers: offers, Askers: askers, DB: v.rows, Runner: v.runner,
		History: audithistory.Opener{Registry: v.journal.Registry, Keys: v.vault},
		Letter:  letterpdf.Render, PublicURL: v.publicURL, Now: v.now, LimitOpen: limit,
		CursorKey: v.vault.DerivedKey("cursors"), Journal: v.journal, Rebuilds: rebuilds, Subscribers: subscribers,
		Seals: seals{store: v.journal.Store, registry: v.journal.Registry, dir: v.stores.settings.Data, key: v.sealer.Key.Public},
	}
	if v.settings.SMTP == "" {
		u.Outbox = v.readOutbox
	}
	ui.New(u).Mount(router)
}

// run works until the context ends: read models, reactors, clock, seals and the door. What
// was accepted is finished before it returns. Errors: a part that could not go on.
func (v *service) run(ctx context.Context) error {
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
	part("read models", v.runner.Run)
	part("refusals", v.commands.Run)
	part("seals", func(ctx context.Context) error { v.sealer.Run(ctx, sealEvery); return nil })
	part("deadlines", v.every(deadlinesEvery, func(ctx context.Context) error {
		_, err := v.commands.Deadlines(ctx, due{v.rows}, v.now())
		return err
	}))
	part("repairs", v.every(sweepEvery, func(ctx context.Context) error {
		_, err := v.vault.Sweep(ctx)
		return errors.Join(err, v.commands.Sweep(ctx, v.now()))
	}))
	if v.door != nil {
		part("the door of the event log", v.door.Serve)
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
func (v *service) every(pause time.Duration, work func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		ticker := time.NewTicker(pause)
		defer ticker.Stop()
		for {
			err := work(ctx)
			if err != nil && ctx.Err() == nil && !errors.Is(err, machinery.ErrNotBuilt) {
				v.log.WarnContext(ctx, "the clock's work was not done; it is tried again", "error", err)
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

// bootstrap fills an empty store with what the settings ask for. It answers a setup link
// if they ask for nobody.
func (v *service) bootstrap(ctx context.Context) (setupLink string, err error) {
	token, err := v.commands.Bootstrap(ctx, commands.Bootstrap{
		Username: v.settings.BootstrapUsername, Password: v.settings.BootstrapPassword, APIKey: v.settings.BootstrapAPIKey,
	})
	if err != nil || token == "" {
		return "", err
	}
	return v.publicURL.JoinPath("setup", token).String(), nil
}
