package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/letterpdf"
	"sleutelbos/http/answers"
	"sleutelbos/http/api"
	"sleutelbos/http/server"
	"sleutelbos/http/session"
	"sleutelbos/http/ui"
	"sleutelbos/projections/models/audithistory"
)

// newHandlers makes what answers requests, at the web address and at that of management.
func (a *App) newHandlers(_ context.Context, adjust Adjust) error {
	config, err := a.serverConfig()
	if err != nil {
		return err
	}
	if adjust.Server != nil {
		adjust.Server(&config)
	}
	router := server.NewRouter(config)
	a.mount(router, config, adjust)
	a.Handler = router
	a.Management = server.Management(server.Health{
		Stores: map[string]func(context.Context) error{
			"events": a.reachLog, "vault": a.reachVault, "disk": func(context.Context) error { return writable(a.Places.Data) },
		},
		Projections: a.Runner.Status, Troubles: a.troubled, Jobs: a.jobsDone, Registry: a.Metrics, Log: a.Log,
	})
	return nil
}

func (a *App) serverConfig() (server.Config, error) {
	a.Metrics.MustRegister(processCollectors()...)
	metrics, err := server.NewMetrics(a.Metrics)
	if err == nil {
		err = errors.Join(server.Lag(a.Metrics, a.Runner.Status), server.Troubled(a.Metrics, a.troubled), server.Jobs(a.Metrics, a.jobsDone))
	}
	if err != nil {
		return server.Config{}, fmt.Errorf("register the metrics: %w", err)
	}
	return server.Config{PublicURL: a.PublicURL, Proxies: a.proxies, Log: a.Log, Metrics: metrics, Limits: a.Limits, Building: a.Runner.Building}, nil
}

// mount puts the API and the pages on the router.
func (a *App) mount(router chi.Router, config server.Config, adjust Adjust) {
	askers := &session.Askers{Who: a.Commands.Access, Commands: a.Commands.Commands, Engine: a.Commands.Engine, Sessions: session.New(a.Vault.Sessions(), a.PublicURL)}
	rebuilds := answers.Rebuilds{Runner: a.Runner, Background: a.tasks.begin}
	followers := &answers.Followers{}
	subscribers := answers.Subscribers(a.subscribers).And(followers.Subscribers(a.eventsInLog))
	forAPI := api.Config{
		Service: a.Commands, Askers: askers, Journal: a.Journal, DB: a.Rows, Runner: a.Runner,
		Letter: letterpdf.Render, CursorKey: a.Vault.DerivedKey("cursors"), PublicURL: a.PublicURL, Now: a.Now,
		Limits: a.Limits, Bound: server.Bound, Stop: a.stop, Rebuilds: rebuilds, Subscribers: subscribers, Followers: followers, SealNote: a.sealNote, Version: a.version, Away: a.Reach.Away,
	}
	forUI := ui.Config{
		Service: a.Commands, Askers: askers, DB: a.Rows, Runner: a.Runner,
		History: audithistory.Opener{Registry: a.Journal.Registry, Keys: a.Vault},
		Letter:  letterpdf.Render, PublicURL: a.PublicURL, Now: a.Now,
		Away: a.Reach.Away, CursorKey: a.Vault.DerivedKey("cursors"), FormKey: a.Vault.DerivedKey("forms"), Journal: a.Journal, Rebuilds: rebuilds, Subscribers: subscribers, Door: a.Door != nil,
		Seals: seals{store: a.Journal.Store, registry: a.Journal.Registry, dir: a.Places.Data, key: a.Sealer.Key.Public, now: a.Now},
	}
	if a.serving.SMTP == "" {
		forUI.Outbox = a.shownOutbox
	}
	if adjust.API != nil {
		adjust.API(&forAPI)
	}
	if adjust.UI != nil {
		adjust.UI(&forUI)
	}
	router.Method(http.MethodGet, server.SecurityTXTPath, server.SecurityTXT(a.serving.Support, a.PublicURL, a.Now))
	api.New(forAPI).Mount(router)
	ui.New(forUI).Mount(router)
}
