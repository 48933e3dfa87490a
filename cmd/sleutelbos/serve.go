package main

import (
	"errors"
	"fmt"
	"time"

	"sleutelbos/internal/app"
)

type serveCommand struct{ app.Serving }

// Run serves until a signal.
func (c *serveCommand) Run(p *program) error {
	return p.serve(c.Serving, func(a *app.App) error {
		fmt.Fprintf(p.out, "Sleutelbos listens on %s\n", a.PublicURL)
		if a.SetupLink != "" {
			fmt.Fprintf(p.out, "The store is empty. Make the first administrator within 30 minutes:\n  %s\n", a.SetupLink)
		}
		return nil
	})
}

// serve runs everything until a signal; ready is called when requests are taken, and before
// the first is answered.
func (p *program) serve(settings app.Serving, ready func(*app.App) error) (err error) {
	a, err := app.Start(p.ctx, app.Options{Stores: p.storesAt(p.places), Serving: settings, Parts: app.Everything, Version: version, Adjust: p.adjust})
	if p.ctx.Err() != nil && errors.Is(err, p.ctx.Err()) {
		return nil // told to stop while it waited
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if err := ready(a); err != nil {
		return err
	}
	return a.Run(p.ctx)
}

// storesAt returns stores that nothing has opened yet.
func (p *program) storesAt(places app.Places) *app.Stores {
	return &app.Stores{Places: places, Log: p.log, Now: time.Now}
}
