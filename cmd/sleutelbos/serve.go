package main

import (
	"errors"
	"fmt"
	"sleutelbos/internal/app"
	"time"
)

type serveCommand struct{ app.Serving }

// Run serves until a signal.
func (c *serveCommand) Run(p *program) error {
	return serve(p, c.Serving, func(v *app.App, setupLink string) error {
		fmt.Fprintf(p.out, "Sleutelbos listens on %s\n", v.PublicURL)
		if setupLink != "" {
			fmt.Fprintf(p.out, "The store is empty. Make the first administrator within 30 minutes:\n  %s\n", setupLink)
		}
		return nil
	})
}

// serve opens the stores and runs everything; started is called when requests are taken.
func serve(p *program, settings app.Serving, started func(*app.App, string) error) (err error) {
	ctx := p.ctx
	s, err := app.OpenStores(ctx, p.places, app.Writing, p.log, time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	web, err := app.Listen(ctx, settings.HTTP)
	if err != nil {
		return err
	}
	defer web.Close()
	management, err := app.Listen(ctx, settings.Management)
	if err != nil {
		return err
	}
	defer management.Close()
	v, err := app.NewApp(ctx, s, settings, web.Addr(), version)
	if err != nil {
		return err
	}
	if err := v.Runner.Prepare(ctx); err != nil { // what happens from here on, reactors act on
		return err
	}
	setupLink, err := v.Bootstrap(ctx)
	if err != nil {
		return err
	}
	return v.Listen(ctx, web, management, func() error { return started(v, setupLink) })
}
